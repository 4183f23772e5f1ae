/* SPDX-License-Identifier: MIT */
#ifndef HT_ARCHIVE_FILE_H
#define HT_ARCHIVE_FILE_H
/*
 * struct ht_archive - a file of events and of the sources that they were read from (SQLite;
 * hubtriage-archive(5) has the tables). Events are kept, not sums: whatever the order in which they
 * came, in how many runs, and how often, the archive holds the same set of them.
 *
 * One transaction: everything that is written between opening and committing is there as a whole or
 * not at all, whatever happens to the program or the machine. A second writer waits, then gives up.
 *
 * What the file says is checked: names, sources and the list of blocks when it is opened, a block
 * when it is loaded. Every function that can fail gives HT_E_DATA for damage, HT_E_IO (no space, no
 * right, a device that fails), HT_E_BUSY (someone else has it) or HT_E_NOMEM, with a message.
 */
#include <stdbool.h>

#include "base/str.h"
#include "hubtriage/archive.h"
#include "model/log.h"
#include "model/record.h"

struct ht_archive;

enum ht_archive_mode {
    HT_ARCHIVE_READ = 0, /* it must be there, and nothing is written */
    HT_ARCHIVE_WRITE,    /* it must be there */
    HT_ARCHIVE_CREATE,   /* made when there is none, or an empty file */
};

struct ht_archive_opening {
    const char *path;
    enum ht_archive_mode mode;
    int64_t lock_timeout_us; /* how long another writer is waited for */
    int64_t horizon_us;      /* events before its hour are neither taken nor given: HT_TIME_NONE */
};

struct ht_archive_opening ht_archive_opening_of(const struct ht_archive_options *options,
                                                enum ht_archive_mode mode);

/* Begins the transaction. HT_E_USAGE: the file is of another program or of a newer version. */
HT_MUST_CHECK enum ht_status ht_archive_open(const struct ht_archive_opening *opening,
                                             struct ht_archive **archive, struct ht_err *err);

/* Keep what was written. Nothing can be written afterwards. */
HT_MUST_CHECK enum ht_status ht_archive_commit(struct ht_archive *archive, struct ht_err *err);

/* Gives the file back to others; what is in memory stays. For an archive that is only read. */
void ht_archive_let_go(struct ht_archive *archive);

/* What was not committed never happened. NULL is a no-op. */
void ht_archive_close(struct ht_archive *archive);

/* Names. Numbers are dense; device 0 and facet 0 are those of which nothing is known. */

/* The numbers of what a record says, new or known. HT_E_LIMIT (more names than can be kept; said in
 * err) or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_archive_number(struct ht_archive *archive,
                                               const struct ht_record *record, uint32_t *device,
                                               uint32_t *facet, struct ht_err *err);

size_t ht_archive_device_count(const struct ht_archive *archive);
size_t ht_archive_facet_count(const struct ht_archive *archive);

/* Fills hub, device and module, or what belongs to a facet; the texts live as long as the archive.
 */
void ht_archive_name_device(const struct ht_archive *archive, uint32_t device,
                            struct ht_record *record);
void ht_archive_name_facet(const struct ht_archive *archive, uint32_t facet,
                           struct ht_record *record);

/* Events, with numbers of the archive. */

/* Take events over; they reach the file at the latest with ht_archive_flush(). One that is there
 * already is no second one. */
