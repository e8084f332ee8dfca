// The shadow root every widget lives in: its style sheets, its theme, its live region.
import { make, makeStyle, options } from "./dom.js";

const ANNOUNCE_MS = 150;

// Sizes are in em of the reader's own font size, whatever the page makes of rem.
const base = makeStyle(`
:host { display: block }
[hidden] { display: none !important }
*, ::before, ::after { box-sizing: border-box }
.frame {
  all: initial; display: block;
  font: 400 medium/1.45 system-ui, sans-serif; color: var(--text);
}
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
button, textarea, input, legend, p { font: inherit; color: inherit; margin: 0 }
svg {
  width: 1.5em; height: 1.5em; display: block; fill: none; stroke: currentColor;
  stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round;
}
@keyframes rise { from { opacity: 0; transform: translateY(1em) } }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important }
}
`);

const paint = (box, theme) => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const isDark = dark.matches && theme.dark;
    for (const [name, value] of Object.entries({ ...theme, ...(isDark ? theme.dark : null) }))
      if (typeof value != "object") box.style.setProperty(`--${name}`, value);
    box.style.colorScheme = isDark ? "dark" : "light";
  };
  dark.addEventListener("change", apply);
  apply();
};

export const openFrame = (host, content, ...styles) => {
  if (!("adoptedStyleSheets" in ShadowRoot.prototype)) throw new Error("no shadow style sheets");
  const live = make("p", { class: "unseen", role: "status" });
  const { language, dir } = content;
  const box = make("div", { class: "frame", lang: language, dir }, live);
  paint(box, content.theme);
  const shadow = host.attachShadow(options({ mode: "open" }));
  shadow.adoptedStyleSheets = [base, ...styles];
  shadow.append(box);
  // The page's shortcuts would take what is typed here for their own.
  for (const name of ["keydown", "keypress", "keyup"])
    box.addEventListener(name, (event) => event.stopPropagation());
  // Emptied first: a live region speaks of what changes after it was there.
  const say = (words) => {
    live.textContent = "";
    setTimeout(() => (live.textContent = words), ANNOUNCE_MS);
  };
  return { box, say };
};
