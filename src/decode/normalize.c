/* SPDX-License-Identifier: MIT */
/*
 * The rules by which every shape of a record becomes the same event. Outer members are looked at
 * first; `properties` is opened only for a record that matters, so that the chatter of other
 * categories stays cheap and cannot be bad.
 */
#include "decode/normalize.h"

#include "base/check.h"
#include "base/compiler.h"
#include "base/num.h"
#include "base/text.h"
#include "decode/snapshot.h"
#include "model/code.h"

/* The texts of one record, before they are judged. */
struct raw {
    struct ht_members *members;
    const struct ht_object *outer;
    struct ht_object inner;
    struct ht_str time;
    struct ht_str resource_id;
    struct ht_str category;
    struct ht_str operation;
    struct ht_str level;
    struct ht_str result_type;
    struct ht_str result_description;
};

enum operation { OPERATION_OTHER = 0, OPERATION_CONNECT, OPERATION_DISCONNECT };

/* `az ... -o json` prints null as "None". */
static struct ht_str without_none(struct ht_str text) {
    return ht_str_eq(text, HT_STR("None")) ? HT_STR_NONE : text;
}

static enum ht_status outer_text(const struct raw *raw, enum ht_slot slot, struct ht_str *text) {
    HT_TRY(ht_members_text(raw->members, raw->outer, slot, text));
    *text = without_none(*text);
    return HT_OK;
}

/* The first of two columns that holds something. */
static enum ht_status outer_either(const struct raw *raw, enum ht_slot first, enum ht_slot second,
                                   struct ht_str *text) {
    HT_TRY(outer_text(raw, first, text));
    return text->len > 0 ? HT_OK : outer_text(raw, second, text);
}

/* What `properties` says, else the column of that name. */
static enum ht_status detail(const struct raw *raw, enum ht_slot slot, struct ht_str *text) {
    HT_TRY(ht_members_text(raw->members, &raw->inner, slot, text));
    return text->len > 0 ? HT_OK : outer_either(raw, slot, ht_slot_column(slot), text);
}

/* Operations monitoring has its code and its description under other names. */
static enum ht_status read_result(struct raw *raw) {
    HT_TRY(outer_either(raw, HT_SLOT_RESULT_TYPE, HT_SLOT_STATUS_TYPE, &raw->result_type));
    return outer_either(raw, HT_SLOT_RESULT_DESCRIPTION, HT_SLOT_STATUS_DESCRIPTION,
                        &raw->result_description);
}

static enum ht_status read_outer(struct raw *raw) {
    HT_TRY(outer_either(raw, HT_SLOT_TIME, HT_SLOT_TIME_GENERATED, &raw->time));
    HT_TRY(outer_either(raw, HT_SLOT_RESOURCE_ID, HT_SLOT_RESOURCE_ID_LOWER, &raw->resource_id));
    HT_TRY(outer_text(raw, HT_SLOT_CATEGORY, &raw->category));
    HT_TRY(outer_text(raw, HT_SLOT_OPERATION_NAME, &raw->operation));
    HT_TRY(outer_text(raw, HT_SLOT_LEVEL, &raw->level));
    return read_result(raw);
}

static enum operation operation_of(struct ht_str name) {
    if (ht_str_eq_nocase(name, HT_STR("deviceConnect")) ||
        ht_str_eq_nocase(name, HT_STR("moduleConnect"))) {
        return OPERATION_CONNECT;
    }
    if (ht_str_eq_nocase(name, HT_STR("deviceDisconnect")) ||
        ht_str_eq_nocase(name, HT_STR("moduleDisconnect"))) {
        return OPERATION_DISCONNECT;
    }
    return OPERATION_OTHER;
}

/* Categories of IoT Hub's resource logs. Source: Microsoft, "Monitoring data reference for Azure
 * IoT Hub". */
