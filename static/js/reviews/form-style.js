// What a review's form needs beyond the style sheet of every widget.
import { makeStyle } from "../core/dom.js";

export const reviewFormStyle = makeStyle(`
.review { padding: clamp(1.25em, 5vw, 2em) }
h2 { font-size: 1.375em; line-height: 1.25; text-wrap: balance }
h2 + .hint { margin-block: .375em 1.5em; font-size: .9375em }
.part { margin-block-end: 1.5em }
.part > legend, label[for] { display: block; margin-block-end: .5em; font-weight: 600; font-size: .9375em; line-height: 1.35 }
.hint { margin-block-start: .375em; font-size: .8125em; color: var(--muted) }
.wrong { margin-block-start: .5em }
textarea { min-height: 8em }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .5em }
.chips .mark { padding: .25em 1em }
.steps .choice { flex: 1; max-width: 5em }
.steps + .ends { max-width: 33em }
.stars { gap: 0; margin-inline-start: -.25em }
.stars .mark { width: 2.933em; border: 0; background: none; color: var(--muted) }
.stars .mark svg { width: 2.375em; height: 2.375em }
.stars .choice:has(:checked, ~ .choice :checked) .mark, .stars:hover .choice:has(:hover, ~ .choice:hover) .mark { color: var(--accent) }
.stars .choice:has(:checked, ~ .choice :checked) svg { fill: currentColor }
.chosen { margin-inline-start: .5em; font-size: .9375em }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(5.5em, 1fr)); gap: .625em }
.add { position: relative; display: grid; place-content: center; justify-items: center; gap: .25em; aspect-ratio: 1; padding: .25em; border: 1px dashed var(--border); border-radius: var(--round); color: var(--muted); font-size: .8125em; text-align: center; overflow: hidden }
.add:hover, .over .add { border-color: var(--accent); background: var(--tint); color: var(--text) }
.add:focus-within { outline: 2px solid var(--accent); outline-offset: 2px }
.add input { position: absolute; inset: 0; opacity: 0; font-size: 0; cursor: pointer }
.quiet { margin-block-start: 1em; text-decoration: underline; text-underline-offset: .2em }
.sure { margin-block-start: 1.5em; padding-block-start: 1.25em; border-block-start: 1px solid var(--border) }
.sure p { margin-block-end: 1em }
.sure .send { width: auto }
@media (forced-colors: active) {
  .stars .choice:has(:checked, ~ .choice :checked) .mark { forced-color-adjust: none; background: none; color: Highlight }
}
`);
