/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_SHAPE_H
#define HT_MODEL_SHAPE_H
/* What a source turned out to be: the form of its records, and what they stand in. */

#include <stdbool.h>

/* What holds a record. */
enum ht_holder {
    HT_HOLDER_NONE = 0, /* one record behind the other */
    HT_HOLDER_ARRAY,
    HT_HOLDER_RECORDS, /* {"records": [...]} */
    HT_HOLDER_RESULTS, /* {"Results": [...]} or {"value": [...]}, of PowerShell */
    HT_HOLDER_TABLES,  /* rows of {"tables": [{"columns", "rows"}]} */
    HT_HOLDER_FRAMES,  /* rows of a Kusto answer */
    HT_HOLDER_CSV,     /* rows of a table with commas or semicolons */
    HT_HOLDER_TSV,     /* ... with tabs */
};

/* How the members of a record are named. */
enum ht_naming {
    HT_NAMING_ARCHIVE = 0, /* time, operationName, properties */
    HT_NAMING_COLUMNS,     /* TimeGenerated, OperationName, properties_s */
    HT_NAMING_MONITORING,  /* statusType: operations monitoring */
    HT_NAMING_SNAPSHOT,    /* eventType or opType: state of a connection, without a cause */
};

/* The order is that of ht_shape_name()'s table. */
enum ht_shape {
    HT_SHAPE_NONE = 0, /* no record in it */
    HT_SHAPE_JSON_LINES,
    HT_SHAPE_JSON_PRETTY,
    HT_SHAPE_JSON_ARRAY,
    HT_SHAPE_RECORDS,
    HT_SHAPE_WORKSPACE_EXPORT,
    HT_SHAPE_ROWS,
    HT_SHAPE_REST_TABLES,
    HT_SHAPE_KUSTO,
    HT_SHAPE_CSV,
    HT_SHAPE_TSV,
    HT_SHAPE_OPERATIONS_MONITORING,
    HT_SHAPE_EVENT_GRID,
    HT_SHAPE_MIXED,
    HT_SHAPE_COUNT,
};

/* @tall  the record stands on several lines */
enum ht_shape ht_shape_of(enum ht_holder holder, enum ht_naming naming, bool tall);

/* What a source is that has records of both shapes. */
enum ht_shape ht_shape_with(enum ht_shape shape, enum ht_shape other);

/* Made by a query, whose answers have limits. */
bool ht_shape_is_export(enum ht_shape shape);

/* "json-lines", "csv", ...: stable names. NULL for HT_SHAPE_NONE. */
const char *ht_shape_name(enum ht_shape shape);

#endif
