/* SPDX-License-Identifier: MIT */
/* The tree: made, chosen code for, grown, emptied. */
#include "decode/lane.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/grow.h"
#include "base/time.h"
#include "decode/lane_private.h"

/* So many records are learned in any case; further ones must have been worth it. */
enum { LEARNED_FREE = 4096, HITS_PER_LEARNED = 8 };

static bool has_avx2(void) {
#if HT_LANE_HAS_AVX2
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2");
#else
    return false;
#endif
}

static ht_lane_run_fn *run_of(enum ht_lane_code code) {
    switch (code) {
    case HT_LANE_PORTABLE:
        return ht_lane_run_portable;
#if HT_LANE_HAS_AVX2
    case HT_LANE_AVX2:
        return has_avx2() ? ht_lane_run_avx2 : NULL;
#endif
#if HT_LANE_HAS_NEON
    case HT_LANE_NEON:
        return ht_lane_run_neon;
#endif
    default:
        return NULL;
    }
}

enum ht_lane_code ht_lane_best(void) {
    return has_avx2() ? HT_LANE_AVX2 : HT_LANE_HAS_NEON ? HT_LANE_NEON : HT_LANE_PORTABLE;
}

bool ht_lane_use(struct ht_lane *lane, enum ht_lane_code code) {
    lane->run = run_of(code == HT_LANE_BEST ? ht_lane_best() : code);
    return lane->run != NULL || code == HT_LANE_OFF;
}

struct ht_lane *ht_lane_new(void) {
    struct ht_lane *lane = calloc(1, sizeof *lane);
    if (lane != NULL) {
        lane->run = run_of(ht_lane_best());
        lane->node_count = 1;
    }
    return lane;
}

void ht_lane_free(struct ht_lane *lane) {
    if (lane != NULL) {
        free(lane->text);
        free(lane->nodes);
        free(lane->forks);
        free(lane->models);
        free(lane);
    }
}

size_t ht_lane_run(struct ht_lane *lane, struct ht_str text, struct ht_quick *quick, size_t max,
                   size_t *consumed) {
    *consumed = 0;
    return lane->run != NULL && lane->roots[0] != 0 ? lane->run(lane, text, quick, max, consumed)
                                                    : 0;
}

bool ht_lane_read_day(const char *text, struct ht_lane_day *day) {
    static const char form[] = "0000-00-00T";
    unsigned number[3] = {0, 0, 0};
    size_t part = 0;
    int64_t days = 0;
    for (size_t i = 0; i < sizeof form - 1; i++) {
        if (form[i] == '0' && ht_ascii_is_digit(text[i])) {
            number[part] = number[part] * 10 + (unsigned)(text[i] - '0');
        } else if (form[i] != '0' && text[i] == form[i]) {
            part++;
        } else {
            return false;
        }
    }
    if (number[0] < 2014 || number[0] > 2099 ||
        !ht_time_days(number[0], number[1], number[2], &days)) {
        return false;
    }
    memcpy(day->text, text, sizeof form - 1);
    day->us = days * HT_S_PER_DAY * HT_US_PER_S;
    return true;
}

static void empty(struct ht_lane *lane) {
    memset(lane->roots, 0, sizeof lane->roots);
    lane->text_len = 0;
    lane->node_count = 1;
    lane->fork_count = 0;
    lane->model_count = 0;
}

/* Texts of models, when the text they are in has moved. */
static void move_text(struct ht_str *text, const char *from, const char *to) {
    text->ptr = to + (text->ptr - from);
}

static enum ht_status make_text_room(struct ht_lane *lane, size_t bytes) {
    const char *old = lane->text;
    const size_t wanted = lane->text_len + bytes + HT_LANE_PADDING;
    if (wanted <= lane->text_capacity) {
        return HT_OK;
    }
    char *fresh = calloc(1, 2 * wanted);
    if (fresh == NULL) {
        return HT_E_NOMEM;
    }
    if (lane->text_len > 0) {
        memcpy(fresh, old, lane->text_len);
    }
    for (size_t i = 0; i < lane->model_count; i++) {
        struct ht_decoded *decoded = &lane->models[i].model.decoded;
        move_text(&decoded->category, old, fresh);
        move_text(&decoded->resource_id, old, fresh);
        move_text(&decoded->record.hub, old, fresh);
        move_text(&decoded->record.protocol, old, fresh);
        move_text(&decoded->record.message, old, fresh);
        move_text(&decoded->record.operation, old, fresh);
    }
    free(lane->text);
    lane->text = fresh;
    lane->text_capacity = 2 * wanted;
    return HT_OK;
}

