// A small sheet in the corner, along the bottom edge on a phone. It is a landmark, not a
// dialog: it never takes the focus by itself.
import { findAll, getFocused, getRoot, giveFocus, hasFocus, isVisible, make, options } from "./dom.js";
import { CROSS, formStyle, makeIcon } from "./form.js";
import { openFrame } from "./frame.js";
import { sheetStyle } from "./sheet-style.js";

const NAME = "regulars-sheet";

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

export const openSheet = (page, content, onClose) => {
  const host = make(NAME);
  const { box, say } = openFrame(host, content, formStyle, sheetStyle);
  const section = make("section", { class: "sheet", "aria-label": content.title, tabindex: "-1" });
  const controller = new AbortController();
  const listening = options({ signal: controller.signal });
  let origin = null;

  const shut = () => {
    const isInside = hasFocus(section);
    controller.abort();
    onClose();
    host.remove();
    if (isInside && origin?.isConnected) giveFocus(origin);
  };
  const close = makeIcon("close", content.ui.close, CROSS, shut);
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
      giveFocus(section);
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

export const isBusy = () =>
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
