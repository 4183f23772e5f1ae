/* SPDX-License-Identifier: MIT */
/* The first lines of the text report, for someone who was woken at night. */
#include <string.h>

#include "base/compiler.h"
#include "render/cells.h"
#include "render/text_sections.h"

enum { HUBS_NAMED_MAX = 2, FIELD_GAP = 3 };

/* From these shares of the faults on, it is "mostly" or "partly" the hub. */
#define MOSTLY_SHARE 0.6
#define PARTLY_SHARE 0.2

static uint64_t count_level(const struct ht_summary *summary, enum ht_level level) {
    uint64_t count = 0;
    for (size_t i = 0; i < summary->finding_count; i++) {
        count += summary->findings[i].level == level;
    }
    return count;
}

/* What the hub did itself: its trouble, its upgrades, and its limits. */
static bool is_of_hub(enum ht_cause cause) {
    return ht_cause_class(cause) == HT_CLASS_HUB_TRANSIENT || cause == HT_CAUSE_QUOTA ||
           cause == HT_CAUSE_THROTTLED;
}

static uint64_t count_hub_faults(const struct ht_summary *summary) {
    uint64_t count = 0;
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const struct ht_cause_total *total = &summary->causes[i];
        count += is_of_hub(total->cause) ? total->disconnects - total->planned : 0;
    }
    return count;
}

