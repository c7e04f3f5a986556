"""Every machine format against its schema and a real reader, over drafts that are as nasty as they come.

Run as `python formats.py SELFLESS SARIF_SCHEMA SHARED`, by a Python that has check-jsonschema, sarif-tools and lxml; SHARED is a folder
with `schemas/junit-10.xsd` and `schemas/rdjson/DiagnosticResult.json`, or may be missing, and then those two are skipped, and said so.
Each check is first run on a broken copy, which it has to refuse: a check that cannot fail says nothing.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from lxml import etree

PROGRAM, SARIF_SCHEMA, SHARED = (Path(argument).resolve() for argument in sys.argv[1:4])
ROOT = Path(__file__).resolve().parents[2]
FORMATS = ["json", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown"]

NASTY = (
    "\ufeffHumbled and honored \U0001f469\u200d\U0001f469\u200d\U0001f467 to be \x1b[31mnamed\x1b[0m to the list.\r\n\r\n"
    "::error file=x::owned ##[error]too ]]> <b>&amp; {0} [x](https://a.example)\r\n"
    "\tGrab it \u202enow\u202c \u009b2J \ufffe, link in bio! \u6f22\u5b57 Sign up now, @ana | `#12`\r\n"
)


def run(folder, *args):
    """What the program wrote, by format; `args` are its files and flags."""
    outputs = [flag for name in FORMATS for flag in ("--output", f"{name}=out.{name}")]
    done = subprocess.run([PROGRAM, "--quiet", "--statistics", *outputs, *args], cwd=folder, capture_output=True)
    assert done.returncode in (0, 1, 2) and done.stdout == b"", done
    return {name: folder / f"out.{name}" for name in FORMATS}


def tool(name):
    return str(Path(sys.executable).with_name(name))


def json_schema(schema):
    def check(path):
        command = [tool("check-jsonschema"), "--schemafile", str(schema), str(path)]
        return subprocess.run(command, capture_output=True).returncode == 0

    return check


def sarif_tools(path):
    """Whether the reader counts as many results as there are."""
    document = json.loads(path.read_text("utf-8"))
    read = subprocess.run([tool("sarif"), "summary", str(path)], capture_output=True, text=True)
    counts = [int(line.split(":")[1]) for line in read.stdout.splitlines() if line.split(":")[0] in ("error", "warning", "note")]
    return read.returncode == 0 and sum(counts) == len(document["runs"][0]["results"])


def xsd(path):
    schema = etree.XMLSchema(etree.parse(str(SHARED / "schemas/junit-10.xsd")))
    document = etree.parse(str(path))
    suites = document.getroot().findall("testsuite")
    counts = all(
        int(suite.get("tests")) == len(suite) and int(suite.get("failures")) == len(suite.findall("*/failure")) for suite in suites
    )
    return schema.validate(document) and counts


def checkstyle(path):
    root = etree.parse(str(path)).getroot()
    errors = root.findall("file/error")
    return root.tag == "checkstyle" and all(
        error.get("severity") in ("error", "warning", "info") and error.get("message") and error.get("source") for error in errors
    )


def gitlab(path):
    """The shape that GitLab documents; nobody publishes a schema."""
    raw = path.read_bytes()
    entries = json.loads(raw)
    prints = [entry["fingerprint"] for entry in entries]
    whole = all(
        set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        and entry["description"]
        and entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        and not entry["location"]["path"].startswith(("/", "./"))
        and entry["location"]["lines"]["begin"] >= 1
        for entry in entries
    )
    return not raw.startswith(b"\xef\xbb\xbf") and whole and len(set(prints)) == len(prints)


def github(path):
    lines = path.read_text("utf-8").splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::")]
    known = all(line.startswith(("::error ", "::warning ", "::notice ")) for line in commands)
    few = all(sum(line.startswith(f"::{level} ") for line in commands) <= 10 for level in ("error", "warning", "notice"))
    return known and few and not any("##[" in line for line in lines)


# Format, what is checked, the check, and what makes the output wrong.
CHECKS = [
    ("json", "the schema in docs/schema", json_schema(ROOT / "docs/schema/output.schema.json"), ('"credit":', '"kredit":')),
    ("sarif", "the schema of SARIF 2.1.0", json_schema(SARIF_SCHEMA), ('"message":{"text":', '"message":{"tekst":')),
    ("sarif", "sarif-tools", sarif_tools, ('"level":"error"', '"level":"none"')),
    ("gitlab", "the documented shape", gitlab, ('"severity":"', '"severity":"very ')),
    ("checkstyle", "the known shape", checkstyle, ('severity="', 'severity="very ')),
    ("github", "the limits of a runner", github, ("::error ", "::debug ")),
]
if SHARED.is_dir():
    CHECKS += [
        ("junit", "junit-10.xsd", xsd, ("<testcase classname", "<testcase klass")),
        ("rdjson", "the schema of reviewdog", json_schema(SHARED / "schemas/rdjson/DiagnosticResult.json"), ('"line":', '"line":"x","l":')),
    ]
else:
    print(f"skipped: junit and rdjson, for there is no {SHARED}")


def holds(check, path):
    try:
        return check(path)
    except (etree.XMLSyntaxError, ValueError, KeyError):
        return False


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "na sty#1.md").write_bytes(NASTY.encode())
        (folder / "utf16.txt").write_bytes("Thrilled to announce it. Buy now! \U0001f389".encode("utf-16"))
        (folder / "queue.csv").write_text('Text,Network\n"Thrilled to announce\n""it"". Link in bio!",x\nWhat would you do?,x\n', "utf-8")
        (folder / "broken.jsonl").write_text('{"text":"Buy now, link in bio!","id":7}\n{\n', "utf-8")
        (folder / "rules.toml").write_text('category = "x"\n[[rule]]\nnaem = "y"\n', "utf-8")
        (folder / "empty.txt").write_text("", "utf-8")
        drafts = ["na sty#1.md", "utf16.txt", "queue.csv", "broken.jsonl", "missing.md"]
        runs = [
            ("nasty drafts", [*drafts, "--rules", "rules.toml", "--all", "--explain-score", "--needs"]),
            ("the examples", [str(ROOT / "examples" / "kitchen-sink.txt"), "--all"]),
            ("nothing", ["empty.txt"]),
        ]
        # GitLab wants relative paths, so the examples are copied.
        (folder / "kitchen-sink.txt").write_bytes((ROOT / "examples/kitchen-sink.txt").read_bytes())
        runs[1][1][0] = "kitchen-sink.txt"
        failed = 0
        for what, args in runs:
            written = run(folder, *args)
            for format_, by, check, (right, wrong) in CHECKS:
                path = written[format_]
                text = path.read_text("utf-8")
                good = holds(check, path)
                # Where nothing was found there is nothing to break.
                broken = path.with_suffix(".broken" + path.suffix)
                broken.write_text(text.replace(right, wrong), "utf-8")
                refused = right not in text or not holds(check, broken)
                failed += not (good and refused)
                verdict = "ok" if good and refused else "FAILS" if not good else "CANNOT FAIL"
                print(f"{verdict}: {format_} of {what}, by {by}")
        return 1 if failed else 0


sys.exit(main())
