// What readers do with reviews: filter them, see photos large, find a review helpful or report it.
export { toggleFilters } from "./filters-view.js";
export { openPhotos } from "./photo-view.js";
export { formStyle } from "../core/form.js";
export { readingStyle } from "./reading-style.js";
export { openReport, vote } from "./review-acts.js";
