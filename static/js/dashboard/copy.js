// Buttons that copy a text: shown only where a script can do it.

const copyText = async (element) => {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(element.textContent);
    return;
  }
  // Plain http has no clipboard: the text is selected, and the browser's own command copies it.
  getSelection().selectAllChildren(element);
  document.execCommand("copy");
};

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.querySelector("[data-copy-label]");
  const text = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await copyText(document.getElementById(button.dataset.copy));
      label.textContent = label.dataset.done;
    } catch {
      label.textContent = label.dataset.failed;
    }
    setTimeout(() => { label.textContent = text; }, 2500);
  });
}
