// What a review's form takes and what it sends. Pure: no page, no clock, no network.
export const LIMITS = { __proto__: null, title: 150, body: 5000, name: 100 };
const DRAFT_LASTS_MS = 864e5;

// How many characters are left, said only near the limit; below zero, so many are too many.
export const countLeft = (name, text = "") => {
  const left = LIMITS[name] - [...text].length;
  return left > LIMITS[name] / 10 ? null : left;
};

// The server has the same rule.
export const nameShown = (name = "", form) => {
  const words = name.match(/\S+/g) || [];
  if (form == "full" || !words[0]) return words.join(" ");
  const letter = (word) => `${[...word][0]}.`;
  const last = words[1] ? ` ${letter(words.at(-1))}` : "";
  return (form == "initial" ? words[0] : letter(words[0])) + last;
};

// What is missing or wrong, as a word of the content's errors, by the field it is wrong with.
export const findErrors = (fields, isStranger) => {
  const errors = { __proto__: null };
  if (!fields.rating) errors.rating = "rating";
  if (isStranger && !fields.name?.trim()) errors.name = "name";
  for (const name in LIMITS) if (countLeft(name, fields[name]) < 0) errors[name] = name == "name" ? "name_long" : name;
  if (isStranger && !/^\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*$/.test(fields.email)) errors.email = "email";
  return errors;
};

// The server points at "#/attributes/fit"; the field here is called attribute.fit.
export const readErrors = ({ errors = [] }) => {
  const found = { __proto__: null };
  for (const { pointer = "" } of errors) {
    const [, name, key] = pointer.split("/");
    if (name == "attributes") found[`attribute.${key}`] = "attribute";
    else found[name] = ["title", "body", "email"].includes(name) ? name : "fields";
  }
  return found;
};

// Empty fields are left out; an attribute of a scale is a number.
export const bodyOf = ({ id, fields, media, context }, definitions) => {
  const body = { id, ...context, rating: +fields.rating, attributes: {} };
  for (const name of ["title", "body", "name", "email", "website"]) {
    const text = fields[name]?.trim();
    if (text) body[name] = text;
  }
  for (const { key, type } of definitions) {
    const value = fields[`attribute.${key}`];
    if (value) body.attributes[key] = type == "scale" ? +value : value;
  }
  body.media = media.map(({ id: one, secret = "" }) => ({ id: one, secret }));
  return body;
};

// A review as the fields of the form that changes it.
export const fieldsOf = ({ rating, title, body, name, attributes }) => {
  const fields = { rating, title, body, name };
  for (const key in attributes) fields[`attribute.${key}`] = attributes[key];
  return fields;
};

// Drafts by product; what is older than a day is forgotten, as the server forgets its photos.
const listRecent = (drafts, now) => Object.entries(drafts || {}).filter(([, { at }]) => now - at < DRAFT_LASTS_MS);

export const keepDraft = (drafts, product, draft, now) => {
  const others = listRecent(drafts, now).filter(([name]) => name != product);
  return Object.fromEntries(draft ? [...others, [product, { ...draft, at: now }]] : others);
};

// `of` is the review a draft would change; a draft of a new one is none of it.
export const findDraft = (drafts, product, of, now) =>
  listRecent(drafts, now).find(([name, draft]) => name == product && draft.of == of)?.[1];
