// What the card of points needs beyond the style sheet of every widget.
import { makeStyle } from "../core/dom.js";

export const pointsStyle = makeStyle(`
.frame { container-type: inline-size }
.points { display: grid; gap: 2.25em; max-width: 60em; padding: clamp(1.25em, 4vw, 2.25em); outline: none }
h2 { font-size: 1.0625em; font-weight: 600 }
h3 { margin-block-end: .75em; font-size: 1.125em; font-weight: 650 }
a { color: var(--accent); text-underline-offset: .2em }
.head { display: grid; gap: 1.5em 3em }
.balance { margin-block: .125em .375em; font-size: 1.125em; color: var(--muted) }
.balance b { font-size: 2.75em; font-weight: 650; line-height: 1.15; letter-spacing: -.02em; color: var(--text); font-variant-numeric: tabular-nums }
.tier { display: grid; gap: .5em; align-content: start }
.name { display: flex; flex-wrap: wrap; align-items: center; gap: .375em .75em; font-size: .875em; color: var(--muted) }
.name b { padding: .25em .875em; border-radius: 2em; background: var(--tint); color: var(--accent); font-size: 1.0714em }
.next { font-weight: 600 }
.invitation { display: grid; gap: .75em; justify-items: start; align-content: center }
h2 + .muted { margin-block-start: .375em }
.rewards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20em), 1fr)); gap: .75em }
.rewards:has(.sure) { align-items: start }
.rewards > li { display: grid; gap: .75em; align-content: space-between; padding: 1em; border: 1px solid var(--faint); border-radius: var(--round); overflow-wrap: anywhere }
.price { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5em; font-variant-numeric: tabular-nums }
.price .send { width: auto }
.rewards .fill { height: .25em }
.ways { columns: 22em 2; column-gap: 3em }
.ways > li { display: flex; align-items: center; justify-content: space-between; gap: 1em; min-height: 3.5em; padding-block: .5em; border-block-end: 1px solid var(--faint); break-inside: avoid }
.ways b { color: var(--accent); font-variant-numeric: tabular-nums }
.ways a { display: inline-block; padding-block: .75em }
.done, .done a { color: var(--muted) }
.done svg { width: 1.25em; height: 1.25em; color: var(--accent) }
.codes { display: grid; gap: .75em }
code { letter-spacing: .04em }
.sure { display: grid; gap: .75em; outline-offset: .5em }
.sure button { flex: 1 1 auto; padding: .25em 1em }
.history li { display: grid; grid-template-columns: 1fr auto; gap: .125em 1em; padding-block: .875em; border-block-end: 1px solid var(--faint); font-variant-numeric: tabular-nums }
.history li > p { display: grid }
.history ol { margin-block-start: .5em }
.history ol + .muted, .history ol ~ .quiet { margin-block-start: 1em }
.gain { color: var(--accent) }
details { grid-column: 1 / -1; font-size: .875em; color: var(--muted) }
summary { padding-block: .875em; width: fit-content; cursor: pointer; text-decoration: underline; text-underline-offset: .2em }
details p { margin-block-end: .375em; text-wrap: pretty }
@container (min-width: 44em) {
  .head { grid-template-columns: 1fr 1fr }
}
`);
