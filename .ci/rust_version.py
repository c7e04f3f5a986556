"""Reads `cargo metadata` and fails where a dependency declares a newer Rust than this package does."""

import json
import sys


def version(text):
    return tuple(int(part) for part in (text or "0").split(".")) + (0,) * (2 - (text or "0").count("."))


metadata = json.load(sys.stdin)
ours = next(package for package in metadata["packages"] if package["name"] == "selfless")
shipped = set()
edges = {node["id"]: node for node in metadata["resolve"]["nodes"]}


def visit(package):
    if package in shipped:
        return
    shipped.add(package)
    for dependency in edges[package]["deps"]:
        if any(kind["kind"] != "dev" for kind in dependency["dep_kinds"]):
            visit(dependency["pkg"])


visit(ours["id"])
newer = [
    f"{package['name']} {package['version']} needs {package['rust_version']}"
    for package in metadata["packages"]
    if package["id"] in shipped and version(package.get("rust_version")) > version(ours["rust_version"])
]
print(f"{len(shipped)} packages, rust-version {ours['rust_version']}")
print("\n".join(newer))
sys.exit(bool(newer))
