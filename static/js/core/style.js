// The one style sheet of every widget: its frame, and the parts that pages of forms and lists are made of.
import { makeStyle } from "./dom.js";

// Sizes are in em of the reader's own font size, whatever the page makes of rem.
export const style = makeStyle(`
:host { display: block }
[hidden], :empty:is(.wrong, .hint) { display: none !important }
*, ::before, ::after { box-sizing: border-box }
.frame {
  all: initial; display: block; font: 400 medium/1.45 var(--font), system-ui, sans-serif; color: var(--text);
  --tint: color-mix(in srgb, var(--accent) 10%, transparent); --faint: color-mix(in srgb, var(--border) 30%, transparent);
  --round: calc(var(--radius) * .6px);
}
.sheet, .card {
  padding: min(1.25em, 5vw); background: var(--background); border-radius: calc(var(--radius) * 1px);
  border: 1px solid color-mix(in srgb, var(--border) 40%, transparent);
}
.card { max-width: 36em; margin-inline: auto }
.logo { display: block; width: auto; height: auto; max-width: 60%; max-height: 2.5em; margin-block-end: .875em }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
button, textarea, input, select, legend, h2, h3, ol, ul, dl, dd, p { font: inherit; color: inherit; margin: 0; padding: 0; list-style: none }
b { font-weight: 600 }
h2 { font-weight: 700 }
svg {
  width: 1.5em; height: 1.5em; display: block; fill: none; stroke: currentColor;
  stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round;
}
button { border: 0; border-radius: var(--round); background: none; cursor: pointer }
button, .mark { transition: .15s }
.send {
  display: block; margin-block-start: .875em; margin-inline-start: auto; min-height: 2.75em; padding: 0 1.5em; border: 1px solid transparent;
  border-radius: var(--round); background: var(--accent); color: var(--accent_text); font-weight: 600; text-decoration: none; cursor: pointer;
}
.send:hover { filter: brightness(1.08) }
.quiet { min-height: 2.75em; padding: 0 .75em; color: var(--muted) }
.quiet:hover { background: var(--tint); color: var(--text) }
.muted { font-size: .875em; color: var(--muted); text-wrap: pretty }
.wrong { padding-inline-start: .625em; border-inline-start: 3px solid; font-size: .875em; font-weight: 500; white-space: pre-line; overflow-wrap: anywhere }
.fill { display: block; height: .5em; border-radius: .25em; background: var(--faint); overflow: hidden }
.fill::before { content: ""; display: block; width: calc(var(--share) * 100%); height: 100%; border-radius: inherit; background: var(--accent) }

form { container-type: inline-size }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; outline: none }
legend { margin-block-end: .875em; font-weight: 600; font-size: 1.0625em; line-height: 1.35; text-wrap: pretty }
.scale { display: grid; grid-template-columns: repeat(var(--choices), minmax(24px, 1fr)); gap: min(.25em, (100% - 24px * var(--choices)) / (var(--choices) - 1)) }
.choice { position: relative }
.choice input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer }
.mark {
  display: grid; place-items: center; min-height: 2.75em; border-radius: var(--round);
  border: 1px solid var(--border); font-size: .9375em; font-variant-numeric: tabular-nums;
}
.mark svg { width: 2.25em; height: 2.25em; stroke-width: 1.5 }
.csat .mark { min-height: 3.75em }
:hover + .mark { border-color: var(--accent); background: var(--tint) }
:checked + .mark { background: var(--accent); border-color: var(--accent); color: var(--accent_text); font-weight: 600 }
:focus-visible + .mark, :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.ends { display: flex; justify-content: space-between; gap: 1em; margin-block-start: .5em; font-size: .8125em; color: var(--muted) }
.chosen { color: var(--text); text-align: center }
.more { margin-block-start: 1.125em; animation: rise .28s ease-out }
.more label { display: block; margin-block-end: .5em; font-weight: 500; font-size: .9375em }
.optional { color: var(--muted); font-weight: 400 }
input:not([type]), [type=email], select, textarea {
  display: block; width: 100%; min-height: 2.75em; padding: .625em .75em; background: var(--background);
  border: 1px solid var(--border); border-radius: var(--round);
}
input:not([type]):focus, [type=email]:focus, select:focus, textarea:focus { outline: 2px solid var(--accent); outline-offset: -1px }
textarea { min-height: 5.25em; resize: vertical }
.thanks { display: flex; align-items: center; gap: .875em; min-height: 2.25em; outline: none }
.thanks svg {
  flex: none; width: 2.25em; height: 2.25em; padding: .45em; border-radius: 50%; stroke-width: 2.5;
  color: var(--accent); background: var(--tint);
}
.note { margin-block-start: .75em; font-size: .9375em; font-weight: 500 }
.thanks + .note { color: var(--muted); font-weight: 400 }
@keyframes rise { from { opacity: 0; transform: translateY(1em) } }
@container (max-width: 22em) {
  .send { width: 100% }
}
@container (max-width: 263px) {
  .nps .scale { grid-template-columns: repeat(6, 1fr) }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important }
}
@media (forced-colors: active) {
  :checked + .mark { forced-color-adjust: none; background: Highlight; border-color: Highlight; color: HighlightText }
  .send { border-color: ButtonText }
  .fill { border: 1px solid }
  .fill::before { forced-color-adjust: none; background: Highlight }
}
`);
