#!/usr/bin/env python3
"""Writes what the fuzz targets start from: `fuzz/seeds.py FOLDER` makes a folder a target below FOLDER.

The seeds are what the repository holds anyway: drafts of `examples/` and `tests/cmd/`, the blocks of `docs/`, rule files,
and every text that a test of a reader is given. So a trap that a test knows is one that fuzzing begins at. Needs nothing
but the standard library.
"""

import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Larger ones slow every run down, and say nothing that smaller ones do not.
LONGEST = 3_000

# For each target: the endings of files it takes, modules whose tests it takes, and whether its first byte is a choice.
TARGETS = {
    "text": (("txt",), ("text",), False),
    "tweet": (("tweet",), ("tweet",), True),
    "toot": (("toot", "txt"), ("toot",), True),
    "markdown": (("md", "mdx", "markdown"), ("markdown",), True),
    "packs": (("md",), ("markdown/pack",), True),
    "front_matter": (("md", "yaml", "toml", "json"), ("front_matter",), True),
    "csv": (("csv",), ("csv",), True),
    "tsv": (("tsv", "tab", "csv"), ("csv",), True),
    "json": (("json", "js"), ("json", "records"), True),
    "jsonl": (("jsonl", "ndjson"), ("jsonl",), True),
    "yaml": (("yaml", "yml"), ("yaml",), True),
    "archives": (("json", "js", "csv"), ("records/shapes", "csv/vendor"), True),
    "html": (("html",), ("html",), False),
    "mojibake": (("txt",), ("mojibake",), False),
    "encodings": (("csv", "txt"), ("../text/source", "../text/encoding"), False),
    "tokens": (("txt", "md"), ("../text/token", "../text/fold", "../text/grammar"), True),
    "phrases": ((), ("../rule/phrase",), False),
    "rules": (("toml",), ("../rule/raw", "../rule/compile"), False),
    "config": (("toml",), ("../config",), False),
    "directives": (("md", "txt"), ("markdown", "../suppress"), True),
    "fixes": (("md", "txt"), ("markdown",), True),
    "lint": (("txt", "md", "jsonl", "csv", "json", "yaml", "tweet"), ("markdown", "csv"), True),
}

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.S | re.M)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", '"': '"', "'": "'", "\\": "\\"}


def unescape(literal):
    literal = re.sub(r"\\\n\s*", "", literal)

    def one(match):
        digits = match.group(1) or match.group(2)
        return chr(int(digits.replace("_", ""), 16)) if digits else ESCAPES.get(match.group(0)[1], match.group(0)[1])

    return re.sub(r"\\(?:u\{([0-9A-Fa-f_]+)\}|x([0-9A-Fa-f]{2})|.)", one, literal)


def texts_of_tests(modules):
    for module in modules:
        base = ROOT / "src" / "document" / module
        files = [base.with_suffix(".rs"), *sorted(base.glob("**/*.rs")), base.parent / f"{base.name}_tests.rs"]
        for path in files:
            if not path.is_file():
                continue
            code = path.read_text(encoding="utf-8")
            only_tests = path.name in ("tests.rs", "vendor_tests.rs") or path.parent.name == "tests"
            at = 0 if only_tests else code.find("#[cfg(test)]")
            if at >= 0:
                yield from (unescape(found) for found in LITERAL.findall(code[at:]) if len(found) > 3)


def files():
    yield from sorted((ROOT / "examples").glob("*.*"))
    yield from sorted((ROOT / "rules").glob("**/*.toml"))
    yield from (path for path in sorted((ROOT / "tests" / "cmd").glob("*.in/**/*")) if path.is_file())


def blocks():
    for page in sorted((ROOT / "docs").glob("*.md")):
        for name, text in FENCE.findall(page.read_text(encoding="utf-8")):
            yield {"markdown": "md"}.get(name, name), text


def main():
    to = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "fuzz" / "corpus")
    for target, (endings, modules, chooses) in TARGETS.items():
        seeds = [path.read_bytes() for path in files() if path.suffix.lstrip(".") in endings]
        seeds += [text.encode() for name, text in blocks() if name in endings]
        seeds += [text.encode("utf-8", "replace") for text in texts_of_tests(modules)]
        folder = to / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            seed = (bytes([number % 256]) if chooses else b"") + seed[:LONGEST]
            (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
        print(f"{target}: {len(set(seeds))} seeds")


if __name__ == "__main__":
    sys.exit(main())
