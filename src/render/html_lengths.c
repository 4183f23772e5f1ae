/* SPDX-License-Identifier: MIT */
/* How long sessions lasted, which lengths recur, and how long devices were away. */
#include "base/time.h"
#include "render/html_sections.h"
#include "render/html_svg.h"
#include "render/text_out.h"

enum { CADENCES_MAX = 40, MARKS_MAX = 6, LABEL_GAP = 110 /* thousandths of the width */ };

static const char *const class_fills[HT_CLASS_COUNT] = {"k-unknown", "k-token", "k-network",
                                                        "k-hub", "k-other"};

bool ht_html_has_lengths(const struct ht_html *page) {
    return page->charts->sessions.total + page->charts->gaps.total > 0;
}

/* Classes in the order in which they are stacked; "unknown" last. */
static enum ht_class stacked(size_t index) {
    return (enum ht_class)((index + 1) % HT_CLASS_COUNT);
}

static uint64_t count_bin(const struct ht_chart_bin *bin) {
    uint64_t count = 0;
    for (size_t i = 0; i < HT_CLASS_COUNT; i++) {
        count += bin->by_class[i];
    }
    return count;
}

static uint64_t count_class(const struct ht_chart_histogram *histogram, enum ht_class class) {
    uint64_t count = 0;
    for (size_t i = 0; i < histogram->count; i++) {
        count += histogram->bins[i].by_class[class];
    }
    return count;
}

/* "1h to 1h15m", "30d and more" */
static void put_range(struct ht_strbuf *words, const struct ht_chart_bin *bin) {
    ht_text_put_span(words, bin->from_s);
    if (bin->to_s == HT_SPAN_NONE) {
        ht_strbuf_puts(words, " and more");
    } else {
        ht_strbuf_puts(words, " to ");
        ht_text_put_span(words, bin->to_s);
    }
}

static void draw_bin(struct ht_html *page, const struct ht_svg *svg,
                     const struct ht_chart_histogram *histogram, size_t index) {
    const struct ht_chart_bin *bin = &histogram->bins[index];
    const char *between = ": ";
    uint64_t low = 0;
    if (count_bin(bin) == 0) {
        return;
    }
    put_range(&page->words, bin);
    for (size_t i = 0; i < HT_CLASS_COUNT; i++) {
        if (bin->by_class[stacked(i)] > 0) {
            ht_strbuf_puts(&page->words, between);
            ht_strbuf_puts(&page->words, ht_class_name(stacked(i)));
            ht_strbuf_putc(&page->words, ' ');
            ht_strbuf_put_grouped(&page->words, bin->by_class[stacked(i)]);
            between = ", ";
        }
    }
    ht_svg_slot(page, svg, index, histogram->count);
    for (size_t i = 0; i < HT_CLASS_COUNT; i++) {
        const uint64_t count = bin->by_class[stacked(i)];
        ht_svg_bar(page, svg, low, low + count, class_fills[stacked(i)]);
        low += count;
    }
    ht_svg_slot_end(page);
}

/* "10m" for "10m00s": on an axis there is little room. */
static void put_short(struct ht_html *page, int64_t seconds) {
    char text[HT_TIME_TEXT_BYTES];
    size_t len = ht_time_format_span(seconds, text);
    if (len > 4 && memcmp(text + len - 3, "00", 2) == 0) {
        len -= 3;
    }
    ht_strbuf_add(&page->words, (struct ht_str){text, len});
    ht_html_words(page);
}

/* Below the edges that people think in. */
static void draw_edges(struct ht_html *page, const struct ht_svg *svg,
                       const struct ht_chart_histogram *histogram) {
    static const int64_t edges_s[] = {0,     1,     10,    60,     600,    3600,
                                      10800, 43200, 86400, 259200, 604800, 2592000};
    uint64_t free_from = 0;
    for (size_t i = 0; i < histogram->count; i++) {
        const uint64_t at = i * 1000 / histogram->count;
        bool named = i == 0;
        for (size_t k = 0; k < HT_ARRAY_LEN(edges_s); k++) {
            named = named || histogram->bins[i].from_s == edges_s[k];
        }
        if (!named || at < free_from || at > 960) {
            continue;
        }
        ht_html_format(page, "<text text-anchor=%s x=\"", i == 0 ? "start" : "middle");
        ht_html_percent(page, i, histogram->count);
        ht_html_format(page, "%%\" y=%u>", svg->height + HT_SVG_TOP + 15);
        put_short(page, histogram->bins[i].from_s);
        ht_html_raw(page, "</text>");
        free_from = at + LABEL_GAP;
    }
    ht_html_raw(page, "\n");
}

/* Where a length lies on the axis, in thousandths; within a bin in proportion. -1: beside it. */
static int64_t place_of(const struct ht_chart_histogram *histogram, int64_t length_s) {
    for (size_t i = 0; i < histogram->count; i++) {
        const struct ht_chart_bin *bin = &histogram->bins[i];
        if (length_s >= bin->from_s && bin->to_s != HT_SPAN_NONE && length_s < bin->to_s) {
            const double within =
                (double)(length_s - bin->from_s) / (double)(bin->to_s - bin->from_s);
            return (int64_t)(((double)i + within) / (double)histogram->count * 1000);
        }
    }
    return -1;
}

