// ?regulars-debug in the page's address: says for every survey and campaign why it is shown, or why not.
import { getRoot, make, makeStyle, openShadow, options } from "../core/dom.js";
import { isTouch } from "../core/exit.js";
import { hasSheet, isBusy } from "../core/sheet.js";
import { makeWords, sayMoments, sayUnfit } from "./debug-words.js";

const style = makeStyle(`
:host { all: initial !important; display: contents !important }
section {
  position: fixed; inset-block-start: .75rem; inset-inline-start: .75rem; box-sizing: border-box;
  width: min(44rem, 100vw - 1.5rem); max-height: calc(100dvh - 1.5rem); overflow: auto; padding: 1rem;
  color-scheme: light dark; color: CanvasText; background: Canvas; border: 1px solid GrayText; border-radius: .5rem;
  box-shadow: 0 .5rem 2rem rgb(0 0 0 / .25); font: 400 .875rem/1.4 system-ui, sans-serif;
}
header { display: flex; gap: 1rem; align-items: start; justify-content: space-between }
h2 { margin: 0; font-size: 1rem }
p { margin: .25rem 0 .5rem; overflow-wrap: anywhere }
button { font: inherit; min-height: 2rem; padding: .25rem .75rem; cursor: pointer }
details { border-block-start: 1px solid GrayText; padding-block: .5rem }
summary { cursor: pointer; font-weight: 600; overflow-wrap: anywhere; min-height: 1.5rem }
table { border-collapse: collapse; width: 100%; margin-block-start: .25rem }
th, td { text-align: start; vertical-align: top; padding: .25rem .5rem .25rem 0; overflow-wrap: anywhere }
:is(th, td):nth-child(-n + 2) { overflow-wrap: normal }
.closed td { font-weight: 600 }
:focus-visible { outline: 2px solid; outline-offset: 2px }
`);

const HEADS = ["Holds", "Condition", "Wanted", "Seen"];
// The gates for sheets alone: a tab stands there for whoever wants it.
const NOT_FOR_TABS = ["consent", "repeat", "cap", "more_until_answered", "more_exit_intent"];

const cell = (tag, text, attributes) => make(tag, attributes, text);
const row = (tag, texts) => make("tr", {}, ...texts.map((text) => cell(tag, text)));

const look = (page, words, survey) => {
  const names = Object.keys(page.gates).filter((name) => words[name]);
  const rows = [];
  const unset = [];
  let isOpen = true;
  for (const name of names) {
    if (survey.display == "tab" && NOT_FOR_TABS.includes(name)) continue;
    const { label, want, see } = words[name];
    const wanted = want(survey);
    if (wanted == null || wanted === 0) {
      unset.push(label.toLowerCase());
      continue;
    }
    // Leaving is watched only where all else holds; asking earlier would set the watch.
    const isMet = name == "more_exit_intent" && !isOpen ? false : page.gates[name](survey);
    isOpen &&= isMet;
    rows.push({ label, wanted, seen: see(survey, isMet), isMet });
  }
  return { rows, unset, isOpen };
};

// A campaign whose conditions hold waits for its moment, unless it is not for this visitor.
const judgeMoment = (page, campaign) => {
  if (!page.isDue) return "Due. It is being loaded.";
  if (!page.isDue(campaign)) return `Not shown: ${sayUnfit(page, campaign)}.`;
  if (page.read().visitor && page.armOf(campaign) == "holdout") return "This visitor is in the hold-out group and sees nothing.";
  return `Waits for ${sayMoments(campaign.triggers)}.`;
};

const judge = (page, survey, { rows, isOpen }) => {
  if (survey.display == "inline") return "Stands where its tag is. No condition applies.";
  if (page.showing == survey.id && hasSheet()) return "Shown.";
  const closed = rows.filter(({ isMet }) => !isMet).map(({ label }) => label.toLowerCase());
  if (!isOpen) return `Not shown: ${closed.join(", ")}.`;
  if (survey.triggers) return judgeMoment(page, survey);
  if (survey.display == "tab") return "Its tab is shown.";
  if (page.showing && page.showing != survey.id) return "Due. Waits for another survey.";
  return isBusy()
    ? "Due. Waits while a field has the focus, a dialog is open or the page is in the background."
    : "Due. It is being loaded.";
};

const makeEntry = (page, words, survey) => {
  const title = make("span", {}, survey.id);
  const verdict = make("p", { role: "status" });
  const body = make("tbody");
  const table = make("table", {}, make("thead", {}, row("th", HEADS)), body);
  const unset = make("p");
  const box = make("details", { open: "" }, make("summary", {}, title), verdict, table, unset);
  const path = survey.triggers ? "popups" : "surveys";
  const address = `/${path}/${survey.id}?lang=${page.languages}`;
  page.ask(address).then(({ question, title: name }) => (title.textContent = `${question ?? name} (${survey.id})`), () => {});
  const update = () => {
    const found = look(page, words, survey);
    const said = judge(page, survey, found);
    if (verdict.textContent != said) verdict.textContent = said;
    table.hidden = unset.hidden = survey.display == "inline";
    const isSaid = (label) => found.rows.some((row) => row.label.toLowerCase() == label);
    const rest = [...new Set(found.unset)].filter((label) => !isSaid(label));
    unset.textContent = `Not set: ${rest.join(", ")}.`;
    body.replaceChildren(
      ...found.rows.map(({ label, wanted, seen, isMet }) => {
        const line = row("td", [isMet ? "yes" : "no", label, wanted, seen].map(String));
        line.className = isMet ? "" : "closed";
        return line;
      }),
    );
  };
  return { box, update };
};

export const show = (page) => {
  page.isTouch = isTouch();
  const words = makeWords(page);
  const { surveys, popups = [] } = page.boot;
  const entries = [...surveys, ...popups].map((survey) => makeEntry(page, words, survey));
  const controller = new AbortController();
  const host = make("regulars-debug");
  const close = make("button", { type: "button" }, "Close");
  const head = make("header", {}, make("h2", { id: "title" }, "Regulars: what is asked in this page"), close);
  const count = surveys.length == 1 ? "1 survey" : `${surveys.length || "No"} surveys`;
  const more = popups.length == 1 ? " and 1 campaign" : popups[0] ? ` and ${popups.length} campaigns` : "";
  const note = "Drafts, and what is paused or archived, are not in the page. A change arrives within a minute.";
  const intro = make("p", {}, `Live: ${count}${more}. ${note}`);
  const panel = make("section", { "aria-labelledby": "title", tabindex: "-1" }, head, intro);

  let isWaiting = false;
  const update = () => {
    if (isWaiting || !host.isConnected) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      if (host.isConnected) for (const entry of entries) entry.update();
    }, 50);
  };
  // A sheet that opens or closes tells nobody, but stands there.
  const watch = new MutationObserver(update);
  const shut = () => {
    controller.abort();
    watch.disconnect();
    host.remove();
  };
  close.addEventListener("click", shut);
  panel.addEventListener("keydown", ({ key }) => key == "Escape" && shut());
  panel.append(...entries.map(({ box }) => box));
  panel.style.setProperty("z-index", page.boot.z + 1);
  openShadow(host, style).append(panel);
  getRoot().append(host);

  watch.observe(getRoot(), options({ childList: true }));
  page.watchers.push(update);
  for (const name of ["focusin", "focusout", "visibilitychange", "storage", "click", "regulars:answered"])
    addEventListener(name, update, options({ signal: controller.signal }));
  update();
};
