// What a page can tell of a shopper: conditions on what it says of itself, who is about to leave, and the visit.
import "./conditions.js";
import "./exit.js";
import "./visit.js";
