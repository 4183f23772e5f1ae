/* SPDX-License-Identifier: MIT */
/*
 * Columns that stand behind their rows. The rows are passed over, in the window first, which then
 * holds all of them; beyond HELD_BYTES_MAX by reading the file a second time, which a pipe and a
 * compressed file do not allow.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/check.h"
#include "base/strbuf.h"
#include "input/reader_private.h"

/* How much of an answer is held until its columns come. */
enum { HELD_BYTES_MAX = 64 * 1024 * 1024, BLOCK_BYTES = 256 * 1024, KEY_BYTES = 8 };

/* Walks from within the array of rows to the end of the object around it. */
struct skim {
    uint64_t depth; /* 1: in the array of rows; 0: in the object */
    bool rows;      /* there is something in the array */
    bool in_string;
    bool escaped;
    char key[KEY_BYTES]; /* the last string of the object itself */
    size_t key_len;
    bool wanted; /* behind the key and its colon */
    bool taking;
    struct ht_strbuf columns;
};

enum progress { SKIM_ON = 0, SKIM_FOUND, SKIM_NOTHING };

static void skim_string(struct skim *skim, char c) {
    if (skim->escaped) {
        skim->escaped = false;
    } else if (c == '\\') {
        skim->escaped = true;
    } else if (c == '"') {
        skim->in_string = false;
        return;
    }
    if (skim->depth == 0 && skim->key_len < KEY_BYTES) {
        skim->key[skim->key_len++] = c;
    }
}

static enum progress skim_close(struct skim *skim) {
    if (skim->depth == 0) {
        return SKIM_NOTHING;
    }
    skim->depth--;
    return skim->taking && skim->depth == 0 ? SKIM_FOUND : SKIM_ON;
}

static enum progress skim_byte(struct skim *skim, char c) {
    if (skim->in_string) {
        skim_string(skim, c);
        return SKIM_ON;
    }
    switch (c) {
    case '"':
        skim->in_string = true;
        skim->key_len = 0;
        break;
    case ':':
        skim->wanted =
            skim->depth == 0 &&
            ht_str_eq_nocase((struct ht_str){skim->key, skim->key_len}, HT_STR("columns"));
        break;
    case '[':
    case '{':
        skim->depth++;
        break;
    case ']':
    case '}':
        return skim_close(skim);
    default:
        break;
    }
    return SKIM_ON;
}

static enum progress skim_text(struct skim *skim, struct ht_str text) {
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        skim->rows = skim->rows || c == '[' || c == '{';
        if (!skim->in_string && c == '[' && skim->depth == 0 && skim->wanted) {
            skim->taking = true;
        }
        const enum progress progress = skim_byte(skim, c);
        if (skim->taking) {
            ht_strbuf_putc(&skim->columns, c);
        }
        if (progress != SKIM_ON) {
            return progress;
        }
    }
    return skim->columns.status == HT_OK ? SKIM_ON : SKIM_NOTHING;
}

/* In the window, which grows. *skimmed is how much of it was passed over. */
static enum ht_status skim_window(struct ht_reader *reader, struct skim *skim, size_t *skimmed,
                                  enum progress *progress) {
    bool grown = true;
    *skimmed = 0;
    *progress = SKIM_ON;
    while (grown) {
        const struct ht_str window = ht_stream_window(&reader->stream);
        const size_t end = window.len < HELD_BYTES_MAX ? window.len : HELD_BYTES_MAX;
        *progress = skim_text(skim, (struct ht_str){window.ptr + *skimmed, end - *skimmed});
        *skimmed = end;
        if (*progress != SKIM_ON || end == HELD_BYTES_MAX) {
            return HT_OK;
        }
        HT_TRY(ht_reader_extend(reader, &grown));
    }
    *progress = SKIM_NOTHING; /* the source ends before */
    return HT_OK;
}

static enum progress skim_rest(int fd, struct skim *skim, char *block) {
    enum progress progress = SKIM_ON;
    while (progress == SKIM_ON) {
        const ssize_t count = read(fd, block, BLOCK_BYTES);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return SKIM_NOTHING;
        }
        progress = skim_text(skim, (struct ht_str){block, (size_t)count});
    }
    return progress;
}

/* Its bytes are those of the file. */
static bool is_plain(const struct ht_source *source) {
    return source->fd < 0 && source->compression == NULL && source->encoding == NULL;
}

/* In the file, from that byte on. */
static enum ht_status skim_file(const struct ht_source *source, uint64_t offset_bytes,
                                struct skim *skim, enum progress *progress) {
    struct stat status;
    *progress = SKIM_NOTHING;
    const int fd = open(source->name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return HT_OK;
    }
    char *block = malloc(BLOCK_BYTES);
    if (block != NULL && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
        lseek(fd, (off_t)offset_bytes, SEEK_SET) >= 0) {
        *progress = skim_rest(fd, skim, block);
    }
    (void)close(fd);
    free(block);
    return block != NULL ? HT_OK : HT_E_NOMEM;
}

static enum ht_status find(struct ht_reader *reader, struct skim *skim) {
    enum progress progress = SKIM_ON;
    size_t skimmed = 0;
    HT_TRY(skim_window(reader, skim, &skimmed, &progress));
    const struct ht_source *source = ht_reader_source(reader);
    if (progress == SKIM_ON && is_plain(source)) {
        HT_TRY(skim_file(source, reader->stream.offset_bytes + skimmed, skim, &progress));
    }
    if (progress != SKIM_FOUND || skim->columns.status != HT_OK) {
        return skim->columns.status == HT_E_NOMEM ? HT_E_NOMEM : skim->rows ? HT_E_DATA : HT_OK;
    }
    return reader->callbacks->columns(reader->callbacks->ctx, ht_strbuf_str(&skim->columns));
}

enum ht_status ht_lookahead_columns(struct ht_reader *reader) {
    struct skim skim = {.depth = 1};
    if (reader->callbacks->columns == NULL) {
        return HT_E_DATA;
    }
    ht_strbuf_init(&skim.columns, reader->record_bytes_max);
    const enum ht_status status = find(reader, &skim);
    ht_strbuf_release(&skim.columns);
    return status;
}
