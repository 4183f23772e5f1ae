/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_DEVICE_SECTIONS_H
#define HT_RENDER_DEVICE_SECTIONS_H
/* The parts of a device's time line in text. */
#include "hubtriage/device.h"
#include "render/text_out.h"

/* Up and down over time, drawn as wide as the text is. */
void ht_device_section_axis(struct ht_text *text, const struct ht_report *report, size_t device);

/* Each session with its end, verdict, evidence, and the refusals behind it. */
void ht_device_section_steps(struct ht_text *text, const struct ht_report *report, size_t device,
                             const struct ht_device_view *view);

#endif
