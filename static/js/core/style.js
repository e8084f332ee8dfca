// The one style sheet of every widget: its frame, and the parts that pages of forms and lists are made of.
import { makeStyle } from "./dom.js";

// Sizes are in em of the reader's own font size, whatever the page makes of rem.
export const style = makeStyle(`
:host { display: block }
[hidden], :empty:is(.wrong, .hint, .text) { display: none !important }
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
button { transition: .15s }
.send {
  display: inline-grid; place-items: center; min-height: 2.75em; padding: 0 1.5em; border: 1px solid transparent;
  border-radius: var(--round); background: var(--accent); color: var(--accent_text); font-weight: 600; text-decoration: none; cursor: pointer;
}
.send:hover { filter: brightness(1.08) }
.quiet { min-height: 2.75em; padding: 0 .75em; color: var(--muted) }
.quiet:hover { background: var(--tint); color: var(--text) }
.edge { padding: 0 1em; border: 1px solid var(--border); color: var(--text) }
.muted { font-size: .875em; color: var(--muted); text-wrap: pretty }
.wrong { padding-inline-start: .625em; border-inline-start: 3px solid; font-size: .875em; font-weight: 500; white-space: pre-line; overflow-wrap: anywhere }
.fill { display: block; height: .5em; border-radius: .25em; background: var(--faint); overflow: hidden }
.fill::before { content: ""; display: block; width: calc(var(--share) * 100%); height: 100%; border-radius: inherit; background: var(--accent) }

form { container-type: inline-size }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.ends { display: flex; justify-content: space-between; gap: 1em; margin-block-start: .5em; font-size: .8125em; color: var(--muted) }
input:not([type]), [type=email], [type=url], [type=date], select, textarea {
  display: block; width: 100%; min-height: 2.75em; padding: .625em .75em; background: var(--background);
  border: 1px solid var(--border); border-radius: var(--round);
}
input:not([type]):focus, [type=email]:focus, [type=url]:focus, [type=date]:focus, select:focus, textarea:focus { outline: 2px solid var(--accent); outline-offset: -1px }
.note { margin-block-start: .75em; font-size: .9375em; font-weight: 500 }
@container (max-width: 22em) {
  .send { width: 100% }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important }
}
@media (forced-colors: active) {
  .send { border-color: ButtonText }
  .fill { border: 1px solid }
  .fill::before { forced-color-adjust: none; background: Highlight }
}
`);