static bool is_hub_category(struct ht_str category) {
    static const struct ht_str names[] = {
        HT_STR_INIT("Connections"),          HT_STR_INIT("DeviceTelemetry"),
        HT_STR_INIT("C2DCommands"),          HT_STR_INIT("DeviceIdentityOperations"),
        HT_STR_INIT("FileUploadOperations"), HT_STR_INIT("Routes"),
        HT_STR_INIT("D2CTwinOperations"),    HT_STR_INIT("C2DTwinOperations"),
        HT_STR_INIT("TwinQueries"),          HT_STR_INIT("JobsOperations"),
        HT_STR_INIT("DirectMethods"),        HT_STR_INIT("DistributedTracing"),
        HT_STR_INIT("Configurations"),       HT_STR_INIT("DeviceStreams"),
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(names); i++) {
        if (ht_str_eq_nocase(category, names[i])) {
            return true;
        }
    }
    return false;
}

struct ht_str ht_normal_upper(struct ht_str text, char *out, size_t size_bytes) {
    const struct ht_str from = ht_utf8_prefix(text, size_bytes);
    for (size_t i = 0; i < from.len; i++) {
        out[i] = ht_ascii_upper(from.ptr[i]);
    }
    return (struct ht_str){out, from.len};
}

/* The name behind "/IOTHUBS/" in a resource id; false when it is no IoT Hub's. */
bool ht_normal_hub(struct ht_str resource_id, struct ht_str *hub) {
    const struct ht_str marker = HT_STR("/MICROSOFT.DEVICES/IOTHUBS/");
    const size_t at = ht_str_find_nocase(resource_id, marker);
    if (at == SIZE_MAX) {
        return false;
    }
    *hub = (struct ht_str){resource_id.ptr + at + marker.len, resource_id.len - at - marker.len};
    const char *slash = hub->len > 0 ? memchr(hub->ptr, '/', hub->len) : NULL;
    hub->len = slash != NULL ? (size_t)(slash - hub->ptr) : hub->len;
    return true;
}

/* Which hub the record is of; *ours is false when it is another service's. A record without a
 * resource is judged by its category and operation. */
static enum ht_status find_hub(const struct raw *raw, struct ht_normal_text *text, bool *ours,
                               struct ht_str *hub) {
    struct ht_str name = HT_STR_NONE;
    struct ht_str provider;
    *hub = HT_STR_NONE;
    if (raw->resource_id.len > 0) {
        *ours = ht_normal_hub(raw->resource_id, &name);
    } else {
        HT_TRY(outer_text(raw, HT_SLOT_RESOURCE_PROVIDER, &provider));
        HT_TRY(outer_text(raw, HT_SLOT_RESOURCE, &name));
        const bool connection = operation_of(raw->operation) != OPERATION_OTHER;
        *ours = (provider.len == 0 || ht_str_eq_nocase(provider, HT_STR("MICROSOFT.DEVICES"))) &&
                (is_hub_category(raw->category) || (connection && raw->category.len == 0));
    }
    *hub = ht_normal_upper(name, text->hub, sizeof text->hub);
    return HT_OK;
}

/* Codes are six digits, or three of an HTTP status; what is below 400 is no error. */
static uint32_t error_code(struct ht_str text) {
    uint32_t code = 0;
    if (!ht_num_parse_leading_u32(ht_str_trim(text), &code) || code < 400 || code > 599999 ||
        (code > 599 && code < 400000)) {
        return HT_CODE_NONE;
    }
    return code;
}

/* A description is a name, or a code and a name; three digits in it could be anything. */
static uint32_t code_in_description(struct ht_str description) {
    const uint32_t code = error_code(description);
    return code > 999 ? code : ht_code_by_name(ht_str_trim(description));
}

static uint32_t outer_code(const struct raw *raw) {
    const uint32_t code = error_code(raw->result_type);
    return code != HT_CODE_NONE ? code : code_in_description(raw->result_description);
}

/* "... see cause and resolution at https://aka.ms/iothub404104" */
static uint32_t code_in_message(struct ht_str message) {
    const struct ht_str link = HT_STR("aka.ms/iothub");
    const size_t at = ht_str_find_nocase(message, link);
    if (at == SIZE_MAX) {
        return HT_CODE_NONE;
    }
    return error_code((struct ht_str){message.ptr + at + link.len, message.len - at - link.len});
}

