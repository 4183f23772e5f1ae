/* SPDX-License-Identifier: MIT */
/* Scenario files: the hub, the log, happenings, and what must fit together. */
#include "simulate/scenario.h"

#include <string.h>

#include "base/check.h"
#include "base/num.h"
#include "base/time.h"
#include "simulate/scenario_field.h"
#include "simulate/scenario_group.h"

#define SECOND_MAX (400.0 * HT_S_PER_DAY)

enum ht_status ht_sim_scenario_load(struct ht_sim_scenario *scenario, struct ht_str name,
                                    struct ht_str text, struct ht_err *err) {
    *scenario = (struct ht_sim_scenario){.devices = 0};
    return ht_yaml_load(&scenario->yaml, name, text, err);
}

enum ht_status ht_sim_scenario_set(struct ht_sim_scenario *scenario, const char *setting,
                                   struct ht_err *err) {
    return ht_yaml_set(&scenario->yaml, ht_str_from(setting), err);
}

void ht_sim_scenario_release(struct ht_sim_scenario *scenario) {
    ht_yaml_release(&scenario->yaml);
}

static enum ht_status read_hub_names(const struct ht_yaml_node *node, void *target,
                                     const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_scenario *scenario = target;
    (void)field;
    HT_TRY(ht_yaml_need(node, HT_YAML_SEQUENCE, err));
    if (node->count == 0 || node->count > HT_SIM_HUBS_MAX) {
        return ht_yaml_fail(node, err, "1 to %d names of hubs are needed", HT_SIM_HUBS_MAX);
    }
    scenario->hub_count = 0;
    for (const struct ht_yaml_node *item = node->first; item != NULL; item = item->next) {
        struct ht_str *name = &scenario->hubs[scenario->hub_count++];
        HT_TRY(ht_yaml_text(item, HT_SIM_NAME_BYTES, name, err));
        HT_TRY(ht_sim_check_name(item, *name, HT_SIM_NAME_BYTES, err));
    }
    return HT_OK;
}

#define IN_SCENARIO(member) offsetof(struct ht_sim_scenario, member)

static enum ht_status read_hub(const struct ht_yaml_node *node, void *target,
                               const struct ht_sim_field *field, struct ht_err *err) {
    static const struct ht_sim_field fields[] = {
        {"names", read_hub_names, 0, 0, 0},
        {"background-errors", ht_sim_read_rate, IN_SCENARIO(noise_per_hour), 0, 240000},
        {"connect-errors", ht_sim_read_share, IN_SCENARIO(connect_errors), 0, 0.9},
        {"recovery", ht_sim_read_rate, IN_SCENARIO(connects_per_s), 0, 1e6 * HT_S_PER_DAY},
        {"recovery-time", ht_sim_read_seconds, IN_SCENARIO(throttled_s), 0, HT_S_PER_DAY},
    };
    struct ht_sim_scenario *scenario = target;
    (void)field;
    HT_TRY(ht_sim_fields_read(node, fields, HT_ARRAY_LEN(fields), scenario, err));
    scenario->noise_per_hour /= 24;
    scenario->connects_per_s /= HT_S_PER_DAY;
    return HT_OK;
}

static enum ht_status read_missing(const struct ht_yaml_node *node, void *target,
                                   const struct ht_sim_field *field, struct ht_err *err) {
    static const char *const words[] = {"sdk", "auth", "network", "protocol", "message"};
    unsigned *missing = target;
    (void)field;
    HT_TRY(ht_yaml_need(node, HT_YAML_SEQUENCE, err));
    *missing = 0;
    for (const struct ht_yaml_node *item = node->first; item != NULL; item = item->next) {
        size_t index = 0;
        HT_TRY(ht_yaml_word(item, words, HT_ARRAY_LEN(words), &index, err));
        *missing |= 1U << index;
    }
    return HT_OK;
}

/* "401003", or "500xxx" for all that begin so. */
static enum ht_status read_codes(const struct ht_yaml_node *node, void *target,
                                 const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_deliver_options *delivery = target;
    (void)field;
    HT_TRY(ht_yaml_need(node, HT_YAML_SEQUENCE, err));
    delivery->dropped_code_count = 0;
    for (const struct ht_yaml_node *item = node->first; item != NULL; item = item->next) {
        struct ht_str text = HT_STR_NONE;
        uint64_t code = 0;
        HT_TRY(ht_yaml_text(item, 16, &text, err));
        const bool family =
            text.len == 6 && ht_str_eq_nocase((struct ht_str){text.ptr + 3, 3}, HT_STR("xxx"));
        const struct ht_str digits = {text.ptr, family ? 3 : text.len};
        if (text.len != 6 || !ht_num_parse_u64(digits, &code)) {
            return ht_yaml_fail(item, err, "'%s' is not a code such as 401003 or 500xxx", text.ptr);
        }
        if (delivery->dropped_code_count == HT_SIM_DROPPED_CODES_MAX) {
            return ht_yaml_fail(item, err, "more than %d codes", HT_SIM_DROPPED_CODES_MAX);
        }
        delivery->dropped_codes[delivery->dropped_code_count++] = (uint32_t)code;
    }
    return HT_OK;
}

