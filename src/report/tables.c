/* SPDX-License-Identifier: MIT */
/* Every device is looked at once; what several tables need of it is made then. */
#include "report/tables.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "report/common_traits.h"
#include "report/findings.h"
#include "report/pattern.h"
#include "report/pick.h"

enum { PHRASE_BYTES_MAX = 256 };

/* What devices are ranked by. */
struct rank {
    uint64_t faults;
    int64_t down_s;
    uint32_t row;
    int32_t level; /* -1 = no finding */
};

struct making {
    struct ht_report *report;
    struct ht_hub_health health;
    struct ht_incident_members members;
    struct ht_habit_scratch scratch;
    struct ht_finding_list findings;
    struct ht_strbuf phrase;
    struct rank *ranks;
    size_t row; /* the next one */
    struct ht_tally tallies[HT_RULE_COUNT];
};

static void add_to_hub(const struct ht_figures *figures, struct ht_hub_view *view) {
    view->devices++;
    view->connects += figures->connects;
    view->refused_connects += figures->refused;
    view->disconnects += figures->disconnects;
    view->planned += figures->planned;
    view->renewals += figures->renewals;
    view->faults += figures->faults;
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        view->by_cause[i] += figures->by_cause[i] + figures->planned_by_cause[i];
    }
}

static void add_to_summary(const struct ht_figures *figures, const struct ht_habits *habits,
                           const struct ht_hit hits[HT_RULE_COUNT], struct ht_summary *summary) {
    summary->devices++;
    summary->connects += figures->connects;
    summary->refused_connects += figures->refused;
    summary->disconnects += figures->disconnects;
    summary->planned += figures->planned;
    summary->renewals += figures->renewals;
    summary->faults += figures->faults;
    summary->unknown += figures->by_cause[HT_CAUSE_UNKNOWN];
    summary->never_returned += hits[HT_RULE_NEVER_RETURNED].hit;
    summary->refused_at_end +=
        habits->refusal != HT_REFUSAL_NONE && !hits[HT_RULE_NEVER_RETURNED].hit;
    summary->up_s += figures->up_s;
    summary->down_s += figures->down_s;
    summary->unknown_s += figures->unknown_s;
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const uint64_t all = figures->by_cause[i] + figures->planned_by_cause[i];
        summary->causes[i].disconnects += all;
        summary->causes[i].planned += figures->planned_by_cause[i];
        summary->causes[i].devices += all > 0;
    }
}

/* The span of shown events. */
static void stretch_span(const struct ht_report *report, uint32_t index,
                         struct ht_summary *summary) {
    const struct ht_log *log = &report->log;
    const struct ht_device *device = &log->devices[index];
    const uint64_t begin = ht_event_lower_bound(log, device, report->window.from_us);
    const uint64_t end = ht_event_lower_bound(log, device, report->window.to_us);
    if (begin >= end) {
        return;
    }
    const int64_t first_us = log->events[device->event_first + begin].time_us;
    const int64_t last_us = log->events[device->event_first + end - 1].time_us;
    if (summary->first_us == HT_TIME_NONE || first_us < summary->first_us) {
        summary->first_us = first_us;
    }
    if (summary->last_us == HT_TIME_NONE || last_us > summary->last_us) {
        summary->last_us = last_us;
    }
}

static void take_hits(struct making *making, const struct ht_hit hits[HT_RULE_COUNT],
                      struct ht_device_row *row) {
    for (size_t i = 0; i < HT_RULE_COUNT; i++) {
        if (!hits[i].hit) {
            continue;
        }
        ht_tally_add(&making->tallies[i], making->row, &hits[i]);
        row->rules |= UINT32_C(1) << i;
        if (ht_rule_text((enum ht_rule)i)->marks) {
            const enum ht_level level = ht_rule_level((enum ht_rule)i, 1, hits[i].weight);
            row->worst_level =
                row->has_finding && row->worst_level > level ? row->worst_level : (uint8_t)level;
            row->has_finding = true;
        }
    }
}

/* A pattern that no longer fits under the ceiling of texts is told by "". */
static enum ht_status keep_phrase(struct making *making, struct ht_device_row *row) {
    if (making->phrase.status != HT_OK) {
        return HT_E_NOMEM;
    }
    const enum ht_status status =
        ht_intern_add(&making->report->patterns, ht_strbuf_str(&making->phrase), &row->pattern);
    return status == HT_E_LIMIT ? HT_OK : status;
}

static enum ht_status take_device(struct making *making, struct ht_hub_view *view) {
    struct ht_report *report = making->report;
    struct ht_device_row *row = &report->rows[making->row];
    struct ht_figures figures;
    struct ht_habits habits;
    struct ht_hit hits[HT_RULE_COUNT];
    ht_figures_of(report, row->device, &figures);
    HT_TRY(ht_habits_of(report, row->device, &making->scratch, &habits));
    row->pattern_key = (uint8_t)ht_pattern_of(&figures, &habits, &making->phrase);
    HT_TRY(keep_phrase(making, row));
    ht_rules_judge(&figures, &habits, hits);
    take_hits(making, hits, row);
    add_to_hub(&figures, view);
    add_to_summary(&figures, &habits, hits, &report->summary);
    stretch_span(report, row->device, &report->summary);
    making->ranks[making->row] = (struct rank){
        .faults = figures.faults,
        .down_s = figures.down_s,
        .row = (uint32_t)making->row,
        .level = row->has_finding ? (int32_t)row->worst_level : -1,
    };
    making->row++;
    return HT_OK;
}

