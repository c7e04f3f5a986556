"""Measures `check --staged` in an empty repository that it fills with 10,000 drafts: `staged_time.py PROGRAM`.

Fails where it takes longer than those calls of git that say what is staged (it makes one more, for the list of what is tracked), a lint of the
one staged draft, and 10 ms. Each figure is the best of many runs, since what else a machine does only adds time.
"""

import pathlib
import subprocess
import sys
import time

program = sys.argv[1]
posts = pathlib.Path("posts")
posts.mkdir()
for number in range(10_000):
    (posts / f"{number}.md").write_text(f"What did you find under stone {number}?\n" * 5)
subprocess.run(["git", "add", "."], check=True)
subprocess.run(["git", "commit", "--quiet", "-m", "drafts"], check=True)
(posts / "77.md").write_text("What else did you find under the stones at the canal?\n")
subprocess.run(["git", "add", "."], check=True)


def best(*command, stdin=b""):
    times = []
    for _ in range(30):
        start = time.perf_counter()
        subprocess.run(command, input=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    return min(times) * 1000


best_git, best_lint, best_staged = [], float("inf"), float("inf")
for _ in range(10):
    git = [
        best("git", "rev-parse", "--is-inside-work-tree", "--show-cdup"),
        best("git", "diff", "--cached", "--raw", "-z", "--no-abbrev", "--find-renames"),
        best("git", "cat-file", "--batch", stdin=b":posts/77.md\n"),
    ]
    best_git = [min(pair) for pair in zip(git, best_git or git)]
    best_lint = min(best_lint, best(program, "check", "posts/77.md"))
    best_staged = min(best_staged, best(program, "check", "--staged"))
    allowed = sum(best_git) + best_lint + 10
    if best_staged <= allowed:
        break
print(f"git {sum(best_git):.1f} ms, a lint {best_lint:.1f} ms, together as a hook {best_staged:.1f} ms of {allowed:.1f}")
sys.exit(best_staged > allowed)
