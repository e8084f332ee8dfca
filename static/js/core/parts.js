// Parts that several widgets are made of.
import { make } from "./dom.js";

export const CHECK = "M5 12.5l4.5 4.5L19 7.5";

// The words below the two ends of a scale, and what stands between them.
export const buildEnds = (low = "", high = "", ...between) =>
  make("div", { class: "ends", "aria-hidden": "true" }, make("span", {}, low), ...between, make("span", {}, high));
