// What readers of reviews open needs beyond the style sheet of lists.
import { makeStyle } from "../core/dom.js";

export const readingStyle = makeStyle(`
.panel { display: flex; flex-wrap: wrap; align-items: end; gap: .75em; margin-block-end: 1.25em; padding: 1em; border-radius: var(--round); background: var(--tint); outline: none }
.chip { min-height: 2.75em; padding: 0 .875em; border: 1px solid var(--border); background: var(--background); color: var(--text); font-size: .9375em }
.chip:hover { border-color: var(--accent) }
.chip[aria-pressed=true] { border-color: var(--accent); background: var(--accent); color: var(--accent_text) }
.photos { position: fixed; inset: 0; width: 100%; height: 100%; max-width: none; max-height: none; margin: 0; padding: 3.5em 1em 1em; border: 0; overflow: hidden; background: rgb(12 12 16 / .97); color: #fff }
.photos[open] { display: grid; grid-template-rows: minmax(0, 1fr) auto; justify-items: center; gap: .75em }
.photos::backdrop { background: none }
.photos img { max-width: 100%; max-height: 100%; width: auto; height: auto; align-self: center; object-fit: contain; border-radius: var(--round) }
.told { font-size: .875em; text-align: center }
.shut, .step { position: absolute; display: grid; place-items: center; width: 3em; height: 3em; border-radius: 50%; background: rgb(0 0 0 / .55); color: #fff }
.shut { inset-block-start: .5em; inset-inline-end: .5em }
.step { inset-block-start: calc(50% - 1.5em) }
.back { inset-inline-start: .5em }
.on { inset-inline-end: .5em }
[dir=rtl] .step svg { transform: scaleX(-1) }
.shut:hover, .step:hover { background: rgb(70 70 80 / .8) }
.photos :focus-visible { outline-color: #fff }
.report { max-width: 32em; margin-block: .75em; padding: 1em 1.25em; border: 1px solid var(--faint); border-radius: var(--round) }
.report .acts { margin: .75em 0 0 }
.reason { display: flex; align-items: center; gap: .625em; min-height: 2.5em; cursor: pointer }
.reason input { width: 1.125em; height: 1.125em; flex: none; margin: 0; accent-color: var(--accent) }
.report > label { display: block; margin-block: .75em .375em; font-size: .9375em; font-weight: 500 }
`);
