import assert from "node:assert/strict";
import { test } from "node:test";

import * as survey from "../../static/js/surveys/survey-state.js";
import { csatContent, npsContent } from "./content.mjs";

const asking = (content = npsContent()) => survey.begin(content, "ask-1", 1000);
const context = { now: 5200.4, fields: { order_id: "1001" }, url: "https://maple.example/order?token=1", trap: "" };

test("each score asks the follow-up of its bucket and thanks for it", () => {
  const asked = [0, 6, 7, 8, 9, 10].map((score) => survey.followUp(survey.pick(asking(), score)));
  assert.deepEqual(asked, [
    "What went wrong?", "What went wrong?", "What is missing?", "What is missing?", "What did you like?", "What did you like?",
  ]);
  assert.equal(survey.thanks(survey.pick(asking(), 9)), "Glad!");
  assert.equal(survey.thanks(survey.pick(asking(), 0)), "Sorry.");
});

test("csat scores begin at one", () => {
  assert.equal(survey.thanks(survey.pick(asking(csatContent()), 5)), "Glad!");
  assert.equal(survey.thanks(survey.pick(asking(csatContent()), 1)), "Sorry.");
});

test("a bucket without a follow-up asks nothing more", () => {
  assert.equal(survey.followUp(survey.pick(asking(csatContent()), 4)), null);
});

test("sending without a score explains and stays", () => {
  const state = survey.submit(asking());
  assert.equal(state.problem, "choose_first");
  assert.equal(state.step, "asking");
  assert.equal(survey.submit(survey.pick(state, 0)).step, "thanked");
});

test("score zero is a score", () => {
  assert.equal(survey.submit(survey.pick(asking(), 0)).problem, null);
  assert.ok(survey.isUnsaved(survey.pick(asking(), 0)));
  assert.ok(!survey.isUntouched(survey.pick(asking(), 0)));
});

test("a picked score is saved once and again only after a change", () => {
  let state = survey.pick(asking(), 6);
  state = survey.save(state);
  assert.ok(!survey.isUnsaved(state));
  assert.ok(survey.isUnsaved(survey.pick(state, 7)));
  assert.ok(survey.isUnsaved(survey.comment(state, "late")));
  assert.ok(!survey.isUnsaved(survey.comment(state, "  ")));
});

test("nothing is saved before a score or after sending", () => {
  assert.ok(!survey.isUnsaved(asking()));
  assert.ok(!survey.isUnsaved(survey.submit(survey.pick(asking(), 6))));
});

test("an answer taken up again is not sent again as it was", () => {
  const state = survey.begin(npsContent(), "ask-1", 0, 6);
  assert.ok(!survey.isUnsaved(state));
  assert.equal(survey.answer(survey.submit(state), context).answers.score, 6);
});

test("the answer carries what the server asks for", () => {
  const state = survey.submit(survey.comment(survey.pick(asking(), 9), " lovely \n"));
  assert.deepEqual(survey.answer(state, context), {
    id: "ask-1",
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
  const body = survey.answer(survey.pick(asking(), 3), context);
  assert.deepEqual(body.answers, { score: 3 });
  assert.equal(body.completed, false);
});

test("a page that says too much about itself does not cost the answer", () => {
  const fields = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`${n}`.padEnd(80, "x"), "y".repeat(900)]));
  const { hidden, page_url: url } = survey.answer(survey.pick(asking(), 3), { ...context, fields, url: "app://shop" });
  assert.equal(Object.keys(hidden).length, 20);
  assert.ok(Object.entries(hidden).every(([name, value]) => name.length == 64 && value.length == 500));
  assert.equal(url, undefined);
});

test("the chosen label is shown unless it already stands under the scale", () => {
  const labels = [1, 2, 5].map((score) => survey.chosenLabel(survey.pick(asking(csatContent()), score)));
  assert.deepEqual(labels, ["", "Bad", ""]);
  assert.equal(survey.chosenLabel(survey.pick(asking(), 7)), "");
});
