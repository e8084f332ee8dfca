// A campaign in a dialog or a sheet (open), or where <regulars-popup inline campaign="..."> stands (connect).
//
// `page` is the loader's. Every word comes from the content.
import { codeStyle } from "../core/codes.js";
import { getRoot, giveFocus, make, makeId, options } from "../core/dom.js";
import { announce, CROSS, formStyle, makeIcon } from "../core/form.js";
import { openFrame } from "../core/frame.js";
import { send } from "../core/send.js";
import { isBusy, openSheet, whenQuiet } from "../core/sheet.js";
import { sheetStyle } from "../core/sheet-style.js";
import { markAnswered, markAsked } from "../core/storage.js";
import { popupStyle } from "./popup-style.js";
import { buildPopup } from "./popup-view.js";

const BATCH_MS = 2000;

// What was shown goes in one batch, at the latest when the page is left; by its id it is one with its dismissal.
const batch = new Map();
let sending;
const flush = (page) => {
  if (batch.size) send(page, "/popups/impressions", { impressions: [...batch.values()] });
  batch.clear();
};
const report = (page, impression) => {
  batch.set(impression.id, impression);
  if (!sending) addEventListener("pagehide", () => flush(page));
  clearTimeout(sending);
  sending = setTimeout(flush, BATCH_MS, page);
};

// Nothing behind a modal dialog can be reached, and the browser gives the focus back to where it was.
const openDialog = (page, content, onClose) => {
  const host = make("regulars-sheet");
  const { box, say } = openFrame(host, content, formStyle, sheetStyle);
  const close = makeIcon("close", content.ui.close, CROSS, () => section.close());
  // The live region moves in: what is outside of an open dialog is not read.
  const section = make("dialog", { class: "sheet", closedby: "any", "aria-labelledby": "title", tabindex: "-1" }, box.firstChild, close);
  section.addEventListener("close", () => {
    host.remove();
    onClose();
  });
  box.append(section);
  getRoot().append(host);
  return { host, section, say };
};

// Puts a campaign into its place, and says when it has won somebody.
const fill = (page, content, { host, section, say }, more, seen) => {
  const settled = (given) => {
    if (seen) {
      seen.converted = true;
      // What is done without a form only the page knows.
      if (!content.form) report(page, seen);
    }
    markAnswered(page, content.id, { at: Date.now(), completed: true });
    if (given.state) page.write({ subscribed: 1 });
    announce(host, "converted", { campaign: content.id, ...given });
  };
  host.shadowRoot.adoptedStyleSheets.push(codeStyle, popupStyle);
  section.append(buildPopup({ page, content, section, say, settled, ...more }));
};

export const open = async (page, { id, sheet, unsafe }, { arm, trigger, isLasting, isTouch, onOpen }, isStillDue) => {
  const content = arm != "holdout" && (await page.ask(`/popups/${id}?arm=${arm}&lang=${page.languages}`));
  if (isLasting) await whenQuiet();
  if (isBusy() || !isStillDue() || content.due == false) return;
  const seen = { id: makeId(), campaign: id, arm, trigger, page_url: page.url().split("?")[0] };
  report(page, seen);
  // Who sees nothing was not asked: only this campaign leaves them alone.
  if (!content) return page.write({ asked: { ...page.read().asked, [id]: Date.now() } });
  markAsked(page, id);
  onOpen?.();
  await new Promise((resolve) => {
    const isSmall = isTouch && !unsafe;
    const opened = (sheet || isSmall ? openSheet : openDialog)(page, content, () => {
      if (!seen.converted) report(page, { ...seen, dismissed: true });
      resolve();
    });
    const { section, say } = opened;
    fill(page, content, opened, { isSmall, shut: () => section.querySelector(".close").click() }, seen);
    if (section.showModal) {
      section.showModal();
      giveFocus(section);
    }
    say(content.title);
  });
};

// What stands in the page is counted once it is seen, where nothing forbids to remember the visitor.
export const connect = async (page, host, content) => {
  const { id } = content;
  const met = page.gates?.consent() && page.meet();
  if (met && content.divided) {
    await met;
    const headers = options({ "X-Regulars-Visitor": page.read().visitor });
    content = await page.ask(`/popups/${id}?arm=own&lang=${page.languages}`, { headers });
  }
  if (host.shadowRoot || !host.isConnected) return;
  const { arm } = content;
  const seen = { id: makeId(), campaign: id, arm, page_url: page.url().split("?")[0] };
  const watch = new IntersectionObserver((entries) => {
    if (!met || !entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    met.then(() => report(page, seen));
  });
  watch.observe(host);
  if (arm == "holdout") return;
  const { box, say } = openFrame(host, content, formStyle);
  const section = make("section", { class: "card", "aria-labelledby": "title", tabindex: "-1" });
  fill(page, content, { host, section, say }, { shut: () => giveFocus(section) }, met && seen);
  box.append(section);
};
