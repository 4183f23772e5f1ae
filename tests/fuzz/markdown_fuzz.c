/* SPDX-License-Identifier: MIT */
/* Any bytes as the texts of a log: outside of code there is no markup but ours, and the rows of a
 * table have the cells of its head. */
#include "hostile_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Takes what stands in a code span or <code>; what is left begins behind it. */
static void skip_code(struct ht_str *rest, const char *end, bool references) {
    const size_t len = strlen(end);
    while (rest->len >= len && memcmp(rest->ptr, end, len) != 0) {
        const unsigned char c = (unsigned char)rest->ptr[0];
        HT_ASSERT(c != '|' && c != '\n' && (references || c != '\\'));
        HT_ASSERT(!references || c >= 0x80 || strchr("&#;", c) != NULL ||
                  ht_ascii_is_digit((char)c) ||
                  (ht_ascii_lower((char)c) >= 'a' && ht_ascii_lower((char)c) <= 'z'));
        rest->ptr++;
        rest->len--;
    }
    HT_ASSERT(rest->len >= len);
    rest->ptr += len;
    rest->len -= len;
}

static bool skip(struct ht_str *rest, const char *begin) {
    const size_t len = strlen(begin);
    if (rest->len < len || memcmp(rest->ptr, begin, len) != 0) {
        return false;
    }
    rest->ptr += len;
    rest->len -= len;
    return true;
}

/* Returns the number of cells. */
static size_t check_line(struct ht_str rest) {
    size_t bars = 0;
    while (rest.len > 0) {
        if (skip(&rest, "<code>")) {
            skip_code(&rest, "</code>", true);
        } else if (skip(&rest, "`")) {
            skip_code(&rest, "`", false);
        } else if (skip(&rest, "<https://learn.microsoft.com/")) {
            while (!skip(&rest, ">")) {
                HT_ASSERT(rest.len > 0 && rest.ptr[0] != ' ');
                rest.ptr++;
                rest.len--;
            }
        } else if (skip(&rest, "\\")) {
            HT_ASSERT(rest.len > 0);
            rest.ptr++;
            rest.len--;
        } else {
            HT_ASSERT(strchr("<>[]@!~$", rest.ptr[0]) == NULL);
            bars += rest.ptr[0] == '|';
            rest.ptr++;
            rest.len--;
        }
    }
    return bars;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ht_report *report = hostile_report(data, size);
    struct ht_strbuf page;
    struct ht_str line;
    size_t cells = 0;
    hostile_render(report, HT_FORMAT_MARKDOWN, HT_EMIT_DISCONNECTS, &page);
    struct ht_str text = ht_strbuf_str(&page);
    hostile_check_plain(text);
    while (hostile_line(&text, &line)) {
        const size_t bars = check_line(line);
        HT_ASSERT(cells == 0 || bars == 0 || bars == cells);
        cells = bars;
    }
    ht_strbuf_release(&page);
    ht_report_free(report);
    return 0;
}
