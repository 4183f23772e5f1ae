/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_YAML_H
#define HT_BASE_YAML_H
/*
 * YAML that people write for us, read into a tree (libyaml). JSON, being a subset, is read too.
 *
 * What is refused, with its line: a second document, anchors and aliases, tags, a key that comes
 * twice or is no plain word, nesting beyond HT_YAML_DEPTH_MAX, texts beyond HT_YAML_BYTES_MAX,
 * more than HT_YAML_NODES_MAX values or HT_YAML_KEYS_MAX keys in one mapping.
 *
 * All errors have status HT_E_USAGE and begin with "NAME:LINE: ", or with the origin of a value
 * that ht_yaml_set() put in. Texts of the tree die with it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/str.h"
#include "hubtriage/err.h"

enum {
    HT_YAML_BYTES_MAX = 1024 * 1024,
    HT_YAML_DEPTH_MAX = 16,
    HT_YAML_KEYS_MAX = 1024,
    HT_YAML_NODES_MAX = 65536
};

enum ht_yaml_kind {
    HT_YAML_NULL = 0, /* nothing, ~ or null */
    HT_YAML_SCALAR,
    HT_YAML_SEQUENCE,
    HT_YAML_MAPPING
};

/* Children are in order: for (child = node->first; child != NULL; child = child->next). */
struct ht_yaml_node {
    enum ht_yaml_kind kind;
    bool quoted;        /* the scalar stood in quotes or in a block */
    uint32_t line;      /* 1-based; of the key for a value in a mapping */
    uint32_t column;    /* likewise */
    const char *origin; /* the file's name, or the setting that put it in */
    bool is_setting;
    struct ht_str key;  /* its key in the mapping around it, else empty */
    struct ht_str text; /* of a scalar, NUL-terminated, without NUL inside */
    struct ht_yaml_node *first;
    struct ht_yaml_node *last;
    struct ht_yaml_node *next;
    size_t count; /* of children */
};

struct ht_yaml {
    struct ht_arena arena;
    const char *name; /* in the arena */
    struct ht_yaml_node *root;
    size_t nodes;
};

/*
 * ht_yaml_load() - read one document. An empty one has a root of the kind HT_YAML_NULL.
 *
 * @name  how errors call it, as the user wrote it; copied.
 *
 * Release it in any case. Returns HT_OK, HT_E_USAGE or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_yaml_load(struct ht_yaml *yaml, struct ht_str name,
                                          struct ht_str text, struct ht_err *err);
void ht_yaml_release(struct ht_yaml *yaml);

/*
 * ht_yaml_set() - put one value into the tree: "log.lost=5%". The path's words are keys of mappings
 * or, in a sequence, numbers from 1; a missing last key, or mapping on the way, is made. What
 * stands behind '=' is read as YAML. Errors about the value begin with setting instead of a line.
 */
HT_MUST_CHECK enum ht_status ht_yaml_set(struct ht_yaml *yaml, struct ht_str setting,
                                         struct ht_err *err);

/* The value of a key, or NULL. node may be NULL or anything but a mapping: then NULL, too. */
const struct ht_yaml_node *ht_yaml_get(const struct ht_yaml_node *node, const char *key);

/* Start an error about a value: "NAME:LINE: " and the message, whose %s may be hostile. */
enum ht_status ht_yaml_fail(const struct ht_yaml_node *node, struct ht_err *err, const char *format,
                            ...) HT_PRINTF(3, 4);

/*
 * Demands. Each returns HT_OK, or HT_E_USAGE with an exact error that names the key.
 */
HT_MUST_CHECK enum ht_status ht_yaml_need(const struct ht_yaml_node *node, enum ht_yaml_kind kind,
                                          struct ht_err *err);

/* Every key of the mapping is one of these; else the nearest is suggested. */
HT_MUST_CHECK enum ht_status ht_yaml_need_keys(const struct ht_yaml_node *node,
                                               const char *const *keys, size_t count,
                                               struct ht_err *err);

/* Any scalar but null, of at most len_max bytes. */
HT_MUST_CHECK enum ht_status ht_yaml_text(const struct ht_yaml_node *node, size_t len_max,
                                          struct ht_str *text, struct ht_err *err);

/* "3", "0.25"; at most nine digits on either side of the point. */
HT_MUST_CHECK enum ht_status ht_yaml_number(const struct ht_yaml_node *node, double low,
                                            double high, double *number, struct ht_err *err);
HT_MUST_CHECK enum ht_status ht_yaml_whole(const struct ht_yaml_node *node, uint64_t low,
                                           uint64_t high, uint64_t *number, struct ht_err *err);

/* "45s", "20m", "1h30m", "1.5 h", "2d": number and one of ms, s, m, min, h, d, w; or "0". */
HT_MUST_CHECK enum ht_status ht_yaml_span(const struct ht_yaml_node *node, int64_t low_us,
                                          int64_t high_us, int64_t *span_us, struct ht_err *err);

/* "5 %", "5%" or "0.05": a share from 0 to 1. */
HT_MUST_CHECK enum ht_status ht_yaml_share(const struct ht_yaml_node *node, double *share,
                                           struct ht_err *err);

/* yes, no, true, false, on, off. */
HT_MUST_CHECK enum ht_status ht_yaml_bool(const struct ht_yaml_node *node, bool *value,
                                          struct ht_err *err);

/* One of these words, but for ASCII case; else the nearest is suggested. */
HT_MUST_CHECK enum ht_status ht_yaml_word(const struct ht_yaml_node *node, const char *const *words,
                                          size_t count, size_t *index, struct ht_err *err);

/* The readers behind the demands, for texts that come from elsewhere. false: it is none. */
bool ht_yaml_parse_span(struct ht_str text, int64_t *span_us);
bool ht_yaml_parse_share(struct ht_str text, double *share);

#endif
