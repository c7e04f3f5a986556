#!/bin/sh
# Anywhere else: what this branch adds to MAIN, or what is due in the next week. Exits as selfless does.
set -eu
case ${1:-changes} in
  changes) exec selfless check --changed-since "${MAIN:-origin/main}" content ;;
  week) exec selfless check --since today --until +7d --timezone "${TZ_NAME:-UTC}" "${QUEUE:-queue.csv}" ;;
  *) echo "usage: check.sh [changes|week]" >&2; exit 2 ;;
esac
