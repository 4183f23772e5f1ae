/* SPDX-License-Identifier: MIT */
/*
 * CSV and TSV: the reader's framing by libcsv and a second, naive reading, written from the rules
 * alone, find the same rows with the same cells and the same wrong lines; the size of blocks
 * changes nothing. Then the rows as records. First bytes: block, ceiling, separator.
 */
#include <stdlib.h>

#include "base/text.h"
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMNS = 3, CELL_BYTES_MAX = FEED_BYTES_MAX };

/* What one reading found, in order. */
struct found {
    uint64_t rows;   /* fingerprint of the cells */
    uint64_t wrongs; /* fingerprint of reasons and places */
    uint64_t row_count;
    uint64_t wrong_count;
};

static void find_cell(struct found *found, struct ht_str cell) {
    found->rows = ht_hash_mix(found->rows, ht_hash_bytes(cell, 1));
}

static void find_wrong(struct found *found, enum ht_bad reason, uint64_t offset) {
    const uint64_t numbers[] = {reason, offset};
    found->wrongs =
        ht_hash_mix(found->wrongs,
                    ht_hash_bytes((struct ht_str){(const char *)numbers, sizeof numbers}, 1));
    found->wrong_count++;
}

/* The naive reading: one byte after the other, from the rules of input/csv.h and input/table.c. */

enum place { BEFORE = 0, PLAIN, QUOTED, BEHIND_QUOTE, ENDED, WRONG };

struct naive {
    struct ht_str text;
    size_t max;
    char separator;
    enum place place;
    char cell[CELL_BYTES_MAX];
    size_t len;
    size_t blanks; /* at the end of cell, that may not belong to it */
    size_t cell_count;
    struct found row;
};

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static void put(struct naive *naive, char c) {
    naive->cell[naive->len++] = c;
}

static void end_cell(struct naive *naive) {
    if (naive->place == PLAIN) {
        naive->len -= naive->blanks;
    } else if (naive->place == BEHIND_QUOTE) {
        naive->len -= naive->blanks + 1; /* and the quote */
    }
    find_cell(&naive->row, (struct ht_str){naive->cell, naive->len});
    naive->cell_count++;
    naive->len = 0;
    naive->blanks = 0;
    naive->place = BEFORE;
}

static void step(struct naive *naive, char c) {
    const bool strict = naive->separator != '\t';
    const bool quoted = naive->place == QUOTED;
    if (naive->place == WRONG) {
        return;
    }
    if (naive->place == ENDED) { /* by a carriage return */
        naive->place = is_blank(c) || c == '\r' || c == '\n' ? ENDED : WRONG;
        return;
    }
    if (!quoted && c == naive->separator) {
        end_cell(naive);
        return;
    }
    if (!quoted && (c == '\n' || c == '\r')) {
        const bool begun = naive->place != BEFORE || naive->cell_count > 0;
        if (begun) {
            end_cell(naive);
            naive->place = ENDED;
        }
        return;
    }
    switch (naive->place) {
    case BEFORE:
        if (c == '"') {
            naive->place = QUOTED;
        } else if (!is_blank(c)) {
            put(naive, c);
            naive->place = PLAIN;
        }
        break;
    case PLAIN:
        naive->place = c == '"' && strict ? WRONG : PLAIN;
        naive->blanks = is_blank(c) ? naive->blanks + 1 : 0;
        put(naive, c);
        break;
    case QUOTED:
        put(naive, c);
        naive->place = c == '"' ? BEHIND_QUOTE : QUOTED;
        break;
    default: /* BEHIND_QUOTE */
        if (c == '"' && naive->blanks == 0) {
            naive->place = QUOTED; /* doubled: the first one stays */
        } else if (c == '"') {
            naive->place = strict ? WRONG : BEHIND_QUOTE;
            naive->blanks = 0;
            put(naive, c);
        } else if (is_blank(c)) {
            naive->blanks++;
            put(naive, c);
        } else {
            naive->place = strict ? WRONG : QUOTED;
            naive->blanks = 0;
            put(naive, c);
        }
        break;
    }
}

static bool is_sound_text(struct ht_str text) {
    while (text.len > 0) {
        uint32_t code_point = 0;
        const size_t used = ht_utf8_decode(text, &code_point);
        if (used == 0 || code_point == 0) {
            return false;
        }
        text = (struct ht_str){text.ptr + used, text.len - used};
    }
    return true;
}

/* The end of the line at `from`, behind its line feed; `limit` when there is none before. */
static size_t line_end(const struct naive *naive, size_t from, size_t limit, bool *complete) {
    while (from < limit && naive->text.ptr[from] != '\n') {
        from++;
    }
    *complete = from < limit;
    return *complete ? from + 1 : limit;
}

