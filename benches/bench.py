#!/usr/bin/env python3
"""What selfless costs, beside ripgrep counting 200 phrases in the same files.

    python3 benches/bench.py                 builds the release binary and measures it
    python3 benches/bench.py --quick         small inputs, under a minute
    python3 benches/bench.py --binary PATH   measures another binary
    python3 benches/bench.py --json FILE     also writes the figures as JSON

How to read the table: every row is the median of several runs, and the runs of one group take turns, so that a
machine that slows down slows all of them. `cpu` is user and system time of the process, `wall` the time until it
ended, `peak` the most memory that it held. The last column is a ratio within the same group. Compare ratios,
not milliseconds, between machines. A peak cannot be told below what this script holds itself; then it reads `<`.

Where valgrind is there, instructions of a cold start and of 1,000 posts are counted too: compare those between versions.

All inputs are made here, the same at every run, of a vocabulary of our own. Needs nothing but the standard
library; without ripgrep only our own side is measured. Ends with 1 if a budget is overspent: see BUDGETS.
"""

import argparse
import csv
import datetime
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What must hold on any machine: milliseconds of processor time of a cold start, and how much more the double input
# may cost (2 would be linear; the rest is noise).
BUDGETS = {"cold start": 10.0, "double input": 2.5}

FEELINGS = (
    "thrilled,excited,proud,honored,humbled,delighted,happy,pleased,stoked,grateful,"
    "overjoyed,ecstatic,blessed,pumped,glad,eager,amazed,fortunate,privileged,beyond excited"
).split(",")
DEEDS = "announce,share,present,launch,reveal,introduce,unveil,report,release,join".split(",")
WORDS = (
    "the the the a a of of to to in in and and for with on is was it that we they she he at from by as this which "
    "heron canal bread oven street lamp bicycle letter ticket ferry harbour garden soil rain window train timetable "
    "teacher pupil library shelf museum roof beam kettle spoon paper pencil notebook battery cable signal server "
    "morning evening winter spring market crowd neighbour bench corner bridge river path stone moss bird swift "
    "found lost kept built broke moved wrote read counted painted mended closed opened planted carried asked "
    "slow old small quiet long early late cold warm green narrow broken patient plain odd useful honest "
    "seven twelve because while although after before never often almost again together"
).split()
PROMOTION = [
    "Link in bio!",
    "Sign up now, only 3 spots left.",
    "Use code SWIFT20 for 20% off!",
    "DM me to work with us.",
    "Don't miss out, doors close tonight.",
    "We are an award-winning studio.",
    "Follow me for more tips like these.",
]
CONVERSATION = [
    "What would you have done?",
    "Thanks to @mara for the map.",
    "I was wrong about the oven.",
    "How did that go for you?",
]
TAILS = ["🚀", "🙏🏽 🎉", "— «déjà vu», said the café owner", "“quoted, so to speak”", "https://heron.example/a?b=1",
         "#canal #birds", "naïve Straße, Åse", "👩‍👩‍👧", "@jo", "…"]


def sentence(rng):
    words = rng.choices(WORDS, k=rng.randint(5, 16))
    return " ".join(words).capitalize() + rng.choice(["."] * 6 + ["!", "?"])


