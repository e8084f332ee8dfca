// What the owner asks beyond stars, as small scales.
import { make, makeStyle } from "../core/dom.js";
import { buildEnds } from "../core/parts.js";
import { meanOf } from "./attributes-state.js";

export const attributesStyle = makeStyle(`
.facts { display: flex; flex-wrap: wrap; gap: .75em 1.5em; margin-block-start: 1em; font-size: .875em }
.facts > div { flex: 0 1 12em; min-width: 8em }
.side .facts { margin: 0 }
.side .facts > div { flex: 1 1 12em }
dt { color: var(--muted) }
.scale-mark { display: block; position: relative; height: 4px; margin-block: .625em .375em; border-radius: 2px; background: var(--faint) }
.scale-mark::before { content: ""; position: absolute; inset-block-start: -4px; inset-inline-start: calc(var(--at) * (100% - 12px)); width: 12px; height: 12px; border-radius: 50%; background: var(--accent) }
.ends { margin: 0; font-size: .875em }
@media (forced-colors: active) {
  .scale-mark, .scale-mark::before { forced-color-adjust: none; background: CanvasText }
}
`);

// A mark between two ends, or what was chosen.
const buildAttribute = (words, { label, low = "1", high = "5", choices }, value) => {
  const name = make("dt", {}, label);
  if (choices) return [name, make("dd", {}, choices.find(({ id }) => id == value)?.label || value)];
  const told = words.say("scale", { label, value: words.number(value), low, high });
  const mark = make("span", { class: "scale-mark", role: "img", "aria-label": told });
  mark.style.setProperty("--at", (value - 1) / 4);
  return [name, make("dd", {}, mark, buildEnds(low, high))];
};

const buildFacts = (words, pairs) =>
  pairs.length ? make("dl", { class: "facts" }, ...pairs.map(([one, value]) => make("div", {}, ...buildAttribute(words, one, value)))) : "";

export const describe = (words, attributes, said) =>
  buildFacts(words, attributes.filter(({ key }) => said[key] != null).map((one) => [one, said[one.key]]));

export const describeMeans = (words, attributes, counts) => {
  const pairs = attributes.map((one) => [one, one.type == "scale" && meanOf(counts[one.key])]);
  return buildFacts(words, pairs.filter(([, mean]) => mean));
};
