/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_INFLOW_H
#define HT_INPUT_INFLOW_H
/*
 * struct ht_inflow - the bytes of a source as plain UTF-8 text, whatever they are wrapped in: gzip,
 * zstd, zip, UTF-16, colour codes, also one in the other. What it is, the first bytes tell, never a
 * name. Everything streams; a zip archive gives its files one after the other.
 *
 * Use: open; unless it is an archive, read until the answer is not HT_OK. Then, as long as
 * ht_inflow_has_archive(), ask for the next file of the innermost archive and read it likewise (it
 * may be an archive itself). Close.
 */
#include <stdbool.h>

#include "base/str.h"
#include "hubtriage/err.h"
#include "input/filter.h"

enum {
    HT_INFLOW_LAYERS_MAX = 8,   /* one in the other, the descriptor among them */
    HT_INFLOW_ARCHIVES_MAX = 3, /* among these */
    HT_INFLOW_HEAD_BYTES = 512, /* looked at to know what it is */
};

struct ht_inflow_layer {
    struct ht_filter *filter;
    struct ht_tap tap; /* of filter */
    size_t tag;        /* of an archive: the caller's */
    bool in_file;      /* of an archive: it gives the bytes of one of its files */
};

struct ht_inflow {
    struct ht_inflow_layer layers[HT_INFLOW_LAYERS_MAX]; /* lowest first; unused ones keep a tap */
    size_t count;
    struct ht_trouble trouble; /* why reading stopped, after HT_E_DATA and HT_E_IO */
    bool too_deep;
    bool uncolored; /* once is enough, also if it uncovers new codes */
    struct ht_patience patience;
    uint64_t raw_bytes;      /* read from all descriptors */
    const char *compression; /* of the source; the outermost; NULL = none */
    const char *encoding;    /* NULL = UTF-8 */
};

void ht_inflow_init(struct ht_inflow *inflow);
void ht_inflow_release(struct ht_inflow *inflow);

/* Begin with a descriptor, which stays the caller's. HT_OK, HT_E_NOMEM, or what the patience
 * answered. */
HT_MUST_CHECK enum ht_status ht_inflow_open(struct ht_inflow *inflow, int fd);

/* Likewise, but its bytes are the text, whatever they look like. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_inflow_open_plain(struct ht_inflow *inflow, int fd);

/* Text that begins so is not wrapped in anything; head: HT_INFLOW_HEAD_BYTES, or all there is. */
bool ht_inflow_is_plain(struct ht_str head);

void ht_inflow_close(struct ht_inflow *inflow);

/* What was opened is an archive: nothing to read, but files to go to. Its name for the caller is
 * then tag. */
bool ht_inflow_is_archive(const struct ht_inflow *inflow);
void ht_inflow_set_tag(struct ht_inflow *inflow, size_t tag);

/* False when the layers are too many: trouble says so. */
bool ht_inflow_can_read(const struct ht_inflow *inflow);

/* As a filter's read(). */
HT_MUST_CHECK enum ht_status ht_inflow_read(struct ht_inflow *inflow, char *out, size_t size_bytes,
                                            size_t *count);

/* Padding and garbage behind the compressed data of what was read. */
uint64_t ht_inflow_ignored_bytes(const struct ht_inflow *inflow);

/* An archive may have another file. */
bool ht_inflow_has_archive(const struct ht_inflow *inflow);

/*
 * Go to the next file of the innermost archive, which has this tag. HT_OK: member is set, and
 * unless it has a problem it can be read. HT_END: it has no more, and is forgotten. HT_E_DATA and
 * HT_E_IO: something is wrong with the archive (see trouble); ask again. HT_E_NOMEM, or what the
 * patience answered.
 */
HT_MUST_CHECK enum ht_status ht_inflow_next(struct ht_inflow *inflow, struct ht_member *member,
                                            size_t *tag);

/* Forget the innermost archive, and pass over what is left of it. */
HT_MUST_CHECK enum ht_status ht_inflow_leave_archive(struct ht_inflow *inflow);

#endif
