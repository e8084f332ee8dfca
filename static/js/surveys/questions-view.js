// The rarer steps of a survey, as elements: one question each, and what a quiz ends with.
import { draw, make } from "../core/dom.js";
import { buildChoice, buildOptional, buildThanks, STAR } from "../core/form.js";
import { listChosen } from "./questions-state.js";
import { buildScale, buildStep, drawFace } from "./survey-view.js";

const OTHER_LIMIT = 500;
const TEXT_LIMIT = 1000;

// Puts numbers where the words have %d.
export const fillNumbers = (words = "", ...numbers) =>
  numbers.reduce((filled, number) => filled.replace("%d", number), words);

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, place) => from + place);

const rate = (drawMark, name) => ({ key, min = 1, max = 5, low_label: low = "", high_label: high = "" }, answers, { ui }) => {
  const choices = range(min, max).map((score) => ({ score, label: name ? name(ui, score) : `${score}` }));
  const { scale, ends, chosen } = buildScale(key, choices, low, high, drawMark);
  const look = () => {
    const radio = scale.querySelector(":checked");
    const { label } = choices[radio?.value - min] || {};
    chosen.textContent = name && label && ![low, high].includes(label) ? label : "";
  };
  for (const radio of scale.querySelectorAll("input")) radio.checked = radio.value == answers[key];
  scale.addEventListener("change", look);
  look();
  return [scale, ends];
};

const buildConsent = (key, words, answers) => {
  const box = make("input", { type: "checkbox", name: `${key}.consent` });
  box.checked = Boolean(answers[`${key}.consent`]);
  return make("label", { class: "consent" }, box, make("span", {}, words));
};

// With "other" comes a field for the shopper's own words, seen while it is chosen.
const choose = (type, kind) => ({ key, choices, other, consent }, answers, { ui: { other_text: words } }) => {
  const given = { maxlength: OTHER_LIMIT, "aria-label": words, placeholder: words, autocomplete: "off" };
  const own = make("input", { name: `${key}.other`, ...given });
  const list = make("div", { class: kind });
  for (const { id, label } of other ? [...choices, { id: "other", label: other }] : choices) {
    const choice = buildChoice({ type, name: key, value: id }, label);
    choice.firstChild.checked = listChosen(answers[key]).includes(id);
    list.append(choice);
  }
  if (consent) return [list, buildConsent(key, consent, answers)];
  const look = () => (own.hidden = !list.querySelector("[value=other]:checked"));
  own.value = answers[`${key}.other`] || "";
  list.addEventListener("change", look);
  look();
  return other ? [list, own] : [list];
};

const write = ({ key, long, max_length: limit = TEXT_LIMIT }, answers) => {
  const given = { name: key, maxlength: limit, "aria-labelledby": "legend", "aria-describedby": "hint note" };
  const field = long ? make("textarea", { rows: 4, ...given }) : make("input", { ...given, autocomplete: "off" });
  field.value = answers[key] || "";
  return [field];
};

// Day, month and year in the order of the language; the year may be left out.
const date = ({ key, consent }, answers, { ui, language }) => {
  const [, year, month, day] = (answers[key] || "").match(/^(.*)-(.*)-(.*)$/) || [];
  const calendar = `${language}-u-ca-gregory-nu-latn`;
  const name = new Intl.DateTimeFormat(calendar, { month: "long", timeZone: "UTC" });
  const pad = (number) => `${number}`.padStart(2, "0");
  const select = (part, known, values, label) => {
    const list = values.map((value) => make("option", { value: pad(value) }, label(value)));
    const field = make("select", { name: `${key}.${part}` }, make("option", { value: "" }), ...list);
    field.value = known || "";
    return make("label", {}, make("span", {}, ui[part]), field);
  };
  const field = make("input", { name: `${key}.year`, inputmode: "numeric", maxlength: 4, autocomplete: "off" });
  field.value = year > 0 ? year : "";
  const parts = {
    __proto__: null,
    day: select("day", day, range(1, 31), (value) => `${value}`),
    month: select("month", month, range(1, 12), (value) => name.format(Date.UTC(2000, value - 1))),
    year: make("label", {}, make("span", {}, `${ui.year} (${ui.optional})`), field),
  };
  const order = new Intl.DateTimeFormat(calendar, { dateStyle: "long" }).formatToParts();
  const shown = order.map(({ type }) => parts[type]).filter(Boolean);
  return [make("div", { class: "date" }, ...shown), buildConsent(key, consent, answers)];
};

const TYPES = {
  __proto__: null,
  scale: rate(),
  stars: rate(() => draw(STAR), (ui, score) => fillNumbers(ui.stars, score)),
  emoji: rate(drawFace, (ui, score) => ui[`mood_${score}`]),
  single: choose("radio", "options"),
  multiple: choose("checkbox", "options"),
  interests: choose("checkbox", "chips"),
  text: write,
  birthday: date,
};

const buildHint = ({ type, hint, max_choices: most }, { choose_at_most: limit, choose_several: several }, tell) => {
  const rule = most ? fillNumbers(limit, most) : ["multiple", "interests"].includes(type) && several;
  const words = [hint && tell(hint), rule].filter(Boolean).join(" ");
  return words ? [make("p", { class: "muted hint", id: "hint" }, words)] : [];
};

export const buildQuestion = (question, content, answers, tell, trap) => {
  const { ui } = content;
  const legend = make("legend", { id: "legend" }, tell(question.question));
  if (!question.required) legend.append(buildOptional(ui.optional));
  const parts = TYPES[question.type](question, answers, content);
  return buildStep(`is-${question.type}`, legend, trap, [...buildHint(question, ui, tell), ...parts]);
};

// What a step says now: the answer to its question, with the text of "other" and the consent.
export const readAnswer = ({ key, type }, form) => {
  const data = new FormData(form);
  const read = (part = "") => `${data.get(key + part) ?? ""}`.trim() || undefined;
  const [year = "-", month = "", day = ""] = [".year", ".month", ".day"].map(read);
  const chosen = data.getAll(key).map(String);
  let answer = read();
  if (["multiple", "interests"].includes(type)) answer = chosen[0] && chosen;
  else if (type == "birthday") answer = month || day || year != "-" ? `${year}-${month}-${day}` : undefined;
  else if (!["single", "text"].includes(type)) answer &&= Number(answer);
  return { [key]: answer, [`${key}.other`]: read(".other"), [`${key}.consent`]: data.has(`${key}.consent`) || undefined };
};

// The thank-you, or what a quiz found; a link opens where the shopper is, as links do.
export const buildEnd = ({ title, text, label, url }) => {
  const thanks = title ? make("div", { class: "outcome" }, make("h2", {}, title)) : buildThanks(text);
  if (title && text) thanks.append(make("p", {}, text));
  const end = make("div", { class: "end", tabindex: "-1" }, thanks);
  if (label && /^https?:\/\//i.test(url)) end.append(make("a", { class: "send", href: url, rel: "noopener" }, label));
  return end;
};
