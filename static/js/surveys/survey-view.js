// The survey's form and its thank-you, as elements. Every word comes from the content.
import { draw, make } from "../core/dom.js";
import { buildChoice, buildOptional } from "../core/form.js";
import { buildEnds } from "../core/parts.js";

const MOUTHS = ["M8 17q4-4.5 8 0", "M8.5 16.5q3.5-2.5 7 0", "M8.5 16h7", "M8.5 15.5q3.5 2.5 7 0", "M8 15q4 4.5 8 0"];
const FACE = "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19M9 9.5v.5M15 9.5v.5";
const COMMENT_LIMIT = 4000;

export const drawFace = (place) => draw(FACE, MOUTHS[place]);

// A row of native radios, each under its mark, and the words below its two ends.
export const buildScale = (name, choices, low, high, drawMark) => {
  const build = ({ score, label }, place) => {
    const end = place == 0 ? low : place == choices.length - 1 ? high : null;
    const words = end && end != label ? `${label}, ${end}` : label;
    return buildChoice({ type: "radio", name, value: score, "aria-label": words }, drawMark ? drawMark(place) : label);
  };
  const scale = make("div", { class: "scale" }, ...choices.map(build));
  scale.style.setProperty("--choices", choices.length);
  const chosen = make("span", { class: "chosen" });
  return { scale, chosen, ends: buildEnds(low, high, chosen) };
};

// One step: a question, what is wrong with its answer, and what comes below.
export const buildStep = (kind, legend, trap, parts, ...below) => {
  const note = make("p", { class: "note", id: "note", hidden: "" });
  const group = make("fieldset", { "aria-describedby": "hint note", tabindex: "-1" }, legend, ...parts);
  const trapped = make("div", { class: "unseen", "aria-hidden": "true" }, trap);
  const form = make("form", { class: kind, novalidate: "" }, group, note, trapped, ...below);
  return { form, group, note };
};

export const buildForm = ({ kind, ui, choices, low_label: low, high_label: high }, question, trap) => {
  const { scale, chosen, ends } = buildScale("score", choices, low, high, kind == "csat" && drawFace);
  const asking = make("span");
  const label = make("label", { for: "comment" }, asking, buildOptional(ui.optional));
  const comment = make("textarea", { id: "comment", name: "comment", rows: 3, maxlength: COMMENT_LIMIT });
  const followUp = make("div", {}, label, comment);
  const send = make("button", { class: "send", type: "submit" }, ui.send);
  const more = make("div", { class: "more", hidden: "" }, followUp, send);
  const step = buildStep(kind, make("legend", {}, question), trap, [scale, ends], more);
  return { ...step, scale, radios: scale.querySelectorAll("input"), chosen, asking, followUp, comment, more, send };
};
