// How long a code is still good. Pure: no page, no clock, no network.
const DAY_MS = 864e5;

// What is left until the server's own end of a code: by the second on its last day, the day before that.
export const sayLeft = (end, now, { ui, language }) => {
  const left = end - now;
  if (left > DAY_MS) return ui.until.replace("{day}", new Date(end).toLocaleDateString(language, { dateStyle: "long" }));
  return left > 0 ? ui.left.replace("{time}", new Date(left).toISOString().slice(11, 19)) : ui.gone;
};
