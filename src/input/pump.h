/* SPDX-License-Identifier: MIT */
#ifndef HT_INPUT_PUMP_H
#define HT_INPUT_PUMP_H
/*
 * struct ht_pump - reads and unwraps a source ahead of who decodes it, in another thread, into a
 * ring of blocks.
 *
 * The reader offers an inflow; as long as no thread has taken it, the reader goes on by itself. The
 * thread that takes it has it until its end, or until the reader stops it.
 *
 * Memory: HT_PUMP_BLOCKS blocks, allocated when the first inflow is taken.
 */
#include "input/inflow.h"

enum { HT_PUMP_BLOCKS = 3 };

struct ht_pump;

/* offered: called when there is work, by the thread that reads. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_pump_new(size_t block_bytes, void (*offered)(void *ctx), void *ctx,
                                         struct ht_pump **pump);
void ht_pump_free(struct ht_pump *pump); /* NULL is a no-op; nothing is at work */

/* For the reader. */

void ht_pump_offer(struct ht_pump *pump, struct ht_inflow *inflow);

/*
 * As ht_inflow_read(), of blocks that were read ahead; size_bytes is at least that of a block.
 *
 * @taken      set: nothing was read, and the inflow is the reader's alone until it is offered again
 * @raw_bytes  inflow->raw_bytes as it was behind the block
 * Besides, what the inflow's patience answers while the reader waits.
 */
HT_MUST_CHECK enum ht_status ht_pump_read(struct ht_pump *pump, char *out, size_t size_bytes,
                                          size_t *count, uint64_t *raw_bytes, bool *taken);

/* The inflow is the reader's alone again, and may be closed. abrupt: it will be, so that nobody
 * waits for its bytes. True when it was read ahead, not to its end. */
bool ht_pump_stop(struct ht_pump *pump, bool abrupt);

/* For another thread. */

bool ht_pump_has_work(struct ht_pump *pump);

/* Take what is offered, if it still is, and read it. */
void ht_pump_work(struct ht_pump *pump);

#endif
