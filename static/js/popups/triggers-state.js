// What opens a campaign, and for whom, beyond the gates it shares with surveys. Pure: the page tells what
// happens; who is about to leave is told by core/exit.js.

const ARMED_AFTER_SECONDS = 5;
const READ_PERCENT = 30;
const SEARCH = /^[\w-]+:\/\/([^/]+\.)?(google|bing|yahoo|duckduckgo|yandex|baidu|ecosia|qwant|naver|search\.brave)\./;

// A moment that passes counts when a campaign waits for it, and has been waiting long enough.
export const findMoment = (triggers, name, { here, away, idle, deepest }) => {
  const { [name]: leaving, return_seconds: left, idle_seconds: still } = triggers;
  return leaving
    ? here >= (leaving.after_seconds ?? ARMED_AFTER_SECONDS) && (name == "exit" || deepest >= (leaving.depth_percent ?? READ_PERCENT))
    : (name == "return" && away >= left) || (name == "idle" && idle >= still);
};

// What stays true once it is.
export const findReached = ({ after_seconds: after, scroll_percent: scroll, cart, event }, { here, deepest, worth, names }) =>
  (here >= after && "after") ||
  (deepest >= scroll && "scroll") ||
  (worth >= cart && "cart") ||
  (event && names.includes(event) && "event");

export const isSearch = (referrer) => SEARCH.test(referrer);

// How many have opened in this visit.
export const countShown = ({ visit, popped }) => (popped?.[0] == visit?.count && popped?.[1]) || 0;
export const noteShown = (memory) => [memory.visit?.count, countShown(memory) + 1];

// Never for whom it has won, nor, on a phone, on the page somebody came to from a search engine.
export const isFor = ({ id, per_session: most = 1, unsafe, strangers }, memory, isFirstOfSearch) =>
  !memory.answered?.[id] &&
  countShown(memory) < most &&
  (unsafe || !isFirstOfSearch) &&
  !(strangers && memory.subscribed);
