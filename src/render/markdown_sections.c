/* SPDX-License-Identifier: MIT */
#include "render/markdown_sections.h"

#include <inttypes.h>

#include "base/compiler.h"
#include "base/time.h"
#include "hubtriage/inventory.h"
#include "render/markdown_out.h"
#include "render/text_out.h"

enum { INCIDENTS_MAX = 20, DEVICES_MAX = 20, HUBS_MAX = 20, CADENCES_MAX = 20, ITEMS_MAX = 3 };

/* A section's title and the head of its table. */
static void begin_table(struct ht_markdown *page, const char *title, const char *const *columns,
                        size_t count, unsigned right) {
    ht_strbuf_printf(&page->lines, "\n## %s\n\n", title);
    ht_markdown_put_header(&page->lines, columns, count, right);
}

static struct ht_strbuf *next_cell(struct ht_markdown *page) {
    ht_strbuf_puts(&page->lines, " | ");
    return &page->lines;
}

static void put_count_cell(struct ht_markdown *page, uint64_t count) {
    ht_strbuf_put_grouped(next_cell(page), count);
}

static void end_row(struct ht_markdown *page) {
    ht_strbuf_puts(&page->lines, " |\n");
    ht_markdown_flush(page);
}

static void put_incident(struct ht_markdown *page, const struct ht_incident_view *incident) {
    struct ht_strbuf *lines = &page->lines;
    ht_strbuf_puts(lines, "| ");
    ht_text_put_time(lines, incident->start_us);
    ht_text_put_span(next_cell(page), ht_time_extent_s(incident->start_us, incident->end_us));
    ht_markdown_put_log(next_cell(page), incident->hub, "not named");
    ht_strbuf_puts(next_cell(page), ht_cause_name(incident->cause));
    ht_strbuf_puts(lines, incident->planned ? ", planned" : "");
    put_count_cell(page, incident->devices);
    ht_text_put_percent(next_cell(page), incident->share, incident->connected_before > 0);
    (void)next_cell(page);
    if (incident->site != NULL) {
        ht_strbuf_puts(lines, "site ");
        ht_markdown_put_log(lines, incident->site, "");
    } else {
        ht_markdown_put_log(lines, incident->common_network, "-");
    }
    (void)next_cell(page);
    for (size_t i = 0; i < incident->code_count; i++) {
        ht_strbuf_printf(lines, "%s%" PRIu32 " (", i > 0 ? ", " : "", incident->codes[i]);
        ht_strbuf_put_grouped(lines, incident->code_counts[i]);
        ht_strbuf_putc(lines, ')');
    }
    put_count_cell(page, incident->server_errors);
    put_count_cell(page, incident->returned);
    ht_text_put_span(next_cell(page), incident->recovery_s);
    ht_text_put_decimal(next_cell(page), incident->confidence, 2);
    end_row(page);
}

void ht_markdown_incidents(struct ht_markdown *page) {
    static const char *const columns[] = {"start (UTC)",   "within", "hub",        "cause",
                                          "devices",       "share",  "in common",  "codes",
                                          "server errors", "back",   "90 % after", "confidence"};
    const struct ht_summary *summary = page->summary;
    size_t shown = 0;
    if (summary->incident_count > 0) {
        begin_table(page, "Incidents", columns, HT_ARRAY_LEN(columns), 0xF32);
    }
    for (; shown < summary->incident_count && shown < INCIDENTS_MAX; shown++) {
        put_incident(page, &summary->incidents[shown]);
    }
    ht_markdown_put_rest(page, summary->incident_count - shown, "incident", "incidents");
}

void ht_markdown_causes(struct ht_markdown *page) {
    static const char *const columns[] = {"class",   "cause",       "disconnects",
                                          "devices", "median down", "mean confidence"};
    bool begun = false;
    for (size_t i = 1; i <= HT_CAUSE_COUNT; i++) { /* "unknown" last */
        const struct ht_cause_total *total = &page->summary->causes[i % HT_CAUSE_COUNT];
        if (total->disconnects == 0) {
            continue;
        }
        if (!begun) {
            begin_table(page, "Causes", columns, HT_ARRAY_LEN(columns), 0x3C);
            begun = true;
        }
        ht_strbuf_puts(&page->lines, "| ");
        ht_strbuf_puts(&page->lines, ht_class_name(ht_cause_class(total->cause)));
        ht_strbuf_puts(next_cell(page), ht_cause_name(total->cause));
        put_count_cell(page, total->disconnects);
        put_count_cell(page, total->devices);
        ht_text_put_span(next_cell(page), total->gap_median_s);
        ht_text_put_decimal(next_cell(page), total->confidence_mean, 2);
        end_row(page);
    }
}

