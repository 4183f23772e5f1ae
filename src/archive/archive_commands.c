/* SPDX-License-Identifier: MIT */
/* The public functions on whole archives (hubtriage/archive.h). */
#include "archive/archive_private.h"
#include "base/check.h"
#include "base/err.h"

struct ht_archive_opening ht_archive_opening_of(const struct ht_archive_options *options,
                                                enum ht_archive_mode mode) {
    return (struct ht_archive_opening){
        .path = options->path,
        .mode = mode,
        .lock_timeout_us = options->lock_timeout_us,
        .horizon_us =
            options->retention_us > 0 ? options->now_us - options->retention_us : HT_TIME_NONE,
    };
}

static enum ht_status open_as(const struct ht_archive_options *options, enum ht_archive_mode mode,
                              struct ht_archive **archive, struct ht_err *err) {
    const struct ht_archive_opening opening = ht_archive_opening_of(options, mode);
    return ht_archive_open(&opening, archive, err);
}

enum ht_status ht_archive_info(const struct ht_archive_options *options,
                               struct ht_archive_figures *figures, struct ht_err *err) {
    struct ht_archive *archive = NULL;
    HT_TRY(open_as(options, HT_ARCHIVE_READ, &archive, err));
    const enum ht_status status = ht_archive_measure(archive, figures, err);
    ht_archive_close(archive);
    return status;
}

enum ht_status ht_archive_check_file(const struct ht_archive_options *options, struct ht_err *err) {
    struct ht_archive *archive = NULL;
    HT_TRY(open_as(options, HT_ARCHIVE_READ, &archive, err));
    const enum ht_status status = ht_archive_verify(archive, err);
    ht_archive_close(archive);
    return status;
}

enum ht_status ht_archive_prune_file(const struct ht_archive_options *options, uint64_t *events,
                                     struct ht_err *err) {
    struct ht_archive *archive = NULL;
    HT_TRY(open_as(options, HT_ARCHIVE_WRITE, &archive, err));
    enum ht_status status = ht_archive_prune(archive, events, err);
    if (status == HT_OK) {
        status = ht_archive_commit(archive, err);
    }
    if (status == HT_OK) {
        status = ht_archive_shrink(archive, err);
    }
    ht_archive_close(archive);
    return status;
}

static enum ht_status merge_file(struct ht_archive *archive,
                                 const struct ht_archive_options *options, const char *path,
                                 struct ht_err *err) {
    struct ht_archive_options other_options = *options;
    struct ht_archive *other = NULL;
    other_options.path = path;
    HT_TRY(open_as(&other_options, HT_ARCHIVE_READ, &other, err));
    const enum ht_status status = ht_archive_merge(archive, other, err);
    ht_archive_close(other);
    return status;
}

enum ht_status ht_archive_merge_files(const struct ht_archive_options *options,
                                      const char *const *paths, size_t count, uint64_t *events,
                                      struct ht_err *err) {
    struct ht_archive *archive = NULL;
    HT_TRY(open_as(options, HT_ARCHIVE_CREATE, &archive, err));
    enum ht_status status = HT_OK;
    for (size_t i = 0; i < count && status == HT_OK; i++) {
        status = merge_file(archive, options, paths[i], err);
    }
    *events = ht_archive_new_events(archive);
    if (status == HT_OK) {
        status = ht_archive_commit(archive, err);
    }
    ht_archive_close(archive);
    return status;
}
