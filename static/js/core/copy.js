// Pages on plain http have no clipboard, and some forbid it: then the code is selected to be copied by hand.
export const copy = async ({ ui, say }, code, button) => {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = ui.copied;
    say(ui.copied);
  } catch {
    getSelection().selectAllChildren(code);
    say(ui.copy_by_hand);
  }
};
