/* SPDX-License-Identifier: MIT */
/* Groups of a scenario file. */
#include "simulate/scenario_group.h"

#include "base/check.h"
#include "base/time.h"
#include "simulate/scenario_field.h"

enum { SDK_NAME_BYTES = 128 };

static const char *const protocol_names[HT_SIM_PROTOCOL_COUNT] = {
    [HT_SIM_PROTOCOL_AMQP] = "Amqp",
    [HT_SIM_PROTOCOL_AMQP_WS] = "AmqpWs",
    [HT_SIM_PROTOCOL_MQTT_WS] = "MqttWs",
    [HT_SIM_PROTOCOL_MQTT] = "Mqtt",
};

struct ht_str ht_sim_protocol_name(enum ht_sim_protocol protocol) {
    static const struct ht_str names[HT_SIM_PROTOCOL_COUNT] = {
        [HT_SIM_PROTOCOL_AMQP] = HT_STR_INIT("Amqp"),
        [HT_SIM_PROTOCOL_AMQP_WS] = HT_STR_INIT("AmqpWs"),
        [HT_SIM_PROTOCOL_MQTT_WS] = HT_STR_INIT("MqttWs"),
        [HT_SIM_PROTOCOL_MQTT] = HT_STR_INIT("Mqtt"),
    };
    return names[protocol];
}

static enum ht_status read_sdk(const struct ht_yaml_node *node, void *target,
                               const struct ht_sim_field *field, struct ht_err *err) {
    static const char *const names[] = {
        [HT_SIM_KIT_DOTNET] = "dotnet", [HT_SIM_KIT_JAVA] = "java",
        [HT_SIM_KIT_C] = "c",           [HT_SIM_KIT_NODE] = "node",
        [HT_SIM_KIT_PYTHON] = "python", [HT_SIM_KIT_EMBEDDED] = "embedded",
        [HT_SIM_KIT_OWN] = "none",      [HT_SIM_KIT_ANY] = "any",
    };
    enum ht_sim_kit_id *kit = target;
    size_t index = 0;
    (void)field;
    HT_TRY(ht_yaml_word(node, names, HT_ARRAY_LEN(names), &index, err));
    *kit = (enum ht_sim_kit_id)index;
    return HT_OK;
}

/* One word, or shares of words; what is left of 100 % belongs to the last word of the list. */
static enum ht_status read_shares(const struct ht_yaml_node *node, const char *const *words,
                                  size_t count, double *shares, struct ht_err *err) {
    double sum = 0;
    size_t index = 0;
    for (size_t i = 0; i < count; i++) {
        shares[i] = 0;
    }
    if (node->kind != HT_YAML_MAPPING) {
        HT_TRY(ht_yaml_word(node, words, count, &index, err));
        shares[index] = 1;
        return HT_OK;
    }
    HT_TRY(ht_yaml_need_keys(node, words, count, err));
    for (size_t i = 0; i < count; i++) {
        const struct ht_yaml_node *child = ht_yaml_get(node, words[i]);
        if (child != NULL) {
            HT_TRY(ht_yaml_share(child, &shares[i], err));
            sum += shares[i];
        }
    }
    if (sum > 1 + 1e-9) {
        return ht_yaml_fail(node, err, "the shares of %s are more than 100%%", node->key.ptr);
    }
    const double others = sum - shares[count - 1];
    shares[count - 1] = others < 1 ? 1 - others : 0;
    return HT_OK;
}

static enum ht_status read_protocol(const struct ht_yaml_node *node, void *target,
                                    const struct ht_sim_field *field, struct ht_err *err) {
    (void)field;
    return read_shares(node, protocol_names, HT_SIM_PROTOCOL_COUNT, target, err);
}

static enum ht_status read_auth(const struct ht_yaml_node *node, void *target,
                                const struct ht_sim_field *field, struct ht_err *err) {
    static const char *const words[] = {"x509", "sas"};
    double shares[2];
    double *x509 = target;
    (void)field;
    HT_TRY(read_shares(node, words, 2, shares, err));
    *x509 = shares[0];
    return HT_OK;
}

