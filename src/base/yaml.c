/* SPDX-License-Identifier: MIT */
/* Reading the tree from libyaml's events, which tell of anchors and tags; its documents do not. */
#include "base/yaml.h"

#include <stdalign.h>
#include <string.h>
#include <yaml.h>

#include "base/check.h"
#include "base/err.h"
#include "base/num.h"

enum { ARENA_BYTES_MAX = 32 * 1024 * 1024, PATH_DEPTH_MAX = HT_YAML_DEPTH_MAX };

struct frame {
    struct ht_yaml_node *node;
    struct ht_str key; /* of the value that comes next; ptr NULL = a key comes next */
    uint32_t key_line;
    uint32_t key_column;
};

struct loading {
    struct ht_yaml *yaml;
    const char *origin;
    bool is_setting;
    struct ht_yaml_node *root;
    struct frame stack[HT_YAML_DEPTH_MAX];
    size_t depth;
    struct ht_err *err;
};

static uint32_t line_of(yaml_mark_t mark) {
    return (uint32_t)mark.line + 1;
}

static enum ht_status fail_at(const struct loading *loading, yaml_mark_t mark, const char *what) {
    const struct ht_yaml_node here = {.line = line_of(mark),
                                      .origin = loading->origin,
                                      .is_setting = loading->is_setting};
    return ht_yaml_fail(&here, loading->err, "%s", what);
}

static enum ht_status no_memory(struct ht_err *err) {
    return ht_err_set(err, HT_E_NOMEM, "no memory for a file of settings");
}

static bool is_null_word(struct ht_str text) {
    return text.len == 0 || ht_str_eq(text, HT_STR("~")) || ht_str_eq_nocase(text, HT_STR("null"));
}

static enum ht_status take_key(struct loading *loading, const yaml_event_t *event,
                               struct frame *frame) {
    const struct ht_str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    if (text.len == 0 || text.len > 128 || memchr(text.ptr, '\0', text.len) != NULL) {
        return fail_at(loading, event->start_mark, "a key must be a word of 1 to 128 bytes");
    }
    for (const struct ht_yaml_node *child = frame->node->first; child != NULL;
         child = child->next) {
        if (ht_str_eq(child->key, text)) {
            const struct ht_yaml_node here = {.line = line_of(event->start_mark),
                                              .origin = loading->origin,
                                              .is_setting = loading->is_setting};
            return ht_yaml_fail(&here, loading->err, "'%.*s' stands here twice, first in line %u",
                                (int)text.len, text.ptr, (unsigned)child->line);
        }
    }
    if (frame->node->count == HT_YAML_KEYS_MAX) {
        return fail_at(loading, event->start_mark, "too many keys");
    }
    frame->key_line = line_of(event->start_mark);
    frame->key_column = (uint32_t)event->start_mark.column + 1;
    return ht_arena_copy(&loading->yaml->arena, text, &frame->key) == HT_OK
               ? HT_OK
               : no_memory(loading->err);
}

static void append(struct ht_yaml_node *parent, struct ht_yaml_node *child) {
    if (parent->last == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }
    parent->last = child;
    parent->count++;
}

static struct ht_yaml_node *new_node(struct ht_yaml *yaml, enum ht_yaml_kind kind) {
    struct ht_yaml_node *node =
        ht_arena_alloc(&yaml->arena, sizeof *node, alignof(struct ht_yaml_node));
    if (node != NULL) {
        node->kind = kind;
        yaml->nodes++;
    }
    return node;
}

/* A value has come: hang it where it belongs. */
static enum ht_status hang(struct loading *loading, const yaml_event_t *event,
                           enum ht_yaml_kind kind, struct ht_yaml_node **hung) {
    struct frame *frame = loading->depth > 0 ? &loading->stack[loading->depth - 1] : NULL;
    if (frame != NULL && frame->node->kind == HT_YAML_MAPPING && frame->key.ptr == NULL) {
        return fail_at(loading, event->start_mark, "a key must be a plain word");
    }
    if (loading->yaml->nodes >= HT_YAML_NODES_MAX) {
        return fail_at(loading, event->start_mark, "too many values");
    }
    struct ht_yaml_node *node = new_node(loading->yaml, kind);
    if (node == NULL) {
        return no_memory(loading->err);
    }
    node->line = line_of(event->start_mark);
    node->column = (uint32_t)event->start_mark.column + 1;
    node->origin = loading->origin;
    node->is_setting = loading->is_setting;
    if (frame == NULL) {
        loading->root = node;
    } else {
        if (frame->key.ptr != NULL) {
            node->key = frame->key;
            node->line = frame->key_line;
            node->column = frame->key_column;
            frame->key = HT_STR_NONE;
        }
        append(frame->node, node);
    }
    *hung = node;
    return HT_OK;
}

