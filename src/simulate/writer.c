/* SPDX-License-Identifier: MIT */
#include "simulate/writer.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "simulate/writer_private.h"

enum { FLUSH_BYTES = 256 * 1024, BUFFER_BYTES = FLUSH_BYTES + 128 * 1024 };

const char *ht_sim_shape_name(size_t shape) {
    static const char *const names[HT_SIM_SHAPE_COUNT] = {
        [HT_SIM_SHAPE_JSONL] = "jsonl",
        [HT_SIM_SHAPE_JSONL_OBJECT] = "jsonl-object",
        [HT_SIM_SHAPE_JSONL_KEYS] = "jsonl-keys",
        [HT_SIM_SHAPE_CRLF] = "crlf",
        [HT_SIM_SHAPE_RECORDS] = "records",
        [HT_SIM_SHAPE_RECORDS_LINES] = "records-lines",
        [HT_SIM_SHAPE_ARRAY] = "array",
        [HT_SIM_SHAPE_AZ] = "az",
        [HT_SIM_SHAPE_AZ_COLUMNS] = "az-columns",
        [HT_SIM_SHAPE_PRETTY] = "pretty",
        [HT_SIM_SHAPE_EVENTHUBS] = "eventhubs",
        [HT_SIM_SHAPE_WORKSPACE] = "workspace-export",
        [HT_SIM_SHAPE_POWERSHELL] = "powershell",
        [HT_SIM_SHAPE_JSONC] = "jsonc",
        [HT_SIM_SHAPE_OPSMON] = "opsmon",
        [HT_SIM_SHAPE_EVENT_GRID] = "event-grid",
        [HT_SIM_SHAPE_CSV_PORTAL] = "csv-portal",
        [HT_SIM_SHAPE_CSV_8] = "csv-8",
        [HT_SIM_SHAPE_CSV_POWERSHELL] = "csv-powershell",
        [HT_SIM_SHAPE_TSV] = "tsv",
        [HT_SIM_SHAPE_REST] = "rest-tables",
        [HT_SIM_SHAPE_REST_LAST] = "rest-columns-last",
        [HT_SIM_SHAPE_KUSTO1] = "kusto1",
        [HT_SIM_SHAPE_KUSTO2] = "kusto2",
    };
    return shape < HT_SIM_SHAPE_COUNT ? names[shape] : NULL;
}

static void flush(struct ht_sim_writer *writer) {
    if (writer->status == HT_OK && writer->out.len > 0) {
        writer->status =
            writer->sink->write(writer->sink->ctx, writer->out.buf, writer->out.len, writer->err);
    }
    writer->out.len = 0;
}

static bool is_az(enum ht_sim_shape shape) {
    return shape == HT_SIM_SHAPE_AZ || shape == HT_SIM_SHAPE_AZ_COLUMNS;
}

void ht_sim_writer_begin(struct ht_sim_writer *writer) {
    writer->out.buf = malloc(BUFFER_BYTES);
    writer->out.len = 0;
    if (writer->out.buf == NULL) {
        writer->status = HT_E_NOMEM;
        return;
    }
    writer->out.capacity = BUFFER_BYTES;
    if (writer->shape == HT_SIM_SHAPE_CRLF) {
        ht_sim_put_text(&writer->out, "\xEF\xBB\xBF");
    } else if (writer->shape == HT_SIM_SHAPE_RECORDS) {
        ht_sim_put_text(&writer->out, "{\"records\":[\n");
    } else if (writer->shape == HT_SIM_SHAPE_ARRAY || is_az(writer->shape) ||
               writer->shape == HT_SIM_SHAPE_EVENTHUBS) {
        ht_sim_put_text(&writer->out, "[\n");
    } else {
        ht_sim_table_begin(writer);
    }
    writer->bytes = writer->out.len;
}

