// Parts that several widgets are made of.
import { draw, make } from "./dom.js";

export const CHECK = "M5 12.5l4.5 4.5L19 7.5";
export const CROSS = "M6 6l12 12M18 6L6 18";
export const STAR = "M12 3.2l2.7 5.5 6.1.9-4.4 4.3 1 6.1-5.4-2.9-5.4 2.9 1-6.1-4.4-4.3 6.1-.9z";

// A native radio or box under its mark; the attributes are the input's.
export const buildChoice = (attributes, shown) =>
  make("label", { class: "choice" }, make("input", attributes), make("span", { class: "mark" }, shown));

// The words below the two ends of a scale, and what stands between them.
export const buildEnds = (low = "", high = "", ...between) =>
  make("div", { class: "ends", "aria-hidden": "true" }, make("span", {}, low), ...between, make("span", {}, high));

export const buildThanks = (words) =>
  make("p", { class: "thanks", tabindex: "-1" }, draw(CHECK), make("span", {}, words));

export const buildOptional = (words) => make("span", { class: "optional" }, ` (${words})`);
