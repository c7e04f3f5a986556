#!/usr/bin/env bash
# Walks as a new user would, from a clone on, and writes what was seen to docs/walkthrough.md: `walkthrough.sh [--check] [PROGRAM]`.
# With --check it fails where the paper says something else. A program that is given stands for the one that `cargo install` would make of the
# commit that is checked out.
# shellcheck disable=SC2016 # Backticks are those of Markdown.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
check=
if [ "${1:-}" = --check ]; then
  check=1
  shift
fi
program=${1:-}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin" "$root/home"
# With a home of its own, what builds would be downloaded again.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} CARGO_INSTALL_ROOT="$root"
export PATH="$root/bin:$PATH" HOME="$root/home" GIT_CONFIG_NOSYSTEM=1 CI=1 NO_COLOR=1 COLUMNS=80 LC_ALL=C.UTF-8 GITHUB_ACTIONS=
export GIT_AUTHOR_NAME=Sam GIT_AUTHOR_EMAIL=sam@example.org GIT_COMMITTER_NAME=Sam GIT_COMMITTER_EMAIL=sam@example.org
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE XDG_CONFIG_HOME
cd "$root"
paper=$root/walkthrough.md

say() { printf '%s\n' "$1" >>"$paper"; }
# Runs a command line, and writes it and what it prints.
run() {
  local code=0 output
  output=$(eval "$1" 2>&1) || code=$?
  printf '\n```text\n$ %s\n' "$1" >>"$paper"
  [ -z "$output" ] || printf '%s\n' "$output" >>"$paper"
  printf '```\n\n' >>"$paper"
  [ "$code" -eq "$2" ] || { echo "\`$1\` exits with $code, not $2: $output" >&2; exit 1; }
}

say '# A walk'
say ''
say 'From a clone to a commit that is refused, mended and passed. `.ci/walkthrough.sh` writes this page by doing what it says, and `.ci/run`'
say 'fails where the page differs.'
say ''
say '## The program'
say ''
say 'In a clone of the repository, `cargo install` puts `selfless` where the shell finds it.'
git clone --quiet --depth 1 "file://$repository" selfless
if [ -n "$program" ]; then
  cp "$program" "$root/bin/selfless"
else
  # Built for the speed of building.
  CARGO_TARGET_DIR="$repository/target/quick" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 cargo install --quiet --locked --path selfless
fi
say ''
say '```text'
say '$ git clone REPOSITORY selfless'
say '$ cargo install --locked --path selfless'
say '```'
say ''
run 'selfless --version' 0
say '## A repository of drafts'
run 'git init --quiet --initial-branch=main drafts' 0
cd drafts
run 'selfless hook install' 0
say '## A draft that promotes'
run 'echo "Thrilled to announce our new pottery course. Sign up now, link in bio!" > course.md' 0
run 'git add course.md' 0
say 'The hook refuses the commit, and says why:'
run 'git commit --quiet -m "Announce the course"' 1
say '## The draft, mended'
say ''
say 'What counts is what is staged. Mended in the folder alone, the draft is still refused:'
run 'echo "Our first glaze cracked in every kiln we tried. What cured yours, and who showed you?" > course.md' 0
run 'git commit --quiet -m "Ask about the glaze" > /dev/null 2>&1' 1
say 'Once it is staged, it passes:'
run 'git add course.md && git commit --quiet -m "Ask about the glaze"' 0
run 'git log --format=%s' 0
say '## Away again'
run 'selfless hook uninstall' 0

# One blank line is enough anywhere.
cat -s "$paper" | sed -e '${/^$/d;}' >"$paper.new"
if [ -n "$check" ]; then
  diff -u "$repository/docs/walkthrough.md" "$paper.new" || { echo "docs/walkthrough.md is stale: bash .ci/walkthrough.sh" >&2; exit 1; }
else
  cp "$paper.new" "$repository/docs/walkthrough.md"
fi
