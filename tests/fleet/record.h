/* SPDX-License-Identifier: MIT */
#ifndef FLEET_RECORD_H
#define FLEET_RECORD_H
/* One record of the invented log, before a shape is chosen for it. Texts are borrowed. */
#include <stdbool.h>
#include <stdint.h>

#define US_PER_S INT64_C(1000000)
#define S_PER_HOUR 3600
#define S_PER_DAY 86400

enum auth { AUTH_NONE = 0, AUTH_SAS, AUTH_X509 };

enum operation {
    OP_CONNECT = 0,
    OP_DISCONNECT,
    OP_HEALTH, /* another category, with a code that tells how the hub is */
    OP_CHATTER /* another category or another service: nothing to the point */
};

struct log_record {
    int64_t time_us;
    enum operation operation;
    uint32_t code;    /* 0 = none */
    uint32_t variant; /* which category, when the operation is OP_HEALTH or OP_CHATTER */
    enum auth auth;   /* as written: AUTH_NONE gives null */
    const char *hub;
    const char *device;  /* NULL = none */
    const char *module;  /* NULL = a device */
    const char *network; /* NULL = not written */
    const char *sdk;     /* NULL = not written; connects only */
    const char *protocol;
    const char *message;
};

/* The name of a code, as resultDescription has it. */
const char *code_name(uint32_t code);

enum { TIME_TEXT_BYTES = 40 };

/* ISO 8601 with 'Z' and that many digits of a fraction (0 to 7). */
void time_format(int64_t time_us, unsigned digits, char out[TIME_TEXT_BYTES]);

/* From the date and time that time_format() writes without a fraction; -1 when it is none. */
int64_t time_parse(const char *text);

#endif
