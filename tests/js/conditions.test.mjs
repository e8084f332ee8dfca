import assert from "node:assert/strict";
import { test } from "node:test";

import { meetsAll, readAmount } from "../../static/js/core/conditions.js";
import { describePattern } from "../../static/js/surveys/debug-words.js";
import { readCases } from "./cases.mjs";

const { amounts, properties } = readCases("conditions.json");

test("an amount is read as people write it", () => {
  for (const [text, amount] of amounts) assert.equal(readAmount(text), amount ?? NaN, text);
  assert.equal(readAmount(49.9), 49.9);
  assert.equal(readAmount(undefined), NaN);
});

test("properties meet all conditions or not", () => {
  for (const [rules, values, fits] of properties)
    assert.equal(meetsAll(rules, values), fits, JSON.stringify([rules, values]));
  assert.equal(meetsAll(undefined, undefined), true);
  assert.equal(meetsAll([["late", "is", "false"]], { late: false }), true);
});

test("a pattern is said in words again", () => {
  const words = { contains: "contains", starts: "begins with", ends: "ends with", exact: "is exactly" };
  for (const { rules, pattern } of readCases("url-rules.json")) {
    if (!pattern) continue;
    const said = describePattern(pattern);
    for (const [how, text] of rules) assert.ok(said.includes(`${words[how] ?? "does not contain"} “${text}”`), said);
  }
  assert.equal(describePattern("^(?:.*\\$$)"), "ends with “$”");
  assert.equal(describePattern("^(?:\\$)"), "begins with “$”");
  assert.equal(describePattern("^(?!.*(?:\\)|a\\|b))"), "does not contain “)” or “a|b”");
});
