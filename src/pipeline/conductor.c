/* SPDX-License-Identifier: MIT */
#include "pipeline/conductor.h"

#include <stdlib.h>
#include <time.h>

#include "base/check.h"
#include "input/pump.h"
#include "pipeline/crew.h"

enum {
    CHUNK_BYTES_DEFAULT = 8 * 1024 * 1024,
    WAIT_NS = 50 * 1000 * 1000,
    /* Pieces of one file that were read in vain, one after the other, before it is cut no more. */
    VAIN_MAX = 4,
};

/* The calling thread's part. */
struct conductor {
    struct ht_intake *whole;
    const struct ht_conduct *how;
    struct ht_crew *crew; /* NULL: nobody helps */
    struct ht_conducted conducted;
    struct ht_reader_callbacks callbacks;
    struct ht_pump *pump; /* NULL: nobody helps */
    struct ht_reader *reader;
    bool reading;        /* the reader is at `now`, and its source is open */
    struct ht_place now; /* everything before it was read */
    uint64_t raw_bytes;  /* read by the reader before it began last */
    size_t vain_left;    /* source whose pieces were refused */
    unsigned vain;
};

/* There is something to be read ahead. */
static void on_offer(void *ctx) {
    const struct conductor *conductor = ctx;
    struct ht_crew *crew = conductor->crew;
    if (crew != NULL) {
        (void)pthread_mutex_lock(&crew->lock);
        (void)pthread_cond_broadcast(&crew->changed);
        (void)pthread_mutex_unlock(&crew->lock);
    }
}

static uint64_t bytes_of_pieces(struct ht_crew *crew) {
    if (crew == NULL) {
        return 0;
    }
    (void)pthread_mutex_lock(&crew->lock);
    const uint64_t bytes = crew->raw_bytes;
    (void)pthread_mutex_unlock(&crew->lock);
    return bytes;
}

static enum ht_status on_progress(void *ctx, uint64_t bytes_read) {
    const struct conductor *conductor = ctx;
    const struct ht_conduct *how = conductor->how;
    return how->progress == NULL
               ? HT_OK
               : how->progress(how->progress_ctx, conductor->raw_bytes + bytes_read +
                                                      bytes_of_pieces(conductor->crew));
}

static void leave(struct conductor *conductor) {
    if (conductor->reading) {
        ht_reader_leave(conductor->reader);
        conductor->raw_bytes += ht_reader_raw_bytes(conductor->reader);
        conductor->whole->quality.not_records += ht_reader_not_records(conductor->reader);
        conductor->reading = false;
    }
}

/* Read on from where everything was read so far. */
static enum ht_status read_on(struct conductor *conductor, size_t until_left,
                              uint64_t until_bytes) {
    if (!conductor->reading) {
        conductor->reading = true;
        HT_TRY(ht_reader_begin(conductor->reader, conductor->whole->list, &conductor->now));
    }
    HT_TRY(ht_reader_run(conductor->reader, until_left, until_bytes));
    return ht_reader_where(conductor->reader, &conductor->now);
}

static size_t source_of(const struct conductor *conductor, size_t left) {
    return conductor->whole->list->count - left;
}

/* Reading went on beyond the end of what was planned. */
static bool is_behind(const struct conductor *conductor, size_t until_left, uint64_t until_bytes) {
    const struct ht_place *now = &conductor->now;
    const size_t until = source_of(conductor, until_left);
    return now->source > until || (now->source == until && now->offset_bytes >= until_bytes);
}

/* The piece begins where everything before it ends, in the same state. */
static bool is_proven(struct conductor *conductor, const struct ht_piece *piece) {
    struct ht_place *now = &conductor->now;
    const enum ht_place_table table = now->table;
    /* A table before the piece matters when its first source may go on with the rows. */
    if (table == HT_PLACE_BEHIND_TABLE && !ht_reader_asked_before(piece->reader)) {
        now->table = HT_PLACE_NO_TABLE;
    }
    const bool same = ht_place_is_same(now, &piece->start);
    now->table = table;
    return same && ht_place_fits_budget(now, ht_reader_rescanned_bytes(piece->reader));
}

/* HT_E_LIMIT: it is not proven, or what is in it depends on more. */
static enum ht_status take_over(struct conductor *conductor, struct ht_piece *piece) {
    struct ht_place *now = &conductor->now;
    const size_t first = source_of(conductor, piece->range.left);
    if (piece->empty || piece->status != HT_OK) {
        return piece->empty ? HT_E_LIMIT : piece->status;
    }
    piece->start.source += first;
    piece->end.source += first;
    if (!is_proven(conductor, piece)) {
        return HT_E_LIMIT;
    }
    leave(conductor);
    HT_TRY(ht_intake_absorb(conductor->whole, &piece->intake, first));
    if (piece->end.table == HT_PLACE_IN_TABLE && piece->end.source == now->source) {
        piece->end.rescanned_bytes += now->rescanned_bytes;
    }
    return ht_place_copy(now, &piece->end);
}

