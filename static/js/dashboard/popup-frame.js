// Inside the preview's frame of a campaign: shows the real element with what the page around it sends. The page's
// policy lets nothing be sent, and page.fetch stands where the network would be.

const script = document.querySelector("script[data-module]");
const inline = document.getElementById("inline");
const widget = import(script.dataset.module);
let shown = 0;

// A modal dialog takes the focus, also from the form beside the frame: here it is open without being modal, and the
// focus moves only once it is in the frame.
HTMLDialogElement.prototype.showModal = function () {
  this.setAttribute("open", "");
  Object.assign(this.style, { position: "fixed", inset: "0", margin: "auto", boxShadow: "0 0 0 100vmax #0007" });
};

const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function (options) {
  if (document.hasFocus()) focus.call(this, options);
};

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
  fetch: () => {
    const told = { state: "unconfirmed", text: content.thanks_text ?? "" };
    return Promise.resolve(new Response(JSON.stringify(told), { status: 201 }));
  },
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
  const isTouch = !matchMedia("(hover: hover) and (pointer: fine)").matches;
  open(page, row, { arm: content.arm, trigger: "preview", isTouch }, () => turn === shown);
};

addEventListener("message", (event) => {
  if (event.source !== parent || event.origin !== location.origin) return;
  if (event.data?.preview) show(event.data.preview);
});
parent.postMessage({ preview: "ready" }, location.origin);
