/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/grow.h"
#include "base/pack.h"
#include "compare/baseline.h"
#include "compare/changes_make.h"

enum { VERSION = 1, KEYS_MAX = 64 * 1024 * 1024, KEY_BYTES_MIN = 8 };

/* Things that were found: incidents, findings and devices, with the kind that they have when new.
 */
struct keys {
    struct ht_change *items;
    size_t count;
    size_t capacity;
};

static enum ht_status add(struct keys *keys, const struct ht_change *item) {
    if (ht_grow(&keys->items, &keys->capacity, keys->count + 1, KEYS_MAX, sizeof *keys->items) !=
        HT_OK) {
        return HT_E_NOMEM;
    }
    keys->items[keys->count++] = *item;
    return HT_OK;
}

/* Whether they are about the same thing. */
static int compare_things(const struct ht_change *a, const struct ht_change *b) {
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    int order = ht_text_or_null_cmp(a->rule, b->rule);
    order = order != 0 ? order : ht_text_or_null_cmp(a->hub, b->hub);
    order = order != 0 ? order : ht_text_or_null_cmp(a->device, b->device);
    return order != 0 ? order : ht_text_or_null_cmp(a->module, b->module);
}

static int compare(const void *left, const void *right) {
    const struct ht_change *a = left;
    const struct ht_change *b = right;
    const int order = compare_things(a, b);
    if (order != 0) {
        return order;
    }
    if (a->start_us != b->start_us) {
        return a->start_us < b->start_us ? -1 : 1;
    }
    return (a->level > b->level) - (a->level < b->level);
}

static enum ht_status collect_findings(const struct ht_summary *summary, struct keys *keys) {
    for (size_t i = 0; i < summary->incident_count; i++) {
        const struct ht_incident_view *incident = &summary->incidents[i];
        if (!incident->planned) {
            HT_TRY(add(keys, &(struct ht_change){.kind = HT_CHANGE_NEW_INCIDENT,
                                                 .level = HT_LEVEL_ERROR,
                                                 .rule = ht_cause_name(incident->cause),
                                                 .hub = incident->hub,
                                                 .start_us = incident->start_us,
                                                 .end_us = incident->end_us}));
        }
    }
    for (size_t i = 0; i < summary->finding_count; i++) {
        const struct ht_finding *finding = &summary->findings[i];
        if (!finding->normal && finding->level >= HT_LEVEL_WARNING &&
            finding->incident == HT_INDEX_NONE) {
            HT_TRY(add(keys, &(struct ht_change){.kind = HT_CHANGE_NEW_FINDING,
                                                 .level = finding->level,
                                                 .rule = finding->rule,
                                                 .hub = finding->hub}));
        }
    }
    return HT_OK;
}

static enum ht_status collect_devices(const struct ht_report *report, struct keys *keys) {
    for (size_t i = 0; i < ht_report_device_count(report); i++) {
        struct ht_device_view device;
        ht_report_device(report, i, &device);
        if (device.has_finding && device.worst_level >= HT_LEVEL_WARNING) {
            HT_TRY(add(keys, &(struct ht_change){.kind = HT_CHANGE_NEW_DEVICE,
                                                 .level = device.worst_level,
                                                 .hub = device.hub,
                                                 .device = device.device,
                                                 .module = device.module}));
        }
    }
    return HT_OK;
}

static enum ht_status collect(const struct ht_report *report, struct keys *keys) {
    HT_TRY(collect_findings(ht_report_summary(report), keys));
    HT_TRY(collect_devices(report, keys));
    if (keys->count > 1) {
        qsort(keys->items, keys->count, sizeof *keys->items, compare);
    }
    return HT_OK;
}

/* A text that may be NULL: its length and one, or 0. */
static void pack_text(struct ht_strbuf *out, const char *text) {
    ht_pack_u64(out, text != NULL);
    ht_pack_str(out, ht_str_from(text));
}

enum ht_status ht_changes_pack(const struct ht_report *report, int64_t now_us,
                               struct ht_strbuf *out) {
    struct keys keys = {.items = NULL};
    const enum ht_status status = collect(report, &keys);
    ht_pack_u64(out, VERSION);
    ht_pack_i64(out, now_us);
    ht_pack_u64(out, keys.count);
    for (size_t i = 0; i < keys.count && status == HT_OK; i++) {
        const struct ht_change *key = &keys.items[i];
        ht_pack_u64(out, key->kind);
        ht_pack_u64(out, key->level);
        pack_text(out, key->rule);
        pack_text(out, key->hub);
        pack_text(out, key->device);
        pack_text(out, key->module);
        ht_pack_i64(out, key->start_us);
        ht_pack_i64(out, key->end_us);
    }
    free(keys.items);
    return status == HT_OK ? out->status : status;
}

static enum ht_status unpack_text(struct ht_unpack *in, struct ht_arena *arena, const char **text) {
    struct ht_str copy = HT_STR_NONE;
    const bool there = ht_unpack_upto(in, 1) != 0;
    const struct ht_str bytes = ht_unpack_str(in);
    if (there && ht_arena_copy(arena, bytes, &copy) != HT_OK) {
        return HT_E_NOMEM;
    }
    *text = copy.ptr;
    return HT_OK;
}

