// Photos and videos of a review, small.
import { make, makeButton } from "../core/dom.js";

const buildPhoto = ({ thumb }, alt, onOpen) =>
  makeButton("thumb", onOpen, make("img", { src: thumb, alt, loading: "lazy", decoding: "async" }));

// A moment after the beginning: the first picture of many films is black.
const buildVideo = ({ url }, label) =>
  make("video", { src: `${url}#t=0.1`, preload: "metadata", controls: "", playsinline: "", "aria-label": label });

export const buildMedia = ({ words, use }, { media, author }) => {
  const photos = media.filter(({ kind }) => kind == "photo");
  const name = author || words.ui.anonymous;
  const build = (one) => {
    const place = photos.indexOf(one);
    if (place < 0) return buildVideo(one, words.say("video", { author: name }));
    const alt = words.say("photo", { n: place + 1, all: photos.length, author: name });
    return buildPhoto(one, alt, (button) => use("openPhotos", button, photos, place, name));
  };
  return media[0] ? make("ul", { class: "media" }, ...media.map((one) => make("li", { class: one.kind }, build(one)))) : "";
};