#define IN_LOG(member) offsetof(struct ht_sim_deliver_options, member)

static enum ht_status read_log(const struct ht_yaml_node *node, void *target,
                               const struct ht_sim_field *field, struct ht_err *err) {
    static const struct ht_sim_field fields[] = {
        {"lost", ht_sim_read_share, IN_LOG(lost), 0, 1},
        {"doubled", ht_sim_read_share, IN_LOG(doubled), 0, 1},
        {"late", ht_sim_read_seconds, IN_LOG(late_s), 0, HT_S_PER_DAY},
        {"shuffled", ht_sim_read_flag, IN_LOG(shuffled), 0, 0},
        {"irrelevant", ht_sim_read_share, IN_LOG(irrelevant), 0, 0.999},
        {"digits", ht_sim_read_whole, IN_LOG(digits), 0, 7},
        {"missing", read_missing, IN_LOG(missing), 0, 0},
        {"without-codes", read_codes, 0, 0, 0},
    };
    (void)field;
    return ht_sim_fields_read(node, fields, HT_ARRAY_LEN(fields), target, err);
}

static const char *const happening_names[HT_SIM_HAPPENS_COUNT] = {
    [HT_SIM_HAPPENS_INCIDENT] = "incident",
    [HT_SIM_HAPPENS_UPGRADE] = "upgrade",
    [HT_SIM_HAPPENS_SITE_OUTAGE] = "site-outage",
    [HT_SIM_HAPPENS_THROTTLE] = "throttling",
    [HT_SIM_HAPPENS_QUOTA] = "quota",
    [HT_SIM_HAPPENS_DEPLOYMENT] = "deployment",
    [HT_SIM_HAPPENS_GROUP_STOP] = "group-stop",
};

static enum ht_status read_what(const struct ht_yaml_node *node, void *target,
                                const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_happening *happening = target;
    size_t index = 0;
    (void)field;
    HT_TRY(ht_yaml_word(node, happening_names, HT_SIM_HAPPENS_COUNT, &index, err));
    happening->kind = (enum ht_sim_happening_kind)index;
    return HT_OK;
}

/* "40%" of the log, or "9h30m" into it. */
static enum ht_status read_at(const struct ht_yaml_node *node, void *target,
                              const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_happening *happening = target;
    int64_t span_us = 0;
    (void)field;
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    happening->at = -1;
    happening->at_s = -1;
    if (ht_yaml_parse_share(node->text, &happening->at)) {
        return HT_OK;
    }
    if (ht_yaml_parse_span(node->text, &span_us)) {
        happening->at_s = (double)span_us / 1e6;
        return HT_OK;
    }
    return ht_yaml_fail(node, err,
                        "at: '%.60s' is neither a share of the log (40%%) nor a span "
                        "into it (9h30m)",
                        node->text.ptr);
}

/* "30 times", or the number alone. */
static enum ht_status read_times(const struct ht_yaml_node *node, void *target,
                                 const struct ht_sim_field *field, struct ht_err *err) {
    double *number = target;
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    struct ht_str text = node->text;
    const size_t word = ht_str_find_nocase(text, HT_STR(" times"));
    if (word != SIZE_MAX && word + 6 == text.len) {
        text.len = word;
    }
    if (!ht_num_parse_decimal(text, number) || *number > field->high) {
        return ht_yaml_fail(node, err, "%s: '%.60s' is not a number of times up to %.0f",
                            node->key.ptr, node->text.ptr, field->high);
    }
    return HT_OK;
}

static enum ht_status read_happening(const struct ht_yaml_node *node,
                                     struct ht_sim_happening *happening, struct ht_err *err) {
#define IN_HAPPENING(member) offsetof(struct ht_sim_happening, member)
    static const struct ht_sim_field fields[] = {
        {"what", read_what, 0, 0, 0},
        {"at", read_at, 0, 0, 0},
        {"nodes", ht_sim_read_share, IN_HAPPENING(share), 0, 1},
        {"size", ht_sim_read_whole, IN_HAPPENING(size), 0, HT_SIM_DEVICES_MAX},
        {"site", ht_sim_read_text, IN_HAPPENING(place), 0, HT_SIM_NAME_BYTES},
        {"within", ht_sim_read_seconds, IN_HAPPENING(spread_s), 0.001, SECOND_MAX},
        {"lasts", ht_sim_read_seconds, IN_HAPPENING(length_s), 0, SECOND_MAX},
        {"errors", read_times, IN_HAPPENING(health), 0, 10000},
        {"refuses", ht_sim_read_share, IN_HAPPENING(refuse), 0, 1},
        {"hub", ht_sim_read_whole, IN_HAPPENING(hub), 1, HT_SIM_HUBS_MAX},
        {"code", ht_sim_read_whole, IN_HAPPENING(code), 500000, 599999},
    };
#undef IN_HAPPENING
    *happening = (struct ht_sim_happening){.at = -1,
                                           .at_s = -1,
                                           .share = 1,
                                           .spread_s = 60,
                                           .length_s = 600,
                                           .health = 1,
                                           .refuse = -1};
    HT_TRY(ht_sim_fields_read(node, fields, HT_ARRAY_LEN(fields), happening, err));
    if (ht_yaml_get(node, "what") == NULL) {
        return ht_yaml_fail(node, err, "a happening needs what, such as incident");
    }
    const bool site = happening->kind == HT_SIM_HAPPENS_SITE_OUTAGE ||
                      happening->kind == HT_SIM_HAPPENS_GROUP_STOP;
    const char *odd = site ? "nodes" : happening->place.len > 0 ? "site" : "size";
    if (ht_yaml_get(node, odd) != NULL) {
        return ht_yaml_fail(ht_yaml_get(node, odd), err, "%s is not for a happening of this kind",
                            odd);
    }
    return HT_OK;
}