static bool is_worth_a_row(const struct ht_device_view *device) {
    return device->has_finding || device->faults > 0 || device->last_state == HT_STATE_DOWN;
}

static void put_device(struct ht_markdown *page, const struct ht_device_view *device) {
    ht_strbuf_puts(&page->lines, "| ");
    ht_markdown_put_device(&page->lines, device->device, device->module);
    ht_markdown_put_log(next_cell(page), device->hub, "not named");
    put_count_cell(page, device->faults);
    put_count_cell(page, device->disconnects);
    ht_text_put_span(next_cell(page), device->down_s);
    ht_text_put_span(next_cell(page), device->longest_down_s);
    ht_strbuf_puts(next_cell(page), ht_device_state_name(device->last_state));
    ht_strbuf_puts(next_cell(page),
                   device->disconnects > 0 ? ht_cause_name(device->main_cause) : "-");
    ht_markdown_put_ours(next_cell(page), device->pattern);
    end_row(page);
}

void ht_markdown_devices(struct ht_markdown *page) {
    static const char *const columns[] = {"device",       "hub", "faults",     "drops",  "down",
                                          "longest down", "now", "main cause", "pattern"};
    const size_t count = ht_report_device_count(page->report);
    for (size_t rank = 0; rank < count && rank < DEVICES_MAX; rank++) {
        struct ht_device_view device;
        ht_report_device(page->report, ht_report_worst_device(page->report, rank), &device);
        if (!is_worth_a_row(&device)) {
            break;
        }
        if (rank == 0) {
            begin_table(page, "Worst devices", columns, HT_ARRAY_LEN(columns), 0x3C);
        }
        put_device(page, &device);
    }
}

void ht_markdown_hubs(struct ht_markdown *page) {
    static const char *const columns[] = {"hub",      "devices",       "disconnects", "faults",
                                          "renewals", "server errors", "throttled"};
    const struct ht_summary *summary = page->summary;
    size_t shown = 0;
    if (summary->hub_count < 2) {
        return;
    }
    begin_table(page, "Hubs", columns, HT_ARRAY_LEN(columns), 0x7E);
    for (; shown < summary->hub_count && shown < HUBS_MAX; shown++) {
        const struct ht_hub_view *hub = &summary->hubs[shown];
        ht_strbuf_puts(&page->lines, "| ");
        ht_markdown_put_log(&page->lines, hub->hub, "not named");
        put_count_cell(page, hub->devices);
        put_count_cell(page, hub->disconnects);
        put_count_cell(page, hub->faults);
        put_count_cell(page, hub->renewals);
        put_count_cell(page, hub->server_errors);
        put_count_cell(page, hub->throttles);
        end_row(page);
    }
    ht_markdown_put_rest(page, summary->hub_count - shown, "hub", "hubs");
}

void ht_markdown_cadences(struct ht_markdown *page) {
    static const char *const columns[] = {"length",   "kind",    "SDK", "protocol",
                                          "sessions", "devices", "hit"};
    const struct ht_summary *summary = page->summary;
    for (size_t i = 0; i < summary->cadence_count && i < CADENCES_MAX; i++) {
        const struct ht_cadence_view *cadence = &summary->cadences[i];
        if (i == 0) {
            begin_table(page, "Session lengths that recur, learned from this log", columns,
                        HT_ARRAY_LEN(columns), 0x71);
        }
        ht_strbuf_puts(&page->lines, "| ");
        ht_text_put_span(&page->lines, cadence->length_s);
        ht_strbuf_puts(next_cell(page), cadence->kind);
        ht_markdown_put_ours(next_cell(page),
                             cadence->sdk_family != NULL ? cadence->sdk_family : "-");
        ht_strbuf_puts(&page->lines, cadence->x509 ? ", X.509" : "");
        ht_markdown_put_log(next_cell(page), cadence->protocol, "-");
        put_count_cell(page, cadence->sessions);
        put_count_cell(page, cadence->devices);
        ht_text_put_percent(next_cell(page), cadence->hit_rate, 1);
        end_row(page);
    }
}

/* Quality: a list. */

