// Stars and number of reviews on a product's card. All badges of a page ask in one request, and
// one whose product has no reviews stays empty.
import { make, makeStyle, openShadow, options } from "../core/dom.js";
import { drawStars } from "./stars-view.js";

const AT_ONCE = 50;

const style = makeStyle(`
:host { display: inline-block; vertical-align: middle }
span { display: flex; align-items: center; gap: .4em; height: 1.25em; line-height: 1 }
svg { height: 1em; fill: currentColor; color: var(--regulars-stars, currentColor) }
svg > path { opacity: .22 }
.lit { opacity: 1 }
:dir(rtl) svg { transform: scaleX(-1) }
`);

const asked = options();
const waiting = [];

const askAll = async (page) => {
  const batch = waiting.splice(0, AT_ONCE);
  if (waiting.length) askAll(page);
  const products = batch.map(([product]) => encodeURIComponent(product));
  const found = await page.ask(`/reviews/summaries?products=${products}&lang=${page.languages}`).catch(options);
  for (const [product, resolve] of batch) resolve(found[product] || {});
};

// All that ask in one turn of the page share the request.
const find = (page, product) =>
  (asked[product] ||= new Promise((resolve) => {
    if (waiting.push([product, resolve]) == 1) setTimeout(askAll, 0, page);
  }));

export const connect = (page, host) => {
  if (host.shadowRoot) return;
  const shadow = openShadow(host, style);
  const show = async () => {
    const product = host.getAttribute("product");
    const { reviews, average, text } = product ? await find(page, product) : {};
    if (product != host.getAttribute("product")) return;
    shadow.replaceChildren();
    if (reviews) shadow.append(make("span", { role: "img", "aria-label": text }, drawStars(average), reviews));
  };
  new MutationObserver(show).observe(host, { attributeFilter: ["product"] });
  return show();
};
