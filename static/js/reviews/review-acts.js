// What readers do with a review: find it helpful, or report it.
import { ask } from "../core/ask.js";
import { giveFocus, make, makeButton } from "../core/dom.js";
import { buildOptional } from "../core/form.js";

const NOTE_LIMIT = 500;
const REMEMBERED = 200;

const post = async (page, path, body) => {
  await page.meet();
  return ask(page, path, body);
};

const remember = (page, id, isVoted) => {
  const { [id]: _, ...others } = page.read().voted || {};
  const kept = Object.entries(others).slice(-REMEMBERED);
  page.write({ voted: Object.fromEntries(isVoted ? [...kept, [id, 1]] : kept) });
};

// A click says it is helpful, another takes it back; `show` is told what the server counts.
export const vote = async ({ page, words: { ui, count }, say }, { id }, show) => {
  const helpful = !page.read().voted?.[id];
  try {
    const answer = await post(page, `/reviews/${id}/votes`, { helpful });
    remember(page, id, answer.voted);
    show(answer.helpful, answer.voted);
    say(count("found_helpful", answer.helpful));
  } catch {
    say(ui.not_sent);
  }
};

const buildReasons = ({ reasons, report_title: title }) => {
  const choices = Object.entries(reasons).map(([value, text]) =>
    make("label", { class: "reason" }, make("input", { type: "radio", name: "reason", value }), text),
  );
  return make("fieldset", { "aria-describedby": "wrong" }, make("legend", {}, title), ...choices);
};

export const openReport = ({ page, words: { ui }, say }, { id }, button, place) => {
  const close = () => {
    place.replaceChildren();
    giveFocus(button);
  };
  if (place.firstChild) return close();
  const reasons = buildReasons(ui);
  const wrong = make("p", { class: "note", id: "wrong", hidden: "" });
  const note = make("textarea", { id: "report-note", rows: 2, maxlength: NOTE_LIMIT });
  const label = make("label", { for: "report-note" }, ui.report_note, buildOptional(ui.optional));
  const send = make("button", { class: "send", type: "submit" }, ui.report_send);
  const row = make("div", { class: "acts" }, send, makeButton("quiet", close, ui.cancel));
  const form = make("form", { class: "report", novalidate: "" }, reasons, wrong, label, note, row);
  const explain = (text) => {
    wrong.textContent = text;
    wrong.hidden = false;
    say(text);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = form.querySelector(":checked");
    if (!chosen) {
      explain(ui.choose_reason);
      return giveFocus(reasons.querySelector("input"));
    }
    const text = note.value.trim();
    try {
      await post(page, `/reviews/${id}/reports`, { reason: chosen.value, ...(text && { note: text }) });
      const thanks = make("p", { class: "note", tabindex: "-1" }, ui.report_thanks);
      form.replaceWith(thanks);
      giveFocus(thanks);
      say(ui.report_thanks);
      button.hidden = true;
    } catch {
      explain(ui.not_sent);
    }
  });
  place.append(form);
  giveFocus(reasons.querySelector("input"));
};
