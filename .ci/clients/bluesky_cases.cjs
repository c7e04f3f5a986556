// Bluesky's own cases for mentions, links, tags and cashtags, as JSON lines: each text, and what the client makes of it.
//
// Run as `node bluesky_cases.cjs FOLDER`, where FOLDER holds node_modules with @atproto/api 0.19 and typescript. The tests of the
// package are run as they stand, against the package itself, so that what is written is what they hold.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");

const root = path.resolve(process.argv[2], "node_modules");
const typescript = require(path.join(root, "typescript"));
const api = require(path.join(root, "@atproto/api"));
const facet = require(path.join(root, "@atproto/api/dist/client/types/app/bsky/richtext/facet"));

const seen = [];
class RichText extends api.RichText {
  constructor(given) {
    super(given);
    seen.push(this);
  }
}

const tests = [];
const globals = {
  describe: (_, body) => body(),
  it: Object.assign((_, body) => tests.push(body), {
    each: (cases) => (_, body) => cases.forEach((one) => tests.push(() => body(...one))),
  }),
  expect: (found) => ({ toEqual: (expected) => assert.deepStrictEqual(found, expected) }),
  require: (name) => (name.endsWith("facet") ? facet : { ...api, RichText }),
  exports: {},
};
const file = path.join(root, "@atproto/api/tests/rich-text-detection.test.ts");
const { outputText } = typescript.transpileModule(fs.readFileSync(file, "utf8"), {
  compilerOptions: { module: "commonjs", target: "es2022" },
});
new Function(...Object.keys(globals), outputText)(...Object.values(globals));

(async () => {
  for (const test of tests) await test();
  for (const one of seen) {
    const entities = (one.facets ?? []).map(({ index, features: [{ $type }] }) => {
      return [$type.split("#").pop(), index.byteStart, index.byteEnd];
    });
    entities.sort((a, b) => a[1] - b[1]);
    console.log(JSON.stringify({ text: one.text, entities }));
  }
})();
