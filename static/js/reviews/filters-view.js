// What reviews can be filtered by beside their stars; comes when somebody wants to filter.
import { giveFocus, make, makeButton } from "../core/dom.js";
import { clear, isFiltered, toggle } from "./reviews-state.js";
import { buildSelect } from "./reviews-view.js";

const SCALE = ["1", "2", "3", "4", "5"];

// Each value with how many reviews have it, and nothing that all have or none has.
const listPicks = ({ words, content }, { languages, attributes }) => {
  const { ui } = words;
  const names = new Intl.DisplayNames(content.language, { type: "language" });
  const offer = (name, label, values) => {
    const given = values.filter(([, , count]) => count);
    const choices = given.map(([value, text, count]) => [value, `${text} (${words.number(count)})`]);
    return [name, label, choices.length > 1 ? [["", ui.all], ...choices] : []];
  };
  const all = content.attributes.map(({ key, label, low, high, choices }) => {
    const ends = { 1: low, 5: high };
    const values = choices
      ? choices.map((choice) => [choice.id, choice.label])
      : SCALE.map((value) => [value, ends[value] ? `${value} · ${ends[value]}` : value]);
    return offer(`attribute.${key}`, label, values.map(([value, text]) => [value, text, attributes[key]?.[value]]));
  });
  const spoken = Object.entries(languages).map(([code, count]) => [code, names.of(code), count]);
  return [offer("language", ui.language, spoken), ...all].filter(([, , choices]) => choices.length);
};

const buildPanel = (context, summary, getState, change) => {
  const { ui, number } = context.words;
  const state = getState();
  const switches = [["photos", ui.with_photos, summary.with_photos], ["verified", ui.only_verified, summary.verified]];
  const chips = switches
    .filter(([name, , count]) => state[name] || (count && count < summary.reviews))
    .map(([name, text, count]) => {
      const press = (chip) => {
        change(toggle(getState(), name, "1"));
        chip.setAttribute("aria-pressed", !!getState()[name]);
        look();
      };
      const chip = makeButton("chip", press, `${text} (${number(count)})`);
      chip.setAttribute("aria-pressed", !!state[name]);
      return chip;
    });
  const picks = listPicks(context, summary).map(([name, label, choices]) =>
    buildSelect(label, choices, state[name] || "", (value) => {
      change({ ...getState(), [name]: value });
      look();
    }),
  );
  const reset = makeButton("link", () => {
    change(clear(getState()));
    const fresh = buildPanel(context, summary, getState, change);
    panel.replaceWith(fresh);
    giveFocus(fresh);
  }, ui.clear);
  const look = () => (reset.hidden = !isFiltered(getState()));
  look();
  const panel = make("div", { class: "panel", role: "group", "aria-label": ui.filters, tabindex: "-1" }, ...picks, ...chips, reset);
  return panel;
};

export const toggleFilters = (context, button, place, summary, getState, change) => {
  const isOpen = !place.firstChild;
  place.replaceChildren(...(isOpen ? [buildPanel(context, summary, getState, change)] : []));
  button.setAttribute("aria-expanded", isOpen);
};
