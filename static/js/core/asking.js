// What asks a shopper by itself stands on: the sheet, what this browser remembers, and the way to the server.
export { flush } from "./send.js";
import "./sheet.js";
import "./storage.js";
