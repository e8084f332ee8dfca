import assert from "node:assert/strict";
import { test } from "node:test";

import { readCases } from "./cases.mjs";
import { KEY, makeStorage, startLoader, SURVEY } from "./loader.mjs";

const DAY = 864e5;
const { id } = SURVEY;
const survey = (changes) => [{ ...SURVEY, ...changes }];
const remembering = (state) => makeStorage({ [KEY]: JSON.stringify(state) });
const opens = async (options) => (await startLoader(options).settle()).length == 1;

test("a survey without conditions opens at once and asks for nothing twice", async () => {
  const page = startLoader();
  assert.deepEqual(await page.settle(), [id]);
  assert.equal(page.asked.filter(({ address }) => address.endsWith("?lang=it-IT%2Cit")).length, 1);
  assert.equal(page.asked.filter(({ address }) => address.endsWith("/sessions")).length, 1);
});

test("a page with nothing due pays for the loader alone", async () => {
  const page = startLoader({ surveys: survey({ event: "order_placed" }) });
  await page.settle();
  assert.deepEqual([page.loaded, page.asked], [[], []]);
});

for (const { rules, pattern: urls, fits } of readCases("url-rules.json"))
  test(`the rules ${JSON.stringify(rules)} ${fits ? "fit" : "do not fit"} the address`, async () => {
    const href = "https://maple.example/order/1?x=1#top";
    assert.equal(await opens({ surveys: survey({ urls: urls ?? undefined }), href }), fits);
  });

test("nothing opens on the quiet paths of a site, and the rest of it is not quiet", async () => {
  const boot = { quiet: ["/checkout", "/pay/"] };
  for (const [path, isOpen] of [["checkout", false], ["checkout/2?x=1", false], ["pay", true], ["a/checkout", true]])
    assert.equal(await opens({ boot, href: `https://maple.example/${path}` }), isOpen, path);
});

test("a survey waits for its seconds, which begin anew at another address", async () => {
  const page = startLoader({ surveys: survey({ seconds: 10, urls: "^(?:.*/order)" }) });
  await page.wait(60_000);
  await page.go("https://maple.example/order");
  await page.wait(9_000);
  assert.equal(page.opened.length, 0);
  await page.wait(1_100);
  assert.equal(page.opened.length, 1);
});

test("a survey waits for its depth and counts the deepest point", async () => {
  const page = startLoader({ surveys: survey({ scroll: 50, event: "seen" }) });
  await page.scroll(1200);
  await page.scroll(0);
  page.window.regulars.track("seen");
  assert.equal((await page.settle()).length, 1);
  const other = startLoader({ surveys: survey({ scroll: 50 }) });
  assert.equal((await other.scroll(900)).length, 0);
  assert.equal((await other.scroll(1000)).length, 1);
});

test("the tag names an event and hidden fields", async () => {
  const page = startLoader({
    surveys: survey({ event: "order_placed" }),
    tag: { src: "x.js", "data-event": "order_placed", "data-field-order_id": "1001", "data-fieldless": "no" },
  });
  await page.settle();
  assert.deepEqual({ ...page.context.fields }, { order_id: "1001" });
});

test("calls made before the script arrived are carried out", async () => {
  const regulars = [["track", "order_placed", { order_id: 7, note: null }], ["nothing"], "x", null];
  const page = startLoader({ surveys: survey({ event: "order_placed" }), regulars });
  assert.equal((await page.settle()).length, 1);
  assert.deepEqual({ ...page.context.fields }, { order_id: "7" });
});

for (const regulars of [{ tagName: "FORM" }, 5, "x", null, () => {}])
  test(`a page's own ${typeof regulars} named regulars is replaced`, async () => {
    const page = startLoader({ regulars });
    assert.equal((await page.settle()).length, 1);
    assert.equal(typeof page.window.regulars.track, "function");
  });

