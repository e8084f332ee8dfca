// The survey's form and its thank-you, as elements. Every word comes from the content.
import { draw, make } from "../core/dom.js";

const MOUTHS = ["M8 17q4-4.5 8 0", "M8.5 16.5q3.5-2.5 7 0", "M8.5 16h7", "M8.5 15.5q3.5 2.5 7 0", "M8 15q4 4.5 8 0"];
const FACE = "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19M9 9.5v.5M15 9.5v.5";
const COMMENT_LIMIT = 4000;

const buildChoice = (content, { score, label }, place) => {
  const last = content.choices.length - 1;
  const end = place == 0 ? content.low_label : place == last ? content.high_label : null;
  const isFace = content.kind == "csat";
  const words = end && end != label ? `${label}, ${end}` : label;
  return make(
    "label",
    { class: "choice" },
    make("input", { type: "radio", name: "score", value: score, "aria-label": words }),
    make("span", { class: "mark" }, isFace ? draw(FACE, MOUTHS[place]) : label),
  );
};

export const buildForm = (content) => {
  const { ui, choices } = content;
  const scale = make("div", { class: "scale" }, ...choices.map((c, i) => buildChoice(content, c, i)));
  scale.style.setProperty("--choices", choices.length);
  const low = make("span", {}, content.low_label);
  const high = make("span", {}, content.high_label);
  const chosen = make("span", { class: "chosen" });
  const ends = make("div", { class: "ends", "aria-hidden": "true" }, low, chosen, high);
  const note = make("p", { class: "note", id: "note", hidden: "" });
  const legend = make("legend", {}, content.question);
  const group = make("fieldset", { "aria-describedby": "note" }, legend, scale, ends);
  const question = make("span");
  const optional = make("span", { class: "optional" }, ` (${ui.optional})`);
  const label = make("label", { for: "comment" }, question, optional);
  const comment = make("textarea", { id: "comment", name: "comment", rows: 3, maxlength: COMMENT_LIMIT });
  const followUp = make("div", {}, label, comment);
  const send = make("button", { class: "send", type: "submit" }, ui.send);
  const more = make("div", { class: "more", hidden: "" }, followUp, send);
  const trap = make("input", { name: "website", tabindex: "-1", autocomplete: "off" });
  const trapped = make("div", { class: "unseen", "aria-hidden": "true" }, trap);
  const form = make("form", { class: content.kind, novalidate: "" }, group, note, trapped, more);
  return { form, scale, radios: scale.querySelectorAll("input"), chosen, note, question, followUp, comment, more, trap };
};

export const buildThanks = (words) =>
  make("p", { class: "thanks", tabindex: "-1" }, draw("M5 12.5l4.5 4.5L19 7.5"), make("span", {}, words));

export const buildCard = ({ title }) => make("section", { class: "card", "aria-label": title });

export const buildNote = (words) => make("p", { class: "note" }, words);
