// Makes the browser known to the server: a visitor, and with the store's token a customer. Then
// the browser learns what the customer was asked, and has answered, on other devices, and which of
// the surveys and campaigns that are not for everybody are for them.
import { options } from "./dom.js";

const latest = (ours = {}, theirs = {}) => {
  const merged = options(ours);
  for (const [id, at] of Object.entries(theirs)) merged[id] = Math.max(at, merged[id] || 0);
  return merged;
};

const learn = (page, { asked, asked_at = 0, answered = {}, events = {}, allowed = [], popups = [], subscribed }) => {
  const known = page.read();
  const said = options(known.answered);
  const picked = [...allowed, ...popups];
  for (const [id, at] of Object.entries(answered)) said[id] ||= { at, completed: true };
  page.write({
    asked: latest(known.asked, asked),
    asked_at: Math.max(asked_at, known.asked_at || 0) || undefined,
    answered: said,
    events,
    allowed: picked[0] && picked,
    ...(subscribed && { subscribed }),
  });
};

const drawNonce = () => crypto.getRandomValues(new Uint32Array(4)).join();

const introduce = async (page, token) => {
  const { visitor } = page.read();
  if (visitor && !token) return;
  const session = await page.ask("/sessions", options({
    method: "POST",
    headers: options({ "Content-Type": "application/json" }),
    body: page.text({
      visitor_token: visitor,
      customer_token: token,
      nonce: page.remember("nonce", drawNonce),
    }),
  }));
  page.session = session.session_token;
  page.write({ visitor: session.visitor_token });
  if (page.session) learn(page, session);
};

// A token of the store that is refused leaves an anonymous visitor.
export const meet = (page) => introduce(page, page.customer).catch(() => introduce(page));
