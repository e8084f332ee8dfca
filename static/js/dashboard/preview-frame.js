// Inside the preview's frame: shows the real widget with what the page around it sends. The page's policy
// lets nothing be sent, and page.fetch stands where the network would be.

const script = document.querySelector("script[data-module]");
const inline = document.getElementById("inline");
const widget = import(script.dataset.module);
let shown = 0;
let memory = {};

const makePage = (content) => ({
  __proto__: null,
  boot: { api: location.origin + script.dataset.api, z: 1000, surveys: [{ id: content.id }] },
  fields: { __proto__: null },
  read: () => memory,
  write: (changes) => { memory = { ...memory, ...changes }; },
  text: (value) => JSON.stringify(value),
  url: () => location.href,
  bucket: () => 0,
  meet: () => Promise.resolve(),
  fetch: () => Promise.resolve(new Response("{}", { status: 201 })),
});

// Where the theme leaves the scheme to the shopper's device, the owner chooses here.
const choose = (theme, scheme) => (theme.scheme ? theme : { ...theme, scheme });

const clear = () => {
  for (const sheet of document.querySelectorAll("regulars-sheet")) sheet.remove();
  inline.replaceChildren();
};

// What was answered so far is taken up again, so that a change of words does not lead back to the first question.
const show = async ({ content, display, scheme, isAnew }) => {
  const turn = ++shown;
  if (isAnew) memory = {};
  const { open, connect } = await widget;
  if (turn !== shown) return;
  clear();
  document.documentElement.dataset.scheme = scheme;
  const themed = { ...content, theme: choose(content.theme, scheme) };
  if (display === "inline") {
    const host = document.createElement("div");
    inline.append(host);
    await connect(makePage(content), host, themed);
  } else {
    // As if by itself: a sheet that was asked for would take the focus from the form beside the frame.
    await open(makePage(content), themed, () => turn === shown);
  }
};

addEventListener("message", (event) => {
  if (event.source !== parent || event.origin !== location.origin) return;
  if (event.data?.preview) show(event.data.preview);
});
parent.postMessage({ preview: "ready" }, location.origin);
