// Which of a survey's questions are asked, what is sent of the answers, what a quiz ends with, and
// texts that repeat earlier answers. Pure; the server does the same, and both run the same cases.
import { bucketOf } from "./survey-state.js";

const BIRTHDAY = /^([12]\d{3}|-)-(\d\d)-(\d\d)$/;
const PROFILE = ["birthday", "interests"];

export const listChosen = (answer) => (answer == null ? [] : [answer].flat());

const isMet = (conditions = [], said) =>
  conditions.every(({ question, in: wanted }) =>
    listChosen(said[question]).some((value) => wanted.includes(value)),
  );

const sayScore = (content, answers) => ({ __proto__: null, score: bucketOf({ content, answers }) });

// An answer to a question that is not due, given before a change of mind, decides nothing.
export const listDue = (content, answers) => {
  const said = sayScore(content, answers);
  return (content.questions || []).filter(({ key, ask_if: conditions }) => {
    const isDue = isMet(conditions, said);
    if (isDue) said[key] = answers[key];
    return isDue;
  });
};

export const isCommentDue = (content, answers) =>
  Boolean(content.choices) && isMet(content.comment_if, sayScore(content, answers));

// How many questions it can still become: those that no answer given before this one rules out.
export const countSteps = (content, answers, step) => {
  const said = sayScore(content, answers);
  const open = new Set();
  let isLater = step == "score";
  if (isLater) open.add("score");
  const could = (conditions = []) =>
    conditions.every((one) => open.has(one.question) || isMet([one], said));
  const steps = (content.questions || []).filter(({ key, ask_if: conditions }) => {
    isLater ||= key == step;
    if (!could(conditions)) return false;
    said[key] = answers[key];
    if (isLater) open.add(key);
    return true;
  });
  return steps.length + (content.choices ? 1 : 0);
};

const isDay = (text) => {
  const [, year, month, day] = text.match(BIRTHDAY) || [];
  const date = new Date(Date.UTC(year > 0 ? year : 2000, month - 1, day));
  return date.getUTCMonth() == month - 1 && date.getUTCDate() == day;
};

// Why an answer cannot be sent as it is, as a key of the content's `ui`; null when it can.
export const findProblem = (question, answers) => {
  const { key, type, required } = question;
  const answer = answers[key];
  if (answer === undefined) return required ? "answer_first" : null;
  if (type == "birthday" && !isDay(answer)) return "bad_day";
  if (listChosen(answer).length > (question.max_choices ?? Infinity)) return "choose_at_most";
  return PROFILE.includes(type) && !answers[`${key}.consent`] ? "consent_first" : null;
};

const isAmong = ({ type, choices = [], other, min = 1, max = 5 }, value) => {
  if (["scale", "stars", "emoji"].includes(type)) return value >= min && value <= max;
  const ids = choices.map(({ id }) => id).concat(other ? "other" : []);
  return !choices.length || listChosen(value).every((id) => ids.includes(id));
};

// The answers to what is due; nothing the server would refuse, and nothing without its consent.
export const settle = ({ content, answers }) => {
  const { score, comment } = answers;
  const settled = {};
  if (content.choices && score != null) settled.score = score;
  if (comment && isCommentDue(content, answers)) settled.comment = comment;
  for (const question of listDue(content, answers)) {
    const { key } = question;
    const answer = answers[key];
    if (answer === undefined || !isAmong(question, answer) || findProblem(question, answers)) continue;
    settled[key] = answer;
    const other = answers[`${key}.other`];
    if (other && listChosen(answer).includes("other")) settled[`${key}.other`] = other;
    if (PROFILE.includes(question.type)) settled[`${key}.consent`] = true;
  }
  return settled;
};

// The outcome that most of the chosen choices name; of several the one listed first.
export const findOutcome = (content, answers) => {
  const votes = { __proto__: null };
  for (const { key, choices = [] } of listDue(content, answers))
    for (const { id, outcome } of choices)
      if (outcome && listChosen(answers[key]).includes(id)) votes[outcome] = (votes[outcome] || 0) + 1;
  const most = Math.max(0, ...Object.values(votes));
  return (content.outcomes || []).find(({ id }) => most && votes[id] == most) || null;
};

const labelAnswer = ({ key, choices = [], other }, answers) => {
  const labels = { __proto__: null, other: answers[`${key}.other`] || other };
  for (const { id, label } of choices) labels[id] = label;
  return listChosen(answers[key])
    .map((value) => (choices.length ? labels[value] : value))
    .join(", ");
};

// What texts may repeat by its name: the score, what was answered so far, the hidden fields.
export const nameValues = ({ content, answers }, fields) => {
  const values = { __proto__: null, score: answers.score?.toString() };
  for (const [name, value] of Object.entries(fields)) values[`hidden.${name}`] = value;
  for (const question of listDue(content, answers))
    if (question.type != "birthday") values[question.key] = labelAnswer(question, answers);
  return values;
};

export const pipe = (words, values) =>
  words.replace(/\{([^{}|]+)(?:\|([^{}]*))?\}/g, (_, name, otherwise) => values[name] || otherwise || "");
