/* SPDX-License-Identifier: MIT */
#include "decode/snapshot.h"

#include "base/check.h"
#include "base/compiler.h"

/* Where the members stand: in the event itself, in `data` or in `properties`. */
struct places {
    struct ht_members *members;
    const struct ht_object *outer;
    struct ht_object inner;
};

static enum ht_status text_of(const struct places *places, enum ht_slot slot, struct ht_str *text) {
    HT_TRY(ht_members_text(places->members, &places->inner, slot, text));
    return text->len > 0 ? HT_OK : ht_members_text(places->members, places->outer, slot, text);
}

/* The first of some members that holds something. */
static enum ht_status first_of(const struct places *places, const enum ht_slot *slots, size_t count,
                               struct ht_str *text) {
    *text = HT_STR_NONE;
    for (size_t i = 0; i < count && text->len == 0; i++) {
        HT_TRY(text_of(places, slots[i], text));
    }
    return HT_OK;
}

/* `data`, or the application properties of a routed message. */
static enum ht_status open_inner(struct places *places) {
    static const enum ht_slot slots[] = {HT_SLOT_DATA, HT_SLOT_PROPERTIES};
    const char *why = NULL;
    places->inner.present = 0;
    for (size_t i = 0; i < HT_ARRAY_LEN(slots); i++) {
        const enum ht_status status =
            ht_members_open(places->members, places->outer, slots[i], &places->inner, &why);
        if (status == HT_OK || status == HT_E_NOMEM) {
            return status;
        }
        places->inner.present = 0;
    }
    return HT_OK;
}

enum change { CHANGE_NONE = 0, CHANGE_OTHER, CHANGE_CONNECTED, CHANGE_DISCONNECTED };

static enum change change_of(struct ht_str type) {
    const struct ht_str prefix = HT_STR("Microsoft.Devices.");
    if (ht_str_starts_nocase(type, prefix)) {
        type = (struct ht_str){type.ptr + prefix.len, type.len - prefix.len};
    }
    if (ht_str_eq_nocase(type, HT_STR("DeviceConnected")) ||
        ht_str_eq_nocase(type, HT_STR("ModuleConnected"))) {
        return CHANGE_CONNECTED;
    }
    if (ht_str_eq_nocase(type, HT_STR("DeviceDisconnected")) ||
        ht_str_eq_nocase(type, HT_STR("ModuleDisconnected"))) {
        return CHANGE_DISCONNECTED;
    }
    return CHANGE_OTHER;
}

static enum ht_status find_change(const struct places *places, enum change *change) {
    static const enum ht_slot grid[] = {HT_SLOT_EVENT_TYPE, HT_SLOT_TYPE};
    struct ht_str type;
    *change = CHANGE_NONE;
    for (size_t i = 0; i < HT_ARRAY_LEN(grid); i++) {
        HT_TRY(ht_members_text(places->members, places->outer, grid[i], &type));
        if (ht_str_starts_nocase(type, HT_STR("Microsoft.Devices."))) {
            *change = change_of(type);
            return HT_OK;
        }
    }
    HT_TRY(text_of(places, HT_SLOT_OP_TYPE, &type));
    *change = type.len > 0 ? change_of(type) : CHANGE_NONE;
    return HT_OK;
}

/* "devices/ID" or "devices/ID/modules/ID", when the members do not say. */
static void identity_of_subject(struct ht_str subject, struct ht_record *record) {
    const struct ht_str devices = HT_STR("devices/");
    const struct ht_str modules = HT_STR("/modules/");
    if (record->device.len > 0 || !ht_str_starts_nocase(subject, devices)) {
        return;
    }
    record->device = (struct ht_str){subject.ptr + devices.len, subject.len - devices.len};
    const size_t at = ht_str_find_nocase(record->device, modules);
    if (at != SIZE_MAX) {
        record->module = (struct ht_str){record->device.ptr + at + modules.len,
                                         record->device.len - at - modules.len};
        record->device.len = at;
    }
}

