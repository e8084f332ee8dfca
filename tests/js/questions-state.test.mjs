import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as questions from "../../static/js/surveys/questions-state.js";

const FILE = new URL("../surveys/files/question_cases.json", import.meta.url);

for (const { name, content, answers, hidden, due, comment, outcome, piped } of JSON.parse(readFileSync(FILE, "utf8")))
  test(`as on the server: ${name}`, () => {
    assert.deepEqual(questions.listDue(content, answers).map(({ key }) => key), due);
    assert.equal(questions.isCommentDue(content, answers), comment);
    assert.equal(questions.findOutcome(content, answers)?.id ?? null, outcome);
    const values = questions.nameValues({ content, answers }, hidden);
    assert.deepEqual(piped.map(([words]) => questions.pipe(words, values)), piped.map(([, words]) => words));
  });

const SCORES = { choices: [{ score: 1 }, { score: 2 }], buckets: ["bad", "good"] };
const WHY = {
  key: "why", type: "single", required: true, other: "Else", choices: [{ id: "price" }, { id: "late" }],
  ask_if: [{ question: "score", in: ["bad"] }],
};
const DAYS = { key: "days", type: "scale", min: 0, max: 5, ask_if: [{ question: "why", in: ["late"] }] };
const LIKES = { key: "likes", type: "interests", max_choices: 2, choices: [{ id: "a" }, { id: "b" }, { id: "c" }] };
const BORN = { key: "born", type: "birthday" };

const settle = (list, answers) => questions.settle({ content: { ...SCORES, questions: list }, answers });

test("what is not due is not sent and comes back with a change of mind", () => {
  const answers = { score: 1, why: "late", days: 3 };
  assert.deepEqual(settle([WHY, DAYS], answers), answers);
  assert.deepEqual(settle([WHY, DAYS], { ...answers, score: 2 }), { score: 2 });
  assert.deepEqual(settle([WHY, DAYS], { ...answers, why: "price" }), { score: 1, why: "price" });
});

test("the text of other is sent with the choice other alone", () => {
  const text = { "why.other": "The smell" };
  assert.deepEqual(settle([WHY], { score: 1, why: "other", ...text }), { score: 1, why: "other", ...text });
  assert.deepEqual(settle([WHY], { score: 1, why: "price", ...text }), { score: 1, why: "price" });
});

test("profile answers are sent with consent alone", () => {
  assert.deepEqual(settle([LIKES], { likes: ["a"] }), {});
  assert.equal(questions.findProblem(LIKES, { likes: ["a"] }), "consent_first");
  assert.deepEqual(settle([LIKES], { likes: ["a"], "likes.consent": true }), { likes: ["a"], "likes.consent": true });
  assert.deepEqual(settle([LIKES], { "likes.consent": true }), {});
});

test("what an older version of the survey asked is not sent to this one", () => {
  assert.deepEqual(settle([WHY], { score: 1, why: "gone", before: "x" }), { score: 1 });
  assert.deepEqual(settle([DAYS, { ...DAYS, key: "nine", ask_if: [] }], { nine: 9 }), {});
  assert.deepEqual(settle([{ ...LIKES, type: "multiple" }], { likes: ["a", "gone"] }), {});
});

test("too many choices are explained and not sent", () => {
  const answers = { likes: ["a", "b", "c"], "likes.consent": true };
  assert.equal(questions.findProblem(LIKES, answers), "choose_at_most");
  assert.deepEqual(settle([LIKES], answers), {});
});

for (const [text, problem] of [
  ["1990-05-31", null], ["--02-29", null], ["1900-02-29", "bad_day"], ["--02-30", "bad_day"],
  ["1990-13-01", "bad_day"], ["--00-10", "bad_day"], ["90-05-31", "bad_day"], ["1990-05-", "bad_day"],
])
  test(`the birthday ${text} is ${problem ? "explained" : "taken"}`, () => {
    assert.equal(questions.findProblem(BORN, { born: text, "born.consent": true }), problem);
  });

test("a required question that was not answered is explained, another is not", () => {
  assert.equal(questions.findProblem(WHY, {}), "answer_first");
  assert.equal(questions.findProblem(BORN, {}), null);
});

test("zero is an answer", () => {
  const from0 = { key: "days", type: "scale", min: 0, max: 10, required: true };
  assert.equal(questions.findProblem(from0, { days: 0 }), null);
  assert.deepEqual(settle([from0], { days: 0 }), { days: 0 });
});

test("the number of questions it can still become falls as answers rule some out", () => {
  const content = { ...SCORES, questions: [WHY, DAYS, BORN] };
  const count = (answers, step) => questions.countSteps(content, answers, step);
  assert.equal(count({}, "score"), 4);
  assert.equal(count({ score: 1 }, "why"), 4);
  assert.equal(count({ score: 1, why: "price" }, "born"), 3);
  assert.equal(count({ score: 2 }, "born"), 2);
});
