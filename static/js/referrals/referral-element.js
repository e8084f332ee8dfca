// Where <regulars-referral> stands, and who came by an advocate's link: what is shown comes when it is known.
//
// `page` is the loader's. What is asked waits for the session, so that the answer is the customer's.
import { ask, post } from "../core/ask.js";

const WAYS = /^(copy|share|whatsapp|email|sms|facebook|x|telegram|qr)$/;

// The address of the page says whose link it was, and by which way it was shared.
export const readMark = (page) => {
  const said = new URLSearchParams(location.search);
  const [code, via] = [said.get("regulars_ref"), said.get("regulars_via")];
  if (code && page.read().ref?.code != code) page.write({ ref: { code, via: WAYS.test(via) ? via : "link" } });
  return page.read().ref;
};

// A visit is told once nothing forbids to remember the visitor.
export const join = (page) => {
  const { code, via: channel } = readMark(page);
  let isTold;
  const tell = () => {
    if (isTold || !page.gates.consent()) return;
    isTold = true;
    page.meet().then(() => post(page, { path: "/referral/clicks", body: { code, channel } })).catch(() => {});
  };
  page.watchers.push(tell);
  tell();
};

export const connect = async (page, host) => {
  if (page.customer) await page.meet();
  const mark = readMark(page);
  const bring = (file) => import(`${file}.js`);
  const files = ["./referral-card", "../core/widget", "../core/codes"].map(bring);
  const [told, card] = await Promise.all([ask(page, `/referral?lang=${page.languages}`), ...files]);
  const form = (mark || told.contest) && (await bring("./referral-form"));
  if (!host.shadowRoot && host.isConnected) card.open(page, host, told, mark, form);
};
