/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_FILTER_H
#define HT_INPUT_FILTER_H
/*
 * struct ht_filter - one layer between a descriptor and the text of a log: it reads the bytes of
 * the layer below and gives others. Each kind has its file (descriptor, gunzip, unzstd, unzip,
 * utf16, uncolor) and a constructor here; inflow.h stacks them.
 *
 * Memory is bound by the kind, never by the input: a layer keeps a window, not what it made. So a
 * decompression bomb costs time alone.
 */
#include <stdbool.h>

#include "hubtriage/err.h"
#include "input/tap.h"

/* Why a layer stopped before its end. */
struct ht_trouble {
    const char *what;      /* "gzip data is damaged"; NULL = nothing happened */
    const char *detail;    /* more about it, or NULL */
    const char *hint;      /* what to do, or NULL */
    uint64_t offset_bytes; /* in the bytes that the layer reads */
    int sys_errno;         /* of HT_E_IO */
};

enum { HT_MEMBER_NAME_BYTES = 4096 };

/* A file in an archive. */
struct ht_member {
    char name[HT_MEMBER_NAME_BYTES]; /* hostile; cut when it is longer */
    const char *problem;             /* why it cannot be read, or NULL */
    const char *hint;
};

struct ht_filter {
    /*
     * HT_OK and 1 to size bytes, in *count; else *count is 0 and it is HT_END, HT_E_DATA or HT_E_IO
     * (both say why in the trouble given to the constructor; what came out before is good),
     * HT_E_NOMEM, or what a signal's callback answered. Asked again, it gives the same answer.
     */
    enum ht_status (*read)(struct ht_filter *filter, char *out, size_t size_bytes, size_t *count);
    /*
     * Of an archive: go to its next file, whether or not the one before was read to its end. HT_OK,
     * HT_END, or as above. NULL: no archive.
     */
    enum ht_status (*next)(struct ht_filter *filter, struct ht_member *member);
    void (*free)(struct ht_filter *filter);
    const char *compression; /* "gzip", "zstd", "zip"; NULL = none */
    const char *encoding;    /* "utf-16"; NULL = as it is */
    uint64_t ignored_bytes;  /* padding and garbage behind the end of compressed data */
};

/* Asked when a signal interrupts the wait for bytes; anything but HT_OK stops the reading. */
struct ht_patience {
    enum ht_status (*on_signal)(void *ctx); /* NULL = go on waiting */
    void *ctx;
    const int
        *wake; /* a descriptor: when it can be read, the wait ends with HT_E_CANCEL; or NULL */
};

/* Constructors: HT_OK or HT_E_NOMEM. The tap and the trouble must outlive the filter. */
typedef enum ht_status ht_filter_new_fn(struct ht_tap *in, struct ht_trouble *trouble,
                                        struct ht_filter **filter);
ht_filter_new_fn ht_gunzip_new;
ht_filter_new_fn ht_unzstd_new;
ht_filter_new_fn ht_unzip_new;
ht_filter_new_fn ht_utf16_new;
ht_filter_new_fn ht_uncolor_new;

/* The lowest layer. *patience may change while the filter lives. raw_bytes counts what it read. */
HT_MUST_CHECK enum ht_status ht_descriptor_new(int fd, const struct ht_patience *patience,
                                               struct ht_trouble *trouble, uint64_t *raw_bytes,
                                               struct ht_filter **filter);

/* Note what happened, unless something did before; HT_E_DATA. */
enum ht_status ht_trouble_set(struct ht_trouble *trouble, const char *what, const char *detail,
                              uint64_t offset_bytes);

#endif
