// Five stars, lit up to an average.
import { svg } from "../core/dom.js";

const STAR = "l2.7 5.5 6.1.9-4.4 4.3 1 6.1-5.4-2.9-5.4 2.9 1-6.1-4.4-4.3 6.1-.9z";
const FIVE = [12, 36, 60, 84, 108].map((x) => `M${x} 3.2${STAR}`).join("");

// The drawing in front is a box of its own that cuts its stars off where it ends.
export const drawStars = (average) => {
  const box = { viewBox: "0 0 120 24", "aria-hidden": "true", class: "stars" };
  const lit = svg("svg", { width: average * 24, height: 24 }, svg("path", { d: FIVE, class: "lit" }));
  return svg("svg", box, svg("path", { d: FIVE }), lit);
};
