/* SPDX-License-Identifier: MIT */
/* Any bytes as the texts of a log: the page has no tag, attribute or entity but ours, and stays
 * below its size. */
#include "hostile_report.h"
#include "html_strict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAGE_BYTES_MAX = 1000000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ht_report *report = hostile_report(data, size);
    struct ht_strbuf page;
    hostile_render(report, HT_FORMAT_HTML, HT_EMIT_DISCONNECTS, &page);
    HT_ASSERT(html_check(ht_strbuf_str(&page)) == NULL);
    HT_ASSERT(page.len < PAGE_BYTES_MAX);
    ht_strbuf_release(&page);
    ht_report_free(report);
    return 0;
}
