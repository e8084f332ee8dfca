// Counts how long a page is looked at, and says so once, when it is left: seconds, and nothing else.
// Nothing is stored, and nothing is sent where consent is asked for and was not given.
import { isVisible, options } from "../core/dom.js";

const headers = options({ "Content-Type": "application/json" });

export const measure = (page) => {
  let seen, since, address;

  const begin = () => {
    seen = 0;
    since = isVisible() ? performance.now() : undefined;
    address = page.url();
  };
  const stop = () => {
    if (since !== undefined) seen += performance.now() - since;
    since = undefined;
  };
  const turn = () => {
    stop();
    if (isVisible()) since = performance.now();
  };
  const tell = () => {
    stop();
    // A page that was never looked at, such as one opened in the background, is no view.
    if (!seen || !page.gates.consent()) return;
    const body = page.text({ seconds: Math.min(Math.round(seen / 1000), 86400) });
    page.ask("/page-views", options({ method: "POST", keepalive: true, headers, body })).catch(() => {});
    seen = 0;
  };
  // A new address without a new page is another view.
  const move = () => {
    if (address == page.url()) return;
    tell();
    begin();
  };

  begin();
  addEventListener("visibilitychange", turn);
  addEventListener("pagehide", tell);
  // A page that comes back as it was left begins anew.
  addEventListener("pageshow", (event) => event.persisted && begin());
  window.navigation?.addEventListener("currententrychange", move);
  addEventListener("popstate", move);
};