/* True when the hub keeps devices out, and nothing found is graver. */
static bool turns_away(const struct ht_summary *summary) {
    static const char *const rules[] = {"hub-refuses", "quota", "throttled"};
    for (size_t i = 0; i < summary->finding_count; i++) {
        const struct ht_finding *finding = &summary->findings[i];
        if (finding->level == HT_LEVEL_NOTE || finding->level < summary->findings[0].level) {
            return false;
        }
        for (size_t k = 0; k < HT_ARRAY_LEN(rules); k++) {
            if (strcmp(finding->rule, rules[k]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* So much of the fleet dropped by one cause that nobody would call it a quiet day. */
static bool hit_most(const struct ht_summary *summary) {
    for (size_t i = 0; i < summary->incident_count; i++) {
        const struct ht_incident_view *incident = &summary->incidents[i];
        if (!incident->planned && incident->shown_devices * 2 > summary->devices) {
            return true;
        }
    }
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        const struct ht_cause_total *total = &summary->causes[i];
        if (is_of_hub(total->cause) && total->planned < total->disconnects &&
            total->devices * 2 > summary->devices) {
            return true;
        }
    }
    return false;
}

static void put_hubs(struct ht_strbuf *words, const struct ht_summary *summary) {
    size_t named = summary->hub_count < HUBS_NAMED_MAX ? summary->hub_count : HUBS_NAMED_MAX;
    for (size_t i = 0; i < named; i++) {
        ht_strbuf_puts(words, i > 0 ? ", " : "");
        ht_text_put_log(words, summary->hubs[i].hub, "(hub not named)");
    }
    if (named == 0) {
        ht_strbuf_puts(words, "No hub");
    }
    if (summary->hub_count > named) {
        ht_strbuf_puts(words, " and ");
        ht_text_put_number(words, summary->hub_count - named, "more hub", "more hubs");
    }
}

/* "2025-03-10 00:23": the minute is enough for a window. */
static void put_minute(struct ht_strbuf *words, int64_t time_us) {
    struct ht_strbuf full;
    ht_strbuf_init(&full, 64);
    ht_text_put_time(&full, time_us);
    const size_t len = sizeof "2025-03-10 00:23" - 1;
    ht_strbuf_add(words, (struct ht_str){full.ptr, full.len < len ? full.len : len});
    ht_strbuf_release(&full);
}

/* One of the two may be open. */
static void put_ends(struct ht_strbuf *words, int64_t begin, int64_t end) {
    if (end == HT_TIME_NONE) {
        ht_strbuf_puts(words, "from ");
        put_minute(words, begin);
        return;
    }
    if (begin == HT_TIME_NONE) {
        ht_strbuf_puts(words, "until ");
    } else {
        put_minute(words, begin);
        ht_strbuf_puts(words, " to ");
    }
    put_minute(words, end);
}

void ht_verdict_put_window(struct ht_strbuf *words, const struct ht_summary *summary) {
    const int64_t begin = summary->since_us != HT_TIME_NONE ? summary->since_us : summary->first_us;
    const int64_t end = summary->until_us != HT_TIME_NONE ? summary->until_us : summary->last_us;
    if (begin != HT_TIME_NONE || end != HT_TIME_NONE) {
        put_ends(words, begin, end);
        ht_strbuf_puts(words, " UTC");
        ht_strbuf_repeat(words, ' ', FIELD_GAP);
    }
    ht_text_put_number(words, summary->devices, "device", "devices");
}

/* One line when it fits, else the hubs on their own. */
static void write_title(struct ht_text *text, const struct ht_summary *summary) {
    struct ht_strbuf hubs;
    ht_strbuf_init(&hubs, 1024);
    put_hubs(&hubs, summary);
    ht_verdict_put_window(&text->words, summary);
    const struct ht_str window = ht_strbuf_str(&text->words);
    const bool one_line =
        ht_cells_width(ht_strbuf_str(&hubs)) + FIELD_GAP + window.len <= text->width;
    if (one_line) {
        ht_strbuf_repeat(&hubs, ' ', FIELD_GAP);
        ht_strbuf_add(&hubs, window);
    }
    ht_text_line(text, ht_strbuf_str(&hubs), HT_TEXT_BOLD);
    if (!one_line) {
        ht_text_line(text, window, HT_TEXT_PLAIN);
    }
    ht_strbuf_clear(&text->words);
    ht_strbuf_release(&hubs);
}

/* "412 of 520 faults (79 %)" */
static void put_share(struct ht_strbuf *words, uint64_t part, uint64_t whole) {
    ht_strbuf_put_grouped(words, part);
    ht_strbuf_puts(words, " of ");
    ht_text_put_number(words, whole, "fault", "faults");
    ht_strbuf_puts(words, " (");
    ht_text_put_percent(words, (double)part, (double)whole);
    ht_strbuf_puts(words, ")");
}

/* No disconnect is a fault, but something was found. */
static void put_blame_without_fault(struct ht_strbuf *words, const struct ht_summary *summary) {
    if (turns_away(summary)) {
        ht_strbuf_puts(words, "The hub: its limits or its state turn devices away.");
    } else if (summary->refused_at_end > 0) {
        ht_strbuf_puts(words, "Not the hub: it refuses ");
        ht_text_put_number(words, summary->refused_at_end, "device", "devices");
        ht_strbuf_puts(words, " for identity or credentials; no disconnect is a fault.");
    } else {
        ht_strbuf_puts(words, "Not the hub: no disconnect is known to be a fault.");
    }
}

static void put_upgrade(struct ht_strbuf *words, const struct ht_summary *summary, uint64_t hub) {
    const uint64_t upgrades = summary->causes[HT_CAUSE_PLATFORM_UPGRADE].disconnects;
    ht_strbuf_puts(words, hub == 1 ? " comes from it" : " come from it");
    ht_strbuf_puts(words, upgrades * 2 > hub ? ", a planned upgrade." : ".");
}

/* Is it us or the hub? */
static void put_blame(struct ht_strbuf *words, const struct ht_summary *summary) {
    const uint64_t hub = count_hub_faults(summary);
    const double share = summary->faults > 0 ? (double)hub / (double)summary->faults : 0;
    if (summary->faults == 0) {
        put_blame_without_fault(words, summary);
    } else if (share < MOSTLY_SHARE && turns_away(summary)) {
        ht_strbuf_puts(words, "Both: the hub's limits or state turn devices away, and ");
        put_share(words, summary->faults - hub, summary->faults);
        ht_strbuf_puts(words, summary->faults - hub == 1 ? " comes" : " come");
        ht_strbuf_puts(words, " from devices, networks and settings.");
    } else if (hub == 0) {
        ht_strbuf_puts(words, "Not the hub: none of ");
        ht_text_put_number(words, summary->faults, "fault", "faults");
        ht_strbuf_puts(words, " comes from it; look at devices, networks and settings.");
    } else if (share >= MOSTLY_SHARE) {
        ht_strbuf_puts(words, hub == summary->faults ? "The hub: " : "Mostly the hub: ");
        put_share(words, hub, summary->faults);
        put_upgrade(words, summary, hub);
    } else if (share >= PARTLY_SHARE) {
        ht_strbuf_puts(words, "Both: ");
        put_share(words, hub, summary->faults);
        ht_strbuf_puts(words, hub == 1 ? " comes" : " come");
        ht_strbuf_puts(words, " from the hub, the rest is devices, networks and settings.");
    } else {
        ht_strbuf_puts(words, "Mostly not the hub: only ");
        put_share(words, hub, summary->faults);
        put_upgrade(words, summary, hub);
    }
}

/* Must anyone do something? */
static void put_call(struct ht_strbuf *words, uint64_t errors, uint64_t warnings) {
    if (errors + warnings == 0) {
        ht_strbuf_puts(words, " Nothing is urgent.");
        return;
    }
    if (errors > 0) {
        ht_strbuf_puts(words, " Someone must act: ");
        ht_text_put_number(words, errors, "error", "errors");
        if (warnings > 0) {
            ht_strbuf_puts(words, ", ");
        }
    } else {
        ht_strbuf_puts(words, " Nothing is urgent; look at ");
    }
    if (warnings > 0) {
        ht_text_put_number(words, warnings, "warning", "warnings");
    }
    ht_strbuf_puts(words, " below.");
}

static void put_all_clear(struct ht_strbuf *words, const struct ht_summary *summary) {
    ht_strbuf_puts(words, "Nothing needs action: ");
    if (summary->disconnects == 0) {
        ht_strbuf_puts(words, "no device disconnected.");
    } else if (summary->renewals == summary->disconnects) {
        ht_strbuf_puts(words, "every disconnect is a token renewal.");
    } else if (summary->planned == summary->disconnects) {
        ht_strbuf_puts(words, "every disconnect is in maintenance.");
    } else if (summary->faults == 0 && summary->unknown == 0 && summary->planned > 0) {
        ht_strbuf_puts(words,
                       "every disconnect is a token renewal, a clean close or in maintenance.");
    } else if (summary->faults == 0 && summary->unknown == 0) {
        ht_strbuf_puts(words, "every disconnect is a token renewal or a clean close.");
    } else if (summary->faults == 0) {
        ht_strbuf_puts(words, "no disconnect is known to be a fault.");
    } else {
        ht_text_put_number(words, summary->faults, "fault", "faults");
        ht_strbuf_puts(words, " among ");
        ht_text_put_number(words, summary->disconnects, "disconnect", "disconnects");
        ht_strbuf_puts(words, ", and nothing that stands out.");
    }
}

/* "28,120 disconnects: 520 faults, 27,552 token renewals (normal life), ..." */
static void put_figures(struct ht_strbuf *words, const struct ht_summary *summary) {
    const uint64_t explained =
        summary->faults + summary->renewals + summary->unknown + summary->planned;
    const uint64_t closes = summary->disconnects > explained ? summary->disconnects - explained : 0;
    ht_text_put_number(words, summary->disconnects, "disconnect", "disconnects");
    ht_strbuf_puts(words, ": ");
    ht_text_put_number(words, summary->faults, "fault", "faults");
    if (summary->renewals > 0) {
        ht_strbuf_puts(words, ", ");
        ht_text_put_number(words, summary->renewals, "token renewal", "token renewals");
        ht_strbuf_puts(words, " (normal life)");
    }
    if (closes > 0) {
        ht_strbuf_puts(words, ", ");
        ht_text_put_number(words, closes, "clean close", "clean closes");
    }
    if (summary->planned > 0) {
        ht_strbuf_puts(words, ", ");
        ht_strbuf_put_grouped(words, summary->planned);
        ht_strbuf_puts(words, " in maintenance");
    }
    ht_strbuf_puts(words, ", ");
    ht_strbuf_put_grouped(words, summary->unknown);
    ht_strbuf_puts(words, " unknown.");
    if (summary->never_returned > 0) {
        ht_strbuf_putc(words, ' ');
        ht_text_put_number(words, summary->never_returned, "device", "devices");
        ht_strbuf_puts(words, " did not come back.");
    }
    if (summary->refused_at_end > 0) {
        ht_strbuf_putc(words, ' ');
        ht_text_put_number(words, summary->refused_at_end, "device is", "devices are");
        ht_strbuf_puts(words, " refused to the end of the log.");
    }
}

static bool is_about_nothing(const struct ht_summary *summary) {
    return (summary->devices == 0 || summary->first_us == HT_TIME_NONE) &&
           (summary->finding_count == 0 || summary->hub_count == 0);
}

void ht_verdict_put(struct ht_strbuf *words, const struct ht_summary *summary) {
    const uint64_t errors = count_level(summary, HT_LEVEL_ERROR);
    const uint64_t warnings = count_level(summary, HT_LEVEL_WARNING);
    if (is_about_nothing(summary)) {
        ht_strbuf_puts(words, "Nothing to judge: no connect or disconnect of a device ");
        ht_strbuf_puts(words, summary->quality.events > 0 ? "in this window and selection."
                                                          : "in this log.");
    } else if (errors + warnings == 0 && !hit_most(summary)) {
        put_all_clear(words, summary);
    } else {
        put_blame(words, summary);
        put_call(words, errors, warnings);
    }
}

void ht_verdict_put_figures(struct ht_strbuf *words, const struct ht_summary *summary) {
    if (is_about_nothing(summary) || summary->disconnects == 0) {
        return;
    }
    put_figures(words, summary);
    if (summary->unknown * 2 > summary->disconnects) {
        ht_strbuf_puts(words, " For most of them the log cannot tell why; see the end.");
    }
}

void ht_section_verdict(struct ht_text *text, const struct ht_summary *summary) {
    write_title(text, summary);
    ht_text_blank(text);
    ht_verdict_put(&text->words, summary);
    ht_text_wrap(text, &(struct ht_text_style){.color = HT_TEXT_BOLD});
    ht_verdict_put_figures(&text->words, summary);
    ht_text_wrap(text, &(struct ht_text_style){0});
}
