/* SPDX-License-Identifier: MIT */
/* Both sides in order of hub, device and module, then as a zip. */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/large.h"
#include "base/time.h"
#include "compare/comparison_make.h"
#include "compare/rate_test.h"

/* The rate of a single device changes for better or worse when it differs by this factor, beyond
 * chance. */
#define RATIO_MIN 1.5
#define P_MAX 0.001

/* A device of the report. */
struct row {
    const char *hub;
    const char *device;
    const char *module;
    size_t index;
};

static int compare_names(const struct row *a, const struct ht_baseline_device *b) {
    int order = ht_text_or_null_cmp(a->hub, b->hub);
    order = order != 0 ? order : ht_text_or_null_cmp(a->device, b->device);
    return order != 0 ? order : ht_text_or_null_cmp(a->module, b->module);
}

static int compare_rows(const void *left, const void *right) {
    const struct row *a = left;
    const struct row *b = right;
    const struct ht_baseline_device names = {.hub = b->hub,
                                             .device = b->device,
                                             .module = b->module};
    const int order = compare_names(a, &names);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static struct ht_device_then now_of(const struct ht_device_view *view) {
    return (struct ht_device_then){
        .has_finding = view->has_finding,
        .level = view->has_finding ? (int)view->worst_level : 0,
        .faults = view->faults,
        .disconnects = view->disconnects,
        .span_s = view->up_s + view->down_s + view->unknown_s,
        .pattern = view->pattern,
    };
}

/* What calls for a look; notes do not. */
static int gravity(const struct ht_device_then *then) {
    return then->has_finding ? then->level : HT_LEVEL_NOTE;
}

static double fault_rate(const struct ht_device_then *then) {
    return then->span_s > 0 ? (double)then->faults * HT_S_PER_DAY / (double)then->span_s : 0;
}

static bool has_more(const struct ht_device_then *a, const struct ht_device_then *b) {
    const struct ht_rate rate_a = {a->faults, (double)a->span_s / HT_S_PER_DAY};
    const struct ht_rate rate_b = {b->faults, (double)b->span_s / HT_S_PER_DAY};
    return fault_rate(a) >= fault_rate(b) * RATIO_MIN && ht_rate_exceeds(&rate_a, &rate_b, P_MAX);
}

/* False: the same as before. */
static bool judge(struct ht_device_change *change) {
    const int rise = gravity(&change->now) - gravity(&change->before);
    if (rise > 0 || (rise == 0 && has_more(&change->now, &change->before))) {
        change->kind = HT_DEVICE_WORSE;
        return true;
    }
    change->kind = HT_DEVICE_BETTER;
    return rise < 0 || has_more(&change->before, &change->now);
}

static int compare_doubles(double a, double b) {
    return (a > b) - (a < b);
}

/* By kind; the greatest change first; then by name, as they were found. */
static int compare_changes(const void *left, const void *right) {
    const struct ht_device_change *a = left;
    const struct ht_device_change *b = right;
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    const int sign = a->kind == HT_DEVICE_BETTER || a->kind == HT_DEVICE_GONE ? 1 : -1;
    const int rise_a = gravity(&a->now) - gravity(&a->before);
    const int rise_b = gravity(&b->now) - gravity(&b->before);
    if (rise_a != rise_b) {
        return sign * (rise_a > rise_b ? 1 : -1);
    }
    const int order = compare_doubles(fault_rate(&a->now) - fault_rate(&a->before),
                                      fault_rate(&b->now) - fault_rate(&b->before));
    if (order != 0) {
        return sign * order;
    }
    int names = ht_text_or_null_cmp(a->hub, b->hub);
    names = names != 0 ? names : ht_text_or_null_cmp(a->device, b->device);
    names = names != 0 ? names : ht_text_or_null_cmp(a->module, b->module);
    return names != 0 ? names : (a->index > b->index) - (a->index < b->index);
}

static enum ht_status list_rows(const struct ht_report *report, struct ht_arena *arena,
                                struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct ht_device_view view;
        ht_report_device(report, i, &view);
        rows[i].index = i;
        HT_TRY(ht_compare_text(arena, view.hub, &rows[i].hub));
        HT_TRY(ht_compare_text(arena, view.device, &rows[i].device));
        HT_TRY(ht_compare_text(arena, view.module, &rows[i].module));
    }
    if (count > 1) {
        qsort(rows, count, sizeof *rows, compare_rows);
    }
    return HT_OK;
}

/* The change between a row and a device of the baseline, one of which may be NULL. */
static bool make_change(const struct ht_report *report, const struct row *row,
                        const struct ht_baseline_device *then, struct ht_device_change *out) {
    *out = (struct ht_device_change){.index = HT_INDEX_NONE};
    if (then != NULL) {
        out->hub = then->hub;
        out->device = then->device;
        out->module = then->module;
        out->before = then->then;
    }
    if (row == NULL) {
        out->kind = HT_DEVICE_GONE;
        return true;
    }
    struct ht_device_view view;
    ht_report_device(report, row->index, &view);
    out->hub = view.hub;
    out->device = view.device;
    out->module = view.module;
    out->index = row->index;
    out->now = now_of(&view);
    if (then == NULL) {
        out->kind = HT_DEVICE_NEW;
        return true;
    }
    return judge(out);
}

static void zip(const struct ht_report *report, const struct row *rows, size_t count,
                const struct ht_baseline *baseline, struct ht_comparison *out,
                struct ht_device_change *changes) {
    size_t i = 0;
    size_t k = 0;
    while (i < count || k < baseline->device_count) {
        const struct ht_baseline_device *then =
            k < baseline->device_count ? &baseline->devices[k] : NULL;
        const int order = i == count ? 1 : then == NULL ? -1 : compare_names(&rows[i], then);
        struct ht_device_change *change = &changes[out->device_count];
        if (make_change(report, order <= 0 ? &rows[i] : NULL, order >= 0 ? then : NULL, change)) {
            out->device_counts[change->kind]++;
            out->device_count++;
        } else {
            out->unchanged_devices++;
        }
        i += order <= 0;
        k += order >= 0;
    }
}

enum ht_status ht_compare_devices(const struct ht_report *report, struct ht_baseline *baseline,
                                  struct ht_comparison *out) {
    const size_t count = ht_report_device_count(report);
    struct row *rows = ht_large_zeroed(count, sizeof *rows);
    struct ht_device_change *changes =
        ht_arena_alloc(&baseline->text, (count + baseline->device_count + 1) * sizeof *changes,
                       sizeof(uint64_t));
    enum ht_status status = rows != NULL && changes != NULL ? HT_OK : HT_E_NOMEM;
    if (status == HT_OK) {
        status = list_rows(report, &baseline->text, rows, count);
    }
    if (status == HT_OK) {
        zip(report, rows, count, baseline, out, changes);
        if (out->device_count > 1) {
            qsort(changes, out->device_count, sizeof *changes, compare_changes);
        }
        out->devices = changes;
    }
    free(rows);
    return status;
}
