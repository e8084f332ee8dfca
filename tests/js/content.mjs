// A survey's content as the server gives it.
const BUCKETS = [...Array(7).fill("detractor"), "passive", "passive", "promoter", "promoter"];

export const npsContent = () => ({
  id: "0190f3a0-0000-7000-8000-000000000001",
  kind: "nps",
  version: 3,
  language: "en",
  choices: BUCKETS.map((_, score) => ({ score, label: `${score}` })),
  low_label: "Not at all likely",
  high_label: "Extremely likely",
  buckets: BUCKETS,
  follow_up: { promoter: "What did you like?", passive: "What is missing?", detractor: "What went wrong?" },
  thanks: { promoter: "Glad!", passive: "Thanks.", detractor: "Sorry." },
});

export const csatContent = () => ({
  ...npsContent(),
  kind: "csat",
  choices: ["Awful", "Bad", "So-so", "Good", "Great"].map((label, place) => ({ score: place + 1, label })),
  low_label: "Awful",
  high_label: "Great",
  buckets: ["dissatisfied", "dissatisfied", "neutral", "satisfied", "satisfied"],
  follow_up: { dissatisfied: "What went wrong?" },
  thanks: { satisfied: "Glad!", neutral: "Thanks.", dissatisfied: "Sorry." },
});
