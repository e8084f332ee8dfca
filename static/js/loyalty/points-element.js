// The points of a customer where <regulars-points> stands; with `preview`, one line of what a price
// earns, which product pages load alone.
//
// `page` is the loader's. What is asked waits for the session, so that the answer is the customer's.
import { ask } from "../core/ask.js";
import { openPreview } from "./points-preview.js";

export const connect = async (page, host) => {
  const askMine = async (path, body) => {
    if (page.customer) await page.meet();
    return ask(page, path + (body ? "" : `lang=${page.languages}`), body);
  };
  if (host.hasAttribute("preview")) return openPreview(host, askMine);
  const files = ["./points-card", "../core/widget", "../core/codes"].map((file) => import(`${file}.js`));
  const [first, card] = await Promise.all([askMine("/points/overview?"), ...files]);
  if (!host.shadowRoot && host.isConnected) card.open(page, host, askMine, first);
};
