import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.addEventListener = () => {};
const { join, readMark } = await import("../../static/js/referrals/referral-element.js");
const { fakeFetch, fakePage } = await import("./fake-page.mjs");

const visit = (search, memory, isGranted = true) => {
  globalThis.location = { search };
  const page = fakePage(memory);
  const state = { isGranted };
  return Object.assign(page, { state, watchers: [], gates: { consent: () => state.isGranted }, meet: async () => {} });
};
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

test("an address says whose link it was, and it is kept for other pages", () => {
  const page = visit("?size=2&regulars_ref=CAROL-7KQMZP&regulars_via=whatsapp");
  assert.deepEqual(readMark(page), { code: "CAROL-7KQMZP", via: "whatsapp" });
  location.search = "";
  assert.deepEqual(readMark(page), { code: "CAROL-7KQMZP", via: "whatsapp" });
});

test("what brought nobody is no mark", () => assert.equal(readMark(visit("?regulars_via=sms")), undefined));

for (const via of ["pigeon", "", "x y", "toString"])
  test(`the way ${JSON.stringify(via)} is a plain link`, () =>
    assert.equal(readMark(visit(`?regulars_ref=A-1&regulars_via=${encodeURIComponent(via)}`)).via, "link"));

test("what a claim brought is kept when its link is followed again, and not for another one", () => {
  const ref = { code: "CAROL-7KQMZP", via: "sms", given: { code: "TEA-1" } };
  assert.deepEqual(readMark(visit("?regulars_ref=CAROL-7KQMZP&regulars_via=qr", { ref })), ref);
  assert.equal(readMark(visit("?regulars_ref=EVE-7KQMZP", { ref })).given, undefined);
});

test("a visit is told once", async () => {
  const calls = fakeFetch(204);
  const page = visit("?regulars_ref=CAROL-7KQMZP&regulars_via=qr", { visitor: "v1" });
  join(page);
  page.watchers.forEach((watch) => watch());
  await settle();
  assert.deepEqual(calls.map(({ body }) => body), [{ code: "CAROL-7KQMZP", channel: "qr" }]);
  assert.equal(calls[0].headers["X-Regulars-Visitor"], "v1");
});

test("a visit waits for consent", async () => {
  const calls = fakeFetch(204);
  const page = visit("?regulars_ref=CAROL-7KQMZP", {}, false);
  join(page);
  await settle();
  assert.equal(calls.length, 0);
  page.state.isGranted = true;
  page.watchers.forEach((watch) => watch());
  await settle();
  assert.equal(calls.length, 1);
});

test("a network that is down throws nothing into the page", async () => {
  fakeFetch(new Error("offline"));
  join(visit("?regulars_ref=CAROL-7KQMZP"));
  await settle();
});
