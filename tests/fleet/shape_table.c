/* SPDX-License-Identifier: MIT */
/*
 * Tables, answers of query APIs, and what is neither an archive nor az: all made of the members of
 * a row (see shape.c), which stand in the order of their keys.
 */
#include <stdlib.h>
#include <string.h>

#include "queue.h"
#include "shape_private.h"

static bool is_none(const char *text) {
    return text == NULL || strcmp(text, "None") == 0;
}

static const struct member *find(const struct members *members, const char *key) {
    for (size_t i = 0; i < members->count; i++) {
        if (strcmp(members->list[i].key, key) == 0) {
            return &members->list[i];
        }
    }
    return NULL;
}

/* Cells of CSV. */

static void put_cell(struct out *out, const char *text, bool always_quoted) {
    if (!always_quoted && strpbrk(text, ",\"\r\n") == NULL) {
        shape_put_text(out, text);
        return;
    }
    shape_put(out, "\"", 1);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            shape_put(out, "\"", 1);
        }
        shape_put(out, text, 1);
    }
    shape_put(out, "\"", 1);
}

/* "2025-03-10T00:23:43.391Z" as the portal shows it: "3/10/2025, 12:23:43.391 AM". */
static void portal_time(const char *iso, char out[TIME_TEXT_BYTES]) {
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    char fraction[4] = "000";
    (void)sscanf(iso, "%4u-%2u-%2uT%2u:%2u:%2u.%3[0-9]", &year, &month, &day, &hour, &minute,
                 &second, fraction);
    (void)snprintf(out, TIME_TEXT_BYTES, "%u/%u/%u, %u:%02u:%02u.%s %s", month, day, year,
                   hour % 12 == 0 ? 12 : hour % 12, minute, second, fraction,
                   hour < 12 ? "AM" : "PM");
}

static void put_csv_header(struct shape_writer *writer, struct out *out,
                           const struct members *members) {
    const bool powershell = writer->shape == SHAPE_CSV_POWERSHELL;
    if (powershell) {
        shape_put_text(out, "#TYPE System.Management.Automation.PSCustomObject\r\n");
    }
    for (size_t i = 0; i < members->count; i++) {
        const char *key = members->list[i].key;
        const bool time = strcmp(key, "TimeGenerated") == 0;
        shape_put_text(out, i > 0 ? "," : "");
        if (time && writer->shape == SHAPE_CSV_PORTAL) {
            shape_put_text(out, "\"TimeGenerated [UTC]\"");
        } else {
            put_cell(out, key, powershell);
        }
    }
    shape_put_text(out, powershell ? "\r\n" : "\n");
}

static void put_csv_row(const struct shape_writer *writer, struct out *out,
                        const struct members *members) {
    const bool powershell = writer->shape == SHAPE_CSV_POWERSHELL;
    char time[TIME_TEXT_BYTES];
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->list[i];
        const char *text = is_none(member->text) ? "" : member->text;
        if (writer->shape == SHAPE_CSV_PORTAL && strcmp(member->key, "TimeGenerated") == 0) {
            portal_time(text, time);
            text = time;
        }
        shape_put_text(out, i > 0 ? "," : "");
        put_cell(out, text, powershell);
    }
    shape_put_text(out, powershell ? "\r\n" : "\n");
}

static void put_tsv_row(struct out *out, const struct members *members) {
    for (size_t i = 0; i < members->count; i++) {
        shape_put_text(out, i > 0 ? "\t" : "");
        shape_put_text(out, members->list[i].text);
    }
    shape_put_text(out, "\n");
}

/* Answers of query APIs: the columns once, a row an array. */

static void put_columns(struct out *out, const struct members *members, enum shape shape) {
    const bool kusto = shape == SHAPE_KUSTO1 || shape == SHAPE_KUSTO2;
    for (size_t i = 0; i < members->count; i++) {
        shape_put_text(out, i > 0 ? "," : "");
        shape_put_text(out, kusto ? "{\"ColumnName\":" : "{\"name\":");
        shape_put_string(out, members->list[i].key);
        shape_put_text(out, kusto ? ",\"ColumnType\":\"string\"}" : ",\"type\":\"string\"}");
    }
}

static void put_array_row(struct out *out, const struct members *members) {
    shape_put_text(out, "[");
    for (size_t i = 0; i < members->count; i++) {
        shape_put_text(out, i > 0 ? "," : "");
        if (is_none(members->list[i].text)) {
            shape_put_text(out, "null");
        } else {
            shape_put_string(out, members->list[i].text);
        }
    }
    shape_put_text(out, "]");
}

