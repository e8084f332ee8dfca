// The form of a review, as elements. Every word comes from the content.
import { draw, make } from "../core/dom.js";
import { buildChoice, buildOptional, STAR } from "../core/form.js";
import { buildEnds } from "../core/parts.js";
import { fill } from "../core/words.js";

export const CAMERA = "M4 8h3l2-3h6l2 3h3v11H4zM12 10a3 3 0 1 0 0 6 3 3 0 0 0 0-6";

export const FILM = "M3 6h11v12H3zM14 10.500l7-3.500v10l-7-3.500";

// One thing that is asked: what is wrong with it, a note, and `first`, which takes the focus.
const buildPart = (name, title, control, hint = "", first) => {
  const wrong = make("p", { class: "wrong", id: `${name}-wrong` });
  const note = make("p", { class: "hint", id: `${name}-note` }, hint);
  const legend = first ? make("legend", {}, ...title) : make("label", { for: name }, ...title);
  const box = make(first ? "fieldset" : "div", { class: "part" }, legend, control, wrong, note);
  const part = { box, wrong, note, hint, first: first || control };
  part.first.setAttribute("aria-describedby", `${wrong.id} ${note.id}`);
  return part;
};

const buildChoices = (name, title, kind, choices) => {
  const build = ([value, label, shown = label]) =>
    buildChoice({ type: "radio", name, value, "aria-label": label }, shown);
  const row = make("div", { class: `row ${kind}` }, ...choices.map(build));
  return { ...buildPart(name, title, row, "", row.querySelector("input")), row };
};

const STEPS = [1, 2, 3, 4, 5];

const buildStars = ({ rating, stars, ratings }, language) => {
  const label = (n) => `${fill(stars, { n }, language)}: ${ratings[n]}`;
  const choices = STEPS.map((value) => [value, label(value), draw(STAR)]);
  const part = buildChoices("rating", [rating], "stars", choices);
  const chosen = make("span", { class: "chosen", "aria-hidden": "true" });
  part.row.append(chosen);
  part.look = (value) => (chosen.textContent = ratings[value] || "");
  return part;
};

const buildAttribute = (name, title, { low, high, choices }) => {
  if (choices) return buildChoices(name, title, "chips", choices.map(({ id, label }) => [id, label]));
  const ends = { 1: low, 5: high };
  const label = (value) => (ends[value] ? `${value}, ${ends[value]}` : value);
  const part = buildChoices(name, title, "steps", STEPS.map((value) => [value, label(value), value]));
  part.row.after(buildEnds(low, high));
  return part;
};

const ASKED = {
  __proto__: null,
  photos: ["image/jpeg,image/png,image/webp", CAMERA, { n: 5, size: 5 }],
  video: ["video/mp4,video/webm", FILM, { size: 50 }],
};

const buildPickers = (words, asks, language, optional) => {
  const names = Object.keys(ASKED).filter((name) => asks[name]);
  const build = (name) => {
    const [accept, drawing] = ASKED[name];
    const label = words[`add_${name}`];
    const picker = make("input", { type: "file", accept, "aria-label": label });
    picker.multiple = name == "photos";
    return make("label", { class: "add" }, picker, draw(drawing), make("span", { "aria-hidden": "true" }, label));
  };
  const hint = names.map((name) => fill(words[`${name}_hint`], ASKED[name][2], language)).join(". ");
  const tiles = make("div", { class: "tiles" }, ...names.map(build));
  const title = optional(names.map((name) => words[name]).join(" · "));
  return { ...buildPart("media", title, tiles, hint, tiles.querySelector("input")), tiles };
};

// Everything that is asked, by name, in the order it is asked.
export const buildParts = ({ ui: { form: words }, attributes, asks, language }, isStranger) => {
  const optional = (label) => [label, buildOptional(words.optional)];
  const parts = { __proto__: null, rating: buildStars(words, language) };
  const write = (name, title, hint, tag, given) =>
    (parts[name] = buildPart(name, title, make(tag, { id: name, name, ...given }), hint));
  for (const asked of attributes) {
    const name = `attribute.${asked.key}`;
    parts[name] = buildAttribute(name, optional(asked.label), asked);
  }
  write("title", optional(words.heading), words.heading_hint, "input", { autocomplete: "off" });
  write("body", optional(words.body), words.body_hint, "textarea");
  if (asks.photos || asks.video) parts.media = buildPickers(words, asks, language, optional);
  write("name", isStranger ? [words.name] : optional(words.name), "", "input", { autocomplete: "name" });
  if (isStranger) write("email", [words.email], words.email_hint, "input", { type: "email", autocomplete: "email" });
  return parts;
};