static enum ht_status read_identity(const struct places *places, struct ht_normal_text *text,
                                    struct ht_record *record) {
    static const enum ht_slot topics[] = {HT_SLOT_TOPIC, HT_SLOT_EVENT_SOURCE, HT_SLOT_RESOURCE_ID};
    struct ht_str subject;
    struct ht_str hub;
    HT_TRY(text_of(places, HT_SLOT_DEVICE_ID, &record->device));
    HT_TRY(text_of(places, HT_SLOT_MODULE_ID, &record->module));
    HT_TRY(text_of(places, HT_SLOT_SUBJECT, &subject));
    identity_of_subject(subject, record);
    HT_TRY(text_of(places, HT_SLOT_HUB_NAME, &hub));
    if (hub.len == 0) {
        struct ht_str topic;
        HT_TRY(first_of(places, topics, HT_ARRAY_LEN(topics), &topic));
        (void)ht_normal_hub(topic, &hub);
    }
    record->hub = ht_normal_upper(hub, text->hub, sizeof text->hub);
    return HT_OK;
}

static enum ht_status bad(struct ht_decoded *out, enum ht_bad reason, const char *why) {
    out->kind = HT_DECODED_BAD_RECORD;
    out->bad = reason;
    out->why = why;
    return HT_OK;
}

static enum ht_status make_event(const struct places *places, enum change change,
                                 struct ht_normal_text *text, struct ht_decoded *out) {
    static const enum ht_slot times[] = {HT_SLOT_OPERATION_TIMESTAMP, HT_SLOT_EVENT_TIME,
                                         HT_SLOT_TIME};
    struct ht_record *record = &out->record;
    HT_TRY(first_of(places, times, HT_ARRAY_LEN(times), &out->time));
    HT_TRY(read_identity(places, text, record));
    if (change == CHANGE_OTHER) {
        out->kind = HT_DECODED_OTHER_RECORD;
        return HT_OK;
    }
    out->stamped = ht_stamp_parse(ht_str_trim(out->time), text->date_order, &out->stamp);
    if (!out->stamped) {
        return bad(out, HT_BAD_TIME,
                   out->time.len > 0 ? "its time stamp cannot be read" : "it has no time stamp");
    }
    if (record->device.len == 0) {
        return bad(out, HT_BAD_DEVICE, "a connection record without a device");
    }
    record->time_us = out->stamp.time_us;
    record->flags = HT_EVENT_SNAPSHOT |
                    (out->stamp.kind == HT_STAMP_EITHER ? (unsigned)HT_EVENT_EITHER_DATE : 0U);
    record->zone_min = out->stamp.zone_min;
    record->kind = change == CHANGE_CONNECTED ? HT_EVENT_CONNECT : HT_EVENT_DISCONNECT;
    record->level = HT_LEVEL_NOTE;
    out->kind = HT_DECODED_EVENT;
    return HT_OK;
}

enum ht_status ht_snapshot_normalize(struct ht_members *members, const struct ht_object *object,
                                     struct ht_normal_text *text, struct ht_decoded *out,
                                     bool *is_snapshot) {
    const uint64_t telling = HT_SLOT_BIT(HT_SLOT_EVENT_TYPE) | HT_SLOT_BIT(HT_SLOT_OP_TYPE) |
                             HT_SLOT_BIT(HT_SLOT_TYPE) | HT_SLOT_BIT(HT_SLOT_PROPERTIES);
    struct places places = {.members = members, .outer = object};
    enum change change = CHANGE_NONE;
    *is_snapshot = false;
    if ((object->present & telling) == 0 ||
        (object->present & HT_SLOT_BIT(HT_SLOT_OPERATION_NAME)) != 0) {
        return HT_OK;
    }
    HT_TRY(open_inner(&places));
    HT_TRY(find_change(&places, &change));
    if (change == CHANGE_NONE) {
        return HT_OK;
    }
    *is_snapshot = true;
    return make_event(&places, change, text, out);
}
