// Codes and links: text that can be selected, and a button that copies it.
import { make, makeButton, makeStyle } from "./dom.js";

export const codeStyle = makeStyle(`
.code { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75em }
.slip { padding: 1em; border: 1px dashed var(--accent); border-radius: var(--round); background: var(--tint) }
code { font: 600 1.0625em/1.4 ui-monospace, monospace; user-select: all; overflow-wrap: anywhere }
`);

// Pages on plain http have no clipboard, and some forbid it: then the code is selected to be copied by hand.
const copy = async ({ ui, say }, code, button) => {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = ui.copied;
    say(ui.copied);
  } catch {
    getSelection().selectAllChildren(code);
    say(ui.copy_by_hand);
  }
};

export const buildCode = (context, words, onCopy) => {
  const code = make("code", { dir: "ltr" }, words);
  const press = (button) => {
    copy(context, code, button);
    onCopy?.();
  };
  return make("div", { class: "code" }, code, makeButton("quiet edge", press, context.ui.copy));
};

// The same with an edge of its own.
export const buildSlip = (context, words, onCopy) => {
  const slip = buildCode(context, words, onCopy);
  slip.classList.add("slip");
  return slip;
};
