/* SPDX-License-Identifier: MIT */
/*
 * Metrics for the textfile collector of Prometheus.
 *
 * All are gauges: figures of one window, which go up and down with it. The labels are hub, class,
 * cause, level, state and result; a device never is one. At most HUBS_MAX hubs have series of their
 * own, those with the most devices; the others, and those whose name is no name of a hub or not
 * known, are added up as hub "other". So the number of series is bounded whatever is in the log.
 * Every series is always there, also when it is 0.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "base/time.h"
#include "hubtriage/hubtriage.h"
#include "render/renderers.h"

enum { HUBS_MAX = 50, HUB_NAME_MAX = 64, LINE_BYTES = 256 };

#define OTHER_HUBS "other"

/* What the series of one label hub come to. */
struct hub_figures {
    const char *name; /* needs no escape */
    uint64_t by_cause[HT_CAUSE_COUNT];
    uint64_t incidents[HT_CAUSE_COUNT];
    uint64_t states[3]; /* devices by enum ht_device_state */
    uint64_t connects;
    uint64_t refused;
    uint64_t planned;
    uint64_t renewals;
    uint64_t faults;
    uint64_t server_errors;
    uint64_t throttles;
    int64_t up_s;
    int64_t down_s;
    int64_t unknown_s;
    int64_t last_us;
};

struct prom {
    const struct ht_summary *summary;
    struct ht_sink_buffer *out;
    size_t count;
    size_t *series; /* by hub of the summary: its place in hubs */
    struct hub_figures hubs[HUBS_MAX + 1];
};

/* Letters, digits, '-', '.', '_': a name that is not "other". So labels need no escape. */
static bool is_hub_name(struct ht_str name) {
    for (size_t i = 0; i < name.len; i++) {
        const char c = ht_ascii_lower(name.ptr[i]);
        if (!(c >= 'a' && c <= 'z') && !ht_ascii_is_digit(c) && c != '-' && c != '.' && c != '_') {
            return false;
        }
    }
    return name.len > 0 && name.len <= HUB_NAME_MAX && !ht_str_eq(name, HT_STR(OTHER_HUBS));
}

static bool is_larger(const struct ht_hub_view *hubs, size_t a, size_t b) {
    return hubs[a].devices != hubs[b].devices ? hubs[a].devices > hubs[b].devices : a < b;
}

/* The hubs with series of their own: the largest, in the order of their names. */
static void choose_hubs(struct prom *prom) {
    const struct ht_summary *summary = prom->summary;
    size_t chosen[HUBS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < summary->hub_count; i++) {
        prom->series[i] = SIZE_MAX;
        if (!is_hub_name(ht_str_from(summary->hubs[i].hub))) {
            continue;
        }
        size_t at = count;
        while (at > 0 && is_larger(summary->hubs, i, chosen[at - 1])) {
            at--;
        }
        if (at == HUBS_MAX) {
            continue;
        }
        count += count < HUBS_MAX;
        for (size_t k = count - 1; k > at; k--) {
            chosen[k] = chosen[k - 1];
        }
        chosen[at] = i;
    }
    for (size_t k = 0; k < count; k++) {
        prom->series[chosen[k]] = 0;
    }
    for (size_t i = 0; i < summary->hub_count; i++) {
        if (prom->series[i] == 0) {
            prom->hubs[prom->count].name = summary->hubs[i].hub;
            prom->series[i] = prom->count++;
        }
    }
    if (count < summary->hub_count || summary->hub_count == 0) {
        prom->hubs[prom->count++].name = OTHER_HUBS;
    }
    for (size_t i = 0; i < summary->hub_count; i++) {
        prom->series[i] = prom->series[i] != SIZE_MAX ? prom->series[i] : prom->count - 1;
    }
}

