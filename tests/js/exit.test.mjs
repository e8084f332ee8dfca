// Who is about to leave by the top, and who is not.
import assert from "node:assert/strict";
import { test } from "node:test";

import { carry, disturb, drag, enter, isLeaving, isThrown, move, rest, touch } from "../../static/js/core/exit-state.js";

const WIDTH = 1280;
const at = (y, more) => ({ x: 400, y, isDown: false, at: 60_000, ...more });
const rising = [400, 200, 60].reduce((mouse, y) => move(mouse, at(y)), rest);
const leaves = (mouse, place) => isLeaving(mouse, at(-1, place), WIDTH);

test("a mouse that rises through the top within the page's width leaves", () => {
  assert.equal(leaves(rising), true);
  assert.equal(leaves(rising, { y: 0 }), true);
});

for (const [name, place] of Object.entries({
  "below the top": { y: 1 },
  "at the left side": { x: -1 },
  "at the right side": { x: WIDTH },
  "over the scroll bar": { x: WIDTH + 8 },
  "with a button down": { isDown: true },
}))
  test(`a mouse that goes out ${name} does not leave`, () => assert.equal(leaves(rising, place), false));

test("a mouse that nobody saw move does not leave", () => assert.equal(leaves(rest), false));

test("a mouse that came in from the top and turns round at once does not leave", () => {
  const inside = [12, 30].reduce((mouse, y) => move(mouse, at(y)), enter(rising, at(0)));
  assert.equal(leaves(inside), false);
  assert.equal(leaves(move(inside, at(90))), true);
});

test("a drag of the scroll bar that ends above the page does not leave", () => {
  const dragging = disturb(rising, 0, true);
  assert.equal(leaves(dragging), false);
  assert.equal(leaves(move(dragging, at(300))), true);
});

test("after a click, or another size of the page, the mouse does not leave for a second", () => {
  assert.equal(leaves(disturb(rising, 59_100, false)), false);
  assert.equal(leaves(disturb(rising, 58_900, false)), true);
});

const screen = (more) => ({ top: 1000, at: 10_200, height: 800, ...more });
const pulled = drag(drag(touch(100), 300, 10_000), 600, 10_100);
const flight = { top: 1500, at: 10_000 };

test("a finger that throws the page up leaves", () => assert.equal(isThrown(pulled, flight, screen()), true));

for (const [name, finger, place] of [
  ["slowly", pulled, { top: 1300 }],
  ["long after the finger went", pulled, { at: 12_000 }],
  ["by a tap on a button, as back to the top", touch(100), {}],
  ["by a tap that trembles", drag(touch(100), 104, 10_100), {}],
  ["while the finger goes the other way", drag(touch(600), 100, 10_100), {}],
])
  test(`a page carried up ${name} is not left`, () => assert.equal(isThrown(finger, flight, screen(place)), false));

test("a flight begins anew when it turns, and when it lasts", () => {
  assert.deepEqual(carry(flight, 1400, 10_200), flight);
  assert.deepEqual(carry(flight, 1600, 10_200), { top: 1600, at: 10_200 });
  assert.deepEqual(carry(flight, 1400, 10_400), { top: 1400, at: 10_400 });
});
