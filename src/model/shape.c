/* SPDX-License-Identifier: MIT */
#include "model/shape.h"

#include <stddef.h>

#include "base/check.h"

static enum ht_shape of_loose(enum ht_naming naming, bool tall) {
    if (naming == HT_NAMING_COLUMNS) {
        return tall ? HT_SHAPE_ROWS : HT_SHAPE_WORKSPACE_EXPORT;
    }
    return tall ? HT_SHAPE_JSON_PRETTY : HT_SHAPE_JSON_LINES;
}

enum ht_shape ht_shape_of(enum ht_holder holder, enum ht_naming naming, bool tall) {
    switch (holder) {
    case HT_HOLDER_CSV:
        return HT_SHAPE_CSV;
    case HT_HOLDER_TSV:
        return HT_SHAPE_TSV;
    case HT_HOLDER_TABLES:
        return HT_SHAPE_REST_TABLES;
    case HT_HOLDER_FRAMES:
        return HT_SHAPE_KUSTO;
    default:
        break;
    }
    if (naming == HT_NAMING_MONITORING) {
        return HT_SHAPE_OPERATIONS_MONITORING;
    }
    if (naming == HT_NAMING_SNAPSHOT) {
        return HT_SHAPE_EVENT_GRID;
    }
    if (holder == HT_HOLDER_NONE) {
        return of_loose(naming, tall);
    }
    if (holder == HT_HOLDER_RESULTS || naming == HT_NAMING_COLUMNS) {
        return HT_SHAPE_ROWS;
    }
    return holder == HT_HOLDER_RECORDS ? HT_SHAPE_RECORDS : HT_SHAPE_JSON_ARRAY;
}

enum ht_shape ht_shape_with(enum ht_shape shape, enum ht_shape other) {
    if (shape == HT_SHAPE_NONE || shape == other) {
        return other;
    }
    return other == HT_SHAPE_NONE ? shape : HT_SHAPE_MIXED;
}

bool ht_shape_is_export(enum ht_shape shape) {
    return shape == HT_SHAPE_ROWS || shape == HT_SHAPE_REST_TABLES || shape == HT_SHAPE_KUSTO ||
           shape == HT_SHAPE_CSV || shape == HT_SHAPE_TSV;
}

const char *ht_shape_name(enum ht_shape shape) {
    static const char *const names[HT_SHAPE_COUNT] = {
        [HT_SHAPE_NONE] = NULL,
        [HT_SHAPE_JSON_LINES] = "json-lines",
        [HT_SHAPE_JSON_PRETTY] = "json-pretty",
        [HT_SHAPE_JSON_ARRAY] = "json-array",
        [HT_SHAPE_RECORDS] = "records",
        [HT_SHAPE_WORKSPACE_EXPORT] = "workspace-export",
        [HT_SHAPE_ROWS] = "rows",
        [HT_SHAPE_REST_TABLES] = "rest-tables",
        [HT_SHAPE_KUSTO] = "kusto",
        [HT_SHAPE_CSV] = "csv",
        [HT_SHAPE_TSV] = "tsv",
        [HT_SHAPE_OPERATIONS_MONITORING] = "operations-monitoring",
        [HT_SHAPE_EVENT_GRID] = "event-grid",
        [HT_SHAPE_MIXED] = "mixed",
    };
    HT_ASSERT(shape < HT_SHAPE_COUNT);
    return names[shape];
}
