/* SPDX-License-Identifier: MIT */
/* Grouped by counting, then sorted within each cluster, clusters side by side. */
#include "classify/cluster_ages.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/large.h"
#include "base/radix.h"

void ht_cluster_ages_release(struct ht_cluster_ages *ages) {
    free(ages->cases);
    free(ages->ages_s);
    free(ages->case_first);
    free(ages->lived_s);
    free(ages->lived_first);
    *ages = (struct ht_cluster_ages){NULL, NULL, NULL, NULL, NULL};
}

static bool has_age(const struct ht_case *item) {
    return item->age_s != HT_NONE32 && item->settled == HT_CAUSE_UNKNOWN;
}

static uint32_t clamp_s(int64_t seconds) {
    return seconds < UINT32_MAX - 2 ? (uint32_t)seconds : UINT32_MAX - 2;
}

/* counts[cluster + 1] becomes where the cluster begins, which moves on as it is filled. */
static void make_slices(uint32_t *counts, size_t clusters) {
    uint32_t sum = 0;
    for (size_t i = 1; i <= clusters; i++) {
        const uint32_t own = counts[i];
        counts[i] = sum;
        sum += own;
    }
}

static void group(const struct ht_docket *docket, struct ht_cluster_ages *ages) {
    const struct ht_session *sessions = docket->sessions->sessions;
    const size_t session_count = docket->sessions->session_count;
    for (size_t i = 0; i < docket->count; i++) {
        ages->case_first[docket->cases[i].cluster + 1] += has_age(&docket->cases[i]);
    }
    for (size_t i = 0; i < session_count; i++) {
        ages->lived_first[docket->session_cluster[i] + 1] += sessions[i].start == HT_START_SEEN;
    }
    make_slices(ages->case_first, docket->cluster_count);
    make_slices(ages->lived_first, docket->cluster_count);
    for (size_t i = 0; i < docket->count; i++) {
        if (has_age(&docket->cases[i])) {
            ages->cases[ages->case_first[docket->cases[i].cluster + 1]++] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < session_count; i++) {
        if (sessions[i].start == HT_START_SEEN) {
            ages->lived_s[ages->lived_first[docket->session_cluster[i] + 1]++] =
                clamp_s(ht_session_length_s(&sessions[i]));
        }
    }
}

struct sorting {
    const struct ht_docket *docket;
    struct ht_cluster_ages *ages;
};

static enum ht_status sort_cases(const struct ht_docket *docket, struct ht_cluster_ages *ages,
                                 uint32_t first, size_t count) {
    struct ht_radix_item *items = ht_large_alloc(2 * (count + 1), sizeof *items);
    if (items == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t index = ages->cases[first + i];
        items[i] = (struct ht_radix_item){docket->cases[index].age_s, index};
    }
    ht_radix_sort(items, items + count, count);
    for (size_t i = 0; i < count; i++) {
        ages->cases[first + i] = items[i].value;
        ages->ages_s[first + i] = (uint32_t)items[i].key;
    }
    free(items);
    return HT_OK;
}

static enum ht_status sort_cluster(void *ctx, const struct ht_block *block) {
    const struct sorting *sorting = ctx;
    struct ht_cluster_ages *ages = sorting->ages;
    for (size_t c = block->begin; c < block->end; c++) {
        const uint32_t lived = ages->lived_first[c + 1] - ages->lived_first[c];
        uint32_t *scratch = ht_large_alloc(lived + (size_t)1, sizeof *scratch);
        if (scratch == NULL) {
            return HT_E_NOMEM;
        }
        ht_radix_sort_u32(ages->lived_s + ages->lived_first[c], scratch, lived);
        free(scratch);
        HT_TRY(sort_cases(sorting->docket, ages, ages->case_first[c],
                          ages->case_first[c + 1] - ages->case_first[c]));
    }
    return HT_OK;
}

enum ht_status ht_cluster_ages_init(const struct ht_docket *docket, struct ht_cluster_ages *ages) {
    const size_t cases = docket->count + 1;
    *ages = (struct ht_cluster_ages){
        .cases = ht_large_alloc(cases, sizeof *ages->cases),
        .ages_s = ht_large_alloc(cases, sizeof *ages->ages_s),
        .case_first = calloc(docket->cluster_count + 2, sizeof *ages->case_first),
        .lived_s = ht_large_alloc(docket->sessions->session_count + 1, sizeof *ages->lived_s),
        .lived_first = calloc(docket->cluster_count + 2, sizeof *ages->lived_first),
    };
    struct sorting sorting = {docket, ages};
    enum ht_status status = HT_E_NOMEM;
    if (ages->cases != NULL && ages->ages_s != NULL && ages->case_first != NULL &&
        ages->lived_s != NULL && ages->lived_first != NULL) {
        group(docket, ages);
        status =
            ht_parallel_for(docket->parallel, docket->cluster_count, 1, sort_cluster, &sorting);
    }
    if (status != HT_OK) {
        ht_cluster_ages_release(ages);
    }
    return status;
}