static enum ht_level level_of(struct ht_str text) {
    if (ht_str_eq_nocase(text, HT_STR("Error")) || ht_str_eq_nocase(text, HT_STR("Critical")) ||
        ht_str_eq(text, HT_STR("2")) || ht_str_eq(text, HT_STR("1"))) {
        return HT_LEVEL_ERROR;
    }
    if (ht_str_eq_nocase(text, HT_STR("Warning")) || ht_str_eq(text, HT_STR("3"))) {
        return HT_LEVEL_WARNING;
    }
    return HT_LEVEL_NOTE;
}

static enum ht_auth auth_of_word(struct ht_str word) {
    if (word.len == 0) {
        return HT_AUTH_UNKNOWN;
    }
    if (ht_str_starts_nocase(word, HT_STR("sas"))) {
        return HT_AUTH_SAS;
    }
    if (ht_str_starts_nocase(word, HT_STR("x509")) ||
        ht_str_eq_nocase(word, HT_STR("selfSigned")) ||
        ht_str_eq_nocase(word, HT_STR("certificateAuthority"))) {
        return HT_AUTH_X509;
    }
    return HT_AUTH_OTHER;
}

/* authType: null, a word, an object with "type", or a string that holds such an object. A broken
 * one is merely not known: the record is good without it. */
static enum ht_status read_auth(const struct raw *raw, enum ht_auth *auth) {
    const struct {
        const struct ht_object *holder;
        enum ht_slot slot;
    } places[] = {
        {&raw->inner, HT_SLOT_AUTH_TYPE},
        {raw->outer, HT_SLOT_AUTH_TYPE},
        {raw->outer, ht_slot_column(HT_SLOT_AUTH_TYPE)},
    };
    *auth = HT_AUTH_UNKNOWN;
    for (size_t i = 0; i < HT_ARRAY_LEN(places) && *auth == HT_AUTH_UNKNOWN; i++) {
        struct ht_object object;
        const char *why = NULL;
        struct ht_str word = HT_STR_NONE;
        enum ht_status status =
            ht_members_open(raw->members, places[i].holder, places[i].slot, &object, &why);
        if (status == HT_OK) {
            status = ht_members_text(raw->members, &object, HT_SLOT_TYPE, &word);
        } else if (status == HT_END) {
            status = ht_members_text(raw->members, places[i].holder, places[i].slot, &word);
        }
        if (status == HT_E_NOMEM) {
            return status;
        }
        *auth = auth_of_word(ht_str_trim(without_none(word)));
    }
    return HT_OK;
}

static enum ht_status bad(struct ht_decoded *out, enum ht_bad reason, const char *why) {
    out->kind = HT_DECODED_BAD_RECORD;
    out->bad = reason;
    out->why = why;
    return HT_OK;
}

/* properties, or what a table calls it. */
static enum ht_status open_properties(struct raw *raw, const char **why) {
    static const enum ht_slot slots[] = {HT_SLOT_PROPERTIES, HT_SLOT_PROPERTIES_S,
                                         HT_SLOT_ADDITIONAL_FIELDS};
    for (size_t i = 0; i < HT_ARRAY_LEN(slots); i++) {
        const enum ht_status status =
            ht_members_open(raw->members, raw->outer, slots[i], &raw->inner, why);
        if (status != HT_END) {
            return status;
        }
        struct ht_str text;
        HT_TRY(outer_text(raw, slots[i], &text));
        if (ht_str_trim(text).len > 0) {
            *why = "properties are not a JSON object";
            return HT_E_DATA;
        }
    }
    return HT_OK;
}

