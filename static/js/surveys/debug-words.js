// What each gate wants and what it sees, in plain words. A gate that wants nothing says null.

const plural = (count, word) => `${count} ${word}${count == 1 ? "" : "s"}`;
const ago = (at) => {
  const minutes = Math.round((Date.now() - at) / 60e3);
  if (minutes < 60) return `${plural(Math.max(0, minutes), "minute")} ago`;
  if (minutes < 2880) return `${plural(Math.round(minutes / 60), "hour")} ago`;
  return `${plural(Math.round(minutes / 1440), "day")} ago`;
};
const wait = (seconds) => (seconds % 86400 ? `${seconds / 3600} hours` : plural(seconds / 86400, "day"));
const when = (at) => new Date(at).toLocaleString();
const list = (words) => words.map((word) => `“${word}”`).join(" or ");

// The server writes rules as one pattern: ^(?!.*(?:BANNED|...))(?:.*CONTAINED|STARTED|.*ENDED$|EXACT$)
const split = (text) => text.match(/(?:\\.|[^\\|])+/g) || [];
const plain = (text) => text.replace(/\\(.)/g, "$1");
export const describePattern = (pattern) => {
  const [, bans, wishes] = pattern.match(/^\^(?:\(\?!\.\*\(\?:(.*?[^\\])\)\))?(?:\(\?:(.*)\))?$/);
  const say = (wish) => {
    const isInside = wish.startsWith(".*");
    const isEnd = /[^\\](\\\\)*\$$/.test(wish);
    const text = plain(wish.slice(isInside ? 2 : 0, isEnd ? -1 : undefined));
    const way = isInside ? (isEnd ? "ends with" : "contains") : isEnd ? "is exactly" : "begins with";
    return `${way} “${text}”`;
  };
  const parts = [split(wishes || "").map(say).join(", or ")];
  if (bans) parts.push(`does not contain ${list(split(bans).map(plain))}`);
  return parts.filter(Boolean).join("; ");
};

// What opens a campaign, as boot has it.
const MOMENTS = {
  exit: ({ after_seconds: seconds = 5 }) => `the pointer to leave through the top, after ${plural(seconds, "second")}`,
  touch: ({ depth_percent: depth = 30 }) => `a quick swipe back up, after ${depth} % of the page`,
  return_seconds: (seconds) => `a return to the tab after ${plural(seconds, "second")}`,
  idle_seconds: (seconds) => `${plural(seconds, "second")} without a touch, on a touch screen`,
  after_seconds: (seconds) => `${plural(seconds, "second")} on the page`,
  scroll_percent: (depth) => `${depth} % of the page`,
  cart: (worth) => `a cart of ${worth}`,
  event: (name) => `the event “${name}”`,
};
export const sayMoments = (triggers) =>
  Object.entries(triggers).map(([name, wanted]) => MOMENTS[name](wanted)).join(", or ");

// Why a campaign whose gates are open is not for this visitor.
export const sayUnfit = (page, { id, strangers }) => {
  const { answered, subscribed, popped, visit } = page.read();
  if (answered?.[id]) return "it has won this visitor already";
  if (strangers && subscribed) return "this visitor has left an address already";
  return popped && popped[0] == visit?.count ? "enough has opened in this visit" : "the first page from a search engine, on touch";
};

const conditions = (rules = []) =>
  rules.map(([name, how, text]) => `${name} ${how.replace("_", " ")} “${text}”`).join(" and ");

const rarer = (name, label, want, see) => [
  `more_${name}`,
  { label, want: ({ more }) => (more?.[name] === undefined ? null : want(more[name], more)), see },
];

