#!/bin/sh
# SPDX-License-Identifier: MIT
# What miller can do of a report's work; as duckdb.mjs. Usage: miller.sh SHAPE FILE
set -eu
case $1 in
jsonl | array)
    format=--ijson
    fields='$category, $level, $resultType, $resourceId, $operationName, splitax($properties, "\"")[4], strptime($time, "%Y-%m-%dT%H:%M:%SZ")'
    ;;
csv) # its strptime wants months of two digits: the order of the file stands in for the time
    format=--icsv
    fields='$Category, $Level, $ResultType, $ResourceId, $OperationName, splitax($properties_s, "\"")[4], NR'
    ;;
*)
    echo "miller: no way to read $1" >&2
    exit 1
    ;;
esac
exec mlr --ojson $format put -q '
    func fields(category, level, code, hub, operation, device, moment): map {
        return {"category": category, "level": level, "code": "c" . code, "hub": hub, "operation": operation, "device": device, "moment": moment};
    }
    record = fields('"$fields"');
    if (record["category"] == "Connections") { emit record }' \
    then sort -f device -nf moment then put -q '
    begin { @device = ""; @moment = 0; @before = ""; @gaps = 0 }
    @counts[$device][$code] = 1;
    if ($operation == "deviceDisconnect" && @before == "deviceConnect" && $device == @device) { @gaps += $moment - @moment }
    @device = $device; @moment = $moment; @before = $operation;
    end { n = 0; for (device, codes in @counts) { n += length(codes) } print n . " " . NR . " " . @gaps }' "$2"
