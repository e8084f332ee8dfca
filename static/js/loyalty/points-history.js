// What changed a customer's points, each line with why it is what it is.
import { giveFocus, make, makeButton } from "../core/dom.js";

const buildLine = ({ title, day, text, delta, why, because }) =>
  make(
    "li",
    { tabindex: "-1" },
    make("p", {}, make("b", { dir: "auto" }, title), make("span", { class: "muted" }, day)),
    make("b", { class: delta > 0 ? "gain" : "", dir: "ltr" }, text),
    because[0] ? make("details", {}, make("summary", {}, why), ...because.map((reason) => make("p", {}, reason))) : "",
  );

export const toggleHistory = async ({ ui, ask, say }, button, place) => {
  const isOpen = button.getAttribute("aria-expanded") == "true";
  button.setAttribute("aria-expanded", !isOpen);
  place.replaceChildren();
  if (isOpen) return;
  const list = make("ol");
  const note = make("p", { class: "muted" });
  let cursor;
  const load = async () => {
    note.replaceChildren();
    try {
      const { items, next_cursor: next } = await ask(`/points/history?${cursor ? `cursor=${cursor}&` : ""}`);
      const lines = items.map(buildLine);
      list.append(...lines);
      if (cursor) giveFocus(lines[0]);
      cursor = next;
      more.hidden = !next;
      if (!list.firstChild) note.textContent = ui.none;
    } catch {
      note.replaceChildren(`${ui.failed} `, makeButton("quiet edge", load, ui.retry));
      say(ui.failed);
    }
  };
  const more = makeButton("quiet edge", load, ui.more);
  more.hidden = true;
  place.append(list, note, more);
  await load();
};
