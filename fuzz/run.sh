#!/usr/bin/env bash
# Fuzzes: `fuzz/run.sh MINUTES [TARGET…]` runs each target so many minutes, all of them where none is named, one after the
# other, and tells for each how often it ran, how much it covered, and what broke. Ends with 1 if anything did.
# Minutes are those of the processor, so that a busy machine is no excuse; what was found is kept in fuzz/corpus, and the
# next run goes on from there.
#
# Needs `cargo install cargo-fuzz` and no nightly compiler. SANITIZER=address looks for broken memory in the crates that we
# use, too (this one has no unsafe code). What broke stands below fuzz/artifacts, and is run again by
# `cargo fuzz run -s none TARGET FILE`. SECONDS_EACH, in place of minutes, is for a quick look.
set -euo pipefail
cd "$(dirname "$0")"

minutes=${1:?usage: fuzz/run.sh MINUTES [TARGET…]}
shift
seconds=${SECONDS_EACH:-$((minutes * 60))}
ticks=$(getconf CLK_TCK)
# Where no /proc tells what a process used, a clock on the wall has to do.
limit=()
[ -r /proc/self/stat ] || limit=(-max_total_time="$seconds")
sanitizer=${SANITIZER:-none}
# The flags for the coverage of LLVM are kept from stable compilers, though those know them.
export RUSTC_BOOTSTRAP=1 CARGO_TERM_COLOR=never
# cargo-fuzz names a build by the machine; so do we.
host=$(rustc -vV | sed -n 's/^host: //p')

if [ $# -eq 0 ]; then
  mapfile -t targets < <(for path in fuzz_targets/*.rs; do basename "$path" .rs; done)
else
  targets=("$@")
fi

dictionary() {
  case $1 in
    text | toot | tokens | lint | encodings | mojibake) echo words ;;
    tweet | markdown | packs | front_matter | directives | fixes) echo markdown ;;
    csv | tsv) echo table ;;
    json | jsonl | archives) echo data ;;
    phrases | rules | config) echo toml ;;
    yaml | html) echo "$1" ;;
  esac
}

python3 seeds.py corpus >/dev/null
cargo fuzz build --sanitizer "$sanitizer" --target "$host" 2>&1 | grep -v '^ *\(Compiling\|Finished\|Downloaded\)' || true
built=${CARGO_TARGET_DIR:-target}/$host/release

# Seconds of the processor that a process has used, nothing when it is gone.
used() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  # Its name, in parentheses, may hold blanks.
  read -r -a stat <<<"${stat##*) }"
  [ "${stat[0]}" = Z ] || echo $(((stat[11] + stat[12]) / ticks))
}

printf '%-14s %7s %12s %9s %9s %8s  %s\n' target seconds runs per-s edges corpus broke
broke=0
for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "artifacts/$target"
  log=$(mktemp)
  "$built/$target" "corpus/$target" -dict="dictionaries/$(dictionary "$target").dict" \
    -artifact_prefix="artifacts/$target/" -max_len=4096 -timeout=10 "${limit[@]}" \
    -report_slow_units=4 -rss_limit_mb=1024 -print_final_stats=1 -verbosity=1 >"$log" 2>&1 &
  fuzzer=$!
  spent=0
  while now=$(used "$fuzzer") && [ -n "$now" ]; do
    spent=$now
    # It tells its figures when it is interrupted.
    if [ "$spent" -ge "$seconds" ]; then kill -INT "$fuzzer" 2>/dev/null || true; fi
    sleep 1
  done
  wait "$fuzzer" || true
  stat() { sed -n "s/^stat::$1: *//p" "$log"; }
  edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  corpus=$(sed -n 's/.* corp: \([0-9]*\)\/.*/\1/p' "$log" | tail -1)
  found=$(sed -n 's/.*Test unit written to //p' "$log" | sort -u)
  runs=$(stat number_of_executed_units)
  printf '%-14s %7s %12s %9s %9s %8s  %s\n' "$target" "$spent" "$runs" "$((${runs:-0} / (spent + 1)))" "${edges:-?}" "${corpus:-?}" "${found:-nothing}"
  if [ -n "$found" ]; then
    broke=1
    grep -a -m 3 -A 6 'panicked at\|ERROR: libFuzzer\|Slow input' "$log" || true
  fi
  rm -f "$log"
done
exit "$broke"
