import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.addEventListener = () => {};
const { makeId } = await import("../../static/js/core/dom.js");
const { flush, send } = await import("../../static/js/core/send.js");
const { fakeFetch, fakePage } = await import("./fake-page.mjs");

test("an id is a UUIDv7 of the given time", () => {
  const id = makeId(0x0190f3a0_1234);
  assert.match(id, /^0190f3a0-1234-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(Array.from({ length: 1000 }, () => makeId())).size, 1000);
});

test("an answer is kept before it is sent and forgotten when it is stored", async () => {
  const calls = fakeFetch(201);
  const page = fakePage({ visitor: "v1" });
  const sent = send(page, "/surveys/s/responses", { id: "a" });
  assert.equal(page.read().queue.length, 1);
  assert.equal(calls.length, 1, "the request leaves in the same tick");
  assert.equal(await sent, "sent");
  assert.deepEqual(page.read().queue, []);
  assert.equal(calls[0].headers["X-Regulars-Visitor"], "v1");
  assert.equal(calls[0].keepalive, true);
  assert.equal(calls[0].credentials, "omit");
});

for (const status of [429, 500, 503, new Error("offline")])
  test(`an answer waits in the queue after ${status}`, async () => {
    fakeFetch(status);
    const page = fakePage();
    assert.equal(await send(page, "/impressions", {}), "not_sent_yet");
    assert.equal(page.read().queue.length, 1);
    const calls = fakeFetch(200);
    await flush(page);
    assert.equal(calls.length, 1);
    assert.deepEqual(page.read().queue, []);
  });

for (const status of [400, 403, 404, 409, 413, 422])
  test(`an answer refused with ${status} is not tried for ever`, async () => {
    fakeFetch(status);
    const page = fakePage();
    assert.equal(await send(page, "/impressions", {}), "refused");
    assert.deepEqual(page.read().queue, []);
  });

test("an expired session costs the name, not the answer", async () => {
  const calls = fakeFetch(401, 201);
  const page = fakePage({ visitor: "old" });
  page.session = "expired";
  await send(page, "/surveys/s/responses", { id: "a" });
  assert.equal(calls[0].headers.Authorization, "Bearer expired");
  assert.equal(calls[1].headers.Authorization, undefined);
  assert.equal(calls[1].headers["X-Regulars-Visitor"], undefined);
  assert.deepEqual(page.read().queue, []);
});

test("the queue keeps the newest fifty", async () => {
  fakeFetch(503);
  const page = fakePage();
  for (let n = 0; n < 60; n++) await send(page, "/impressions", { n });
  assert.equal(page.read().queue.length, 50);
  assert.equal(page.read().queue[49].body.n, 59);
});

for (const queue of [null, 5, "x", {}, [null, 1, { path: "/x" }]])
  test(`a queue of ${JSON.stringify(queue)} is survived`, async () => {
    const calls = fakeFetch(200);
    await flush(fakePage({ queue }));
    assert.equal(calls.length, 0);
  });

test("an answer that goes on takes the place of what it was before", async () => {
  fakeFetch(503);
  const page = fakePage();
  await send(page, "/surveys/s/responses", { id: "a", n: 1 });
  await send(page, "/impressions", { n: 2 });
  await send(page, "/impressions", { n: 3 });
  await send(page, "/surveys/s/responses", { id: "a", n: 4 });
  assert.deepEqual(page.read().queue.map(({ body }) => body.n), [2, 3, 4]);
});

test("a preview's own fetch stands in for the network", async () => {
  const calls = fakeFetch(500);
  const page = { ...fakePage(), fetch: async () => ({ ok: true, status: 201 }) };
  assert.equal(await send(page, "/surveys/s/responses", { id: "a" }), "sent");
  assert.equal(calls.length, 0);
});
