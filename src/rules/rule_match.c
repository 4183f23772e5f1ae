/* SPDX-License-Identifier: MIT */
/* Which devices a rule is about, and names. */
#include "base/check.h"
#include "base/err.h"
#include "base/text.h"
#include "rules/rulebook_private.h"

enum { PATTERN_BYTES_MAX = 1024, TEXT_BYTES_MAX = 256 };

enum ht_status ht_rule_read_name(const struct ht_yaml_node *node, struct ht_arena *text,
                                 const char **name, struct ht_err *err) {
    struct ht_str own;
    struct ht_str copy;
    HT_TRY(ht_yaml_text(node, RULEBOOK_NAME_BYTES_MAX, &own, err));
    if (own.len == 0) {
        return ht_yaml_fail(node, err, "%s is empty", node->key.ptr);
    }
    for (struct ht_str rest = own; rest.len > 0;) {
        uint32_t code_point = 0;
        const size_t len = ht_utf8_decode(rest, &code_point);
        if (len == 0 || !ht_text_is_plain(code_point)) {
            return ht_yaml_fail(node, err, "%s '%s' has a character that cannot be printed",
                                node->key.ptr, own.ptr);
        }
        rest.ptr += len;
        rest.len -= len;
    }
    if (ht_arena_copy(text, own, &copy) != HT_OK) {
        return ht_rule_no_memory(err);
    }
    *name = copy.ptr;
    return HT_OK;
}

static enum ht_status read_pattern(const struct ht_yaml_node *node, bool caseless,
                                   struct ht_pattern **pattern, struct ht_err *err) {
    struct ht_str text;
    struct ht_pattern_fault fault;
    if (node == NULL) {
        return HT_OK;
    }
    HT_TRY(ht_yaml_text(node, PATTERN_BYTES_MAX, &text, err));
    if (text.len == 0) {
        return ht_yaml_fail(node, err, "%s: an empty pattern", node->key.ptr);
    }
    const enum ht_status status = ht_pattern_new(text.ptr, caseless, pattern, &fault);
    if (status == HT_E_NOMEM) {
        return ht_rule_no_memory(err);
    }
    if (status != HT_OK) {
        (void)ht_yaml_fail(node, err, "%s: pattern '%.80s' is wrong at byte %zu: %s", node->key.ptr,
                           text.ptr, fault.byte, fault.reason);
        ht_err_hint(err, "patterns are Perl-compatible regular expressions, such as '^pump-'; put "
                         "them in single quotes");
    }
    return status;
}

static enum ht_status read_text(const struct ht_yaml_node *node, struct ht_arena *arena,
                                struct ht_str *out, struct ht_err *err) {
    struct ht_str text;
    if (node == NULL) {
        return HT_OK;
    }
    HT_TRY(ht_yaml_text(node, TEXT_BYTES_MAX, &text, err));
    if (text.len == 0) {
        return ht_yaml_fail(node, err, "%s is empty", node->key.ptr);
    }
    return ht_arena_copy(arena, text, out) == HT_OK ? HT_OK : ht_rule_no_memory(err);
}

enum ht_status ht_rule_read_match(const struct ht_yaml_node *node, struct ht_arena *text,
                                  struct rule_match *match, struct ht_err *err) {
    static const char *const keys[] = {"device", "hub", "sdk", "network", "protocol"};
    if (node->kind == HT_YAML_SCALAR && ht_str_eq(node->text, HT_STR("all"))) {
        return HT_OK;
    }
    if (node->kind != HT_YAML_MAPPING || node->count == 0) {
        const enum ht_status status =
            ht_yaml_fail(node, err, "match must say which devices, or be the word all");
        ht_err_hint(err, "such as match: {device: '^pump-', hub: CONTOSO-HUB}");
        return status;
    }
    HT_TRY(ht_yaml_need_keys(node, keys, HT_ARRAY_LEN(keys), err));
    HT_TRY(read_pattern(ht_yaml_get(node, "device"), false, &match->device, err));
    HT_TRY(read_pattern(ht_yaml_get(node, "sdk"), true, &match->sdk, err));
    HT_TRY(read_pattern(ht_yaml_get(node, "protocol"), true, &match->protocol, err));
    HT_TRY(read_text(ht_yaml_get(node, "hub"), text, &match->hub, err));
    return read_text(ht_yaml_get(node, "network"), text, &match->network, err);
}
