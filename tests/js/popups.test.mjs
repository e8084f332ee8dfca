// When a campaign opens, for whom, and in which arm.
import assert from "node:assert/strict";
import { test } from "node:test";

import { assign, readVisitor } from "../../static/js/popups/assignment-state.js";
import { sayLeft } from "../../static/js/popups/countdown-state.js";
import { countShown, findMoment, findReached, isFor, isSearch } from "../../static/js/popups/triggers-state.js";

const CAMPAIGN = "01890000-0000-7000-8000-000000000001";
const ARMS = {
  4: ["a", "holdout", "holdout"],
  5: ["a", "holdout", "a"],
  8: ["b", "b", "c"],
  a: ["a", "holdout", "a"],
  b: ["a", "a", "a"],
  f: ["b", "b", "a"],
};
const SPLITS = [
  { weights: { a: 1, b: 1 } },
  { weights: { a: 1, b: 1 }, holdout: 5000 },
  { weights: { c: 1, a: 2, b: 1 }, holdout: 1000 },
];

for (const [last, arms] of Object.entries(ARMS))
  test(`visitor ${last} is in the arm the server finds`, () => {
    const visitor = `01890000-0000-7000-8000-00000000000${last}`;
    assert.deepEqual(SPLITS.map((split) => assign({ id: CAMPAIGN, ...split }, visitor)), arms);
  });

test("a campaign with one variant and no hold-out shows it to everybody", () => {
  for (let n = 10; n < 99; n++) assert.equal(assign({ id: CAMPAIGN }, `01890000-0000-7000-8000-0000000000${n}`), "a");
});

test("a visitor's id is read from their token", () => {
  const hex = (digit) => digit.repeat(32);
  assert.equal(readVisitor(`${hex("a")}-${hex("b")}.aB3x.s1g`), "bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb");
  for (const token of [undefined, "", "x", `${hex("a")}.t.s`]) assert.equal(readVisitor(token), undefined);
});

const moment = (triggers, name, spans) => Boolean(findMoment(triggers, name, { here: 60, idle: 0, deepest: 60, ...spans }));

test("leaving counts once the campaign has waited", () => {
  const triggers = { exit: { after_seconds: 8 }, touch: {} };
  assert.equal(moment(triggers, "exit", { here: 7 }), false);
  assert.equal(moment(triggers, "exit", { here: 8 }), true);
  assert.equal(moment(triggers, "touch", { here: 4 }), false);
  assert.equal(moment(triggers, "touch", { here: 5 }), true);
  assert.equal(moment(triggers, "touch", { deepest: 29 }), false);
  assert.equal(moment({ touch: { depth_percent: 20 } }, "touch", { deepest: 29 }), true);
  assert.equal(moment(triggers, "exit", { here: 8, deepest: 0 }), true);
  assert.equal(moment({ touch: {} }, "exit"), false);
});

test("a return counts after so long away, stillness after so long", () => {
  assert.equal(moment({ return_seconds: 5 }, "return", { away: 4.9 }), false);
  assert.equal(moment({ return_seconds: 5 }, "return", { away: 5 }), true);
  assert.equal(moment({ idle_seconds: 30 }, "idle", { idle: 29 }), false);
  assert.equal(moment({ idle_seconds: 30 }, "idle", { idle: 30 }), true);
  assert.equal(moment({ exit: {} }, "return", { away: 60 }), false);
  assert.equal(moment({ exit: {} }, "idle", { idle: 60 }), false);
});

const reached = (triggers, facts) =>
  findReached(triggers, { here: 0, deepest: 0, worth: NaN, names: [undefined], ...facts }) || null;

test("time, depth, the cart's worth and an event open when they are reached", () => {
  assert.equal(reached({ after_seconds: 20 }, { here: 19 }), null);
  assert.equal(reached({ after_seconds: 20 }, { here: 20 }), "after");
  assert.equal(reached({ scroll_percent: 50 }, { deepest: 51 }), "scroll");
  assert.equal(reached({ cart: 50 }), null);
  assert.equal(reached({ cart: 50 }, { worth: 49.9 }), null);
  assert.equal(reached({ cart: 50 }, { worth: 50 }), "cart");
  assert.equal(reached({ event: "added" }, { names: ["seen", "added"] }), "event");
  assert.equal(reached({ exit: {} }), null);
});

const memory = { visit: { count: 3 } };

test("who has converted is left alone", () => {
  assert.equal(isFor({ id: "x" }, memory), true);
  assert.equal(isFor({ id: "x" }, { ...memory, answered: { x: { at: 1 } } }), false);
  assert.equal(isFor({ id: "x" }, { ...memory, answered: { y: { at: 1 } } }), true);
});

test("who has subscribed is left alone by campaigns for others", () => {
  assert.equal(isFor({ id: "x", strangers: true }, memory), true);
  assert.equal(isFor({ id: "x", strangers: true }, { ...memory, subscribed: 1 }), false);
  assert.equal(isFor({ id: "x" }, { ...memory, subscribed: 1 }), true);
});

test("a visit has its cap", () => {
  const shown = (count, visit = 3) => ({ ...memory, popped: [visit, count] });
  assert.equal(isFor({ id: "x" }, shown(1)), false);
  assert.equal(isFor({ id: "x" }, shown(1, 2)), true);
  assert.equal(isFor({ id: "x", per_session: 2 }, shown(1)), true);
  assert.equal(isFor({ id: "x", per_session: 2 }, shown(2)), false);
  assert.deepEqual([countShown({}), countShown(shown(2)), countShown(shown(2, 1))], [0, 2, 0]);
});

test("nothing opens on a phone's first page from a search, unless the owner wants it so", () => {
  assert.equal(isFor({ id: "x" }, memory, true), false);
  assert.equal(isFor({ id: "x", unsafe: true }, memory, true), true);
});

test("search engines are known by where their links come from", () => {
  for (const referrer of ["https://www.google.com/", "https://www.google.co.id/", "https://duckduckgo.com/", "https://search.brave.com/", "https://yandex.ru/clck", "android-app://com.google.android.googlequicksearchbox/"])
    assert.equal(isSearch(referrer), true, referrer);
  for (const referrer of ["", "https://maple.example/google.com", "https://notgoogle.com/", "https://instagram.com/"])
    assert.equal(isSearch(referrer), false, referrer);
});

test("what is left of a code is its real end, by the second on its last day", () => {
  const content = { language: "en", ui: { until: "Valid until {day}", left: "{time} left", gone: "Over" } };
  const end = Date.parse("2026-12-31T12:00:00Z");
  const left = (seconds) => sayLeft(end, end - seconds * 1000, content);
  assert.equal(left(3 * 86400), "Valid until December 31, 2026");
  assert.equal(left(86399), "23:59:59 left");
  assert.equal(left(61), "00:01:01 left");
  assert.equal(left(0), "Over");
});
