/* SPDX-License-Identifier: MIT */
#include "pipeline/crew.h"

#include <stdlib.h>

#include "base/check.h"

static enum ht_status init_piece(struct ht_piece *piece, struct ht_crew *crew);

enum ht_status ht_crew_init(struct ht_crew *crew, struct ht_intake *whole,
                            const struct ht_conduct *how, unsigned threads) {
    *crew = (struct ht_crew){.whole = whole, .how = how, .limits = *how->limits};
    crew->limits.no_archives = true;
    (void)pthread_mutex_init(&crew->lock, NULL); /* neither fails on the systems we run on */
    (void)pthread_cond_init(&crew->changed, NULL);
    atomic_init(&crew->stopped, false);
    const size_t wanted = 2 * (size_t)threads;
    crew->piece_max = wanted < HT_PIECES_MAX ? wanted : HT_PIECES_MAX;
    crew->pieces = calloc(crew->piece_max, sizeof *crew->pieces);
    HT_TRY(crew->pieces != NULL ? HT_OK : HT_E_NOMEM);
    return ht_decoder_new(&crew->blank, whole->settings->date_order);
}

static void release_piece(struct ht_piece *piece) {
    ht_intake_release(&piece->intake);
    ht_reader_free(piece->reader);
    ht_place_release(&piece->start);
    ht_place_release(&piece->end);
    free(piece->list.sources);
}

void ht_crew_release(struct ht_crew *crew) {
    for (size_t i = 0; i < crew->piece_count; i++) {
        release_piece(&crew->pieces[i]);
    }
    free(crew->pieces);
    ht_decoder_free(crew->blank);
    (void)pthread_cond_destroy(&crew->changed);
    (void)pthread_mutex_destroy(&crew->lock);
}

enum ht_status ht_hand_init(struct ht_hand *hand, const struct ht_crew *crew) {
    *hand = (struct ht_hand){.learned_left = 0};
    HT_TRY(ht_craft_init(&hand->craft, crew->whole));
    HT_TRY(ht_intake_init_look(&hand->look, crew->whole));
    hand->callbacks = ht_intake_callbacks(&hand->look);
    return ht_cutter_new(&crew->limits, &hand->callbacks, &hand->cutter);
}

void ht_hand_release(struct ht_hand *hand) {
    ht_cutter_free(hand->cutter);
    ht_intake_release(&hand->look);
    ht_craft_release(&hand->craft);
}

static struct ht_piece *find_free(struct ht_crew *crew) {
    for (size_t i = 0; i < crew->piece_count; i++) {
        if (!crew->pieces[i].busy) {
            return &crew->pieces[i];
        }
    }
    if (crew->piece_count == crew->piece_max || crew->no_memory) {
        return NULL;
    }
    struct ht_piece *piece = &crew->pieces[crew->piece_count];
    crew->no_memory = init_piece(piece, crew) != HT_OK;
    crew->piece_count += !crew->no_memory;
    return crew->no_memory ? NULL : piece;
}

struct ht_piece *ht_crew_take(struct ht_crew *crew) {
    struct ht_piece *piece = crew->planned ? NULL : find_free(crew);
    while (piece != NULL && !crew->planned && crew->turn_count < HT_TURNS_MAX) {
        struct ht_turn turn = {.piece = NULL};
        if (!ht_plan_next(&crew->plan, &turn.range)) {
            crew->planned = true;
            break;
        }
        turn.piece = turn.range.sequential ? NULL : piece;
        crew->turns[(crew->turn_first + crew->turn_count++) % HT_TURNS_MAX] = turn;
        if (turn.piece != NULL) {
            piece->busy = true;
            piece->done = false;
            piece->range = turn.range;
            return piece;
        }
    }
    return NULL;
}

/* Pieces. */

static enum ht_status on_progress(void *ctx, uint64_t bytes_read) {
    struct ht_piece *piece = ctx;
    struct ht_crew *crew = piece->crew;
    if (atomic_load_explicit(&crew->stopped, memory_order_relaxed)) {
        return HT_E_CANCEL;
    }
    if (!piece->conducting || crew->how->progress == NULL) {
        return HT_OK;
    }
    (void)pthread_mutex_lock(&crew->lock);
    const uint64_t before = crew->raw_bytes;
    (void)pthread_mutex_unlock(&crew->lock);
    return crew->how->progress(crew->how->progress_ctx, before + bytes_read);
}

