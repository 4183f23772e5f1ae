/* SPDX-License-Identifier: MIT */
#include "report/common_traits.h"

#include <math.h>
#include <stdlib.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/grow.h"
#include "model/sdk.h"
#include "report/figures.h"
#include "report/fisher.h"
#include "report/median.h"
#include "report/rows.h"
#include "report/rules.h"

enum {
    AFFECTED_PERCENT_MIN = 10,
    SAME_PERCENT = 90,
    INCIDENTS_MAX = 24, /* the largest */
    FINDINGS_MAX = 32,  /* the gravest */
    SDK_NAMES_MAX = 1024 * 1024,
    TESTS_MAX = 1024 * 1024 * 1024,
    SMALL_VALUES = 16, /* more than there are families and authentications */
};

#define ODDS_RATIO_MIN 2.0
#define ALPHA 0.01

/* A device of a population: by property, the number of its value, 0 = not known. */
struct subject {
    uint32_t values[HT_TRAIT_KIND_COUNT];
    uint32_t faults; /* of a row: outside of incidents */
    bool affected;
};

/* How often a value occurs. */
struct counter {
    uint32_t all;
    uint32_t affected;
};

struct candidate {
    uint32_t group;
    uint32_t value;
    enum ht_trait_kind kind;
    struct ht_table2 table;
    double log_p;
};

struct making {
    struct ht_report *report;
    const struct ht_incident_members *members;
    uint32_t *incident_of; /* by view: its index in the verdicts */
    struct ht_intern sdk_names;
    struct subject *rows;      /* of every row */
    struct subject *connected; /* of one incident */
    struct counter *counters;  /* by value */
    uint32_t *touched;         /* values that occur; scratch for as many rows */
    double *log_least;
    size_t test_count;
    size_t test_capacity;
    struct candidate *candidates;
    size_t candidate_count;
    size_t candidate_capacity;
};

/* The devices of one group. */
struct population {
    struct subject *subjects;
    size_t count;
    unsigned without; /* set of kinds that are not asked */
};

/* Name and version: what follows is the platform, and in .NET an id of the device's own. */
static enum ht_status sdk_name(struct making *making, uint32_t text, uint32_t *id) {
    struct ht_str name = ht_str_from(ht_report_text(making->report, HT_SHOWN_SDK, text));
    size_t len = 0;
    while (len < name.len && name.ptr[len] != ' ' && name.ptr[len] != '(') {
        len++;
    }
    name.len = len > 0 ? len : name.len;
    *id = 0;
    const enum ht_status status =
        name.len > 0 ? ht_intern_add(&making->sdk_names, name, id) : HT_OK;
    return status == HT_E_LIMIT ? HT_OK : status;
}

static enum ht_status take_facet(struct making *making, uint32_t device,
                                 const struct ht_facet *facet, struct subject *out) {
    const struct ht_log *log = &making->report->log;
    const enum ht_sdk_family family = ht_sdk_family(ht_log_str(log, facet->sdk));
    const struct ht_known_rule *site = ht_known_of(&making->report->known, device, HT_KNOWN_SITE);
    const uint32_t hub = log->devices[device].hub;
    *out = (struct subject){.affected = false};
    out->values[HT_TRAIT_SDK_FAMILY] = family > HT_SDK_OTHER ? family : 0;
    out->values[HT_TRAIT_PROTOCOL] = facet->protocol;
    out->values[HT_TRAIT_AUTH] = facet->auth;
    out->values[HT_TRAIT_NETWORK] = facet->network;
    out->values[HT_TRAIT_SITE] = site != NULL ? site->site_index + 1 : 0;
    out->values[HT_TRAIT_HUB] = log->hubs[hub].name != 0 ? hub + 1 : 0;
    return sdk_name(making, facet->sdk, &out->values[HT_TRAIT_SDK]);
}

static const char *site_of(const struct ht_report *report, uint32_t value) {
    const struct ht_known_rule *rule = report->known.rules;
    while (rule->site == NULL || rule->site_index + 1 != value) {
        rule++; /* there is one: a device has it */
    }
    return rule->site;
}

