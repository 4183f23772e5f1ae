/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_WRITER_PRIVATE_H
#define HT_SIMULATE_WRITER_PRIVATE_H
/* What the files of the writer share: members are made by writer_rows.c, written by writer_out.c.
 */
#include "simulate/writer.h"

enum ht_sim_value_kind {
    HT_SIM_VALUE_NULL = 0,
    HT_SIM_VALUE_TEXT,
    HT_SIM_VALUE_JSON /* as it is */
};

struct ht_sim_member {
    struct ht_str key; /* needs no escape */
    enum ht_sim_value_kind kind;
    struct ht_str text;
};

enum { HT_SIM_MEMBERS_MAX = 20, HT_SIM_PROPERTIES_BYTES = 8192 };

struct ht_sim_members {
    struct ht_sim_member list[HT_SIM_MEMBERS_MAX];
    size_t count;
};

/* A text without a pointer is null. */
static inline void ht_sim_add(struct ht_sim_members *members, struct ht_str key,
                              enum ht_sim_value_kind kind, struct ht_str text) {
    members->list[members->count++] =
        (struct ht_sim_member){key, text.ptr != NULL ? kind : HT_SIM_VALUE_NULL, text};
}

/* Texts that live as long as one record is being written. */
struct ht_sim_scratch {
    struct ht_str time;
    struct ht_str resource;
    struct ht_str code;
    struct ht_str status;
    struct ht_str device; /* "device/module"; only for shapes with such a column */
    struct ht_str properties;
    char time_bytes[HT_SIM_STAMP_BYTES];
    char code_bytes[16];
    char device_bytes[256];
    char properties_bytes[HT_SIM_PROPERTIES_BYTES];
};

/* writer_out.c */
struct ht_sim_style {
    struct ht_str open;    /* after { */
    struct ht_str indent;  /* before each member */
    struct ht_str between; /* after each member but the last */
    struct ht_str close;   /* before } */
    struct ht_str colon;
};
extern const struct ht_sim_style ht_sim_style_compact;
extern const struct ht_sim_style ht_sim_style_spaced;
extern const struct ht_sim_style ht_sim_style_tall;
extern const struct ht_sim_style ht_sim_style_tall_inner;
extern const struct ht_sim_style ht_sim_style_tall_row;

static inline void ht_sim_put(struct ht_sim_out *out, struct ht_str bytes) {
    if (bytes.len <= out->capacity - out->len) {
        memcpy(out->buf + out->len, bytes.ptr != NULL ? bytes.ptr : "", bytes.len);
        out->len += bytes.len;
    }
}
void ht_sim_put_text(struct ht_sim_out *out, const char *text);
void ht_sim_put_string(struct ht_sim_out *out, struct ht_str text); /* with quotes */
void ht_sim_put_members(struct ht_sim_out *out, const struct ht_sim_members *members,
                        const struct ht_sim_style *style);

/* The same in the quotes of a string, as the text of properties is: escaped once more. */
void ht_sim_put_enclosed(struct ht_sim_writer *writer, struct ht_sim_out *out,
                         const struct ht_sim_members *members);

/* writer_rows.c: the members of a record. */
struct ht_str ht_sim_auth_text(enum ht_sim_auth auth);
void ht_sim_scratch_fill(struct ht_sim_writer *writer, const struct ht_sim_log_record *record,
                         struct ht_sim_scratch *scratch);
void ht_sim_make_properties(const struct ht_sim_log_record *record,
                            const struct ht_sim_scratch *scratch, struct ht_sim_members *members);
void ht_sim_make_archive(const struct ht_sim_log_record *record,
                         const struct ht_sim_scratch *scratch, enum ht_sim_value_kind properties,
                         struct ht_sim_members *members);
/* Texts throughout, "None" for null. */
void ht_sim_make_az(const struct ht_sim_log_record *record, const struct ht_sim_scratch *scratch,
                    struct ht_sim_members *members);
void ht_sim_make_az_columns(const struct ht_sim_log_record *record,
                            const struct ht_sim_scratch *scratch, struct ht_sim_members *members);

/* writer_table.c: the shapes from HT_SIM_SHAPE_WORKSPACE on. false: this record has no place in
 * it. */
void ht_sim_table_begin(struct ht_sim_writer *writer);
bool ht_sim_table_put(struct ht_sim_writer *writer, const struct ht_sim_log_record *record,
                      const struct ht_sim_scratch *scratch);
void ht_sim_table_end(struct ht_sim_writer *writer);

#endif