static enum ht_status init_piece(struct ht_piece *piece, struct ht_crew *crew) {
    piece->crew = crew;
    ht_place_init(&piece->start);
    ht_place_init(&piece->end);
    enum ht_status status = ht_intake_init_part(&piece->intake, crew->whole);
    if (status == HT_OK) {
        piece->callbacks = ht_intake_callbacks(&piece->intake);
        piece->callbacks.progress = on_progress;
        piece->callbacks.progress_ctx = piece;
        status = ht_reader_new(&crew->limits, &piece->callbacks, &piece->reader);
    }
    if (status != HT_OK) {
        release_piece(piece);
    }
    return status;
}

static enum ht_status learn(struct ht_hand *hand, const struct ht_piece *piece) {
    if (hand->learned_left == piece->range.left) {
        return HT_OK;
    }
    hand->learned_left = 0;
    HT_TRY(ht_decoder_restart(hand->look.decoder, piece->crew->blank));
    HT_TRY(ht_cutter_learn(hand->cutter, &piece->list.sources[0], &hand->usable));
    hand->learned_left = piece->range.left;
    return HT_OK;
}

/* Where the piece seems to begin and to end. */
static enum ht_status find_ends(struct ht_piece *piece, struct ht_hand *hand) {
    const struct ht_place *cut = NULL;
    const struct ht_range *range = &piece->range;
    if (range->from_bytes == 0 && range->until_bytes == 0) {
        return HT_OK;
    }
    HT_TRY(learn(hand, piece));
    if (!hand->usable) {
        piece->empty = true;
        return HT_OK;
    }
    if (range->from_bytes > 0) {
        const enum ht_status status = ht_cutter_find(hand->cutter, range->from_bytes, &cut);
        piece->empty = status == HT_END;
        HT_TRY(status == HT_END ? HT_OK : status);
        HT_TRY(piece->empty ? HT_OK : ht_place_copy(&piece->start, cut));
    }
    if (range->until_bytes > 0) {
        const enum ht_status status = ht_cutter_find(hand->cutter, range->until_bytes, &cut);
        piece->until_bytes = status == HT_OK ? cut->offset_bytes : range->until_bytes;
        HT_TRY(status == HT_END ? HT_OK : status);
        piece->empty = piece->empty || piece->start.offset_bytes >= piece->until_bytes;
    }
    return HT_OK;
}

/* How many sources of its list are left, for the source in which it ends. */
static size_t left_in_list(const struct ht_piece *piece) {
    const size_t until = piece->range.left - piece->range.until_left;
    return piece->list.count - until;
}

static enum ht_status read_records(struct ht_piece *piece, struct ht_hand *hand) {
    const bool within = piece->range.from_bytes > 0;
    HT_TRY(ht_intake_restart(&piece->intake, &piece->list,
                             within ? hand->look.decoder : piece->crew->blank));
    enum ht_status status = ht_reader_begin(piece->reader, &piece->list, &piece->start);
    if (status == HT_OK) {
        status = ht_reader_run(piece->reader, left_in_list(piece), piece->until_bytes);
    }
    if (status == HT_OK) {
        status = ht_reader_where(piece->reader, &piece->end);
    }
    ht_reader_leave(piece->reader);
    piece->intake.quality.not_records = ht_reader_not_records(piece->reader);
    return status;
}

static enum ht_status read_piece(struct ht_piece *piece, struct ht_hand *hand) {
    bool reach = false;
    struct ht_strbuf header = piece->start.header;
    piece->start = (struct ht_place){.header = header};
    ht_strbuf_clear(&piece->start.header);
    piece->empty = false;
    piece->until_bytes = piece->range.until_bytes;
    HT_TRY(ht_plan_list(&piece->crew->plan, &piece->range, &piece->list, &reach));
    HT_TRY(find_ends(piece, hand));
    if (piece->empty) {
        return HT_OK;
    }
    ht_intake_borrow(&piece->intake, &hand->craft);
    const enum ht_status status = read_records(piece, hand);
    const enum ht_status kept = ht_intake_give_back(&piece->intake, &hand->craft);
    HT_TRY(kept);
    /* What was looked for behind its list may be there. */
    return status == HT_OK && ht_reader_met_end(piece->reader) && !reach ? HT_E_LIMIT : status;
}

void ht_piece_read(struct ht_piece *piece, struct ht_hand *hand) {
    piece->status = read_piece(piece, hand);
}