static struct ht_hub_view begin_hub(const struct making *making, size_t index) {
    const struct ht_report *report = making->report;
    const struct ht_hub *hub = &report->log.hubs[index];
    const struct ht_window *window = &report->window;
    struct ht_hub_view view = {
        .hub = ht_report_text(report, HT_SHOWN_HUB, hub->name),
        .server_errors = making->health.shown_errors,
        .throttles = making->health.shown_throttles,
        .first_us = hub->first_us > window->from_us ? hub->first_us : window->from_us,
        .last_us = hub->last_us < window->to_us ? hub->last_us : window->to_us,
    };
    if (view.first_us > view.last_us) {
        view.first_us = HT_TIME_NONE;
        view.last_us = HT_TIME_NONE;
    }
    return view;
}

static bool has_rows(const struct making *making, size_t hub) {
    const struct ht_report *report = making->report;
    return making->row < report->row_count &&
           report->log.devices[report->rows[making->row].device].hub == hub;
}

/* A hub without a shown device is shown for its own sake unless devices are what is asked for. */
static bool is_hub_shown(const struct making *making, const struct ht_selection *selection,
                         size_t hub) {
    const struct ht_log *log = &making->report->log;
    return has_rows(making, hub) ||
           (!making->report->is_by_device && ht_hub_has_event(making->report, hub) &&
            ht_selection_has_hub(selection, ht_log_str(log, log->hubs[hub].name)));
}

static enum ht_status take_hubs(struct making *making, const struct ht_selection *selection) {
    struct ht_report *report = making->report;
    struct ht_summary *summary = &report->summary;
    for (size_t i = 0; i < report->log.hub_count; i++) {
        if (!is_hub_shown(making, selection, i)) {
            continue;
        }
        HT_TRY(ht_hub_health_read(report, i, &making->health));
        HT_TRY(ht_incidents_describe(report, i, &making->health, &making->members));
        struct ht_hub_view *view = &report->hubs[summary->hub_count++];
        *view = begin_hub(making, i);
        memset(making->tallies, 0, sizeof making->tallies);
        while (has_rows(making, i)) {
            HT_TRY(take_device(making, view));
        }
        HT_TRY(ht_findings_of_hub(report, i, view, &making->health, making->tallies,
                                  &making->findings));
    }
    summary->hubs = report->hubs;
    return HT_OK;
}

static int compare_ranks(const void *left, const void *right) {
    const struct rank *a = left;
    const struct rank *b = right;
    if (a->level != b->level) {
        return b->level - a->level;
    }
    if (a->faults != b->faults) {
        return a->faults > b->faults ? -1 : 1;
    }
    if (a->down_s != b->down_s) {
        return a->down_s > b->down_s ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

static enum ht_status rank_devices(struct making *making) {
    struct ht_report *report = making->report;
    report->worst = ht_report_array(report->row_count, sizeof *report->worst);
    if (report->worst == NULL) {
        return HT_E_NOMEM;
    }
    if (report->row_count > 1) {
        qsort(making->ranks, report->row_count, sizeof *making->ranks, compare_ranks);
    }
    for (size_t i = 0; i < report->row_count; i++) {
        report->worst[i] = making->ranks[i].row;
    }
    return HT_OK;
}

static enum ht_status make(struct making *making, const struct ht_selection *selection) {
    struct ht_report *report = making->report;
    making->ranks = ht_report_array(report->row_count, sizeof *making->ranks);
    report->hubs = ht_report_array(report->log.hub_count, sizeof *report->hubs);
    if (making->ranks == NULL || report->hubs == NULL) {
        return HT_E_NOMEM;
    }
    HT_TRY(ht_incidents_gather(report, &making->members));
    HT_TRY(take_hubs(making, selection));
    HT_TRY(ht_incidents_order(report));
    HT_TRY(ht_findings_of_incidents(report, &making->members, &making->findings));
    HT_TRY(ht_findings_of_log(report, &making->findings));
    HT_TRY(ht_findings_finish(report, &making->findings));
    HT_TRY(ht_traits_make(report, &making->members));
    return rank_devices(making);
}

enum ht_status ht_tables_make(struct ht_report *report, const struct ht_selection *selection) {
    struct making *making = calloc(1, sizeof *making);
    if (making == NULL) {
        return HT_E_NOMEM;
    }
    making->report = report;
    ht_findings_init(&making->findings);
    ht_strbuf_init(&making->phrase, PHRASE_BYTES_MAX);
    const enum ht_status status = make(making, selection);
    ht_hub_health_release(&making->health);
    ht_incident_members_release(&making->members);
    ht_habit_scratch_release(&making->scratch);
    ht_findings_release(&making->findings);
    ht_strbuf_release(&making->phrase);
    free(making->ranks);
    free(making);
    return status == HT_OK ? HT_OK : HT_E_NOMEM;
}
