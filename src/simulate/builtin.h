/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_BUILTIN_H
#define HT_SIMULATE_BUILTIN_H
/* The files of testdata/scenarios, as scripts/embed makes C of them. */
#include "hubtriage/simulate.h"

extern const struct ht_scenario ht_sim_builtin[];
extern const size_t ht_sim_builtin_count;

#endif
