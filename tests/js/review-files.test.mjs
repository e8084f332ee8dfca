import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.CSSStyleSheet = class {
  replaceSync() {}
};
const { kindOf, refuse } = await import("../../static/js/reviews/form-media.js");

const asks = { photos: true, video: true };
const jpeg = { type: "image/jpeg", size: 9 };
const video = { type: "video/mp4", size: 9 };
const many = (kind, count) => Array.from({ length: count }, () => ({ kind }));

test("photos and videos are told by their type, and nothing else is taken", () => {
  const kinds = ["image/png", "image/webp", "video/webm", "image/svg+xml", "text/html", ""].map((type) => kindOf({ type }));
  assert.deepEqual(kinds, ["photo", "photo", "video", null, null, null]);
  assert.equal(refuse({ type: "image/svg+xml", size: 9 }, [], asks), "photo_type");
  assert.equal(refuse(jpeg, [], { photos: false, video: true }), "video_type");
  assert.equal(refuse(video, [], { photos: true, video: false }), "photo_type");
});

test("there may be five photos and one video", () => {
  assert.equal(refuse(jpeg, [...many("photo", 4), ...many("video", 1)], asks), undefined);
  assert.equal(refuse(jpeg, many("photo", 5), asks), "photo_many");
  assert.equal(refuse(video, many("photo", 5), asks), undefined);
  assert.equal(refuse(video, many("video", 1), asks), "video_many");
});

test("a large photo is made smaller, a large video is refused before it is sent", () => {
  assert.equal(refuse({ ...jpeg, size: 2e8 }, [], asks), undefined);
  assert.equal(refuse({ ...video, size: 50 * 1048576 }, [], asks), undefined);
  assert.equal(refuse({ ...video, size: 50 * 1048576 + 1 }, [], asks), "video_size");
});