static void put_read(struct ht_markdown *page) {
    const struct ht_quality *quality = &page->summary->quality;
    struct ht_strbuf *lines = &page->lines;
    ht_strbuf_puts(lines, "\n## Data quality\n\n- Read: ");
    ht_text_put_number(lines, quality->records, "record", "records");
    ht_strbuf_puts(lines, ", ");
    ht_text_put_bytes(lines, quality->bytes);
    ht_strbuf_puts(lines, ", from ");
    ht_text_put_number(lines, page->summary->source_count, "input", "inputs");
    ht_strbuf_puts(lines, "; ");
    ht_text_put_number(lines, quality->events, "event that matters", "events that matter");
    ht_strbuf_puts(lines, ", ");
    ht_strbuf_put_grouped(lines, quality->duplicates);
    ht_strbuf_puts(lines, " met again and counted once.\n");
}

static void put_bad(struct ht_markdown *page) {
    const struct ht_quality *quality = &page->summary->quality;
    struct ht_strbuf *lines = &page->lines;
    for (size_t i = 0; i < HT_BAD_COUNT; i++) {
        if (quality->bad[i] == 0) {
            continue;
        }
        ht_strbuf_puts(lines, "- Malformed: ");
        ht_text_put_number(lines, quality->bad[i], "record, ", "records, ");
        ht_markdown_put_ours(lines, ht_bad_name((enum ht_bad)i));
        if (quality->example_count[i] > 0) {
            const struct ht_bad_example *example = &quality->examples[i][0];
            ht_strbuf_puts(lines, "; the first is record ");
            ht_strbuf_put_grouped(lines, example->record);
            ht_strbuf_puts(lines, " of ");
            ht_markdown_put_printable(lines, example->source);
        }
        ht_strbuf_puts(lines, ".\n");
    }
}

static void put_unreadable(struct ht_markdown *page) {
    struct ht_strbuf *lines = &page->lines;
    size_t shown = 0;
    for (size_t i = 0; i < page->summary->source_count && shown < ITEMS_MAX; i++) {
        const struct ht_source_view *source = &page->summary->sources[i];
        if (source->problem != NULL) {
            ht_strbuf_puts(lines, "- Unreadable: ");
            ht_markdown_put_printable(lines, source->name);
            ht_strbuf_puts(lines, ": ");
            ht_markdown_put_printable(lines, source->problem);
            ht_strbuf_putc(lines, '\n');
            shown++;
        }
    }
    if (page->summary->quality.unreadable_sources > shown) {
        ht_strbuf_puts(lines, "- And ");
        ht_strbuf_put_grouped(lines, page->summary->quality.unreadable_sources - shown);
        ht_strbuf_puts(lines, " more unreadable.\n");
    }
}

static void put_input_finding(struct ht_markdown *page,
                              const struct ht_inventory_finding *finding) {
    struct ht_strbuf *lines = &page->lines;
    const size_t shown = finding->item_count < ITEMS_MAX ? finding->item_count : (size_t)ITEMS_MAX;
    ht_strbuf_puts(lines, "- ");
    ht_markdown_put_ours(lines, finding->title);
    for (size_t i = 0; i < shown; i++) {
        ht_strbuf_puts(lines, i == 0 ? ": " : ", ");
        ht_markdown_put_printable(lines, finding->items[i]);
    }
    if (finding->item_total > shown && shown > 0) {
        ht_strbuf_puts(lines, " and ");
        ht_strbuf_put_grouped(lines, finding->item_total - shown);
        ht_strbuf_puts(lines, " more");
    }
    ht_strbuf_puts(lines, ". ");
    ht_markdown_put_ours(lines, finding->action);
    ht_strbuf_putc(lines, '\n');
}

void ht_markdown_quality(struct ht_markdown *page) {
    const struct ht_inventory_summary *inventory = page->summary->inventory;
    const struct ht_quality *quality = &page->summary->quality;
    put_read(page);
    put_unreadable(page);
    for (size_t i = 0; inventory != NULL && i < inventory->finding_count; i++) {
        if (inventory->findings[i].for_report) {
            put_input_finding(page, &inventory->findings[i]);
        }
    }
    put_bad(page);
    for (size_t i = 0; i < quality->limit_count; i++) {
        ht_strbuf_puts(&page->lines, "- Limit: ");
        ht_markdown_put_ours(&page->lines, quality->limits[i]);
        ht_strbuf_putc(&page->lines, '\n');
    }
    ht_markdown_flush(page);
}
