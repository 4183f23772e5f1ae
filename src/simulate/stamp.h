/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_STAMP_H
#define HT_SIMULATE_STAMP_H
/* Time stamps as logs have them. */
#include <stddef.h>
#include <stdint.h>

enum { HT_SIM_STAMP_BYTES = 40 };

/*
 * ht_sim_stamp_write() - ISO 8601 with 'Z' and that many digits of a fraction (0 to 7), for years
 * up to 9999. Returns the length, also writes a NUL.
 */
size_t ht_sim_stamp_write(int64_t time_us, unsigned digits, char out[HT_SIM_STAMP_BYTES]);

/* The same instant as the Azure portal shows it: "3/10/2025, 12:23:43.391 AM". */
size_t ht_sim_stamp_write_portal(int64_t time_us, unsigned digits, char out[HT_SIM_STAMP_BYTES]);

#endif
