// SPDX-License-Identifier: MIT
// What ClickHouse, in this process (chDB), can do of a report's work: as duckdb.mjs. Usage: PEERS_DIR=DIR node chdb.mjs THREADS SHAPE FILE
import { createRequire } from 'node:module';
const { query } = createRequire(process.env.PEERS_DIR + '/')('chdb');

const [threads, shape, file] = process.argv.slice(2);
const path = `'${file.replaceAll("'", "\\'")}'`;
const columns = `'time String, operationName LowCardinality(String), category LowCardinality(String), level LowCardinality(String),
  resultType LowCardinality(Nullable(String)), resourceId String, properties String'`;
const cells = `'Category String, Level String, OperationName String, Resource String, ResourceId String, ResourceProvider String,
  ResultDescription String, ResultType String, TableName String, "TimeGenerated [UTC]" String, location_s String, properties_s String'`;
const device = (properties) => `substring(${properties}, 14, position(${properties}, '"', 14) - 14)`;
const fields = (properties) => `toUnixTimestamp64Micro(parseDateTime64BestEffort(time, 6, 'UTC')) AS moment, operationName AS operation, category,
  level, ifNull(resultType, '') AS code, resourceId AS hub, ${device(properties)} AS device`;
const lines = `SELECT ${fields('properties')} FROM file(${path}, 'JSONEachRow', ${columns})`;
const taken = {
  jsonl: lines,
  gz: lines,
  zst: lines,
  array: lines,
  csv: `SELECT toUnixTimestamp(parseDateTime(substring("TimeGenerated [UTC]", 1, length("TimeGenerated [UTC]") - 7) || substring("TimeGenerated [UTC]", -3),
    '%c/%e/%Y, %l:%i:%s %p', 'UTC')) * 1000000 AS moment, OperationName AS operation, Category AS category, Level AS level, ResultType AS code,
    ResourceId AS hub, ${device('properties_s')} AS device FROM file(${path}, 'CSVWithNames', ${cells})`,
};
if (!(shape in taken)) {
  console.error(`chdb: no way to read ${shape}`);
  process.exit(1);
}

console.log(query(`
SELECT sum(length(codes)), sum(length(steps)),
  sum(arraySum(arrayMap((a, b) -> if(b % 4 = 2 AND a % 4 = 1, intDiv(b, 4) - intDiv(a, 4), 0), arrayPopBack(steps), arrayPopFront(steps)))) / 1e6,
  max(level), max(hub)
FROM (
  SELECT device, max(level) AS level, max(hub) AS hub, sumMap(map(code, 1)) AS codes,
    arraySort(groupArray(moment * 4 + multiIf(operation = 'deviceConnect', 1, operation = 'deviceDisconnect', 2, 0))) AS steps
  FROM (${taken[shape]}) WHERE category = 'Connections' GROUP BY device)
SETTINGS max_threads = ${Number(threads)}, input_format_skip_unknown_fields = 1`, 'CSV').trim());
