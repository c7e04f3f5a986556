#!/usr/bin/env python3
"""What selfless costs, beside ripgrep counting 200 phrases (whole words, any case) in the same files.

    python3 benches/bench.py                 builds the release binary and measures it
    python3 benches/bench.py --quick         small inputs, about a minute
    python3 benches/bench.py --giant         also streams a gigabyte of JSON lines
    python3 benches/bench.py --peers FOLDER… also measures the linters of prose that are in these folders or in PATH
    python3 benches/bench.py --only WORD…    only the groups whose names hold one of these words
    python3 benches/bench.py --binary PATH   measures another binary
    python3 benches/bench.py --json FILE     also writes the figures as JSON
    python3 benches/bench.py --markdown FILE also writes them as tables, between the marks of docs/performance.md

How to read the table: every row is the median of several runs, and the runs of one group take turns, so that a
machine that slows down slows all of them. `cpu` is user and system time of the process, `wall` the time until it
ended, `peak` the most memory that it held. The last column is a ratio within the same group. Compare ratios,
not milliseconds, between machines. A peak cannot be told below what this script holds itself; then it reads `<`.

Where valgrind is there, instructions of a cold start and of 1,000 posts are counted too: compare those between versions.

All inputs are made by corpora.py. Needs nothing but the standard library; without ripgrep only our own side is
measured. Ends with 1 if a goal that holds on any machine is missed: see GOALS.
"""

import argparse
import csv
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

import corpora

ROOT = Path(__file__).resolve().parent.parent


# What is written of a page stands between these.
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


class Goal:
    """A figure and how much it may be. One that is `firm` beyond a number ends the bench as failed, on a noisy machine, too."""

    def __init__(self, name, at_most, aim, unit="×", firm=None):
        self.name, self.at_most, self.aim, self.unit, self.firm = name, at_most, aim, unit, firm


# The figures of a full run. The noise of a doubling is a tenth, and more of a short run: so it fails later than it is missed.
GOALS = [
    Goal("cold start, cpu to ripgrep", 1.5, 0.6, firm=1.5),
    Goal("cold start, cpu", 10.0, 4.0, "ms", firm=10.0),
    Goal("100 rules of a user, added to a cold start", 2.0, 1.0, "ms"),
    Goal("many files, cpu to ripgrep", 3.0, 1.5),
    Goal("one draft in text, wall to ripgrep", 4.0, 2.0),
    Goal("posts in JSON lines, wall to ripgrep", 4.0, 2.0),
    Goal("double input, at worst", 2.1, 2.0, firm=2.5),
    Goal("60 to the most rules, scan", 1.5, 1.2),
    Goal("one draft in Markdown, wall to ripgrep", 4.0, 2.0),
    Goal("peak of 10 MB in one file", 80.0, 40.0, "MiB"),
    Goal("peak of a gigabyte of JSON lines", 64.0, 32.0, "MiB"),
]


