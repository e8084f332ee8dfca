// What the card of referrals needs beyond the style sheet of every widget.
import { makeStyle } from "../core/dom.js";

export const referralStyle = makeStyle(`
.frame { container-type: inline-size; --round: calc(var(--radius) * .6px) }
.card { display: grid; gap: 1.5em; max-width: 44em; outline: none }
.card:has(form) { gap: .5em }
.card + .card { margin-block-start: 1em }
h2, h3, ul { margin: 0; padding: 0; list-style: none; font-size: 1em; line-height: 1.3 }
h2 { font-size: 1.25em }
.muted, span { font-size: .875em; font-weight: 400; color: var(--muted) }
.link, form { display: grid; gap: .75em }
.code { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75em; padding: .75em; border: 1px dashed var(--accent); border-radius: var(--round) }
code { font: 600 1em ui-monospace, monospace; user-select: all; overflow-wrap: anywhere }
.ways { display: flex; flex-wrap: wrap; gap: .5em }
.quiet, input { display: grid; place-items: center; min-height: 2.75em; padding: 0 1em; border: 1px solid var(--border); border-radius: var(--round); background: none; color: inherit; text-decoration: none }
.send { display: grid; place-items: center; margin: 0; text-decoration: none; justify-self: start }
.qr { width: 9em; height: 9em; border-radius: .5em; background: #fff; fill: #000; stroke: none; shape-rendering: crispEdges }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7em, 1fr)); gap: 1em }
.figures b { display: block; font-size: 1.5em }
.rows li { display: flex; flex-wrap: wrap; gap: 0 1em; padding-block: .75em; border-block-end: 1px solid var(--tint) }
span + span { margin-inline-start: auto }
.note { margin: 0 }
`);
