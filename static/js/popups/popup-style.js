// What a campaign needs beyond the style sheet of every widget.
import { makeStyle } from "../core/dom.js";

export const popupStyle = makeStyle(`
.frame { --lift: 0px }
dialog.sheet { inset: 0; margin: auto; height: fit-content; max-width: none; color: inherit; outline: none }
dialog::backdrop { background: rgb(0 0 0 / .5) }
.close { width: max(44px, 2.75em); height: max(44px, 2.75em) }
.inside { display: grid; gap: .75em }
h2 { margin: 0; padding-inline-end: 1.5em; font-size: 1.375em; line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere }
img { width: 100%; height: auto; max-height: 14em; object-fit: cover; border-radius: calc(var(--radius) * .6px) }
.sheet img { margin-block-start: 2em }
.text, .checkbox { color: var(--muted); text-wrap: pretty; white-space: pre-line }
.text:empty, .wrong:empty, .small img, .small form { display: none }
label { display: grid; gap: .375em; font-size: .9375em }
input, select { width: 100%; min-height: 2.75em; padding: .25em .75em; background: var(--background); border: 1px solid var(--border); border-radius: calc(var(--radius) * .6px) }
.checkbox { grid-template-columns: auto 1fr; gap: .75em; padding-block: .5em; cursor: pointer }
.checkbox input { width: 1.75em; min-height: 1.75em; margin: 0; accent-color: var(--accent) }
.wrong { margin-block-start: .375em; padding-inline-start: .625em; border-inline-start: 3px solid; font-size: .875em; font-weight: 500 }
.inside .send { display: grid; place-items: center; width: 100%; margin: 0; text-decoration: none }
.inside .thanks { padding: 0 }
a { color: inherit }
.quiet { min-height: 2.75em; padding: 0 1em; border: 1px solid var(--border); border-radius: calc(var(--radius) * .6px); background: none; cursor: pointer }
dialog > .inside > .quiet { border: 0; margin-block-end: -.75em; color: var(--muted) }
.quiet:hover { background: var(--tint) }
.code { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75em; padding: 1em; border: 1px dashed var(--accent); border-radius: calc(var(--radius) * .6px); background: var(--tint); font-variant-numeric: tabular-nums }
code { font: 600 1.25em/1.4 ui-monospace, monospace; user-select: all; overflow-wrap: anywhere }
.frame .small { max-height: 30dvh; padding-block: .875em }
.small .text { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden }
@media (max-width: 30em) {
  dialog.sheet { inset-block-start: auto; margin: 0 }
}
`);
