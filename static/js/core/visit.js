// A visit ends after half an hour without a page; only from outside does it have an origin.
const VISIT_MS = 30 * 60e3;

export const noteVisit = (page) => {
  const at = Date.now();
  const referrer = page.look("referrer");
  const { at: last, count = 0, from = "" } = page.read().visit || {};
  const isNew = !(at - last < VISIT_MS);
  const isOutside = referrer && !referrer.startsWith(`${location.origin}/`);
  const origin = isOutside ? referrer : isNew ? "" : from;
  page.write({ visit: { at, count: count + (isNew ? 1 : 0), from: origin } });
};
