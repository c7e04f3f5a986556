"""Writes every script of actions, workflows and GitLab jobs into a folder, each as a file: `scripts.py FOLDER FILE…`.

Fails where one holds an expression, which would make what somebody else wrote a part of the script.
"""

import pathlib
import sys

from ruamel.yaml import YAML

folder, *files = map(pathlib.Path, sys.argv[1:])
folder.mkdir()


def scripts(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "run" and isinstance(inner, str):
                yield inner
            elif key == "script" and isinstance(inner, list):
                yield "\n".join(inner)
            else:
                yield from scripts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scripts(inner)


count = 0
for file in files:
    found = list(scripts(YAML(typ="safe").load(file.read_text())))
    for number, script in enumerate(found):
        assert "${{" not in script, f"{file}: an expression in a script: {script}"
        (folder / f"{file.stem}-{number}.sh").write_text(f"#!/usr/bin/env bash\nset -eo pipefail\n{script}\n")
    count += len(found)
print(f"{count} scripts")
