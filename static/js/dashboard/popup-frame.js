// Inside the preview's frame of a campaign: shows the real element with what the page around it sends. The page's
// policy lets nothing be sent, and page.fetch stands where the network would be.

const script = document.querySelector("script[data-module]");
const inline = document.getElementById("inline");
const widget = import(script.dataset.module);
let shown = 0;

// A modal dialog takes the focus, also from the form beside the frame: here it is open without being modal.
HTMLDialogElement.prototype.showModal = function () {
  this.setAttribute("open", "");
};
const veil = new CSSStyleSheet();
veil.replaceSync("dialog[open] { position: fixed; inset: 0; margin: auto; box-shadow: 0 0 0 100vmax rgb(0 0 0 / 45%); }");

const makePage = (content) => ({
  __proto__: null,
  boot: { api: location.origin + script.dataset.api, z: 1000, popups: [] },
  fields: { __proto__: null },
  read: () => ({}),
  write: () => {},
  text: (value) => JSON.stringify(value),
  url: () => location.href,
  bucket: () => 0,
  visitor: () => "",
  meet: () => Promise.resolve(),
  ask: () => Promise.resolve(content),
  fetch: () => Promise.resolve(new Response("{}", { status: 503 })),
});

// Where the theme leaves the scheme to the shopper's device, the owner chooses here.
const choose = (theme, scheme) => (theme.scheme ? theme : { ...theme, scheme });

const clear = () => {
  for (const sheet of document.querySelectorAll("regulars-sheet")) sheet.remove();
  inline.replaceChildren();
};

const show = async ({ content, display, scheme }) => {
  const turn = ++shown;
  const { open, connect } = await widget;
  if (turn !== shown) return;
  clear();
  document.documentElement.dataset.scheme = scheme;
  const themed = { ...content, theme: choose(content.theme, scheme) };
  const page = makePage(themed);
  if (display === "inline") {
    const host = document.createElement("div");
    inline.append(host);
    await connect(page, host, themed);
    return;
  }
  const row = { id: content.id, sheet: display === "sheet" };
  open(page, row, { arm: content.arm, trigger: "preview" }, () => turn === shown);
  await new Promise(requestAnimationFrame);
  for (const { shadowRoot } of document.querySelectorAll("regulars-sheet")) shadowRoot?.adoptedStyleSheets.push(veil);
};

addEventListener("message", (event) => {
  if (event.source !== parent || event.origin !== location.origin) return;
  if (event.data?.preview) show(event.data.preview);
});
parent.postMessage({ preview: "ready" }, location.origin);
