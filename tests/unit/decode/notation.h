/* SPDX-License-Identifier: MIT */
#ifndef HT_TESTS_NOTATION_H
#define HT_TESTS_NOTATION_H
/* What a record was decoded to, in a line: kind, time, hub, device[/module], code, level, auth,
 * then what else is known as name=value. */
#include "base/strbuf.h"
#include "base/time.h"
#include "decode/decoder.h"

static inline void put(struct ht_strbuf *out, const char *name, struct ht_str value) {
    if (value.len > 0) {
        ht_strbuf_printf(out, " %s=", name);
        ht_strbuf_add(out, value);
    }
}

static inline void print_record(struct ht_strbuf *out, const struct ht_record *record) {
    static const char *const kinds[] = {"disconnect", "refused", "connect", "health"};
    char time[HT_TIME_TEXT_BYTES];
    (void)ht_time_format(record->time_us, time);
    ht_strbuf_printf(out, "%s %s ", kinds[record->kind], time);
    ht_strbuf_add(out, record->hub);
    ht_strbuf_putc(out, ' ');
    ht_strbuf_add(out, record->device);
    if (record->module.len > 0) {
        ht_strbuf_putc(out, '/');
        ht_strbuf_add(out, record->module);
    }
    const char *auth = ht_auth_name(record->auth);
    ht_strbuf_printf(out, " %u %s %s", record->code, ht_level_name(record->level),
                     auth != NULL ? auth : "-");
    put(out, "protocol", record->protocol);
    put(out, "sdk", record->sdk);
    put(out, "network", record->network);
    put(out, "message", record->message);
    put(out, "operation", record->operation);
}

static inline void print_decoded(struct ht_strbuf *out, const struct ht_decoded *decoded) {
    static const char *const kinds[] = {"event",        "other service", "other record",
                                        "not a record", "bad",           "wrapper",
                                        "rows",         "more",          "not JSON"};
    ht_strbuf_clear(out);
    if (decoded->kind == HT_DECODED_EVENT) {
        print_record(out, &decoded->record);
    } else if (decoded->kind == HT_DECODED_BAD_RECORD || decoded->kind == HT_DECODED_NOT_JSON) {
        ht_strbuf_printf(out, "%s: %s", kinds[decoded->kind], decoded->why);
    } else {
        ht_strbuf_puts(out, kinds[decoded->kind]);
    }
}

#endif