/* Files whose pieces are refused again and again are read by one thread: the others would work in
 * vain. */
static void count_vain(struct conductor *conductor, const struct ht_range *range, bool vain) {
    if (range->from_bytes == 0 && range->until_bytes == 0) {
        return;
    }
    if (conductor->vain_left != range->left || !vain) {
        conductor->vain_left = range->left;
        conductor->vain = 0;
    }
    if (vain && ++conductor->vain == VAIN_MAX) {
        (void)pthread_mutex_lock(&conductor->crew->lock);
        ht_plan_keep_whole(&conductor->crew->plan, range->left);
        (void)pthread_mutex_unlock(&conductor->crew->lock);
    }
}

static enum ht_status finish_piece(struct conductor *conductor, struct ht_piece *piece) {
    const struct ht_range *range = &piece->range;
    if (is_behind(conductor, range->until_left, piece->until_bytes)) {
        return piece->status == HT_E_NOMEM ? HT_E_NOMEM : HT_OK;
    }
    const enum ht_status status = take_over(conductor, piece);
    if (status != HT_OK && status != HT_E_LIMIT) {
        return status;
    }
    count_vain(conductor, range, status == HT_E_LIMIT);
    if (status == HT_OK) {
        conductor->conducted.pieces++;
        return HT_OK;
    }
    conductor->conducted.refused++;
    return read_on(conductor, range->until_left, piece->until_bytes);
}

/* With the lock. */
static void wait_a_moment(struct ht_crew *crew) {
    struct timespec until;
    if (clock_gettime(CLOCK_REALTIME, &until) != 0) {
        return;
    }
    until.tv_nsec += WAIT_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    (void)pthread_cond_timedwait(&crew->changed, &crew->lock, &until);
}

/* Without the lock; with it afterwards. */
static void read_piece(struct ht_crew *crew, struct ht_piece *piece, struct ht_hand *hand) {
    ht_piece_read(piece, hand);
    (void)pthread_mutex_lock(&crew->lock);
    crew->raw_bytes += piece->empty ? 0 : ht_reader_raw_bytes(piece->reader);
    piece->done = true;
    (void)pthread_cond_broadcast(&crew->changed);
}

/* What the conductor does next. */
enum step { STEP_END = 0, STEP_OWN, STEP_FINISH, STEP_HELP, STEP_WAIT, STEP_FAIL };

/* With the lock. */
static enum step next_step(struct ht_crew *crew, struct ht_turn *turn, struct ht_piece **piece) {
    *piece = NULL;
    if (crew->turn_count == 0) {
        *piece = ht_crew_take(crew);
    }
    if (*piece != NULL) {
        return STEP_HELP;
    }
    if (crew->turn_count == 0) {
        return crew->planned ? STEP_END : STEP_FAIL;
    }
    *turn = crew->turns[crew->turn_first];
    if (turn->piece == NULL || turn->piece->done) {
        crew->turn_first = (crew->turn_first + 1) % HT_TURNS_MAX;
        crew->turn_count--;
        return turn->piece == NULL ? STEP_OWN : STEP_FINISH;
    }
    *piece = ht_crew_take(crew);
    return *piece != NULL ? STEP_HELP : STEP_WAIT;
}

/* Without the lock. */
static enum ht_status do_step(struct conductor *conductor, enum step step,
                              const struct ht_turn *turn, struct ht_piece *piece,
                              struct ht_hand *hand) {
    struct ht_crew *crew = conductor->crew;
    enum ht_status status = HT_OK;
    switch (step) {
    case STEP_OWN:
        return is_behind(conductor, turn->range.until_left, turn->range.until_bytes)
                   ? HT_OK
                   : read_on(conductor, turn->range.until_left, turn->range.until_bytes);
    case STEP_FINISH:
        status = finish_piece(conductor, turn->piece);
        (void)pthread_mutex_lock(&crew->lock);
        turn->piece->busy = false;
        (void)pthread_cond_broadcast(&crew->changed);
        (void)pthread_mutex_unlock(&crew->lock);
        return status;
    case STEP_HELP:
        piece->conducting = true;
        read_piece(crew, piece, hand);
        piece->conducting = false;
        (void)pthread_mutex_unlock(&crew->lock);
        return HT_OK;
    case STEP_WAIT:
        (void)pthread_mutex_lock(&crew->lock);
        wait_a_moment(crew);
        (void)pthread_mutex_unlock(&crew->lock);
        return on_progress(conductor,
                           conductor->reading ? ht_reader_raw_bytes(conductor->reader) : 0);
    case STEP_FAIL: /* no piece could be made */
        return HT_E_NOMEM;
    case STEP_END:
        break;
    }
    return HT_OK;
}

