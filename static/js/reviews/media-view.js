// Photos and videos of a review, each in the place that was kept for it.
import { make, makeStyle } from "../core/dom.js";
import { buildButton } from "./reviews-view.js";

export const style = makeStyle(`
.thumb { display: block; width: 100%; height: 100%; padding: 0; border: 0; background: none; outline-offset: -2px; cursor: zoom-in }
.media img, video { display: block; width: 100%; height: 100%; object-fit: cover }
`);

const buildPhoto = ({ thumb }, alt, onOpen) =>
  buildButton("thumb", onOpen, make("img", { src: thumb, alt, loading: "lazy", decoding: "async" }));

// A moment after the beginning: the first picture of many films is black.
const buildVideo = ({ url }, label) =>
  make("video", { src: `${url}#t=0.1`, preload: "metadata", controls: "", playsinline: "", "aria-label": label });

export const fill = ({ words, use }, places, { media, author }) => {
  const photos = media.filter(({ kind }) => kind == "photo");
  const name = author || words.ui.anonymous;
  media.forEach((one, at) => {
    const place = photos.indexOf(one);
    const alt = words.say("photo", { n: place + 1, all: photos.length, author: name });
    const open = (button) => use("photo-view", "openPhotos", button, photos, place, name);
    places[at].append(place < 0 ? buildVideo(one, words.say("video", { author: name })) : buildPhoto(one, alt, open));
  });
};
