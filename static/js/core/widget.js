// What every widget stands on: its frame and its style sheet, and the parts and words that are put into it.
import "./frame.js";
import "./parts.js";
import "./words.js";
