/* SPDX-License-Identifier: MIT */
#ifndef HT_PIPELINE_SOURCE_STATE_H
#define HT_PIPELINE_SOURCE_STATE_H
/*
 * What became of a source since it was last read into the archive: by its size and time of change,
 * and when these differ by a check of all the bytes that were read.
 */
#include "archive/archive_file.h"
#include "input/source_list.h"

enum ht_source_change {
    HT_SOURCE_UNCHANGED = 0,
    HT_SOURCE_NEW,
    HT_SOURCE_GROWN,    /* what was read is still there, and more behind it: read on */
    HT_SOURCE_AGAIN,    /* the same, but it must be read as a whole */
    HT_SOURCE_REPLACED, /* what was read is not there any more */
};

struct ht_source_state {
    enum ht_source_change change;
    size_t replaces;       /* index of the archive's source, or SIZE_MAX */
    uint64_t resume_bytes; /* of HT_SOURCE_GROWN */
    bool merged;           /* the one that it replaces came from another archive */
    int64_t mtime_ns;      /* of the file; HT_TIME_NONE when it is too young to be relied on */
    uint64_t size_bytes;
    uint64_t inode;
};

/* A file that cannot be opened is new: reading it says why. */
void ht_source_state_find_out(const struct ht_archive *archive, const struct ht_source *source,
                              struct ht_source_state *state);

/* Behind reading: what was read, in the row; nothing, when the file changed meanwhile, so that it
 * is read again. */
void ht_source_state_close(const struct ht_source_state *state, const struct ht_source *source,
                           struct ht_archive_source *row);

/* The archive's source of the same name and head, for what has no file; or SIZE_MAX. */
size_t ht_source_state_find(const struct ht_archive *archive, const struct ht_archive_source *row);

#endif
