/* SPDX-License-Identifier: MIT */
#include "pipeline/source_state.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hubtriage/report.h"

enum { STEP_BYTES = 256 * 1024 };

/* File systems tell times in steps: what changed just before it was read may change again
 * unseen. */
#define YOUNG_NS INT64_C(2000000000)

static int64_t mtime_of(const struct stat *status) {
    return (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
}

static bool is_young(int64_t mtime_ns) {
    struct timespec now;
    return clock_gettime(CLOCK_REALTIME, &now) != 0 ||
           mtime_ns > (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - YOUNG_NS;
}

/* Continues the check from one byte to another; false: the file is shorter, or cannot be read. */
static bool check_bytes(int fd, uint64_t from, uint64_t to, uint64_t *check) {
    char *bytes = malloc(STEP_BYTES);
    while (bytes != NULL && from < to) {
        const uint64_t left = to - from;
        const size_t wanted = left < STEP_BYTES ? (size_t)left : STEP_BYTES;
        const ssize_t got = pread(fd, bytes, wanted, (off_t)from);
        if (got <= 0) {
            break;
        }
        *check = ht_archive_check(*check, (struct ht_str){bytes, (size_t)got});
        from += (uint64_t)got;
    }
    free(bytes);
    return from == to;
}

/* The file still begins with what was read. */
static bool still_begins(int fd, const struct ht_archive_source *known) {
    uint64_t check = 0;
    return check_bytes(fd, 0, known->size_bytes, &check) && check == known->check;
}

/* One of those of that name. */
static void compare(const struct ht_archive *archive, int fd, size_t first, size_t count,
                    struct ht_source_state *state) {
    for (size_t i = first; i < first + count; i++) {
        const struct ht_archive_source *known = ht_archive_source_at(archive, i);
        const bool looked_at = known->mtime_ns != HT_TIME_NONE;
        if (known->size_bytes > state->size_bytes ||
            (known->size_bytes == 0 && state->size_bytes > 0) || !still_begins(fd, known)) {
            continue;
        }
        state->replaces = i;
        state->merged = known->merged;
        state->resume_bytes = known->size_bytes;
        if (known->size_bytes == state->size_bytes && (looked_at || known->size_bytes > 0)) {
            state->change = HT_SOURCE_UNCHANGED;
        } else {
            state->change = known->resumes ? HT_SOURCE_GROWN : HT_SOURCE_AGAIN;
        }
        return;
    }
    /* Not what was read: it takes the place of what this archive itself has read. */
    for (size_t i = first; i < first + count; i++) {
        const struct ht_archive_source *known = ht_archive_source_at(archive, i);
        if (!known->merged) {
            state->replaces = i;
            state->change = known->size_bytes > 0 ? HT_SOURCE_REPLACED : HT_SOURCE_AGAIN;
            return;
        }
    }
    state->change = HT_SOURCE_NEW;
}

void ht_source_state_find_out(const struct ht_archive *archive, const struct ht_source *source,
                              struct ht_source_state *state) {
    struct stat status;
    size_t count = 0;
    *state = (struct ht_source_state){.change = HT_SOURCE_NEW,
                                      .replaces = SIZE_MAX,
                                      .mtime_ns = HT_TIME_NONE};
    if (source->fd >= 0) {
        return;
    }
    const size_t first = ht_archive_find_sources(archive, ht_str_from(source->name), &count);
    const int fd = open(source->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        if (count > 0) {
            state->change = HT_SOURCE_AGAIN;
            state->replaces = first;
            state->merged = ht_archive_source_at(archive, first)->merged;
        }
        if (fd >= 0) {
            (void)close(fd);
        }
        return;
    }
    const int64_t mtime_ns = mtime_of(&status);
    state->size_bytes = (uint64_t)status.st_size;
    state->inode = (uint64_t)status.st_ino;
    state->mtime_ns = is_young(mtime_ns) ? HT_TIME_NONE : mtime_ns;
    for (size_t i = first; i < first + count && state->mtime_ns != HT_TIME_NONE; i++) {
        const struct ht_archive_source *known = ht_archive_source_at(archive, i);
        if (known->mtime_ns == mtime_ns && known->size_bytes == state->size_bytes) {
            state->change = HT_SOURCE_UNCHANGED;
            (void)close(fd);
            return;
        }
    }
    if (count > 0) {
        compare(archive, fd, first, count, state);
    }
    (void)close(fd);
}

static bool ends_a_record(int fd, uint64_t size_bytes) {
    char tail[64];
    const size_t len = size_bytes < sizeof tail ? (size_t)size_bytes : sizeof tail;
    ssize_t got = pread(fd, tail, len, (off_t)(size_bytes - len));
    while (got > 0 && (tail[got - 1] == '\n' || tail[got - 1] == '\r' || tail[got - 1] == ' ')) {
        got--;
    }
    return got > 0 && tail[got - 1] == '}';
}

void ht_source_state_close(const struct ht_source_state *state, const struct ht_source *source,
                           struct ht_archive_source *row) {
    struct stat status;
    const int fd = open(source->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
        (uint64_t)status.st_ino != state->inode) {
        row->resumes = false;
        if (fd >= 0) {
            (void)close(fd);
        }
        return;
    }
    const bool same = (uint64_t)status.st_size == state->size_bytes;
    row->resumes =
        row->resumes && source->bytes >= state->size_bytes && ends_a_record(fd, source->bytes);
    const uint64_t read = row->resumes ? source->bytes : state->size_bytes;
    const uint64_t head = read < HT_ARCHIVE_HEAD_BYTES ? read : HT_ARCHIVE_HEAD_BYTES;
    uint64_t check = 0;
    if ((row->resumes || same) && check_bytes(fd, 0, head, &check)) {
        row->head = check;
        if (check_bytes(fd, head, read, &check)) {
            row->size_bytes = read;
            row->check = check;
            row->mtime_ns = same && read == state->size_bytes ? state->mtime_ns : HT_TIME_NONE;
        }
    }
    row->resumes = row->resumes && row->size_bytes == read;
    (void)close(fd);
}

size_t ht_source_state_find(const struct ht_archive *archive, const struct ht_archive_source *row) {
    size_t count = 0;
    const size_t first = ht_archive_find_sources(archive, row->name, &count);
    for (size_t i = first; i < first + count; i++) {
        if (ht_archive_source_at(archive, i)->head == row->head) {
            return i;
        }
    }
    return SIZE_MAX;
}
