// The points of a customer where <regulars-points> stands; with `preview`, one line of what a price
// earns, which product pages load alone.
//
// `page` is the loader's. What is asked waits for the session, so that the answer is the customer's.
import { options } from "../core/dom.js";

const CARD = ["points-card", "points-view", "points-style", "../core/frame", "../core/style"];
const languages = encodeURIComponent(navigator.languages.slice(0, 9));

const makeAsk = (page) => async (path, body) => {
  if (page.customer) await page.meet();
  const headers = options(body && { "Content-Type": "application/json" });
  if (page.session) headers.Authorization = `Bearer ${page.session}`;
  const post = body && { method: "POST", body: page.text(body) };
  return page.ask(path + (body ? "" : `lang=${languages}`), options({ headers, ...post }));
};

export const connect = async (page, host) => {
  const ask = makeAsk(page);
  const load = (file) => import(`./${file}.js`);
  if (host.hasAttribute("preview")) return (await load("points-preview")).open(host, ask);
  const [first, card] = await Promise.all([ask("/points/overview?"), ...CARD.map(load)]);
  if (!host.shadowRoot && host.isConnected) await card.open(page, host, ask, first);
};