/* The separators around a record. */
static void put_before(struct ht_sim_writer *writer) {
    struct ht_sim_out *out = &writer->out;
    switch (writer->shape) {
    case HT_SIM_SHAPE_RECORDS:
    case HT_SIM_SHAPE_ARRAY:
        ht_sim_put_text(out, writer->records > 0 ? ",\n" : "");
        break;
    case HT_SIM_SHAPE_AZ:
    case HT_SIM_SHAPE_AZ_COLUMNS:
        ht_sim_put_text(out, writer->records > 0 ? ",\n  " : "  ");
        break;
    case HT_SIM_SHAPE_RECORDS_LINES:
        ht_sim_put_text(out, writer->in_document > 0 ? "," : "{\"records\":[");
        break;
    case HT_SIM_SHAPE_EVENTHUBS:
        ht_sim_put_text(out, writer->in_document > 0 ? ","
                             : writer->records > 0   ? ",\n{\"records\":["
                                                     : "{\"records\":[");
        break;
    default:
        break;
    }
}

static void put_after(struct ht_sim_writer *writer) {
    struct ht_sim_out *out = &writer->out;
    switch (writer->shape) {
    case HT_SIM_SHAPE_JSONL:
    case HT_SIM_SHAPE_JSONL_OBJECT:
    case HT_SIM_SHAPE_JSONL_KEYS:
    case HT_SIM_SHAPE_PRETTY:
        ht_sim_put(out, HT_STR("\n"));
        break;
    case HT_SIM_SHAPE_CRLF:
        ht_sim_put_text(out, writer->records % 50 == 49 ? "\r\n\r\n" : "\r\n");
        break;
    case HT_SIM_SHAPE_RECORDS_LINES:
    case HT_SIM_SHAPE_EVENTHUBS:
        writer->in_document++;
        /* Messages of changing size, 1 to 31 records. */
        if (writer->in_document > (writer->records * 7 + 3) % 31) {
            ht_sim_put_text(out, writer->shape == HT_SIM_SHAPE_EVENTHUBS ? "]}" : "]}\n");
            writer->in_document = 0;
        }
        break;
    default:
        break;
    }
}

static void rotate_members(struct ht_sim_members *members, uint64_t by) {
    struct ht_sim_members rotated = {.count = members->count};
    for (size_t i = 0; i < members->count; i++) {
        rotated.list[i] = members->list[(i + by) % members->count];
    }
    *members = rotated;
}

static bool properties_are_object(const struct ht_sim_writer *writer) {
    return writer->shape == HT_SIM_SHAPE_JSONL_OBJECT ||
           ((writer->shape == HT_SIM_SHAPE_PRETTY || writer->shape == HT_SIM_SHAPE_JSONL_KEYS) &&
            writer->records % 2 == 1);
}

/* The usual form: a string, without white space. It is written with its escapes at once. */
static bool properties_are_enclosed(const struct ht_sim_writer *writer) {
    return writer->shape < HT_SIM_SHAPE_WORKSPACE && !is_az(writer->shape) &&
           writer->shape != HT_SIM_SHAPE_PRETTY && !properties_are_object(writer);
}

static void fill_properties(struct ht_sim_writer *writer, const struct ht_sim_log_record *record,
                            struct ht_sim_scratch *scratch) {
    struct ht_sim_members properties;
    const struct ht_sim_style *style = &ht_sim_style_compact;
    properties.count = 0;
    ht_sim_make_properties(record, scratch, &properties);
    if (writer->shape == HT_SIM_SHAPE_JSONL_KEYS) {
        rotate_members(&properties, writer->records / 3);
    }
    if (writer->shape == HT_SIM_SHAPE_PRETTY) {
        style = properties_are_object(writer) ? &ht_sim_style_tall_inner : &ht_sim_style_spaced;
    }
    struct ht_sim_out out = {scratch->properties_bytes, 0, sizeof scratch->properties_bytes};
    if (properties_are_enclosed(writer)) {
        ht_sim_put_enclosed(writer, &out, &properties);
    } else {
        ht_sim_put_members(&out, &properties, style);
    }
    scratch->properties = (struct ht_str){out.buf, out.len};
}

