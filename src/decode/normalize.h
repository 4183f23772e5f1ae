/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_NORMALIZE_H
#define HT_DECODE_NORMALIZE_H
/* From the members of a record to an event: the rules that make every shape of the same event
 * equal. */
#include "decode/decoder.h"
#include "decode/members.h"

/* What a hub's name and an operation are written to (slices of the record point here), and how
 * dates are read. */
struct ht_normal_text {
    enum ht_date_order date_order;
    char hub[128];
    char operation[256];
};

/*
 * Sets out->kind to one of EVENT, OTHER_SERVICE, OTHER_RECORD, NOT_RECORD, BAD_RECORD, and what
 * belongs to it. HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_normalize(struct ht_members *members,
                                          const struct ht_object *object,
                                          struct ht_normal_text *text, struct ht_decoded *out);

/* ASCII upper case, as much as fits. */
struct ht_str ht_normal_upper(struct ht_str text, char *out, size_t size_bytes);

/* The name behind "/IOTHUBS/" in a resource id; false when it is no IoT Hub's. */
bool ht_normal_hub(struct ht_str resource_id, struct ht_str *hub);

#endif
