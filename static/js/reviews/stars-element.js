// Stars and number of reviews on a product's card. All badges of a page ask in one request, and
// one whose product has no reviews stays empty.
import { make, makeStyle, options } from "../core/dom.js";
import { drawStars } from "./stars-view.js";

const AT_ONCE = 50;

const style = makeStyle(`
:host { display: inline-block; vertical-align: middle }
.badge { display: inline-flex; align-items: center; gap: .4em; height: 1.25em; line-height: 1; white-space: nowrap; font-variant-numeric: tabular-nums }
.stars { width: 5em; height: 1em; fill: currentColor; color: var(--regulars-stars, currentColor) }
.stars > path { opacity: .22 }
:dir(rtl) .stars { transform: scaleX(-1) }
`);

const asked = new Map();
let waiting = [];

const askAll = async (page) => {
  const batch = waiting;
  waiting = [];
  if (!batch.length) return;
  const names = batch.map(({ product }) => encodeURIComponent(product)).join();
  const languages = encodeURIComponent(navigator.languages.slice(0, 9));
  const found = await page.ask(`/reviews/summaries?products=${names}&lang=${languages}`).catch(() => ({}));
  for (const { product, resolve } of batch) resolve(found[product]);
};

const find = (page, product) => {
  if (!asked.has(product))
    asked.set(product, new Promise((resolve) => {
      if (!waiting.length) setTimeout(() => askAll(page));
      waiting.push({ product, resolve });
      if (waiting.length == AT_ONCE) askAll(page);
    }));
  return asked.get(product);
};

export const connect = (page, host) => {
  if (host.shadowRoot || !("adoptedStyleSheets" in ShadowRoot.prototype)) return;
  const shadow = host.attachShadow(options({ mode: "open" }));
  shadow.adoptedStyleSheets = [style];
  const show = async () => {
    const product = host.getAttribute("product");
    const { reviews, average, text } = (product && (await find(page, product))) || {};
    if (product != host.getAttribute("product")) return;
    const count = make("span", { "aria-hidden": "true" }, reviews);
    const badge = make("span", { class: "badge", role: "img", "aria-label": text }, drawStars(average), count);
    shadow.replaceChildren(...(reviews ? [badge] : []));
  };
  new MutationObserver(show).observe(host, { attributeFilter: ["product"] });
  return show();
};
