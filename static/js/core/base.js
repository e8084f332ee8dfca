// What every element stands on, however small.
export { ask } from "./ask.js";
export { draw, findAll, getFocused, getRoot, giveFocus, hasFocus, isVisible, make, makeButton, makeId, makeStyle, options, svg } from "./dom.js";
