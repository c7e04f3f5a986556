#!/usr/bin/env bash
# What action.yml runs: `action.sh key SOURCE` tells what a build is known by, `action.sh check PROGRAM` checks, with the inputs in the
# environment. Nothing of them becomes a line of a script.
set -euo pipefail

if [ "$1" = key ]; then
  cd "$2"
  key=$(find Cargo.toml Cargo.lock src rules -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cat | git hash-object --stdin)
  echo "key=$key" >>"$GITHUB_OUTPUT"
  exit
fi

program=$2
args=(check --format github)
since=${INPUT_CHANGED_SINCE:-${BASE:-}}
[ -z "$since" ] || [ "$since" = all ] || args+=("--changed-since=$since")
[ -z "${INPUT_SINCE:-}" ] || args+=("--since=$INPUT_SINCE")
[ -z "${INPUT_UNTIL:-}" ] || args+=("--until=$INPUT_UNTIL")
[ -z "${INPUT_TIMEZONE:-}" ] || args+=("--timezone=$INPUT_TIMEZONE")
[ -z "${INPUT_FAIL_ON:-}" ] || args+=("--fail-on=$INPUT_FAIL_ON")
[ -z "${INPUT_SARIF:-}" ] || args+=("--output=sarif=$INPUT_SARIF")
summary=$RUNNER_TEMP/selfless.md
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || args+=("--output=markdown=$summary")
paths=()
while IFS= read -r path; do
  # What somebody wrote on Windows ends its lines otherwise.
  path=${path%$'\r'}
  [ -z "$path" ] || paths+=("$path")
done <<<"${INPUT_PATHS:-.}"
[ "${#paths[@]}" -gt 0 ] || paths=(.)
rm -f "$summary"
code=0
"$program" "${args[@]}" -- "${paths[@]}" || code=$?
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$summary" ]; then
  if [ "$(wc -c <"$summary")" -lt 1000000 ]; then
    cat "$summary" >>"$GITHUB_STEP_SUMMARY"
  else
    # A summary over 1 MiB is not shown at all.
    { head -c 900000 "$summary" | sed '$d'; printf '\nThe rest of it is too long for this page.\n'; } >>"$GITHUB_STEP_SUMMARY"
  fi
  rm -f "$summary"
fi
[ -z "${GITHUB_OUTPUT:-}" ] || echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit "$code"
