// Notices that a shopper is about to leave. Nothing is trapped: neither the back button nor the page.
import { isVisible, options } from "./dom.js";

const ARMED_AFTER_MS = 2000;
const TOUCH_DEPTH = 30;
const TOUCH_SCREENS = 0.4;
const TOUCH_WITHIN_MS = 300;
const MOMENTUM_MS = 1000;

export const isTouch = () => !matchMedia("(hover: hover) and (pointer: fine)").matches;

// The mouse leaves through the upper edge, where tabs and the address are.
const watchMouse = (on, leave) =>
  on("mouseout", ({ relatedTarget, clientY }) => relatedTarget || clientY > 0 || leave());

// A finger that throws the page back up, after it was read some way down, is looking for the address.
const watchFinger = (page, on, leave) => {
  let touchedAt = -Infinity;
  let start = { y: scrollY, at: 0 };
  for (const name of ["touchstart", "touchmove", "touchend"])
    on(name, () => (touchedAt = performance.now()));
  on("scroll", () => {
    const at = performance.now();
    if (scrollY > start.y || at - start.at > TOUCH_WITHIN_MS) start = { y: scrollY, at };
    const isThrown = start.y - scrollY > innerHeight * TOUCH_SCREENS;
    if (isThrown && at - touchedAt < MOMENTUM_MS && page.deepest >= TOUCH_DEPTH) leave();
  });
};

// Who comes back to the tab had left it.
const watchReturn = (on, leave) => {
  let wasAway = false;
  on("visibilitychange", () => {
    if (isVisible() && wasAway) leave();
    wasAway = !isVisible();
  });
};

// Calls `onLeave` once; the function it returns takes every listener away again.
export const watchExit = (page, onLeave) => {
  const controller = new AbortController();
  const listening = options({ signal: controller.signal, passive: true });
  const on = (name, action) => addEventListener(name, action, listening);
  const stop = () => controller.abort();
  const leave = () => {
    stop();
    onLeave();
  };
  setTimeout(() => {
    watchMouse(on, leave);
    watchFinger(page, on, leave);
    if (isTouch()) watchReturn(on, leave);
  }, ARMED_AFTER_MS);
  return stop;
};