test("the tag run again hands over to the first loader", async () => {
  const surveys = survey({ event: "order_placed" });
  const page = startLoader({ surveys });
  const first = page.window.regulars;
  const again = startLoader({ surveys, regulars: first, tag: { "data-event": "order_placed", "data-field-a": "1" } });
  assert.equal(again.window.regulars, first);
  assert.equal((await again.settle()).length, 0);
  assert.equal((await page.settle()).length, 1);
  assert.equal(page.context.fields.a, "1");
});

test("once per visitor is for ever, and every N days is not", async () => {
  const asked = (days) => remembering({ asked: { [id]: Date.now() - days * DAY } });
  assert.equal(await opens({ storage: asked(3000) }), false);
  assert.equal(await opens({ storage: asked(29), surveys: survey({ repeat_days: 30 }) }), false);
  assert.equal(await opens({ storage: asked(31), surveys: survey({ repeat_days: 30 }) }), true);
});

test("the cap counts the sheets of all surveys", async () => {
  const storage = () => remembering({ asked_at: Date.now() - 5 * DAY });
  assert.equal(await opens({ storage: storage(), boot: { cap_days: 14 } }), false);
  assert.equal(await opens({ storage: storage(), boot: { cap_days: 5 } }), true);
  assert.equal(await opens({ storage: storage() }), true);
});

test("an inline survey never opens as a sheet", async () => {
  assert.equal(await opens({ surveys: survey({ display: "inline" }) }), false);
});

test("sampling follows the server's rule and stays as it was drawn", async () => {
  // The order of "0190f3a0-0000-7000-8000-000000000001", as rules.py draws it, and the place of the 17 in it.
  const sampled = async (bucket, points) =>
    opens({ storage: remembering({ bucket }), surveys: survey({ sample: [8333, 8305, points] }) });
  assert.equal(await sampled(17, 9966), false);
  assert.equal(await sampled(17, 9967), true);
  const page = startLoader({ surveys: survey({ sample: [8333, 8305, 0] }) });
  await page.settle();
  const { bucket } = page.state();
  assert.ok(Number.isInteger(bucket) && bucket >= 0 && bucket < 10000);
  assert.equal(startLoader({ surveys: survey({ sample: [8333, 8305, 0] }), storage: page.storage }).state().bucket, bucket);
});

test("a customer token that is refused leaves an anonymous visitor", async () => {
  const refused = "expired";
  const page = startLoader({ tag: { "data-customer": refused }, refused });
  await page.settle();
  const bodies = page.asked.filter(({ body }) => body).map(({ body }) => JSON.parse(body).customer_token);
  assert.deepEqual(bodies, [refused, undefined]);
  assert.equal(page.state().visitor, "v1");
});

test("a survey that is due on another page is no longer still due", async () => {
  const page = startLoader({ surveys: survey({ urls: "^(?:.*/$)" }) });
  await page.settle();
  assert.equal(page.isStillDue(), true);
  await page.go("https://maple.example/cart");
  assert.equal(page.isStillDue(), false);
});

test("one sheet at a time, the next when it is closed", async () => {
  const page = startLoader({ surveys: [SURVEY, { ...SURVEY, id: "second" }] });
  assert.equal((await page.settle()).length, 1);
  page.context.write({ asked: { [id]: Date.now() } });
  page.close();
  assert.deepEqual(await page.settle(), [id, "second"]);
});

test("without the consent a site requires nothing opens and nothing is stored", async () => {
  const page = startLoader({ boot: { consent: true }, storage: remembering({ queue: [{}] }) });
  assert.deepEqual(await page.settle(), []);
  assert.deepEqual([page.loaded, page.asked], [[], []]);
  page.window.regulars.consent(true);
  assert.equal((await page.settle()).length, 1);
  assert.ok(page.loaded.includes("flushed"));
  assert.equal(page.state().visitor, "v1");
});

test("consent can stand on the tag and be refused there", async () => {
  assert.equal(await opens({ boot: { consent: true }, tag: { "data-consent": "granted" } }), true);
  assert.equal(await opens({ tag: { "data-consent": "denied" } }), false);
});

