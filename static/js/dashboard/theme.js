// The page "Look": a colour to pick beside each to type, and everything measured and shown while it changes.
import { startPreview } from "./preview.js";

const WAIT_MS = 250;
const form = document.querySelector("[data-look]");
const measures = document.querySelector("[data-measures]");
const preview = startPreview(document.querySelector("[data-preview]"));
const sample = fetch(form.dataset.sample).then((answer) => (answer.ok ? answer.json() : null));
let waiting;
let turn = 0;

const tie = (picker) => {
  const typed = document.getElementById(picker.dataset.colourFor);
  picker.hidden = false;
  picker.addEventListener("input", () => {
    typed.value = picker.value;
    typed.dispatchEvent(new Event("input", { bubbles: true }));
  });
  typed.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(typed.value)) picker.value = typed.value.toLowerCase();
  });
};

const measure = async () => {
  const mine = ++turn;
  const answer = await fetch(form.dataset.measure, { method: "POST", body: new URLSearchParams(new FormData(form)) })
    .catch(() => null);
  if (mine !== turn || !answer?.ok) return;
  const { theme, measures: html } = await answer.json();
  measures.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  const shown = await sample;
  if (shown) preview.show({ ...shown, content: { ...shown.content, theme } });
};

for (const picker of form.querySelectorAll("[data-colour-for]")) tie(picker);
for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(measure, WAIT_MS);
});
measure();
