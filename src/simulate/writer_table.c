/* SPDX-License-Identifier: MIT */
/*
 * Tables, answers of query APIs, and what is neither an archive nor az: all made of the members of
 * a row (see shape.c), which stand in the order of their keys.
 */
#include "simulate/writer_private.h"

static bool is_none(struct ht_str text) {
    return text.ptr == NULL || ht_str_eq(text, HT_STR("None"));
}

/* Cells of CSV. */

static void put_cell(struct ht_sim_out *out, struct ht_str text, bool always_quoted) {
    bool quoted = always_quoted;
    for (size_t i = 0; i < text.len && !quoted; i++) {
        const char byte = text.ptr[i];
        quoted = byte == ',' || byte == '"' || byte == '\r' || byte == '\n';
    }
    if (!quoted || 2 * text.len + 2 > out->capacity - out->len) {
        ht_sim_put(out, text);
        return;
    }
    char *at = out->buf + out->len;
    *at++ = '"';
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"') {
            *at++ = '"';
        }
        *at++ = text.ptr[i];
    }
    *at++ = '"';
    out->len = (size_t)(at - out->buf);
}

static void put_csv_header(struct ht_sim_writer *writer, struct ht_sim_out *out,
                           const struct ht_sim_members *members) {
    const bool powershell = writer->shape == HT_SIM_SHAPE_CSV_POWERSHELL;
    if (powershell) {
        ht_sim_put_text(out, "#TYPE System.Management.Automation.PSCustomObject\r\n");
    }
    for (size_t i = 0; i < members->count; i++) {
        const struct ht_str key = members->list[i].key;
        const bool time = ht_str_eq(key, HT_STR("TimeGenerated"));
        ht_sim_put_text(out, i > 0 ? "," : "");
        if (time && writer->shape == HT_SIM_SHAPE_CSV_PORTAL) {
            ht_sim_put_text(out, "\"TimeGenerated [UTC]\"");
        } else {
            put_cell(out, key, powershell);
        }
    }
    ht_sim_put_text(out, powershell ? "\r\n" : "\n");
}

static void put_csv_row(const struct ht_sim_writer *writer, struct ht_sim_out *out,
                        const struct ht_sim_members *members) {
    const bool powershell = writer->shape == HT_SIM_SHAPE_CSV_POWERSHELL;
    for (size_t i = 0; i < members->count; i++) {
        const struct ht_str text = members->list[i].text;
        ht_sim_put_text(out, i > 0 ? "," : "");
        put_cell(out, is_none(text) ? HT_STR("") : text, powershell);
    }
    ht_sim_put_text(out, powershell ? "\r\n" : "\n");
}

static void put_tsv_row(struct ht_sim_out *out, const struct ht_sim_members *members) {
    for (size_t i = 0; i < members->count; i++) {
        ht_sim_put_text(out, i > 0 ? "\t" : "");
        ht_sim_put(out, members->list[i].text);
    }
    ht_sim_put_text(out, "\n");
}

/* Answers of query APIs: the columns once, a row an array. */

static void put_columns(struct ht_sim_out *out, const struct ht_sim_members *members,
                        enum ht_sim_shape shape) {
    const bool kusto = shape == HT_SIM_SHAPE_KUSTO1 || shape == HT_SIM_SHAPE_KUSTO2;
    for (size_t i = 0; i < members->count; i++) {
        ht_sim_put_text(out, i > 0 ? "," : "");
        ht_sim_put_text(out, kusto ? "{\"ColumnName\":" : "{\"name\":");
        ht_sim_put_string(out, members->list[i].key);
        ht_sim_put_text(out, kusto ? ",\"ColumnType\":\"string\"}" : ",\"type\":\"string\"}");
    }
}

static void put_array_row(struct ht_sim_out *out, const struct ht_sim_members *members) {
    ht_sim_put_text(out, "[");
    for (size_t i = 0; i < members->count; i++) {
        ht_sim_put_text(out, i > 0 ? "," : "");
        if (is_none(members->list[i].text)) {
            ht_sim_put_text(out, "null");
        } else {
            ht_sim_put_string(out, members->list[i].text);
        }
    }
    ht_sim_put_text(out, "]");
}

