import assert from "node:assert/strict";
import { test } from "node:test";

import * as survey from "../../static/js/surveys/survey-state.js";
import { csatContent, npsContent } from "./content.mjs";

const asking = (content = npsContent()) => survey.begin(content, "ask-1", 1000);
const pick = (state, score) => survey.put(state, "score", score);
const context = { now: 5200.4, fields: { order_id: "1001" }, url: "https://maple.example/order?token=1", trap: "" };
const answer = (state, more) => survey.answer(state, { ...context, answers: state.answers, ...more });

test("each score asks the follow-up of its bucket and thanks for it", () => {
  const asked = [0, 6, 7, 8, 9, 10].map((score) => survey.followUp(pick(asking(), score)));
  assert.deepEqual(asked, [
    "What went wrong?", "What went wrong?", "What is missing?", "What is missing?", "What did you like?", "What did you like?",
  ]);
  assert.equal(survey.thanks(pick(asking(), 9)), "Glad!");
  assert.equal(survey.thanks(pick(asking(), 0)), "Sorry.");
});

test("csat scores begin at one", () => {
  assert.equal(survey.thanks(pick(asking(csatContent()), 5)), "Glad!");
  assert.equal(survey.thanks(pick(asking(csatContent()), 1)), "Sorry.");
});

test("a bucket without a follow-up asks nothing more", () => {
  assert.equal(survey.followUp(pick(asking(csatContent()), 4)), "");
});

test("a survey without a score has one thank-you", () => {
  const form = { id: "s", kind: "form", thanks: { all: "Thanks!" } };
  assert.equal(survey.thanks(asking(form)), "Thanks!");
});

test("score zero is an answer", () => {
  assert.ok(survey.isUnsaved(pick(asking(), 0)));
  assert.ok(!survey.isUntouched(pick(asking(), 0)));
});

test("an answer is saved once and again only after a change", () => {
  let state = survey.save(pick(asking(), 6));
  assert.ok(!survey.isUnsaved(state));
  assert.ok(!survey.isUnsaved(pick(state, 6)));
  assert.ok(survey.isUnsaved(pick(state, 7)));
  assert.ok(survey.isUnsaved(survey.put(state, "comment", "late")));
  assert.ok(!survey.isUnsaved(survey.put(state, "comment", undefined)));
});

test("nothing is saved before an answer or after sending", () => {
  assert.ok(!survey.isUnsaved(asking()));
  assert.ok(survey.isUntouched(asking()));
  assert.ok(!survey.isUnsaved(survey.finish(pick(asking(), 6))));
});

test("an answer taken up again is not sent again as it was", () => {
  const state = survey.begin(npsContent(), "ask-1", 0, { score: 6 });
  assert.ok(!survey.isUnsaved(state));
  assert.equal(answer(survey.finish(state)).answers.score, 6);
});

test("the answer carries what the server asks for", () => {
  const state = survey.finish(survey.put(pick(asking(), 9), "comment", "lovely"));
  assert.deepEqual(answer(state), {
    id: "ask-1",
    version: 3,
    answers: { score: 9, comment: "lovely" },
    completed: true,
    hidden: { order_id: "1001" },
    language: "en",
    page_url: "https://maple.example/order",
    elapsed_ms: 4200,
    website: "",
  });
});

test("a partial answer has no comment when none was typed", () => {
  const body = answer(pick(asking(), 3));
  assert.deepEqual(body.answers, { score: 3 });
  assert.equal(body.completed, false);
});

test("a page that says too much about itself does not cost the answer", () => {
  const fields = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`${n}`.padEnd(80, "x"), "y".repeat(900)]));
  const { hidden, page_url: url } = answer(pick(asking(), 3), { fields, url: "app://shop" });
  assert.equal(Object.keys(hidden).length, 20);
  assert.ok(Object.entries(hidden).every(([name, value]) => name.length == 64 && value.length == 500));
  assert.equal(url, undefined);
});

test("the chosen label is shown unless it already stands under the scale", () => {
  const labels = [1, 2, 5].map((score) => survey.chosenLabel(pick(asking(csatContent()), score)));
  assert.deepEqual(labels, ["", "Bad", ""]);
  assert.equal(survey.chosenLabel(pick(asking(), 7)), "");
});
