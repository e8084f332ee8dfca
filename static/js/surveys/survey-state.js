// What a survey asks next and what it sends. Pure: no page, no clock, no network.
const print = ({ score, comment: words }) => `${score} ${words.trim()}`;

export const begin = (content, ask, now, score = null) => ({
  content,
  ask,
  began: now,
  step: "asking",
  score,
  comment: "",
  problem: null,
  saved: score === null ? null : print({ score, comment: "" }),
});

const placeOf = ({ content, score }) =>
  content.choices.findIndex((choice) => choice.score === score);
const bucketOf = (state) => state.content.buckets[placeOf(state)];

// The words under the scale already name its two ends, and a number names itself.
export const chosenLabel = (state) => {
  const { label } = state.content.choices[placeOf(state)] || {};
  const { low_label: low, high_label: high } = state.content;
  return [low, high, `${state.score}`].includes(label) ? "" : label;
};

export const pick = (state, score) => ({ ...state, score, problem: null });
export const comment = (state, words) => ({ ...state, comment: words });

export const followUp = (state) => state.content.follow_up[bucketOf(state)] || null;
export const thanks = (state) => {
  const { thanks: all } = state.content;
  return all[bucketOf(state)] || Object.values(all)[0];
};

export const submit = (state) =>
  state.score === null ? { ...state, problem: "choose_first" } : { ...state, step: "thanked" };

const answers = ({ score, comment: words }) =>
  words.trim() ? { score, comment: words.trim() } : { score };

// A score that was picked and not sent counts when the survey goes out of sight, once.
export const isUnsaved = (state) =>
  state.step === "asking" && state.score !== null && state.saved !== print(state);
export const save = (state) => ({ ...state, saved: print(state) });
export const isUntouched = (state) => state.step === "asking" && state.score === null;

// What the server takes: an answer is not lost because a page says too much about itself.
const clip = (fields) => {
  const clipped = {};
  for (const [name, value] of Object.entries(fields).slice(0, 20))
    if (name) clipped[name.slice(0, 64)] = value.slice(0, 500);
  return clipped;
};
const placeOfPage = (url) => (url.startsWith("http") ? url.split("?")[0].slice(0, 2000) : undefined);

export const answer = (state, { now, fields, url, trap }) => ({
  id: state.ask,
  answers: answers(state),
  completed: state.step === "thanked",
  hidden: clip(fields),
  language: state.content.language,
  page_url: placeOfPage(url),
  elapsed_ms: Math.max(0, Math.round(now - state.began)),
  website: trap,
});

export const impression = (state, event, { bucket, url }) => ({
  id: state.ask,
  survey_id: state.content.id,
  event,
  bucket,
  language: state.content.language,
  page_url: placeOfPage(url),
});
