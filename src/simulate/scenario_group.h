/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_SCENARIO_GROUP_H
#define HT_SIMULATE_SCENARIO_GROUP_H
#include "simulate/scenario.h"

/* Read one group; its name is the node's key. */
HT_MUST_CHECK enum ht_status ht_sim_group_read(const struct ht_yaml_node *node,
                                               struct ht_sim_group *group, struct ht_err *err);

#endif
