/* SPDX-License-Identifier: MIT */
#ifndef FLEET_SHAPE_H
#define FLEET_SHAPE_H
/* The shapes in which logs reach people, written to a stream one record at a time. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "record.h"

enum shape {
    SHAPE_JSONL = 0,     /* archive blob: properties is a string */
    SHAPE_JSONL_OBJECT,  /* archive blob: properties is an object */
    SHAPE_JSONL_KEYS,    /* keys in changing order, resultType a number, resourceId in lower case */
    SHAPE_CRLF,          /* archive blob that went through Windows: BOM, CRLF, blank lines */
    SHAPE_RECORDS,       /* one {"records":[...]} document */
    SHAPE_RECORDS_LINES, /* one such document a line, as consumers of an event hub keep them */
    SHAPE_ARRAY,         /* one JSON array */
    SHAPE_AZ,            /* az monitor log-analytics query -o json, with properties_s */
    SHAPE_AZ_COLUMNS,    /* likewise, the eight columns of Microsoft's query */
    SHAPE_PRETTY,        /* archive blob after an editor's "format document" */
    SHAPE_EVENTHUBS,     /* an array of such documents as SHAPE_RECORDS_LINES has */
    SHAPE_WORKSPACE,     /* data export of a workspace: one row a line, columns as keys */
    SHAPE_POWERSHELL, /* the whole answer of Invoke-AzOperationalInsightsQuery | ConvertTo-Json */
    SHAPE_JSONC,      /* az ... -o jsonc: colours */
    SHAPE_OPSMON,     /* operations monitoring: flat, no hub, no address */
    SHAPE_EVENT_GRID, /* an array of Event Grid events: connected, disconnected */
    SHAPE_CSV_PORTAL, /* the portal's export: BOM, "TimeGenerated [UTC]", 12-hour clock */
    SHAPE_CSV_8,      /* the eight columns of Microsoft's query */
    SHAPE_CSV_POWERSHELL, /* Export-Csv: #TYPE, everything quoted, CRLF */
    SHAPE_TSV,            /* az ... -o tsv: no header line, no quotes */
    SHAPE_REST,           /* {"tables":[{"name","columns","rows"}]} */
    SHAPE_REST_LAST,      /* likewise, with the columns behind the rows */
    SHAPE_KUSTO1,         /* {"Tables":[...]}, with tables of other things */
    SHAPE_KUSTO2,         /* frames */
    SHAPE_COUNT
};

const char *shape_name(enum shape shape);
bool shape_from_name(const char *name, enum shape *shape);

struct shape_writer {
    enum shape shape;
    FILE *stream;
    unsigned digits; /* of the fraction of a second */
    uint64_t records;
    uint64_t bytes;
    unsigned in_document; /* SHAPE_RECORDS_LINES: records until the line ends */
    char *buf;            /* the record being built */
    size_t capacity;
};

void shape_begin(struct shape_writer *writer);
void shape_write(struct shape_writer *writer, const struct log_record *record);
void shape_end(struct shape_writer *writer);

#endif