def post(rng):
    """One post: about a third of them promote, a third hold something beyond ASCII."""
    said = [sentence(rng) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.25:
        said.insert(0, f"{rng.choice(FEELINGS).capitalize()} to {rng.choice(DEEDS)} our {rng.choice(WORDS)}!")
    if rng.random() < 0.2:
        said.append(rng.choice(PROMOTION))
    if rng.random() < 0.2:
        said.append(rng.choice(CONVERSATION))
    if rng.random() < 0.35:
        said.append(rng.choice(TAILS))
    return " ".join(said)


def write_posts(path, size, shape):
    """About `size` bytes of posts, each shaped by `shape`; never all of it in memory."""
    rng = random.Random(7)
    written = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            text = shape(post(rng))
            written += len(text.encode())
            file.write(text)
    return path


def write_csv(path, count):
    """A table as schedulers take it: texts with quotation marks, commas and line breaks."""
    rng = random.Random(10)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Text", "Image URL", "Tags", "Posting Time"])
        for number in range(count):
            text = post(rng).replace(". ", ".\n\n", 1) + rng.choice(["", ' "So," she said.'])
            table.writerow([text, "", "", f"2026-{number % 12 + 1:02}-{number % 28 + 1:02} 09:00"])
    return path


def write_json(path, count):
    """A queue as programs write it, with escapes for all that is not ASCII."""
    rng = random.Random(11)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"posts":[')
        for number in range(count):
            entry = {"id": number, "text": post(rng).replace(". ", ".\n\n", 1), "platforms": ["x"], "when": "2026-05-06 09:00"}
            file.write((",\n" if number else "\n") + json.dumps(entry))
        file.write("]}\n")
    return path


def write_folders(folder, count):
    rng = random.Random(8)
    for number in range(count):
        path = folder / f"{number // 100:03}" / f"post-{number % 100:02}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(post(rng) + "\n", encoding="utf-8")
    return folder


def write_rules(path, count, found):
    """So many rules of three phrases each, which share some words with the posts, as the words of rules do: a tenth of the
    words make up most of what is written. None can be found in the posts, or one in ten, hundreds of times a megabyte."""
    rng = random.Random(9)
    lines = ['category = "bench"', 'title = "Bench"', ""]
    endings = [a + b for a in ("", "er", "ing", "ed", "ly", "ish", "ment", "ness") for b in ("", "s", "like", "wise")]
    rare = [word + ending for word in sorted(set(WORDS)) for ending in endings[1:]]

    def word(known):
        return rng.choice(WORDS if known or rng.random() < 0.2 else rare)

    for number in range(count):
        known = found and number % 10 == 0
        one, two, three, four = (word(known) for _ in range(4))
        if not known:
            # No post has this one.
            three = rng.choice(rare)
        phrases = [f"{one} {two} {three}", f"{{{two}|{four}}} [{one}] {three}", f"{four} ~2 {one if known else three}"]
        lines += ["[[rule]]", f'name = "rule-{number}"', 'level = "note"', 'message = "a phrase of the bench"',
                  f"phrases = {json.dumps(phrases)}", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


class Run:
    """One command, measured several times."""

    def __init__(self, name, command, beside=None):
        self.name, self.command, self.beside = name, [str(part) for part in command], beside
        self.cpu, self.wall, self.peak = [], [], 0

    def once(self, log, env):
        started = time.perf_counter()
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        ]
        child = os.posix_spawn(self.command[0], self.command, env, file_actions=actions)
        _, status, usage = os.wait4(child, 0)
        self.wall.append((time.perf_counter() - started) * 1e3)
        self.cpu.append((usage.ru_utime + usage.ru_stime) * 1e3)
        self.peak = max(self.peak, usage.ru_maxrss)
        if os.waitstatus_to_exitcode(status) != 0:
            said = Path(log).read_text(encoding="utf-8", errors="replace")
            sys.exit(f"failed: {' '.join(self.command)}\n{said}")

    def figures(self, floor):
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return {
            "name": self.name,
            "command": self.command,
            "cpu_ms": round(statistics.median(self.cpu), 2),
            "wall_ms": round(statistics.median(self.wall), 2),
            "peak_mb": round(self.peak / unit, 1),
            "peak_is_floor": self.peak <= floor * 1.02,
            "runs": len(self.cpu),
        }


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.binary = str(options.binary or build())
        self.rg = shutil.which("rg")
        self.true = shutil.which("true")
        # Neither the config of whoever runs this nor colour and language of the terminal decide anything.
        self.env = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        self.phrases = folder / "phrases"
        self.phrases.write_text("".join(f"{a} to {b}\n" for a in FEELINGS for b in DEEDS), encoding="utf-8")
        self.groups, self.counts = [], []

    def ours_or_true(self, name):
        return Run(name, [self.true] if self.true else [self.binary, "--version"])

    def ours(self, name, *args, beside=None):
        return Run(name, [self.binary, "check", "--exit-zero", *args], beside)

    def ripgrep(self, *paths):
        if not self.rg:
            return []
        # Nothing found is no failure here, and `-c` says nothing else.
        return [Run("ripgrep", [self.rg, "--no-config", "-c", "-i", "-F", "-f", self.phrases, *paths])]

    def measure(self, title, runs, times):
        log = str(self.folder / "stderr")
        for _ in range(times):
            for run in runs:
                run.once(log, self.env)
        # A process is charged with what this one held when it was started.
        floor = self.ours_or_true("floor")
        floor.once(log, self.env)
        figures = [run.figures(floor.peak) for run in runs]
        first = {figure["name"]: figure["cpu_ms"] for figure in figures}
        for run, figure in zip(runs, figures):
            base = first.get(run.beside)
            if base:
                figure["beside"], figure["ratio"] = run.beside, round(figure["cpu_ms"] / base, 2)
        self.groups.append({"title": title, "rows": figures})
        return figures

    def cold_start(self):
        example = self.example_with_most_findings()
        beside = "ripgrep" if self.rg else None
        runs = [
            self.ours_or_true("empty process"),
            *self.ripgrep(example),
            self.ours("selfless", example, beside="empty process"),
            self.ours("selfless, json", "--format", "json", example, beside=beside),
        ]
        times = 15 if self.options.quick else 40
        figures = self.measure(f"cold start, {example.relative_to(ROOT)}", runs, times)
        return next(figure["cpu_ms"] for figure in figures if figure["name"] == "selfless")

    def example_with_most_findings(self):
        def findings(path):
            command = [self.binary, "check", "--exit-zero", "--format", "json", str(path)]
            found = json.loads(subprocess.run(command, capture_output=True, check=True, env=self.env).stdout)
            return sum(len(one["findings"]) for one in found["posts"])

        drafts = [path for path in sorted((ROOT / "examples").iterdir()) if path.suffix in (".txt", ".md")]
        return max(drafts, key=findings)

    def small_files(self):
        count = 1_000 if self.options.quick else 10_000
        folder = write_folders(self.folder / "posts", count)
        runs = [*self.ripgrep(folder), self.ours("selfless", folder, beside="ripgrep"),
                self.ours("selfless, json", "--format", "json", folder, beside="ripgrep")]
        self.measure(f"{count:,} small files", runs, 3 if self.options.quick else 5)

    def one_file(self):
        size = 1 if self.options.quick else 10
        whole, half = (
            write_posts(self.folder / f"{name}.txt", part, lambda text: text + "\n\n")
            for name, part in (("whole", size * 1_000_000), ("half", size * 500_000))
        )
        runs = [
            *self.ripgrep(whole),
            self.ours("half of it", "--format", "json", half),
            self.ours("selfless, json", "--format", "json", whole, beside="half of it"),
            self.ours("selfless, short", "--format", "short", whole, beside="ripgrep"),
            self.ours("selfless", whole, beside="ripgrep"),
        ]
        figures = self.measure(f"{size} MB of posts in one file, one draft", runs, 3)
        line = write_posts(self.folder / "line.txt", size * 1_000_000, lambda text: text + " ")
        runs = [*self.ripgrep(line), self.ours("selfless, json", "--format", "json", line, beside="ripgrep")]
        self.measure(f"{size} MB in one line", runs, 1 if self.options.quick else 3)
        return whole, next(figure["ratio"] for figure in figures if figure.get("beside") == "half of it")

    def records(self):
        size = 1 if self.options.quick else 10
        shape = lambda text: json.dumps({"text": text}, ensure_ascii=False) + "\n"  # noqa: E731
        records = write_posts(self.folder / "records.jsonl", size * 1_000_000, shape)
        runs = [*self.ripgrep(records),
                self.ours("selfless, jsonl", "--format", "jsonl", records, beside="ripgrep")]
        self.measure(f"{size} MB of JSON lines, a post each", runs, 3)

    def queues(self):
        """Tables and queues of so many posts, and of twice as many: read alone, and read and judged."""
        count = 10_000 if self.options.quick else 100_000
        ratios = []
        for ending, write in (("csv", write_csv), ("json", write_json)):
            once, twice = (write(self.folder / f"queue-{times}.{ending}", count * times) for times in (1, 2))
            runs = []
            # Longer than what is read unasked.
            flags = ("--format", "json", "--max-file-size", "100MB")
            for name, command in (("read", ("posts",)), ("judged", ("check", "--exit-zero"))):
                command = (self.binary, *command, *flags)
                runs.append(Run(f"{count:,}, {name}", [*command, once]))
                runs.append(Run(f"{2 * count:,}, {name}", [*command, twice], beside=f"{count:,}, {name}"))
            figures = self.measure(f"{count:,} posts in {ending.upper()}, {once.stat().st_size / 1e6:.0f} MB", runs,
                                   1 if self.options.quick else 3)
            ratios += [figure["ratio"] for figure in figures if "ratio" in figure]
        return max(ratios)
    def queue(self):
        """Three years of posts in one table: what the queue costs beside its posts."""
        count = 1_000 if self.options.quick else 10_000
        rng = random.Random(11)
        start = datetime.datetime(2024, 1, 1, 9)
        table = self.folder / "queue.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["Text", "Date", "Platform"])
            for number in range(count):
                when = start + datetime.timedelta(minutes=number * 3 * 365 * 24 * 60 // count)
                rows.writerow([post(rng), when.strftime("%Y-%m-%d %H:%M"), rng.choice(["x", "mastodon"])])
        records = self.folder / "queue.jsonl"
        with records.open("w", encoding="utf-8") as file, table.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                file.write(json.dumps({"text": row["Text"], "platform": row["Platform"]}) + "\n")
        alone = f"{count:,} drafts"
        runs = [self.ours(alone, "--format", "jsonl", records),
                self.ours("a queue of them", "--format", "jsonl", table, beside=alone),
                Run("selfless queue", [self.binary, "queue", "--exit-zero", table], alone)]
        self.measure(f"{count:,} posts over three years, held against a budget", runs, 3)

    def rules(self, posts):
        tiny = self.folder / "tiny.txt"
        tiny.write_text("The heron is back.\n", encoding="utf-8")
        counts = (60, 600) if self.options.quick else (60, 600, 6_000)
        for found, title in ((False, "that find nothing there"), (True, "one in ten found hundreds of times a megabyte")):
            runs = [self.ours("shipped rules", "--format", "json", posts),
                    self.ours("shipped rules, loading", "--format", "json", tiny)]
            for count in counts:
                rules = write_rules(self.folder / f"rules-{count}.toml", count, found)
                flags = ("--format", "json", "--rules", rules)
                runs.append(self.ours(f"and {count:,} more", *flags, posts, beside="shipped rules"))
                runs.append(self.ours(f"and {count:,} more, loading", *flags, tiny, beside="shipped rules, loading"))
            figures = self.measure(f"cost by number of rules, {title}", runs, 1 if self.options.quick else 3)
            self.scanning(figures, counts)

    def scanning(self, figures, counts):
        """What is left where loading is taken off, beside the fewest rules."""
        cpu = {figure["name"]: figure["cpu_ms"] for figure in figures}
        scan = {count: cpu[f"and {count:,} more"] - cpu[f"and {count:,} more, loading"] for count in counts}
        for figure in figures:
            for count in counts[1:]:
                if figure["name"] == f"and {count:,} more" and scan[counts[0]] > 0:
                    figure["scan_ratio"] = round(scan[count] / scan[counts[0]], 2)
                    figure["scan_beside"] = counts[0]

    def instructions(self):
        """Instructions under callgrind, where valgrind is there: they are the same at every run, so that a regression of
        a hundredth shows on a machine whose milliseconds show none of a tenth."""
        valgrind = shutil.which("valgrind")
        if not valgrind:
            return
        thousand = self.folder / "thousand.jsonl"
        rng = random.Random(13)
        with thousand.open("w", encoding="utf-8") as file:
            for _ in range(1_000):
                file.write(json.dumps({"text": post(rng)}) + "\n")
        tool = [valgrind, "--tool=callgrind", f"--callgrind-out-file={self.folder / 'callgrind'}", self.binary]
        rows = []
        for name, args in (("cold start", [self.example_with_most_findings()]), ("1,000 posts", [thousand])):
            command = [str(part) for part in [*tool, "check", "--no-config", "--exit-zero", "--format", "short", *args]]
            said = subprocess.run(command, capture_output=True, check=True, env=self.env).stderr.decode()
            counted = re.search(r"refs:\s*([\d,]+)", said)
            if counted:
                rows.append({"name": name, "instructions": int(counted[1].replace(",", ""))})
        self.counts = rows

    def table(self):
        for group in self.groups:
            print(f"\n{group['title']}")
            print(f"  {'':26}{'cpu ms':>10}{'wall ms':>10}{'peak MB':>10}  ratio of cpu")
            for row in group["rows"]:
                peak = f"{'<' if row['peak_is_floor'] else ''}{row['peak_mb']:.1f}"
                ratio = f"  {row['ratio']:.2f} × {row['beside']}" if "ratio" in row else ""
                if "scan_ratio" in row:
                    ratio += f"; scan alone {row['scan_ratio']:.2f} × that of {row['scan_beside']:,}"
                print(f"  {row['name']:26}{row['cpu_ms']:>10.1f}{row['wall_ms']:>10.1f}{peak:>10}{ratio}")
        if self.counts:
            print("\ninstructions, in millions")
        for row in self.counts:
            print(f"  {row['name']:26}{row['instructions'] / 1e6:>10.2f}")


def build():
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    return ROOT / target / "release" / "selfless"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--binary", type=lambda name: Path(name).resolve(), help="measure this binary")
    parser.add_argument("--quick", action="store_true", help="small inputs, fewer runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(options, Path(folder))
        cold = bench.cold_start()
        bench.small_files()
        posts, double = bench.one_file()
        bench.records()
        double = max(double, bench.queues())
        bench.queue()
        bench.rules(posts)
        bench.instructions()
    bench.table()
    if options.json:
        options.json.write_text(json.dumps({"groups": bench.groups, "instructions": bench.counts}, indent=1) + "\n", encoding="utf-8")
    spent = {"cold start": cold, "double input": double}
    over = [name for name, budget in BUDGETS.items() if spent[name] > budget]
    print()
    for name, budget in BUDGETS.items():
        print(f"{name}: {spent[name]:.2f} of {budget} {'OVERSPENT' if name in over else ''}".rstrip())
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
