/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_LANE_PRIVATE_H
#define HT_DECODE_LANE_PRIVATE_H
/* What the parts of the lane share: lane.c (the tree), lane_learn.c (from a record to runs and
 * holes), and lane_match.h (running through it), which is compiled once for each kind of machine
 * code. */
#include "decode/lane.h"
#include "decode/normalize.h"

enum {
    HT_LANE_ROOTS = 4,
    HT_LANE_TEXT_MAX = 2 * 1024 * 1024, /* bytes of runs, and of the texts of models */
    HT_LANE_NODES_MAX = 32 * 1024,
    HT_LANE_FORKS_MAX = 4 * 1024,
    HT_LANE_MODELS_MAX = 4 * 1024,
    HT_LANE_HOLES_MAX = 40,
    HT_LANE_RECORD_MAX = 16 * 1024, /* longer records are not learned */
    HT_LANE_PADDING = 64,
};

/* What follows the run of a node. */
enum ht_lane_kind {
    HT_LANE_FORK = 0, /* the next byte decides: forks[next] */
    HT_LANE_LEAF,     /* the end of the record: models[next] */
    HT_LANE_TIME,     /* holes: a stamp */
    HT_LANE_PLAIN,    /* a string without escapes; an empty one goes on at `empty` */
    HT_LANE_CELL,     /* likewise, and "None" is as good as empty */
    HT_LANE_INNER,    /* as PLAIN, in a string within a string */
    HT_LANE_ANY,      /* the inside of any string */
    HT_LANE_DIGITS,   /* a natural number of at most 18 digits */
};

/* Number 0 is no node. */
struct ht_lane_node {
    uint32_t text; /* offset of the run */
    uint16_t len;
    uint16_t next;
    uint16_t empty;
    uint8_t kind;
};

struct ht_lane_fork {
    uint16_t next[256];
};

/* Which hole holds what; 0 = none does. */
struct ht_lane_roles {
    uint8_t device;
    uint8_t module;
    uint8_t sdk;
    uint8_t network;
    uint8_t time;
};

struct ht_lane_model {
    struct ht_model model;
    struct ht_lane_roles roles;
};

/* The day of the last stamp. */
struct ht_lane_day {
    char text[16]; /* "2025-03-10T" */
    int64_t us;
};

typedef size_t ht_lane_run_fn(struct ht_lane *lane, struct ht_str text, struct ht_quick *quick,
                              size_t max, size_t *consumed);

struct ht_lane {
    ht_lane_run_fn *run; /* NULL: off */
    struct ht_lane_day day;
    uint16_t roots[HT_LANE_ROOTS];
    char *text;
    struct ht_lane_node *nodes;
    struct ht_lane_fork *forks;
    struct ht_lane_model *models;
    size_t text_len;
    size_t node_count;
    size_t fork_count;
    size_t model_count;
    size_t text_capacity;
    size_t node_capacity;
    size_t fork_capacity;
    size_t model_capacity;
    uint32_t kin_last;
    uint64_t hits;
    uint64_t learned; /* records, or tried to */
};

/* A record as a list: a run, then a hole or the end. Offsets in the record's text. */
struct ht_lane_piece {
    uint32_t begin; /* of the run */
    uint32_t end;
    enum ht_lane_kind kind; /* of what follows it */
    bool empty;             /* the hole is */
};

struct ht_lane_pieces {
    struct ht_lane_piece list[HT_LANE_HOLES_MAX + 1];
    size_t count;
    struct ht_lane_roles roles;
};

/* Take a record apart; false when it cannot be learned. */
bool ht_lane_take_apart(const struct ht_object *object, const struct ht_decoded *decoded,
                        struct ht_str text, struct ht_lane_pieces *pieces);

/* "YYYY-MM-DDT" at text; false when it is no day of the years that are believed. */
bool ht_lane_read_day(const char *text, struct ht_lane_day *day);

ht_lane_run_fn ht_lane_run_portable;
#if defined(__x86_64__)
#define HT_LANE_HAS_AVX2 1
ht_lane_run_fn ht_lane_run_avx2;
#else
#define HT_LANE_HAS_AVX2 0
#endif
#if defined(__ARM_NEON) && defined(__aarch64__)
#define HT_LANE_HAS_NEON 1
ht_lane_run_fn ht_lane_run_neon;
#else
#define HT_LANE_HAS_NEON 0
#endif

#endif