static enum ht_status conduct(struct conductor *conductor, struct ht_hand *hand) {
    struct ht_crew *crew = conductor->crew;
    for (;;) {
        struct ht_turn turn = {.piece = NULL};
        struct ht_piece *piece = NULL;
        (void)pthread_mutex_lock(&crew->lock);
        const enum step step = next_step(crew, &turn, &piece);
        (void)pthread_mutex_unlock(&crew->lock);
        if (step == STEP_END) {
            return HT_OK;
        }
        HT_TRY(do_step(conductor, step, &turn, piece, hand));
    }
}

/* hand: NULL = no memory for one; the others do the work. */
static void help(struct ht_crew *crew, struct ht_hand *hand) {
    (void)pthread_mutex_lock(&crew->lock);
    while (!crew->finished) {
        struct ht_piece *piece = hand != NULL ? ht_crew_take(crew) : NULL;
        if (piece != NULL) {
            (void)pthread_mutex_unlock(&crew->lock);
            read_piece(crew, piece, hand);
        } else if (ht_pump_has_work(crew->pump)) {
            (void)pthread_mutex_unlock(&crew->lock);
            ht_pump_work(crew->pump);
            (void)pthread_mutex_lock(&crew->lock);
        } else {
            (void)pthread_cond_wait(&crew->changed, &crew->lock);
        }
    }
    (void)pthread_mutex_unlock(&crew->lock);
}

static void finish(struct ht_crew *crew) {
    atomic_store_explicit(&crew->stopped, true, memory_order_relaxed);
    (void)pthread_mutex_lock(&crew->lock);
    crew->finished = true;
    (void)pthread_cond_broadcast(&crew->changed);
    (void)pthread_mutex_unlock(&crew->lock);
}

/* One block of the loop is one thread; helpers stay until the conductor is through, so that each
 * thread, the calling one too, gets a block. */
static enum ht_status work(void *ctx, const struct ht_block *block) {
    struct conductor *conductor = ctx;
    struct ht_crew *crew = conductor->crew;
    struct ht_hand hand;
    enum ht_status status = ht_hand_init(&hand, crew);
    if (block->worker > 0) {
        help(crew, status == HT_OK ? &hand : NULL);
    } else if (!crew->finished) {
        status = status == HT_OK ? conduct(conductor, &hand) : status;
        leave(conductor); /* nobody reads ahead any more */
        finish(crew);
    }
    ht_hand_release(&hand);
    return block->worker > 0 ? HT_OK : status;
}

static enum ht_status conduct_crew(struct conductor *conductor, unsigned threads) {
    struct ht_crew *crew = malloc(sizeof *crew);
    if (crew == NULL) {
        return HT_E_NOMEM;
    }
    enum ht_status status = ht_crew_init(crew, conductor->whole, conductor->how, threads);
    const uint64_t chunk_bytes = conductor->how->chunk_bytes;
    if (status == HT_OK) {
        status = ht_plan_init(&crew->plan, conductor->whole->list,
                              chunk_bytes > 0 ? chunk_bytes : CHUNK_BYTES_DEFAULT);
    }
    if (status == HT_OK && ht_plan_is_large(&crew->plan)) {
        ht_intake_share(conductor->whole);
        crew->pump = conductor->pump;
        conductor->crew = crew;
        status = ht_parallel_for(conductor->how->parallel, threads, 1, work, conductor);
        conductor->crew = NULL;
    }
    ht_plan_release(&crew->plan);
    ht_crew_release(crew);
    free(crew);
    return status;
}

enum ht_status ht_conduct(struct ht_intake *whole, const struct ht_conduct *how,
                          struct ht_conducted *conducted) {
    struct conductor conductor = {.whole = whole,
                                  .how = how,
                                  .callbacks = ht_intake_callbacks(whole)};
    const unsigned threads = ht_parallel_threads(how->parallel);
    ht_place_init(&conductor.now);
    conductor.callbacks.progress = on_progress;
    conductor.callbacks.progress_ctx = &conductor;
    struct ht_reader_limits limits = *how->limits;
    enum ht_status status = HT_OK;
    if (threads > 1) {
        status = ht_pump_new(limits.block_bytes > 0 ? limits.block_bytes : HT_READER_BLOCK_BYTES,
                             on_offer, &conductor, &conductor.pump);
        limits.pump = conductor.pump;
    }
    if (status == HT_OK) {
        status = ht_reader_new(&limits, &conductor.callbacks, &conductor.reader);
    }
    if (status == HT_OK && threads > 1) {
        status = conduct_crew(&conductor, threads);
    }
    if (status == HT_OK && conductor.now.source < whole->list->count) {
        status = read_on(&conductor, 0, 0);
    }
    leave(&conductor);
    ht_reader_free(conductor.reader);
    ht_pump_free(conductor.pump);
    ht_place_release(&conductor.now);
    if (conducted != NULL) {
        *conducted = conductor.conducted;
    }
    return status;
}
