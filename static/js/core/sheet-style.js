// What a sheet needs beyond the style sheet of every widget.
import { makeStyle } from "./dom.js";

export const sheetStyle = makeStyle(`
:host(regulars-sheet) { all: initial !important; display: contents !important }
.sheet {
  position: fixed; z-index: var(--z); inset-block-end: calc(1em + var(--lift)); inset-inline-end: 1em;
  width: 26em; max-height: calc(100dvh - 2em - var(--lift)); overflow: auto; overscroll-behavior: contain;
  box-shadow: 0 .75em 2.5em rgb(0 0 0 / .16); animation: rise .28s ease-out;
}
.left .sheet { inset-inline: 1em auto }
.close {
  position: absolute; inset-block-start: .625em; inset-inline-end: .625em; width: 2.25em; height: 2.25em;
  display: grid; place-items: center; border-radius: 50%; color: var(--muted);
}
.close svg { width: 1.25em; height: 1.25em }
.close:hover { background: var(--tint); color: var(--text) }
@media print { .sheet { display: none } }
@media (max-width: 30em) {
  .frame .sheet {
    inset-inline: 0; inset-block-end: var(--lift); width: auto;
    padding-block-end: calc(1.25em + env(safe-area-inset-bottom));
    border-width: 1px 0 0; border-end-start-radius: 0; border-end-end-radius: 0;
  }
}
.sheet legend, .sheet .thanks { padding-inline-end: 2em }
`);
