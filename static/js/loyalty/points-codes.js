// The codes a customer can use: text that can be selected, and a button that copies it.
import { copy } from "../core/copy.js";
import { make, makeButton } from "../core/dom.js";

const buildCode = (context, { name, code, text }) => {
  const shown = make("code", { dir: "ltr" }, code);
  const button = makeButton("quiet", (button) => copy(context, shown, button), context.ui.copy);
  button.setAttribute("aria-label", `${context.ui.copy}: ${name}`);
  return make(
    "li",
    { tabindex: "-1" },
    make("div", {}, make("b", { dir: "auto" }, name), make("p", { class: "muted" }, text)),
    make("div", { class: "code" }, shown, button),
  );
};

export const buildCodes = (context, codes) =>
  make("ul", { class: "codes" }, ...codes.map((code) => buildCode(context, code)));
