/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_WRITER_H
#define HT_SIMULATE_WRITER_H
/* The shapes in which logs reach people, written to a sink one record at a time. */
#include <stdbool.h>
#include <stdint.h>

#include "hubtriage/report.h"
#include "simulate/log_record.h"
#include "simulate/stamp.h"

enum ht_sim_shape {
    HT_SIM_SHAPE_JSONL = 0,     /* archive blob: properties is a string */
    HT_SIM_SHAPE_JSONL_OBJECT,  /* archive blob: properties is an object */
    HT_SIM_SHAPE_JSONL_KEYS,    /* keys in changing order, resultType a number, resourceId in lower
                                   case */
    HT_SIM_SHAPE_CRLF,          /* archive blob that went through Windows: BOM, CRLF, blank lines */
    HT_SIM_SHAPE_RECORDS,       /* one {"records":[...]} document */
    HT_SIM_SHAPE_RECORDS_LINES, /* one such document a line, as consumers of an event hub keep them
                                 */
    HT_SIM_SHAPE_ARRAY,         /* one JSON array */
    HT_SIM_SHAPE_AZ,            /* az monitor log-analytics query -o json, with properties_s */
    HT_SIM_SHAPE_AZ_COLUMNS,    /* likewise, the eight columns of Microsoft's query */
    HT_SIM_SHAPE_PRETTY,        /* archive blob after an editor's "format document" */
    HT_SIM_SHAPE_EVENTHUBS,     /* an array of such documents as HT_SIM_SHAPE_RECORDS_LINES has */
    HT_SIM_SHAPE_WORKSPACE,     /* data export of a workspace: one row a line, columns as keys */
    HT_SIM_SHAPE_POWERSHELL,    /* the whole answer of Invoke-AzOperationalInsightsQuery |
                                   ConvertTo-Json */
    HT_SIM_SHAPE_JSONC,         /* az ... -o jsonc: colours */
    HT_SIM_SHAPE_OPSMON,        /* operations monitoring: flat, no hub, no address */
    HT_SIM_SHAPE_EVENT_GRID,    /* an array of Event Grid events: connected, disconnected */
    HT_SIM_SHAPE_CSV_PORTAL,    /* the portal's export: BOM, "TimeGenerated [UTC]", 12-hour clock */
    HT_SIM_SHAPE_CSV_8,         /* the eight columns of Microsoft's query */
    HT_SIM_SHAPE_CSV_POWERSHELL, /* Export-Csv: #TYPE, everything quoted, CRLF */
    HT_SIM_SHAPE_TSV,            /* az ... -o tsv: no header line, no quotes */
    HT_SIM_SHAPE_REST,           /* {"tables":[{"name","columns","rows"}]} */
    HT_SIM_SHAPE_REST_LAST,      /* likewise, with the columns behind the rows */
    HT_SIM_SHAPE_KUSTO1,         /* {"Tables":[...]}, with tables of other things */
    HT_SIM_SHAPE_KUSTO2,         /* frames */
    HT_SIM_SHAPE_COUNT
};

/* NULL when there is no such shape. */
const char *ht_sim_shape_name(size_t shape);

/* Bytes to be handed on. What does not fit is left out, which the sizes of texts exclude. */
struct ht_sim_out {
    char *buf;
    size_t len;
    size_t capacity;
};

/* A text as it stands in a text within a text, found again by its address. */
struct ht_sim_memo {
    struct ht_str text;
    size_t escaped_len;
    char escaped[512];
};
enum { HT_SIM_MEMOS = 8 };

struct ht_sim_writer {
    enum ht_sim_shape shape;
    const struct ht_sink *sink;
    struct ht_err *err;
    enum ht_status status; /* sticky: what the sink returned, or HT_E_NOMEM */
    unsigned digits;       /* of the fraction of a second */
    uint64_t records;
    uint64_t bytes;
    unsigned in_document;  /* HT_SIM_SHAPE_RECORDS_LINES: records until the line ends */
    struct ht_sim_out out; /* what the sink has not got yet */

    /* What was written last is often written again. */
    int64_t stamp_second;
    char stamp[HT_SIM_STAMP_BYTES];
    struct ht_str resource_hub;
    bool resource_of_other;
    size_t resource_len;
    char resource[512];
    struct ht_sim_memo memos[HT_SIM_MEMOS];
};

void ht_sim_writer_begin(struct ht_sim_writer *writer);
void ht_sim_writer_put(struct ht_sim_writer *writer, const struct ht_sim_log_record *record);
void ht_sim_writer_end(struct ht_sim_writer *writer);
void ht_sim_writer_release(struct ht_sim_writer *writer);

#endif
