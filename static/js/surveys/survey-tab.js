// A tab that stays at the edge of the page and opens its survey when the shopper asks for it.
import { getFocused, getRoot, giveFocus, make, makeStyle, options } from "../core/dom.js";
import { openFrame } from "../core/frame.js";

// At the side of a large screen, where the text runs downwards; on a phone at the bottom, and away
// while the page is read downwards.
const tabStyle = makeStyle(`
:host { all: initial !important; display: contents !important }
.tab {
  position: fixed; z-index: var(--z); inset-block-start: 50%; inset-inline-end: 0; translate: 0 -50%;
  min-width: max(44px, 2.75em); min-height: 44px; padding: 1em .5em; border: 1px solid var(--background); border-radius: 0;
  border-inline-end: 0; border-start-start-radius: .6em; border-end-start-radius: .6em;
  background: var(--accent); color: var(--accent_text); font-weight: 600;
  display: grid; place-items: center;
}
.tab span { writing-mode: vertical-rl }
.left .tab { inset-inline: 0 auto; border-radius: 0; border-start-end-radius: .6em; border-end-end-radius: .6em; border-inline-end: 1px solid var(--background); border-inline-start: 0 }
.tab:hover { filter: brightness(1.08) }
.tab:focus-visible { outline-color: var(--accent_text); outline-offset: -5px }
@media print { .tab { display: none } }
@media (max-width: 30em) {
  .frame .tab {
    inset-block: auto 0; inset-inline-end: 1em; translate: none; padding: .25em 1em calc(.25em + env(safe-area-inset-bottom));
    border-block-end: 0; border-radius: .6em .6em 0 0;
  }
  .left .tab { inset-inline: 1em auto }
  .tab span { writing-mode: horizontal-tb }
  .tab.away:not(:focus-visible) { translate: 0 110% }
}
@media (forced-colors: active) { .tab { border-color: ButtonText } }
`);

// Resolves to what takes the tab away again.
export const showTab = async (page, id) => {
  const isAnswered = () => {
    const { repeat_days: days, more } = page.boot.surveys.find((survey) => survey.id == id) || {};
    const { completed, at } = page.read().answered?.[id] || {};
    return completed && (more?.until_answered || Date.now() - at < (days ?? Infinity) * 864e5);
  };
  if (isAnswered()) return () => {};
  const content = await page.ask(`/surveys/${id}?lang=${page.languages}`);
  const host = make("regulars-tab");
  const { box } = openFrame(host, content, tabStyle);
  const tab = make("button", { class: "tab", type: "button" }, make("span", {}, content.ui.feedback));
  const controller = new AbortController();
  let reached = scrollY;
  const hide = () => {
    controller.abort();
    host.remove();
  };
  const ask = async () => {
    tab.hidden = true;
    page.meet();
    await import("./survey-element.js").then(({ open }) => open(page, content)).catch(() => {});
    if (isAnswered()) return hide();
    tab.hidden = false;
    if (getFocused()?.localName == "body") giveFocus(tab);
  };
  const scrolled = () => {
    tab.classList.toggle("away", scrollY > reached);
    reached = scrollY;
  };
  box.style.setProperty("--z", page.boot.z);
  tab.addEventListener("click", ask);
  addEventListener("scroll", scrolled, options({ passive: true, signal: controller.signal }));
  box.append(tab);
  getRoot().append(host);
  return hide;
};
