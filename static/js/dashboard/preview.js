// The preview beside a form: what it is looked at with, and what it tells the frame.

const DESKTOP_PX = 760;

const press = (buttons, name, value) => {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset[name] === value));
};

// `onLanguage` is told when another language is wanted. The form around it calls `show` with what to show.
export const startPreview = (root, onLanguage) => {
  const find = (name) => root.querySelector(`[data-preview-${name}]`);
  const frame = find("frame");
  const stage = frame.parentElement;
  const language = find("language");
  const schemes = root.querySelectorAll("[data-preview-scheme]");
  const widths = root.querySelectorAll("[data-preview-width]");
  const note = find("note");
  let scheme = "light";
  let last = null;
  let isReady = false;

  const tell = (isAnew = false) => {
    if (last && isReady) frame.contentWindow.postMessage({ preview: { ...last, scheme, isAnew } }, location.origin);
  };
  // A desktop is wider than the column: its page is drawn smaller.
  const fit = () => {
    const isWide = stage.dataset.width === "desktop";
    const scale = isWide ? Math.min(1, stage.clientWidth / DESKTOP_PX) : 1;
    frame.style.setProperty("--scale", scale);
  };

  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.data?.preview !== "ready") return;
    isReady = true;
    tell();
  });
  root.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.previewScheme) {
      scheme = button.dataset.previewScheme;
      press(schemes, "previewScheme", scheme);
      tell();
    } else if (button.dataset.previewWidth) {
      stage.dataset.width = button.dataset.previewWidth;
      press(widths, "previewWidth", stage.dataset.width);
      fit();
    } else if ("previewRestart" in button.dataset) {
      tell(true);
    }
  });
  language?.addEventListener("change", () => onLanguage?.(language.value));
  new ResizeObserver(fit).observe(stage);
  root.hidden = false;
  for (const link of document.querySelectorAll("[data-to-preview]")) link.hidden = false;
  // The frame may have been ready before this script was.
  frame.contentWindow.location.replace(frame.src);

  return {
    get language() {
      return language?.value ?? "";
    },
    say(words) {
      note.textContent = words;
    },
    offer(languages) {
      if (!language) return;
      const wanted = language.value;
      language.replaceChildren(...languages.map(([code, label]) => new Option(label, code, false, code === wanted)));
    },
    show(preview) {
      if (JSON.stringify(preview) === JSON.stringify(last)) return;
      last = preview;
      tell();
    },
  };
};