/* A module stands in a member of its own or behind the device, as in "dev/mod". */
static enum ht_status read_identity(const struct raw *raw, struct ht_record *record) {
    HT_TRY(detail(raw, HT_SLOT_DEVICE_ID, &record->device));
    HT_TRY(detail(raw, HT_SLOT_MODULE_ID, &record->module));
    const char *slash =
        record->device.len > 0 ? memchr(record->device.ptr, '/', record->device.len) : NULL;
    if (slash == NULL) {
        return HT_OK;
    }
    const struct ht_str behind = {slash + 1,
                                  record->device.len - (size_t)(slash + 1 - record->device.ptr)};
    record->device.len = (size_t)(slash - record->device.ptr);
    record->module = record->module.len > 0 ? record->module : behind;
    return HT_OK;
}

static enum ht_status read_details(const struct raw *raw, struct ht_record *record) {
    HT_TRY(read_identity(raw, record));
    HT_TRY(detail(raw, HT_SLOT_SDK_VERSION, &record->sdk));
    HT_TRY(detail(raw, HT_SLOT_PROTOCOL, &record->protocol));
    HT_TRY(detail(raw, HT_SLOT_MASKED_IP_ADDRESS, &record->network));
    HT_TRY(detail(raw, HT_SLOT_ERROR_MESSAGE, &record->message));
    return read_auth(raw, &record->auth);
}

/* For a connection record without a resultType: what else tells the code. */
static enum ht_status inner_code(const struct raw *raw, struct ht_record *record) {
    if (record->code == HT_CODE_NONE) {
        record->code = code_in_message(record->message);
    }
    if (record->code == HT_CODE_NONE) {
        struct ht_str status;
        HT_TRY(detail(raw, HT_SLOT_STATUS_CODE, &status));
        record->code = error_code(status);
    }
    return HT_OK;
}

static enum ht_event_kind kind_of(enum operation operation, const struct ht_record *record) {
    if (operation == OPERATION_DISCONNECT) {
        return HT_EVENT_DISCONNECT;
    }
    const bool refused = record->code != HT_CODE_NONE || record->level == HT_LEVEL_ERROR;
    return refused ? HT_EVENT_REFUSED : HT_EVENT_CONNECT;
}

/* "Category/operationName" */
static struct ht_str operation_name(const struct raw *raw, struct ht_normal_text *text) {
    const size_t half = sizeof text->operation / 2 - 1;
    const struct ht_str category = ht_utf8_prefix(raw->category, half);
    const struct ht_str name = ht_utf8_prefix(raw->operation, half);
    size_t len = 0;
    if (category.len > 0) {
        memcpy(text->operation, category.ptr, category.len);
        len = category.len;
    }
    text->operation[len++] = '/';
    if (name.len > 0) {
        memcpy(text->operation + len, name.ptr, name.len);
        len += name.len;
    }
    return (struct ht_str){text->operation, len};
}

/* The time stamp, into out->stamp and the record. */
static bool read_time(const struct raw *raw, enum ht_date_order order, struct ht_decoded *out) {
    struct ht_record *record = &out->record;
    out->stamped = ht_stamp_parse(ht_str_trim(raw->time), order, &out->stamp);
    record->time_us = out->stamped ? out->stamp.time_us : HT_TIME_NONE;
    record->flags |= out->stamp.kind == HT_STAMP_EITHER ? HT_EVENT_EITHER_DATE : 0;
    record->zone_min = out->stamp.zone_min;
    return out->stamped;
}

/* A date that is not written with its year first tells of the order in all of its source, whatever
 * the record is. */
static bool is_telling(struct ht_str time) {
    return time.len > 4 && time.ptr[4] != '-';
}