/* Room for one more record. HT_E_LIMIT: the lane is full. */
static enum ht_status make_room(struct ht_lane *lane, size_t record_len) {
    const size_t bytes = 3 * record_len + sizeof(struct ht_normal_text);
    if (lane->text_len + bytes > HT_LANE_TEXT_MAX) {
        return HT_E_LIMIT;
    }
    HT_TRY(ht_grow(&lane->nodes, &lane->node_capacity, lane->node_count + HT_LANE_HOLES_MAX + 4,
                   HT_LANE_NODES_MAX, sizeof *lane->nodes));
    HT_TRY(ht_grow(&lane->forks, &lane->fork_capacity, lane->fork_count + 1, HT_LANE_FORKS_MAX,
                   sizeof *lane->forks));
    HT_TRY(ht_grow(&lane->models, &lane->model_capacity, lane->model_count + 1, HT_LANE_MODELS_MAX,
                   sizeof *lane->models));
    return make_text_room(lane, bytes);
}

static uint32_t add_text(struct ht_lane *lane, struct ht_str text) {
    const size_t at = lane->text_len;
    if (text.len > 0) {
        memcpy(lane->text + at, text.ptr, text.len);
    }
    lane->text_len += text.len;
    return (uint32_t)at;
}

static void own(struct ht_lane *lane, struct ht_str *text) {
    *text = (struct ht_str){lane->text + add_text(lane, *text), text->len};
}

static uint16_t add_model(struct ht_lane *lane, const struct ht_decoded *decoded,
                          const struct ht_lane_pieces *pieces, struct ht_str text) {
    struct ht_lane_model *model = &lane->models[lane->model_count];
    struct ht_decoded *copy = &model->model.decoded;
    *copy = *decoded;
    copy->stamped = false;
    copy->time = HT_STR_NONE;
    copy->record.time_us = HT_TIME_NONE;
    copy->record.device = HT_STR_NONE;
    copy->record.module = HT_STR_NONE;
    copy->record.sdk = HT_STR_NONE;
    copy->record.network = HT_STR_NONE;
    own(lane, &copy->category);
    own(lane, &copy->resource_id);
    own(lane, &copy->record.hub);
    own(lane, &copy->record.protocol);
    own(lane, &copy->record.message);
    own(lane, &copy->record.operation);
    model->roles = pieces->roles;
    model->model.kin = ++lane->kin_last;
    model->model.tall = text.ptr[1] == '\n' || text.ptr[1] == '\r';
    return (uint16_t)lane->model_count++;
}

static uint16_t add_node(struct ht_lane *lane, struct ht_lane_node node) {
    lane->nodes[lane->node_count] = node;
    return (uint16_t)lane->node_count++;
}

/* A record on its way into a tree: place is where the number of the next node stands, and what is
 * left begins at the byte `at` of the piece. */
struct growth {
    const struct ht_lane_pieces *pieces;
    struct ht_str text;
    size_t piece;
    size_t at;
    uint16_t *place;
};

static struct ht_str rest_of_run(const struct growth *growth) {
    const struct ht_lane_piece *piece = &growth->pieces->list[growth->piece];
    return (struct ht_str){growth->text.ptr + growth->at, piece->end - growth->at};
}

static uint16_t *behind(struct ht_lane_node *node, bool is_empty) {
    return is_empty ? &node->empty : &node->next;
}

static void next_piece(struct growth *growth, struct ht_lane_node *node) {
    const struct ht_lane_piece *piece = &growth->pieces->list[growth->piece];
    growth->place = behind(node, piece->empty);
    growth->piece++;
    growth->at = growth->pieces->list[growth->piece].begin;
}

static size_t common_len(struct ht_str a, struct ht_str b) {
    size_t len = 0;
    while (len < a.len && len < b.len && a.ptr[len] == b.ptr[len]) {
        len++;
    }
    return len;
}