static void put_table(struct shape_writer *writer, struct out *out, const struct members *members) {
    static const char frame[] =
        "[{\"FrameType\":\"DataSetHeader\",\"IsProgressive\":false,\"Version\":\"v2.0\"},\n"
        "{\"FrameType\":\"DataTable\",\"TableId\":0,\"TableKind\":\"QueryProperties\","
        "\"TableName\":"
        "\"@ExtendedProperties\",\"Columns\":[{\"ColumnName\":\"TableId\",\"ColumnType\":\"int\"},"
        "{\"ColumnName\":\"Key\",\"ColumnType\":\"string\"}],\"Rows\":[[1,\"Visualization\"]]},\n"
        "{\"FrameType\":\"DataTable\",\"TableId\":1,\"TableKind\":\"PrimaryResult\",\"TableName\":"
        "\"PrimaryResult\",\"Columns\":[";
    if (writer->records > 0) {
        shape_put_text(out, ",\n");
    } else if (writer->shape == SHAPE_REST_LAST) {
        shape_put_text(out, "{\"tables\":[{\"rows\":[\n");
    } else {
        shape_put_text(out, writer->shape == SHAPE_REST
                                ? "{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":["
                            : writer->shape == SHAPE_KUSTO1
                                ? "{\"Tables\":[{\"TableName\":\"Table_0\",\"Columns\":["
                                : frame);
        put_columns(out, members, writer->shape);
        shape_put_text(out, writer->shape == SHAPE_REST ? "],\"rows\":[\n" : "],\"Rows\":[\n");
    }
    put_array_row(out, members);
}

static void end_table(struct shape_writer *writer) {
    struct out out = {writer->buf, 0, writer->capacity};
    struct members members = {.count = 0};
    const struct log_record record = {.hub = "", .device = ""};
    struct scratch scratch;
    memset(&scratch, 0, sizeof scratch);
    switch (writer->shape) {
    case SHAPE_REST:
        shape_put_text(&out, "\n]}],\"statistics\":{\"query\":{\"x\":[1,[2]]}},\"render\":null}\n");
        break;
    case SHAPE_REST_LAST:
        shape_make_az(&record, &scratch, &members);
        shape_put_text(&out, "\n],\"name\":\"Primary\\\"Result\",\"columns\":[");
        put_columns(&out, &members, writer->shape);
        shape_put_text(&out, "]}]}\n");
        break;
    case SHAPE_KUSTO1:
        shape_put_text(&out,
                       "\n]},{\"TableName\":\"Table_1\",\"Columns\":[{\"ColumnName\":\"Value\","
                       "\"ColumnType\":\"string\"}],\"Rows\":[[\"{}\"]]}]}\n");
        break;
    default:
        shape_put_text(&out, "\n]},\n{\"FrameType\":\"DataSetCompletion\",\"HasErrors\":false,"
                             "\"Cancelled\":false}]\n");
        break;
    }
    shape_emit(writer, writer->buf, out.len);
}

/* JSON of other origins. */

static void put_powershell(struct shape_writer *writer, struct out *out,
                           const struct members *members) {
    shape_put_text(out, writer->records > 0 ? ",\r\n" : "{\r\n    \"Results\":  [\r\n");
    struct members texts = *members;
    for (size_t i = 0; i < texts.count; i++) {
        texts.list[i].text = is_none(texts.list[i].text) ? "" : texts.list[i].text;
    }
    shape_put_members(out, &texts, &shape_tall_row);
}

/* As pygments colours it. */
static void put_jsonc(struct shape_writer *writer, struct out *out, const struct members *members) {
    shape_put_text(out, writer->records > 0 ? ",\n  {\n" : "[\n  {\n");
    for (size_t i = 0; i < members->count; i++) {
        shape_put_text(out, "    \x1b[34;01m");
        shape_put_string(out, members->list[i].key);
        shape_put_text(out, "\x1b[39;49;00m:\x1b[37m \x1b[39;49;00m\x1b[33m");
        shape_put_string(out, members->list[i].text);
        shape_put_text(out, i + 1 < members->count ? "\x1b[39;49;00m,\n" : "\x1b[39;49;00m\n");
    }
    shape_put_text(out, "  }");
}

static void put_monitoring(const struct log_record *record, const struct scratch *scratch,
                           const struct members *row, struct out *out) {
    struct members members = {.count = 0};
    const bool failed = record->code != 0;
    shape_add(&members, "durationMs", VALUE_NUMBER, "1234");
    shape_add(&members, "authType", VALUE_TEXT, shape_auth_text(record->auth));
    shape_add(&members, "protocol", VALUE_TEXT, record->protocol);
    shape_add(&members, "time", VALUE_TEXT, scratch->time);
    shape_add(&members, "operationName", VALUE_TEXT, find(row, "OperationName")->text);
    shape_add(&members, "category", VALUE_TEXT, find(row, "Category")->text);
    shape_add(&members, "level", VALUE_TEXT, failed ? "Error" : "Information");
    if (failed) {
        shape_add(&members, "statusCode", VALUE_NUMBER, scratch->status);
        shape_add(&members, "statusType", VALUE_NUMBER, scratch->code);
        shape_add(&members, "statusDescription", VALUE_TEXT, code_name(record->code));
    }
    shape_add(&members, "deviceId", VALUE_TEXT, record->device != NULL ? scratch->device : NULL);
    shape_put_members(out, &members, &shape_compact);
    shape_put_text(out, "\n");
}

static bool put_event(struct shape_writer *writer, const struct log_record *record,
                      const struct scratch *scratch, struct out *out) {
    const bool connected = record->operation == OP_CONNECT;
    if (record->operation > OP_DISCONNECT || (connected && record->code != 0)) {
        return false; /* a refused connect changes no state */
    }
    shape_put_text(out, writer->records > 0 ? ",\n" : "[");
    shape_put_text(out, "{\"id\":\"1\",\"topic\":");
    shape_put_string(out, scratch->resource);
    shape_put_text(out, ",\"subject\":\"devices/x\",\"eventType\":\"Microsoft.Devices.Device");
    shape_put_text(out, connected ? "Connected\",\"eventTime\":" : "Disconnected\",\"eventTime\":");
    shape_put_string(out, scratch->time);
    shape_put_text(out,
                   ",\"data\":{\"deviceConnectionStateEventInfo\":{\"sequenceNumber\":\"0001\"},"
                   "\"hubName\":");
    shape_put_string(out, record->hub);
    shape_put_text(out, ",\"deviceId\":");
    shape_put_string(out, record->device);
    if (record->module != NULL) {
        shape_put_text(out, ",\"moduleId\":");
        shape_put_string(out, record->module);
    }
    shape_put_text(out, "},\"dataVersion\":\"\",\"metadataVersion\":\"1\"}");
    return true;
}

void shape_table_begin(struct shape_writer *writer) {
    if (writer->shape == SHAPE_CSV_PORTAL) {
        shape_emit_text(writer, "\xEF\xBB\xBF");
    }
}

bool shape_table_put(struct shape_writer *writer, const struct log_record *record,
                     const struct scratch *scratch, struct out *out) {
    struct members row = {.count = 0};
    if (writer->shape == SHAPE_EVENT_GRID) {
        return put_event(writer, record, scratch, out);
    }
    if (writer->shape == SHAPE_CSV_8) {
        if (record->operation >= OP_HEALTH) {
            return false; /* that query asks for the category Connections */
        }
        shape_make_az_columns(record, scratch, &row);
    } else {
        shape_make_az(record, scratch, &row);
    }
    switch (writer->shape) {
    case SHAPE_WORKSPACE:
        shape_put_members(out, &row, &shape_compact);
        shape_put_text(out, "\n");
        return true;
    case SHAPE_POWERSHELL:
        put_powershell(writer, out, &row);
        return true;
    case SHAPE_JSONC:
        put_jsonc(writer, out, &row);
        return true;
    case SHAPE_OPSMON:
        put_monitoring(record, scratch, &row, out);
        return true;
    case SHAPE_TSV:
        put_tsv_row(out, &row);
        return true;
    case SHAPE_CSV_PORTAL:
    case SHAPE_CSV_8:
    case SHAPE_CSV_POWERSHELL:
        if (writer->records == 0) {
            put_csv_header(writer, out, &row);
        }
        put_csv_row(writer, out, &row);
        return true;
    default:
        put_table(writer, out, &row);
        return true;
    }
}

void shape_table_end(struct shape_writer *writer) {
    switch (writer->shape) {
    case SHAPE_POWERSHELL:
        shape_emit_text(writer, "\r\n                ],\r\n    \"Render\":  null,\r\n"
                                "    \"Statistics\":  \"\",\r\n    \"Error\":  null\r\n}\r\n");
        break;
    case SHAPE_JSONC:
    case SHAPE_EVENT_GRID:
        shape_emit_text(writer, "\n]\n");
        break;
    case SHAPE_REST:
    case SHAPE_REST_LAST:
    case SHAPE_KUSTO1:
    case SHAPE_KUSTO2:
        end_table(writer);
        break;
    default:
        break;
    }
}
