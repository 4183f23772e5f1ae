/* SPDX-License-Identifier: MIT */
#include "simulate/scenario_field.h"

#include "base/check.h"
#include "base/num.h"
#include "base/text.h"
#include "base/time.h"
#include "simulate/scenario.h"

enum ht_status ht_sim_fields_read(const struct ht_yaml_node *node,
                                  const struct ht_sim_field *fields, size_t count, void *target,
                                  struct ht_err *err) {
    const char *keys[HT_SIM_FIELDS_MAX];
    HT_ASSERT(count <= HT_SIM_FIELDS_MAX);
    for (size_t i = 0; i < count; i++) {
        keys[i] = fields[i].key;
    }
    HT_TRY(ht_yaml_need_keys(node, keys, count, err));
    for (const struct ht_yaml_node *child = node->first; child != NULL; child = child->next) {
        const struct ht_sim_field *field = fields;
        while (!ht_str_eq(child->key, ht_str_from(field->key))) {
            field++;
        }
        HT_TRY(field->read(child, (char *)target + field->offset, field, err));
    }
    return HT_OK;
}

enum ht_status ht_sim_check_name(const struct ht_yaml_node *node, struct ht_str text,
                                 size_t len_max, struct ht_err *err) {
    if (text.len > len_max) {
        return ht_yaml_fail(node, err, "'%.40s...' is longer than %zu bytes", text.ptr, len_max);
    }
    for (struct ht_str left = text; left.len > 0;) {
        uint32_t code_point = 0;
        const size_t len = ht_utf8_decode(left, &code_point);
        if (len == 0 || !ht_text_is_plain(code_point)) {
            return ht_yaml_fail(node, err, "'%.40s' is not all printable", text.ptr);
        }
        left.ptr += len;
        left.len -= len;
    }
    return HT_OK;
}

enum ht_status ht_sim_read_share(const struct ht_yaml_node *node, void *target,
                                 const struct ht_sim_field *field, struct ht_err *err) {
    double *share = target;
    HT_TRY(ht_yaml_share(node, share, err));
    if (*share < field->low || *share > field->high) {
        return ht_yaml_fail(node, err, "%s: '%.60s' is not from %g%% to %g%%", node->key.ptr,
                            node->text.ptr, field->low * 100, field->high * 100);
    }
    return HT_OK;
}

/* "4 per day" as a number a day. */
static bool parse_rate(struct ht_str text, double *per_day) {
    static const struct {
        struct ht_str name;
        double a_day;
    } units[] = {
        {HT_STR_INIT("second"), HT_S_PER_DAY},
        {HT_STR_INIT("minute"), 1440},
        {HT_STR_INIT("hour"), 24},
        {HT_STR_INIT("day"), 1},
        {HT_STR_INIT("week"), 1.0 / 7},
    };
    const size_t per = ht_str_find_nocase(text, HT_STR(" per "));
    double number = 0;
    if (ht_str_eq(text, HT_STR("0"))) {
        *per_day = 0;
        return true;
    }
    if (per == SIZE_MAX ||
        !ht_num_parse_decimal(ht_str_trim((struct ht_str){text.ptr, per}), &number)) {
        return false;
    }
    const struct ht_str unit = ht_str_trim((struct ht_str){text.ptr + per + 5, text.len - per - 5});
    for (size_t i = 0; i < HT_ARRAY_LEN(units); i++) {
        if (ht_str_eq_nocase(unit, units[i].name)) {
            *per_day = number * units[i].a_day;
            return true;
        }
    }
    return false;
}

enum ht_status ht_sim_read_rate(const struct ht_yaml_node *node, void *target,
                                const struct ht_sim_field *field, struct ht_err *err) {
    double *per_day = target;
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    if (!parse_rate(node->text, per_day)) {
        return ht_yaml_fail(node, err, "%s: '%.60s' is not a rate; write for example 4 per day",
                            node->key.ptr, node->text.ptr);
    }
    if (*per_day > field->high) {
        return ht_yaml_fail(node, err, "%s: '%.60s' is more than %.0f per day", node->key.ptr,
                            node->text.ptr, field->high);
    }
    return HT_OK;
}

enum ht_status ht_sim_read_seconds(const struct ht_yaml_node *node, void *target,
                                   const struct ht_sim_field *field, struct ht_err *err) {
    int64_t span_us = 0;
    double *seconds = target;
    HT_TRY(ht_yaml_span(node, (int64_t)(field->low * 1e6), (int64_t)(field->high * 1e6), &span_us,
                        err));
    *seconds = (double)span_us / 1e6;
    return HT_OK;
}

