/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_ERR_H
#define HUBTRIAGE_ERR_H
/*
 * Status codes and the caller-owned error.
 *
 * A function that can fail returns enum ht_status and fills a struct ht_err that the caller owns;
 * the pointer may be NULL, and nothing is written to it on success. Every text in it is one
 * printable line: bytes that came from a log are escaped before they get here.
 */
#include <stdint.h>

#if defined(__GNUC__)
#define HT_PUBLIC __attribute__((visibility("default")))
#define HT_MUST_CHECK __attribute__((warn_unused_result))
#else
#define HT_PUBLIC
#define HT_MUST_CHECK
#endif

/* Who is at fault decides the code; the command line maps each to one exit status. */
enum ht_status {
    HT_OK = 0,
    HT_END,      /* not an error: nothing follows */
    HT_MORE,     /* not an error: more bytes are needed to decide */
    HT_E_DATA,   /* this record or source cannot be understood; the rest goes on */
    HT_E_LIMIT,  /* a ceiling was reached; the message names the option that raises it */
    HT_E_IO,     /* a system call failed; sys_errno says why */
    HT_E_NOMEM,  /* no memory */
    HT_E_USAGE,  /* the caller asked for something that makes no sense */
    HT_E_CANCEL, /* the progress callback asked to stop */
    HT_E_BUSY,   /* another run has the archive; nothing was done */
};

struct ht_err {
    enum ht_status status;
    int sys_errno;         /* 0 when no system call failed */
    uint64_t record;       /* 1-based within the source, 0 when unknown */
    uint64_t offset_bytes; /* within the source, after decompression */
    char source[256];      /* name of the source, "" when none */
    char message[256];     /* what is wrong: one line, lower case, no final stop */
    char hint[256];        /* what to do next, "" when there is nothing to say */
};

#endif
