// The gates that few surveys have. They join those of the loader where a live survey needs one.
import { meetsAll, readAmount } from "./conditions.js";
import { isTouch, watchExit } from "./exit.js";
import { noteVisit } from "./visit.js";

const MEET_AGAIN_MS = 10 * 60e3;
const LATE_MS = 30 * 864e5;
const WAIT_MS = 3600e3;

// These hold back what opens by itself; a tab that waits for a click stays.
const NOT_FOR_TABS = ["consent", "display", "repeat", "cap", "more_until_answered", "more_exit_intent"];

const listen = (page) => {
  const isEarly = Date.now() - page.read().met_at < MEET_AGAIN_MS;
  if (!page.customer || !page.gates.consent() || isEarly) return;
  page.write({ met_at: Date.now() });
  page.meet().then(page.check);
};

// Events whose surveys come later are remembered, so that they are due on a later page.
const makeDiary = (page) => {
  let noted = 0;
  const waiting = new Set();
  const isSpent = (id, at) => Date.now() - at > LATE_MS || page.read().asked?.[id] >= at;
  const dueAt = ({ id, more }) => page.read()[more.event_source == "server" ? "events" : "due"]?.[id];
  const note = () => {
    for (; noted < page.happened.length; noted++) {
      const [name, values] = page.happened[noted];
      for (const survey of page.boot.surveys) {
        const { id, more = {} } = survey;
        if (!more.event_delay_seconds || more.event_source || more.event != name) continue;
        const known = dueAt(survey);
        if (!meetsAll(more.event_properties, values) || (known && !isSpent(id, known))) continue;
        page.write({ due: { ...page.read().due, [id]: Date.now() + more.event_delay_seconds * 1000 } });
      }
    }
  };
  const isRipe = (survey) => {
    const at = dueAt(survey);
    const rest = at - Date.now();
    if (rest > 0 && rest < WAIT_MS && !waiting.has(at)) {
      waiting.add(at);
      setTimeout(page.check, rest + 20);
    }
    return rest <= 0 && !isSpent(survey.id, at);
  };
  return { note, isRipe };
};

// Listens for a shopper about to leave, only where every other gate of a survey is open.
const makeExit = (page) => {
  let armedAt, leftAt, stop;
  const disarm = () => {
    if (armedAt == page.url()) return;
    stop?.();
    armedAt = leftAt = undefined;
  };
  const isLeaving = () => {
    disarm();
    if (!armedAt) {
      armedAt = page.url();
      stop = watchExit(page, () => {
        leftAt = armedAt;
        page.check();
      });
    }
    return leftAt == armedAt;
  };
  return { disarm, isLeaving };
};

const makeTabs = (page, surveys) => {
  const shown = new Map();
  return () => {
    for (const survey of surveys) {
      const gates = Object.entries(page.gates).filter(([name]) => !NOT_FOR_TABS.includes(name));
      const isHere = gates.every(([, gate]) => gate(survey));
      if (isHere && !shown.has(survey.id))
        shown.set(survey.id, page.bring("surveys/survey-tab", "showTab", survey.id));
      if (!isHere && shown.has(survey.id)) {
        shown.get(survey.id).then((hide) => hide?.());
        shown.delete(survey.id);
      }
    }
  };
};

export const join = (page) => {
  const { boot, gates, watchers } = page;
  const diary = makeDiary(page);
  const exit = makeExit(page);
  const wants = (test) => [boot.surveys, boot.popups || []].flat().some(({ more }) => more && test(more));
  const cart = () => readAmount(page.fields.cart_value);

  // The last one listens only where all before it are open.
  const rarer = {
    devices: (wanted) => wanted == (isTouch() ? "touch" : "desktop"),
    visitors: (wanted) => wanted == (page.read().visit?.count > 1 ? "returning" : "new"),
    identity: (wanted) => wanted == (page.customer ? "customer" : "anonymous"),
    referrers: (pattern) => new RegExp(pattern).test(page.read().visit?.from || ""),
    cart_min: (least) => cart() >= least,
    cart_max: (most) => cart() <= most,
    segments: (_, { id }) => Boolean(page.customer && page.read().allowed?.includes(id)),
    until_answered: (_, { id }) => !page.read().answered?.[id],
    event: (name, { more, ...survey }) =>
      more.event_source || more.event_delay_seconds
        ? diary.isRipe({ more, ...survey })
        : page.happened.some(([said, values]) => said == name && meetsAll(more.event_properties, values)),
    exit_intent: exit.isLeaving,
  };
  delete gates.more;
  for (const [name, test] of Object.entries(rarer))
    gates[`more_${name}`] = (survey) =>
      survey.more?.[name] === undefined || test(survey.more[name], survey);

  if (wants(({ visitors, referrers }) => visitors || referrers)) noteVisit(page);
  watchers.push(diary.note, exit.disarm);
  if (wants(({ event_source: source, segments }) => source || segments)) watchers.push(() => listen(page));
  const tabs = boot.surveys.filter(({ display }) => display == "tab");
  if (tabs.length) watchers.push(makeTabs(page, tabs));
  page.check();
};
