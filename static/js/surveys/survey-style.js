import { makeStyle } from "../core/dom.js";

export const surveyStyle = makeStyle(`
.card {
  max-width: 36em; margin-inline: auto; padding: min(1.25em, 5vw); background: var(--background);
  border: 1px solid color-mix(in srgb, var(--border) 40%, transparent); border-radius: calc(var(--radius) * 1px);
}
form { container-type: inline-size }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0 }
legend { padding: 0; margin-block-end: .875em; font-weight: 600; font-size: 1.0625em; line-height: 1.35; text-wrap: pretty }
.sheet legend, .sheet .thanks { padding-inline-end: 2em }
.scale { display: grid; grid-template-columns: repeat(var(--choices), minmax(24px, 1fr)); gap: min(.25em, (100% - 264px) / 10) }
.choice { position: relative }
.choice input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer }
.mark {
  display: grid; place-items: center; min-height: 2.75em; border-radius: calc(var(--radius) * .6px);
  border: 1px solid var(--border); font-size: .9375em; font-variant-numeric: tabular-nums;
  transition: background .15s, border-color .15s, color .15s;
}
.mark svg { width: 2.25em; height: 2.25em; stroke-width: 1.5 }
.csat .mark { min-height: 3.75em }
:hover + .mark { border-color: var(--accent); background: color-mix(in srgb, var(--accent) 8%, transparent) }
:checked + .mark { background: var(--accent); border-color: var(--accent); color: var(--accent_text); font-weight: 600 }
:focus-visible + .mark { outline: 2px solid var(--accent); outline-offset: 2px }
.ends { display: flex; justify-content: space-between; gap: 1em; margin-block-start: .5em; font-size: .8125em; color: var(--muted) }
.chosen { color: var(--text); text-align: center }
.more { margin-block-start: 1.125em; animation: rise .24s cubic-bezier(.2, .8, .2, 1) }
.more label { display: block; margin-block-end: .5em; font-weight: 500; font-size: .9375em }
.optional { color: var(--muted); font-weight: 400 }
textarea {
  display: block; width: 100%; min-height: 5.25em; padding: .625em .75em; resize: vertical; background: transparent;
  border: 1px solid var(--border); border-radius: calc(var(--radius) * .6px);
}
textarea:focus { outline: 2px solid var(--accent); outline-offset: -1px }
.send {
  display: block; margin-block-start: .875em; margin-inline-start: auto; min-height: 2.75em; padding: 0 1.5em; border: 1px solid transparent;
  border-radius: calc(var(--radius) * .6px); background: var(--accent); color: var(--accent_text); font-weight: 600; cursor: pointer;
  transition: filter .15s;
}
.send:hover { filter: brightness(1.08) }
.note { margin-block-start: .75em; font-size: .9375em; font-weight: 500 }
.thanks { display: flex; align-items: center; gap: .875em; min-height: 2.25em; outline: none }
.thanks svg {
  flex: none; width: 2.25em; height: 2.25em; padding: .45em; border-radius: 50%; stroke-width: 2.5;
  color: var(--accent); background: color-mix(in srgb, var(--accent) 14%, transparent);
}
.thanks + .note { color: var(--muted); font-weight: 400 }
@container (max-width: 22em) {
  .send { width: 100% }
}
@container (max-width: 263px) {
  .nps .scale { grid-template-columns: repeat(6, 1fr) }
}
@media (forced-colors: active) {
  :checked + .mark { forced-color-adjust: none; background: Highlight; border-color: Highlight; color: HighlightText }
  .send { border-color: ButtonText }
}
`);
