/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_FINDINGS_H
#define HT_REPORT_FINDINGS_H
/* From hits on devices to findings: one for each rule and hub, one for each incident. */
#include "base/strbuf.h"
#include "report/hub_health.h"
#include "report/incident_views.h"
#include "report/rules.h"

enum { HT_FINDING_DEVICES_MAX = 10 };

/* What one rule found on one hub. Memory does not grow with the hub. */
struct ht_tally {
    uint64_t devices;
    uint64_t disconnects;
    uint32_t period_low_s; /* of those that have one; 0 = none has */
    uint32_t period_high_s;
    uint64_t refused; /* of those that the hub refuses, as the next */
    int64_t since_us; /* the first of them */
    uint32_t code;    /* of the one refused longest */
    bool more_codes;
    struct {
        size_t row;
        int64_t weight;
    } worst[HT_FINDING_DEVICES_MAX]; /* greatest weight first, then by row */
    size_t worst_count;
};

void ht_tally_add(struct ht_tally *tally, size_t row, const struct ht_hit *hit);

struct ht_finding_draft {
    struct ht_finding finding;
    struct ht_finding_key key;
};

struct ht_finding_list {
    struct ht_finding_draft *drafts;
    size_t count;
    size_t capacity;
    struct ht_strbuf text; /* for the detail that is being written */
};

void ht_findings_init(struct ht_finding_list *list);
void ht_findings_release(struct ht_finding_list *list);

/* The findings of one hub; tallies of rules that did not fire are empty. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_findings_of_hub(struct ht_report *report, size_t hub,
                                                const struct ht_hub_view *view,
                                                const struct ht_hub_health *health,
                                                const struct ht_tally tallies[HT_RULE_COUNT],
                                                struct ht_finding_list *list);

/* Those of the incidents, which must be in their final order. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_findings_of_incidents(struct ht_report *report,
                                                      const struct ht_incident_members *members,
                                                      struct ht_finding_list *list);

/* Those on the log itself. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_findings_of_log(struct ht_report *report,
                                                struct ht_finding_list *list);

/* Order: level, devices, disconnects, hub, rule, start of the incident. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_findings_finish(struct ht_report *report,
                                                struct ht_finding_list *list);

#endif
