/* SPDX-License-Identifier: MIT */
#ifndef HT_PIPELINE_CREW_H
#define HT_PIPELINE_CREW_H
/*
 * struct ht_crew - what the threads that read pieces share: the plan, the pieces that were begun,
 * in their order, and as many intakes as there may be pieces at once, which bounds the memory.
 *
 * A piece belongs to the thread that took it until it is done, then to the conductor, who takes
 * pieces over in their order. Everything else here is guarded by the lock.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "input/cut.h"
#include "pipeline/conductor.h"
#include "pipeline/plan.h"

/* A piece, and the means to read one. */
struct ht_piece {
    struct ht_crew *crew;
    bool busy;       /* guarded: a thread reads it, or it waits to be taken over */
    bool done;       /* guarded */
    bool conducting; /* read by the conductor, who watches the progress meanwhile */
    struct ht_range range;
    struct ht_intake intake;
    struct ht_reader *reader;
    struct ht_reader_callbacks callbacks;
    struct ht_source_list list; /* its sources, and perhaps the one behind them */
    struct ht_place start;      /* guessed; sources are counted from 0 in its list */
    struct ht_place end;
    uint64_t until_bytes; /* where the next piece seems to begin */
    enum ht_status status;
    bool empty; /* nothing was read: no place to begin at was found */
};

/* What a thread needs to find places in files. */
struct ht_hand {
    struct ht_craft craft;
    struct ht_intake look;
    struct ht_reader_callbacks callbacks;
    struct ht_cutter *cutter;
    size_t learned_left; /* source that the cutter knows; 0 = none */
    bool usable;
};

/* A range that was begun. */
struct ht_turn {
    struct ht_range range;
    struct ht_piece *piece; /* NULL: the conductor's own */
};

enum { HT_PIECES_MAX = 512, HT_TURNS_MAX = 2 * HT_PIECES_MAX };

struct ht_crew {
    struct ht_intake *whole; /* the conductor's; read by others only to make parts of it */
    const struct ht_conduct *how;
    struct ht_pump *pump;           /* borrowed: of the conductor's reader */
    struct ht_decoder *blank;       /* without columns */
    struct ht_reader_limits limits; /* of pieces */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    atomic_bool stopped; /* pieces are of no use any more */
    bool finished;
    struct ht_plan plan;
    bool planned; /* the plan is given out */
    struct ht_turn turns[HT_TURNS_MAX];
    size_t turn_first;
    size_t turn_count;
    struct ht_piece *pieces;
    size_t piece_count; /* made so far */
    size_t piece_max;
    bool no_memory;     /* for another one */
    uint64_t raw_bytes; /* of pieces that are done */
};

HT_MUST_CHECK enum ht_status ht_crew_init(struct ht_crew *crew, struct ht_intake *whole,
                                          const struct ht_conduct *how, unsigned threads);
void ht_crew_release(struct ht_crew *crew);

HT_MUST_CHECK enum ht_status ht_hand_init(struct ht_hand *hand, const struct ht_crew *crew);
void ht_hand_release(struct ht_hand *hand);

/* With the lock: begin the next piece; NULL: there is none now, or no room for one. */
struct ht_piece *ht_crew_take(struct ht_crew *crew);

/* Without it: read the piece. */
void ht_piece_read(struct ht_piece *piece, struct ht_hand *hand);

#endif