class Run:
    """One command, measured several times."""

    def __init__(self, name, command, beside=None, of="cpu", may_find=False):
        self.name, self.command, self.beside, self.of = name, [str(part) for part in command], beside, of
        self.may_find = may_find
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
        if os.waitstatus_to_exitcode(status) != 0 and not self.may_find:
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
        self.quick = options.quick
        self.binary = str(options.binary or build())
        self.rg = shutil.which("rg")
        self.true = shutil.which("true")
        # Neither the config of whoever runs this nor colour and language of the terminal decide anything.
        self.env = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        self.phrases = folder / "phrases"
        phrases = (f"{a} to {b}\n" for a in corpora.FEELINGS for b in corpora.DEEDS)
        self.phrases.write_text("".join(phrases), encoding="utf-8")
        self.groups, self.counts, self.reached = [], [], {}
        self.size = 1_000_000 if self.quick else 10_000_000

    def ours_or_true(self, name):
        return Run(name, [self.true] if self.true else [self.binary, "--version"])

    def ours(self, name, *args, beside=None, of="cpu"):
        return Run(name, [self.binary, "check", "--exit-zero", *args], beside, of)

    def ripgrep(self, *paths, also_within=False):
        """Counts the phrases; `also_within` also those that are no whole words, which takes it a third of the time."""
        if not self.rg:
            return []
        # Whole words in any case, as ours are; nothing found is no failure here, and `-c` says nothing else.
        command = [self.rg, "--no-config", "-c", "-i", "-w", "-F", "-f", self.phrases, *paths]
        within = [part for part in command if part != "-w"]
        more = [Run("ripgrep, also within words", within, may_find=True)] if also_within else []
        return [Run("ripgrep", command, may_find=True), *more]

    def measure(self, title, runs, times):
        """The figures of these runs by name; ratios are of the measure that a run asks for."""
        log = str(self.folder / "stderr")
        for _ in range(times):
            for run in runs:
                run.once(log, self.env)
        # A process is charged with what this one held when it was started.
        floor = self.ours_or_true("floor")
        floor.once(log, self.env)
        figures = {run.name: run.figures(floor.peak) for run in runs}
        for run in runs:
            base, figure = figures.get(run.beside), figures[run.name]
            if base:
                figure |= {"beside": run.beside, "of": run.of}
                figure["ratio"] = round(figure[f"{run.of}_ms"] / base[f"{run.of}_ms"], 2)
        self.groups.append({"title": title, "rows": list(figures.values())})
        self.table(self.groups[-1])
        return figures

    def reach(self, name, figure):
        """Keeps the worst of what was measured for a goal."""
        assert any(goal.name == name for goal in GOALS), name
        self.reached[name] = max(self.reached.get(name, 0.0), figure)

    def cold_start(self):
        example = self.example_with_most_findings()
        rules = corpora.write_rules(self.folder / "rules-100.toml", 100, found=False)
        runs = [
            self.ours_or_true("empty process"),
            *self.ripgrep(example),
            self.ours("selfless", example, beside="ripgrep"),
            self.ours("selfless, json", "--format", "json", example, beside="ripgrep"),
            self.ours("with 100 rules of a user", "--rules", rules, example, beside="selfless"),
        ]
        rows = self.measure(f"cold start, {example.relative_to(ROOT)}", runs, 15 if self.quick else 60)
        self.reach("cold start, cpu", rows["selfless"]["cpu_ms"])
        if self.rg:
            self.reach("cold start, cpu to ripgrep", rows["selfless"]["ratio"])
        added = rows["with 100 rules of a user"]["cpu_ms"] - rows["selfless"]["cpu_ms"]
        self.reach("100 rules of a user, added to a cold start", round(max(added, 0.0), 2))

    def example_with_most_findings(self):
        def findings(path):
            command = [self.binary, "check", "--exit-zero", "--format", "json", str(path)]
            found = json.loads(subprocess.run(command, capture_output=True, check=True, env=self.env).stdout)
            return sum(len(one["findings"]) for one in found["posts"])

        drafts = [path for path in sorted((ROOT / "examples").iterdir()) if path.suffix in (".txt", ".md")]
        return max(drafts, key=findings)

    def many_files(self):
        count = 1_000 if self.quick else 10_000
        folder = corpora.write_folders(self.folder / "posts", count)
        account = self.folder / "account.toml"
        account.write_text(corpora.ACCOUNT, encoding="utf-8")
        runs = [*self.ripgrep(folder), self.ours("selfless", folder, beside="ripgrep"),
                self.ours("selfless, json", "--format", "json", folder, beside="ripgrep"),
                self.ours("with an account of ten names", "--config", account, folder, beside="selfless")]
        rows = self.measure(f"{count:,} small files", runs, 3 if self.quick else 7)
        if self.rg:
            self.reach("many files, cpu to ripgrep", rows["selfless"]["ratio"])

    def one_draft(self):
        """One long draft, half of it, and the same in one line."""
        whole, half = (
            corpora.write_posts(self.folder / f"{name}.txt", part, lambda text: text + "\n\n")
            for name, part in (("whole", self.size), ("half", self.size // 2))
        )
        runs = [
            *self.ripgrep(whole, also_within=True),
            self.ours("half of it, json", "--format", "json", half),
            self.ours("selfless, json", "--format", "json", whole, beside="half of it, json"),
            self.ours("selfless, short", "--format", "short", whole, beside="ripgrep", of="wall"),
            self.ours("selfless", whole, beside="ripgrep", of="wall"),
        ]
        rows = self.measure(f"{self.size // 1_000_000} MB in text, one draft", runs, 5)
        self.reach("double input, at worst", rows["selfless, json"]["ratio"])
        self.reach("peak of 10 MB in one file", max(row["peak_mb"] for row in rows.values()))
        if self.rg:
            self.reach("one draft in text, wall to ripgrep", rows["selfless, short"]["ratio"])
        line = corpora.write_posts(self.folder / "line.txt", self.size, lambda text: text + " ")
        runs = [*self.ripgrep(line), self.ours("selfless, json", "--format", "json", line, beside="ripgrep", of="wall")]
        rows = self.measure(f"{self.size // 1_000_000} MB in text, one line", runs, 1 if self.quick else 3)
        self.reach("peak of 10 MB in one file", max(row["peak_mb"] for row in rows.values()))

    def one_file(self):
        """The same amount of posts in one file of each format."""
        write = {
            "CSV": lambda path: corpora.write_csv(path, self.size // 250),
            "JSON": lambda path: corpora.write_json(path, self.size // 300),
            "JSON lines": lambda path: corpora.write_records(path, self.size),
            "Markdown": lambda path: corpora.write_markdown(path, self.size),
        }
        endings = {"CSV": "csv", "JSON": "json", "JSON lines": "jsonl", "Markdown": "md"}
        for name, make in write.items():
            path = make(self.folder / f"posts.{endings[name]}")
            one = [self.binary, "check", "--exit-zero", "--threads", "1", "--format", "jsonl", path]
            runs = [*self.ripgrep(path), Run("selfless, jsonl, one thread", one, "ripgrep", "wall"),
                    self.ours("selfless, jsonl", "--format", "jsonl", path, beside="ripgrep", of="wall"),
                    self.ours("selfless", path, beside="ripgrep", of="wall")]
            rows = self.measure(f"{path.stat().st_size / 1e6:.0f} MB in {name}", runs, 1 if self.quick else 3)
            self.reach("peak of 10 MB in one file", max(row["peak_mb"] for row in rows.values()))
            goals = {"JSON lines": "posts in JSON lines", "Markdown": "one draft in Markdown"}
            if self.rg and name in goals:
                self.reach(f"{goals[name]}, wall to ripgrep", rows["selfless, jsonl"]["ratio"])

    def doubled(self):
        """Tables and queues of so many posts, and of twice as many: read alone, and read and judged."""
        count = 10_000 if self.quick else 100_000
        for ending, write in (("csv", corpora.write_csv), ("json", corpora.write_json)):
            once, twice = (write(self.folder / f"queue-{times}.{ending}", count * times) for times in (1, 2))
            runs = []
            # Longer than what is read unasked.
            flags = ("--format", "json", "--max-file-size", "100MB")
            for name, command in (("read", ("posts",)), ("judged", ("check", "--exit-zero"))):
                command = (self.binary, *command, *flags)
                runs.append(Run(f"{count:,}, {name}", [*command, once]))
                runs.append(Run(f"{2 * count:,}, {name}", [*command, twice], beside=f"{count:,}, {name}"))
            title = f"{count:,} posts in {ending.upper()}, {once.stat().st_size / 1e6:.0f} MB, doubled"
            rows = self.measure(title, runs, 1 if self.quick else 3)
            self.reach("double input, at worst", max(row.get("ratio", 0.0) for row in rows.values()))

    def queue(self):
        """Three years of posts in one table: what the queue costs beside its posts."""
        count = 1_000 if self.quick else 10_000
        table = corpora.write_schedule(self.folder / "queue.csv", count)
        records = self.folder / "queue.jsonl"
        with records.open("w", encoding="utf-8") as file, table.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                file.write(json.dumps({"text": row["Text"], "platform": row["Platform"]}) + "\n")
        alone = f"{count:,} drafts"
        runs = [self.ours(alone, "--format", "jsonl", records),
                self.ours("a queue of them", "--format", "jsonl", table, beside=alone),
                Run("selfless queue", [self.binary, "queue", "--exit-zero", table], alone)]
        self.measure(f"{count:,} posts over three years, held against a budget", runs, 3)

    def rules(self):
        """More and more rules over the same posts. What a run over next to nothing costs is loading, the rest is scan."""
        posts = corpora.write_posts(self.folder / "ruled.txt", self.size, lambda text: text + "\n\n")
        tiny = self.folder / "tiny.txt"
        tiny.write_text("The heron is back.\n", encoding="utf-8")
        counts = (60, 600) if self.quick else (60, 600, 6_000)
        for found, title in ((False, "that find nothing"), (True, "one in ten found hundreds of times a megabyte")):
            runs = [self.ours("shipped rules", "--format", "json", posts),
                    self.ours("shipped rules, loading", "--format", "json", tiny)]
            for count in counts:
                rules = corpora.write_rules(self.folder / f"rules-{count}.toml", count, found)
                flags = ("--format", "json", "--rules", rules)
                runs.append(self.ours(f"and {count:,} more", *flags, posts, beside="shipped rules"))
                runs.append(self.ours(f"and {count:,} more, loading", *flags, tiny, beside="shipped rules, loading"))
            rows = self.measure(f"by number of rules, {title}", runs, 1 if self.quick else 5)
            scan = {count: rows[f"and {count:,} more"]["cpu_ms"] - rows[f"and {count:,} more, loading"]["cpu_ms"]
                    for count in counts}
            ratio = round(scan[counts[-1]] / scan[counts[0]], 2)
            print(f"  scan alone, {counts[-1]:,} rules: {ratio} × that of {counts[0]}")
            if not found:
                self.reach("60 to the most rules, scan", ratio)

    def by_length(self):
        """A tenth of the amount in posts of so many words: what a post costs beside what its words cost."""
        size = self.size // 10
        runs = []
        for words in (10, 100, 1_000, 10_000):
            path = corpora.write_records(self.folder / f"length-{words}.jsonl", size, corpora.post_of(words))
            runs.append(self.ours(f"{words:,} words", "--threads", "1", "--format", "short", path, beside="100 words"))
        self.measure(f"by length, {size / 1e6:g} MB of posts", runs, 3 if self.quick else 9)

    def by_share(self):
        """The same amount, of which so much lies beyond ASCII."""
        size = self.size // 10
        runs = []
        for share in (0, 10, 50, 100):
            path = corpora.write_records(self.folder / f"share-{share}.jsonl", size, corpora.post_beyond_ascii(share / 100))
            flags = ("--threads", "1", "--format", "short")
            runs.append(self.ours(f"{share} % of the words", *flags, path, beside="0 % of the words"))
        self.measure(f"by share beyond ASCII, {size / 1e6:g} MB of posts", runs, 3 if self.quick else 9)

    def rendering(self):
        """Posts of nothing but findings: what a format costs beside the shortest one."""
        findings = 1_000 if self.quick else 10_000
        path = self.folder / "promotional.jsonl"
        rng = random.Random(17)
        with path.open("w", encoding="utf-8") as file:
            for _ in range(findings // 3):
                file.write(json.dumps({"text": corpora.promotional(rng)}) + "\n")
        command = [self.binary, "check", "--exit-zero", "--format", "json", str(path)]
        found = json.loads(subprocess.run(command, capture_output=True, check=True, env=self.env).stdout)
        count = sum(len(one["findings"]) for one in found["posts"])
        formats = ("short", "human", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown")
        runs = [self.ours(name, "--threads", "1", "--format", name, path, beside=None if name == "short" else "short")
                for name in formats]
        self.measure(f"rendering {count:,} findings", runs, 3 if self.quick else 7)

    def giant(self):
        if not self.options.giant:
            return
        path = corpora.write_records(self.folder / "giant.jsonl", 1_000_000_000)
        runs = [*self.ripgrep(path), self.ours("selfless, jsonl", "--format", "jsonl", path, beside="ripgrep", of="wall")]
        rows = self.measure("1 GB of JSON lines", runs, 1)
        self.reach("peak of a gigabyte of JSON lines", rows["selfless, jsonl"]["peak_mb"])
        path.unlink()

    def peers(self):
        """Linters of prose that are installed, on the same files. They look for other things: this says only what each costs."""
        if self.options.peers is None:
            return
        folders = [Path(folder).resolve() for folder in self.options.peers]
        found = {}
        for name in ("typos", "codespell", "vale", "write-good", "proselint", "alex"):
            places = [folder / name for folder in folders] + [shutil.which(name)]
            for place in places:
                # A package of one may be there, and what it wraps not.
                if place and Path(place).exists() and name not in found and answers(place):
                    found[name] = place
        if not found:
            return
        one = self.folder / "one.txt"
        one.write_text(corpora.post(random.Random(3))[:280] + "\n", encoding="utf-8")
        files = corpora.write_folders(self.folder / "peers", 1_000)
        whole = corpora.write_posts(self.folder / "peers.txt", 1_000_000, lambda text: text + "\n\n")
        listed = sorted(files.rglob("*.txt"))
        for title, paths, folder in (("one post", [one], one), ("1,000 posts in files", listed, files), ("1 MB in one file", [whole], whole)):
            runs = [*self.ripgrep(folder), self.ours("selfless", folder, beside="ripgrep")]
            for name, place in found.items():
                # Some walk folders by themselves, and some take files only.
                given = [folder] if name in ("typos", "codespell", "vale") else paths
                runs.append(Run(name, [place, *given], "ripgrep", may_find=True))
            self.measure(f"beside other linters, {title}", runs, 5 if title == "one post" else 1)

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
                file.write(json.dumps({"text": corpora.post(rng)}) + "\n")
        tool = [valgrind, "--tool=callgrind", f"--callgrind-out-file={self.folder / 'callgrind'}", self.binary]
        rows = []
        for name, args in (("cold start", [self.example_with_most_findings()]), ("1,000 posts", [thousand])):
            flags = ["check", "--no-config", "--exit-zero", "--threads", "1", "--format", "short"]
            command = [str(part) for part in [*tool, *flags, *args]]
            said = subprocess.run(command, capture_output=True, check=True, env=self.env).stderr.decode()
            counted = re.search(r"refs:\s*([\d,]+)", said)
            if counted:
                rows.append({"name": name, "instructions": int(counted[1].replace(",", ""))})
        self.counts = rows
        print("\ninstructions, in millions")
        for row in rows:
            print(f"  {row['name']:28}{row['instructions'] / 1e6:>10.2f}")

    def table(self, group):
        print(f"\n{group['title']}")
        print(f"  {'':28}{'cpu ms':>10}{'wall ms':>10}{'peak MiB':>10}")
        for row in group["rows"]:
            peak = f"{'<' if row['peak_is_floor'] else ''}{row['peak_mb']:.1f}"
            ratio = f"  {row['of']} {row['ratio']:.2f} × {row['beside']}" if "ratio" in row else ""
            print(f"  {row['name']:28}{row['cpu_ms']:>10.1f}{row['wall_ms']:>10.1f}{peak:>10}{ratio}", flush=True)

    def pages(self):
        """The same as tables of Markdown."""
        said = ["| goal | figure | at most | aim |", "| --- | --- | --- | --- |"]
        for goal in GOALS:
            if goal.name in self.reached:
                unit = f" {goal.unit}"
                said.append(f"| {goal.name} | {self.reached[goal.name]:.2f}{unit} | {goal.at_most:g}{unit} | {goal.aim:g}{unit} |")
        for group in self.groups:
            said += ["", f"**{group['title']}**", "", "| | CPU ms | wall ms | peak MiB | |", "| --- | --- | --- | --- | --- |"]
            for row in group["rows"]:
                peak = f"{'< ' if row['peak_is_floor'] else ''}{row['peak_mb']:.1f}"
                ratio = f"{row['of']} {row['ratio']:.2f} × {row['beside']}" if "ratio" in row else ""
                said.append(f"| {row['name']} | {row['cpu_ms']:.1f} | {row['wall_ms']:.1f} | {peak} | {ratio} |")
        if self.counts:
            said += ["", "**Instructions**", "", "| | millions |", "| --- | --- |"]
            said += [f"| {row['name']} | {row['instructions'] / 1e6:.2f} |" for row in self.counts]
        return "\n".join(said) + "\n"

    def goals(self):
        """Prints every goal that was measured, and tells which firm ones were missed."""
        missed = []
        print(f"\n{'goals':46}{'figure':>10}{'at most':>10}{'aim':>10}")
        for goal in GOALS:
            if goal.name not in self.reached:
                continue
            figure = self.reached[goal.name]
            verdict = "" if figure <= goal.aim else "short of the aim" if figure <= goal.at_most else "MISSED"
            if goal.firm is not None and figure > goal.firm:
                missed.append(goal.name)
            print(f"  {goal.name:44}{figure:>10.2f}{goal.at_most:>10g}{goal.aim:>10g} {goal.unit:3} {verdict}".rstrip())
        return missed


def answers(program):
    return subprocess.run([program, "--version"], capture_output=True, stdin=subprocess.DEVNULL).returncode == 0


def build():
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    return ROOT / target / "release" / "selfless"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--binary", type=lambda name: Path(name).resolve(), help="measure this binary")
    parser.add_argument("--quick", action="store_true", help="small inputs, fewer runs")
    parser.add_argument("--giant", action="store_true", help="also stream a gigabyte of JSON lines")
    parser.add_argument("--peers", nargs="*", metavar="FOLDER", help="also measure linters of prose, from these folders or PATH")
    parser.add_argument("--only", nargs="+", metavar="WORD", help="only the groups whose names hold one of these words")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write tables into this page, between its marks")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(options, Path(folder))
        # The largest first: no child is seen to take less than this process, which grows.
        for group in (bench.giant, bench.cold_start, bench.many_files, bench.one_draft, bench.one_file, bench.doubled, bench.queue, bench.rules,
                      bench.by_length, bench.by_share, bench.rendering, bench.instructions, bench.peers):
            if not options.only or any(word in group.__name__ for word in options.only):
                group()
    missed = bench.goals()
    if options.json:
        said = {"groups": bench.groups, "instructions": bench.counts, "goals": bench.reached}
        options.json.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        page = options.markdown.read_text(encoding="utf-8")
        before, begin, rest = page.partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end):
            sys.exit(f"{options.markdown} has no {BEGIN.strip()} and {END.strip()}")
        options.markdown.write_text(f"{before}{BEGIN}\n{bench.pages()}\n{END}{after}", encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