/* Cut a node's run, so that another byte may follow it. */
static void fork_node(struct ht_lane *lane, uint16_t *place, size_t len) {
    struct ht_lane_node *node = &lane->nodes[*place];
    struct ht_lane_node tail = *node;
    tail.text += (uint32_t)len;
    tail.len = (uint16_t)(tail.len - len);
    const unsigned char byte = (unsigned char)lane->text[tail.text];
    const uint16_t fork = (uint16_t)lane->fork_count++;
    node->len = (uint16_t)len;
    node->kind = HT_LANE_FORK;
    node->next = fork;
    node->empty = 0;
    memset(&lane->forks[fork], 0, sizeof lane->forks[fork]);
    lane->forks[fork].next[byte] = add_node(lane, tail);
}

/* Go as far as the tree has the record; false when it cannot be put into this one. */
static bool descend(struct ht_lane *lane, struct growth *growth) {
    while (*growth->place != 0) {
        struct ht_lane_node *node = &lane->nodes[*growth->place];
        const struct ht_str run = {lane->text + node->text, node->len};
        const struct ht_str rest = rest_of_run(growth);
        const struct ht_lane_piece *piece = &growth->pieces->list[growth->piece];
        const size_t common = common_len(run, rest);
        if (common == rest.len && (common < run.len || node->kind != piece->kind)) {
            return false;
        }
        if (common < run.len) {
            fork_node(lane, growth->place, common);
            node = &lane->nodes[*growth->place];
        }
        if (common < rest.len) {
            if (node->kind != HT_LANE_FORK) {
                return false;
            }
            growth->at += common;
            growth->place = &lane->forks[node->next].next[(unsigned char)rest.ptr[common]];
        } else if (piece->kind == HT_LANE_LEAF) {
            return true;
        } else {
            next_piece(growth, node);
        }
    }
    return true;
}

/* Put what the tree does not have behind it. */
static void put_rest(struct ht_lane *lane, struct growth *growth, uint16_t model) {
    for (;;) {
        const struct ht_lane_piece *piece = &growth->pieces->list[growth->piece];
        const struct ht_str rest = rest_of_run(growth);
        const uint16_t number = add_node(lane, (struct ht_lane_node){
                                                   .text = add_text(lane, rest),
                                                   .len = (uint16_t)rest.len,
                                                   .kind = (uint8_t)piece->kind,
                                               });
        *growth->place = number;
        if (piece->kind == HT_LANE_LEAF) {
            lane->nodes[number].next = model;
            return;
        }
        next_piece(growth, &lane->nodes[number]);
    }
}

static void grow(struct ht_lane *lane, const struct ht_decoded *decoded,
                 const struct ht_lane_pieces *pieces, struct ht_str text) {
    for (size_t i = 0; i < HT_LANE_ROOTS; i++) {
        struct growth growth = {.pieces = pieces, .text = text, .place = &lane->roots[i]};
        if (descend(lane, &growth)) {
            if (*growth.place == 0) {
                put_rest(lane, &growth, add_model(lane, decoded, pieces, text));
            }
            return;
        }
    }
}

static bool is_worth_it(const struct ht_object *object, const struct ht_decoded *decoded,
                        struct ht_str text) {
    if (decoded->slow || text.len > HT_LANE_RECORD_MAX ||
        (object->present & HT_SLOT_BIT(HT_SLOT_OPERATION_NAME)) == 0 ||
        (object->present & HT_SLOT_BIT(HT_SLOT_FRAME_TYPE)) != 0) {
        return false;
    }
    switch (decoded->kind) {
    case HT_DECODED_EVENT:
        return decoded->stamp.kind == HT_STAMP_ISO;
    case HT_DECODED_OTHER_RECORD: /* one without a category may be a metric */
        return decoded->category.len > 0 && !decoded->stamped;
    case HT_DECODED_OTHER_SERVICE:
        return !decoded->stamped;
    default:
        return false;
    }
}

void ht_lane_learn(struct ht_lane *lane, const struct ht_object *object,
                   const struct ht_decoded *decoded, struct ht_str text) {
    struct ht_lane_pieces pieces;
    if (lane->run == NULL || lane->learned > LEARNED_FREE + lane->hits / HITS_PER_LEARNED ||
        !is_worth_it(object, decoded, text)) {
        return;
    }
    lane->learned++;
    if (!ht_lane_take_apart(object, decoded, text, &pieces)) {
        return;
    }
    enum ht_status status = make_room(lane, text.len);
    if (status == HT_E_LIMIT) {
        empty(lane);
        status = make_room(lane, text.len);
    }
    if (status == HT_OK) {
        grow(lane, decoded, &pieces, text);
    }
}
