// Who came by an advocate's link: the address of the page says whose, and by which way it was shared.
import { post } from "../core/send.js";

const WAYS = /^(copy|share|whatsapp|email|sms|facebook|x|telegram|qr)$/;

export const readMark = (page) => {
  const said = new URLSearchParams(location.search);
  const [code, via] = [said.get("regulars_ref"), said.get("regulars_via")];
  if (code && page.read().ref?.code != code) page.write({ ref: { code, via: WAYS.test(via) ? via : "link" } });
  return page.read().ref;
};

// A visit is told once nothing forbids to remember the visitor.
export const arrive = (page) => {
  const { code, via: channel } = readMark(page);
  let isTold;
  const tell = async () => {
    if (isTold || !page.gates.consent()) return;
    isTold = true;
    await page.meet();
    post(page, { path: "/referral/clicks", body: { code, channel } }).catch(() => {});
  };
  page.watchers.push(tell);
  tell();
};