static void put_table(struct ht_sim_writer *writer, struct ht_sim_out *out,
                      const struct ht_sim_members *members) {
    static const char frame[] =
        "[{\"FrameType\":\"DataSetHeader\",\"IsProgressive\":false,\"Version\":\"v2.0\"},\n"
        "{\"FrameType\":\"DataTable\",\"TableId\":0,\"TableKind\":\"QueryProperties\","
        "\"TableName\":"
        "\"@ExtendedProperties\",\"Columns\":[{\"ColumnName\":\"TableId\",\"ColumnType\":\"int\"},"
        "{\"ColumnName\":\"Key\",\"ColumnType\":\"string\"}],\"Rows\":[[1,\"Visualization\"]]},\n"
        "{\"FrameType\":\"DataTable\",\"TableId\":1,\"TableKind\":\"PrimaryResult\",\"TableName\":"
        "\"PrimaryResult\",\"Columns\":[";
    if (writer->records > 0) {
        ht_sim_put_text(out, ",\n");
    } else if (writer->shape == HT_SIM_SHAPE_REST_LAST) {
        ht_sim_put_text(out, "{\"tables\":[{\"rows\":[\n");
    } else {
        ht_sim_put_text(out, writer->shape == HT_SIM_SHAPE_REST
                                 ? "{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":["
                             : writer->shape == HT_SIM_SHAPE_KUSTO1
                                 ? "{\"Tables\":[{\"TableName\":\"Table_0\",\"Columns\":["
                                 : frame);
        put_columns(out, members, writer->shape);
        ht_sim_put_text(out,
                        writer->shape == HT_SIM_SHAPE_REST ? "],\"rows\":[\n" : "],\"Rows\":[\n");
    }
    put_array_row(out, members);
}

static void end_table(struct ht_sim_writer *writer) {
    struct ht_sim_out *out = &writer->out;
    struct ht_sim_members members = {.count = 0};
    const struct ht_sim_log_record record = {.code = 0};
    struct ht_sim_scratch scratch;
    memset(&scratch, 0, sizeof scratch);
    switch (writer->shape) {
    case HT_SIM_SHAPE_REST:
        ht_sim_put_text(out, "\n]}],\"statistics\":{\"query\":{\"x\":[1,[2]]}},\"render\":null}\n");
        break;
    case HT_SIM_SHAPE_REST_LAST:
        ht_sim_make_az(&record, &scratch, &members);
        ht_sim_put_text(out, "\n],\"name\":\"Primary\\\"Result\",\"columns\":[");
        put_columns(out, &members, writer->shape);
        ht_sim_put_text(out, "]}]}\n");
        break;
    case HT_SIM_SHAPE_KUSTO1:
        ht_sim_put_text(out,
                        "\n]},{\"TableName\":\"Table_1\",\"Columns\":[{\"ColumnName\":\"Value\","
                        "\"ColumnType\":\"string\"}],\"Rows\":[[\"{}\"]]}]}\n");
        break;
    default:
        ht_sim_put_text(out, "\n]},\n{\"FrameType\":\"DataSetCompletion\",\"HasErrors\":false,"
                             "\"Cancelled\":false}]\n");
        break;
    }
}

/* JSON of other origins. */

static void put_powershell(struct ht_sim_writer *writer, struct ht_sim_out *out,
                           const struct ht_sim_members *members) {
    ht_sim_put_text(out, writer->records > 0 ? ",\r\n" : "{\r\n    \"Results\":  [\r\n");
    struct ht_sim_members texts = *members;
    for (size_t i = 0; i < texts.count; i++) {
        struct ht_sim_member *member = &texts.list[i];
        member->text = is_none(member->text) ? HT_STR("") : member->text;
    }
    ht_sim_put_members(out, &texts, &ht_sim_style_tall_row);
}

/* As pygments colours it. */
static void put_jsonc(struct ht_sim_writer *writer, struct ht_sim_out *out,
                      const struct ht_sim_members *members) {
    ht_sim_put_text(out, writer->records > 0 ? ",\n  {\n" : "[\n  {\n");
    for (size_t i = 0; i < members->count; i++) {
        ht_sim_put_text(out, "    \x1b[34;01m");
        ht_sim_put_string(out, members->list[i].key);
        ht_sim_put_text(out, "\x1b[39;49;00m:\x1b[37m \x1b[39;49;00m\x1b[33m");
        ht_sim_put_string(out, members->list[i].text);
        ht_sim_put_text(out, i + 1 < members->count ? "\x1b[39;49;00m,\n" : "\x1b[39;49;00m\n");
    }
    ht_sim_put_text(out, "  }");
}

/* Where the members of az stand. */
enum { CATEGORY_AT = 0, OPERATION_AT = 2 };

static void put_monitoring(const struct ht_sim_log_record *record,
                           const struct ht_sim_scratch *scratch, const struct ht_sim_members *row,
                           struct ht_sim_out *out) {
    struct ht_sim_members members = {.count = 0};
    const bool failed = record->code != 0;
    ht_sim_add(&members, HT_STR("durationMs"), HT_SIM_VALUE_JSON, HT_STR("1234"));
    ht_sim_add(&members, HT_STR("authType"), HT_SIM_VALUE_TEXT, ht_sim_auth_text(record->auth));
    ht_sim_add(&members, HT_STR("protocol"), HT_SIM_VALUE_TEXT, record->protocol);
    ht_sim_add(&members, HT_STR("time"), HT_SIM_VALUE_TEXT, scratch->time);
    ht_sim_add(&members, HT_STR("operationName"), HT_SIM_VALUE_TEXT, row->list[OPERATION_AT].text);
    ht_sim_add(&members, HT_STR("category"), HT_SIM_VALUE_TEXT, row->list[CATEGORY_AT].text);
    ht_sim_add(&members, HT_STR("level"), HT_SIM_VALUE_TEXT,
               failed ? HT_STR("Error") : HT_STR("Information"));
    if (failed) {
        ht_sim_add(&members, HT_STR("statusCode"), HT_SIM_VALUE_JSON, scratch->status);
        ht_sim_add(&members, HT_STR("statusType"), HT_SIM_VALUE_JSON, scratch->code);
        ht_sim_add(&members, HT_STR("statusDescription"), HT_SIM_VALUE_TEXT,
                   ht_sim_code_name(record->code));
    }
    ht_sim_add(&members, HT_STR("deviceId"), HT_SIM_VALUE_TEXT, scratch->device);
    ht_sim_put_members(out, &members, &ht_sim_style_compact);
    ht_sim_put_text(out, "\n");
}

static bool put_event(struct ht_sim_writer *writer, const struct ht_sim_log_record *record,
                      const struct ht_sim_scratch *scratch, struct ht_sim_out *out) {
    const bool connected = record->operation == HT_SIM_OP_CONNECT;
    if (record->operation > HT_SIM_OP_DISCONNECT || (connected && record->code != 0)) {
        return false; /* a refused connect changes no state */
    }
    ht_sim_put_text(out, writer->records > 0 ? ",\n" : "[");
    ht_sim_put_text(out, "{\"id\":\"1\",\"topic\":");
    ht_sim_put_string(out, scratch->resource);
    ht_sim_put_text(out, ",\"subject\":\"devices/x\",\"eventType\":\"Microsoft.Devices.Device");
    ht_sim_put_text(out,
                    connected ? "Connected\",\"eventTime\":" : "Disconnected\",\"eventTime\":");
    ht_sim_put_string(out, scratch->time);
    ht_sim_put_text(out,
                    ",\"data\":{\"deviceConnectionStateEventInfo\":{\"sequenceNumber\":\"0001\"},"
                    "\"hubName\":");
    ht_sim_put_string(out, record->hub);
    ht_sim_put_text(out, ",\"deviceId\":");
    ht_sim_put_string(out, record->device);
    if (record->module.len > 0) {
        ht_sim_put_text(out, ",\"moduleId\":");
        ht_sim_put_string(out, record->module);
    }
    ht_sim_put_text(out, "},\"dataVersion\":\"\",\"metadataVersion\":\"1\"}");
    return true;
}

void ht_sim_table_begin(struct ht_sim_writer *writer) {
    if (writer->shape == HT_SIM_SHAPE_CSV_PORTAL) {
        ht_sim_put_text(&writer->out, "\xEF\xBB\xBF");
    }
}

bool ht_sim_table_put(struct ht_sim_writer *writer, const struct ht_sim_log_record *record,
                      const struct ht_sim_scratch *scratch) {
    struct ht_sim_out *out = &writer->out;
    struct ht_sim_members row = {.count = 0};
    if (writer->shape == HT_SIM_SHAPE_EVENT_GRID) {
        return put_event(writer, record, scratch, out);
    }
    if (writer->shape == HT_SIM_SHAPE_CSV_8) {
        if (record->operation >= HT_SIM_OP_HEALTH) {
            return false; /* that query asks for the category Connections */
        }
        ht_sim_make_az_columns(record, scratch, &row);
    } else {
        ht_sim_make_az(record, scratch, &row);
    }
    switch (writer->shape) {
    case HT_SIM_SHAPE_WORKSPACE:
        ht_sim_put_members(out, &row, &ht_sim_style_compact);
        ht_sim_put_text(out, "\n");
        return true;
    case HT_SIM_SHAPE_POWERSHELL:
        put_powershell(writer, out, &row);
        return true;
    case HT_SIM_SHAPE_JSONC:
        put_jsonc(writer, out, &row);
        return true;
    case HT_SIM_SHAPE_OPSMON:
        put_monitoring(record, scratch, &row, out);
        return true;
    case HT_SIM_SHAPE_TSV:
        put_tsv_row(out, &row);
        return true;
    case HT_SIM_SHAPE_CSV_PORTAL:
    case HT_SIM_SHAPE_CSV_8:
    case HT_SIM_SHAPE_CSV_POWERSHELL:
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

void ht_sim_table_end(struct ht_sim_writer *writer) {
    switch (writer->shape) {
    case HT_SIM_SHAPE_POWERSHELL:
        ht_sim_put_text(&writer->out,
                        "\r\n                ],\r\n    \"Render\":  null,\r\n"
                        "    \"Statistics\":  \"\",\r\n    \"Error\":  null\r\n}\r\n");
        break;
    case HT_SIM_SHAPE_JSONC:
    case HT_SIM_SHAPE_EVENT_GRID:
        ht_sim_put_text(&writer->out, "\n]\n");
        break;
    case HT_SIM_SHAPE_REST:
    case HT_SIM_SHAPE_REST_LAST:
    case HT_SIM_SHAPE_KUSTO1:
    case HT_SIM_SHAPE_KUSTO2:
        end_table(writer);
        break;
    default:
        break;
    }
}
