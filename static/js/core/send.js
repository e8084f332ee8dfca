// Delivers answers. Each is kept before it is sent and forgotten when the server has settled
// it, so it survives a page that is left at once, a bad connection and a server that is down.
import { post } from "./ask.js";
import { makeId } from "./dom.js";
import { dequeue, enqueue, listQueue } from "./storage.js";

const isLater = (status) => status == 429 || status >= 500;

const deliver = async (page, item) => {
  try {
    const reply = await post(page, item);
    if (isLater(reply.status)) return "not_sent_yet";
    dequeue(page, item);
    return reply.ok ? "sent" : "refused";
  } catch {
    return "not_sent_yet";
  }
};

const retryOnline = (page) => {
  if (page.isRetrying) return;
  page.isRetrying = true;
  addEventListener("online", () => flush(page));
};

export const flush = (page) => {
  retryOnline(page);
  return Promise.all(listQueue(page).map((item) => deliver(page, item)));
};

// Sends in this very tick, so that a page that is left now still delivers; `after` is a promise
// to wait for instead. Resolves to what became of it, in the words of the content's `ui`.
export const send = (page, path, body, after) => {
  const item = { key: makeId(), path, body };
  enqueue(page, item);
  retryOnline(page);
  return after ? after.then(() => deliver(page, item)) : deliver(page, item);
};
