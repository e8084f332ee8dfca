// What every element stands on, however small.
import "./ask.js";
import "./dom.js";
