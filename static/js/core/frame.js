// The shadow root every widget lives in: its style sheet, its theme, its live region.
import { make, openShadow } from "./dom.js";
import { style } from "./style.js";

const ANNOUNCE_MS = 150;

const paint = (box, { dark: night, scheme, ...day }) => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const isDark = night && (scheme == "dark" || (dark.matches && scheme != "light"));
    const values = { font: "system-ui", ...day, ...(isDark && night) };
    for (const [name, value] of Object.entries(values)) box.style.setProperty(`--${name}`, value);
    box.style.colorScheme = isDark ? "dark" : "light";
  };
  dark.addEventListener("change", apply);
  apply();
};

export const openFrame = (host, content, ...styles) => {
  const shadow = openShadow(host, style, ...styles);
  const live = make("p", { class: "unseen", role: "status" });
  const { language, dir, theme } = content;
  const box = make("div", { class: `frame ${theme.position || ""}`, lang: language, dir }, live);
  paint(box, theme);
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
