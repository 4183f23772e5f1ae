/* SPDX-License-Identifier: MIT */
#include "inventory/findings_of_input.h"

#include <inttypes.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/time.h"

enum {
    TEXT_BYTES_MAX = 4096,
    ONE_SIDED_MIN = 5,
    SOME_PERCENT = 10,
    MOST_PERCENT = 50,
    MINUTES_MIN = 30,
    PPM = 1000000
};
/* Two inputs are the same when at least this much of the second is in the first. */
enum { DOUBLED_PERCENT = 95, OVERLAP_PERCENT = 5 };

enum finding_id {
#define INVENTORY_FINDING(id, rule, level, wrong, for_report, title, action) FINDING_##id,
#include "inventory/inventory_findings.def"
#undef INVENTORY_FINDING
    FINDING_COUNT,
};

static const struct {
    const char *rule;
    enum ht_level level;
    bool wrong;
    bool for_report;
    const char *title;
    const char *action;
} texts[FINDING_COUNT] = {
#define INVENTORY_FINDING(id, rule, level, wrong, for_report, title, action) \
    {rule, level, wrong, for_report, title, action},
#include "inventory/inventory_findings.def"
#undef INVENTORY_FINDING
};

struct writer {
    const struct ht_input_findings *input;
    const struct ht_inventory_summary *summary;
    struct ht_arena *memory;
    struct ht_inventory_finding findings[FINDING_COUNT];
    bool present[FINDING_COUNT];
    struct ht_strbuf text;
    enum ht_status status;
};

static struct ht_inventory_finding *find(struct writer *writer, enum finding_id id) {
    struct ht_inventory_finding *finding = &writer->findings[id];
    if (!writer->present[id]) {
        writer->present[id] = true;
        *finding = (struct ht_inventory_finding){
            .level = texts[id].level,
            .rule = texts[id].rule,
            .wrong = texts[id].wrong,
            .for_report = texts[id].for_report,
            .title = texts[id].title,
            .action = texts[id].action,
        };
        const char **items = ht_arena_alloc(writer->memory, HT_INVENTORY_ITEMS_MAX * sizeof *items,
                                            _Alignof(const char *));
        finding->items = items;
        writer->status = items == NULL ? HT_E_NOMEM : writer->status;
    }
    return finding;
}

/* What is composed in text, kept; NULL when there is no memory. */
static const char *keep(struct writer *writer) {
    struct ht_str copy = HT_STR_NONE;
    if (writer->text.status == HT_E_NOMEM || writer->text.ptr == NULL ||
        ht_arena_copy(writer->memory, ht_strbuf_str(&writer->text), &copy) != HT_OK) {
        writer->status = HT_E_NOMEM;
        return NULL;
    }
    writer->text.status = HT_OK; /* what was too long is cut */
    ht_strbuf_clear(&writer->text);
    return copy.ptr;
}

/* The text becomes one more item of the finding. */
static void add_item(struct writer *writer, enum finding_id id) {
    struct ht_inventory_finding *finding = find(writer, id);
    finding->item_total++;
    if (finding->item_count < HT_INVENTORY_ITEMS_MAX && writer->status == HT_OK) {
        const char **items = (const char **)(uintptr_t)finding->items;
        items[finding->item_count++] = keep(writer);
    } else {
        ht_strbuf_clear(&writer->text);
    }
}

/* The text becomes the detail of the finding. */
static void set_detail(struct writer *writer, enum finding_id id) {
    find(writer, id)->detail = keep(writer);
}

static void put_count(struct ht_strbuf *text, uint64_t count, const char *one, const char *many) {
    ht_strbuf_put_grouped(text, count);
    ht_strbuf_putc(text, ' ');
    ht_strbuf_puts(text, count == 1 ? one : many);
}

static void put_time(struct ht_strbuf *text, int64_t time_us) {
    char out[HT_TIME_TEXT_BYTES];
    (void)ht_time_format(time_us, out);
    ht_strbuf_puts(text, out);
}

static void put_span(struct ht_strbuf *text, int64_t first_us, int64_t last_us) {
    put_time(text, first_us);
    ht_strbuf_puts(text, " to ");
    put_time(text, last_us);
}

/* Log text, made printable. */
static void put_name(struct ht_strbuf *text, const char *name, const char *if_unknown) {
    char out[512];
    if (name != NULL) {
        (void)ht_text_printable(out, sizeof out, ht_str_from(name));
    }
    ht_strbuf_puts(text, name != NULL ? out : if_unknown);
}

