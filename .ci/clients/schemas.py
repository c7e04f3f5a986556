#!/usr/bin/env python3
"""Holds the committed schemas against all examples, the shipped rules and known mistakes.

Usage: schemas.py CHECK_JSONSCHEMA, the validator's program. Everything outside of tests/schema/refused must pass, and
everything in it must be refused.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = {
    "config": ROOT / "docs/schema/selfless.schema.json",
    "rules": ROOT / "docs/schema/rules.schema.json",
}


def validate(checker, kind, files):
    """Runs the validator over files; returns its exit code and what it says."""
    command = [checker, "--schemafile", SCHEMAS[kind], "--force-filetype", "toml", *files]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def blocks(paper, folder):
    """Writes each TOML block of a page into a file of its own; yields its kind and path."""
    text = paper.read_text(encoding="utf-8")
    for number, block in enumerate(re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)):
        kind = "rules" if "category = " in block else "config"
        path = folder / f"{paper.stem}-{number}.toml"
        path.write_text(block, encoding="utf-8")
        yield kind, path


def everything_uncommented(path, folder):
    """The file that `init` writes, with its examples in force."""
    text = re.sub(r"^#(?=[^ \n])", "", path.read_text(encoding="utf-8"), flags=re.M)
    whole = folder / "init-uncommented.toml"
    whole.write_text(text, encoding="utf-8")
    return whole


def accepted(folder):
    """What must pass."""
    files = {"config": [], "rules": []}
    files["rules"] += sorted((ROOT / "rules").rglob("*.toml"))
    template = ROOT / "src/cli/init.toml"
    files["config"] += [template, everything_uncommented(template, folder)]
    for path in sorted((ROOT / "examples").rglob("*.toml")):
        files["config" if path.name == "selfless.toml" else "rules"].append(path)
    for paper in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for kind, path in blocks(paper, folder):
            files[kind].append(path)
    return files


def main():
    checker = sys.argv[1]
    wrong = []
    for name, schema in SCHEMAS.items():
        done = subprocess.run([checker, "--check-metaschema", str(schema)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            wrong.append(f"the schema of {name} is none:\n{done.stdout}{done.stderr}")
    with tempfile.TemporaryDirectory() as folder:
        for kind, files in accepted(pathlib.Path(folder)).items():
            code, said = validate(checker, kind, files)
            if code != 0:
                wrong.append(said)
            print(f"{kind}: {len(files)} files are valid" if code == 0 else f"{kind}: refused")
    refused = sorted((ROOT / "tests/schema/refused").glob("*.toml"))
    for path in refused:
        code, said = validate(checker, path.name.split("-")[0], [path])
        # 1 is a file that does not fit; anything else is trouble of another kind.
        if code != 1 or "Schema validation errors" not in said:
            wrong.append(f"{path.name} is not refused: {said}")
    print(f"{len(refused)} files with a mistake are refused")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
