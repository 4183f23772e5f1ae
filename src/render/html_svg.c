/* SPDX-License-Identifier: MIT */
#include "render/html_svg.h"

#include "base/time.h"
#include "render/html_sections.h"

enum { LABELS_MAX = 9, LETTER_GAP = 25 /* thousandths of the width */ };

void ht_svg_scale(struct ht_svg *svg, uint64_t most) {
    uint64_t step = 1;
    for (unsigned i = 0; step * 4 < most && step < UINT64_MAX / 40; i++) {
        step = i % 3 == 1 ? step / 2 * 5 : step * 2; /* 1, 2, 5, 10, ... */
    }
    svg->step = step;
    svg->top = most > 0 ? (most + step - 1) / step * step : step;
}

void ht_svg_open(struct ht_html *page, const struct ht_svg *svg) {
    ht_html_format(page, "<figure class=chart id=%s>\n<figcaption><h3><a href=\"#%s\">", svg->id,
                   svg->id);
    ht_html_text(page, svg->title);
    ht_html_raw(page, "</a></h3><p class=lead>");
    ht_html_text(page, svg->about);
    ht_html_format(page,
                   "</p></figcaption>\n<svg role=img aria-labelledby=\"%s-t %s-d\" height=%u>\n"
                   "<title id=%s-t>",
                   svg->id, svg->id, svg->height + HT_SVG_TOP + HT_SVG_BOTTOM, svg->id);
    ht_html_text(page, svg->title);
    ht_html_format(page, "</title><desc id=%s-d>", svg->id);
    ht_html_text(page, svg->about);
    ht_html_raw(page, "</desc>\n");
}

void ht_svg_close(struct ht_html *page) {
    ht_html_raw(page, "</svg>\n");
}

void ht_svg_figure_end(struct ht_html *page) {
    ht_html_raw(page, "</figure>\n");
}

/* Pixels from the upper edge of the picture. */
static unsigned y_of(const struct ht_svg *svg, uint64_t value) {
    const double share = svg->top > 0 ? (double)value / (double)svg->top : 0;
    const double up = (double)svg->height * (share < 1 ? share : 1);
    return svg->height + HT_SVG_TOP - (unsigned)(up + 0.5);
}

static void put_percent(struct ht_html *page, const char *name, uint64_t part, uint64_t whole) {
    ht_html_format(page, " %s=\"", name);
    ht_html_percent(page, part, whole);
    ht_html_raw(page, "%\"");
}

void ht_svg_grid(struct ht_html *page, const struct ht_svg *svg) {
    for (uint64_t value = 0; value <= svg->top; value += svg->step) {
        const unsigned y = y_of(svg, value);
        ht_html_format(page, "<line class=%s x2=\"100%%\" y1=%u y2=%u />",
                       value > 0 ? "grid" : "base", y, y);
    }
    for (uint64_t value = svg->step; value <= svg->top; value += svg->step) {
        ht_html_format(page, "<text class=halo y=%u>", y_of(svg, value) - 3);
        ht_html_count(page, value);
        ht_html_raw(page, "</text>\n");
    }
}

static int64_t label_step_s(int64_t span_s) {
    static const int64_t steps_s[] = {1,    5,    10,   30,    60,    300,   600,
                                      1800, 3600, 7200, 10800, 21600, 43200, 86400};
    size_t i = 0;
    while (i + 1 < HT_ARRAY_LEN(steps_s) && span_s / steps_s[i] >= LABELS_MAX) {
        i++;
    }
    int64_t step_s = steps_s[i];
    while (span_s / step_s >= LABELS_MAX) {
        step_s += 86400;
    }
    return step_s;
}

void ht_svg_put_time(struct ht_strbuf *words, int64_t time_us, int64_t step_us) {
    char time[HT_TIME_TEXT_BYTES];
    (void)ht_time_format(time_us, time);
    ht_strbuf_add(words, (struct ht_str){time + sizeof "2025-" - 1, sizeof "03-10" - 1});
    if (step_us % (HT_S_PER_DAY * HT_US_PER_S) != 0) {
        const bool seconds = step_us % (HT_S_PER_MINUTE * HT_US_PER_S) != 0;
        ht_strbuf_putc(words, ' ');
        ht_strbuf_add(words, (struct ht_str){time + sizeof "2025-03-10T" - 1,
                                             seconds ? sizeof "00:00:00" - 1 : sizeof "00:00" - 1});
    }
}

static void put_label(struct ht_html *page, int64_t time_us, int64_t step_s) {
    const bool is_day = time_us % (HT_S_PER_DAY * HT_US_PER_S) == 0;
    char time[HT_TIME_TEXT_BYTES];
    (void)ht_time_format(time_us, time);
    const size_t from = is_day ? sizeof "2025-" - 1 : sizeof "2025-03-10T" - 1;
    const size_t len =
        is_day || step_s % HT_S_PER_MINUTE == 0 ? sizeof "00:00" - 1 : sizeof "00:00:00" - 1;
    ht_strbuf_add(&page->words, (struct ht_str){time + from, len});
    ht_html_words(page);
}