static enum ht_status take_scalar(struct loading *loading, const yaml_event_t *event) {
    struct frame *frame = loading->depth > 0 ? &loading->stack[loading->depth - 1] : NULL;
    const struct ht_str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    struct ht_yaml_node *node = NULL;
    if (event->data.scalar.anchor != NULL) {
        return fail_at(loading, event->start_mark, "anchors (&name) are not supported");
    }
    if (event->data.scalar.tag != NULL) {
        return fail_at(loading, event->start_mark, "tags (!name) are not supported");
    }
    if (frame != NULL && frame->node->kind == HT_YAML_MAPPING && frame->key.ptr == NULL) {
        return take_key(loading, event, frame);
    }
    if (text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL) {
        return fail_at(loading, event->start_mark, "a text must not hold a NUL");
    }
    const bool quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    HT_TRY(
        hang(loading, event, !quoted && is_null_word(text) ? HT_YAML_NULL : HT_YAML_SCALAR, &node));
    node->quoted = quoted;
    return ht_arena_copy(&loading->yaml->arena, text, &node->text) == HT_OK
               ? HT_OK
               : no_memory(loading->err);
}

static enum ht_status open_node(struct loading *loading, const yaml_event_t *event) {
    const bool mapping = event->type == YAML_MAPPING_START_EVENT;
    const yaml_char_t *anchor =
        mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag =
        mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    struct ht_yaml_node *node = NULL;
    if (anchor != NULL) {
        return fail_at(loading, event->start_mark, "anchors (&name) are not supported");
    }
    if (tag != NULL) {
        return fail_at(loading, event->start_mark, "tags (!name) are not supported");
    }
    if (loading->depth == HT_YAML_DEPTH_MAX) {
        return fail_at(loading, event->start_mark, "nested too deeply");
    }
    HT_TRY(hang(loading, event, mapping ? HT_YAML_MAPPING : HT_YAML_SEQUENCE, &node));
    loading->stack[loading->depth++] = (struct frame){.node = node};
    return HT_OK;
}

static enum ht_status take_event(struct loading *loading, const yaml_event_t *event) {
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (loading->root != NULL) {
            return fail_at(loading, event->start_mark, "a second document (---) begins");
        }
        return HT_OK;
    case YAML_ALIAS_EVENT:
        return fail_at(loading, event->start_mark, "aliases (*name) are not supported");
    case YAML_SCALAR_EVENT:
        return take_scalar(loading, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return open_node(loading, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        loading->depth--;
        return HT_OK;
    default:
        return HT_OK;
    }
}

static enum ht_status fail_to_parse(const struct loading *loading, const yaml_parser_t *parser) {
    const struct ht_yaml_node here = {.line = line_of(parser->problem_mark),
                                      .origin = loading->origin,
                                      .is_setting = loading->is_setting};
    if (parser->error == YAML_MEMORY_ERROR) {
        return no_memory(loading->err);
    }
    if (parser->error == YAML_READER_ERROR) {
        const struct ht_yaml_node place = {.line = line_of(parser->mark),
                                           .origin = loading->origin,
                                           .is_setting = loading->is_setting};
        return ht_yaml_fail(&place, loading->err, "not YAML: %s",
                            parser->problem != NULL ? parser->problem : "unreadable");
    }
    return ht_yaml_fail(&here, loading->err, "not YAML: %s%s%s",
                        parser->problem != NULL ? parser->problem : "unreadable",
                        parser->context != NULL ? " " : "",
                        parser->context != NULL ? parser->context : "");
}

static enum ht_status load_events(struct loading *loading, struct ht_str text) {
    yaml_parser_t parser;
    enum ht_status status = HT_OK;
    bool ended = false;
    if (!yaml_parser_initialize(&parser)) {
        return no_memory(loading->err);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)(text.len > 0 ? text.ptr : ""),
                                 text.len);
    while (status == HT_OK && !ended) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = fail_to_parse(loading, &parser);
            break;
        }
        ended = event.type == YAML_STREAM_END_EVENT;
        status = take_event(loading, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (status == HT_OK && loading->root == NULL) {
        loading->root = new_node(loading->yaml, HT_YAML_NULL);
        if (loading->root == NULL) {
            return no_memory(loading->err);
        }
        loading->root->line = 1;
        loading->root->column = 1;
        loading->root->origin = loading->origin;
        loading->root->is_setting = loading->is_setting;
    }
    return status;
}

