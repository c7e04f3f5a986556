#!/usr/bin/env python3
"""Hands the program what nobody means well, and holds it to its bounds.

    python3 benches/hostile.py                     builds the program and runs all
    python3 benches/hostile.py --binary PATH NAME  measures that binary, with the inputs whose names hold NAME

Every input is read by `selfless posts` and judged by `selfless check`, and some are changed by it (`--add-ignores`). It must end within 2 seconds and hold no more than
10 times the input and 64 MiB (more only for drafts in which every word is a finding); it must end with one of the program's own exit codes, and where it reads nothing or not
all, with a word about that. Ends with 1 if anything does not hold. A slow machine may be given a factor by
`--slower N`; memory is the same everywhere. Needs nothing but the standard library.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS, TIMES, BESIDE = 2.0, 10, 64 * 1024 * 1024
FIELD = 100 * 1000 * 1000
WORDS = "The heron is back on the canal. "


def text(size, words=WORDS):
    return (words * (size // len(words) + 1))[:size]


class Input:
    """A file, and what must come of it: `reads` where it has posts, else something is said of it."""

    def __init__(self, name, content, reads=False, times=TIMES, more=()):
        self.name, self.content, self.reads, self.times, self.more = name, content, reads, times, more


def nested():
    deep = 1_000_000
    yield Input("deep-lists.json", lambda: "[" * deep)
    yield Input("deep-closed.json", lambda: "[" * deep + "]" * deep)
    yield Input("deep-tables.json", lambda: '{"posts":' * deep)
    yield Input("deep-text.json", lambda: '{"text":' * 100 + '"a b c"' + "}" * 100)
    yield Input("deep-lines.jsonl", lambda: '{"text":"a b","x":' + "[" * deep + "\n")
    yield Input("deep-flow.yaml", lambda: "[" * deep)
    yield Input("deep-tables.yaml", lambda: "{a: " * deep)
    yield Input("deep-blocks.yaml", lambda: "\n".join("  " * level + "a:" for level in range(2_000)))
    yield Input("deep-dashes.yaml", lambda: "- " * deep)
    yield Input("deep-front.md", lambda: "---\nsocial: " + "[" * deep + "\n---\nThe heron is back.\n", True)
    yield Input("deep-toml.md", lambda: "+++\na = " + "[" * deep + "\n+++\nThe heron is back.\n", True)
    yield Input("deep-quotes.md", lambda: ">" * deep + " a\n", True)
    yield Input("deep-items.md", lambda: "- " * deep + "a\n", True)
    yield Input("deep-stars.md", lambda: "*a " * deep, True)
    yield Input("deep-marks.md", lambda: "**a*_" * (deep // 4), True)
    yield Input("deep-links.md", lambda: "[" * deep, True)
    yield Input("deep-images.md", lambda: "![a](" * (deep // 4), True)
    yield Input("deep-braces.mdx", lambda: "{" * deep, True)
    yield Input("deep-tags.mdx", lambda: "<A>" * (deep // 3), True)
    html = lambda tag: '{"orderedItems":[{"type":"Create","object":{"content":"' + tag * (deep // 4) + 'a b"}}]}'  # noqa: E731
    yield Input("deep-tags/outbox.json", lambda: html("<div>"), True)
    yield Input("deep-angles/outbox.json", lambda: html("<"), True)
    yield Input("deep-entities/outbox.json", lambda: html("&"), True)


def aliases():
    yield Input("laughs.yaml", lambda: "a: &a [x y, x y]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
        for before, name in zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz")) + "posts: *z\n")
    yield Input("aliased-posts.yaml", lambda: "a: &a {text: The heron is back}\nposts:\n" + "- *a\n" * 1_000_000, True)
    yield Input("aliased-texts.yaml", lambda: "a: &a The heron is back\nposts:\n" + "- text: *a\n" * 500_000, True)
    yield Input("aliased-thread.yaml", lambda: "a: &a " + text(100_000) + "\nposts:\n- text: ["
                + "*a, " * 100_000 + "*a]\n")
    yield Input("aliased-long.yaml", lambda: "a: &a {text: " + text(1_000_000) + "}\nposts:\n" + "- *a\n" * 100_000)
    yield Input("merged.yaml", lambda: "a: &a {text: The heron is back}\nposts:\n" + "- <<: *a\n" * 300_000, True)
    yield Input("circle.yaml", lambda: "a: &a [*a]\nposts: &b {text: *b}\n")
    yield Input("anchors.yaml", lambda: "posts:\n" + "".join(f"- &a{n} x y z\n" for n in range(300_000)), True)


def fields():
    yield Input("field.txt", lambda: text(FIELD), True)
    yield Input("field.md", lambda: text(FIELD), True)
    yield Input("field.csv", lambda: 'Text\n"' + text(FIELD) + '"\nThe heron is back.\n', True)
    yield Input("field.json", lambda: '{"posts":[{"text":"' + text(FIELD) + '"},{"text":"The heron is back."}]}', True)
    yield Input("escapes.json", lambda: '{"posts":[{"text":"' + "\\u00e9" * (FIELD // 6) + '"},{"text":"a b c"}]}', True)
    yield Input("field.jsonl", lambda: '{"text":"' + text(FIELD) + '"}\n{"text":"The heron is back."}\n', True)
    yield Input("field.yaml", lambda: "posts:\n- text: " + text(FIELD) + "\n- text: The heron is back.\n", True)
    yield Input("quoted.yaml", lambda: 'posts:\n- text: "' + text(FIELD) + '"\n- text: The heron is back.\n', True)
    yield Input("block.yaml", lambda: "posts:\n- text: |\n    " + text(FIELD, WORDS + "\n    ") + "\n- text: a b c\n", True)
    yield Input("field.tweet", lambda: text(FIELD), True)
    yield Input("field.toot", lambda: text(FIELD), True)
    yield Input("field/tweets.js", lambda: 'window.YTD.tweets.part0 = [{"tweet":{"full_text":"' + text(FIELD) + '"}}]', True)
    yield Input("field/outbox.json", lambda: '{"orderedItems":[{"type":"Create","object":{"content":"<p>' + text(FIELD)
                + '</p>"}}]}', True)
    yield Input("key.json", lambda: '{"posts":[{"text":"a b","' + text(FIELD) + '":1}]}', True)
    yield Input("front.md", lambda: "---\ntitle: " + text(FIELD) + "\n---\nThe heron is back.\n", True)


def halves():
    yield Input("half.csv", lambda: 'Text,Date\n"' + "a b,1\n" * 2_000_000)
    yield Input("quotes.csv", lambda: 'Text,Date\n"' + '"' * 10_000_000)
    yield Input("odd-quotes.csv", lambda: "Text,Date\n" + '"a "b" c,"\n' * 500_000, True)
    yield Input("half.json", lambda: '{"posts":[{"text":"' + text(10_000_000))
    yield Input("half.yaml", lambda: 'posts:\n- text: "' + text(10_000_000, WORDS + "\n"))
    yield Input("half-single.yaml", lambda: "posts:\n- text: '" + text(10_000_000, WORDS + "\n"))
    yield Input("half-front.md", lambda: "---\ntitle: a\n" + text(10_000_000, WORDS + "\n"), True)
    yield Input("half-fence.md", lambda: "## LinkedIn Post\n\n```\n" + text(10_000_000, WORDS + "\n"), True)
    yield Input("half/Shares.csv", lambda: 'Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n1,2,"'
                + '"\n"' * 2_000_000)


def odd_bytes():
    yield Input("nul.txt", lambda: b"The heron\0is back.")
    yield Input("nul.csv", lambda: b"Text\n" + b"\0" * 10_000_000)
    yield Input("nul.json", lambda: '{"posts":[{"text":"The heron ' + "\\u0000" * 1_000_000 + ' is back."}]}', True)
    yield Input("nul.yaml", lambda: 'posts:\n- text: "The heron ' + "\\0" * 1_000_000 + ' is back."\n', True)
    yield Input("lone.json", lambda: '{"posts":[{"text":"The heron ' + "\\ud83d" * 1_000_000 + ' is back."}]}', True)
    yield Input("lone-low.jsonl", lambda: '{"text":"The heron ' + "\\ude00" * 1_000_000 + ' is back."}\n', True)
    yield Input("lone.yaml", lambda: 'posts:\n- text: "The heron \\ud83d is back."\n')
    yield Input("lone16.csv", lambda: b"\xff\xfeT\0e\0x\0t\0\n\0" + b"\x3d\xd8a\0" * 1_000_000, True)
    yield Input("utf8.csv", lambda: b"Text\n" + b"\xff\xfe\xc3" * 1_000_000, True)
    yield Input("utf8.txt", lambda: b"The heron \xff is back.")
    yield Input("bold.txt", lambda: "𝗧𝗵𝗲 𝗵𝗲𝗿𝗼𝗻 𝗶𝘀 𝗯𝗮𝗰𝗸. " * 20_000, True)
    yield Input("joined.txt", lambda: "The h" + "\u200d" * 1_000_000 + "eron is back.", True)
    yield Input("marks.txt", lambda: "The he" + "\u0301" * 1_000_000 + "ron is back.", True)
    yield Input("family.txt", lambda: "The heron " + "👩\u200d" * 500_000 + "👧 is back.", True)
    yield Input("flags.txt", lambda: "The heron " + "🇪" * 500_000 + " is back.", True)
    yield Input("mojibake/posts_1.json", lambda: '[{"media":[{"uri":"a","creation_timestamp":1,"title":"'
                + "\\u00f0\\u009f\\u0098" * 200_000 + ' a b"}]}]', True)


def many():
    yield Input("columns.csv", lambda: ",".join(f"c{n}" for n in range(100_000)) + ",Text\n"
                + "," * 100_000 + "The heron is back.\n", True)
    yield Input("column-rows.csv", lambda: "Text" + ",x" * 100_000 + "\n" + ("a b c" + "," * 100_000 + "\n") * 40, True)
    yield Input("texts.csv", lambda: ",".join(["Text"] * 100_000) + "\n" + ",".join(["a b c"] * 100_000) + "\n", True)
    yield Input("comments.csv", lambda: "Text" + ",First Comment" * 100_000 + "\n" + "a b c" + ",d e f" * 100_000 + "\n",
                True)
    yield Input("columns.tsv", lambda: "\t".join(f"c{n}" for n in range(100_000)) + "\n" + "\t" * 100_000 + "\n")
    yield Input("commas.csv", lambda: "," * 10_000_000)
    yield Input("lines.csv", lambda: "Text,Date\n" + "\n" * 10_000_000)
    yield Input("keys.json", lambda: '{"posts":[{' + ",".join(f'"k{n}":1' for n in range(500_000)) + ',"text":"a b"}]}', True)
    yield Input("same-keys.json", lambda: '{"posts":[{' + '"text":"a b c",' * 300_000 + '"text":"a b"}]}', True)
    yield Input("key-texts.json", lambda: '{"posts":[{"text":"a b c","caption":"d e f"},' * 1 + '{"x":1},' * 500_000
                + '{"x":1}]}')
    yield Input("both.json", lambda: '{"posts":[' + '{"text":"a b c","caption":"d e f"},' * 200_000 + "{}]}")
    yield Input("bad.jsonl", lambda: "{\n" * 1_000_000)
    yield Input("bad-after.jsonl", lambda: '{"text":"a b c"}\n' + "{\n" * 1_000_000, True)
    yield Input("documents.yaml", lambda: "---\ntext: a b c\n" * 300_000, True)
    yield Input("keys.yaml", lambda: "".join(f"k{n}: 1\n" for n in range(500_000)))
    yield Input("merge-keys.yaml", lambda: "a: &a {" + ", ".join(f"k{n}: 1" for n in range(2_000))
                + "}\nposts:\n" + "- {<<: *a, text: a b c}\n" * 2_000, True)
    yield Input("thread.tweet", lambda: "a b c\n\n---\n\n" * 200_000, True)
    yield Input("rulers.tweet", lambda: "\n---\n" * 1_000_000)
    yield Input("poll.tweet", lambda: "a b c\n" + "( ) d e\n" * 500_000, True)
    yield Input("tags.csv", lambda: 'Text,Hashtags\na b c,"' + "#a " * 2_000_000 + '"\n', True)
    yield Input("dates.csv", lambda: "Text,Date\n" + "a b c,32/13/2026\n" * 300_000, True)
    yield Input("networks.csv", lambda: "Text,Platform\n" + "a b c,kilnbook\n" * 200_000, True)
    yield Input("publer.csv", lambda: "Date - Intl. format or prompt,Text,Comment(s) - Separated by ||\n2026-05-04 09:00,a b c,"
                + "d e||" * 500_000 + "\n", True)


def markdown():
    yield Input("labels.md", lambda: "## LinkedIn Post\n\n" + "**Label:** a b c d e\n" * 630_000)
    yield Input("copy.md", lambda: "## LinkedIn Post\n\n" + "**Copy:** a b c d e f\n" * 550_000, True)
    yield Input("fences.md", lambda: "## LinkedIn Post\n\n" + "```\na b c\n```\n\n" * 500_000, True)
    yield Input("headings.md", lambda: "## Post 1\n\na b c\n\n" * 300_000, True)
    yield Input("empty-headings.md", lambda: "## Post 1\n\n" * 500_000)
    yield Input("pseudo.md", lambda: "**LinkedIn Post**\n\na b c\n\n" * 300_000, True)
    yield Input("items.md", lambda: "## Tweets\n\n" + "".join(f"{n}. a b c\n" for n in range(1, 400_000)), True)
    yield Input("thread.md", lambda: "## X Thread\n\n" + "".join(f"{n}/ a b c\n\n" for n in range(1, 200_000)), True)
    yield Input("references.md", lambda: "".join(f"[r{n}]: https://a.example\n" for n in range(200_000))
                + "The heron is back [r1].\n", True)
    yield Input("footnotes.md", lambda: "[^a]" * 300_000 + "\n\n[^a]: b\n", True)
    yield Input("table.md", lambda: "|a" * 5_000 + "\n" + "|-" * 5_000 + "\n" + "|b\n" * 5_000 + "\na b c\n", True)
    yield Input("ticks.md", lambda: "".join("`" * n + "a" for n in range(1, 3_000)), True)
    yield Input("entities.md", lambda: "&amp;" * 500_000, True)
    yield Input("directives.md", lambda: "<!-- selfless: allow brag -->\n\na b c\n\n" * 100_000, True)
    yield Input("directive-names.md", lambda: "<!-- selfless: allow " + "brag, " * 300_000 + "ask -->\n\na b c\n", True)
    yield Input("comments.md", lambda: "<!--" * 500_000 + "\n\na b c\n", True)
    yield Input("templates.md", lambda: "{{< x " * 300_000 + "\n\na b c\n", True)


def drafts():
    # A draft that is nothing but findings, tags or addresses costs what is told of each; that is linear, and no more.
    yield Input("phrases.txt", lambda: text(4_000_000, "Thrilled to announce our heron! Link in bio! "), True, 80)
    # One sentence without a person in it, in which every match asks who it is about.
    yield Input("one-sentence.txt", lambda: text(2_000_000, "proud to announce the launch "), True, 80)
    yield Input("questions.txt", lambda: text(4_000_000, "Why? "), True, 40)
    yield Input("quotes.txt", lambda: text(2_000_000, "“a” "), True, 20)
    yield Input("open-quotes.txt", lambda: text(2_000_000, "“a "), True, 20)
    yield Input("letters.txt", lambda: text(2_000_000, "D M "), True)
    yield Input("dots.txt", lambda: "." * 5_000_000, True)
    yield Input("hashes.txt", lambda: "#" * 5_000_000, True, 40)
    yield Input("ats.txt", lambda: "@" * 2_000_000, True)
    yield Input("dotted.txt", lambda: "a." * 1_000_000, True)
    yield Input("hosts.txt", lambda: "a.com/" * 500_000, True, 40)
    yield Input("schemes.txt", lambda: "https://" * 500_000, True)
    yield Input("hyphens.txt", lambda: "a-" * 1_000_000, True)
    yield Input("spaces.txt", lambda: "a" + " " * 5_000_000 + "b", True)
    yield Input("breaks.txt", lambda: "a" + "\n" * 5_000_000 + "b", True)
    yield Input("returns.txt", lambda: "a" + "\r" * 5_000_000 + "b", True)


def quiet():
    # What each suppression hides, and what none does, is told; of a thousand as fast as of one.
    adding = (["check", "--exit-zero", "--format", "json", "--add-ignores", "--reason", "so"],)
    line = "Link in bio. <!-- selfless-ignore ask -->\n"
    yield Input("quiet-blocks.md", lambda: (line + "\n") * 10_000, True, 80)
    yield Input("quiet-lines.md", lambda: line * 10_000, True, 80)
    yield Input("quiet-line.md", lambda: line.replace("\n", " ") * 10_000, True, 80)
    yield Input("quiet-names.md", lambda: "<!-- selfless-ignore-file " + "ask/soft ask brag verdict " * 10_000
                + "-->\n\n" + "Link in bio. " * 10_000, True, 320)
    yield Input("quiet.yaml", lambda: "- text: Link in bio. # selfless-ignore ask\n" * 5_000, True, 160)
    yield Input("unknown.md", lambda: "Link in bio. <!-- selfless-ignore " + "ask/sofft " * 50_000 + "-->\n", True, 80)
    yield Input("unknown-reason.md", lambda: "Link in bio. <!-- selfless-ignore " + "".join(
        f"ask/sof{n} " for n in range(10_000)) + "-- so -->\n", True, 320)
    yield Input("unknown-each.yaml", lambda: "".join(
        f"- text: Link in bio. # selfless-ignore sof{n} -- so\n" for n in range(5_000)), True, 320)
    yield Input("add.md", lambda: "Sign up now, link in bio!\n\n" * 1_000, True, 80, adding)
    yield Input("add.yaml", lambda: "- text: Link in bio.\n- text: |\n    Link in bio.\n" * 500, True, 80, adding)


GROUPS = {"nested": nested, "aliases": aliases, "fields": fields, "halves": halves, "bytes": odd_bytes,
          "many": many, "markdown": markdown, "drafts": drafts, "quiet": quiet}


def write(given, path):
    """Writes an input in a process of its own: one that is measured is charged with what its parent ever held."""
    child = os.fork()
    if child == 0:
        content = given.content()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f"{given.name} could not be written")


def run(command, env, log):
    """Exit code, seconds, the most bytes held, and what was said on standard error."""
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
               (os.POSIX_SPAWN_OPEN, 2, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, env, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024
    with open(log, encoding="utf-8", errors="replace") as file:
        said = file.read(4_000)
    return os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss * unit, usage.ru_utime + usage.ru_stime, said


def judge(given, path, options, env):
    """What does not hold of one input, and its figures."""
    size = path.stat().st_size
    wrong, figures = [], []
    for command in (["posts"], ["check", "--exit-zero", "--format", "json"], *given.more):
        command = [options.binary, *command, "--max-file-size", "200MB", str(path)]
        code, seconds, peak, cpu, said = run(command, env, str(path.parent / "stderr"))
        command = command[1:]
        figures.append((command[0], code, seconds, cpu, peak / 1e6))
        if code not in (0, 1, 2) or "panicked" in said or "internal" in said:
            wrong.append(f"{command[0]} ended with {code}: {said[:300]}")
        # Others may be at work on the machine; what this process worked itself is what counts.
        if min(seconds, cpu) > SECONDS * options.slower:
            wrong.append(f"{command[0]} took {seconds:.1f} s, {cpu:.1f} s of them work")
        if peak > given.times * size + BESIDE:
            wrong.append(f"{command[0]} held {peak / 1e6:.0f} MB of {(given.times * size + BESIDE) / 1e6:.0f}")
        if command[0] == "posts":
            if not given.reads and (code != 2 or not said.strip()):
                wrong.append(f"posts ended with {code} and said {said[:200]!r}")
            if given.reads and code == 2 and not said.strip():
                wrong.append("posts ended with 2 and said nothing")
    return size, figures, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--binary", type=lambda name: str(Path(name).resolve()), help="measure this binary")
    parser.add_argument("--slower", type=float, default=1.0, metavar="N", help="allow N times the seconds")
    parser.add_argument("--all", action="store_true", help="show every input, not only those that break a bound")
    parser.add_argument("name", nargs="*", help="only inputs or groups whose names hold one of these")
    options = parser.parse_args()
    if not options.binary:
        from bench import build
        options.binary = str(build())
    broken = seen = 0
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        env = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LC_ALL": "C.UTF-8"}
        for group, inputs in GROUPS.items():
            for given in inputs():
                if options.name and not any(name in f"{group}/{given.name}" for name in options.name):
                    continue
                path = Path(folder) / "input" / given.name
                path.parent.mkdir(parents=True, exist_ok=True)
                write(given, path)
                size, figures, wrong = judge(given, path, options, env)
                path.unlink()
                # The entries of what takes no comments.
                path.with_name("selfless.toml").unlink(missing_ok=True)
                seen += 1
                broken += bool(wrong)
                if wrong or options.all:
                    told = "; ".join(f"{name} {code} {seconds:.2f} s ({cpu:.2f}) {peak:.0f} MB" for name, code, seconds, cpu, peak in figures)
                    print(f"{'BROKEN' if wrong else 'holds '} {given.name} ({size / 1e6:.1f} MB): {told}", flush=True)
                for what in wrong:
                    print(f"       {what}", flush=True)
    print(f"{seen} hostile inputs, {broken} break a bound of {SECONDS * options.slower:g} s and {TIMES} times the input and 64 MiB")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
