/* SPDX-License-Identifier: MIT */
/*
 * JSON: two neighbours in the head, where most records stand, show the pattern: the byte before the
 * space between them, that space, and what both begin with, up to the first key. Tables: a line
 * whose cells are as many as there are columns.
 */
#include "input/cut.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "input/table.h"

enum {
    HEAD_BYTES = 128 * 1024,
    SEARCH_BYTES = 1024 * 1024,
    WINDOW_BYTES = 64 * 1024,
    SEEN_MAX = 32,
    GAP_MAX = 96,
    BEGIN_MAX = 32,
    LINES_MAX = 64,
};

/* A record of the head. */
struct seen {
    uint64_t offset_bytes;
    size_t open_count;
    struct ht_open open[HT_OPEN_MAX];
};

struct ht_cutter {
    struct ht_reader *reader;
    const struct ht_reader_callbacks *inner;
    struct ht_reader_callbacks outer;
    struct ht_source source;    /* a copy of what is learned */
    struct ht_source_list list; /* of it alone */
    int file;                   /* -1 = none */
    char *head;                 /* HEAD_BYTES */
    size_t head_len;
    char *window; /* WINDOW_BYTES and a pattern */
    struct seen seen[SEEN_MAX];
    size_t seen_count;
    bool table;
    struct ht_place place; /* the last cut, or the model for it */
    char pattern[GAP_MAX + BEGIN_MAX];
    size_t gap_len; /* bytes of the pattern before the cut */
    size_t pattern_len;
};

/* The head is read up to SEEN_MAX records. */
static enum ht_status see(struct ht_cutter *cutter) {
    const struct ht_reader *reader = cutter->reader;
    const uint64_t offset = reader->stream.offset_bytes;
    if (cutter->seen_count == SEEN_MAX || reader->stream.source != 0) {
        return HT_E_LIMIT;
    }
    if (reader->resync_source == 0 ||
        (cutter->seen_count > 0 && cutter->seen[cutter->seen_count - 1].offset_bytes == offset)) {
        return HT_OK;
    }
    struct seen *seen = &cutter->seen[cutter->seen_count++];
    seen->offset_bytes = offset;
    seen->open_count = reader->open_count;
    memcpy(seen->open, reader->open, reader->open_count * sizeof *seen->open);
    return HT_OK;
}

static enum ht_status on_frame(void *ctx, const struct ht_frame *frame,
                               struct ht_frame_answer *answer) {
    struct ht_cutter *cutter = ctx;
    struct ht_frame one = *frame;
    one.many = false;
    HT_TRY(cutter->inner->frame(cutter->inner->ctx, &one, answer));
    return answer->kind == HT_FRAME_MORE || answer->kind == HT_FRAME_NOT_JSON ? HT_OK : see(cutter);
}

static enum ht_status on_columns(void *ctx, struct ht_str text) {
    struct ht_cutter *cutter = ctx;
    return cutter->inner->columns != NULL ? cutter->inner->columns(cutter->inner->ctx, text)
                                          : HT_E_DATA;
}

static enum ht_status on_header(void *ctx, const struct ht_cells *names,
                                struct ht_header_answer *answer) {
    struct ht_cutter *cutter = ctx;
    return cutter->inner->header(cutter->inner->ctx, names, answer);
}

/* The first row of a table tells all; it has no other place than those behind it. */
static enum ht_status on_cells(void *ctx, const struct ht_cells *cells,
                               struct ht_frame_answer *answer) {
    struct ht_cutter *cutter = ctx;
    (void)cells;
    (void)answer;
    HT_TRY(ht_reader_where(cutter->reader, &cutter->place));
    cutter->table = cutter->place.source == 0 && cutter->place.table == HT_PLACE_IN_TABLE;
    return HT_E_LIMIT;
}

static void on_bad(void *ctx, const struct ht_bad_record *bad) {
    (void)ctx;
    (void)bad;
}