HT_MUST_CHECK enum ht_status ht_archive_add(struct ht_archive *archive,
                                            const struct ht_event *event, struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_archive_flush(struct ht_archive *archive, struct ht_err *err);

/* Events that were not there before, so far. */
uint64_t ht_archive_new_events(const struct ht_archive *archive);

typedef enum ht_status ht_archive_take(void *ctx, const struct ht_event *events, size_t count);

/* Everything of the hours from the horizon on, block by block, in the order of hours. */
HT_MUST_CHECK enum ht_status ht_archive_load(struct ht_archive *archive, ht_archive_take *take,
                                             void *ctx, struct ht_err *err);

/* Drop the blocks before the horizon, and the sources that have nothing newer. */
HT_MUST_CHECK enum ht_status ht_archive_prune(struct ht_archive *archive, uint64_t *events,
                                              struct ht_err *err);

/* Sources. */

/* Tell apart what had the same name; a shorter source has no event yet. */
enum { HT_ARCHIVE_HEAD_BYTES = 256 };

struct ht_archive_source {
    int64_t id;          /* its row; the archive's own affair */
    struct ht_str name;  /* path; hostile */
    uint64_t head;       /* check of its first HT_ARCHIVE_HEAD_BYTES */
    uint64_t size_bytes; /* read, as they are in the file */
    uint64_t check;      /* of these */
    int64_t mtime_ns;    /* of the file then; HT_TIME_NONE: it must be looked at again */
    bool resumes;        /* may be read on from there */
    bool merged;         /* came from another archive */
    int64_t read_us;     /* when */
    uint64_t bytes;      /* of text */
    uint64_t records;
    uint64_t events;
    uint64_t bad;
    int64_t first_us; /* HT_TIME_NONE without events */
    int64_t last_us;
    struct ht_str facts; /* what a report says of it: pipeline/facts.h */
};

/* In the order of names, then heads; new ones are behind the others until they are sorted. */
size_t ht_archive_source_count(const struct ht_archive *archive);
const struct ht_archive_source *ht_archive_source_at(const struct ht_archive *archive,
                                                     size_t index);
void ht_archive_sort_sources(struct ht_archive *archive);

/* The first source of that name among those that are sorted, and how many there are. */
size_t ht_archive_find_sources(const struct ht_archive *archive, struct ht_str name, size_t *count);

/* False when all of it is older than the horizon. */
bool ht_archive_source_counts(const struct ht_archive *archive,
                              const struct ht_archive_source *source);

bool ht_archive_keeps_hour(const struct ht_archive *archive, int64_t hour);

/* Write a source, which is copied; replaces: index of the one whose place it takes, or SIZE_MAX. */
HT_MUST_CHECK enum ht_status ht_archive_put_source(struct ht_archive *archive, size_t replaces,
                                                   const struct ht_archive_source *source,
                                                   struct ht_err *err);

/* What the last run said, and what a run was. */

struct ht_archive_run {
    int64_t at_us;
    const char *version;
    uint64_t sources_read;
    uint64_t new_events;
};

HT_MUST_CHECK enum ht_status ht_archive_note_run(struct ht_archive *archive,
                                                 const struct ht_archive_run *run,
                                                 struct ht_err *err);

/* What the last run found, as the caller's bytes. False: there was none. They live as long as the
 * archive. */
bool ht_archive_last_keys(const struct ht_archive *archive, struct ht_str *keys);
HT_MUST_CHECK enum ht_status ht_archive_keep_keys(struct ht_archive *archive, struct ht_str keys,
                                                  struct ht_err *err);

/* Upkeep. */

HT_MUST_CHECK enum ht_status ht_archive_measure(struct ht_archive *archive,
                                                struct ht_archive_figures *figures,
                                                struct ht_err *err);

/* Read and check every byte that means something. */
HT_MUST_CHECK enum ht_status ht_archive_verify(struct ht_archive *archive, struct ht_err *err);

/* Take over everything that another archive has. */
HT_MUST_CHECK enum ht_status ht_archive_merge(struct ht_archive *archive, struct ht_archive *other,
                                              struct ht_err *err);

/* After the commit: give what was freed back to the file system. */
HT_MUST_CHECK enum ht_status ht_archive_shrink(struct ht_archive *archive, struct ht_err *err);

/* HT_E_DATA, with a message: what it says makes no sense to the caller. */
enum ht_status ht_archive_refuse(const struct ht_archive *archive, const char *what,
                                 struct ht_err *err);

/* 64 bits that tell whether bytes changed by accident: CRC-64 (ECMA-182), to be continued. */
uint64_t ht_archive_check(uint64_t check, struct ht_str bytes);

#endif