enum ht_status ht_sim_read_number(const struct ht_yaml_node *node, void *target,
                                  const struct ht_sim_field *field, struct ht_err *err) {
    return ht_yaml_number(node, field->low, field->high, target, err);
}

enum ht_status ht_sim_read_whole(const struct ht_yaml_node *node, void *target,
                                 const struct ht_sim_field *field, struct ht_err *err) {
    return ht_yaml_whole(node, (uint64_t)field->low, (uint64_t)field->high, target, err);
}

enum ht_status ht_sim_read_flag(const struct ht_yaml_node *node, void *target,
                                const struct ht_sim_field *field, struct ht_err *err) {
    (void)field;
    return ht_yaml_bool(node, target, err);
}

enum ht_status ht_sim_read_text(const struct ht_yaml_node *node, void *target,
                                const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_str *text = target;
    const size_t len_max = field->high > 0 ? (size_t)field->high : HT_SIM_NAME_BYTES;
    HT_TRY(ht_yaml_text(node, len_max, text, err));
    return ht_sim_check_name(node, *text, len_max, err);
}

enum ht_status ht_sim_read_choices(const struct ht_yaml_node *node, void *target,
                                   const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_choices *choices = target;
    choices->count = 0;
    if (node->kind != HT_YAML_SEQUENCE) {
        choices->count = 1;
        return ht_sim_read_seconds(node, &choices->list[0], field, err);
    }
    if (node->count == 0 || node->count > HT_SIM_CHOICES_MAX) {
        return ht_yaml_fail(node, err, "%s: a list of 1 to %d spans is needed", node->key.ptr,
                            HT_SIM_CHOICES_MAX);
    }
    for (const struct ht_yaml_node *item = node->first; item != NULL; item = item->next) {
        HT_TRY(ht_sim_read_seconds(item, &choices->list[choices->count++], field, err));
    }
    return HT_OK;
}

bool ht_sim_parse_range(struct ht_str text, double *low_s, double *high_s) {
    int64_t low_us = 0;
    int64_t high_us = 0;
    const size_t to = ht_str_find_nocase(text, HT_STR(" to "));
    const struct ht_str low = {text.ptr, to != SIZE_MAX ? to : text.len};
    const struct ht_str high =
        to != SIZE_MAX ? (struct ht_str){text.ptr + to + 4, text.len - to - 4} : text;
    if (!ht_yaml_parse_span(low, &low_us) || !ht_yaml_parse_span(high, &high_us) ||
        low_us > high_us) {
        return false;
    }
    *low_s = (double)low_us / 1e6;
    *high_s = (double)high_us / 1e6;
    return true;
}

enum ht_status ht_sim_read_range(const struct ht_yaml_node *node, void *target,
                                 const struct ht_sim_field *field, struct ht_err *err) {
    struct ht_sim_range *range = target;
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    if (!ht_sim_parse_range(node->text, &range->low, &range->high)) {
        return ht_yaml_fail(node, err, "%s: '%.60s' is not a range; write for example 10s to 10m",
                            node->key.ptr, node->text.ptr);
    }
    if (range->low < field->low || range->high > field->high) {
        return ht_yaml_fail(node, err, "%s: '%.60s' is not within %.0fs to %.0fs", node->key.ptr,
                            node->text.ptr, field->low, field->high);
    }
    return HT_OK;
}

enum ht_status ht_sim_read_chosen(const struct ht_yaml_node *node, void *target,
                                  const struct ht_sim_field *field, struct ht_err *err) {
    static const struct ht_str device = HT_STR_INIT("device ");
    struct ht_sim_chosen *chosen = target;
    uint64_t number = 0;
    (void)field;
    HT_TRY(ht_yaml_need(node, HT_YAML_SCALAR, err));
    *chosen = (struct ht_sim_chosen){.share = 0};
    if (ht_str_starts_nocase(node->text, device)) {
        const struct ht_str digits = {node->text.ptr + device.len, node->text.len - device.len};
        if (!ht_num_parse_u64(digits, &number) || number < 1 || number > HT_SIM_DEVICES_MAX) {
            return ht_yaml_fail(node, err,
                                "%s: '%.60s' names no device; write for example device 3",
                                node->key.ptr, node->text.ptr);
        }
        chosen->number = (unsigned)number;
        return HT_OK;
    }
    if (!ht_yaml_parse_share(node->text, &chosen->share)) {
        return ht_yaml_fail(node, err,
                            "%s: '%.60s' is neither a share (2%%) nor one device (device 3)",
                            node->key.ptr, node->text.ptr);
    }
    return HT_OK;
}
