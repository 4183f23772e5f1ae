#!/bin/sh
# SPDX-License-Identifier: MIT
# What jq, sort and awk can do of a report's work; as duckdb.mjs. Usage: jq.sh SHAPE FILE
set -eu
case $1 in
jsonl) each=. ;;
array) each='.[]' ;;
records) each='.records[]' ;;
*) echo "jq: no way to read $1" >&2; exit 1 ;;
esac
jq -r "$each"' | select(.category == "Connections")
  | [(.properties | fromjson | .deviceId), (.time[0:19] + "Z" | fromdate), .operationName, .level, .resultType, .resourceId] | @tsv' "$2" |
    LC_ALL=C sort -t "$(printf '\t')" -k1,1 -k2,2n |
    LC_ALL=C awk -F '\t' '
        { if (!(($1, $5) in counts)) n++; counts[$1, $5]++ }
        $3 == "deviceDisconnect" && before == "deviceConnect" && $1 == device { gaps += $2 - moment }
        { device = $1; moment = $2; before = $3 }
        END { print n, NR, gaps }'
