/* SPDX-License-Identifier: MIT */
#ifndef HT_PIPELINE_CONDUCTOR_H
#define HT_PIPELINE_CONDUCTOR_H
/*
 * Reading everything, with several threads: they read pieces of the input, each into an intake of
 * its own, from where a piece seems to begin up to where the next one does. The calling thread
 * takes the pieces over in their order, after it has proven each: the place where it begins is the
 * place at which the input before it ends. What is not proven, it reads itself. So the result is
 * that of one thread, whatever the schedule.
 */
#include "base/parallel.h"
#include "pipeline/intake.h"

struct ht_conduct {
    const struct ht_parallel *parallel;
    const struct ht_reader_limits *limits;
    uint64_t chunk_bytes; /* of big files; 0 = 8 MiB */
    /* Called by the calling thread alone, some times a second; anything but HT_OK stops the
     * reading. */
    enum ht_status (*progress)(void *ctx, uint64_t bytes_read);
    void *progress_ctx;
};

/* What was read by whom; for tests and developers. */
struct ht_conducted {
    uint64_t pieces;  /* taken over */
    uint64_t refused; /* read again */
};

/*
 * ht_conduct() - read the sources of the whole intake's list, which must be in order, into it.
 *
 * @conducted  NULL = not wanted
 * HT_OK, HT_E_NOMEM, or what the progress answered.
 */
HT_MUST_CHECK enum ht_status ht_conduct(struct ht_intake *whole, const struct ht_conduct *how,
                                        struct ht_conducted *conducted);

#endif
