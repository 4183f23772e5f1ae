/* SPDX-License-Identifier: MIT */
#ifndef HT_PIPELINE_ARCHIVED_H
#define HT_PIPELINE_ARCHIVED_H
/*
 * Reading into an archive, and out of it. Each source stands for itself: a record or a table that
 * goes on in the next one is not put together again, since the next one may come in another run.
 */
#include "archive/archive_file.h"
#include "hubtriage/archive.h"
#include "pipeline/conductor.h"

struct ht_archived {
    struct ht_archive *archive;
    const struct ht_intake_settings *settings;
    const struct ht_conduct *how;
    int64_t now_us;
    struct ht_archive_news *news; /* what was found is added */
};

/* Read what is new in the sources of a list, which must be in order. */
HT_MUST_CHECK enum ht_status ht_archived_read(const struct ht_archived *job,
                                              struct ht_source_list *list, struct ht_err *err);

/*
 * Everything that the archive holds, from its horizon on, as if it had been read at once.
 *
 * @intake  as ht_intake_init() made it, with an empty list of its own
 * @texts   must outlive the intake
 * @raw     events as often as they came
 */
HT_MUST_CHECK enum ht_status ht_archived_load(const struct ht_archived *job,
                                              struct ht_intake *intake, struct ht_arena *texts,
                                              uint64_t *raw, struct ht_err *err);

#endif
