// The rarer gates, against a page made of plain objects: its clock, storage and input are the test's.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { KEY, makeStorage, startLoader, SURVEY } from "./loader.mjs";

const DAY = 864e5;
const { id } = SURVEY;
const CUSTOMER = { "data-customer": "jwt" };
const remembering = (state) => makeStorage({ [KEY]: JSON.stringify(state) });

let listeners, isTouch, timers, visibility;

class Document {
  get visibilityState() {
    return visibility;
  }
}

beforeEach(() => {
  listeners = {};
  isTouch = false;
  timers = [];
  visibility = "visible";
  Object.assign(globalThis, {
    Document,
    document: new Document(),
    location: { origin: "https://maple.example" },
    innerHeight: 1000,
    scrollY: 0,
    matchMedia: () => ({ matches: !isTouch }),
    setTimeout: (action, ms, ...values) => timers.push([ms, () => action(...values)]),
    clearTimeout: (place) => delete timers[place - 1],
    addEventListener: (name, action, { signal }) => {
      (listeners[name] ??= []).push(action);
      signal.addEventListener("abort", () => (listeners[name] = listeners[name].filter((one) => one != action)));
    },
  });
});

const start = async (more, { survey = {}, ...options } = {}) => {
  const gates = await import("../../static/js/core/gates.js");
  const page = startLoader({
    surveys: [{ ...SURVEY, ...survey, more }], ...options, modules: { "core/gates.js": gates, ...options.modules },
  });
  await page.settle();
  return page;
};
const opens = async (more, options) => (await start(more, options)).opened.length == 1;
const arm = () => timers.splice(0).forEach(([, action]) => action());
const fire = (name, event = {}) => [...(listeners[name] || [])].forEach((action) => action(event));
const listening = () => Object.values(listeners).flat().length;

test("a survey with a rarer gate stays closed until the module knows it", async () => {
  const page = startLoader({ surveys: [{ ...SURVEY, more: { identity: "anonymous" } }] });
  assert.equal((await page.settle()).length, 0);
  assert.ok(page.loaded[0].endsWith("core/gates.js"));
});

test("a survey without rarer gates beside one that has some is none of the module's business", async () => {
  const gates = await import("../../static/js/core/gates.js");
  const surveys = [{ ...SURVEY, event: "seen" }, { ...SURVEY, id: "other", more: { devices: "touch" } }];
  const page = startLoader({ surveys, modules: { "core/gates.js": gates } });
  await page.settle();
  page.window.regulars.track("seen");
  assert.deepEqual(await page.settle(), [id]);
});

test("no module is loaded where no survey needs it", async () => {
  const page = startLoader({ surveys: [{ ...SURVEY, urls: "^(?:nowhere)" }] });
  await page.settle();
  assert.deepEqual(page.loaded, []);
});

test("device", async () => {
  assert.equal(await opens({ devices: "desktop" }), true);
  assert.equal(await opens({ devices: "touch" }), false);
  isTouch = true;
  assert.equal(await opens({ devices: "touch" }), true);
});

test("a customer is who the store's token names", async () => {
  assert.equal(await opens({ identity: "customer" }), false);
  assert.equal(await opens({ identity: "anonymous" }), true);
  assert.equal(await opens({ identity: "customer" }, { tag: CUSTOMER }), true);
  assert.equal(await opens({ identity: "anonymous" }, { tag: CUSTOMER }), false);
});

test("a visitor is new for one visit and returning from the next", async () => {
  const page = await start({ visitors: "returning" });
  assert.equal(page.opened.length, 0);
  const visit = (count, minutes) => remembering({ visit: { at: Date.now() - minutes * 60e3, count, from: "" } });
  assert.equal(page.state().visit.count, 1);
  assert.equal(await opens({ visitors: "new" }, { storage: visit(1, 10) }), true);
  assert.equal(await opens({ visitors: "returning" }, { storage: visit(1, 10) }), false);
  assert.equal(await opens({ visitors: "returning" }, { storage: visit(1, 31) }), true);
  assert.equal(await opens({ visitors: "new" }, { storage: visit(2, 1) }), false);
});