static struct ht_str value_text(const struct making *making, const struct candidate *candidate) {
    const struct ht_report *report = making->report;
    const uint32_t value = candidate->value;
    switch (candidate->kind) {
    case HT_TRAIT_SDK:
        return ht_intern_str(&making->sdk_names, value);
    case HT_TRAIT_SDK_FAMILY:
        return ht_str_from(ht_sdk_traits((enum ht_sdk_family)value)->name);
    case HT_TRAIT_AUTH:
        return ht_str_from(ht_auth_name((enum ht_auth)value));
    case HT_TRAIT_SITE:
        return ht_str_from(site_of(report, value));
    case HT_TRAIT_HUB:
        return ht_str_from(ht_report_text(report, HT_SHOWN_HUB, report->log.hubs[value - 1].name));
    case HT_TRAIT_NETWORK:
        return ht_str_from(ht_report_text(report, HT_SHOWN_NETWORK, value));
    default:
        return ht_str_from(ht_report_text(report, HT_SHOWN_PROTOCOL, value));
    }
}

/* Groups. */

static uint32_t own_faults(const struct ht_report *report, uint32_t device) {
    uint32_t count = 0;
    const struct ht_device_sessions *own = &report->sessions.by_device[device];
    for (uint32_t i = own->first; i < own->first + own->count; i++) {
        count += report->verdicts.verdicts[i].incident == HT_NONE32 &&
                 ht_report_is_disconnect(report, &report->sessions.sessions[i]) &&
                 ht_bearing_of(report, i) == HT_BEARING_FAULT;
    }
    return count;
}

/* As many faults as three quarters of the devices do not exceed; one less when none exceeds it. */
static uint64_t usual_faults(struct making *making, size_t count) {
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++) {
        making->touched[i] = making->rows[i].faults;
        most = making->rows[i].faults > most ? making->rows[i].faults : most;
    }
    const uint32_t usual = ht_select_u32(making->touched, count, (count - 1) * 3 / 4);
    return usual == most && usual > 0 ? usual - 1 : usual;
}

static void gather_faults(struct making *making, struct ht_trait_group *group,
                          struct population *out) {
    const struct ht_report *report = making->report;
    for (size_t i = 0; i < report->row_count; i++) {
        making->rows[i].faults = own_faults(report, report->rows[i].device);
    }
    group->faults_above = usual_faults(making, report->row_count);
    for (size_t i = 0; i < report->row_count; i++) {
        making->rows[i].affected = making->rows[i].faults > group->faults_above;
    }
    *out = (struct population){making->rows, report->row_count, 0};
}

static void gather_finding(const struct making *making, size_t index, struct population *out) {
    const struct ht_report *report = making->report;
    const struct ht_finding_key *key = &report->finding_keys[index];
    size_t begin = 0;
    while (begin < report->row_count &&
           report->log.devices[report->rows[begin].device].hub < key->hub) {
        begin++;
    }
    *out = (struct population){making->rows + begin, 0, 0};
    for (size_t i = begin;
         i < report->row_count && report->log.devices[report->rows[i].device].hub == key->hub;
         i++) {
        making->rows[i].affected = (report->rows[i].rules >> key->rule & 1U) != 0;
        out->count++;
    }
    if (key->rule >= HT_RULE_AUTH_UNKNOWN_DEVICE && key->rule <= HT_RULE_TOKEN_NOT_RENEWED) {
        out->without = 1U << HT_TRAIT_AUTH; /* the finding is of one kind of them */
    }
}

/* The session that a moment lies in, or HT_NONE32. */
static uint32_t session_at(const struct ht_report *report, uint32_t device, int64_t time_us) {
    const struct ht_device_sessions *own = &report->sessions.by_device[device];
    uint32_t low = 0;
    uint32_t high = own->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (report->sessions.sessions[own->first + middle].start_us < time_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0 || report->sessions.sessions[own->first + low - 1].end_us < time_us) {
        return HT_NONE32;
    }
    return own->first + low - 1;
}