static enum ht_status make_event(struct raw *raw, enum operation operation,
                                 struct ht_normal_text *text, struct ht_decoded *out) {
    struct ht_record *record = &out->record;
    const char *why = NULL;
    if (!read_time(raw, text->date_order, out)) {
        return bad(out, HT_BAD_TIME,
                   raw->time.len > 0 ? "its time stamp cannot be read" : "it has no time stamp");
    }
    const enum ht_status opened = open_properties(raw, &why);
    if (opened == HT_E_DATA) {
        return bad(out, HT_BAD_PROPERTIES, why);
    }
    HT_TRY(opened);
    HT_TRY(read_details(raw, record));
    record->level = level_of(raw->level);
    record->code = outer_code(raw);
    if (operation == OPERATION_OTHER) {
        record->kind = HT_EVENT_HEALTH;
        record->operation = operation_name(raw, text);
        out->kind = HT_DECODED_EVENT;
        return HT_OK;
    }
    HT_TRY(inner_code(raw, record));
    if (record->device.len == 0) {
        return bad(out, HT_BAD_DEVICE, "a connection record without a device");
    }
    if (operation == OPERATION_DISCONNECT && record->code == HT_CODE_NONE && raw->level.len == 0) {
        record->level = HT_LEVEL_WARNING; /* nothing says that it was a clean close */
    }
    record->kind = kind_of(operation, record);
    out->kind = HT_DECODED_EVENT;
    return HT_OK;
}

static enum ht_naming naming_of(const struct ht_object *object) {
    const uint64_t elsewhere = HT_SLOT_BIT(HT_SLOT_PROPERTIES) | HT_SLOT_BIT(HT_SLOT_RESOURCE_ID) |
                               HT_SLOT_BIT(HT_SLOT_RESOURCE_ID_LOWER) |
                               HT_SLOT_BIT(HT_SLOT_TIME_GENERATED);
    const bool flat = (object->present & HT_SLOT_BIT(HT_SLOT_DEVICE_ID)) != 0 &&
                      (object->present & elsewhere) == 0;
    if (flat || (object->present & HT_SLOT_BIT(HT_SLOT_STATUS_TYPE)) != 0) {
        return HT_NAMING_MONITORING;
    }
    return (object->present & HT_SLOT_BIT(HT_SLOT_TIME_GENERATED)) != 0 ? HT_NAMING_COLUMNS
                                                                        : HT_NAMING_ARCHIVE;
}

static enum ht_status normalize_log(struct raw *raw, struct ht_normal_text *text,
                                    struct ht_decoded *out) {
    bool ours = false;
    if (is_telling(raw->time)) {
        (void)read_time(raw, text->date_order, out);
    }
    HT_TRY(find_hub(raw, text, &ours, &out->record.hub));
    if (!ours) {
        out->kind = HT_DECODED_OTHER_SERVICE;
        return raw->resource_id.len > 0
                   ? HT_OK
                   : outer_text(raw, HT_SLOT_RESOURCE_PROVIDER, &out->resource_id);
    }
    const bool connections =
        raw->category.len == 0 || ht_str_eq_nocase(raw->category, HT_STR("Connections"));
    const enum operation operation = connections ? operation_of(raw->operation) : OPERATION_OTHER;
    if (operation == OPERATION_OTHER && !ht_code_is_context(outer_code(raw))) {
        out->kind = HT_DECODED_OTHER_RECORD;
        return HT_OK;
    }
    return make_event(raw, operation, text, out);
}

enum ht_status ht_normalize(struct ht_members *members, const struct ht_object *object,
                            struct ht_normal_text *text, struct ht_decoded *out) {
    struct raw raw = {.members = members, .outer = object, .inner = {.present = 0}};
    bool snapshot = false;
    out->record = (struct ht_record){.time_us = HT_TIME_NONE};
    HT_TRY(ht_snapshot_normalize(members, object, text, out, &snapshot));
    if (snapshot) {
        out->naming = HT_NAMING_SNAPSHOT;
        return HT_OK;
    }
    HT_TRY(read_outer(&raw));
    out->category = raw.category;
    out->resource_id = raw.resource_id;
    out->time = raw.time;
    out->naming = naming_of(object);
    const bool dated = raw.time.len > 0 && (raw.category.len > 0 || raw.resource_id.len > 0);
    if (raw.operation.len == 0 && !dated) {
        out->kind = HT_DECODED_NOT_RECORD;
        return HT_OK;
    }
    return normalize_log(&raw, text, out);
}