enum ht_status ht_cutter_new(const struct ht_reader_limits *limits,
                             const struct ht_reader_callbacks *callbacks,
                             struct ht_cutter **cutter) {
    struct ht_cutter *made = calloc(1, sizeof *made);
    struct ht_reader_limits own = *limits;
    *cutter = made;
    if (made == NULL) {
        return HT_E_NOMEM;
    }
    own.block_bytes = WINDOW_BYTES;
    own.no_archives = true;
    made->inner = callbacks;
    made->outer = (struct ht_reader_callbacks){
        .ctx = made,
        .frame = on_frame,
        .columns = on_columns,
        .header = callbacks->header != NULL ? on_header : NULL,
        .cells = on_cells,
        .bad = on_bad,
    };
    made->file = -1;
    made->list = (struct ht_source_list){.sources = &made->source, .count = 1};
    ht_place_init(&made->place);
    made->head = malloc(HEAD_BYTES);
    made->window = malloc(WINDOW_BYTES);
    if (made->head == NULL || made->window == NULL ||
        ht_reader_new(&own, &made->outer, &made->reader) != HT_OK) {
        ht_cutter_free(made);
        *cutter = NULL;
        return HT_E_NOMEM;
    }
    return HT_OK;
}

static void close_file(struct ht_cutter *cutter) {
    if (cutter->file >= 0) {
        (void)close(cutter->file);
        cutter->file = -1;
    }
}

void ht_cutter_free(struct ht_cutter *cutter) {
    if (cutter != NULL) {
        close_file(cutter);
        ht_reader_free(cutter->reader);
        ht_place_release(&cutter->place);
        free(cutter->head);
        free(cutter->window);
        free(cutter);
    }
}

/* Bytes of the file from an offset on, fewer at its end or when it cannot be read. */
static size_t read_at(const struct ht_cutter *cutter, uint64_t offset, char *out, size_t size) {
    size_t len = 0;
    while (len < size) {
        const ssize_t got = pread(cutter->file, out + len, size - len, (off_t)(offset + len));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
    }
    return len;
}

static bool same_brackets(const struct seen *a, const struct seen *b) {
    return a->open_count == b->open_count &&
           memcmp(a->open, b->open, a->open_count * sizeof *a->open) == 0;
}

static size_t count_same(const struct ht_cutter *cutter, const struct seen *seen) {
    size_t count = 0;
    for (size_t i = 0; i < cutter->seen_count; i++) {
        count += same_brackets(&cutter->seen[i], seen);
    }
    return count;
}

/* Two records, one behind the other, that stand where most do; of equals, where they are least
 * nested. */
static bool choose(const struct ht_cutter *cutter, const struct seen **before,
                   const struct seen **behind) {
    size_t most = 0;
    for (size_t i = 1; i < cutter->seen_count; i++) {
        const struct seen *one = &cutter->seen[i - 1];
        const struct seen *two = &cutter->seen[i];
        const size_t count = same_brackets(one, two) ? count_same(cutter, two) : 0;
        if (count > most ||
            (count > 0 && count == most && two->open_count <= (*behind)->open_count)) {
            most = count;
            *before = one;
            *behind = two;
        }
    }
    return most > 0;
}

/* What both begin with: not beyond the first key. */
static size_t common_len(const struct ht_cutter *cutter, size_t a, size_t b) {
    const size_t max = cutter->head_len - b < BEGIN_MAX ? cutter->head_len - b : BEGIN_MAX;
    size_t len = 0;
    unsigned quotes = 0;
    while (len < max && quotes < 2 && cutter->head[a + len] == cutter->head[b + len]) {
        quotes += cutter->head[a + len] == '"';
        len++;
        if (quotes == 1 && cutter->head[a] == '[') {
            break;
        }
    }
    return len;
}

static bool make_pattern(struct ht_cutter *cutter) {
    const struct seen *before = NULL;
    const struct seen *behind = NULL;
    if (!choose(cutter, &before, &behind) || behind->offset_bytes >= cutter->head_len) {
        return false;
    }
    const size_t end = (size_t)behind->offset_bytes;
    size_t begin = end - 1;
    while (begin > 0 && strchr(" \t\r\n,", cutter->head[begin]) != NULL &&
           cutter->head[begin] != '\0') {
        begin--;
    }
    const size_t len = common_len(cutter, (size_t)before->offset_bytes, end);
    if (end - begin > GAP_MAX || len == 0) {
        return false;
    }
    cutter->gap_len = end - begin;
    cutter->pattern_len = cutter->gap_len + len;
    memcpy(cutter->pattern, cutter->head + begin, cutter->pattern_len);
    cutter->place = (struct ht_place){.begun = true,
                                      .open_count = behind->open_count,
                                      .header = cutter->place.header};
    ht_strbuf_clear(&cutter->place.header);
    memcpy(cutter->place.open, behind->open, behind->open_count * sizeof *behind->open);
    return true;
}

