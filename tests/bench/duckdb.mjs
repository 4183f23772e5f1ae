// SPDX-License-Identifier: MIT
// What DuckDB can do of a report's work: take the fields, count by device and code, order each device's records, and the gap of each
// disconnect to the connect before it. Usage: PEERS_DIR=DIR node duckdb.mjs THREADS SHAPE FILE
//
// Of 24 ways to write it, the fastest: one aggregation, and deviceId taken from where it stands first in properties.
import { createRequire } from 'node:module';
const { DuckDBInstance } = createRequire(process.env.PEERS_DIR + '/')('@duckdb/node-api');

const [threads, shape, file] = process.argv.slice(2);
const path = `'${file.replaceAll("'", "''")}'`;
const columns = `{time: 'TIMESTAMP', operationName: 'VARCHAR', category: 'VARCHAR', level: 'VARCHAR', resultType: 'VARCHAR',
  resourceId: 'VARCHAR', properties: 'VARCHAR'}`;
const objects = `time TIMESTAMP, operationName VARCHAR, category VARCHAR, level VARCHAR, resultType VARCHAR, resourceId VARCHAR,
  properties VARCHAR`;
const device = (properties) => `substr(${properties}, 14, strpos(substr(${properties}, 14, 140), '"') - 1) AS device`;
const fields = `time AS moment, operationName AS operation, category, level, resultType AS code, resourceId AS hub, ${device('properties')}`;
const records = `read_json(${path}, columns = {records: 'STRUCT(${objects})[]'}, format = 'unstructured', maximum_object_size = 4000000000)`;
const lines = `SELECT ${fields} FROM read_json(${path}, columns = ${columns}, format = 'newline_delimited')`;
const taken = {
  jsonl: lines,
  gz: lines,
  zst: lines,
  array: `SELECT ${fields} FROM read_json(${path}, columns = ${columns}, format = 'array')`,
  records: `SELECT ${fields} FROM (SELECT unnest(records, recursive := true) FROM ${records})`,
  csv: `SELECT strptime("TimeGenerated [UTC]", '%-m/%-d/%Y, %-I:%M:%S.%g %p') AS moment, OperationName AS operation, Category AS category,
    Level AS level, ResultType AS code, ResourceId AS hub, ${device('properties_s')}
    FROM read_csv(${path}, header = true, all_varchar = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {
    Category: 'VARCHAR', Level: 'VARCHAR', OperationName: 'VARCHAR', Resource: 'VARCHAR', ResourceId: 'VARCHAR', ResourceProvider: 'VARCHAR',
    ResultDescription: 'VARCHAR', ResultType: 'VARCHAR', TableName: 'VARCHAR', "TimeGenerated [UTC]": 'VARCHAR', location_s: 'VARCHAR',
    properties_s: 'VARCHAR'})`,
};

const query = `
WITH devices AS (
  SELECT device, max(level) AS level, max(hub) AS hub, histogram(coalesce(code, '')) AS codes,
    list_sort(list(epoch_us(moment) * 4 + CASE operation WHEN 'deviceConnect' THEN 1 WHEN 'deviceDisconnect' THEN 2 ELSE 0 END)) AS steps
  FROM (${taken[shape]}) WHERE category = 'Connections' GROUP BY device)
SELECT sum(cardinality(codes))::BIGINT AS counts, sum(len(steps))::BIGINT AS events,
  sum(list_sum([CASE WHEN steps[i] % 4 = 2 AND steps[i - 1] % 4 = 1 THEN steps[i] // 4 - steps[i - 1] // 4 ELSE 0 END
    FOR i IN range(2, len(steps) + 1)]))::DOUBLE / 1e6 AS gap_s, max(level), max(hub)
FROM devices`;

const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const reader = await connection.runAndReadAll(query);
console.log(JSON.stringify(reader.getRowsJson()[0]));
