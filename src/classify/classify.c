/* SPDX-License-Identifier: MIT */
/*
 * Rounds: rhythms, clocks, marks and rates make posteriors; what they leave over makes bursts; all
 * of that makes better rhythms, marks and rates.
 */
#include "classify/classify.h"

#include "base/check.h"
#include "classify/conclude.h"
#include "classify/incidents.h"
#include "classify/parameters.h"

static void release_knowledge(struct ht_knowledge *knowledge) {
    ht_cluster_ages_release(&knowledge->ages);
    ht_marks_release(&knowledge->marks);
    ht_cadences_release(&knowledge->cadences);
    ht_clock_release(&knowledge->clock);
    ht_rates_release(&knowledge->rates);
    ht_bursts_release(&knowledge->bursts);
}

static enum ht_status start(struct ht_docket *docket, struct ht_knowledge *knowledge) {
    HT_TRY(ht_cluster_ages_init(docket, &knowledge->ages));
    HT_TRY(ht_marks_init(docket, &knowledge->marks));
    HT_TRY(ht_clock_init(docket, &knowledge->clock));
    return ht_rates_init(docket, &knowledge->rates);
}

static enum ht_status one_round(struct ht_docket *docket, const struct ht_hub_facts *facts,
                                struct ht_knowledge *knowledge) {
    ht_parallel_mark(docket->parallel, "classify: cadences");
    ht_cadences_release(&knowledge->cadences);
    HT_TRY(ht_cadences_learn(docket, &knowledge->ages, &knowledge->marks, &knowledge->cadences));
    ht_parallel_mark(docket->parallel, "classify: clock");
    HT_TRY(ht_clock_read(docket, &knowledge->cadences, &knowledge->clock));
    ht_parallel_mark(docket->parallel, "classify: judge");
    HT_TRY(ht_judge_all(docket, knowledge));
    ht_parallel_mark(docket->parallel, "classify: bursts");
    HT_TRY(ht_bursts_find(docket, facts, &knowledge->bursts));
    ht_parallel_mark(docket->parallel, "classify: judge");
    return ht_judge_moved(docket, knowledge);
}

static enum ht_status learn(struct ht_docket *docket, const struct ht_hub_facts *facts,
                            struct ht_knowledge *knowledge) {
    bool pruned = true;
    HT_TRY(start(docket, knowledge));
    HT_TRY(one_round(docket, facts, knowledge));
    for (int i = 1; i < HT_ROUNDS; i++) {
        ht_parallel_mark(docket->parallel, "classify: marks, rates");
        HT_TRY(ht_marks_learn(docket, &knowledge->marks));
        HT_TRY(ht_rates_learn(docket, &knowledge->clock, &knowledge->rates));
        HT_TRY(one_round(docket, facts, knowledge));
    }
    /* A burst that goes can take the verdicts of another with it, but seldom does. */
    for (int i = 0; i < HT_ROUNDS && pruned; i++) {
        ht_parallel_mark(docket->parallel, "classify: prune");
        HT_TRY(ht_incidents_prune(docket, &knowledge->bursts, &pruned));
        HT_TRY(ht_judge_moved(docket, knowledge));
    }
    ht_burst_field_release(&knowledge->bursts.field);
    ht_cluster_ages_release(&knowledge->ages);
    return HT_OK;
}

enum ht_status ht_classify(const struct ht_log *log, const struct ht_sessions *sessions,
                           const struct ht_known *known, const struct ht_parallel *parallel,
                           struct ht_verdicts *verdicts) {
    struct ht_docket docket;
    struct ht_hub_facts facts = {.log = log};
    struct ht_knowledge knowledge = {.bursts = {.count = 0}};
    *verdicts = (struct ht_verdicts){.count = 0};
    ht_parallel_mark(parallel, "classify: docket, hub facts");
    enum ht_status status = ht_docket_make(log, sessions, known, parallel, &docket);
    if (status == HT_OK) {
        status = ht_hub_facts_make(log, sessions, known, parallel, &facts);
    }
    if (status == HT_OK) {
        status = learn(&docket, &facts, &knowledge);
    }
    if (status == HT_OK) {
        ht_parallel_mark(parallel, "classify: conclude");
        status = ht_conclude(&docket, &knowledge, verdicts);
    }
    ht_parallel_mark(parallel, "classify: release");
    release_knowledge(&knowledge);
    ht_hub_facts_release(&facts);
    ht_docket_release(&docket);
    return status;
}
