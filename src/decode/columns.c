/* SPDX-License-Identifier: MIT */
#include "decode/columns.h"

#include <stdlib.h>

#include <jansson.h>

#include "base/check.h"
#include "base/grow.h"

void ht_columns_clear(struct ht_columns *columns) {
    columns->count = 0;
    columns->known = 0;
    columns->kusto = false;
    columns->local_time = false;
}

void ht_columns_release(struct ht_columns *columns) {
    free(columns->slots);
    *columns = (struct ht_columns){.slots = NULL};
}

enum ht_status ht_columns_copy(struct ht_columns *to, const struct ht_columns *from) {
    HT_TRY(ht_grow(&to->slots, &to->capacity, from->count, HT_COLUMNS_MAX, 1));
    if (from->count > 0) {
        memcpy(to->slots, from->slots, from->count);
    }
    to->count = from->count;
    to->known = from->known;
    to->kusto = from->kusto;
    to->local_time = from->local_time;
    return HT_OK;
}

bool ht_columns_are_same(const struct ht_columns *a, const struct ht_columns *b) {
    return a->count == b->count && a->known == b->known && a->kusto == b->kusto &&
           a->local_time == b->local_time &&
           (a->count == 0 || memcmp(a->slots, b->slots, a->count) == 0);
}

/* Cut "TimeGenerated [UTC]" into the name and what stands between the brackets. */
static struct ht_str take_suffix(struct ht_str *name) {
    *name = ht_str_trim(*name);
    if (name->len == 0 || name->ptr[name->len - 1] != ']') {
        return HT_STR_NONE;
    }
    const char *open = memchr(name->ptr, '[', name->len);
    if (open == NULL) {
        return HT_STR_NONE;
    }
    const size_t at = (size_t)(open - name->ptr);
    const struct ht_str suffix = {open + 1, name->len - at - 2};
    *name = ht_str_trim((struct ht_str){name->ptr, at});
    return ht_str_trim(suffix);
}

enum ht_status ht_columns_add(struct ht_columns *columns, struct ht_str name) {
    HT_TRY(ht_grow(&columns->slots, &columns->capacity, columns->count + 1, HT_COLUMNS_MAX, 1));
    const struct ht_str suffix = take_suffix(&name);
    const enum ht_slot slot = name.len > 0 ? ht_slot_of_key(name) : HT_SLOT_COUNT;
    columns->slots[columns->count++] = (unsigned char)slot;
    if (slot != HT_SLOT_COUNT) {
        columns->known |= HT_SLOT_BIT(slot);
        columns->local_time |= suffix.len > 0 && !ht_str_eq_nocase(suffix, HT_STR("UTC"));
    }
    return HT_OK;
}

static struct ht_str name_of(const json_t *column, bool *kusto) {
    const json_t *name = json_object_get(column, "name");
    if (name == NULL) {
        name = json_object_get(column, "ColumnName");
        *kusto |= name != NULL;
    }
    return json_is_string(name) ? (struct ht_str){json_string_value(name), json_string_length(name)}
                                : HT_STR_NONE;
}

enum ht_status ht_columns_load(struct ht_columns *columns, struct ht_str json) {
    ht_columns_clear(columns);
    json_t *array = json_loadb(json.ptr, json.len, 0, NULL);
    enum ht_status status = json_is_array(array) ? HT_OK : HT_E_DATA;
    for (size_t i = 0; status == HT_OK && i < json_array_size(array); i++) {
        status = ht_columns_add(columns, name_of(json_array_get(array, i), &columns->kusto));
    }
    json_decref(array);
    if (status != HT_OK) {
        ht_columns_clear(columns);
    }
    return status;
}

static bool has_one(const struct ht_columns *columns, uint64_t slots) {
    return (columns->known & slots) != 0;
}

bool ht_columns_are_log(const struct ht_columns *columns, const char **problem) {
    const uint64_t times = HT_SLOT_BIT(HT_SLOT_TIME) | HT_SLOT_BIT(HT_SLOT_TIME_GENERATED) |
                           HT_SLOT_BIT(HT_SLOT_EVENT_TIME) |
                           HT_SLOT_BIT(HT_SLOT_OPERATION_TIMESTAMP);
    const uint64_t operations = HT_SLOT_BIT(HT_SLOT_OPERATION_NAME) |
                                HT_SLOT_BIT(HT_SLOT_EVENT_TYPE) | HT_SLOT_BIT(HT_SLOT_OP_TYPE);
    const uint64_t devices = HT_SLOT_BIT(HT_SLOT_PROPERTIES) | HT_SLOT_BIT(HT_SLOT_PROPERTIES_S) |
                             HT_SLOT_BIT(HT_SLOT_ADDITIONAL_FIELDS) |
                             HT_SLOT_BIT(HT_SLOT_DEVICE_ID) | HT_SLOT_BIT(HT_SLOT_DEVICE_ID_S) |
                             HT_SLOT_BIT(HT_SLOT_DATA) | HT_SLOT_BIT(HT_SLOT_SUBJECT);
    const uint64_t names_of_logs = HT_SLOT_BIT(HT_SLOT_TIME_GENERATED) | operations;
    *problem = NULL;
    if (columns->count < 2 || !has_one(columns, names_of_logs)) {
        return false;
    }
    if (!has_one(columns, times)) {
        *problem = "a table without a column TimeGenerated";
    } else if (!has_one(columns, operations)) {
        *problem = "a table without a column OperationName";
    } else if (!has_one(columns, devices)) {
        *problem = "a table without a column properties_s or DeviceId";
    }
    return *problem == NULL;
}