/* "12,345 of 20,000 connects" */
static void put_share(struct ht_strbuf *text, uint64_t part, uint64_t whole, const char *many) {
    ht_strbuf_put_grouped(text, part);
    ht_strbuf_puts(text, " of ");
    ht_strbuf_put_grouped(text, whole);
    ht_strbuf_putc(text, ' ');
    ht_strbuf_puts(text, many);
}

/* What there is. */

static void add_counts(struct writer *writer, enum finding_id id,
                       const struct ht_inventory_count *counts, size_t count,
                       const char *if_unknown) {
    for (size_t i = 0; i < count; i++) {
        put_name(&writer->text, counts[i].name, if_unknown);
        ht_strbuf_puts(&writer->text, ": ");
        put_count(&writer->text, counts[i].records, "record", "records");
        add_item(writer, id);
    }
}

static void say_of_contents(struct writer *writer) {
    const struct ht_inventory_summary *summary = writer->summary;
    const uint64_t of_connections =
        summary->connects + summary->refused_connects + summary->disconnects;
    const uint64_t ours = summary->events + summary->other_records;
    if (summary->other_services > 0) {
        add_counts(writer, ours == 0 ? FINDING_NO_HUB : FINDING_OTHER_SERVICES, summary->services,
                   summary->service_count, "a service without a name");
    }
    if (ours > 0 && of_connections == 0) {
        add_counts(writer, FINDING_NO_CONNECTIONS, summary->categories, summary->category_count,
                   "no category named");
    }
    if (summary->not_records > 0) {
        put_count(&writer->text, summary->not_records, "value", "values");
        set_detail(writer, FINDING_NOT_RECORDS);
    }
}

/* What a good verdict needs. */

static void say_absent(struct writer *writer, enum finding_id id, uint64_t without) {
    const uint64_t connects = writer->summary->connects;
    if (connects > 0 && without * 100 >= connects * SOME_PERCENT) {
        put_share(&writer->text, without, connects, "accepted connects");
        set_detail(writer, id);
        if (without * 100 < connects * MOST_PERCENT) { /* some clients, rather than a column */
            find(writer, id)->level = HT_LEVEL_NOTE;
        }
    }
}

static void say_without_hub(struct writer *writer) {
    uint64_t records = 0;
    for (size_t i = 0; i < writer->summary->hub_count; i++) {
        const struct ht_inventory_hub *hub = &writer->summary->hubs[i];
        records += hub->hub == NULL ? hub->records : 0;
    }
    if (records > 0) {
        put_count(&writer->text, records, "record", "records");
        set_detail(writer, FINDING_NO_HUB_NAME);
    }
}

/* A hub whose connects, or disconnects, were filtered away. */
static void say_one_sided(struct writer *writer) {
    for (size_t i = 0; i < writer->summary->hub_count; i++) {
        const struct ht_inventory_hub *hub = &writer->summary->hubs[i];
        if (hub->disconnects + hub->refused_connects >= ONE_SIDED_MIN && hub->connects == 0) {
            put_name(&writer->text, hub->hub, "a hub without a name");
            ht_strbuf_puts(&writer->text, ": ");
            put_count(&writer->text, hub->disconnects, "disconnect", "disconnects");
            ht_strbuf_puts(&writer->text, ", ");
            put_count(&writer->text, hub->refused_connects, "refused connect", "refused connects");
            add_item(writer, FINDING_NO_CONNECTS);
        }
        if (hub->connects >= ONE_SIDED_MIN && hub->disconnects == 0) {
            put_name(&writer->text, hub->hub, "a hub without a name");
            ht_strbuf_puts(&writer->text, ": ");
            put_count(&writer->text, hub->connects, "connect", "connects");
            add_item(writer, FINDING_NO_DISCONNECTS);
        }
    }
}

static void say_of_columns(struct writer *writer) {
    const struct ht_inventory_summary *summary = writer->summary;
    say_one_sided(writer);
    say_absent(writer, FINDING_NO_SDK, summary->without_sdk);
    say_absent(writer, FINDING_NO_AUTH, summary->without_auth);
    say_absent(writer, FINDING_NO_NETWORK, summary->without_network);
    say_without_hub(writer);
}

/* Source by source. */

static void put_source(struct writer *writer, const struct ht_inventory_source *source) {
    ht_strbuf_puts(&writer->text, source->name);
    ht_strbuf_puts(&writer->text, ": ");
}

