// What the rarer steps need beyond the style sheet of every widget.
import { makeStyle } from "../core/dom.js";

export const questionsStyle = makeStyle(`
.progress { margin-block-end: .5em; font-size: .8125em; color: var(--muted) }
.sheet .progress { padding-inline-end: 2.5em }
.bar { height: 4px; margin-block-end: 1em; border-radius: 2px; background: var(--faint) }
.bar span { display: block; height: 100%; border-radius: 2px; background: var(--accent); transition: width .2s }
.bar ~ fieldset legend { padding-inline-end: 0 }
.hint { margin-block: -.5em .75em }
.nav { display: flex; align-items: center; justify-content: space-between; gap: .5em; margin-block-start: 1.125em }
.nav .send { width: auto }
.back { margin-inline-start: -.75em; font-weight: 500 }
.options { display: grid; gap: .375em }
.options .choice { display: flex; align-items: center; gap: .625em; min-height: 2.75em; padding: .375em .75em; border: 1px solid var(--border); border-radius: var(--round); cursor: pointer; transition: .15s }
.options input { position: static; flex: none; width: 1.125em; height: 1.125em; opacity: 1; accent-color: var(--accent) }
.options .mark { display: block; flex: 1; min-height: 0; border: 0; background: none; color: inherit; outline: none; overflow-wrap: anywhere }
.options .choice:hover, .options .choice:has(:checked) { border-color: var(--accent); background: var(--tint) }
.options .choice:has(:checked) { box-shadow: inset 0 0 0 1px var(--accent) }
.options + input { margin-block-start: .5em }
.chips { display: flex; flex-wrap: wrap; gap: .5em }
.chips .mark { min-height: 2.5em; padding: .25em 1em; border-radius: 1.25em }
.consent { display: flex; gap: .625em; margin-block-start: 1em; font-size: .875em; cursor: pointer }
.consent input { flex: none; width: 1.5em; height: 1.5em; margin: 0; accent-color: var(--accent) }
.date { display: flex; flex-wrap: wrap; align-items: end; gap: .5em }
.date label { flex: 1 5em; font-size: .875em }
.date label:has([name$=month]) { flex-grow: 2 }
.date span { display: block; margin-block-end: .25em; color: var(--muted) }
.is-emoji .mark, .is-stars .mark { min-height: 3.25em }
.is-stars .mark { border-color: transparent; background: none; color: var(--muted) }
.is-stars :checked + .mark, .is-stars .choice:has(~ .choice :checked) .mark { color: var(--accent) }
.is-stars :checked + .mark svg, .is-stars .choice:has(~ .choice :checked) svg { fill: currentColor }
.end { display: grid; justify-items: start; gap: 1.125em; outline: none }
.outcome { padding-inline-end: 2em }
h2 { margin-block-end: .375em; font-size: 1.25em; line-height: 1.25 }
@media (forced-colors: active) {
  .bar { border: 1px solid; height: 6px }
  .bar span { forced-color-adjust: none; background: Highlight }
  .is-stars :checked + .mark { background: none; color: Highlight }
  .is-stars .choice:has(~ .choice :checked) .mark { forced-color-adjust: none; color: Highlight }
}
`);
