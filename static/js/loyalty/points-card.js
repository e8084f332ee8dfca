// The card of a customer's points: shown, and shown anew after each step. Redeeming and the history
// come when somebody wants them.
import { codeStyle } from "../core/codes.js";
import { giveFocus, make } from "../core/dom.js";
import { openFrame } from "../core/frame.js";
import { pointsStyle } from "./points-style.js";
import { buildCard } from "./points-view.js";

export const open = (page, host, ask, first) => {
  const { box, say } = openFrame(host, first.content, codeStyle, pointsStyle);
  const { ui } = first.content;
  host.style.minHeight = host.getAttribute("reserve");
  const context = { page, host, ask, say, ui };
  const show = (overview) => {
    context.overview = overview;
    box.lastChild.replaceWith(buildCard(context, overview));
  };
  // Shows what is true now; what could not be asked for is told by `fallback`.
  context.refresh = async (words, find, fallback) => {
    show(await ask("/points/overview?").catch(() => fallback));
    const place = box.querySelector(find) || box.lastChild;
    giveFocus(place);
    place.scrollIntoView({ block: "nearest" });
    say(words);
  };
  context.use = (action, ...values) =>
    import("./points-use.js").then((part) => part[action](context, ...values)).catch(() => say(ui.not_sent));
  box.append(make("div"));
  show(first);
};
