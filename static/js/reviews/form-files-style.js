// How photos and videos stand in a review's form.
import { makeStyle } from "../core/dom.js";

export const filesStyle = makeStyle(`
.tile { position: relative; aspect-ratio: 1; border-radius: var(--round); overflow: hidden; background: var(--tint) }
.picture { display: grid; place-items: center; height: 100%; color: var(--muted); overflow: hidden }
.picture > :not(svg) { width: 100%; height: 100%; object-fit: cover }
.tile button { position: absolute; inset-block-start: 0; inset-inline-end: 0; display: grid; place-items: center; width: 2.75em; height: 2.75em }
.tile button svg { width: 1.75em; height: 1.75em; padding: .375em; border-radius: 50%; background: var(--background); color: var(--text) }
.tile:not(.failed) :is(.again, .status) { display: none }
.sending::after { content: ""; position: absolute; inset: auto 0 0; height: .375em; background: linear-gradient(var(--accent) 0 0) no-repeat var(--background); background-size: calc(100% * var(--sent, 0)) }
.failed { grid-column: 1 / -1; aspect-ratio: auto; display: flex; align-items: center; min-height: 3.5em; padding-inline: .625em .125em }
.failed .picture { flex: none; width: 2.5em; height: 2.5em; border-radius: .25em }
.status { flex: 1; margin: .5em .75em; font-size: .875em; overflow-wrap: anywhere }
.tile.failed button { position: static; flex: none }
`);
