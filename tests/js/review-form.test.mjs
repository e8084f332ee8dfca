import assert from "node:assert/strict";
import { test } from "node:test";

import { fill } from "../../static/js/core/words.js";
import * as form from "../../static/js/reviews/form-state.js";

const NOON = 1_750_000_000_000;
const DAY = 864e5;
const filled = { rating: "4", title: " Pours well ", body: "", name: "Carol Winter", email: "carol@shop.example", website: "" };
const definitions = [{ key: "fit", type: "scale" }, { key: "use", type: "choice" }];

test("a text takes its values as they are, also when they look like places for others", () => {
  assert.equal(fill("Remove {name}", { name: "$&{n}.jpg" }), "Remove $&{n}.jpg");
  assert.equal(fill({ one: "{n} star", other: "{n} stars" }, { n: 1 }, "en"), "1 star");
  assert.equal(fill({ two: "two", other: "{n}" }, { n: 2 }, "ar"), "two");
  assert.equal(fill({ other: "{n} bintang" }, { n: 1 }, "id"), "1 bintang");
});

test("what is left is said only near the limit, and counts what people see as characters", () => {
  assert.equal(form.countLeft("title"), null);
  assert.equal(form.countLeft("title", "x".repeat(134)), null);
  assert.equal(form.countLeft("title", "x".repeat(135)), 15);
  assert.equal(form.countLeft("title", "😀".repeat(151)), -1);
});

test("names are shown as the server shows them", () => {
  const shown = ["full", "initial", "initials"].map((way) => form.nameShown(" Carol  Ann Winter ", way));
  assert.deepEqual(shown, ["Carol Ann Winter", "Carol W.", "C. W."]);
  assert.equal(form.nameShown("Carol", "initials"), "C.");
  assert.equal(form.nameShown("  ", "initial"), "");
  assert.equal(form.nameShown(undefined, "full"), "");
});

test("stars are all a customer must give, and a stranger a name and an address", () => {
  assert.deepEqual({ ...form.findErrors({}, true) }, { rating: "rating", name: "name", email: "email" });
  assert.deepEqual({ ...form.findErrors({ rating: "1" }, false) }, {});
  assert.deepEqual({ ...form.findErrors(filled, true) }, {});
  assert.equal(form.findErrors({ ...filled, email: "carol@shop" }, true).email, "email");
  const long = { ...filled, body: "x".repeat(5001), name: "x".repeat(101) };
  assert.deepEqual({ ...form.findErrors(long, true) }, { body: "body", name: "name_long" });
});

test("what the server refuses is said at its field, and what has none at the end", () => {
  const pointers = ["#/email", "#/attributes/fit", "#/media/1", "#/elapsed_ms"];
  const errors = form.readErrors({ errors: pointers.map((pointer) => ({ pointer, detail: "No." })) });
  assert.deepEqual({ ...errors }, {
    email: "email", "attribute.fit": "attribute", media: "fields", elapsed_ms: "fields",
  });
  assert.deepEqual({ ...form.readErrors({}) }, {});
});

test("a review is sent without its empty fields", () => {
  const fields = { ...filled, "attribute.fit": "3", "attribute.use": "gift", "attribute.gone": "x" };
  const media = [{ id: "m1", secret: "s1", kind: "photo", thumb: "/t" }, { id: "m2", kind: "video" }];
  const body = form.bodyOf({ id: "r1", fields, media, context: { language: "en" } }, definitions);
  assert.deepEqual(body, {
    id: "r1", language: "en", rating: 4, title: "Pours well", name: "Carol Winter", email: "carol@shop.example",
    attributes: { fit: 3, use: "gift" }, media: [{ id: "m1", secret: "s1" }, { id: "m2", secret: "" }],
  });
});

test("a review that is changed and not changed is sent as it was", () => {
  const mine = { rating: 2, title: "Hm", body: "Drips.", name: "Carol W.", attributes: { fit: 5, use: "gift" } };
  const { id, media, ...body } = form.bodyOf({ id: "e1", fields: form.fieldsOf(mine), media: [] }, definitions);
  assert.deepEqual(body, mine);
});

test("a draft lasts a day, and belongs to one product and to one review", () => {
  const drafts = form.keepDraft(undefined, "POT-03", { id: "a" }, NOON);
  assert.equal(form.findDraft(drafts, "POT-03", undefined, NOON + DAY - 1).id, "a");
  assert.equal(form.findDraft(drafts, "POT-03", undefined, NOON + DAY), undefined);
  assert.equal(form.findDraft(drafts, "POT-03", "r1", NOON), undefined);
  assert.equal(form.findDraft(drafts, "constructor", undefined, NOON), undefined);
  const both = form.keepDraft(drafts, "MUG-02", { id: "b", of: "r1" }, NOON + 1);
  assert.equal(form.findDraft(both, "MUG-02", "r1", NOON + 2).id, "b");
  assert.deepEqual(Object.keys(form.keepDraft(both, "MUG-02", undefined, NOON + 2)), ["POT-03"]);
  assert.deepEqual(form.keepDraft(both, "MUG-02", undefined, NOON + DAY), {});
});
