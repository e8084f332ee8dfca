// Texts of the server with places to fill.

// Puts values where the text has {n} and {name}; of a text with several forms, that of the number.
export const fill = (text, values = {}, language, n = values.n) => {
  const said = text.other ? text[new Intl.PluralRules(language).select(n)] || text.other : text;
  return said.replace(/{(\w+)}/g, (_, name) => values[name]);
};
