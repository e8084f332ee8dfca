import assert from "node:assert/strict";
import { test } from "node:test";

import { meanOf } from "../../static/js/reviews/attributes-state.js";
import * as reviews from "../../static/js/reviews/reviews-state.js";

const UI = {
  reviews: { one: "{n} review", other: "{n} reviews" },
  average: "{average} out of 5",
  reply: "Reply from {author}",
};
const ARABIC = { ...UI, reviews: { one: "تقييم واحد", two: "تقييمان", few: "{n} تقييمات", other: "{n} تقييم" } };

test("the address names what is chosen and nothing else", () => {
  let state = reviews.begin("TEA & CO", "newest");
  assert.equal(reviews.address(state), "/reviews?product=TEA%20%26%20CO&sort=newest");
  state = reviews.toggle(reviews.toggle(state, "stars", "5"), "attribute.fit", "3");
  assert.equal(reviews.address(state, "c1"), "/reviews?product=TEA%20%26%20CO&sort=newest&stars=5&attribute.fit=3&cursor=c1");
  assert.equal(reviews.address(reviews.begin()), "/reviews?");
});

test("what is chosen again is taken off, and clearing keeps product and order", () => {
  const state = reviews.toggle(reviews.begin("POT-03", "helpful"), "photos", "1");
  assert.ok(reviews.isFiltered(state));
  assert.ok(!reviews.isFiltered(reviews.toggle(state, "photos", "1")));
  assert.deepEqual(reviews.clear(state), reviews.begin("POT-03", "helpful"));
});

for (const [average, shown] of [[5, 5], [4.99, 4.9], [4.95, 4.9], [4.25, 4.3], [4.24, 4.2], [1, 1]])
  test(`an average of ${average} is shown as ${shown}`, () => assert.equal(reviews.roundAverage(average), shown));

test("an attribute's mean is of those who said something", () => {
  assert.equal(meanOf({ 1: 0, 2: 1, 4: 3 }), 3.5);
  assert.equal(meanOf({ 1: 0 }), null);
  assert.equal(meanOf(undefined), null);
});

test("texts take the form their number has in the language", () => {
  const english = reviews.makeWords(UI, "en");
  assert.deepEqual([1, 2, 1234].map((n) => english.count("reviews", n)), ["1 review", "2 reviews", "1,234 reviews"]);
  const arabic = reviews.makeWords(ARABIC, "ar");
  assert.deepEqual([1, 2, 3, 100].map((n) => arabic.count("reviews", n)), ["تقييم واحد", "تقييمان", "3 تقييمات", "100 تقييم"]);
  assert.equal(reviews.makeWords(UI, "it").average(4.3), "4,3 out of 5");
});

test("what is filled in is put in as it is", () => {
  assert.equal(reviews.makeWords(UI, "en").say("reply", { author: "$& {n} <b>" }), "Reply from $& {n} <b>");
});

test("a text is long by its letters or its lines", () => {
  assert.ok(!reviews.isLong("No drips."));
  assert.ok(reviews.isLong("x".repeat(601)));
  assert.ok(reviews.isLong("x\n".repeat(9)));
});
