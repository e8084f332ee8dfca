// What forms need beyond the style sheet of every widget: choices, scales, and the thanks that take a form's place.
import { makeStyle } from "./dom.js";

export const formStyle = makeStyle(`
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; outline: none }
legend { margin-block-end: .875em; font-weight: 600; font-size: 1.0625em; line-height: 1.35; text-wrap: pretty }
.scale { display: grid; grid-template-columns: repeat(var(--choices), minmax(24px, 1fr)); gap: min(.25em, (100% - 24px * var(--choices)) / (var(--choices) - 1)) }
.choice { position: relative }
.choice input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer }
.mark {
  display: grid; place-items: center; min-height: 2.75em; border-radius: var(--round);
  border: 1px solid var(--border); font-size: .9375em; font-variant-numeric: tabular-nums; transition: .15s;
}
.mark svg { width: 2.25em; height: 2.25em; stroke-width: 1.5 }
.csat .mark { min-height: 3.75em }
:hover + .mark { border-color: var(--accent); background: var(--tint) }
:checked + .mark { background: var(--accent); border-color: var(--accent); color: var(--accent_text); font-weight: 600 }
:focus-visible + .mark { outline: 2px solid var(--accent); outline-offset: 2px }
.chosen { color: var(--text); text-align: center }
.more > .send, form > .send { display: grid; margin-block-start: .875em; margin-inline-start: auto }
.more { margin-block-start: 1.125em; animation: rise .28s ease-out }
.more label { display: block; margin-block-end: .5em; font-weight: 500; font-size: .9375em }
.optional { color: var(--muted); font-weight: 400 }
textarea { min-height: 5.25em; resize: vertical }
.thanks { display: flex; align-items: center; gap: .875em; min-height: 2.25em; outline: none }
.thanks svg {
  flex: none; width: 2.25em; height: 2.25em; padding: .45em; border-radius: 50%; stroke-width: 2.5;
  color: var(--accent); background: var(--tint);
}
.thanks + .note { color: var(--muted); font-weight: 400 }
@keyframes rise { from { opacity: 0; transform: translateY(1em) } }
@container (max-width: 263px) {
  .nps .scale { grid-template-columns: repeat(6, 1fr) }
}
@media (forced-colors: active) {
  :checked + .mark { forced-color-adjust: none; background: Highlight; border-color: Highlight; color: HighlightText }
}
`);
