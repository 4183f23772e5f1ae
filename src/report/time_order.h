/* SPDX-License-Identifier: MIT */
#ifndef HT_REPORT_TIME_ORDER_H
#define HT_REPORT_TIME_ORDER_H
#include "hubtriage/err.h"
#include "model/session.h"

/*
 * Put indices of sessions in order of end_us; equal ends keep their order. Linear for what logs
 * hold: whole seconds of a few weeks take two passes. Holds 32 bytes an index for the time of the
 * call. HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_time_order(const struct ht_session *sessions, uint32_t *indices,
                                           size_t count);

#endif