static void say_cut(struct writer *writer, const struct ht_inventory_source *source) {
    struct ht_strbuf *text = &writer->text;
    switch (source->cut) {
    case HT_CUT_ROWS:
        put_source(writer, source);
        ht_strbuf_puts(text, "exactly ");
        put_count(text, source->records, "row", "rows");
        add_item(writer, FINDING_CUT_ROWS);
        break;
    case HT_CUT_SIZE:
        put_source(writer, source);
        put_count(text, source->bytes, "byte", "bytes");
        add_item(writer, FINDING_CUT_SIZE);
        break;
    case HT_CUT_RECORD:
        put_source(writer, source);
        ht_strbuf_puts(text, "ends at byte ");
        ht_strbuf_put_grouped(text, source->bytes);
        add_item(writer, FINDING_CUT_RECORD);
        break;
    case HT_CUT_NONE:
    case HT_CUT_COUNT:
        break;
    }
}

static void say_of_source(struct writer *writer, size_t index) {
    const struct ht_inventory_source *source = &writer->summary->sources[index];
    const struct ht_tally *tally = &writer->input->collector->tallies[index];
    struct ht_strbuf *text = &writer->text;
    if (source->problem != NULL) {
        put_source(writer, source);
        ht_strbuf_puts(text, source->problem);
        add_item(writer, FINDING_UNREADABLE);
    } else if (source->records == 0 && source->bytes == 0 &&
               !writer->input->sources[index].is_archive) {
        ht_strbuf_puts(text, source->name);
        add_item(writer, FINDING_EMPTY);
    }
    say_cut(writer, source);
    if (source->low_fidelity) {
        put_source(writer, source);
        put_count(text, source->events, "event", "events");
        add_item(writer, FINDING_LOW_FIDELITY);
    }
    if (writer->input->sources[index].local_time) {
        put_source(writer, source);
        put_count(text, source->events, "event", "events");
        add_item(writer, FINDING_LOCAL_TIME);
    }
    if (tally->events >= MINUTES_MIN && tally->at_full_minutes == tally->events) {
        put_source(writer, source);
        put_count(text, source->events, "event", "events");
        add_item(writer, FINDING_MINUTE_TIMES);
    }
    if (source->repeated_within > 0) {
        put_source(writer, source);
        put_count(text, source->repeated_within, "event", "events");
        add_item(writer, FINDING_REPEATED);
    }
}

static void say_of_bad(struct writer *writer) {
    const struct ht_inventory_summary *summary = writer->summary;
    struct ht_strbuf *text = &writer->text;
    if (summary->bad_records == 0) {
        return;
    }
    put_share(text, summary->bad_records, summary->records, "records");
    set_detail(writer, FINDING_BAD_RECORDS);
    struct ht_inventory_finding *finding = find(writer, FINDING_BAD_RECORDS);
    if ((double)summary->bad_records * PPM <=
        (double)writer->input->totals->max_bad_ppm * (double)summary->records) {
        finding->level = HT_LEVEL_NOTE;
        finding->wrong = false;
    }
    for (size_t i = 0; i < summary->bad_count; i++) {
        const struct ht_inventory_bad *bad = &summary->bad[i];
        ht_strbuf_put_grouped(text, bad->records);
        ht_strbuf_puts(text, ": ");
        ht_strbuf_puts(text, ht_bad_name(bad->reason));
        if (strcmp(bad->why, ht_bad_name(bad->reason)) != 0) {
            ht_strbuf_puts(text, ": ");
            ht_strbuf_puts(text, bad->why);
        }
        ht_strbuf_puts(text, " (first: ");
        ht_strbuf_puts(text, bad->source);
        ht_strbuf_printf(text, ", record %" PRIu64 ", byte %" PRIu64 ")", bad->record,
                         bad->offset_bytes);
        add_item(writer, FINDING_BAD_RECORDS);
    }
}

/* Between sources. */

static void say_gap(struct writer *writer, const struct ht_inventory_gap *gap) {
    static const enum finding_id ids[HT_GAP_COUNT] = {
        [HT_GAP_NO_FILE] = FINDING_MISSING_FILES,
        [HT_GAP_NO_RECORD] = FINDING_MISSING_RECORDS,
        [HT_GAP_QUIET] = FINDING_QUIET_HOURS,
        [HT_GAP_LONG] = FINDING_LONG_GAP,
    };
    struct ht_strbuf *text = &writer->text;
    put_name(text, gap->hub, "a hub without a name");
    ht_strbuf_puts(text, ": ");
    put_span(text, gap->from_us, gap->to_us);
    ht_strbuf_puts(text, " (");
    put_count(text, gap->hours, "hour", "hours");
    if (gap->kind == HT_GAP_NO_FILE || gap->kind == HT_GAP_NO_RECORD) {
        ht_strbuf_puts(text, "; other hours have ");
        ht_strbuf_put_grouped(text, gap->usual_events);
        ht_strbuf_puts(text, " events or more, mostly");
    }
    if (gap->events > 0) {
        ht_strbuf_puts(text, "; ");
        put_count(text, gap->events, "event", "events");
        ht_strbuf_puts(text, " of it came in other files");
    }
    ht_strbuf_putc(text, ')');
    add_item(writer, ids[gap->kind]);
}

