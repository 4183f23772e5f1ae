/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "compare/comparison_make.h"

/* Windows that differ in length by more than one in so many are of another length. */
enum { LENGTH_ONE_IN = 20 };

/* The span of the report: as asked for, else of its events. */
static void span_of(const struct ht_summary *summary, int64_t *first_us, int64_t *last_us) {
    *first_us = summary->since_us != HT_TIME_NONE ? summary->since_us : summary->first_us;
    *last_us = summary->until_us != HT_TIME_NONE ? summary->until_us : summary->last_us;
}

static void compare_windows(const struct ht_summary *summary, struct ht_comparison *out) {
    int64_t first_us = HT_TIME_NONE;
    int64_t last_us = HT_TIME_NONE;
    span_of(summary, &first_us, &last_us);
    if (first_us == HT_TIME_NONE || last_us == HT_TIME_NONE || out->first_us == HT_TIME_NONE ||
        out->last_us == HT_TIME_NONE) {
        return;
    }
    const int64_t now_us = last_us - first_us;
    const int64_t before_us = out->last_us - out->first_us;
    const int64_t longer_us = now_us > before_us ? now_us : before_us;
    const int64_t apart_us = now_us > before_us ? now_us - before_us : before_us - now_us;
    out->is_of_other_length = apart_us > longer_us / LENGTH_ONE_IN;
    out->is_overlapping = first_us < out->last_us && out->first_us < last_us;
}

static bool is_same_incident(const struct ht_incident_then *then, const char *hub,
                             const struct ht_incident_view *now) {
    return ht_text_or_null_cmp(then->hub, hub) == 0 &&
           strcmp(then->cause, ht_cause_name(now->cause)) == 0 && then->start_us <= now->end_us &&
           now->start_us <= then->end_us;
}

static enum ht_status mark_incidents(const struct ht_summary *summary,
                                     struct ht_baseline *baseline) {
    size_t first = 0; /* of those that have not ended before; both lists are by start */
    for (size_t i = 0; i < summary->incident_count; i++) {
        const struct ht_incident_view *now = &summary->incidents[i];
        const char *hub = NULL;
        HT_TRY(ht_compare_text(&baseline->text, now->hub, &hub));
        for (size_t k = first; k < baseline->incident_count; k++) {
            struct ht_incident_then *then = &baseline->incidents[k];
            first += k == first && then->end_us < now->start_us;
            then->is_still_seen = then->is_still_seen || is_same_incident(then, hub, now);
        }
    }
    return HT_OK;
}

enum ht_status ht_compare_text(struct ht_arena *arena, const char *text, const char **out) {
    struct ht_str rest = ht_str_from(text);
    size_t bad = 0;
    uint32_t c = 0;
    *out = text;
    for (size_t at = 0, used = 0; at<rest.len; at += used> 0 ? used : 1) {
        used = ht_utf8_decode((struct ht_str){rest.ptr + at, rest.len - at}, &c);
        bad += used == 0;
    }
    if (bad == 0) {
        return HT_OK;
    }
    char *copy = ht_arena_alloc(arena, rest.len + 2 * bad + 1, 1);
    if (copy == NULL) {
        return HT_E_NOMEM;
    }
    *out = copy;
    while (rest.len > 0) {
        const size_t used = ht_utf8_decode(rest, &c);
        memcpy(copy, used > 0 ? rest.ptr : "\xEF\xBF\xBD", used > 0 ? used : 3);
        copy += used > 0 ? used : 3;
        rest.ptr += used > 0 ? used : 1;
        rest.len -= used > 0 ? used : 1;
    }
    return HT_OK;
}

enum ht_status ht_compare(const struct ht_report *report, struct ht_baseline *baseline,
                          const struct ht_comparison **comparison) {
    const struct ht_summary *summary = ht_report_summary(report);
    struct ht_comparison *made = ht_arena_alloc(&baseline->text, sizeof *made, sizeof(uint64_t));
    if (made == NULL) {
        return HT_E_NOMEM;
    }
    made->path = baseline->path;
    made->first_us = baseline->first_us;
    made->last_us = baseline->last_us;
    compare_windows(summary, made);
    HT_TRY(ht_compare_figures(summary, baseline, made));
    HT_TRY(ht_compare_devices(report, baseline, made));
    HT_TRY(ht_compare_findings(summary, baseline, made));
    HT_TRY(mark_incidents(summary, baseline));
    made->incidents = baseline->incidents;
    made->incident_count = baseline->incident_count;
    *comparison = made;
    return HT_OK;
}