static enum ht_status unpack(struct ht_str bytes, struct ht_arena *arena, struct keys *keys,
                             int64_t *last_run_us) {
    struct ht_unpack in = ht_unpack_from(bytes);
    in.bad = ht_unpack_u64(&in) != VERSION;
    *last_run_us = ht_unpack_i64(&in);
    const size_t count = ht_unpack_count(&in, KEY_BYTES_MIN);
    for (size_t i = 0; i < count && !in.bad; i++) {
        struct ht_change key = {.kind =
                                    (enum ht_change_kind)ht_unpack_upto(&in, HT_CHANGE_NEW_DEVICE)};
        key.level = (unsigned)ht_unpack_upto(&in, HT_LEVEL_COUNT - 1);
        HT_TRY(unpack_text(&in, arena, &key.rule));
        HT_TRY(unpack_text(&in, arena, &key.hub));
        HT_TRY(unpack_text(&in, arena, &key.device));
        HT_TRY(unpack_text(&in, arena, &key.module));
        key.start_us = ht_unpack_i64(&in);
        key.end_us = ht_unpack_i64(&in);
        HT_TRY(add(keys, &key));
        in.bad = in.bad || (i > 0 && compare(&keys->items[i - 1], &keys->items[i]) > 0);
    }
    return ht_unpack_is_done(&in) ? HT_OK : HT_E_DATA;
}

/* The first key about the same thing, or where it would be. */
static size_t find(const struct keys *keys, const struct ht_change *thing) {
    size_t low = 0;
    size_t high = keys->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_things(&keys->items[middle], thing) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Another one is at least as bad; of an incident, at the same time. */
static bool covers(const struct keys *keys, const struct ht_change *thing, unsigned level) {
    for (size_t i = find(keys, thing);
         i < keys->count && compare_things(&keys->items[i], thing) == 0; i++) {
        const struct ht_change *other = &keys->items[i];
        const bool same_time =
            thing->kind != HT_CHANGE_NEW_INCIDENT ||
            (other->start_us <= thing->end_us && thing->start_us <= other->end_us);
        if (same_time && other->level >= level) {
            return true;
        }
    }
    return false;
}

/* The device is in the report. */
static bool is_seen(const struct ht_report *report, const struct ht_change *thing) {
    size_t low = 0;
    size_t high = ht_report_device_count(report);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        struct ht_device_view device;
        ht_report_device(report, middle, &device);
        int order = ht_text_or_null_cmp(device.hub, thing->hub);
        order = order != 0 ? order : ht_text_or_null_cmp(device.device, thing->device);
        order = order != 0 ? order : ht_text_or_null_cmp(device.module, thing->module);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

static enum ht_status difference(const struct ht_report *report, const struct keys *before,
                                 const struct keys *now, struct keys *changes) {
    for (size_t i = 0; i < now->count; i++) {
        if (!covers(before, &now->items[i], now->items[i].level)) {
            HT_TRY(add(changes, &now->items[i]));
        }
    }
    for (size_t i = 0; i < before->count; i++) {
        struct ht_change gone = before->items[i];
        if (gone.kind == HT_CHANGE_NEW_INCIDENT || covers(now, &gone, HT_LEVEL_NOTE) ||
            (gone.kind == HT_CHANGE_NEW_DEVICE && !is_seen(report, &gone))) {
            continue;
        }
        gone.kind = gone.kind == HT_CHANGE_NEW_DEVICE ? HT_CHANGE_RECOVERED : HT_CHANGE_CLOSED;
        HT_TRY(add(changes, &gone));
    }
    if (changes->count > 1) {
        qsort(changes->items, changes->count, sizeof *changes->items, compare);
    }
    return HT_OK;
}

static enum ht_status copy_text(struct ht_arena *arena, const char **text) {
    struct ht_str copy = HT_STR_NONE;
    if (*text != NULL && ht_arena_copy(arena, ht_str_from(*text), &copy) != HT_OK) {
        return HT_E_NOMEM;
    }
    *text = copy.ptr;
    return HT_OK;
}

static enum ht_status keep(const struct keys *changes, int64_t last_run_us, struct ht_arena *arena,
                           const struct ht_changes **out) {
    struct ht_changes *made = ht_arena_alloc(arena, sizeof *made, _Alignof(struct ht_changes));
    struct ht_change *items =
        ht_arena_alloc(arena, (changes->count + 1) * sizeof *items, _Alignof(struct ht_change));
    if (made == NULL || items == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < changes->count; i++) {
        items[i] = changes->items[i];
        HT_TRY(copy_text(arena, &items[i].rule));
        HT_TRY(copy_text(arena, &items[i].hub));
        HT_TRY(copy_text(arena, &items[i].device));
        HT_TRY(copy_text(arena, &items[i].module));
        made->counts[items[i].kind]++;
    }
    made->last_run_us = last_run_us;
    made->items = items;
    made->count = changes->count;
    *out = made;
    return HT_OK;
}

enum ht_status ht_changes_make(const struct ht_report *report, struct ht_str keys,
                               struct ht_arena *arena, const struct ht_changes **changes) {
    struct keys before = {.items = NULL};
    struct keys now = {.items = NULL};
    struct keys found = {.items = NULL};
    int64_t last_run_us = HT_TIME_NONE;
    enum ht_status status = unpack(keys, arena, &before, &last_run_us);
    if (status == HT_OK) {
        status = collect(report, &now);
    }
    if (status == HT_OK) {
        status = difference(report, &before, &now, &found);
    }
    if (status == HT_OK) {
        status = keep(&found, last_run_us, arena, changes);
    }
    free(before.items);
    free(now.items);
    free(found.items);
    return status;
}
