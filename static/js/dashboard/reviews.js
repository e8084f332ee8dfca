// The queue by keyboard: one review is current, and its buttons are pressed by letters. All of it works without, too.

const queue = document.querySelector("[data-queue]");
const bulk = document.querySelector("[data-bulk]");
const rows = [...(queue?.querySelectorAll("[data-review]") ?? [])];
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
let current = -1;

const go = (place) => {
  rows[current]?.classList.remove("is-current");
  current = Math.max(0, Math.min(rows.length - 1, place));
  const row = rows[current];
  if (!row) return;
  row.classList.add("is-current");
  row.querySelector("[data-open]").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
};

// A row that somebody reached otherwise, by Tab or by a click, is the current one from then on.
const currentRow = () => {
  const place = rows.findIndex((row) => row.contains(document.activeElement));
  if (place >= 0 && place !== current) {
    rows[current]?.classList.remove("is-current");
    rows[place].classList.add("is-current");
    current = place;
  }
  return rows[current];
};

const press = (key) => currentRow()?.querySelector(`[data-key="${key}"]`)?.click();

const hide = () => {
  const form = currentRow()?.querySelector("[data-key=h]")?.closest("details");
  if (!form) return;
  form.open = true;
  form.querySelector("select").focus();
};

const choose = () => currentRow()?.querySelector(".review-check")?.click();

const help = () => {
  const list = document.querySelector("[data-shortcuts]");
  list.open = !list.open;
  list.querySelector("summary").focus();
};

const ACTIONS = {
  j: () => { currentRow(); go(current + 1); },
  k: () => { currentRow(); go(current - 1); },
  p: () => press("p"),
  h: hide,
  r: () => press("r"),
  x: choose,
  o: () => currentRow()?.querySelector("[data-open]").click(),
  "?": help,
};

const act = (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && !event.defaultPrevented;
  if (!isPlain || event.target.closest?.(TYPING)) return;
  const action = Object.hasOwn(ACTIONS, event.key) && ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
};

// Leaving the form by Escape closes it and leads back to its review.
const close = (event) => {
  const form = event.key.toLowerCase() === "escape" && event.target.closest?.("[data-review] details[open]");
  if (!form) return;
  form.open = false;
  go(rows.findIndex((row) => row.contains(form)));
};

if (queue && bulk) {
  document.addEventListener("keydown", act);
  queue.addEventListener("keydown", close);
  const all = bulk.querySelector("[data-all]");
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const box of queue.querySelectorAll(".review-check")) box.checked = all.checked;
  });
  // After a decision the page comes back to the same place in the list, where the next review stands now.
  const [, place] = /^#row-(\d+)$/.exec(location.hash) ?? [];
  if (place) go(Number(place) - 1);
}