test("where a visitor came from is remembered for the visit", async () => {
  const referrers = "^(?:.*instagram\\.com)";
  const storage = makeStorage();
  assert.equal(await opens({ referrers }, { storage, referrer: "https://l.instagram.com/x", survey: { event: "never" } }), false);
  assert.equal(await opens({ referrers }, { storage, referrer: "https://maple.example/cart" }), true);
  assert.equal(await opens({ referrers }, { referrer: "https://maple.example/cart" }), false);
  assert.equal(await opens({ referrers: "^(?!.*(?:google))" }), true);
});

test("the cart is worth what the page says", async () => {
  const worth = (value) => ({ tag: { "data-field-cart_value": value } });
  assert.equal(await opens({ cart_min: 49.9 }, worth("49,90")), true);
  assert.equal(await opens({ cart_min: 50 }, worth("49.90")), false);
  assert.equal(await opens({ cart_min: 0 }), false);
  assert.equal(await opens({ cart_min: 10, cart_max: 20 }, worth("€ 15")), true);
  const page = await start({ cart_max: 20 }, worth("21"));
  assert.equal(page.opened.length, 0);
  page.window.regulars.track("cart_changed", { cart_value: 19.5 });
  assert.equal((await page.settle()).length, 1);
});

test("an event opens only with the properties it should have", async () => {
  const page = await start({ event: "added", event_properties: [["sku", "contains", "MUG"]] });
  const { track } = page.window.regulars;
  track("added", { sku: "TEE-1" });
  track("seen", { sku: "MUG-1" });
  assert.equal((await page.settle()).length, 0);
  track("added", { sku: "A-MUG-1" });
  assert.equal((await page.settle()).length, 1);
});

const later = { event: "order_placed", event_delay_seconds: 3600 };

test("a delayed event opens on a later page", async () => {
  const page = await start(later, { tag: { "data-event": "order_placed" } });
  assert.equal(page.opened.length, 0);
  const due = page.state().due[id];
  assert.ok(Math.abs(due - Date.now() - 3600e3) < 5000);
  const reload = (at, asked = {}) => opens(later, { storage: remembering({ due: { [id]: at }, asked }), survey: { repeat_days: 1 } });
  assert.equal(await reload(due), false);
  assert.equal(await reload(Date.now() - 1000), true);
  assert.equal(await reload(Date.now() - 31 * DAY), false);
  assert.equal(await reload(Date.now() - 3 * DAY, { [id]: Date.now() - 2 * DAY }), false);
  assert.equal(await reload(Date.now() - 2 * DAY, { [id]: Date.now() - 3 * DAY }), true);
});

test("a delayed event named twice is due from the first", async () => {
  const storage = remembering({ due: { [id]: Date.now() + 60e3 } });
  const page = await start(later, { storage, tag: { "data-event": "order_placed" } });
  assert.ok(page.state().due[id] <= Date.now() + 60e3);
});

test("without consent a delayed event is forgotten with the page", async () => {
  const page = await start(later, { boot: { consent: true }, tag: { "data-event": "order_placed" } });
  assert.equal(page.state(), null);
});

test("until answered is never after an answer, here or elsewhere", async () => {
  const storage = () => remembering({ answered: { [id]: { at: 1 } } });
  const survey = { repeat_days: 7 };
  assert.equal(await opens({ until_answered: true }, { survey }), true);
  assert.equal(await opens({ until_answered: true }, { survey, storage: storage() }), false);
  const session = { answered: { [id]: Date.now() - 9 * DAY } };
  const page = await start({ until_answered: true }, { survey, tag: CUSTOMER, session });
  assert.equal(page.isStillDue(), false);
});

const mouse = (name, clientY, more) =>
  fire(name, { pointerType: "mouse", relatedTarget: null, clientX: 400, clientY, buttons: 0, ...more });

