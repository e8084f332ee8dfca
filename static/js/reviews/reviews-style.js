// What lists of reviews need beyond the style sheet of every widget.
import { makeStyle } from "../core/dom.js";

export const reviewsStyle = makeStyle(`
.frame { container: reviews / inline-size }
.reviews { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2em }
.side { display: flex; flex-direction: column; gap: 1.25em }
h2 { font-size: 1.5em; font-weight: 650; line-height: 1.2; overflow-wrap: anywhere }
h3 { max-width: 40em; margin-block-end: .25em; font-size: 1.0625em; font-weight: 600; line-height: 1.35; overflow-wrap: anywhere }
.stars { width: 6.25em; height: 1.25em; flex: none; stroke: none; fill: var(--faint) }
.stars svg { width: auto; height: auto; display: inline; stroke: none }
.lit { fill: var(--accent) }
[dir=rtl] .stars { transform: scaleX(-1) }
.score { display: flex; align-items: center; gap: .875em; color: var(--muted) }
.average { font-size: 3.25em; font-weight: 650; line-height: 1; letter-spacing: -.02em; color: var(--text) }
.score .stars { margin-block-end: .25em }
.none { display: grid; gap: .375em; color: var(--muted) }
.none b { color: var(--text) }
.side [role=group] { display: grid }
.bar, .quiet, .link, .more { color: var(--muted); font-size: .875em; font-variant-numeric: tabular-nums }
.bar { display: grid; grid-template-columns: .75em 1fr minmax(2em, auto); align-items: center; gap: .75em; min-height: 2.125em; text-align: end }
.bar:disabled { cursor: default }
.bar:enabled:hover { color: var(--text) }
.more:hover { background: var(--tint) }
.bar[aria-pressed=true] { color: var(--text); font-weight: 700 }
.side .send { width: 100% }
.writing { margin-block-end: 2em }
summary { padding-block: .375em; border-radius: var(--round); cursor: pointer; text-decoration: underline; text-underline-offset: .2em; text-decoration-color: var(--border) }
details ul { display: grid; gap: .5em; margin-block-start: .5em; text-wrap: pretty }
.controls { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: .75em; padding-block-end: 1.25em }
.pick { display: grid; gap: .25em; font-size: .875em; color: var(--muted) }
select { color: var(--text); cursor: pointer }
.link { min-height: 2.75em; color: var(--accent); text-decoration: underline; text-underline-offset: .2em }
.list[aria-busy] { opacity: .45 }
.main > .note { margin-block: 0 1.25em }
.review { padding-block: 1.5em 1em; border-block-start: 1px solid var(--faint); outline-offset: -2px }
.by { display: flex; flex-wrap: wrap; align-items: center; gap: .25em .75em; margin-block-end: .5em; font-size: .875em; color: var(--muted) }
.body { max-width: 42em; white-space: pre-line; overflow-wrap: anywhere; text-wrap: pretty }
.cut { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 7; overflow: hidden }
.media { display: flex; flex-wrap: wrap; gap: .5em; margin-block-start: 1em }
.photo { width: 6em; height: 6em }
.video { width: min(20em, 100%); aspect-ratio: 16 / 9 }
.thumb { display: block; width: 100%; height: 100%; outline-offset: -2px; cursor: zoom-in }
.media img, video { display: block; width: 100%; height: 100%; object-fit: cover }
.media > li { border-radius: var(--round); background: var(--faint); overflow: hidden }
.tags { display: flex; flex-wrap: wrap; align-items: center; gap: .375em .875em; margin-block-start: 1em; font-size: .875em }
.tags b { overflow-wrap: anywhere; min-width: 0 }
.tag { display: inline-flex; align-items: center; gap: .375em; color: var(--muted); overflow-wrap: anywhere; min-width: 0 }
.tag svg { width: 1.125em; height: 1.125em; flex: none }
.verified { color: var(--accent); font-weight: 500 }
.verified svg { stroke-width: 2.5 }
.paid { padding: .125em .625em; border-radius: 1em; background: var(--tint); color: var(--text) }
.reply { margin-block-start: 1em; padding: .875em 1em; border-inline-start: 3px solid var(--accent); background: var(--tint) }
.reply b { color: var(--text) }
.acts { display: flex; flex-wrap: wrap; align-items: center; gap: .25em 1.25em; margin-block-start: .625em }
.acts .quiet { display: inline-flex; align-items: center; gap: .5em; padding: 0 }
.acts .quiet:hover { background: none }
.quiet[aria-pressed=true] { color: var(--accent); font-weight: 600 }
.more { display: block; width: 100%; min-height: 3.25em; margin-block-start: .5em; border: 1px solid var(--border); color: var(--text); font-weight: 600 }
.wall .list { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18em, 100%), 1fr)); gap: 1.25em; margin-block-start: 1.5em }
.wall .review { border: 1px solid var(--faint); border-radius: calc(var(--radius) * 1px); padding-inline: 1.25em }
@container reviews (min-width: 50em) {
  .reviews { grid-template-columns: 17em minmax(0, 1fr); gap: clamp(2.5em, 6cqi, 5em) }
}
@media (forced-colors: active) {
  .stars { forced-color-adjust: none; fill: GrayText }
  .lit { fill: CanvasText }
}
`);
