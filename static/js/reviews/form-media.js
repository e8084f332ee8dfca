// Photos and a video of a review: each is sent at once, and held by the server until the review comes.
import { draw, giveFocus, make, options } from "../core/dom.js";
import { CROSS, makeIcon } from "../core/form.js";
import { fill } from "../core/words.js";
import { filesStyle } from "./form-files-style.js";
import { CAMERA, FILM } from "./form-view.js";

const LIMITS = { __proto__: null, photo: { n: 5, size: 5 }, video: { n: 1, size: 50 } };
const MEGABYTE = 1048576;
const LONGEST_SIDE = 3000;
const TILE = 240;
const WHY = { __proto__: null, 413: "size", 415: "type", 422: "bad" };

export const kindOf = ({ type }) =>
  /^image\/(jpeg|png|webp)$/.test(type) ? "photo" : /^video\/(mp4|webm)$/.test(type) ? "video" : null;
const isLarge = (kind, { size }) => size > LIMITS[kind].size * MEGABYTE;

// Why a file cannot be taken, as a word of the content's errors. Large photos can: they are made smaller.
export const refuse = (file, media, asks) => {
  const kind = kindOf(file);
  if (!kind || !asks[kind == "photo" ? "photos" : kind]) return `${asks.photos ? "photo" : "video"}_type`;
  if (media.filter((one) => one.kind == kind).length >= LIMITS[kind].n) return `${kind}_many`;
  if (kind == "video" && isLarge(kind, file)) return "video_size";
};

const paint = (bitmap, width, height) => {
  const canvas = make("canvas", { width, height });
  canvas.getContext("2d").drawImage(bitmap, 0, 0, width, height);
  return canvas;
};

const shrink = async (file) => {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = paint(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
};

// A photo is drawn from the file, so that a page's policy on images has nothing to forbid. A video's
// first frame needs `media-src blob:`; without it the drawing of a camera stays.
const preview = async (place, file, kind) => {
  if (kind == "photo") {
    const bitmap = await createImageBitmap(file, options({ resizeWidth: TILE, resizeQuality: "medium" }));
    return place.replaceChildren(paint(bitmap, bitmap.width, bitmap.height));
  }
  const url = URL.createObjectURL(file);
  const video = make("video", { muted: "", playsinline: "", preload: "auto", tabindex: "-1" });
  video.onloadeddata = () => place.replaceChildren(video);
  place.addEventListener("regulars:left", () => URL.revokeObjectURL(url));
  video.src = `${url}#t=.1`;
};

const upload = (page, file, onProgress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${page.boot.api}/reviews/media`);
    request.setRequestHeader("Content-Type", file.type);
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onload = () => (request.status < 300 ? resolve(JSON.parse(request.response)) : reject(request));
    request.onerror = () => reject(request);
    request.send(file);
  });

export const openFiles = (page, { asks, ui, language }, { media, part, say, save }) => {
  const words = ui.form;
  const first = part.tiles.firstChild;
  const explain = (name, kind, why) => fill(words.errors[why], { name, ...LIMITS[kind] }, language);
  part.box.getRootNode().adoptedStyleSheets.push(filesStyle);

  // `one` is what is known of a file: {kind, id, secret, thumb} once the server has it.
  const show = (one, file) => {
    const { kind } = one;
    const name = file?.name || (kind == "video" ? words.video : fill(words.photo_name, { n: media.indexOf(one) + 1 }));
    const picture = make("span", { class: "picture" }, draw(kind == "video" ? FILM : CAMERA));
    const status = make("span", { class: "status" });
    const turn = (state, text = "") => {
      tile.className = `tile ${state}`;
      status.textContent = text;
      say(text || (state ? "" : fill(words.uploaded, { name })));
    };
    const send = async () => {
      turn("sending");
      one.again = null;
      try {
        const sent = kind == "photo" && isLarge(kind, file) ? await shrink(file) : file;
        Object.assign(one, await upload(page, sent, (ratio) => tile.style.setProperty("--sent", ratio)));
        turn("");
        save();
      } catch ({ status: code }) {
        one.again = again;
        turn("failed", explain(name, kind, code == 429 ? "too_often" : WHY[code] ? `${kind}_${WHY[code]}` : "upload"));
      }
    };
    const remove = () => {
      const next = tile.nextSibling;
      media.splice(media.indexOf(one), 1);
      picture.dispatchEvent(new Event("regulars:left"));
      tile.remove();
      giveFocus(next.querySelector("input,.remove"));
      say(fill(words.removed, { name }));
      save();
    };
    const again = makeIcon("again", `${ui.retry}: ${name}`, "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5", () => (one.done = send()));
    const cross = makeIcon("remove", fill(words.remove_file, { name }), CROSS, remove);
    const tile = make("div", { class: "tile", role: "group", "aria-label": name }, picture, status, again, cross);
    first.before(tile);
    if (one.thumb) picture.replaceChildren(make("img", { src: new URL(one.thumb, page.boot.api), alt: "" }));
    if (!file) return;
    preview(picture, file, kind).catch(() => {});
    one.done = send();
  };
  for (const one of media) show(one);

  return {
    take(files) {
      const refused = [];
      for (const file of files) {
        const why = refuse(file, media, asks);
        const kind = kindOf(file) || "photo";
        const one = { kind };
        if (why) refused.push(explain(file.name, kind, why));
        else media.push(one), show(one, file);
      }
      part.wrong.textContent = refused.join("\n");
      if (refused[0]) say(part.wrong.textContent);
    },
    // Waits for what is under way and returns the button that tries what failed again.
    async settle() {
      await Promise.all(media.map(({ done }) => done));
      return media.find(({ again }) => again)?.again;
    },
  };
};
