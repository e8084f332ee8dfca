// Notices that a shopper is about to leave. Nothing is trapped: neither the back button nor the page.
import { isVisible, options } from "./dom.js";
import { carry, disturb, drag, enter, GRACE_MS, isLeaving, isThrown, move, rest, touch } from "./exit-state.js";

const ARMED_AFTER_MS = 2000;
const READ_PERCENT = 30;

const now = () => performance.now();

export const isTouch = () => !matchMedia("(hover: hover) and (pointer: fine)").matches;

// The mouse leaves through the upper edge, where tabs and the address are, and does not come back at once.
const watchMouse = (page, on, tell) => {
  let mouse = rest;
  let leaving;
  const watch = (name, action) =>
    on(name, ({ pointerType, relatedTarget, clientX: x, clientY: y, buttons }) => {
      if (pointerType != "mouse") return;
      clearTimeout(leaving);
      action({ x, y, isDown: buttons > 0, at: now() }, !relatedTarget);
    });
  watch("pointermove", (place) => (mouse = move(mouse, place)));
  watch("pointerover", (place, isOutside) => isOutside && (mouse = enter(mouse, place)));
  watch("pointerout", (place, isOutside) => {
    if (isOutside && isLeaving(mouse, place, page.look("documentElement").clientWidth))
      leaving = setTimeout(tell, GRACE_MS, "exit");
  });
  watch("pointerdown", ({ at }) => (mouse = disturb(mouse, at, true)));
  on("click", () => (mouse = disturb(mouse, now(), false)));
  // A page that gets another size may hear of it after the mouse has gone.
  on("resize", () => {
    clearTimeout(leaving);
    mouse = disturb(mouse, now());
  });
};

// A finger that throws the page back up is looking for the address.
const watchFinger = (on, tell) => {
  let finger = touch(0);
  let flight = { top: scrollY, at: 0 };
  on("touchstart", ({ touches }) => (finger = touch(touches[0].clientY)));
  on("touchmove", ({ touches }) => (finger = drag(finger, touches[0].clientY, now())));
  on("scroll", () => {
    const [top, at] = [scrollY, now()];
    flight = carry(flight, top, at);
    if (isThrown(finger, flight, { top, at, height: innerHeight })) tell("touch");
  });
};

// Who comes back to the tab had left it, for so many seconds.
const watchReturn = (on, tell) => {
  let hiddenAt;
  on("visibilitychange", () => {
    if (isVisible() && hiddenAt) tell("return", (Date.now() - hiddenAt) / 1000);
    hiddenAt = !isVisible() && Date.now();
  });
};

// Calls `tell` with "exit", "touch" or "return" each time; `signal` takes every listener away again.
export const watchLeaving = (page, tell, signal) => {
  const listening = options({ signal, passive: true, capture: true });
  const on = (name, action) => addEventListener(name, action, listening);
  watchMouse(page, on, tell);
  watchFinger(on, tell);
  if (isTouch()) watchReturn(on, tell);
};

// Calls `onLeave` once, on touch after a third was read; the function it returns takes every listener away again.
export const watchExit = (page, onLeave) => {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const leave = (name) => {
    if (name == "touch" && page.deepest < READ_PERCENT) return;
    stop();
    onLeave();
  };
  setTimeout(watchLeaving, ARMED_AFTER_MS, page, leave, controller.signal);
  return stop;
};