static enum ht_status read_groups(const struct ht_yaml_node *node, void *target,
                                  const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_scenario *scenario = target;
    double total = 0;
    (void)field;
    HT_TRY(ht_yaml_need(node, HT_YAML_MAPPING, err));
    if (node->count > HT_SIM_GROUPS_MAX) {
        return ht_yaml_fail(node, err, "more than %d groups", HT_SIM_GROUPS_MAX);
    }
    for (const struct ht_yaml_node *child = node->first; child != NULL; child = child->next) {
        struct ht_sim_group *group = &scenario->groups[scenario->group_count++];
        HT_TRY(ht_sim_group_read(child, group, err));
        total += group->weight;
    }
    return total > 0 ? HT_OK : ht_yaml_fail(node, err, "no group has a share above 0");
}

static enum ht_status read_happenings(const struct ht_yaml_node *node, void *target,
                                      const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_scenario *scenario = target;
    (void)field;
    if (node->kind == HT_YAML_NULL) {
        return HT_OK;
    }
    HT_TRY(ht_yaml_need(node, HT_YAML_SEQUENCE, err));
    if (node->count > HT_SIM_HAPPENINGS_MAX) {
        return ht_yaml_fail(node, err, "more than %d happenings", HT_SIM_HAPPENINGS_MAX);
    }
    for (const struct ht_yaml_node *item = node->first; item != NULL; item = item->next) {
        HT_TRY(read_happening(item, &scenario->happenings[scenario->happening_count++], err));
    }
    return HT_OK;
}

static bool is_named(const struct ht_sim_scenario *scenario, struct ht_str place) {
    for (size_t i = 0; i < scenario->group_count; i++) {
        const struct ht_sim_group *group = &scenario->groups[i];
        for (size_t at = 0; at < group->place_count && !group->carrier; at++) {
            if (ht_str_eq(group->places[at], place)) {
                return true;
            }
        }
    }
    return false;
}

/* What can be known only from the whole. */
static enum ht_status check(const struct ht_sim_scenario *scenario, struct ht_err *err) {
    const struct ht_yaml_node *root = scenario->yaml.root;
    const struct ht_yaml_node *item = ht_yaml_get(root, "happenings");
    if (scenario->group_count == 0) {
        return ht_yaml_fail(root, err, "a scenario needs groups");
    }
    item = item != NULL ? item->first : NULL;
    for (size_t i = 0; i < scenario->happening_count; i++, item = item->next) {
        const struct ht_sim_happening *happening = &scenario->happenings[i];
        if (happening->place.len > 0 && !is_named(scenario, happening->place)) {
            return ht_yaml_fail(ht_yaml_get(item, "site"), err, "no group has a site '%s'",
                                happening->place.ptr);
        }
        if (happening->hub > scenario->hub_count) {
            return ht_yaml_fail(ht_yaml_get(item, "hub"), err, "there is no hub %u",
                                (unsigned)happening->hub);
        }
    }
    return HT_OK;
}

enum ht_status ht_sim_scenario_read(struct ht_sim_scenario *scenario, struct ht_err *err) {
    static const struct ht_sim_field fields[] = {
        {"about", ht_sim_read_text, IN_SCENARIO(about), 0, 200},
        {"devices", ht_sim_read_whole, IN_SCENARIO(devices), 1, HT_SIM_DEVICES_MAX},
        {"hours", ht_sim_read_number, IN_SCENARIO(hours), 0.01, 87600},
        {"hub", read_hub, 0, 0, 0},
        {"log", read_log, IN_SCENARIO(delivery), 0, 0},
        {"groups", read_groups, 0, 0, 0},
        {"happenings", read_happenings, 0, 0, 0},
    };
    const struct ht_yaml yaml = scenario->yaml;
    *scenario = (struct ht_sim_scenario){
        .yaml = yaml,
        .devices = 400,
        .hours = 24,
        .hubs = {HT_STR("CONTOSO-HUB")},
        .hub_count = 1,
        .throttled_s = 1200,
        .delivery = {.late_s = 3}, /* order inside a second is not defined */
    };
    HT_TRY(ht_sim_fields_read(yaml.root, fields, HT_ARRAY_LEN(fields), scenario, err));
    return check(scenario, err);
}
