// Asks and tells the server in the shopper's name: as the customer where there is a session, and what is told
// as the visitor too.
import { options } from "./dom.js";

const nameSender = (page) => {
  const headers = options({ "Content-Type": "application/json" });
  const { visitor } = page.read();
  if (visitor) headers["X-Regulars-Visitor"] = visitor;
  if (page.session) headers.Authorization = `Bearer ${page.session}`;
  return headers;
};

// Without a session and without a body there are no headers, and the browser need not ask before it asks.
export const ask = (page, path, body) => {
  const headers = page.session || body ? nameSender(page) : {};
  return page.ask(path, options({ headers, ...(body && { method: "POST", body: page.text(body) }) }));
};

// Says who sends as far as that is known; resolves to the reply, whatever its status.
export const post = async (page, item) => {
  const headers = nameSender(page);
  const init = { method: "POST", keepalive: true, credentials: "omit", headers };
  const reply = await (page.fetch || fetch)(page.boot.api + item.path, options({ ...init, body: page.text(item.body) }));
  if (reply.status != 401 || !(headers["X-Regulars-Visitor"] || page.session)) return reply;
  // A token that is no longer good must not cost what was said: it goes without a name.
  page.session = undefined;
  page.write({ visitor: undefined });
  return post(page, item);
};