export const makeWords = (page) => {
  const { boot } = page;
  const said = () => page.happened.map(([name]) => name).filter(Boolean);
  const askedAgo = (at) => (at ? `asked ${ago(at)}` : "never asked");
  const memory = (name, id) => page.read()[name]?.[id];
  const events = ({ id, more }) => {
    const at = memory(more.event_source ? "events" : "due", id);
    if (at) return `${at > Date.now() ? "due at" : "due since"} ${when(at)}, ${askedAgo(memory("asked", id))}`;
    if (!page.customer && more.event_source) return "no customer in this page";
    if (more.event_source) return "the server has named none for this customer";
    return more.event_delay_seconds ? "not named so far" : list(said()) || "none named";
  };
  const event = (name, { event_source: source, event_delay_seconds: delay, event_properties: rules }) =>
    `“${name}”${source ? ", said by the store's server" : ""}${rules ? `, with ${conditions(rules)}` : ""}` +
    (delay ? `, ${wait(delay)} later` : "");
  return {
    consent: {
      label: "Consent",
      want: () => (boot.consent ? "the shopper has agreed" : null),
      see: () => (page.gates.consent() ? "agreed" : "not agreed"),
    },
    event: {
      label: "Event",
      want: ({ event: name }) => name && `“${name}”`,
      see: () => list(said()) || "none named",
    },
    seconds: {
      label: "Time on this page",
      want: ({ seconds }) => seconds && plural(seconds, "second"),
      see: () => plural(Math.floor((performance.now() - page.arrived) / 1000), "second"),
    },
    scroll: {
      label: "Scrolled down",
      want: ({ scroll }) => scroll && `${scroll} %`,
      see: () => `${Math.round(page.deepest)} %`,
    },
    quiet: {
      label: "Quiet paths",
      want: () => boot.quiet && `the path does not begin with ${list(boot.quiet)}`,
      see: () => location.pathname,
    },
    urls: { label: "Address", want: ({ urls }) => urls && describePattern(urls), see: () => page.url() },
    repeat: {
      label: "How often",
      want: ({ repeat_days: days }) => (days ? `every ${plural(days, "day")}` : "once"),
      see: ({ id }) => askedAgo(memory("asked", id)),
    },
    cap: {
      label: "Pause between any two",
      want: () => boot.cap_days && plural(boot.cap_days, "day"),
      see: () => askedAgo(page.read().asked_at),
    },
    sample: {
      label: "Sample of visitors",
      want: ({ sample }) => (sample === undefined ? null : `${sample[2] / 100} % of visitors`),
      see: (survey) => (page.gates.sample(survey) ? "this visitor is in it" : "this visitor is not in it"),
    },
    more: {
      label: "Rarer conditions",
      want: ({ more }) => more && "known to a file of their own",
      see: () => "the file is not loaded",
    },
    ...Object.fromEntries([
      rarer("devices", "Device", String, () => (page.isTouch ? "touch" : "desktop")),
      rarer("visitors", "Visitor", String, () => (page.read().visit?.count > 1 ? "returning" : "new")),
      rarer("identity", "Known to the store", String, () => (page.customer ? "customer" : "anonymous")),
      rarer("segments", "Segment", () => "a customer in one of its segments", ({ id }) =>
        page.customer ? (page.read().allowed?.includes(id) ? "in one" : "in none of them") : "no customer in this page"),
      rarer("referrers", "Came from", describePattern, () => page.read().visit?.from || "nowhere else"),
      rarer("cart_min", "Cart worth at least", String, () => page.fields.cart_value ?? "cart_value is not given"),
      rarer("cart_max", "Cart worth at most", String, () => page.fields.cart_value ?? "cart_value is not given"),
      rarer("until_answered", "Until answered", () => "not answered", ({ id }) =>
        memory("answered", id) ? `answered ${ago(memory("answered", id).at)}` : "not answered"),
      rarer("event", "Event", event, events),
      rarer("exit_intent", "About to leave", () => "the shopper turns to leave", (survey, isOpen) =>
        isOpen ? "turned to leave" : "not seen so far (watched two seconds after all else holds)"),
    ]),
  };
};

