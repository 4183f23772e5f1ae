/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_LOG_RECORD_H
#define HT_SIMULATE_LOG_RECORD_H
/* One record of the invented log, before a shape is chosen for it. Texts are borrowed. */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum ht_sim_auth { HT_SIM_AUTH_NONE = 0, HT_SIM_AUTH_SAS, HT_SIM_AUTH_X509 };

enum ht_sim_operation {
    HT_SIM_OP_CONNECT = 0,
    HT_SIM_OP_DISCONNECT,
    HT_SIM_OP_HEALTH, /* another category, with a code that tells how the hub is */
    HT_SIM_OP_CHATTER /* another category or another service: nothing to the point */
};

struct ht_sim_log_record {
    int64_t time_us;
    enum ht_sim_operation operation;
    uint32_t code;         /* 0 = none */
    uint32_t variant;      /* which category, of HT_SIM_OP_HEALTH and HT_SIM_OP_CHATTER */
    enum ht_sim_auth auth; /* as written: HT_SIM_AUTH_NONE gives null */
    struct ht_str hub;
    struct ht_str device;
    struct ht_str module;  /* empty = a device */
    struct ht_str network; /* empty = not written */
    struct ht_str sdk;     /* empty = not written; connects only */
    struct ht_str protocol;
    struct ht_str message;
};

/* The name of a code, as resultDescription has it. */
struct ht_str ht_sim_code_name(uint32_t code);

#endif
