// What a survey asks and what it sends. Pure: no page, no clock, no network.
export const begin = (content, ask, now, answers = {}) => ({
  content,
  ask,
  began: now,
  completed: false,
  answers,
  saved: answers,
});

export const put = (state, name, value) =>
  state.answers[name] === value
    ? state
    : { ...state, answers: { ...state.answers, [name]: value } };
export const finish = (state) => ({ ...state, completed: true });

const placeOf = ({ content, answers }) =>
  content.choices?.findIndex((choice) => choice.score === answers.score);
export const bucketOf = (state) => state.content.buckets?.[placeOf(state)];

// The words under the scale already name its two ends, and a number names itself.
export const chosenLabel = (state) => {
  const { label } = state.content.choices[placeOf(state)] || {};
  const { low_label: low, high_label: high } = state.content;
  return [low, high, `${state.answers.score}`].includes(label) ? "" : label;
};

export const followUp = (state) => state.content.follow_up[bucketOf(state)] || "";
export const thanks = (state) => {
  const { thanks: all } = state.content;
  return all[bucketOf(state)] || Object.values(all)[0];
};

// An answer that was given and not sent counts when the survey goes out of sight, once.
export const isUnsaved = (state) => !state.completed && state.saved !== state.answers;
export const save = (state) => ({ ...state, saved: state.answers });
export const isUntouched = ({ completed, answers }) => !completed && !Object.keys(answers).length;

// What the server takes: an answer is not lost because a page says too much about itself.
const clip = (fields) => {
  const clipped = {};
  for (const [name, value] of Object.entries(fields).slice(0, 20))
    if (name) clipped[name.slice(0, 64)] = value.slice(0, 500);
  return clipped;
};
const placeOfPage = (url) => (url.startsWith("http") ? url.split("?")[0].slice(0, 2000) : undefined);

export const answer = (state, { answers, now, fields, url, trap }) => ({
  id: state.ask,
  version: state.content.version,
  answers: { ...answers },
  completed: state.completed,
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