/* Learned lengths: a dashed line each, the most frequent ones with their names. */
static void draw_cadences(struct ht_html *page, const struct ht_svg *svg,
                          const struct ht_chart_histogram *histogram) {
    int64_t places[MARKS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < page->summary->cadence_count && count < MARKS_MAX; i++) {
        const struct ht_cadence_view *cadence = &page->summary->cadences[i];
        const int64_t place = place_of(histogram, cadence->length_s);
        bool free = place >= 0;
        for (size_t k = 0; k < count; k++) {
            free = free && (places[k] > place + LABEL_GAP || places[k] < place - LABEL_GAP);
        }
        if (!free) {
            continue;
        }
        ht_html_raw(page, "<line class=rule x1=\"");
        ht_html_percent(page, (uint64_t)place, 1000);
        ht_html_raw(page, "%\" x2=\"");
        ht_html_percent(page, (uint64_t)place, 1000);
        ht_html_format(page, "%%\" y1=%d y2=%u /><text class=mark text-anchor=%s x=\"",
                       HT_SVG_TOP - 2, svg->height + HT_SVG_TOP,
                       place < 60    ? "start"
                       : place > 940 ? "end"
                                     : "middle");
        ht_html_percent(page, (uint64_t)place, 1000);
        ht_html_raw(page, "%\" y=12>");
        put_short(page, cadence->length_s);
        ht_html_raw(page, "</text>\n");
        places[count++] = place;
    }
}

static void write_table(struct ht_html *page, const struct ht_chart_histogram *histogram) {
    ht_html_figures(page,
                    "span|#token-expiry|#network-idle-timeout|#hub-transient|#other|#unknown");
    for (size_t i = 0; i < histogram->count; i++) {
        if (count_bin(&histogram->bins[i]) == 0) {
            continue;
        }
        ht_html_raw(page, "<tr><td>");
        put_range(&page->words, &histogram->bins[i]);
        ht_html_words(page);
        for (size_t k = 0; k < HT_CLASS_COUNT; k++) {
            ht_html_figure_cell(page, histogram->bins[i].by_class[stacked(k)]);
        }
        ht_html_raw(page, "\n");
    }
    ht_html_figures_end(page);
}

static void write_histogram(struct ht_html *page, struct ht_svg *svg,
                            const struct ht_chart_histogram *histogram, bool with_cadences) {
    uint64_t most = 0;
    for (size_t i = 0; i < histogram->count; i++) {
        const uint64_t count = count_bin(&histogram->bins[i]);
        most = count > most ? count : most;
    }
    if (most == 0) {
        return;
    }
    ht_svg_scale(svg, most);
    ht_svg_open(page, svg);
    for (size_t i = 0; i < histogram->count; i++) {
        draw_bin(page, svg, histogram, i);
    }
    ht_svg_grid(page, svg);
    draw_edges(page, svg, histogram);
    if (with_cadences) {
        draw_cadences(page, svg, histogram);
    }
    ht_svg_close(page);
    ht_svg_legend_begin(page);
    for (size_t i = 0; i < HT_CLASS_COUNT; i++) {
        if (count_class(histogram, stacked(i)) > 0) {
            ht_svg_legend(page, class_fills[stacked(i)], ht_class_name(stacked(i)));
        }
    }
    ht_svg_legend_end(page);
    write_table(page, histogram);
    ht_svg_figure_end(page);
}

static void write_cadence(struct ht_html *page, const struct ht_cadence_view *cadence) {
    ht_html_raw(page, "<tr><td class=n>");
    ht_html_span(page, cadence->length_s);
    ht_html_raw(page, "<td>");
    ht_html_text(page, cadence->kind);
    ht_html_raw(page, "<td>");
    ht_html_text(page, cadence->sdk_family != NULL ? cadence->sdk_family : "-");
    ht_html_raw(page, cadence->x509 ? ", X.509<td>" : "<td>");
    ht_html_log(page, cadence->protocol, "-");
    ht_html_raw(page, "<td class=n>");
    ht_html_count(page, cadence->sessions);
    ht_html_raw(page, "<td class=n>");
    ht_html_count(page, cadence->devices);
    ht_html_raw(page, "<td class=n>");
    ht_text_put_percent(&page->words, cadence->hit_rate, 1);
    ht_html_words(page);
    ht_html_raw(page, "\n");
}

static void write_cadences(struct ht_html *page) {
    const size_t count = page->summary->cadence_count;
    const size_t shown = count < CADENCES_MAX ? count : CADENCES_MAX;
    if (count == 0) {
        return;
    }
    ht_html_raw(page, "<figure class=chart id=cadences>\n<figcaption><h3><a href=\"#cadences\">"
                      "Session lengths that recur</a></h3><p class=lead>Learned from this log: "
                      "tokens, plans and limits of networks. Hit: of the sessions that got so "
                      "old, how many ended there.</p></figcaption>\n");
    ht_html_table(page, "#length|kind|SDK|protocol|#sessions|#devices|#hit");
    for (size_t i = 0; i < shown; i++) {
        write_cadence(page, &page->summary->cadences[i]);
    }
    ht_html_table_end(page);
    ht_svg_figure_end(page);
}

void ht_html_lengths(struct ht_html *page) {
    struct ht_svg sessions = {
        .id = "session-lengths",
        .title = "How long sessions lasted",
        .about = "By class of the cause. Dashed: lengths that recur.",
        .height = 180,
    };
    struct ht_svg gaps = {
        .id = "gaps",
        .title = "How long devices were away",
        .about = "By class of the cause, until the next accepted connect.",
        .height = 180,
    };
    ht_html_raw(page, "<div class=pair>\n");
    write_histogram(page, &sessions, &page->charts->sessions, true);
    write_histogram(page, &gaps, &page->charts->gaps, false);
    ht_html_raw(page, "</div>\n");
    write_cadences(page);
}
