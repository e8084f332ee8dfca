// The mean of what was said of an attribute, from how often each value was; null where nobody said any.
// Pure: no page, no clock, no network.
export const meanOf = (counts = {}) => {
  let said = 0;
  let sum = 0;
  for (const [value, count] of Object.entries(counts)) {
    said += count;
    sum += value * count;
  }
  return said ? sum / said : null;
};

