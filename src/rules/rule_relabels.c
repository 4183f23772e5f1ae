/* SPDX-License-Identifier: MIT */
/* Causes that users know better: which ends, and what they are. */
#include "base/check.h"
#include "base/err.h"
#include "base/time.h"
#include "rules/rulebook_private.h"

static const int64_t length_high_us = 400 * INT64_C(86400) * HT_US_PER_S;

static enum ht_status read_cause(const struct ht_yaml_node *node, enum ht_cause *cause,
                                 struct ht_err *err) {
    const char *words[HT_CAUSE_COUNT];
    size_t index = 0;
    for (size_t i = 0; i < HT_CAUSE_COUNT; i++) {
        words[i] = ht_cause_name((enum ht_cause)i);
    }
    const enum ht_status status =
        ht_rule_read_word(node, "cause", words, HT_CAUSE_COUNT, &index, err);
    if (status != HT_OK) {
        ht_err_hint(err, "the causes are those of the report: token-expiry, idle-timeout, "
                         "connection-reset, site-outage, hub-transient, client-close, ...");
        return status;
    }
    *cause = (enum ht_cause)index;
    return HT_OK;
}

static enum ht_status read_from(const struct ht_yaml_node *node, struct ht_known_relabel *relabel,
                                struct ht_err *err) {
    for (const struct ht_yaml_node *item = node != NULL ? ht_rule_first_of(node) : NULL;
         item != NULL; item = ht_rule_next_of(node, item)) {
        enum ht_cause cause = HT_CAUSE_UNKNOWN;
        HT_TRY(read_cause(item, &cause, err));
        relabel->from |= 1U << cause;
    }
    return node == NULL || relabel->from != 0 ? HT_OK
                                              : ht_yaml_fail(node, err, "from: no cause in it");
}

static enum ht_status read_codes(const struct ht_yaml_node *node, struct ht_known_relabel *relabel,
                                 struct ht_err *err) {
    for (const struct ht_yaml_node *item = node != NULL ? ht_rule_first_of(node) : NULL;
         item != NULL; item = ht_rule_next_of(node, item)) {
        uint64_t code = 0;
        if (relabel->code_count == HT_KNOWN_CODES_MAX) {
            return ht_yaml_fail(node, err, "codes: more than %d", HT_KNOWN_CODES_MAX);
        }
        if (item->kind != HT_YAML_SCALAR ||
            ht_yaml_whole(item, 100000, 999999, &code, err) != HT_OK) {
            return ht_yaml_fail(item, err, "codes: '%.40s' is not a code such as 404104",
                                item->kind == HT_YAML_SCALAR ? item->text.ptr : "this");
        }
        relabel->codes[relabel->code_count++] = (uint32_t)code;
    }
    return node == NULL || relabel->code_count > 0
               ? HT_OK
               : ht_yaml_fail(node, err, "codes: no code in it");
}

static enum ht_status read_session(const struct ht_yaml_node *node,
                                   struct ht_known_relabel *relabel, struct ht_err *err) {
    static const char *const keys[] = {"from", "to"};
    int64_t low_us = 0;
    int64_t below_us = length_high_us;
    if (node == NULL) {
        return HT_OK;
    }
    HT_TRY(ht_yaml_need_keys(node, keys, HT_ARRAY_LEN(keys), err));
    const struct ht_yaml_node *from = ht_yaml_get(node, "from");
    const struct ht_yaml_node *to = ht_yaml_get(node, "to");
    if (from != NULL) {
        HT_TRY(ht_yaml_span(from, 0, length_high_us, &low_us, err));
    }
    if (to != NULL) {
        HT_TRY(ht_yaml_span(to, 0, length_high_us, &below_us, err));
    }
    if (from == NULL && to == NULL) {
        return ht_yaml_fail(node, err, "session needs from or to, as in {from: 5m, to: 10m}");
    }
    if (low_us >= below_us) {
        return ht_yaml_fail(node, err, "session: to must be longer than from");
    }
    relabel->needs_length = true;
    relabel->length_low_s = low_us / HT_US_PER_S;
    relabel->length_below_s = below_us / HT_US_PER_S;
    return HT_OK;
}

static enum ht_status read_relabel(const struct ht_yaml_node *node,
                                   struct ht_known_relabel *relabel, struct ht_err *err) {
    static const char *const keys[] = {"from", "to", "codes", "session"};
    HT_TRY(ht_yaml_need_keys(node, keys, HT_ARRAY_LEN(keys), err));
    const struct ht_yaml_node *to = ht_yaml_get(node, "to");
    if (to == NULL) {
        return ht_yaml_fail(node, err, "relabel needs to, the cause that it gives");
    }
    HT_TRY(read_cause(to, &relabel->to, err));
    HT_TRY(read_from(ht_yaml_get(node, "from"), relabel, err));
    HT_TRY(read_codes(ht_yaml_get(node, "codes"), relabel, err));
    HT_TRY(read_session(ht_yaml_get(node, "session"), relabel, err));
    if (node->count == 1) {
        return ht_yaml_fail(node, err,
                            "relabel needs from, codes or session: which ends it is "
                            "about");
    }
    if (relabel->from == 1U << relabel->to) {
        return ht_yaml_fail(node, err, "relabel: from and to are the same cause");
    }
    return HT_OK;
}

enum ht_status ht_rule_read_relabels(const struct ht_yaml_node *node, struct ht_arena *text,
                                     struct ht_known_rule *rule, struct ht_err *err) {
    const size_t count = node->kind == HT_YAML_SEQUENCE ? node->count : 1;
    if (count == 0) {
        return ht_yaml_fail(node, err, "relabel: nothing in it");
    }
    if (count > RULEBOOK_RELABELS_MAX) {
        return ht_yaml_fail(node, err, "relabel: more than %d", RULEBOOK_RELABELS_MAX);
    }
    struct ht_known_relabel *relabels =
        ht_arena_alloc(text, count * sizeof *relabels, _Alignof(struct ht_known_relabel));
    if (relabels == NULL) {
        return ht_rule_no_memory(err);
    }
    rule->relabels = relabels;
    for (const struct ht_yaml_node *item = ht_rule_first_of(node); item != NULL;
         item = ht_rule_next_of(node, item)) {
        HT_TRY(read_relabel(item, &relabels[rule->relabel_count++], err));
    }
    return HT_OK;
}
