// Waits for the moment of a campaign. Deciding costs no request; what opens is fetched when it is due.
//
// `page` is the loader's. boot.popups says of each campaign what opens it (`triggers`), which arms it has, and,
// named as surveys' are, the gates that must be open. page.showing keeps sheets from meeting, surveys' included.
import { readAmount } from "../core/conditions.js";
import { isTouch, watchLeaving } from "../core/exit.js";
import { noteVisit } from "../core/visit.js";
import { assign, readVisitor } from "./assignment-state.js";
import { findMoment, findReached, isFor, isSearch, noteShown } from "./triggers-state.js";

const SIGNS_OF_LIFE = ["touchstart", "touchmove", "scroll", "keydown"];

export const watch = (page) => {
  const { boot, gates, watchers } = page;
  const rows = boot.popups;
  const landed = page.url();
  const tried = new Set();
  let aliveAt = performance.now();
  let address;
  const since = (at) => (performance.now() - at) / 1000;

  const armOf = (row) => assign(row, readVisitor(page.read().visitor));
  const isDue = (row) => {
    const isFirstOfSearch = isTouch() && landed == page.url() && isSearch(page.look("referrer"));
    return Object.values(gates).every((gate) => gate(row)) && isFor(row, page.read(), isFirstOfSearch);
  };
  // What could not be loaded leaves it at that: no other sheet opens by itself in this page.
  const present = async (row, trigger, isLasting) => {
    page.showing = row.id;
    try {
      const files = boot.elements.popup.slice(2).map((file) => import(`${boot.assets}${file}.js`));
      const [element] = await Promise.all([...files, page.meet()]);
      const onOpen = () => page.write({ popped: noteShown(page.read()) });
      const how = { trigger, arm: armOf(row), isLasting, isTouch: isTouch(), onOpen };
      await element.open(page, row, how, () => isDue(row));
      page.showing = 0;
      page.check();
    } catch {}
  };
  const tell = (name, away) => {
    const spans = { here: since(page.arrived), away, idle: since(aliveAt), deepest: page.deepest };
    const row = rows.find((row) => findMoment(row.triggers, name, spans) && isDue(row));
    if (row && !page.showing) present(row, name);
  };
  const look = () => {
    const names = page.happened.map(([name]) => name);
    const facts = { here: since(page.arrived), deepest: page.deepest, worth: readAmount(page.fields.cart_value), names };
    for (const row of rows) {
      const trigger = findReached(row.triggers, facts);
      const place = row.id + page.url();
      if (!trigger || page.showing || tried.has(place) || !isDue(row)) continue;
      tried.add(place);
      present(row, trigger, true);
    }
  };
  const wait = (seconds, action) => seconds && setTimeout(action, seconds * 1000 + 20, seconds);
  const doze = (seconds) => {
    const rest = seconds - since(aliveAt);
    if (rest <= 0) tell("idle");
    wait(rest > 0 ? rest : seconds, () => doze(seconds));
  };

  // The panel that says why nothing opens asks for these.
  Object.assign(page, { armOf, isDue });
  noteVisit(page);
  watchLeaving(page, tell);
  for (const name of SIGNS_OF_LIFE) addEventListener(name, () => (aliveAt = performance.now()), { passive: true });
  if (isTouch()) rows.forEach(({ triggers }) => wait(triggers.idle_seconds, doze));
  watchers.push(() => {
    if (address != (address = page.url())) rows.forEach(({ triggers }) => wait(triggers.after_seconds, page.check));
    look();
  });
  page.check();
};
