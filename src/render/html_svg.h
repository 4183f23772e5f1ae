/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_HTML_SVG_H
#define HT_RENDER_HTML_SVG_H
/*
 * Charts as inline SVG. Horizontal places are in percent and vertical ones in pixels, so that a
 * chart is as wide as its column and its text keeps its size. Each stands in a <figure> with its
 * caption, its legend and its table.
 */
#include "render/html_out.h"

/* The plot lies below the place for marks and above the place for labels. */
enum { HT_SVG_TOP = 18, HT_SVG_BOTTOM = 20 };

struct ht_svg {
    const char *id;    /* unique in the page */
    const char *title; /* of the chart; its heading */
    const char *about; /* what it shows, for those who cannot see it and for the caption */
    unsigned height;   /* of the plot, in pixels */
    uint64_t top;      /* value at the upper edge of the plot */
    uint64_t step;     /* between lines of the grid */
};

/* Fits top and step to the largest value. */
void ht_svg_scale(struct ht_svg *svg, uint64_t most);

void ht_svg_open(struct ht_html *page, const struct ht_svg *svg);
void ht_svg_close(struct ht_html *page);
void ht_svg_figure_end(struct ht_html *page);

/* Lines of the grid with their values. */
void ht_svg_grid(struct ht_html *page, const struct ht_svg *svg);
/* Times below the plot. */
void ht_svg_times(struct ht_html *page, const struct ht_svg *svg, const struct ht_chart_axis *axis);
/* The incidents that are shown: a band, and a letter above the plot. */
void ht_svg_incidents(struct ht_html *page, const struct ht_svg *svg,
                      const struct ht_chart_axis *axis);

/* One of count stacked bars: page->words show when it is pointed at, then come its parts, from
 * value low to value high, then its end. */
void ht_svg_slot(struct ht_html *page, const struct ht_svg *svg, size_t index, size_t count);
void ht_svg_bar(struct ht_html *page, const struct ht_svg *svg, uint64_t low, uint64_t high,
                const char *class);
void ht_svg_slot_end(struct ht_html *page);

/* A picture in the picture, stretched to its width, in which each of count steps is 1 wide: for
 * paths, whose places cannot be percent. */
void ht_svg_stretch(struct ht_html *page, unsigned y, unsigned height, size_t count);
void ht_svg_stretch_end(struct ht_html *page);
/* Steps of a path in it over the plot, from left to right, or back from the right. */
void ht_svg_steps(struct ht_html *page, const struct ht_svg *svg, size_t count,
                  uint64_t value_of(const struct ht_html *page, size_t index), bool forth);

void ht_svg_legend_begin(struct ht_html *page);
void ht_svg_legend(struct ht_html *page, const char *class, const char *name);
void ht_svg_legend_end(struct ht_html *page);

/* "03-10 14:20", with seconds where steps are shorter than a minute, without time where they are
 * days. */
void ht_svg_put_time(struct ht_strbuf *words, int64_t time_us, int64_t step_us);

#endif
