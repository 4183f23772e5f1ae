/* SPDX-License-Identifier: MIT */
/* The one table of keys. Groups of equal length are short, so a lookup compares one or two names.
 */
#include "decode/object.h"

#include "base/compiler.h"

struct known_key {
    struct ht_str name; /* lower case */
    enum ht_slot slot;
};

static const struct known_key length_4[] = {
    {HT_STR_INIT("time"), HT_SLOT_TIME},
    {HT_STR_INIT("type"), HT_SLOT_TYPE},
    {HT_STR_INIT("data"), HT_SLOT_DATA},
    {HT_STR_INIT("rows"), HT_SLOT_ROWS},
};
static const struct known_key length_5[] = {
    {HT_STR_INIT("level"), HT_SLOT_LEVEL},
    {HT_STR_INIT("topic"), HT_SLOT_TOPIC},
    {HT_STR_INIT("value"), HT_SLOT_VALUE},
};
static const struct known_key length_6[] = {
    {HT_STR_INIT("optype"), HT_SLOT_OP_TYPE},
    {HT_STR_INIT("source"), HT_SLOT_EVENT_SOURCE},
    {HT_STR_INIT("tables"), HT_SLOT_TABLES},
};
static const struct known_key length_7[] = {
    {HT_STR_INIT("records"), HT_SLOT_RECORDS}, {HT_STR_INIT("results"), HT_SLOT_RESULTS},
    {HT_STR_INIT("subject"), HT_SLOT_SUBJECT}, {HT_STR_INIT("hubname"), HT_SLOT_HUB_NAME},
    {HT_STR_INIT("columns"), HT_SLOT_COLUMNS},
};
static const struct known_key length_8[] = {
    {HT_STR_INIT("deviceid"), HT_SLOT_DEVICE_ID}, {HT_STR_INIT("category"), HT_SLOT_CATEGORY},
    {HT_STR_INIT("protocol"), HT_SLOT_PROTOCOL},  {HT_STR_INIT("authtype"), HT_SLOT_AUTH_TYPE},
    {HT_STR_INIT("moduleid"), HT_SLOT_MODULE_ID}, {HT_STR_INIT("resource"), HT_SLOT_RESOURCE},
};
static const struct known_key length_9[] = {
    {HT_STR_INIT("eventtype"), HT_SLOT_EVENT_TYPE},
    {HT_STR_INIT("eventtime"), HT_SLOT_EVENT_TIME},
    {HT_STR_INIT("frametype"), HT_SLOT_FRAME_TYPE},
};
static const struct known_key length_10[] = {
    {HT_STR_INIT("resourceid"), HT_SLOT_RESOURCE_ID},
    {HT_STR_INIT("resulttype"), HT_SLOT_RESULT_TYPE},
    {HT_STR_INIT("properties"), HT_SLOT_PROPERTIES},
    {HT_STR_INIT("sdkversion"), HT_SLOT_SDK_VERSION},
    {HT_STR_INIT("statuscode"), HT_SLOT_STATUS_CODE},
    {HT_STR_INIT("statustype"), HT_SLOT_STATUS_TYPE},
};
static const struct known_key length_11[] = {
    {HT_STR_INIT("_resourceid"), HT_SLOT_RESOURCE_ID_LOWER},
};
static const struct known_key length_12[] = {
    {HT_STR_INIT("errormessage"), HT_SLOT_ERROR_MESSAGE},
    {HT_STR_INIT("properties_s"), HT_SLOT_PROPERTIES_S},
};
static const struct known_key length_13[] = {
    {HT_STR_INIT("operationname"), HT_SLOT_OPERATION_NAME},
    {HT_STR_INIT("timegenerated"), HT_SLOT_TIME_GENERATED},
};
static const struct known_key length_15[] = {
    {HT_STR_INIT("maskedipaddress"), HT_SLOT_MASKED_IP_ADDRESS},
};
static const struct known_key length_16[] = {
    {HT_STR_INIT("additionalfields"), HT_SLOT_ADDITIONAL_FIELDS},
    {HT_STR_INIT("resourceprovider"), HT_SLOT_RESOURCE_PROVIDER},
};
static const struct known_key length_17[] = {
    {HT_STR_INIT("resultdescription"), HT_SLOT_RESULT_DESCRIPTION},
    {HT_STR_INIT("statusdescription"), HT_SLOT_STATUS_DESCRIPTION},
};
static const struct known_key length_18[] = {
    {HT_STR_INIT("operationtimestamp"), HT_SLOT_OPERATION_TIMESTAMP},
};

#define GROUP(keys) \
    { keys, HT_ARRAY_LEN(keys) }

static const struct {
    const struct known_key *keys;
    size_t count;
} by_length[] = {
    [4] = GROUP(length_4),   [5] = GROUP(length_5),   [6] = GROUP(length_6),
    [7] = GROUP(length_7),   [8] = GROUP(length_8),   [9] = GROUP(length_9),
    [10] = GROUP(length_10), [11] = GROUP(length_11), [12] = GROUP(length_12),
    [13] = GROUP(length_13), [15] = GROUP(length_15), [16] = GROUP(length_16),
    [17] = GROUP(length_17), [18] = GROUP(length_18),
};

static enum ht_slot find(struct ht_str key) {
    if (key.len >= HT_ARRAY_LEN(by_length)) {
        return HT_SLOT_COUNT;
    }
    const struct known_key *keys = by_length[key.len].keys;
    for (size_t i = 0; i < by_length[key.len].count; i++) {
        if (ht_ascii_lower(key.ptr[0]) == keys[i].name.ptr[0] &&
            ht_str_eq_nocase(key, keys[i].name)) {
            return keys[i].slot;
        }
    }
    return HT_SLOT_COUNT;
}

/* A member of properties that became a column: "deviceId_s", "statusCode_d",
 * "properties_deviceId_s". */
static enum ht_slot find_column(struct ht_str key) {
    const struct ht_str prefix = HT_STR("properties_");
    if (ht_str_starts_nocase(key, prefix)) {
        key = (struct ht_str){key.ptr + prefix.len, key.len - prefix.len};
    }
    const char type = key.len > 2 ? ht_ascii_lower(key.ptr[key.len - 1]) : '\0';
    if ((type == 's' || type == 'd') && key.ptr[key.len - 2] == '_') {
        key.len -= 2;
    }
    const enum ht_slot slot = find(key);
    const bool member = slot >= HT_SLOT_DEVICE_ID && slot < HT_SLOT_DEVICE_ID_S;
    return member ? ht_slot_column(slot) : HT_SLOT_COUNT;
}

enum ht_slot ht_slot_of_key(struct ht_str key) {
    const enum ht_slot slot = find(key);
    const bool column =
        slot == HT_SLOT_COUNT && key.len > 2 && memchr(key.ptr, '_', key.len) != NULL;
    return column ? find_column(key) : slot;
}
