/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_RHYTHM_KIND_H
#define HT_CLASSIFY_RHYTHM_KIND_H
/*
 * What a rhythm is: of tokens, of clean closes, or of the network. Its cases are not independent
 * witnesses, since like devices end alike: a family whose tokens end with 404104 alone does so each
 * time. So how its own marks mix is unknown within what is documented (a Dirichlet prior), and a
 * thousand cases of one look say little more than ten.
 */
#include "classify/cadence.h"
#include "classify/told.h"

struct ht_kind_evidence {
    uint32_t signatures[HT_SIGNATURE_COUNT];
    uint32_t gaps[HT_GAP_BUCKETS]; /* of devices that came back unhindered */
    uint32_t refused; /* of sessions that were followed by a connect refused with 401xxx */
    uint32_t told[3]; /* by enum ht_told_end: what rules say of its sessions */
    uint32_t sessions;
    uint32_t devices;
    uint32_t last_device;
};

/* Add a case; zero-initialise first. Cases come in order of devices. */
void ht_kind_weigh(const struct ht_docket *docket, const struct ht_case *item,
                   struct ht_kind_evidence *evidence);

/* Set kind and keep_alive of a rhythm of that cluster, whose middle_s is known. keep_alive_s: as
 * rules state it, or 0. */
void ht_kind_decide(const struct ht_docket *docket, const struct ht_marks *marks, size_t cluster,
                    uint32_t keep_alive_s, const struct ht_kind_evidence *evidence,
                    struct ht_rhythm *rhythm);

#endif