static void say_overlap(struct writer *writer, const struct ht_inventory_overlap *overlap) {
    const bool doubled = overlap->events * 100 >= overlap->of * DOUBLED_PERCENT;
    struct ht_strbuf *text = &writer->text;
    if (overlap->events * 100 < overlap->of * OVERLAP_PERCENT) {
        return; /* delivered at least once */
    }
    ht_strbuf_puts(text, overlap->again);
    ht_strbuf_puts(text, doubled ? " has what " : " shares events with ");
    ht_strbuf_puts(text, overlap->first);
    ht_strbuf_puts(text, doubled ? " has: " : ": ");
    if (doubled) {
        put_count(text, overlap->events, "event", "events");
    } else {
        put_share(text, overlap->events, overlap->of, "events");
    }
    if (overlap->sources > 1) {
        ht_strbuf_puts(text, " in ");
        put_count(text, overlap->sources, "input", "inputs");
    }
    ht_strbuf_puts(text, ", ");
    put_span(text, overlap->first_us, overlap->last_us);
    add_item(writer, doubled ? FINDING_DOUBLED : FINDING_OVERLAP);
}

static void say_ceiling(struct writer *writer, uint64_t count, const char *one, const char *many) {
    if (count > 0) {
        put_count(&writer->text, count, one, many);
        add_item(writer, FINDING_CEILING);
    }
}

static void say_of_ceilings(struct writer *writer) {
    const struct ht_collector *collector = writer->input->collector;
    say_ceiling(writer, collector->hubs.over, "record of further hubs", "records of further hubs");
    say_ceiling(writer, collector->categories.over, "record of further categories",
                "records of further categories");
    say_ceiling(writer, collector->services.over, "record of further services",
                "records of further services");
    say_ceiling(writer, collector->slots.dropped, "event at a time that was not kept",
                "events at times that were not kept");
    say_ceiling(writer, collector->compare.not_compared, "event not compared with other inputs",
                "events not compared with other inputs");
}

static enum ht_status hand_over(struct writer *writer) {
    struct ht_inventory_summary *summary = &writer->input->inventory->summary;
    struct ht_inventory_finding *all =
        ht_arena_alloc(writer->memory, FINDING_COUNT * sizeof *all, _Alignof(max_align_t));
    if (all == NULL) {
        return HT_E_NOMEM;
    }
    for (int level = HT_LEVEL_COUNT - 1; level >= 0; level--) {
        for (int id = 0; id < FINDING_COUNT; id++) {
            const struct ht_inventory_finding *finding = &writer->findings[id];
            if (writer->present[id] && (int)finding->level == level) {
                all[summary->finding_count++] = *finding;
                summary->levels[level]++;
                summary->wrong = summary->wrong || finding->wrong;
            }
        }
    }
    summary->findings = all;
    return HT_OK;
}

enum ht_status ht_input_findings_make(const struct ht_input_findings *input) {
    struct writer writer = {
        .input = input,
        .summary = &input->inventory->summary,
        .memory = &input->inventory->memory,
    };
    const struct ht_inventory_summary *summary = writer.summary;
    ht_strbuf_init(&writer.text, TEXT_BYTES_MAX);
    say_of_contents(&writer);
    say_of_columns(&writer);
    say_of_bad(&writer);
    for (size_t i = 0; i < summary->source_count && writer.status == HT_OK; i++) {
        say_of_source(&writer, i);
    }
    for (size_t i = 0; i < summary->gap_count && writer.status == HT_OK; i++) {
        say_gap(&writer, &summary->gaps[i]);
    }
    for (size_t i = 0; i < summary->overlap_count && writer.status == HT_OK; i++) {
        say_overlap(&writer, &summary->overlaps[i]);
    }
    say_of_ceilings(&writer);
    ht_strbuf_release(&writer.text);
    return writer.status == HT_OK ? hand_over(&writer) : HT_E_NOMEM;
}
