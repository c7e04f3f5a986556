"""Runs the steps of action.yml that are scripts, as a runner of GitHub does: `action.py ACTION.YML INPUTS.JSON`.

The file of inputs may also hold `event` (its name) and `base` (the commit a pull request is for). Steps that use other actions are told
and passed over. GITHUB_WORKSPACE is the current folder, RUNNER_TEMP is taken as it is. Exits as the first step that fails, with the outputs
of the action on standard output, as JSON. Fails where a script holds an expression, or where an expression is none that it knows.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from ruamel.yaml import YAML

action = pathlib.Path(sys.argv[1]).resolve()
given = json.loads(pathlib.Path(sys.argv[2]).read_text())
document = YAML(typ="safe").load(action.read_text())
temporary = os.environ["RUNNER_TEMP"]
inputs = {name: given.get(name, one.get("default", "")) for name, one in document["inputs"].items()}
unknown = set(given) - set(inputs) - {"event", "base"}
assert not unknown, unknown
known = {
    "github.action_path": str(action.parent),
    "github.event_name": given.get("event", "push"),
    "github.event.pull_request.base.sha": given.get("base", ""),
    "github.event.merge_group.base_sha": "",
    "runner.temp": temporary,
    "runner.os": "Linux",
    "runner.arch": "X64",
    **{f"inputs.{name}": value for name, value in inputs.items()},
}


def evaluate(expression):
    """The first of several values that is not empty; only names and `||` occur in what is run here."""
    for name in (part.strip() for part in expression.split("||")):
        assert name in known, f"nobody knows `{name}`"
        if known[name] != "":
            return known[name]
    return ""


def filled(text):
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: evaluate(found[1]), str(text))


def outputs(path):
    """What a step wrote: lines `name=value`; a second value of a name would be somebody else's."""
    pairs = [line.split("=", 1) for line in path.read_text().splitlines()]
    assert all(len(pair) == 2 for pair in pairs) and len({name for name, _ in pairs}) == len(pairs), pairs
    return dict(pairs)


code = 0
for step in document["runs"]["steps"]:
    if "uses" in step:
        for value in step.get("with", {}).values():
            if "hashFiles" in str(value):
                sys.exit("hashFiles sees nothing of an action that lies outside of the workspace")
        print(f"passed over: {step['name']}: {step['uses']}", file=sys.stderr)
        continue
    if "if" in step:
        # What the cache brought need not be built.
        assert step["if"] == "steps.cache.outputs.cache-hit != 'true'", step
        if (pathlib.Path(temporary) / "selfless").exists():
            continue
    assert step["shell"] == "bash" and "${{" not in step["run"], step
    environment = {name: filled(value) for name, value in step.get("env", {}).items()}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "script.sh").write_text(step["run"])
        (folder / "output").touch()
        environment |= {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(folder / "output")}
        # What a runner calls for `shell: bash`.
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(folder / "script.sh")]
        code = subprocess.run(command, env=os.environ | environment, stdout=sys.stderr).returncode
        for name, value in outputs(folder / "output").items():
            known[f"steps.{step['id']}.outputs.{name}"] = value
    if code != 0:
        break
if code == 0 or "steps.check.outputs.exit-code" in known:
    print(json.dumps({name: filled(one["value"]) for name, one in document["outputs"].items()}))
    # The cache is asked for by what was told of the source.
    assert re.fullmatch("[0-9a-f]{40,64}", known["steps.source.outputs.key"]), known
sys.exit(code)
