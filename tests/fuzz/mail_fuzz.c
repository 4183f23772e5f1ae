/* SPDX-License-Identifier: MIT */
/* Any bytes as the texts of a log: a mail has its five headers, its subject is short and ASCII, and
 * nothing in the body is obeyed. */
#include "hostile_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_subject(struct ht_str line) {
    HT_ASSERT(line.len < 78 && line.len > 9 && memcmp(line.ptr, "Subject: ", 9) == 0);
    for (size_t i = 0; i < line.len; i++) {
        HT_ASSERT(line.ptr[i] >= ' ' && line.ptr[i] <= '~');
    }
    const size_t encoded = ht_str_find_nocase(line, HT_STR("=?"));
    HT_ASSERT(encoded == SIZE_MAX || (encoded == 9 && memcmp(line.ptr + 9, "=?UTF-8?B?", 10) == 0 &&
                                      memcmp(line.ptr + line.len - 2, "?=", 2) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char headers[] = "Auto-Submitted: auto-generated\n"
                                  "MIME-Version: 1.0\n"
                                  "Content-Type: text/plain; charset=UTF-8\n"
                                  "Content-Transfer-Encoding: 8bit\n"
                                  "\n";
    struct ht_report *report = hostile_report(data, size);
    struct ht_strbuf page;
    struct ht_str line;
    hostile_render(report, HT_FORMAT_MAIL, HT_EMIT_DISCONNECTS, &page);
    struct ht_str text = ht_strbuf_str(&page);
    hostile_check_plain(text);
    HT_ASSERT(hostile_line(&text, &line));
    check_subject(line);
    HT_ASSERT(text.len > sizeof headers && memcmp(text.ptr, headers, sizeof headers - 1) == 0);
    while (hostile_line(&text, &line)) {
        HT_ASSERT(line.len <= 998 && !ht_str_eq(line, HT_STR(".")));
    }
    ht_strbuf_release(&page);
    ht_report_free(report);
    return 0;
}
