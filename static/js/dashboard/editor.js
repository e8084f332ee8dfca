// The survey editor: its buttons without reloads, the preview and what is missing while one types.
import { startPreview } from "./preview.js";

const WAIT_MS = 350;
const form = document.querySelector("[data-editor]");
const cost = document.querySelector("[data-cost]");
const preview = startPreview(document.querySelector("[data-preview]"), () => look());
let waiting;
let turn = 0;
let isChanged = false;

const collect = (more = {}) => {
  const fields = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(more)) fields.set(name, value);
  return fields;
};

const say = (words) => {
  form.querySelector("[data-save-note]").textContent = words;
};

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

const showMissing = (missing) => {
  for (const [language, words] of Object.entries(missing)) {
    const chip = form.querySelector(`[data-missing="${CSS.escape(language)}"]`);
    if (!chip) continue;
    chip.classList.toggle("chip-missing", Boolean(words));
    chip.classList.toggle("chip-good", !words);
    chip.textContent = words || chip.dataset.complete;
  }
};

const look = async () => {
  const mine = ++turn;
  const body = collect({ preview_language: preview.language });
  const answer = await fetch(form.dataset.previewUrl, { method: "POST", body }).catch(() => null);
  if (mine !== turn || !answer?.ok) return;
  const found = await answer.json();
  showMissing(found.missing);
  preview.offer(found.languages);
  preview.say(found.note || "");
  if (!found.content) return;
  preview.show({ content: found.content, display: found.display });
  cost.replaceChildren(...parse(found.cost).body.childNodes);
};

const lookSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, WAIT_MS);
};

// What stands in for a missing translation is what the default language says.
const mirror = ({ dataset, value, placeholder }) => {
  if (!dataset.row || "beside" in dataset) return;
  const other = form.querySelector(`[data-beside][data-row="${CSS.escape(dataset.row)}"]`);
  if (!other) return;
  other.dataset.ours ??= other.placeholder;
  other.placeholder = value.trim() || (placeholder === "" ? "" : other.dataset.ours);
};

const rememberOpen = () =>
  new Map([...form.querySelectorAll("details[data-keep]")].map((box) => [box.dataset.keep, box.open]));

// The server renders the form anew; here it takes the place of the old one, and work goes on where it was.
const takeOver = (html, focusedId) => {
  const fresh = parse(html).querySelector("[data-editor]");
  if (!fresh) return false;
  const open = rememberOpen();
  form.replaceChildren(...fresh.childNodes);
  const target = form.querySelector("[autofocus]") || (focusedId && document.getElementById(focusedId));
  for (const box of form.querySelectorAll("details[data-keep]"))
    if (open.has(box.dataset.keep)) box.open = open.get(box.dataset.keep) || box.contains(target);
  hideWithoutScript();
  target?.focus();
  return true;
};

const act = async (action, focusedId) => {
  isChanged = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: collect({ do: action }) });
    if (!takeOver(await answer.text(), focusedId)) throw new Error(`answered ${answer.status}`);
  } catch {
    // What is typed stays: the session may have ended, or the network be away for a moment.
    say(form.dataset.failed);
    return;
  }
  say(form.dataset.unsaved);
  look();
};

const hideWithoutScript = () => {
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
  for (const link of form.querySelectorAll("[data-to-preview]")) link.hidden = false;
};

form.addEventListener("submit", (event) => {
  const action = event.submitter?.value || "show";
  if (["save", "publish", "overwrite"].includes(action)) {
    isChanged = false;
    return;
  }
  event.preventDefault();
  // Enter in a field presses the first button: nothing to do.
  if (action !== "show" || "withoutScript" in (event.submitter?.dataset ?? {})) act(action);
});
form.addEventListener("input", ({ target }) => {
  isChanged = true;
  say(form.dataset.unsaved);
  mirror(target);
  lookSoon();
});
form.addEventListener("change", ({ target }) => {
  if ("show" in target.dataset) act("show", target.id);
});
addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault();
});

hideWithoutScript();
document.getElementById("summary")?.focus();
look();