enum ht_status ht_yaml_load(struct ht_yaml *yaml, struct ht_str name, struct ht_str text,
                            struct ht_err *err) {
    struct ht_str copy = HT_STR_NONE;
    *yaml = (struct ht_yaml){.nodes = 0};
    ht_arena_init(&yaml->arena, ARENA_BYTES_MAX);
    if (ht_arena_copy(&yaml->arena, name, &copy) != HT_OK) {
        return no_memory(err);
    }
    yaml->name = copy.ptr;
    if (text.len > HT_YAML_BYTES_MAX) {
        return ht_err_set(err, HT_E_USAGE, "%s: larger than %d KiB", yaml->name,
                          HT_YAML_BYTES_MAX / 1024);
    }
    struct loading loading = {.yaml = yaml, .origin = yaml->name, .err = err};
    const enum ht_status status = load_events(&loading, text);
    yaml->root = loading.root;
    return status;
}

void ht_yaml_release(struct ht_yaml *yaml) {
    ht_arena_release(&yaml->arena);
    yaml->root = NULL;
}

/* The child of that name or number; a missing key is made. NULL: there is none. */
static struct ht_yaml_node *step_down(struct ht_yaml *yaml, struct ht_yaml_node *node,
                                      struct ht_str word) {
    uint64_t number = 0;
    if (node->kind == HT_YAML_NULL) {
        node->kind = HT_YAML_MAPPING;
    }
    if (node->kind == HT_YAML_SEQUENCE && ht_num_parse_u64(word, &number) && number >= 1 &&
        number <= node->count) {
        struct ht_yaml_node *item = node->first;
        for (; number > 1; number--) {
            item = item->next;
        }
        return item;
    }
    if (node->kind != HT_YAML_MAPPING || node->count >= HT_YAML_KEYS_MAX || word.len == 0) {
        return NULL;
    }
    for (struct ht_yaml_node *child = node->first; child != NULL; child = child->next) {
        if (ht_str_eq(child->key, word)) {
            return child;
        }
    }
    struct ht_yaml_node *child = new_node(yaml, HT_YAML_NULL);
    if (child != NULL && ht_arena_copy(&yaml->arena, word, &child->key) == HT_OK) {
        append(node, child);
        return child;
    }
    return NULL;
}

static void put_value(struct ht_yaml_node *place, const struct ht_yaml_node *value) {
    const struct ht_str key = place->key;
    struct ht_yaml_node *next = place->next;
    *place = *value;
    place->key = key;
    place->next = next;
}

enum ht_status ht_yaml_set(struct ht_yaml *yaml, struct ht_str setting, struct ht_err *err) {
    const char *equals = setting.len > 0 ? memchr(setting.ptr, '=', setting.len) : NULL;
    struct ht_str origin = HT_STR_NONE;
    if (equals == NULL || equals == setting.ptr || setting.len > 4096) {
        return ht_err_set(err, HT_E_USAGE, "'%.*s' is not KEY=VALUE",
                          (int)(setting.len < 100 ? setting.len : 100), setting.ptr);
    }
    if (ht_arena_copy(&yaml->arena, setting, &origin) != HT_OK) {
        return no_memory(err);
    }
    struct loading loading = {.yaml = yaml, .origin = origin.ptr, .is_setting = true, .err = err};
    struct ht_str path = {setting.ptr, (size_t)(equals - setting.ptr)};
    HT_TRY(load_events(&loading, (struct ht_str){equals + 1, setting.len - path.len - 1}));
    struct ht_yaml_node *node = yaml->root;
    for (size_t depth = 0; path.len > 0; depth++) {
        const char *dot = memchr(path.ptr, '.', path.len);
        const size_t len = dot != NULL ? (size_t)(dot - path.ptr) : path.len;
        struct ht_yaml_node *below = step_down(yaml, node, (struct ht_str){path.ptr, len});
        if (below == NULL || depth == PATH_DEPTH_MAX) {
            return ht_yaml_fail(loading.root, err, "there is no '%.*s' to set", (int)len, path.ptr);
        }
        if (below->kind == HT_YAML_NULL) {
            below->origin = origin.ptr;
            below->is_setting = true;
        }
        node = below;
        path.ptr += len + (dot != NULL);
        path.len -= len + (dot != NULL);
    }
    put_value(node, loading.root);
    return HT_OK;
}
