/* SPDX-License-Identifier: MIT */
#ifndef FLEET_SHAPE_PRIVATE_H
#define FLEET_SHAPE_PRIVATE_H
/* What shape.c (JSON of archives and az) and shape_table.c (tables and the rest) share. */
#include "shape.h"

enum value_kind { VALUE_NULL = 0, VALUE_TEXT, VALUE_NUMBER, VALUE_JSON };

struct member {
    const char *key;
    enum value_kind kind;
    const char *text;
};

enum { MEMBERS_MAX = 20, PROPERTIES_BYTES = 2048 };

struct members {
    struct member list[MEMBERS_MAX];
    size_t count;
};

void shape_add(struct members *members, const char *key, enum value_kind kind, const char *text);

/* Where members are written to: the writer's record, or a properties text. */
struct out {
    char *buf;
    size_t len;
    size_t capacity;
};

void shape_put(struct out *out, const char *bytes, size_t len);
void shape_put_text(struct out *out, const char *text);
void shape_put_string(struct out *out, const char *text);

struct style {
    const char *open;    /* after { */
    const char *indent;  /* before each member */
    const char *between; /* after each member but the last */
    const char *close;   /* before } */
    const char *colon;
};

extern const struct style shape_compact;
extern const struct style shape_tall_row;

void shape_put_members(struct out *out, const struct members *members, const struct style *style);

/* Texts that live as long as one record is being written. */
struct scratch {
    char time[TIME_TEXT_BYTES];
    char resource[256];
    char code[16];
    char status[16];
    char device[320];
    char properties[PROPERTIES_BYTES];
};

const char *shape_auth_text(enum auth auth);

/* The members of a row, texts throughout, "None" for null. */
void shape_make_az(const struct log_record *record, const struct scratch *scratch,
                   struct members *members);
void shape_make_az_columns(const struct log_record *record, const struct scratch *scratch,
                           struct members *members);

void shape_emit(struct shape_writer *writer, const char *bytes, size_t len);
void shape_emit_text(struct shape_writer *writer, const char *text);

/* The shapes of shape_table.c, from SHAPE_WORKSPACE on. false: this record has no place in it. */
void shape_table_begin(struct shape_writer *writer);
bool shape_table_put(struct shape_writer *writer, const struct log_record *record,
                     const struct scratch *scratch, struct out *out);
void shape_table_end(struct shape_writer *writer);

#endif
