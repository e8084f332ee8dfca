// Asks and tells the server in the shopper's name: as the customer where there is a session, and what is told
// as the visitor too.
import { options } from "./dom.js";

export const nameSender = (page) => {
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