test("withdrawn consent clears what was stored", async () => {
  for (const consent of [true, false]) {
    const page = startLoader({ boot: { consent }, storage: remembering({ visitor: "v1" }) });
    page.window.regulars.consent(false);
    assert.equal(page.state(), null);
    page.context?.write({ late: 1 });
    assert.equal(page.state(), null);
  }
});

for (const [name, storage] of [
  ["is null", () => null],
  ["is forbidden", () => { throw new Error("SecurityError"); }],
  ["is full", { getItem: () => null, setItem: () => { throw new Error("QuotaExceededError"); } }],
  ["holds nonsense", makeStorage({ [KEY]: "{" })],
  ["holds a number", makeStorage({ [KEY]: "5" })],
  ["holds lists for maps", makeStorage({ [KEY]: '{"asked":[1],"queue":{}}' })],
])
  test(`storage that ${name} is survived`, async () => {
    assert.equal(await opens({ storage }), true);
  });

test("a page without a tag of its own still works", async () => {
  assert.equal(await opens({ tag: null }), true);
});

test("lists survive a library's toJSON", async () => {
  Array.prototype.toJSON = function () {
    return `[${this.join()}]`;
  };
  try {
    const page = startLoader();
    await page.settle();
    page.context.write({ queue: [{ body: { impressions: [1] } }] });
    assert.deepEqual(page.state().queue, [{ body: { impressions: [1] } }]);
  } finally {
    delete Array.prototype.toJSON;
  }
});

test("the page may open a survey whatever its gates", async () => {
  const page = startLoader({ surveys: survey({ event: "never" }), boot: { consent: true } });
  page.window.regulars.open();
  assert.deepEqual(await page.settle(), [id]);
  assert.equal(page.isStillDue, undefined);
  assert.equal(page.state(), null);
});

const CAROL = { "data-customer": "jwt" };
const ELSEWHERE = { asked: { [id]: Date.now() }, asked_at: Date.now(), answered: { [id]: Date.now() } };

test("what a customer was asked elsewhere is known before the sheet opens", async () => {
  const page = startLoader({ tag: CAROL, session: ELSEWHERE, surveys: survey({ repeat_days: 30 }) });
  await page.settle();
  assert.equal(page.isStillDue(), false);
  const other = startLoader({ tag: CAROL, session: { asked_at: Date.now() }, boot: { cap_days: 14 } });
  await other.settle();
  assert.equal(other.isStillDue(), false);
});

test("the later of two memories counts, and an answer of this browser stays", async () => {
  const known = { asked: { [id]: Date.now() + 5, other: 7 }, asked_at: Date.now() + 5, answered: { [id]: { ask: "a" } } };
  const page = startLoader({ tag: CAROL, storage: remembering(known), session: ELSEWHERE, surveys: survey({ event: "x" }) });
  await page.window.regulars.open(id);
  await page.settle();
  assert.deepEqual({ ...page.state(), visitor: 0, nonce: 0, events: 0 }, { ...known, visitor: 0, nonce: 0, events: 0 });
});

test("a session that fails holds no sheet back for ever", async () => {
  const page = startLoader({ tag: CAROL, refused: "nonce" });
  assert.equal((await page.settle()).length, 1);
});

test("asking for an explanation changes no address", async () => {
  for (const mark of ["?regulars-debug", "?a=1&regulars-debug#top"]) {
    const urls = mark.includes("a=1") ? "^(?:.*a=1$)" : "^(?:.*/order$)";
    assert.equal(await opens({ surveys: survey({ urls }), href: `https://maple.example/order${mark}` }), true);
  }
});

test("the panel that explains is loaded on request only", async () => {
  const page = startLoader({ surveys: survey({ event: "never" }), href: "https://maple.example/?a=1&regulars-debug" });
  await page.settle();
  assert.deepEqual(page.loaded.map((file) => file.split("/v/")[1]), ["surveys/debug.js"]);
});
