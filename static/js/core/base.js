// What every element stands on, however small.
export { meet } from "./session.js";
import "./ask.js";
import "./dom.js";