/* Keys in another order each time, a number for resultType, resourceId in lower case. */
static void disturb(const struct ht_sim_writer *writer, struct ht_sim_members *members,
                    char *resource) {
    for (size_t i = 0; i < members->count; i++) {
        struct ht_sim_member *member = &members->list[i];
        if (ht_str_eq(member->key, HT_STR("resultType"))) {
            member->kind = HT_SIM_VALUE_JSON;
        } else if (ht_str_eq(member->key, HT_STR("resourceId"))) {
            for (size_t at = 0; at < member->text.len; at++) {
                resource[at] = ht_ascii_lower(member->text.ptr[at]);
            }
            member->text.ptr = resource;
        }
    }
    rotate_members(members, writer->records);
}

static void put_archive(struct ht_sim_writer *writer, const struct ht_sim_log_record *record,
                        const struct ht_sim_scratch *scratch) {
    struct ht_sim_members members;
    char resource[sizeof writer->resource];
    members.count = 0;
    ht_sim_make_archive(record, scratch,
                        properties_are_object(writer) || properties_are_enclosed(writer)
                            ? HT_SIM_VALUE_JSON
                            : HT_SIM_VALUE_TEXT,
                        &members);
    if (writer->shape == HT_SIM_SHAPE_JSONL_KEYS) {
        disturb(writer, &members, resource);
    }
    ht_sim_put_members(&writer->out, &members,
                       writer->shape == HT_SIM_SHAPE_PRETTY ? &ht_sim_style_tall
                                                            : &ht_sim_style_compact);
}

static bool put_one(struct ht_sim_writer *writer, const struct ht_sim_log_record *record) {
    struct ht_sim_scratch scratch;
    struct ht_sim_members members;
    members.count = 0;
    if (writer->shape == HT_SIM_SHAPE_AZ_COLUMNS && record->operation >= HT_SIM_OP_HEALTH) {
        return false; /* that query asks for the category Connections */
    }
    ht_sim_scratch_fill(writer, record, &scratch);
    fill_properties(writer, record, &scratch);
    put_before(writer);
    if (writer->shape >= HT_SIM_SHAPE_WORKSPACE) {
        return ht_sim_table_put(writer, record, &scratch);
    }
    if (writer->shape == HT_SIM_SHAPE_AZ) {
        ht_sim_make_az(record, &scratch, &members);
        ht_sim_put_members(&writer->out, &members, &ht_sim_style_tall_row);
    } else if (writer->shape == HT_SIM_SHAPE_AZ_COLUMNS) {
        ht_sim_make_az_columns(record, &scratch, &members);
        ht_sim_put_members(&writer->out, &members, &ht_sim_style_tall_row);
    } else {
        put_archive(writer, record, &scratch);
    }
    return true;
}

void ht_sim_writer_put(struct ht_sim_writer *writer, const struct ht_sim_log_record *record) {
    const size_t before = writer->out.len;
    if (writer->status != HT_OK || !put_one(writer, record)) {
        return;
    }
    put_after(writer);
    writer->bytes += writer->out.len - before;
    writer->records++;
    if (writer->out.len >= FLUSH_BYTES) {
        flush(writer);
    }
}

void ht_sim_writer_end(struct ht_sim_writer *writer) {
    struct ht_sim_out *out = &writer->out;
    if (writer->status != HT_OK) {
        return;
    }
    if (writer->shape == HT_SIM_SHAPE_RECORDS) {
        ht_sim_put_text(out, "\n]}\n");
    } else if (writer->shape == HT_SIM_SHAPE_ARRAY || is_az(writer->shape)) {
        ht_sim_put_text(out, "\n]\n");
    } else if (writer->shape == HT_SIM_SHAPE_RECORDS_LINES && writer->in_document > 0) {
        ht_sim_put_text(out, "]}\n");
    } else if (writer->shape == HT_SIM_SHAPE_EVENTHUBS) {
        ht_sim_put_text(out, writer->in_document > 0 ? "]}]\n" : "]\n");
    } else {
        ht_sim_table_end(writer);
    }
    flush(writer);
}

void ht_sim_writer_release(struct ht_sim_writer *writer) {
    free(writer->out.buf);
}
