/* SPDX-License-Identifier: MIT */
/*
 * One character for each part of the span, and a ruler of times above it. A character tells the
 * worst that is certain of its part, so that a short loss is seen however long the span is.
 */
#include <inttypes.h>
#include <string.h>

#include "base/compiler.h"
#include "base/time.h"
#include "render/device_sections.h"

enum { CELLS_MAX = HT_TEXT_WIDTH_MAX, LABEL_GAP_MIN = 9, LABEL_BYTES = sizeof "00:00" - 1 };

enum axis_mark { UP = '#', BROKEN = '+', PARTLY = '-', DOWN = '.', REFUSED = 'x', UNKNOWN = '?' };

static char mark_of(const struct ht_axis_cell *cell) {
    const int64_t span_us = cell->up_us + cell->down_us + cell->unknown_us;
    if (cell->refused > 0 && cell->up_us * 2 < span_us) {
        return REFUSED;
    }
    if (cell->unknown_us * 2 > span_us) {
        return UNKNOWN;
    }
    if (cell->up_us == 0 && cell->down_us > 0) {
        return DOWN;
    }
    if (cell->down_us * 10 >= span_us) {
        return PARTLY;
    }
    return cell->disconnects > 0 || cell->down_us > 0 ? BROKEN : UP;
}

/* The smallest step of times, in seconds, whose labels do not touch. */
static int64_t ruler_step_s(int64_t span_us, size_t cells) {
    static const int64_t steps_s[] = {1,       5,       10,      30,      60,     300,
                                      600,     900,     1800,    3600,    7200,   10800,
                                      14400,   21600,   43200,   86400,   172800, 604800,
                                      1209600, 2419200, 7862400, 31449600};
    size_t i = 0;
    while (i + 1 < HT_ARRAY_LEN(steps_s) &&
           steps_s[i] * HT_US_PER_S <= span_us / (int64_t)cells * LABEL_GAP_MIN) {
        i++;
    }
    return steps_s[i];
}

/* "06:00", "03-10" at midnight, and minutes with seconds where the steps are that short. */
static void put_label(char *at, int64_t time_us, int64_t step_s) {
    char time[HT_TIME_TEXT_BYTES];
    (void)ht_time_format(time_us, time);
    const bool is_day = time_us % (HT_S_PER_DAY * HT_US_PER_S) == 0;
    const size_t from = is_day                     ? sizeof "2025-" - 1
                        : step_s < HT_S_PER_MINUTE ? sizeof "2025-03-10T00:" - 1
                                                   : sizeof "2025-03-10T" - 1;
    memcpy(at, time + from, LABEL_BYTES);
}

static void write_ruler(struct ht_text *text, int64_t from_us, int64_t to_us, size_t cells) {
    char ruler[CELLS_MAX + LABEL_BYTES];
    const int64_t span_us = to_us - from_us;
    const int64_t step_s = ruler_step_s(span_us, cells);
    const int64_t step_us = step_s * HT_US_PER_S;
    memset(ruler, ' ', sizeof ruler);
    int64_t at_us = from_us / step_us * step_us;
    at_us += at_us < from_us ? step_us : 0;
    for (; at_us < to_us; at_us += step_us) {
        const double place = (double)(at_us - from_us) / (double)span_us * (double)cells;
        const size_t cell = (size_t)place;
        if (cell + LABEL_BYTES <= cells) {
            put_label(ruler + cell, at_us, step_s);
        }
    }
    ht_strbuf_repeat(&text->words, ' ', HT_TEXT_INDENT);
    ht_strbuf_add(&text->words, (struct ht_str){ruler, cells});
    ht_text_line(text, ht_strbuf_str(&text->words), HT_TEXT_PLAIN);
    ht_strbuf_clear(&text->words);
}

/* Only the signs that are there. */
static void write_legend(struct ht_text *text, const char *marks, size_t cells) {
    static const struct {
        char mark;
        const char *meaning;
    } legend[] = {
        {UP, "up"},     {BROKEN, "up, but for a short gap"}, {PARTLY, "partly down"},
        {DOWN, "down"}, {REFUSED, "connects refused"},       {UNKNOWN, "not known"},
    };
    const char *before = "";
    for (size_t i = 0; i < HT_ARRAY_LEN(legend); i++) {
        if (memchr(marks, legend[i].mark, cells) != NULL) {
            ht_strbuf_printf(&text->words, "%s%c %s", before, legend[i].mark, legend[i].meaning);
            before = "   ";
        }
    }
    ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
}

static void put_title(struct ht_strbuf *title, int64_t span_us, size_t cells) {
    ht_strbuf_puts(title, "UP AND DOWN (UTC; a sign is ");
    const int64_t cell_s = span_us / (int64_t)cells / HT_US_PER_S;
    if (cell_s == 0) {
        ht_strbuf_puts(title, "less than 1s");
    } else {
        ht_text_put_span(title, cell_s);
    }
    ht_strbuf_puts(title, ")");
}

void ht_device_section_axis(struct ht_text *text, const struct ht_report *report, size_t device) {
    struct ht_axis_cell cells[CELLS_MAX];
    char marks[CELLS_MAX];
    int64_t from_us = 0;
    int64_t to_us = 0;
    const size_t count = text->width - HT_TEXT_INDENT;
    if (!ht_device_axis(report, device, cells, count, &from_us, &to_us)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        marks[i] = mark_of(&cells[i]);
    }
    struct ht_strbuf title;
    ht_strbuf_init(&title, HT_TEXT_WIDTH_MAX);
    put_title(&title, to_us - from_us, count);
    ht_text_heading(text, title.ptr);
    ht_strbuf_release(&title);
    write_ruler(text, from_us, to_us, count);
    ht_strbuf_repeat(&text->words, ' ', HT_TEXT_INDENT);
    ht_strbuf_add(&text->words, (struct ht_str){marks, count});
    ht_text_line(text, ht_strbuf_str(&text->words), HT_TEXT_PLAIN);
    ht_strbuf_clear(&text->words);
    write_legend(text, marks, count);
}
