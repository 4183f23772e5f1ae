/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_OBJECT_H
#define HT_DECODE_OBJECT_H
/*
 * struct ht_object - the members of one JSON object that we know, each in the slot of its key.
 *
 * Keys are compared without ASCII case, so that the archive's "operationName" and Log Analytics'
 * "OperationName" are one slot. The key names are those of Microsoft's resource logs, of the
 * AzureDiagnostics table, of the columns in Microsoft's own triage query, of operations monitoring,
 * and of the events of Event Grid; and those that hold records in answers of query APIs.
 */
#include <stdint.h>

#include "base/str.h"

enum ht_slot {
    HT_SLOT_TIME = 0,
    HT_SLOT_TIME_GENERATED,
    HT_SLOT_RESOURCE_ID,
    HT_SLOT_RESOURCE_ID_LOWER, /* "_ResourceId" */
    HT_SLOT_RESOURCE,
    HT_SLOT_RESOURCE_PROVIDER,
    HT_SLOT_CATEGORY,
    HT_SLOT_OPERATION_NAME,
    HT_SLOT_LEVEL,
    HT_SLOT_RESULT_TYPE,
    HT_SLOT_RESULT_DESCRIPTION,
    HT_SLOT_PROPERTIES,
    HT_SLOT_PROPERTIES_S,
    HT_SLOT_ADDITIONAL_FIELDS,
    HT_SLOT_STATUS_TYPE, /* operations monitoring */
    HT_SLOT_STATUS_DESCRIPTION,
    HT_SLOT_EVENT_TYPE, /* Event Grid, and its routed form */
    HT_SLOT_EVENT_TIME,
    HT_SLOT_DATA,
    HT_SLOT_SUBJECT,
    HT_SLOT_TOPIC,
    HT_SLOT_EVENT_SOURCE, /* "source" of a CloudEvent */
    HT_SLOT_OP_TYPE,
    HT_SLOT_OPERATION_TIMESTAMP,
    HT_SLOT_HUB_NAME,
    HT_SLOT_DEVICE_ID, /* from here: members of properties */
    HT_SLOT_MODULE_ID,
    HT_SLOT_SDK_VERSION,
    HT_SLOT_PROTOCOL,
    HT_SLOT_AUTH_TYPE,
    HT_SLOT_MASKED_IP_ADDRESS,
    HT_SLOT_STATUS_CODE,
    HT_SLOT_ERROR_MESSAGE,
    HT_SLOT_DEVICE_ID_S, /* and the same again, as Log Analytics names a column: "deviceId_s" */
    HT_SLOT_TYPE = HT_SLOT_DEVICE_ID_S + (HT_SLOT_DEVICE_ID_S - HT_SLOT_DEVICE_ID),
    HT_SLOT_RECORDS, /* from here: what holds records */
    HT_SLOT_RESULTS,
    HT_SLOT_VALUE,
    HT_SLOT_TABLES,
    HT_SLOT_COLUMNS,
    HT_SLOT_ROWS,
    HT_SLOT_FRAME_TYPE,
    HT_SLOT_COUNT,
};

#define HT_SLOT_BIT(slot) (UINT64_C(1) << (slot))

/* An object that has one of these is a record, or a part of one: it holds no others. */
#define HT_SLOTS_OF_RECORD                                                       \
    (HT_SLOT_BIT(HT_SLOT_TIME) | HT_SLOT_BIT(HT_SLOT_TIME_GENERATED) |           \
     HT_SLOT_BIT(HT_SLOT_OPERATION_NAME) | HT_SLOT_BIT(HT_SLOT_CATEGORY) |       \
     HT_SLOT_BIT(HT_SLOT_RESOURCE_ID) | HT_SLOT_BIT(HT_SLOT_RESOURCE_ID_LOWER) | \
     HT_SLOT_BIT(HT_SLOT_EVENT_TYPE) | HT_SLOT_BIT(HT_SLOT_OP_TYPE))

/* The column of a member of properties. */
static inline enum ht_slot ht_slot_column(enum ht_slot slot) {
    return slot + (HT_SLOT_DEVICE_ID_S - HT_SLOT_DEVICE_ID);
}

/* The slot of a key, or HT_SLOT_COUNT for one that we do not know. */
enum ht_slot ht_slot_of_key(struct ht_str key);

enum ht_value_kind {
    HT_VALUE_ABSENT = 0,
    HT_VALUE_STRING,
    HT_VALUE_INTEGER, /* text holds its digits */
    HT_VALUE_OBJECT,
    HT_VALUE_OTHER, /* null, true, false, a real number, an array */
};

/* A member's value. text is borrowed: from the record's bytes, or from the jansson tree. */
struct ht_value {
    enum ht_value_kind kind;
    bool escaped;       /* text is still in JSON's escaped form */
    struct ht_str text; /* between the quotes; of an object: from '{' to '}' */
    const void *tree;   /* the jansson value, when it came from there */
};

_Static_assert(HT_SLOT_COUNT <= 64, "one bit each");

struct ht_object {
    uint64_t present; /* bit set of slots; values of others are undefined */
    struct ht_value values[HT_SLOT_COUNT];
};

#endif
