/* SPDX-License-Identifier: MIT */
#include "store/undated.h"

#include <stdlib.h>

#include "base/check.h"

struct ht_undated {
    struct ht_store_limits limits;
    struct ht_store *store; /* NULL until something is held */
    struct ht_date_evidence evidence;
    enum ht_date_order order; /* as proven */
};

enum ht_status ht_undated_new(const struct ht_store_limits *limits, struct ht_undated **undated) {
    *undated = calloc(1, sizeof **undated);
    if (*undated == NULL) {
        return HT_E_NOMEM;
    }
    (*undated)->limits = *limits;
    return HT_OK;
}

void ht_undated_free(struct ht_undated *undated) {
    if (undated != NULL) {
        ht_store_free(undated->store);
        free(undated);
    }
}

void ht_undated_empty(struct ht_undated *undated) {
    ht_store_free(undated->store);
    undated->store = NULL;
}

void ht_undated_begin(struct ht_undated *undated) {
    ht_undated_empty(undated);
    undated->evidence = (struct ht_date_evidence){.begun = false};
    undated->order = HT_DATE_ORDER_PROVEN;
}

enum ht_undated_answer ht_undated_meet(struct ht_undated *undated, const struct ht_stamp *stamp,
                                       int64_t *time_us) {
    struct ht_date_evidence *evidence = &undated->evidence;
    *time_us = stamp->time_us;
    if (stamp->kind == HT_STAMP_ISO && !evidence->begun) {
        return HT_UNDATED_GOOD;
    }
    ht_date_evidence_add(evidence, stamp);
    if (stamp->kind != HT_STAMP_EITHER) {
        return HT_UNDATED_GOOD;
    }
    if (evidence->dmy > 0 && evidence->mdy > 0) {
        return HT_UNDATED_REFUSE;
    }
    if (undated->order == HT_DATE_ORDER_PROVEN) {
        return HT_UNDATED_HOLD;
    }
    if (undated->order == HT_DATE_ORDER_DMY) {
        *time_us = ht_stamp_swap(stamp->time_us, stamp->zone_min);
    }
    return HT_UNDATED_GOOD;
}

enum ht_status ht_undated_add(struct ht_undated *undated, const struct ht_record *record) {
    if (undated->store == NULL) {
        HT_TRY(ht_store_new(&undated->limits, &undated->store));
    }
    return ht_store_add(undated->store, record);
}

bool ht_undated_is_proven(struct ht_undated *undated, bool at_end) {
    const struct ht_date_evidence *evidence = &undated->evidence;
    const bool both = evidence->dmy > 0 && evidence->mdy > 0;
    const bool one = evidence->dmy > 0 || evidence->mdy > 0;
    if (undated->order != HT_DATE_ORDER_PROVEN) {
        return !both;
    }
    if (both || (!one && !at_end)) {
        return false;
    }
    undated->order = ht_date_evidence_order(evidence);
    if (undated->order == HT_DATE_ORDER_DMY && undated->store != NULL) {
        ht_store_swap_dates(undated->store);
    }
    return undated->order != HT_DATE_ORDER_PROVEN;
}

size_t ht_undated_count(const struct ht_undated *undated) {
    return undated->store != NULL ? ht_store_event_count(undated->store) : 0;
}

void ht_undated_record(const struct ht_undated *undated, size_t index, struct ht_record *record) {
    ht_store_record(undated->store, index, record);
}
