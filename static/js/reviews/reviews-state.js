// Which reviews are asked for, and how they are told of. Pure: no page, no clock, no network.
import { fill } from "../core/words.js";

const LONG_LETTERS = 600;
const LONG_LINES = 8;

// The product, the order and what is filtered by, as the server names them; without a product the wall.
export const begin = (product, sort) => ({ product, sort });

// What is chosen again is taken off.
export const toggle = (state, name, value) => ({ ...state, [name]: state[name] == value ? "" : value });
export const clear = ({ product, sort }) => begin(product, sort);
export const isFiltered = ({ product, sort, ...filters }) => Object.values(filters).some(Boolean);

export const address = (state, cursor) => {
  const values = Object.entries({ ...state, cursor }).filter(([, value]) => value);
  return `/reviews?${values.map((pair) => pair.map(encodeURIComponent).join("=")).join("&")}`;
};

// Only five of five is five: nothing is rounded up to it.
export const roundAverage = (average) => (average < 5 ? Math.min(4.9, Math.round(average * 10) / 10) : 5);

export const isLong = (body) => body.length > LONG_LETTERS || body.split("\n").length > LONG_LINES;

// The texts of a language, filled in. Digits are those the texts themselves are written with.
export const makeWords = (ui, language) => {
  const latin = `${language}-u-nu-latn`;
  const { format } = new Intl.NumberFormat(latin);
  const days = new Intl.DateTimeFormat(latin, { dateStyle: "long" });
  return {
    ui,
    number: format,
    say: (name, values) => fill(ui[name], values),
    count: (name, n) => fill(ui[name], { n: format(n) }, language, n),
    average: (n) => fill(ui.average, { average: format(n) }),
    day: (time) => days.format(new Date(time)),
  };
};
