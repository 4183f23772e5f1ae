/* SPDX-License-Identifier: MIT */
/* What is known of tokens, keep-alives and duty cycles. */
#include "base/check.h"
#include "base/err.h"
#include "base/nearest.h"
#include "base/time.h"
#include "rules/rulebook_private.h"

/* A token of a year is a token that never matters, but it is one. */
static const int64_t life_low_us = 60 * HT_US_PER_S;
static const int64_t life_high_us = 400 * INT64_C(86400) * HT_US_PER_S;

/* MQTT's keep-alive is 16 bits of seconds. */
static const int64_t keep_alive_high_us = 65535 * HT_US_PER_S;

const struct ht_yaml_node *ht_rule_first_of(const struct ht_yaml_node *node) {
    return node->kind == HT_YAML_SEQUENCE ? node->first : node;
}

const struct ht_yaml_node *ht_rule_next_of(const struct ht_yaml_node *node,
                                           const struct ht_yaml_node *item) {
    return node->kind == HT_YAML_SEQUENCE ? item->next : NULL;
}

enum ht_status ht_rule_read_word(const struct ht_yaml_node *node, const char *what,
                                 const char *const *words, size_t count, size_t *index,
                                 struct ht_err *err) {
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    for (*index = 0; *index < count; ++*index) {
        if (ht_str_eq_nocase(node->text, ht_str_from(words[*index]))) {
            return HT_OK;
        }
    }
    const char *nearest = ht_nearest(node->text, words, count);
    return ht_yaml_fail(node, err, "no %s is called '%.60s'%s%s%s", what, node->text.ptr,
                        nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
                        nearest != NULL ? "?" : "");
}

static uint32_t seconds(int64_t span_us) {
    return (uint32_t)((span_us + HT_US_PER_S / 2) / HT_US_PER_S);
}

enum { EDGE_S = 5, GRACE_S = 660 }; /* the hub's ten minutes of grace, and the way to the device */

/*
 * From connect to drop, by how the family renews (model/sdk.c): C at 0.8 of the lifetime, Node
 * 900 s and Python 120 s before its end; the others wait for the hub, which grants up to ten
 * minutes. A family that is not known may do any of these.
 */
static struct ht_known_period period_of(enum ht_sdk_family family, uint32_t life_s) {
    const uint32_t at_80 = life_s / 5 * 4 + life_s % 5 * 4 / 5;
    switch (family) {
    case HT_SDK_C:
        return (struct ht_known_period){at_80 - 2 * EDGE_S, at_80 + 4 * EDGE_S};
    case HT_SDK_NODE:
        /* A shorter one than the margin is renewed when its program says. */
        return life_s > 900 + 60
                   ? (struct ht_known_period){life_s - 900 - EDGE_S, life_s - 900 + 3 * EDGE_S}
                   : (struct ht_known_period){life_s / 2, life_s + GRACE_S};
    case HT_SDK_PYTHON:
        return life_s > 120 + 60
                   ? (struct ht_known_period){life_s - 120 - EDGE_S, life_s - 120 + 4 * EDGE_S}
                   : (struct ht_known_period){life_s / 2, life_s + GRACE_S};
    case HT_SDK_UNKNOWN:
    case HT_SDK_OTHER:
        return (struct ht_known_period){life_s / 4 * 3, life_s + GRACE_S};
    default:
        return (struct ht_known_period){life_s - EDGE_S, life_s + GRACE_S};
    }
}

enum ht_status ht_rule_read_lifetime(const struct ht_yaml_node *node, struct ht_known_rule *rule,
                                     struct ht_err *err) {
    int64_t life_us = 0;
    if (node->kind == HT_YAML_SCALAR && ht_str_eq(node->text, HT_STR("none"))) {
        rule->without_token = true;
        return HT_OK;
    }
    HT_TRY(ht_yaml_span(node, life_low_us, life_high_us, &life_us, err));
    for (size_t i = 0; i < HT_SDK_FAMILY_COUNT; i++) {
        rule->token[i] = period_of((enum ht_sdk_family)i, seconds(life_us));
    }
    return HT_OK;
}

enum ht_status ht_rule_read_period(const struct ht_yaml_node *node, struct ht_known_rule *rule,
                                   struct ht_err *err) {
    int64_t low_us = 0;
    int64_t high_us = 0;
    if (node->kind == HT_YAML_SEQUENCE) {
        if (node->count != 2) {
            return ht_yaml_fail(node, err,
                                "token-period: one span, or a list of two, as in "
                                "[60m, 65m]");
        }
        HT_TRY(ht_yaml_span(node->first, life_low_us, life_high_us, &low_us, err));
        HT_TRY(ht_yaml_span(node->last, life_low_us, life_high_us, &high_us, err));
        if (high_us < low_us) {
            return ht_yaml_fail(node, err,
                                "token-period: the second span is shorter than the "
                                "first");
        }
    } else {
        HT_TRY(ht_yaml_span(node, life_low_us, life_high_us, &low_us, err));
        high_us = low_us;
    }
    rule->is_period = true;
    /* A clock a hundredth off, and two seconds of stamps and network on either side. */
    const uint32_t edge_low_s = 2 + (high_us == low_us ? seconds(low_us) / 100 : 0);
    const uint32_t edge_high_s = 8 + (high_us == low_us ? seconds(low_us) / 100 : 0);
    for (size_t i = 0; i < HT_SDK_FAMILY_COUNT; i++) {
        rule->token[i].low_s = seconds(low_us) - edge_low_s;
        rule->token[i].high_s = seconds(high_us) + edge_high_s;
    }
    return HT_OK;
}

enum ht_status ht_rule_read_keep_alive(const struct ht_yaml_node *node, struct ht_known_rule *rule,
                                       struct ht_err *err) {
    int64_t keep_alive_us = 0;
    HT_TRY(ht_yaml_span(node, HT_US_PER_S, keep_alive_high_us, &keep_alive_us, err));
    rule->keep_alive_s = seconds(keep_alive_us);
    return HT_OK;
}

enum ht_status ht_rule_read_duty(const struct ht_yaml_node *node, struct ht_known_rule *rule,
                                 struct ht_err *err) {
    static const char *const keys[] = {"every", "up"};
    int64_t every_us = 0;
    int64_t up_us = 0;
    HT_TRY(ht_yaml_need_keys(node, keys, HT_ARRAY_LEN(keys), err));
    const struct ht_yaml_node *every = ht_yaml_get(node, "every");
    const struct ht_yaml_node *up = ht_yaml_get(node, "up");
    if (every == NULL || up == NULL) {
        return ht_yaml_fail(node, err,
                            "duty-cycle needs both every and up, as in "
                            "{every: 1h, up: 4m}");
    }
    HT_TRY(ht_yaml_span(every, 10 * HT_US_PER_S, life_high_us, &every_us, err));
    HT_TRY(ht_yaml_span(up, HT_US_PER_S, life_high_us, &up_us, err));
    if (up_us >= every_us) {
        return ht_yaml_fail(up, err, "duty-cycle: up must be shorter than every");
    }
    rule->duty_every_s = seconds(every_us);
    rule->duty_up_s = seconds(up_us);
    return HT_OK;
}