void ht_svg_times(struct ht_html *page, const struct ht_svg *svg,
                  const struct ht_chart_axis *axis) {
    const int64_t span_us = (int64_t)axis->count * axis->step_us;
    const int64_t step_s = label_step_s(span_us / HT_US_PER_S);
    const int64_t step_us = step_s * HT_US_PER_S;
    const int64_t first_us = (axis->from_us + step_us - 1) / step_us * step_us;
    for (int64_t i = 0; first_us + i * step_us < axis->from_us + span_us; i++) {
        const int64_t at_us = first_us + i * step_us - axis->from_us;
        const bool at_edge = at_us * 50 < span_us;
        if (at_us * 50 > span_us * 49) {
            break; /* no room for it */
        }
        ht_html_format(page, "<text class=%s text-anchor=%s", i % 2 == 0 ? "major" : "minor",
                       at_edge ? "start" : "middle");
        put_percent(page, "x", (uint64_t)at_us, (uint64_t)span_us);
        ht_html_format(page, " y=%u>", svg->height + HT_SVG_TOP + 15);
        put_label(page, first_us + i * step_us, step_s);
        ht_html_raw(page, "</text>");
    }
    ht_html_raw(page, "\n");
}

void ht_svg_incidents(struct ht_html *page, const struct ht_svg *svg,
                      const struct ht_chart_axis *axis) {
    const int64_t span_us = (int64_t)axis->count * axis->step_us;
    int64_t free_from = 0; /* thousandths of the width */
    for (size_t i = 0; i < page->incident_count; i++) {
        const struct ht_incident_view *incident = &page->summary->incidents[page->incidents[i]];
        int64_t from_us = incident->start_us - axis->from_us;
        int64_t to_us = incident->end_us - axis->from_us;
        if (to_us < 0 || from_us >= span_us) {
            continue;
        }
        from_us = from_us > 0 ? from_us / axis->step_us * axis->step_us : 0;
        to_us = to_us < span_us ? (to_us / axis->step_us + 1) * axis->step_us : span_us;
        ht_html_raw(page, "<rect class=band");
        put_percent(page, "x", (uint64_t)from_us, (uint64_t)span_us);
        put_percent(page, "width", (uint64_t)(to_us - from_us), (uint64_t)span_us);
        ht_html_format(page, " y=%d height=%u />", HT_SVG_TOP, svg->height);
        const int64_t middle = (int64_t)((double)(from_us + to_us) / 2 / (double)span_us * 1000);
        if (middle >= free_from) {
            ht_html_raw(page, "<text class=mark text-anchor=middle");
            put_percent(page, "x", (uint64_t)middle, 1000);
            ht_html_raw(page, " y=12>");
            ht_html_put_letter(page, i);
            ht_html_raw(page, "</text>\n");
            free_from = middle + LETTER_GAP;
        }
    }
}

void ht_svg_slot(struct ht_html *page, const struct ht_svg *svg, size_t index, size_t count) {
    ht_html_raw(page, "<svg");
    put_percent(page, "x", index * 100 + 7, count * 100);
    put_percent(page, "width", 86, count * 100);
    ht_html_raw(page, "><title>");
    ht_html_words(page);
    ht_html_format(page, "</title><rect class=hover y=%d height=%u />", HT_SVG_TOP, svg->height);
}

void ht_svg_bar(struct ht_html *page, const struct ht_svg *svg, uint64_t low, uint64_t high,
                const char *class) {
    const unsigned y = y_of(svg, high);
    const unsigned below = y_of(svg, low);
    if (high > low) {
        ht_html_format(page, "<rect class=%s y=%u height=%u />", class, y,
                       below > y ? below - y : 1);
    }
}

void ht_svg_slot_end(struct ht_html *page) {
    ht_html_raw(page, "</svg>\n");
}

void ht_svg_stretch(struct ht_html *page, unsigned y, unsigned height, size_t count) {
    ht_html_format(page,
                   "<svg y=%u width=\"100%%\" height=%u viewBox=\"0 0 %zu %u\" "
                   "preserveAspectRatio=none>\n",
                   y, height, count, height);
}

void ht_svg_stretch_end(struct ht_html *page) {
    ht_html_raw(page, "</svg>\n");
}

void ht_svg_steps(struct ht_html *page, const struct ht_svg *svg, size_t count,
                  uint64_t value_of(const struct ht_html *page, size_t index), bool forth) {
    for (size_t i = 0; i < count; i++) {
        const size_t index = forth ? i : count - 1 - i;
        const unsigned y = y_of(svg, value_of(page, index)) - HT_SVG_TOP;
        ht_html_format(page,
                       i > 0   ? "V%uh%s"
                       : forth ? "M0 %uh%s"
                               : "V%uh%s",
                       y, forth ? "1" : "-1");
    }
}

void ht_svg_legend_begin(struct ht_html *page) {
    ht_html_raw(page, "<ul class=legend>\n");
}

void ht_svg_legend(struct ht_html *page, const char *class, const char *name) {
    ht_html_format(page,
                   "<li><svg aria-hidden=true width=14 height=14><rect class=%s width=14 height=14 "
                   "/></svg>",
                   class);
    ht_html_text(page, name);
    ht_html_raw(page, "</li>\n");
}

void ht_svg_legend_end(struct ht_html *page) {
    ht_html_raw(page, "</ul>\n");
}
