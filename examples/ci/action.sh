#!/usr/bin/env bash
# What action.yml runs: `action.sh PROGRAM`, with the inputs in the environment. Nothing of them becomes a line of a script.
set -euo pipefail
program=$1
args=(check --format github)
since=${INPUT_CHANGED_SINCE:-${BASE:-}}
[ -z "$since" ] || [ "$since" = all ] || args+=("--changed-since=$since")
[ -z "${INPUT_SINCE:-}" ] || args+=("--since=$INPUT_SINCE")
[ -z "${INPUT_UNTIL:-}" ] || args+=("--until=$INPUT_UNTIL")
[ -z "${INPUT_TIMEZONE:-}" ] || args+=("--timezone=$INPUT_TIMEZONE")
[ -z "${INPUT_FAIL_ON:-}" ] || args+=("--fail-on=$INPUT_FAIL_ON")
[ -z "${INPUT_SARIF:-}" ] || args+=("--output=sarif=$INPUT_SARIF")
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || args+=("--output=markdown=$RUNNER_TEMP/selfless.md")
paths=()
while IFS= read -r path; do
  [ -z "$path" ] || paths+=("$path")
done <<<"${INPUT_PATHS:-.}"
code=0
"$program" "${args[@]}" -- "${paths[@]}" || code=$?
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$RUNNER_TEMP/selfless.md" ]; then
  cat "$RUNNER_TEMP/selfless.md" >>"$GITHUB_STEP_SUMMARY"
fi
[ -z "${GITHUB_OUTPUT:-}" ] || echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit "$code"