test("the mouse leaving by the upper edge opens once the watch is on", async () => {
  const page = await start({ exit_intent: true });
  mouse("pointerout", -1);
  assert.equal(listening(), 0);
  arm();
  mouse("pointermove", 300);
  mouse("pointerout", -1, { relatedTarget: {} });
  mouse("pointerout", 200);
  arm();
  assert.equal((await page.settle()).length, 0);
  mouse("pointerout", -1);
  arm();
  assert.equal((await page.settle()).length, 1);
  assert.equal(listening(), 0);
});

test("nobody listens where another gate is closed, nor at the next address", async () => {
  const page = await start({ exit_intent: true }, { survey: { urls: "^(?:.*/cart)" } });
  arm();
  assert.equal(listening(), 0);
  await page.go("https://maple.example/cart");
  arm();
  assert.ok(listening() > 0);
  await page.go("https://maple.example/other");
  assert.equal(listening(), 0);
});

test("a tab that was left does not count on desktop, and counts on touch", async () => {
  for (isTouch of [false, true]) {
    listeners = {};
    const page = await start({ exit_intent: true });
    arm();
    for (visibility of ["hidden", "visible"]) fire("visibilitychange");
    assert.equal((await page.settle()).length, isTouch ? 1 : 0);
  }
});

test("tabs stand on their pages, whatever was asked, and go with them", async () => {
  const tabs = [];
  const showTab = async (page, survey) => {
    tabs.push(survey);
    return () => tabs.pop();
  };
  const page = await start({}, {
    survey: { display: "tab", urls: "^(?:.*/help)" },
    storage: remembering({ asked: { [id]: Date.now() }, asked_at: Date.now() }),
    boot: { cap_days: 14, consent: true },
    modules: { "surveys/survey-tab.js": { showTab } },
  });
  assert.deepEqual([tabs, page.opened], [[], []]);
  await page.go("https://maple.example/help");
  assert.deepEqual([tabs, page.opened], [[id], []]);
  await page.go("https://maple.example/");
  assert.deepEqual(tabs, []);
});

const delivered = { event: "delivered", event_source: "server" };
const sessions = (page) => page.asked.filter(({ address }) => address.endsWith("/sessions")).length;

test("the server's events are asked for with a customer, and at most every ten minutes", async () => {
  assert.equal(sessions(await start(delivered)), 0);
  const page = await start(delivered, { tag: CUSTOMER });
  assert.deepEqual([sessions(page), page.opened], [1, []]);
  const again = (minutes) => start(delivered, { tag: CUSTOMER, storage: remembering({ met_at: Date.now() - minutes * 60e3 }) });
  assert.equal(sessions(await again(9)), 0);
  assert.equal(sessions(await again(11)), 1);
});

test("an event of the server opens at the visit after it", async () => {
  const due = (at, asked) => start(delivered, { tag: CUSTOMER, session: { events: { [id]: at }, asked }, survey: { repeat_days: 1 } });
  const page = await due(Date.now() - 1000);
  assert.deepEqual([sessions(page), page.opened, page.isStillDue()], [1, [id], true]);
  assert.equal((await due(Date.now() + DAY)).opened.length, 0);
  assert.equal((await due(Date.now() - 3 * DAY, { [id]: Date.now() - 2 * DAY })).opened.length, 0);
});

test("a survey for a segment asks only the customers whom the server allows it", async () => {
  const segment = { segments: true };
  const known = (allowed, tag = CUSTOMER) => start(segment, { tag, session: { allowed } });
  const page = await known([id]);
  assert.deepEqual([sessions(page), page.opened, page.isStillDue()], [1, [id], true]);
  assert.deepEqual((await known(["other"])).opened, []);
  assert.deepEqual((await known()).opened, []);
  const anonymous = await start(segment, { storage: remembering({ allowed: [id] }) });
  assert.deepEqual([sessions(anonymous), anonymous.opened], [0, []]);
});

test("another customer of the same browser is not taken for one of the segment", async () => {
  const storage = remembering({ allowed: [id], met_at: Date.now() });
  const page = await start({ segments: true }, { tag: CUSTOMER, storage, session: {} });
  assert.equal(page.isStillDue(), false);
  assert.equal(page.state().allowed, undefined);
});
