/* SPDX-License-Identifier: MIT */
#include "render/quality_words.h"

#include "base/compiler.h"
#include "render/text_out.h"

/* Those that are not 0 make a sentence, with commas between. */
struct part {
    uint64_t count;
    const char *one;
    const char *many;
};

const char *ht_quality_group_label(enum ht_quality_group group) {
    static const char *const labels[HT_QUALITY_GROUP_COUNT] = {
        [HT_QUALITY_SKIPPED] = "Skipped",
        [HT_QUALITY_ORDER] = "Order",
        [HT_QUALITY_SESSIONS] = "Sessions",
        [HT_QUALITY_LACKING] = "Lacking",
    };
    return labels[group];
}

bool ht_quality_put_group(struct ht_strbuf *words, const struct ht_quality *quality,
                          enum ht_quality_group group) {
    enum { PARTS_MAX = 5 };
    const struct part parts[HT_QUALITY_GROUP_COUNT][PARTS_MAX] = {
        [HT_QUALITY_SKIPPED] =
            {
                {quality->other_services, "record of another service", "records of other services"},
                {quality->other_records, "IoT Hub record that tells nothing of connections",
                 "IoT Hub records that tell nothing of connections"},
                {quality->not_records, "value that is no log record",
                 "values that are no log record"},
                {quality->dropped_events, "event over the limit of events or devices",
                 "events over the limit of events or devices"},
                {quality->dropped_attributes, "attribute over the limit of distinct texts",
                 "attributes over the limit of distinct texts"},
            },
        [HT_QUALITY_ORDER] =
            {
                {quality->duplicates, "event met again and counted once",
                 "events met again and counted once"},
                {quality->out_of_order, "event late in its input and put in its place",
                 "events late in their input and put in their place"},
            },
        [HT_QUALITY_SESSIONS] =
            {
                {quality->starts_before_log, "session began before the log",
                 "sessions began before the log"},
                {quality->starts_missing, "end without its connect", "ends without their connect"},
                {quality->ends_missing, "connect on top of an open session",
                 "connects on top of an open session"},
            },
        [HT_QUALITY_LACKING] =
            {
                {quality->without_sdk, "connect without sdkVersion", "connects without sdkVersion"},
                {quality->without_auth, "connect without a readable authType",
                 "connects without a readable authType"},
                {quality->without_network, "connect without maskedIpAddress",
                 "connects without maskedIpAddress"},
            },
    };
    bool any = false;
    for (size_t i = 0; i < PARTS_MAX; i++) {
        const struct part *part = &parts[group][i];
        if (part->count > 0) {
            ht_strbuf_puts(words, any ? ", " : "");
            ht_text_put_number(words, part->count, part->one, part->many);
            any = true;
        }
    }
    ht_strbuf_puts(words, any ? "." : "");
    return any;
}

void ht_quality_put_read(struct ht_strbuf *words, const struct ht_summary *summary) {
    const struct ht_quality *quality = &summary->quality;
    ht_text_put_number(words, quality->records, "record", "records");
    ht_strbuf_puts(words, ", ");
    ht_text_put_bytes(words, quality->bytes);
    ht_strbuf_puts(words, ", from ");
    ht_text_put_number(words, summary->source_count, "input", "inputs");
    ht_strbuf_puts(words, "; ");
    ht_text_put_number(words, quality->events, "event that matters", "events that matter");
    if (summary->first_us != HT_TIME_NONE) {
        ht_strbuf_puts(words, ". The report covers ");
        ht_text_put_time(words, summary->first_us);
        ht_strbuf_puts(words, " to ");
        ht_text_put_time(words, summary->last_us);
        ht_strbuf_puts(words, " UTC");
    }
    ht_strbuf_putc(words, '.');
}

void ht_quality_put_example(struct ht_strbuf *words, const struct ht_bad_example *example) {
    ht_strbuf_puts(words, "First: ");
    ht_text_put_whole(words, example->source);
    ht_strbuf_puts(words, ", record ");
    ht_strbuf_put_grouped(words, example->record);
    ht_strbuf_puts(words, ", byte ");
    ht_strbuf_put_grouped(words, example->offset_bytes);
    if (example->why != NULL) {
        ht_strbuf_puts(words, ": ");
        ht_text_put_whole(words, example->why);
    }
}

void ht_quality_put_problem(struct ht_strbuf *words, const struct ht_source_view *source) {
    ht_text_put_whole(words, source->name);
    ht_strbuf_puts(words, ": ");
    ht_text_put_whole(words, source->problem);
    if (source->hint != NULL) {
        ht_strbuf_puts(words, "; ");
        ht_text_put_whole(words, source->hint);
    }
}