static enum ht_status read_head(struct ht_cutter *cutter) {
    struct ht_place start;
    ht_place_init(&start);
    enum ht_status status = ht_reader_begin(cutter->reader, &cutter->list, &start);
    if (status == HT_OK) {
        status = ht_reader_run(cutter->reader, 1, HEAD_BYTES);
    }
    ht_reader_leave(cutter->reader);
    ht_place_release(&start);
    return status == HT_E_LIMIT ? HT_OK : status;
}

enum ht_status ht_cutter_learn(struct ht_cutter *cutter, const struct ht_source *source,
                               bool *usable) {
    close_file(cutter);
    cutter->source = *source;
    cutter->source.bytes = 0;
    cutter->source.records = 0;
    cutter->seen_count = 0;
    cutter->table = false;
    *usable = false;
    cutter->file = open(source->name, O_RDONLY | O_CLOEXEC);
    if (cutter->file < 0) {
        return HT_OK;
    }
    cutter->head_len = read_at(cutter, 0, cutter->head, HEAD_BYTES);
    const size_t len =
        cutter->head_len < HT_INFLOW_HEAD_BYTES ? cutter->head_len : HT_INFLOW_HEAD_BYTES;
    if (!ht_inflow_is_plain((struct ht_str){cutter->head, len})) {
        return HT_OK;
    }
    HT_TRY(read_head(cutter));
    *usable = cutter->table || make_pattern(cutter);
    return HT_OK;
}

static const char *find_text(struct ht_str text, struct ht_str wanted) {
    const char *end = text.ptr + text.len;
    const char *at = text.ptr;
    while ((size_t)(end - at) >= wanted.len) {
        at = memchr(at, wanted.ptr[0], (size_t)(end - at) - wanted.len + 1);
        if (at == NULL || memcmp(at, wanted.ptr, wanted.len) == 0) {
            return at;
        }
        at++;
    }
    return NULL;
}

/* The first byte behind the wanted text, that begins at offset or behind; 0 = none is near. */
static uint64_t search(const struct ht_cutter *cutter, uint64_t offset, struct ht_str wanted) {
    for (size_t passed = 0; passed < SEARCH_BYTES;) {
        const size_t len = read_at(cutter, offset + passed, cutter->window, WINDOW_BYTES);
        const char *found = find_text((struct ht_str){cutter->window, len}, wanted);
        if (found != NULL) {
            return offset + passed + (size_t)(found - cutter->window) + wanted.len;
        }
        if (len < WINDOW_BYTES) {
            break;
        }
        passed += WINDOW_BYTES - (wanted.len - 1);
    }
    return 0;
}

static enum ht_status is_row(struct ht_cutter *cutter, bool *row) {
    enum ht_status status = ht_reader_begin(cutter->reader, &cutter->list, &cutter->place);
    *row = false;
    if (status == HT_OK && cutter->source.problem[0] == '\0') {
        status = ht_table_has_row(cutter->reader, 0, row);
    }
    ht_reader_leave(cutter->reader);
    return status;
}

static enum ht_status find_row(struct ht_cutter *cutter, uint64_t offset) {
    uint64_t line = offset;
    for (int i = 0; i < LINES_MAX; i++) {
        bool row = false;
        line = search(cutter, line, HT_STR("\n"));
        if (line == 0) {
            return HT_END;
        }
        cutter->place.offset_bytes = line;
        HT_TRY(is_row(cutter, &row));
        if (row) {
            return HT_OK;
        }
    }
    return HT_END;
}

enum ht_status ht_cutter_find(struct ht_cutter *cutter, uint64_t offset_bytes,
                              const struct ht_place **place) {
    *place = &cutter->place;
    if (cutter->table) {
        return find_row(cutter, offset_bytes);
    }
    const struct ht_str pattern = {cutter->pattern, cutter->pattern_len};
    const uint64_t found = search(cutter, offset_bytes, pattern);
    cutter->place.offset_bytes = found - (cutter->pattern_len - cutter->gap_len);
    return found > 0 ? HT_OK : HT_END;
}
