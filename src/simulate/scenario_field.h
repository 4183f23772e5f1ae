/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_SCENARIO_FIELD_H
#define HT_SIMULATE_SCENARIO_FIELD_H
/* Keys of a scenario file as a table: how each value is read, within what bounds, and where to. */
#include <stddef.h>

#include "base/yaml.h"

struct ht_sim_field;

typedef enum ht_status ht_sim_field_fn(const struct ht_yaml_node *node, void *target,
                                       const struct ht_sim_field *field, struct ht_err *err);

struct ht_sim_field {
    const char *key;
    ht_sim_field_fn *read;
    size_t offset; /* of the target in the struct */
    double low;
    double high; /* bounds, where the reader has any; spans in seconds, rates a day */
};

enum { HT_SIM_FIELDS_MAX = 48 };

/* Read every key of a mapping; one that is not in the table is an error. */
HT_MUST_CHECK enum ht_status ht_sim_fields_read(const struct ht_yaml_node *node,
                                                const struct ht_sim_field *fields, size_t count,
                                                void *target, struct ht_err *err);

/* Readers; the target's type is named. */
ht_sim_field_fn ht_sim_read_share;   /* double: "5%" */
ht_sim_field_fn ht_sim_read_rate;    /* double, a day: "4 per day" */
ht_sim_field_fn ht_sim_read_seconds; /* double: "20m" */
ht_sim_field_fn ht_sim_read_number;  /* double: "2.5" */
ht_sim_field_fn ht_sim_read_whole;   /* uint64_t */
ht_sim_field_fn ht_sim_read_flag;    /* bool */
ht_sim_field_fn ht_sim_read_text;    /* struct ht_str: printable, up to HT_SIM_NAME_BYTES */
ht_sim_field_fn ht_sim_read_choices; /* struct ht_sim_choices: "20m" or a list of spans */
ht_sim_field_fn ht_sim_read_range;   /* struct ht_sim_range: "10s to 10m" or one span */
ht_sim_field_fn ht_sim_read_chosen;  /* struct ht_sim_chosen: "2%" or "device 17" */

/* Is text printable, and at most that long? Then HT_OK. */
HT_MUST_CHECK enum ht_status ht_sim_check_name(const struct ht_yaml_node *node, struct ht_str text,
                                               size_t len_max, struct ht_err *err);

/* "A to B": two spans in seconds, the first not above the second; or one span, twice. */
bool ht_sim_parse_range(struct ht_str text, double *low_s, double *high_s);

#endif
