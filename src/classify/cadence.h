/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_CADENCE_H
#define HT_CLASSIFY_CADENCE_H
/*
 * Cadences: session lengths that recur, learned for each cluster of like devices, then for each
 * device; where nothing was learned, the documented ones stand in.
 */
#include "classify/case.h"
#include "classify/cluster_ages.h"
#include "classify/marks.h"

enum ht_rhythm_origin {
    HT_RHYTHM_FLEET = 0,
    HT_RHYTHM_DEVICE,
    HT_RHYTHM_DOCUMENTED,
    HT_RHYTHM_TOLD
};

struct ht_rhythm {
    uint32_t low_s; /* both inclusive */
    uint32_t high_s;
    uint32_t middle_s; /* median of the ages in it */
    uint32_t sessions; /* that ended in it */
    uint32_t devices;
    uint8_t kind;    /* enum ht_cadence_kind */
    uint8_t origin;  /* enum ht_rhythm_origin */
    bool keep_alive; /* of kind NETWORK: exactly a keep-alive limit */
    double hit_rate; /* of the sessions that reached it, how many ended in it */
    double density;  /* of an end, per second, within it */
};

struct ht_cadences {
    struct ht_rhythm *rhythms;
    size_t count;
    size_t capacity;
    uint32_t *cluster_first;      /* rhythms of each cluster; one more at the end */
    uint32_t *kind_first;         /* by cluster, then kind; one more at the end */
    uint32_t *device_rhythm;      /* by device: its own rhythm, or HT_NONE32 */
    const struct ht_known *known; /* of rules; may be NULL */
    uint32_t told_first;          /* the rhythms that rules state (told.h) */
};

/* HT_OK or HT_E_NOMEM. ht_cadences_release() frees. */
HT_MUST_CHECK enum ht_status ht_cadences_learn(const struct ht_docket *docket,
                                               const struct ht_cluster_ages *ages,
                                               const struct ht_marks *marks,
                                               struct ht_cadences *cadences);
void ht_cadences_release(struct ht_cadences *cadences);

/*
 * The rhythm of a kind that explains an age best, the device's own included; NULL when there is
 * none.
 */
const struct ht_rhythm *ht_cadence_search(const struct ht_cadences *cadences, uint32_t cluster,
                                          uint32_t device, uint32_t age_s,
                                          enum ht_cadence_kind kind);

static inline const struct ht_rhythm *ht_cadence_at(const struct ht_cadences *cadences,
                                                    uint32_t cluster, uint32_t device,
                                                    uint32_t age_s, enum ht_cadence_kind kind) {
    const uint32_t *first = cadences->kind_first + cluster * HT_CADENCE_KINDS + kind;
    const bool any = first[0] < first[1] || cadences->device_rhythm[device] != HT_NONE32 ||
                     (cadences->known != NULL && cadences->known->devices != NULL);
    return any ? ht_cadence_search(cadences, cluster, device, age_s, kind) : NULL;
}

/* The rhythms of tokens that a device can be in, in the order in which they are asked. */
enum { HT_TOKEN_RHYTHMS_MAX = 32 };

struct ht_token_rhythms {
    const struct ht_rhythm *rhythms[HT_TOKEN_RHYTHMS_MAX];
    size_t count;
    int64_t low_s; /* of all of them: the least age, and the greatest */
    int64_t high_s;
};

void ht_cadence_tokens(const struct ht_cadences *cadences, uint32_t cluster, uint32_t device,
                       struct ht_token_rhythms *tokens);

/* What ht_cadence_at() answers for HT_CADENCE_TOKEN. */
const struct ht_rhythm *ht_cadence_token_at(const struct ht_token_rhythms *tokens, uint32_t age_s);

/* Share of tokens that outlive the ages from_s to to_s. */
double ht_cadence_token_survival(const struct ht_token_rhythms *tokens, int64_t from_s,
                                 int64_t to_s);

/*
 * The same two questions where the beginning was not seen: it was elapsed_s ago or earlier, at any
 * moment of a lifetime before. Density, per second, of an end of that kind now; which share of the
 * density of network losses is an idle timeout's; and the share of tokens that outlive the time
 * from_s to to_s since they were first known.
 */
double ht_cadence_unseen_density(const struct ht_cadences *cadences, uint32_t cluster,
                                 uint32_t device, int64_t elapsed_s, enum ht_cadence_kind kind);
double ht_cadence_unseen_idle_share(const struct ht_cadences *cadences, uint32_t cluster,
                                    uint32_t device, int64_t elapsed_s);
double ht_cadence_unseen_token_density(const struct ht_token_rhythms *tokens, int64_t elapsed_s);
double ht_cadence_unseen_survival(const struct ht_token_rhythms *tokens, int64_t from_s,
                                  int64_t to_s);

#endif