static enum ht_status gather_incident(struct making *making, size_t view, struct population *out) {
    const struct ht_report *report = making->report;
    const uint32_t index = making->incident_of[view];
    const struct ht_incident *incident = &report->verdicts.incidents[index];
    const struct ht_hub *hub = &report->log.hubs[incident->hub];
    uint32_t next = making->members->first[index];
    const uint32_t end = making->members->first[index + 1];
    *out = (struct population){making->connected, 0, 0};
    if (incident->cause == HT_CAUSE_SITE_OUTAGE) {
        out->without = 1U << HT_TRAIT_NETWORK | 1U << HT_TRAIT_SITE;
    }
    for (uint32_t i = hub->device_first; i < hub->device_first + hub->device_count; i++) {
        uint32_t session = HT_NONE32;
        for (; next < end && report->sessions.sessions[making->members->sessions[next]].device == i;
             next++) {
            session = session == HT_NONE32 ? making->members->sessions[next] : session;
        }
        const bool affected = session != HT_NONE32;
        session = affected ? session : session_at(report, i, incident->start_us);
        if (session == HT_NONE32) {
            continue;
        }
        const struct ht_session *of = &report->sessions.sessions[session];
        const struct ht_facet facet = {
            .sdk = of->sdk, .protocol = of->protocol, .network = of->network, .auth = of->auth};
        HT_TRY(take_facet(making, i, &facet, &making->connected[out->count]));
        making->connected[out->count++].affected = affected;
    }
    return HT_OK;
}

static enum ht_status gather(struct making *making, struct ht_trait_group *group,
                             struct population *out) {
    switch (group->scope) {
    case HT_TRAITS_OF_INCIDENT:
        return gather_incident(making, group->index, out);
    case HT_TRAITS_OF_FINDING:
        gather_finding(making, group->index, out);
        return HT_OK;
    default:
        gather_faults(making, group, out);
        return HT_OK;
    }
}

/* Tests. */

static enum ht_status test_value(struct making *making, const struct candidate *candidate) {
    const struct ht_table2 *table = &candidate->table;
    const double log_least = ht_fisher_log_p_least(table);
    if (table->with < HT_TRAIT_AFFECTED_MIN || log_least > log(ALPHA)) {
        return HT_OK;
    }
    HT_TRY(ht_grow(&making->log_least, &making->test_capacity, making->test_count + 1, TESTS_MAX,
                   sizeof *making->log_least));
    making->log_least[making->test_count++] = log_least;
    if (table->affected_with < HT_TRAIT_AFFECTED_MIN ||
        table->affected_with * 100 < table->affected * AFFECTED_PERCENT_MIN ||
        ht_fisher_odds_ratio(table) < ODDS_RATIO_MIN) {
        return HT_OK;
    }
    const double log_p = ht_fisher_log_p(table);
    if (log_p > log(ALPHA)) {
        return HT_OK;
    }
    HT_TRY(ht_grow(&making->candidates, &making->candidate_capacity, making->candidate_count + 1,
                   TESTS_MAX, sizeof *making->candidates));
    making->candidates[making->candidate_count] = *candidate;
    making->candidates[making->candidate_count++].log_p = log_p;
    return HT_OK;
}

static enum ht_status test_kind(struct making *making, const struct population *population,
                                struct candidate *candidate) {
    struct ht_table2 *table = &candidate->table;
    size_t touched = 0;
    *table = (struct ht_table2){0};
    for (size_t i = 0; i < population->count; i++) {
        const struct subject *subject = &population->subjects[i];
        const uint32_t value = subject->values[candidate->kind];
        if (value != 0) {
            struct counter *counter = &making->counters[value];
            making->touched[touched] = value;
            touched += counter->all == 0;
            counter->all++;
            counter->affected += subject->affected;
            table->all++;
            table->affected += subject->affected;
        }
    }
    ht_sort_u32(making->touched, touched);
    enum ht_status status = HT_OK;
    for (size_t i = 0; i < touched; i++) {
        candidate->value = making->touched[i];
        struct counter *counter = &making->counters[candidate->value];
        table->with = counter->all;
        table->affected_with = counter->affected;
        *counter = (struct counter){0, 0};
        status = status == HT_OK ? test_value(making, candidate) : status;
    }
    return status == HT_OK ? HT_OK : HT_E_NOMEM;
}

static enum ht_status test_group(struct making *making, size_t index) {
    struct ht_trait_group *group = &making->report->trait_groups[index];
    struct population population;
    HT_TRY(gather(making, group, &population));
    group->devices = population.count;
    for (size_t i = 0; i < population.count; i++) {
        group->affected += population.subjects[i].affected;
    }
    for (size_t kind = 0; kind < HT_TRAIT_KIND_COUNT; kind++) {
        struct candidate candidate = {.group = (uint32_t)index, .kind = (enum ht_trait_kind)kind};
        if ((population.without >> kind & 1U) == 0) {
            HT_TRY(test_kind(making, &population, &candidate));
        }
    }
    return HT_OK;
}

