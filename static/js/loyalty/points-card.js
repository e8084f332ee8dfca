// The card of a customer's points: shown, and shown anew after each step. Redeeming, codes and the
// history come when somebody wants them.
import { giveFocus, make } from "../core/dom.js";
import { openFrame } from "../core/frame.js";
import { pointsStyle } from "./points-style.js";
import { buildCard } from "./points-view.js";

export const open = async (page, host, ask, first) => {
  const { box, say } = openFrame(host, first.content);
  const { ui } = first.content;
  const { adoptedStyleSheets: sheets } = host.shadowRoot;
  host.shadowRoot.adoptedStyleSheets = [...sheets, pointsStyle];
  host.style.minHeight = host.getAttribute("reserve");
  const bring = (file) => import(`./${file}.js`);
  const context = { page, host, ask, say, ui };
  const show = async (overview) => {
    context.overview = overview;
    context.codes = overview.codes[0] && (await bring("points-codes"));
    box.lastChild.replaceWith(buildCard(context, overview));
  };
  // Shows what is true now; what could not be asked for is told by `fallback`.
  context.refresh = async (words, find, fallback) => {
    await show(await ask("/points/overview?").catch(() => fallback));
    const place = box.querySelector(find) || box.lastChild;
    giveFocus(place);
    place.scrollIntoView({ block: "nearest" });
    say(words);
  };
  context.use = (file, action, ...values) =>
    bring(file).then((part) => part[action](context, ...values)).catch(() => say(ui.not_sent));
  box.append(make("div"));
  await show(first);
};
