/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_SOURCE_LIST_H
#define HT_INPUT_SOURCE_LIST_H
/*
 * struct ht_source_list - what is to be read, in canonical order: files by natural order of their
 * names, then descriptors in the order in which they were given. So the order of arguments never
 * matters, and the parts of a split file stand in sequence. With pseudonyms, folders are in the
 * order of theirs.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pseudonym.h"
#include "base/str.h"
#include "hubtriage/err.h"
#include "model/shape.h"

struct ht_source {
    char *name;  /* path, what the caller calls the descriptor, or "ARCHIVE!FILE"; hostile: may hold
                    any byte */
    char *label; /* the same, printable */
    int fd;      /* -1 for a file, which is opened when its turn comes */
    uint64_t size_bytes;     /* of a regular file, when it was listed; else 0 */
    uint64_t bytes;          /* of text, read so far */
    uint64_t records;        /* met so far */
    const char *compression; /* "gzip", "zstd", "zip"; NULL = none */
    const char *encoding;    /* "utf-16"; NULL = UTF-8 */
    uint64_t ignored_bytes;  /* padding and garbage behind compressed data */
    bool is_archive;         /* holds no records itself: its files follow it in the list */
    char problem[256];       /* why it could not be read (printable), "" = none */
    char hint[256];          /* what to do about it, "" = nothing to say */

    /* What its records told; for whoever reads the list. */
    enum ht_shape shape;
    bool local_time;   /* its times are in a zone that it does not tell, taken as UTC */
    bool low_fidelity; /* has events of sampled state */
    uint64_t events;
    uint64_t bad;
    int64_t first_us; /* when there are events */
    int64_t last_us;
};

struct ht_source_list {
    struct ht_source *sources;
    size_t count;
    size_t capacity;
    const struct ht_pseudonym_key *key; /* labels are pseudonyms by this key; NULL: they are not */
};

/* Frees everything; the list is then empty. */
void ht_source_list_release(struct ht_source_list *list);

/*
 * Add a file, or every file under a directory: recursively, passing over hidden entries and what is
 * neither a file nor a directory; links to files are followed, links to directories within are not
 * (no loops). HT_E_IO: it does not exist or cannot be listed; HT_E_DATA: no file in the directory;
 * HT_E_LIMIT: more than HT_SOURCES_MAX files; HT_E_NOMEM.
 */
enum { HT_SOURCES_MAX = 10000000 };

HT_MUST_CHECK enum ht_status ht_source_list_add_path(struct ht_source_list *list, const char *path,
                                                     struct ht_err *err);

/* Add an open descriptor. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_source_list_add_fd(struct ht_source_list *list, int fd,
                                                   const char *name, struct ht_err *err);

/*
 * Add a file of an archive behind the source before, and set its name, "ARCHIVE!MEMBER". Everything
 * from there on moves up by one. HT_OK, HT_E_LIMIT, HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_source_list_insert(struct ht_source_list *list, size_t before,
                                                   size_t archive, const char *member);

/* A path as messages may call it. */
enum { HT_SOURCE_LABEL_BYTES = 512 };
const char *ht_source_list_call(const struct ht_source_list *list, const char *path,
                                char out[HT_SOURCE_LABEL_BYTES]);

/* Put the list in canonical order. */
void ht_source_list_sort(struct ht_source_list *list);

#endif
