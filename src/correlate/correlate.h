/* SPDX-License-Identifier: MIT */
#ifndef HT_CORRELATE_CORRELATE_H
#define HT_CORRELATE_CORRELATE_H
#include "base/parallel.h"
#include "model/log.h"
#include "model/session.h"

/* Sessions and episodes of every device. ht_sessions_release() frees them. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_correlate(const struct ht_log *log,
                                          const struct ht_parallel *parallel,
                                          struct ht_sessions *sessions);

#endif
