// A small sheet in the corner, along the bottom edge on a phone. It is a landmark, not a
// dialog: it never takes the focus by itself.
import {
  draw, findAll, getFocused, getRoot, isVisible, make, makeStyle, options,
} from "./dom.js";
import { openFrame } from "./frame.js";

const NAME = "regulars-sheet";

const sheetStyle = makeStyle(`
:host { all: initial !important; display: contents !important }
.sheet {
  position: fixed; z-index: var(--z); inset-block-end: calc(1em + var(--lift)); inset-inline-end: 1em;
  width: 26em; max-height: calc(100dvh - 2em - var(--lift)); overflow: auto; overscroll-behavior: contain;
  padding: min(1.25em, 5vw); background: var(--background);
  border: 1px solid color-mix(in srgb, var(--border) 40%, transparent);
  border-radius: calc(var(--radius) * 1px);
  box-shadow: 0 1px 2px rgb(0 0 0 / .06), 0 .75em 2.5em rgb(0 0 0 / .16);
  animation: rise .28s cubic-bezier(.2, .8, .2, 1);
}
.close {
  position: absolute; inset-block-start: .625em; inset-inline-end: .625em; width: 2.25em; height: 2.25em;
  display: grid; place-items: center; padding: 0; border: 0; border-radius: 50%; background: none;
  color: var(--muted); cursor: pointer; transition: background .15s;
}
.close svg { width: 1.25em; height: 1.25em }
.close:hover { background: color-mix(in srgb, var(--text) 8%, transparent); color: var(--text) }
@media print { .sheet { display: none } }
@media (max-width: 30em) {
  .sheet {
    inset-inline: 0; inset-block-end: var(--lift); width: auto;
    padding-block-end: calc(1.25em + env(safe-area-inset-bottom));
    border-width: 1px 0 0; border-end-start-radius: 0; border-end-end-radius: 0;
  }
}
`);

// Less than this is a scroll bar or a toolbar, more is the phone's keyboard.
const KEYBOARD_PX = 60;

// Lifts the sheet above the keyboard, unless the shopper zoomed in by hand.
const fit = (section) => {
  const { height, offsetTop, scale } = window.visualViewport || { height: innerHeight, scale: 2 };
  const covered = innerHeight - height - offsetTop;
  const isCovered = scale < 1.01 && covered > KEYBOARD_PX;
  section.style.setProperty("--lift", `${isCovered ? covered : 0}px`);
  const { activeElement } = section.getRootNode();
  if (isCovered && activeElement) activeElement.scrollIntoView(options({ block: "nearest" }));
};

export const openSheet = (page, content, style, onClose) => {
  const host = make(NAME);
  const { box, say } = openFrame(host, content, sheetStyle, style);
  const close = make("button", { class: "close", type: "button", "aria-label": content.ui.close });
  const section = make("section", { class: "sheet", "aria-label": content.title, tabindex: "-1" });
  const controller = new AbortController();
  const listening = options({ signal: controller.signal });
  let origin = null;

  const shut = () => {
    const isInside = section.contains(section.getRootNode().activeElement);
    controller.abort();
    onClose();
    host.remove();
    if (isInside && origin?.isConnected) origin.focus(options({ preventScroll: true }));
  };
  close.append(draw("M6 6l12 12M18 6L6 18"));
  close.addEventListener("click", shut);
  section.addEventListener("focusin", ({ relatedTarget }) => {
    if (!section.contains(relatedTarget)) origin = relatedTarget || origin;
  });
  section.addEventListener("keydown", (event) => {
    if (event.key != "Escape" || event.isComposing) return;
    event.preventDefault();
    shut();
  });
  for (const name of ["resize", "scroll"])
    window.visualViewport?.addEventListener(name, () => fit(section), listening);

  box.style.setProperty("--z", page.boot.z);
  section.append(close);
  box.append(section);
  getRoot().append(host);
  fit(section);

  return {
    host,
    section,
    say,
    takeFocus() {
      origin = getFocused();
      section.focus(options({ preventScroll: true }));
    },
    // Once there is nothing left to answer, a tap anywhere else puts the sheet away.
    release() {
      const tapped = (event) => event.composedPath().includes(host) || shut();
      addEventListener("pointerdown", tapped, options({ capture: true, signal: controller.signal }));
    },
  };
};

const SIGNS = ["focusout", "click", "keyup", "close", "visibilitychange", "transitionend"];
const seen = options({ visibilityProperty: true, opacityProperty: true });

export const hasSheet = () => findAll(NAME).length > 0;

const isBusy = () =>
  !isVisible() ||
  hasSheet() ||
  getFocused()?.matches(":read-write,select,iframe") ||
  findAll(":modal,[aria-modal=true]").some((box) =>
    box.checkVisibility ? box.checkVisibility(seen) : box.getClientRects().length,
  );

// Pages close their modals a moment after the click, often with an animation.
const SETTLE_MS = 400;

// Resolves at a moment at which a sheet is not in the way.
export const whenQuiet = () =>
  new Promise((resolve) => {
    const look = () => {
      if (isBusy()) return;
      for (const name of SIGNS) removeEventListener(name, settle, true);
      resolve();
    };
    const settle = () => setTimeout(look, SETTLE_MS);
    for (const name of SIGNS) addEventListener(name, settle, true);
    look();
  });
