import assert from "node:assert/strict";
import { test } from "node:test";

import { findAnswered, markAnswered, markAsked } from "../../static/js/core/storage.js";
import { fakePage } from "./fake-page.mjs";

const DAY = 864e5;

test("asking is remembered for the survey and for the cap over all", () => {
  const page = fakePage({ asked: { other: 1 } });
  markAsked(page, "s", 1000);
  assert.deepEqual(page.read(), { asked: { other: 1, s: 1000 }, asked_at: 1000 });
});

test("an answer stands for ever when the survey does not repeat", () => {
  const page = fakePage();
  markAnswered(page, "s", { ask: "a", score: 9, completed: true, at: 1000 });
  assert.equal(findAnswered(page, "s", null, 5000 * DAY).score, 9);
});

test("an answer is over after the survey's days", () => {
  const page = fakePage({ answered: { s: { ask: "a", score: 9, completed: true, at: 0 } } });
  assert.ok(findAnswered(page, "s", 30, 29 * DAY));
  assert.equal(findAnswered(page, "s", 30, 30 * DAY), null);
});

for (const answered of [undefined, null, 3, "x", { s: 5 }, { s: null }])
  test(`${JSON.stringify(answered)} in storage is no answer`, () => {
    assert.equal(findAnswered(fakePage({ answered }), "s", null), null);
  });
