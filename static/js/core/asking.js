// What asks a shopper by itself stands on: the sheet, what this browser remembers, and the way to the server.
export { flush, send } from "./send.js";
export { hasSheet, isBusy, openSheet, whenQuiet } from "./sheet.js";
export { findAnswered, markAnswered, markAsked } from "./storage.js";
