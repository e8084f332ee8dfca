// What this browser remembers. The loader's read and write survive storage that is missing,
// full or forbidden, and keep everything in memory until the shopper consents.
const QUEUE_LIMIT = 50;

export const markAsked = (page, surveyId, now = Date.now()) =>
  page.write({ asked: { ...page.read().asked, [surveyId]: now }, asked_at: now });

export const markAnswered = (page, surveyId, answer) =>
  page.write({ answered: { ...page.read().answered, [surveyId]: answer } });

// The last answer, unless `days` have passed since and it may be asked again.
export const findAnswered = (page, surveyId, days, now = Date.now()) => {
  const answer = page.read().answered?.[surveyId];
  return answer?.ask && now - answer.at < (days ?? Infinity) * 864e5 ? answer : null;
};

export const listQueue = (page) => {
  const { queue } = page.read();
  return Array.isArray(queue) ? queue.filter((item) => item?.path && item.body) : [];
};

// An answer that goes on takes the place of what it was before.
export const enqueue = (page, item) => {
  const others = listQueue(page).filter(({ body }) => !body.id || body.id != item.body.id);
  page.write({ queue: [...others, item].slice(-QUEUE_LIMIT) });
};

export const dequeue = (page, item) =>
  page.write({ queue: listQueue(page).filter(({ key }) => key != item.key) });