/* "sdk", "never", "hub", "80%" or "15m early". */
static enum ht_status read_renewal(const struct ht_yaml_node *node, void *target,
                                   const struct ht_sim_field *field, struct ht_err *err) {
    static const char *const words[] = {"sdk", "never", "hub"};
    static const struct ht_str early = HT_STR_INIT(" early");
    struct ht_sim_group *group = target;
    int64_t span_us = 0;
    (void)field;
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    const struct ht_str text = node->text;
    const size_t head = text.len > early.len ? text.len - early.len : 0;
    if (ht_yaml_parse_share(text, &group->rule_value) && group->rule_value >= 0.1) {
        group->rule = HT_SIM_RULE_SHARE;
    } else if (ht_str_eq((struct ht_str){text.ptr + head, text.len - head}, early) &&
               ht_yaml_parse_span((struct ht_str){text.ptr, head}, &span_us)) {
        group->rule = HT_SIM_RULE_EARLY;
        group->rule_value = (double)span_us / 1e6;
    } else {
        for (size_t i = 0; i < HT_ARRAY_LEN(words); i++) {
            if (ht_str_eq_nocase(text, ht_str_from(words[i]))) {
                group->rule = (enum ht_sim_renewal_rule)i;
                return HT_OK;
            }
        }
        return ht_yaml_fail(node, err,
                            "renewal: '%.60s' is not sdk, never, hub, a share of the lifetime "
                            "(80%%, at least 10%%) or a span (15m early)",
                            text.ptr);
    }
    return HT_OK;
}

static enum ht_status read_messages(const struct ht_yaml_node *node, void *target,
                                    const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_group *group = target;
    if (node->kind == HT_YAML_SCALAR && ht_str_eq_nocase(node->text, HT_STR("never"))) {
        group->says_nothing = true;
        return HT_OK;
    }
    group->says_nothing = false;
    return ht_sim_read_range(node, &group->messages_s, field, err);
}

static enum ht_status read_sites(const struct ht_yaml_node *node, void *target,
                                 const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_group *group = target;
    (void)field;
    HT_TRY(ht_yaml_need(node, HT_YAML_SEQUENCE, err));
    group->place_count = 0;
    for (const struct ht_yaml_node *item = node->first; item != NULL; item = item->next) {
        if (group->place_count == HT_SIM_SITES_NAMED_MAX) {
            return ht_yaml_fail(item, err, "more than %d names", HT_SIM_SITES_NAMED_MAX);
        }
        struct ht_str *place = &group->places[group->place_count++];
        HT_TRY(ht_yaml_text(item, HT_SIM_NAME_BYTES, place, err));
        HT_TRY(ht_sim_check_name(item, *place, HT_SIM_NAME_BYTES, err));
    }
    return HT_OK;
}

#define SECOND_MAX (400.0 * HT_S_PER_DAY)

static enum ht_status read_duty(const struct ht_yaml_node *node, void *target,
                                const struct ht_sim_field *field, struct ht_err *err) {
    static const struct ht_sim_field fields[] = {
        {"on", ht_sim_read_seconds, offsetof(struct ht_sim_group, duty_on_s), 1, SECOND_MAX},
        {"every", ht_sim_read_seconds, offsetof(struct ht_sim_group, duty_period_s), 60,
         SECOND_MAX},
    };
    struct ht_sim_group *group = target;
    (void)field;
    HT_TRY(ht_sim_fields_read(node, fields, HT_ARRAY_LEN(fields), group, err));
    if (group->duty_on_s <= 0 || group->duty_period_s <= 0 ||
        group->duty_on_s >= group->duty_period_s) {
        return ht_yaml_fail(node, err, "a duty cycle needs on, and every which is longer");
    }
    return HT_OK;
}

/* "HH:MM" */
static enum ht_status read_time_of_day(const struct ht_yaml_node *node, void *target,
                                       const struct ht_sim_field *field, struct ht_err *err) {
    double *seconds = target;
    (void)field;
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    const char *text = node->text.ptr;
    const bool formed = node->text.len == 5 && ht_ascii_is_digit(text[0]) &&
                        ht_ascii_is_digit(text[1]) && text[2] == ':' &&
                        ht_ascii_is_digit(text[3]) && ht_ascii_is_digit(text[4]);
    const int hour = formed ? (text[0] - '0') * 10 + text[1] - '0' : 24;
    const int minute = formed ? (text[3] - '0') * 10 + text[4] - '0' : 60;
    if (hour > 23 || minute > 59) {
        return ht_yaml_fail(node, err,
                            "%s: '%.60s' is not a time of day; write for example "
                            "\"03:00\"",
                            node->key.ptr, text);
    }
    *seconds = hour * HT_S_PER_HOUR + minute * 60;
    return HT_OK;
}