/* What came out in one group, least probable first. */
struct chosen {
    const struct candidate *traits[HT_TRAITS_MAX];
    size_t count;
};

/* Among equals, the order of kinds and values. */
static void choose(const struct candidate *candidate, struct chosen *chosen) {
    size_t at = chosen->count;
    while (at > 0 && chosen->traits[at - 1]->log_p > candidate->log_p) {
        at--;
    }
    if (at == HT_TRAITS_MAX) {
        return;
    }
    chosen->count += chosen->count < HT_TRAITS_MAX;
    for (size_t i = chosen->count - 1; i > at; i--) {
        chosen->traits[i] = chosen->traits[i - 1];
    }
    chosen->traits[at] = candidate;
}

/* The first earlier factor that nearly all of a factor's affected devices have as well. */
static size_t same_as(const struct population *population, const struct chosen *chosen,
                      size_t index) {
    const struct candidate *own = chosen->traits[index];
    for (size_t k = 0; k < index; k++) {
        const struct candidate *other = chosen->traits[k];
        uint64_t both = 0;
        for (size_t i = 0; i < population->count; i++) {
            const struct subject *subject = &population->subjects[i];
            both += subject->affected && subject->values[own->kind] == own->value &&
                    subject->values[other->kind] == other->value;
        }
        if (both * 100 >= own->table.affected_with * SAME_PERCENT) {
            return k;
        }
    }
    return SIZE_MAX;
}

static enum ht_status tell_group(struct making *making, struct ht_trait_group *group,
                                 const struct chosen *chosen) {
    struct population population = {NULL, 0, 0};
    if (chosen->count > 1) {
        HT_TRY(gather(making, group, &population));
    }
    for (size_t i = 0; i < chosen->count; i++) {
        const struct candidate *candidate = chosen->traits[i];
        struct ht_str text;
        HT_TRY(ht_arena_copy(&making->report->text, value_text(making, candidate), &text));
        group->traits[i] = (struct ht_trait){
            .kind = candidate->kind,
            .value = text.ptr,
            .affected = candidate->table.affected_with,
            .affected_known = candidate->table.affected,
            .devices = candidate->table.with,
            .devices_known = candidate->table.all,
            .odds_ratio = ht_fisher_odds_ratio(&candidate->table),
            .log10_p = candidate->log_p / log(10),
            .same_as = same_as(&population, chosen, i),
        };
    }
    group->trait_count = chosen->count;
    return HT_OK;
}

/* Candidates are in order of their groups. */
static enum ht_status tell_groups(struct making *making) {
    struct ht_traits *traits = &making->report->summary.traits;
    size_t next = 0;
    traits->tests = ht_tarone_tests(making->log_least, making->test_count, ALPHA);
    traits->p_max = ALPHA / (double)traits->tests;
    for (size_t g = 0; g < traits->group_count; g++) {
        struct chosen chosen = {.count = 0};
        for (; next < making->candidate_count && making->candidates[next].group == g; next++) {
            if (making->candidates[next].log_p <= log(traits->p_max)) {
                choose(&making->candidates[next], &chosen);
            }
        }
        HT_TRY(tell_group(making, &making->report->trait_groups[g], &chosen));
    }
    return HT_OK;
}

/* Which groups there are. */

struct ranked {
    uint64_t devices;
    size_t index;
};

static int compare_ranked(const void *left, const void *right) {
    const struct ranked *a = left;
    const struct ranked *b = right;
    if (a->devices != b->devices) {
        return a->devices > b->devices ? -1 : 1;
    }
    return (a->index > b->index) - (a->index < b->index);
}

static int compare_indices(const void *left, const void *right) {
    const struct ranked *a = left;
    const struct ranked *b = right;
    return (a->index > b->index) - (a->index < b->index);
}

static void add_group(struct ht_report *report, enum ht_trait_scope scope, size_t index) {
    report->trait_groups[report->summary.traits.group_count++] =
        (struct ht_trait_group){.scope = scope, .index = index};
}