/* One row, or a wrong line; returns where reading goes on. */
static size_t read_row(struct naive *naive, size_t begin, struct found *found) {
    const size_t left = naive->text.len - begin;
    const size_t limit = begin + (left < naive->max ? left : naive->max);
    const bool full = left >= naive->max;
    bool complete = false;
    const size_t first = line_end(naive, begin, limit, &complete);
    size_t at = begin;
    naive->place = BEFORE;
    naive->len = 0;
    naive->blanks = 0;
    naive->cell_count = 0;
    naive->row = *found;
    const struct ht_str line = {naive->text.ptr + begin, first - begin};
    const bool cut =
        !complete && naive->separator == '\t' && memchr(line.ptr, '\t', line.len) != NULL;
    if (ht_str_trim(line).len == 0 && !cut) {
        return first;
    }
    do {
        const size_t end = line_end(naive, at, limit, &complete);
        if (!complete && full) {
            find_wrong(found, HT_BAD_TOO_LONG, begin);
            bool ignored = false;
            return line_end(naive, begin, naive->text.len, &ignored);
        }
        for (; at < end; at++) {
            step(naive, naive->text.ptr[at]);
        }
    } while (complete && naive->place != ENDED && naive->place != WRONG);
    const bool one_line = at == first;
    if (naive->place == WRONG) {
        find_wrong(found, HT_BAD_ROW, begin);
        return first;
    }
    if (naive->place == QUOTED) {
        find_wrong(found, one_line ? HT_BAD_CUT : HT_BAD_ROW, begin);
        return first;
    }
    if (naive->place != ENDED) {
        end_cell(naive);
    }
    if (!is_sound_text((struct ht_str){naive->text.ptr + begin, at - begin}) ||
        naive->cell_count != COLUMNS) {
        const bool sound = is_sound_text((struct ht_str){naive->text.ptr + begin, at - begin});
        const bool ends = sound && !complete && naive->cell_count < COLUMNS;
        find_wrong(found, ends ? HT_BAD_CUT : HT_BAD_ROW, begin);
        return first;
    }
    found->rows = naive->row.rows;
    found->row_count++;
    return at;
}

/* The reader. */

static enum ht_status on_header(void *ctx, const struct ht_cells *names,
                                struct ht_header_answer *answer) {
    (void)ctx;
    answer->log = names->count == COLUMNS && ht_str_eq(names->cells[0], HT_STR("TimeGenerated"));
    return HT_OK;
}

static enum ht_status on_cells(void *ctx, const struct ht_cells *cells,
                               struct ht_frame_answer *answer) {
    struct found *found = ctx;
    HT_ASSERT(cells->count == COLUMNS);
    for (size_t i = 0; i < cells->count; i++) {
        find_cell(found, cells->cells[i]);
    }
    found->row_count++;
    answer->kind = HT_FRAME_RECORD;
    return HT_OK;
}

static enum ht_status on_frame(void *ctx, const struct ht_frame *frame,
                               struct ht_frame_answer *answer) {
    (void)ctx;
    (void)answer;
    HT_ASSERT(frame == NULL); /* a table has no objects */
    return HT_OK;
}

static void on_bad(void *ctx, const struct ht_bad_record *bad) {
    find_wrong(ctx, bad->reason, bad->offset_bytes);
}

/* False when the source was taken for something else, such as a table for the eye. */
static bool read_table(const uint8_t *text, size_t size, size_t block, size_t max,
                       struct found *found) {
    const struct ht_reader_callbacks callbacks = {
        .ctx = found, .frame = on_frame, .header = on_header, .cells = on_cells, .bad = on_bad};
    const struct ht_reader_limits limits = {.block_bytes = block, .record_bytes_max = max};
    struct feed feed = {.records = 0};
    uint64_t not_records = 0;
    *found = (struct found){.rows = 0};
    feed_add(&feed, text, size);
    HT_ASSERT(ht_read(&feed.list, &limits, &callbacks, &not_records) == HT_OK);
    HT_ASSERT(feed.list.sources[0].records == found->row_count + found->wrong_count);
    HT_ASSERT(close(feed.list.sources[0].fd) == 0);
    const bool read = feed.list.sources[0].problem[0] == '\0';
    ht_source_list_release(&feed.list);
    return read;
}

static void assert_same(const struct found *a, const struct found *b) {
    HT_ASSERT(a->row_count == b->row_count && a->rows == b->rows);
    HT_ASSERT(a->wrong_count == b->wrong_count && a->wrongs == b->wrongs);
}

static void compare(const uint8_t *text, size_t size, size_t header, const uint8_t *knobs) {
    static struct naive naive;
    struct found expected = {.rows = 0};
    struct found whole;
    struct found blocks;
    const size_t max = knobs[1] < 128 ? (size_t)1 << 20 : knobs[1];
    naive.text = (struct ht_str){(const char *)text, size};
    naive.max = max;
    naive.separator = (char)text[header - 3];
    for (size_t at = header; at < size;) {
        at = read_row(&naive, at, &expected);
    }
    if (read_table(text, size, FEED_BYTES_MAX, max, &whole)) {
        assert_same(&expected, &whole);
        HT_ASSERT(read_table(text, size, knobs[0] + 1U, max, &blocks));
        assert_same(&expected, &blocks);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const headers[] = {"TimeGenerated,OperationName,x\n",
                                          "TimeGenerated\tOperationName\tx\n",
                                          "TimeGenerated;OperationName;x\n"};
    if (size < 3 || size > FEED_BYTES_MAX - 64) {
        return 0;
    }
    const char *names = headers[data[2] % 3];
    const size_t header = strlen(names);
    uint8_t *text = malloc(header + size - 3);
    HT_ASSERT(text != NULL);
    memcpy(text, names, header);
    memcpy(text + header, data + 3, size - 3);
    compare(text, header + size - 3, header, data);
    /* And as a source of its own, whatever it is. */
    struct feed feed = {.records = 0};
    struct feed again = {.records = 0};
    feed_add(&feed, data + 3, size - 3);
    feed_run(&feed, data[0] + 1U, (size_t)1 << 20);
    feed_add(&again, data + 3, size - 3);
    feed_run(&again, FEED_BYTES_MAX, (size_t)1 << 20);
    HT_ASSERT(feed.records == again.records && feed.bad_places == again.bad_places);
    HT_ASSERT(feed.refused == again.refused && feed.not_records == again.not_records);
    free(text);
    return 0;
}