static enum ht_status read_restart(const struct ht_yaml_node *node, void *target,
                                   const struct ht_sim_field *field, struct ht_err *err) {
    static const struct ht_sim_field fields[] = {
        {"at", read_time_of_day, offsetof(struct ht_sim_group, restart_s), 0, 0},
        {"cleanly", ht_sim_read_flag, offsetof(struct ht_sim_group, restart_clean), 0, 0},
    };
    struct ht_sim_group *group = target;
    (void)field;
    HT_TRY(ht_sim_fields_read(node, fields, HT_ARRAY_LEN(fields), group, err));
    return group->restart_s >= 0 ? HT_OK : ht_yaml_fail(node, err, "a restart needs at");
}

#define IN_GROUP(member) offsetof(struct ht_sim_group, member)

static const struct ht_sim_field group_fields[] = {
    {"share", ht_sim_read_number, IN_GROUP(weight), 0, 1e6},
    {"sdk", read_sdk, IN_GROUP(kit), 0, 0},
    {"sdk-name", ht_sim_read_text, IN_GROUP(sdk_name), 0, SDK_NAME_BYTES},
    {"protocol", read_protocol, IN_GROUP(protocols), 0, 0},
    {"auth", read_auth, IN_GROUP(x509), 0, 0},
    {"token-lifetime", ht_sim_read_choices, IN_GROUP(lives_s), 60, SECOND_MAX},
    {"renewal", read_renewal, 0, 0, 0},
    {"keeps-token", ht_sim_read_share, IN_GROUP(keeps_token), 0, 1},
    {"keep-alive", ht_sim_read_choices, IN_GROUP(keep_alives_s), 1, 65535},
    {"messages", read_messages, 0, 1, SECOND_MAX},
    {"losses", ht_sim_read_rate, IN_GROUP(losses_per_day), 0, 10000},
    {"long-losses", ht_sim_read_share, IN_GROUP(long_losses), 0, 0.5},
    {"resets", ht_sim_read_rate, IN_GROUP(resets_per_day), 0, 10000},
    {"reboots", ht_sim_read_rate, IN_GROUP(reboots_per_day), 0, 10000},
    {"crash-loop", ht_sim_read_share, IN_GROUP(crash_loop), 0, 1},
    {"site-size", ht_sim_read_whole, IN_GROUP(site_size), 1, HT_SIM_DEVICES_MAX},
    {"sites", read_sites, 0, 0, 0},
    {"carrier", ht_sim_read_flag, IN_GROUP(carrier), 0, 0},
    {"duty-cycle", read_duty, 0, 0, 0},
    {"start", ht_sim_read_seconds, IN_GROUP(start_s), 0, SECOND_MAX},
    {"restart", read_restart, 0, 0, 0},
    {"modules", ht_sim_read_flag, IN_GROUP(modules), 0, 0},
    {"bounce", ht_sim_read_range, IN_GROUP(bounce_s), 60, SECOND_MAX},
    {"shared-identity", ht_sim_read_chosen, IN_GROUP(shared_identity), 0, 0},
    {"refused", ht_sim_read_chosen, IN_GROUP(refused), 0, 0},
    {"gone", ht_sim_read_chosen, IN_GROUP(gone), 0, 0},
    {"removed", ht_sim_read_chosen, IN_GROUP(removed), 0, 0},
};

enum ht_status ht_sim_group_read(const struct ht_yaml_node *node, struct ht_sim_group *group,
                                 struct ht_err *err) {
    *group = (struct ht_sim_group){
        .name = node->key,
        .weight = 1,
        .kit = HT_SIM_KIT_ANY,
        .protocols = {[HT_SIM_PROTOCOL_MQTT] = 1},
        .keeps_token = -1,
        .messages_s = {10, 600},
        .long_losses = 0.12,
        .site_size = 1,
        .start_s = -1,
        .restart_s = -1,
    };
    HT_TRY(ht_sim_check_name(node, node->key, HT_SIM_NAME_BYTES, err));
    if (node->kind == HT_YAML_NULL) {
        return HT_OK; /* all defaults */
    }
    return ht_sim_fields_read(node, group_fields, HT_ARRAY_LEN(group_fields), group, err);
}