static enum ht_status add_incidents(struct ht_report *report) {
    const size_t count = report->summary.incident_count;
    struct ranked *ranked = ht_report_array(count, sizeof *ranked);
    if (ranked == NULL) {
        return HT_E_NOMEM;
    }
    size_t listed = 0;
    for (size_t i = 0; i < count; i++) {
        if (report->incidents[i].devices >= HT_TRAIT_AFFECTED_MIN &&
            !report->incidents[i].planned) {
            ranked[listed++] = (struct ranked){report->incidents[i].devices, i};
        }
    }
    if (listed > INCIDENTS_MAX) {
        qsort(ranked, listed, sizeof *ranked, compare_ranked);
        listed = INCIDENTS_MAX;
        qsort(ranked, listed, sizeof *ranked, compare_indices);
    }
    for (size_t i = 0; i < listed; i++) {
        add_group(report, HT_TRAITS_OF_INCIDENT, ranked[i].index);
    }
    free(ranked);
    return HT_OK;
}

static enum ht_status add_groups(struct ht_report *report) {
    report->trait_groups =
        ht_report_array(1 + INCIDENTS_MAX + FINDINGS_MAX, sizeof *report->trait_groups);
    if (report->trait_groups == NULL) {
        return HT_E_NOMEM;
    }
    report->summary.traits.groups = report->trait_groups;
    if (report->row_count <= HT_TRAIT_AFFECTED_MIN) {
        return HT_OK;
    }
    add_group(report, HT_TRAITS_OF_FAULTS, SIZE_MAX);
    HT_TRY(add_incidents(report));
    size_t findings = 0;
    for (size_t i = 0; i < report->summary.finding_count && findings < FINDINGS_MAX; i++) {
        const struct ht_finding *finding = &report->findings[i];
        if (finding->level >= HT_LEVEL_WARNING && !finding->normal &&
            finding->incident == HT_INDEX_NONE && finding->devices >= HT_TRAIT_AFFECTED_MIN) {
            add_group(report, HT_TRAITS_OF_FINDING, i);
            findings++;
        }
    }
    return HT_OK;
}

/* Making. */

static size_t value_count(const struct ht_report *report) {
    const struct ht_log *log = &report->log;
    size_t count = log->string_count > SMALL_VALUES ? log->string_count : SMALL_VALUES;
    count = log->hub_count >= count ? log->hub_count + 1 : count;
    count = report->row_count > count ? report->row_count : count;
    return report->known.rule_count >= count ? report->known.rule_count + 1 : count;
}

static enum ht_status prepare(struct making *making) {
    struct ht_report *report = making->report;
    const size_t values = value_count(report);
    making->counters = ht_report_array(values, sizeof *making->counters);
    making->touched = ht_report_array(values, sizeof *making->touched);
    making->rows = ht_report_array(report->row_count, sizeof *making->rows);
    making->connected = ht_report_array(report->log.device_count, sizeof *making->connected);
    making->incident_of =
        ht_report_array(report->summary.incident_count, sizeof *making->incident_of);
    if (making->counters == NULL || making->touched == NULL || making->rows == NULL ||
        making->connected == NULL || making->incident_of == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < report->verdicts.incident_count; i++) {
        if (report->incident_view[i] != HT_NONE32) {
            making->incident_of[report->incident_view[i]] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < report->row_count; i++) {
        const uint32_t device = report->rows[i].device;
        const struct ht_facet facet = ht_row_facet(report, device);
        HT_TRY(take_facet(making, device, &facet, &making->rows[i]));
    }
    return HT_OK;
}

static enum ht_status make(struct making *making) {
    struct ht_report *report = making->report;
    HT_TRY(add_groups(report));
    if (report->summary.traits.group_count == 0) {
        return HT_OK;
    }
    HT_TRY(ht_intern_init(&making->sdk_names, SDK_NAMES_MAX, SIZE_MAX / 2));
    HT_TRY(prepare(making));
    for (size_t i = 0; i < report->summary.traits.group_count; i++) {
        HT_TRY(test_group(making, i));
    }
    return tell_groups(making);
}

enum ht_status ht_traits_make(struct ht_report *report, const struct ht_incident_members *members) {
    struct making making = {.report = report, .members = members};
    const enum ht_status status = make(&making);
    ht_intern_release(&making.sdk_names);
    free(making.incident_of);
    free(making.rows);
    free(making.connected);
    free(making.counters);
    free(making.touched);
    free(making.log_least);
    free(making.candidates);
    return status == HT_OK ? HT_OK : HT_E_NOMEM;
}
