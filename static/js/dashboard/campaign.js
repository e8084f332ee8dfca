// The form of a campaign: its preview while one types.
import { startPreview } from "./preview.js";

const WAIT_MS = 350;
const form = document.querySelector("[data-campaign]");
const variant = document.querySelector("[data-preview-variant]");
const preview = startPreview(document.querySelector("[data-preview]"), () => look());
let waiting;
let turn = 0;

const collect = () => {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
  fields.set("preview_language", preview.language);
  fields.set("preview_variant", variant?.value ?? "");
  return fields;
};

const look = async () => {
  const mine = ++turn;
  const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: collect() }).catch(() => null);
  if (mine !== turn || !answer?.ok) return;
  const found = await answer.json();
  preview.offer(found.languages);
  preview.say(found.note || "");
  if (found.content) preview.show({ content: found.content, display: found.display });
};

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, WAIT_MS);
});
variant?.addEventListener("change", look);
look();
