// What a campaign needs beyond the style sheets of every widget and of forms.
import { makeStyle } from "../core/dom.js";

export const popupStyle = makeStyle(`
.frame { --lift: 0px }
dialog.sheet { inset: 0; margin: auto; height: fit-content; max-width: none; color: inherit; outline: none }
dialog::backdrop { background: rgb(0 0 0 / .5) }
.close { width: max(44px, 2.75em); height: max(44px, 2.75em) }
.inside { display: grid; gap: .75em }
h2 { padding-inline-end: 1.5em; font-size: 1.375em; line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere }
img { width: 100%; height: auto; max-height: 14em; object-fit: cover; border-radius: var(--round) }
.sheet img { margin-block-start: 2em }
.text, .checkbox { color: var(--muted); text-wrap: pretty; white-space: pre-line }
.small img, .small form { display: none }
label { display: grid; gap: .375em; font-size: .9375em }
.checkbox { grid-template-columns: auto 1fr; gap: .75em; padding-block: .5em; cursor: pointer }
.checkbox input { width: 1.75em; height: 1.75em; margin: 0; accent-color: var(--accent) }
label + .wrong { margin-block-start: .375em }
.inside .send { width: 100%; margin: 0 }
.inside .thanks { padding: 0 }
a { color: inherit }
dialog > .inside > .quiet { margin-block-end: -.75em }
.slip { font-variant-numeric: tabular-nums }
code { font-size: 1.25em }
.frame .small { max-height: 30dvh; padding-block: .875em }
.small .text { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden }
@media (max-width: 30em) {
  dialog.sheet { inset-block-start: auto; margin: 0 }
}
`);
