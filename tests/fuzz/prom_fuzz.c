/* SPDX-License-Identifier: MIT */
/* Any bytes as the texts of a log: every line is a help, a type, or a sample whose labels need no
 * escape; no series is there twice, and there are not many. */
#include "hostile_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SAMPLES_MAX = 3000 };

static bool is_word(struct ht_str text, const char *marks) {
    for (size_t i = 0; i < text.len; i++) {
        const char c = ht_ascii_lower(text.ptr[i]);
        if (!(c >= 'a' && c <= 'z') && !ht_ascii_is_digit(c) && strchr(marks, c) == NULL) {
            return false;
        }
    }
    return text.len > 0;
}

/* Takes up to one of the marks, and it. */
static struct ht_str take(struct ht_str *rest, const char *marks, char *mark) {
    struct ht_str part = {rest->ptr, 0};
    while (part.len < rest->len && strchr(marks, rest->ptr[part.len]) == NULL) {
        part.len++;
    }
    HT_ASSERT(part.len < rest->len);
    *mark = rest->ptr[part.len];
    rest->ptr += part.len + 1;
    rest->len -= part.len + 1;
    return part;
}

static void check_sample(struct ht_str line) {
    char mark = 0;
    HT_ASSERT(is_word(take(&line, "{ ", &mark), "_"));
    while (mark == '{' || mark == ',') {
        HT_ASSERT(is_word(take(&line, "=", &mark), "_"));
        HT_ASSERT(line.len > 0 && line.ptr[0] == '"');
        (void)take(&line, "\"", &mark);
        HT_ASSERT(is_word(take(&line, "\"", &mark), "-._"));
        (void)take(&line, ",}", &mark);
        if (mark == '}') {
            (void)take(&line, " ", &mark);
        }
    }
    HT_ASSERT(is_word(line, ""));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct ht_str samples[SAMPLES_MAX];
    struct ht_report *report = hostile_report(data, size);
    struct ht_strbuf page;
    struct ht_str line;
    size_t count = 0;
    hostile_render(report, HT_FORMAT_PROM, HT_EMIT_DISCONNECTS, &page);
    struct ht_str text = ht_strbuf_str(&page);
    hostile_check_plain(text);
    while (hostile_line(&text, &line)) {
        HT_ASSERT(line.len > 2);
        if (line.ptr[0] == '#') {
            continue;
        }
        check_sample(line);
        HT_ASSERT(count < SAMPLES_MAX);
        samples[count] = (struct ht_str){line.ptr, line.len};
        while (samples[count].ptr[samples[count].len - 1] != ' ') {
            samples[count].len--;
        }
        for (size_t i = 0; i < count; i++) {
            HT_ASSERT(!ht_str_eq(samples[i], samples[count]));
        }
        count++;
    }
    ht_strbuf_release(&page);
    ht_report_free(report);
    return 0;
}
