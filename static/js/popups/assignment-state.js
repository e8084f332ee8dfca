// Which arm of a campaign a visitor is in. Pure; the server has the same rule in assignment.py.

// FNV-1a, and MurmurHash3's last steps after it: without them the lowest bit is the text's parity, and
// who is in the first of two variants would be so in every campaign.
const hashText = (text) => {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

// The hold-out comes first, then the variants by their weights, in the order of their keys.
export const assign = ({ id, holdout = 0, weights = { a: 1 } }, visitor) => {
  const text = `${id}:${visitor}`;
  if (hashText(text) % 10000 < holdout) return "holdout";
  const keys = Object.keys(weights).sort();
  let point = hashText(`${text}:arm`) % keys.reduce((sum, key) => sum + weights[key], 0);
  return keys.find((key) => (point -= weights[key]) < 0);
};

// A visitor's token says whose it is before its signature: SITE-VISITOR.TIME.SIGNATURE, in hex.
export const readVisitor = (token) =>
  /-(\w{32})\./.exec(token)?.[1].replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
