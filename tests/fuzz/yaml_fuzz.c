/* SPDX-License-Identifier: MIT */
/* Any text as a file of settings: a tree within its bounds, or one printable line that says where.
 */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct ht_yaml_node *node, size_t depth) {
    static const char *const words[] = {"alpha", "beta"};
    struct ht_err err;
    struct ht_str text;
    double number = 0;
    uint64_t whole = 0;
    int64_t span_us = 0;
    bool flag = false;
    size_t index = 0;
    size_t count = 1;
    HT_ASSERT(depth <= HT_YAML_DEPTH_MAX + 1 && node->line >= 1 && node->column >= 1);
    HT_ASSERT(node->kind != HT_YAML_SCALAR || node->text.ptr[node->text.len] == '\0');
    (void)ht_yaml_need_keys(node, words, 2, &err);
    (void)ht_yaml_text(node, 100, &text, &err);
    (void)ht_yaml_word(node, words, 2, &index, &err);
    (void)ht_yaml_bool(node, &flag, &err);
    HT_ASSERT(ht_yaml_number(node, -1, 1, &number, &err) != HT_OK || (number >= -1 && number <= 1));
    HT_ASSERT(ht_yaml_whole(node, 1, 9, &whole, &err) != HT_OK || (whole >= 1 && whole <= 9));
    HT_ASSERT(ht_yaml_span(node, 0, 1000, &span_us, &err) != HT_OK || span_us <= 1000);
    HT_ASSERT(ht_yaml_share(node, &number, &err) != HT_OK || (number >= 0 && number <= 1));
    size_t children = 0;
    for (const struct ht_yaml_node *child = node->first; child != NULL; child = child->next) {
        HT_ASSERT((child->key.len > 0) == (node->kind == HT_YAML_MAPPING));
        count += walk(child, depth + 1);
        children++;
    }
    HT_ASSERT(children == node->count);
    return count;
}

/* The first line may be a setting for the tree of the rest. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct ht_str all = {(const char *)data, size};
    const char *newline = size > 0 ? memchr(data, '\n', size) : NULL;
    struct ht_yaml yaml;
    struct ht_err err;
    if (ht_yaml_load(&yaml, HT_STR("f"), all, &err) == HT_OK) {
        HT_ASSERT(walk(yaml.root, 0) <= HT_YAML_NODES_MAX + 1);
    } else {
        HT_ASSERT(err.status == HT_E_USAGE && strncmp(err.message, "f:", 2) == 0);
    }
    ht_yaml_release(&yaml);
    if (newline != NULL) {
        const struct ht_str setting = {all.ptr, (size_t)(newline - all.ptr)};
        const struct ht_str rest = {newline + 1, size - setting.len - 1};
        if (ht_yaml_load(&yaml, HT_STR("f"), rest, NULL) == HT_OK &&
            ht_yaml_set(&yaml, setting, &err) != HT_OK) {
            HT_ASSERT(err.status == HT_E_USAGE && err.message[0] != '\0');
        }
        ht_yaml_release(&yaml);
    }
    return 0;
}
