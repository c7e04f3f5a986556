"""Measures `check --staged` in an empty repository that it fills with 10,000 drafts: `staged_time.py PROGRAM`.

Fails where it takes longer than the calls of git it makes, a lint of the one staged draft, and 10 ms. Each figure is the best of many
runs, since what else a machine does only adds time.
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


git = best("git", "rev-parse", "--is-inside-work-tree", "--show-cdup")
git += best("git", "diff", "--cached", "--raw", "-z", "--no-abbrev", "--find-renames")
git += best("git", "cat-file", "--batch", stdin=b":posts/77.md\n")
lint = best(program, "check", "posts/77.md")
staged = best(program, "check", "--staged")
print(f"git {git:.1f} ms, a lint {lint:.1f} ms, together as a hook {staged:.1f} ms")
sys.exit(staged > git + lint + 10)