static void add_hubs(struct prom *prom) {
    for (size_t i = 0; i < prom->summary->hub_count; i++) {
        const struct ht_hub_view *hub = &prom->summary->hubs[i];
        struct hub_figures *to = &prom->hubs[prom->series[i]];
        for (size_t cause = 0; cause < HT_CAUSE_COUNT; cause++) {
            to->by_cause[cause] += hub->by_cause[cause];
        }
        to->connects += hub->connects;
        to->refused += hub->refused_connects;
        to->planned += hub->planned;
        to->renewals += hub->renewals;
        to->faults += hub->faults;
        to->server_errors += hub->server_errors;
        to->throttles += hub->throttles;
        to->last_us = hub->last_us > to->last_us ? hub->last_us : to->last_us;
    }
}

/* Names of hubs are in order, and one that is not known comes first. */
static struct hub_figures *find_hub(struct prom *prom, const char *name) {
    const struct ht_hub_view *hubs = prom->summary->hubs;
    const struct ht_str wanted = ht_str_from(name);
    size_t low = 0;
    size_t high = prom->summary->hub_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = ht_str_cmp(ht_str_from(hubs[middle].hub), wanted);
        if (order == 0) {
            return &prom->hubs[prom->series[middle]];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return &prom->hubs[prom->count - 1];
}

static void add_incidents(struct prom *prom) {
    for (size_t i = 0; i < prom->summary->incident_count; i++) {
        const struct ht_incident_view *incident = &prom->summary->incidents[i];
        if (!incident->planned) {
            find_hub(prom, incident->hub)->incidents[incident->cause]++;
        }
    }
}

static int64_t known_s(int64_t seconds) {
    return seconds != HT_SPAN_NONE ? seconds : 0;
}

static void add_devices(struct prom *prom, const struct ht_report *report) {
    const size_t count = ht_report_device_count(report);
    for (size_t i = 0; i < count; i++) {
        struct ht_device_view device;
        ht_report_device(report, i, &device);
        struct hub_figures *to = find_hub(prom, device.hub);
        to->states[device.last_state]++;
        to->up_s += known_s(device.up_s);
        to->down_s += known_s(device.down_s);
        to->unknown_s += known_s(device.unknown_s);
    }
}

/* Lines. */

static void put_head(struct prom *prom, const char *name, const char *help) {
    const char *const parts[] = {"# HELP hubtriage_",   name, " ",       help,
                                 "\n# TYPE hubtriage_", name, " gauge\n"};
    for (size_t i = 0; i < HT_ARRAY_LEN(parts); i++) {
        ht_sink_buffer_puts(prom->out, parts[i]);
    }
}

/* labels: what stands between the braces, or "". */
static void put_sample(struct prom *prom, const char *name, const char *labels, uint64_t value) {
    char digits[32];
    ht_sink_buffer_puts(prom->out, "hubtriage_");
    ht_sink_buffer_puts(prom->out, name);
    if (labels[0] != '\0') {
        ht_sink_buffer_putc(prom->out, '{');
        ht_sink_buffer_puts(prom->out, labels);
        ht_sink_buffer_putc(prom->out, '}');
    }
    (void)snprintf(digits, sizeof digits, " %" PRIu64 "\n", value);
    ht_sink_buffer_puts(prom->out, digits);
}

static void put_hub_sample(struct prom *prom, const char *name, const struct hub_figures *hub,
                           const char *more, uint64_t value) {
    char labels[2 * LINE_BYTES];
    (void)snprintf(labels, sizeof labels, "hub=\"%s\"%s", hub->name, more);
    put_sample(prom, name, labels, value);
}

static void put_single(struct prom *prom, const char *name, const char *help, uint64_t value) {
    put_head(prom, name, help);
    put_sample(prom, name, "", value);
}

static uint64_t whole_seconds(int64_t time_us) {
    return time_us > 0 ? (uint64_t)(time_us / HT_US_PER_S) : 0;
}

/* A time that is not known has no sample. */
static void put_time(struct prom *prom, const char *name, const char *help, int64_t time_us) {
    if (time_us != HT_TIME_NONE) {
        put_single(prom, name, help, whole_seconds(time_us));
    }
}

static void put_run(struct prom *prom) {
    const struct ht_summary *summary = prom->summary;
    char labels[LINE_BYTES];
    put_single(prom, "run_success",
               "1: the run made a report. A run that fails leaves the file of the one before.", 1);
    put_head(prom, "build_info", "The version of hubtriage.");
    (void)snprintf(labels, sizeof labels, "version=\"%d.%d.%d\"", HT_VERSION_MAJOR,
                   HT_VERSION_MINOR, HT_VERSION_PATCH);
    put_sample(prom, "build_info", labels, 1);
    put_time(prom, "window_start_timestamp_seconds",
             "Begin of the window, as asked for or of its first event.",
             summary->since_us != HT_TIME_NONE ? summary->since_us : summary->first_us);
    put_time(prom, "window_end_timestamp_seconds",
             "End of the window, as asked for or of its last event.",
             summary->until_us != HT_TIME_NONE ? summary->until_us : summary->last_us);
    put_head(prom, "last_event_timestamp_seconds",
             "The newest event of the hub in the log: how fresh the input is.");
    for (size_t i = 0; i < prom->count; i++) {
        if (prom->hubs[i].last_us > 0) {
            put_hub_sample(prom, "last_event_timestamp_seconds", &prom->hubs[i], "",
                           whole_seconds(prom->hubs[i].last_us));
        }
    }
}

static void put_by_cause(struct prom *prom) {
    char more[LINE_BYTES];
    put_head(prom, "disconnects", "Ends of sessions by cause; planned ones are among them.");
    for (size_t i = 0; i < prom->count; i++) {
        for (int cause = 0; cause < HT_CAUSE_COUNT; cause++) {
            (void)snprintf(more, sizeof more, ",class=\"%s\",cause=\"%s\"",
                           ht_class_name(ht_cause_class((enum ht_cause)cause)),
                           ht_cause_name((enum ht_cause)cause));
            put_hub_sample(prom, "disconnects", &prom->hubs[i], more,
                           prom->hubs[i].by_cause[cause]);
        }
    }
    put_head(prom, "incidents",
             "Many devices dropped at once; those in planned maintenance are not counted.");
    for (size_t i = 0; i < prom->count; i++) {
        static const enum ht_cause causes[] = {HT_CAUSE_SITE_OUTAGE, HT_CAUSE_HUB_TRANSIENT,
                                               HT_CAUSE_PLATFORM_UPGRADE};
        for (size_t k = 0; k < HT_ARRAY_LEN(causes); k++) {
            (void)snprintf(more, sizeof more, ",class=\"%s\",cause=\"%s\"",
                           ht_class_name(ht_cause_class(causes[k])), ht_cause_name(causes[k]));
            put_hub_sample(prom, "incidents", &prom->hubs[i], more,
                           prom->hubs[i].incidents[causes[k]]);
        }
    }
}

static void put_hub_counts(struct prom *prom) {
    static const struct {
        const char *name;
        const char *help;
        size_t offset;
    } counts[] = {
        {"faults", "Disconnects but for renewals, clean closes, planned and unknown ones.",
         offsetof(struct hub_figures, faults)},
        {"renewals", "Disconnects that renew a token and are back at once: normal life.",
         offsetof(struct hub_figures, renewals)},
        {"planned_disconnects", "Disconnects in windows of maintenance.",
         offsetof(struct hub_figures, planned)},
        {"accepted_connects", "Connects that the hub accepted.",
         offsetof(struct hub_figures, connects)},
        {"refused_connects", "Connects that the hub refused.",
         offsetof(struct hub_figures, refused)},
        {"server_errors", "Records of the hub with a 500xxx, 503xxx or 504xxx code.",
         offsetof(struct hub_figures, server_errors)},
        {"throttled_requests", "Records of the hub with a 429xxx code.",
         offsetof(struct hub_figures, throttles)},
    };
    for (size_t k = 0; k < HT_ARRAY_LEN(counts); k++) {
        put_head(prom, counts[k].name, counts[k].help);
        for (size_t i = 0; i < prom->count; i++) {
            const char *figures = (const char *)&prom->hubs[i];
            uint64_t value = 0;
            memcpy(&value, figures + counts[k].offset, sizeof value);
            put_hub_sample(prom, counts[k].name, &prom->hubs[i], "", value);
        }
    }
}

static void put_devices(struct prom *prom) {
    char more[LINE_BYTES];
    put_head(prom, "devices", "Devices by their state at the end of the window.");
    for (size_t i = 0; i < prom->count; i++) {
        for (int state = 0; state < 3; state++) {
            (void)snprintf(more, sizeof more, ",state=\"%s\"",
                           ht_device_state_name((enum ht_device_state)state));
            put_hub_sample(prom, "devices", &prom->hubs[i], more, prom->hubs[i].states[state]);
        }
    }
    put_head(prom, "device_time_seconds", "Time of all devices by their state, added up.");
    for (size_t i = 0; i < prom->count; i++) {
        const struct hub_figures *hub = &prom->hubs[i];
        put_hub_sample(prom, "device_time_seconds", hub, ",state=\"unknown\"",
                       (uint64_t)hub->unknown_s);
        put_hub_sample(prom, "device_time_seconds", hub, ",state=\"up\"", (uint64_t)hub->up_s);
        put_hub_sample(prom, "device_time_seconds", hub, ",state=\"down\"", (uint64_t)hub->down_s);
    }
    put_single(prom, "never_returned_devices",
               "Devices down at the end of the window for longer than is usual for them.",
               prom->summary->never_returned);
    put_single(prom, "refused_devices", "Devices that were refused to the end of the window.",
               prom->summary->refused_at_end);
}

static void put_findings(struct prom *prom) {
    uint64_t levels[HT_LEVEL_COUNT] = {0};
    char labels[LINE_BYTES];
    for (size_t i = 0; i < prom->summary->finding_count; i++) {
        const struct ht_finding *finding = &prom->summary->findings[i];
        levels[finding->level] += !finding->normal;
    }
    put_head(prom, "findings", "Findings by level; normal life is not among them.");
    for (int level = 0; level < HT_LEVEL_COUNT; level++) {
        (void)snprintf(labels, sizeof labels, "level=\"%s\"", ht_level_name((enum ht_level)level));
        put_sample(prom, "findings", labels, levels[level]);
    }
}

static void put_input(struct prom *prom) {
    const struct ht_quality *quality = &prom->summary->quality;
    const struct {
        const char *labels;
        uint64_t count;
    } results[] = {
        {"result=\"event\"", quality->events + quality->duplicates},
        {"result=\"other\"", quality->other_records},
        {"result=\"other-service\"", quality->other_services},
        {"result=\"no-record\"", quality->not_records},
        {"result=\"bad\"", quality->bad_total},
    };
    put_head(prom, "records", "Records read, by what they are.");
    for (size_t i = 0; i < HT_ARRAY_LEN(results); i++) {
        put_sample(prom, "records", results[i].labels, results[i].count);
    }
    put_single(prom, "duplicate_events", "Events met again and counted once.", quality->duplicates);
    put_single(prom, "dropped_events", "Events left out at a ceiling.", quality->dropped_events);
    put_single(prom, "inputs", "Files and streams read.", prom->summary->source_count);
    put_single(prom, "unreadable_inputs", "Files and streams that could not be read.",
               quality->unreadable_sources);
    put_single(prom, "input_bytes", "Bytes read, after decompression.", quality->bytes);
}

void ht_render_prom(const struct ht_report *report, struct ht_sink_buffer *out) {
    struct prom *prom = calloc(1, sizeof *prom);
    const struct ht_summary *summary = ht_report_summary(report);
    size_t *series = calloc(summary->hub_count + 1, sizeof *series);
    if (prom == NULL || series == NULL) {
        out->status = HT_E_NOMEM;
    } else {
        prom->summary = summary;
        prom->out = out;
        prom->series = series;
        choose_hubs(prom);
        add_hubs(prom);
        add_incidents(prom);
        add_devices(prom, report);
        put_run(prom);
        put_by_cause(prom);
        put_hub_counts(prom);
        put_devices(prom);
        put_findings(prom);
        put_input(prom);
    }
    free(series);
    free(prom);
}
