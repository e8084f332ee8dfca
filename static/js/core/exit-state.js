// When somebody is about to leave. Pure: exit.js tells what happens.

export const GRACE_MS = 300;
const CALM_MS = 1000;
const DEPTH_PX = 40;
const THROWN_PX = 30;
const THROWN_SCREENS = 0.4;
const THROWN_WITHIN_MS = 300;
const MOMENTUM_MS = 1000;

// The mouse: how high it is, how low it was since it came in, whether a button is down, and when the
// page was last clicked or got another size.
export const rest = { y: NaN, low: NaN, isDown: false, disturbedAt: -Infinity };
export const enter = (mouse, { y }) => ({ ...mouse, y, low: y });
export const move = (mouse, { y, isDown }) => ({ ...mouse, y, isDown, low: Math.max(y, mouse.low || y) });
export const disturb = (mouse, at, isDown = mouse.isDown) => ({ ...mouse, isDown, disturbedAt: at });

// It leaves through the top, within the page's width: rising, from some way down, with no button held.
// A drag of a scroll bar is told by its beginning alone, so the button counts as down until the mouse moves.
export const isLeaving = (mouse, { x, y, isDown, at }, width) =>
  y <= 0 && x >= 0 && x < width && y < mouse.y && mouse.low >= DEPTH_PX &&
  !isDown && !mouse.isDown && at - mouse.disturbedAt >= CALM_MS;

// The finger: where it came down, how far it has pulled the page up again, and when it was last there.
export const touch = (y) => ({ from: y, pulled: 0, at: -Infinity });
export const drag = (finger, y, at) => ({ ...finger, at, pulled: Math.max(finger.pulled, y - finger.from) });

// How the page is carried upwards: where it was when it began to be.
export const carry = (flight, top, at) =>
  top > flight.top || at - flight.at > THROWN_WITHIN_MS ? { top, at } : flight;

// Only a finger throws: what a button scrolls, as one back to the top does, is pulled by none.
export const isThrown = (finger, flight, { top, at, height }) =>
  flight.top - top > height * THROWN_SCREENS && finger.pulled >= THROWN_PX && at - finger.at < MOMENTUM_MS;
