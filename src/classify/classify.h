/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_CLASSIFY_H
#define HT_CLASSIFY_CLASSIFY_H
#include "base/parallel.h"
#include "model/log.h"
#include "model/session.h"
#include "model/verdict.h"

/* A cause for every session that ended. ht_verdicts_release() frees them. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_classify(const struct ht_log *log,
                                         const struct ht_sessions *sessions,
                                         const struct ht_parallel *parallel,
                                         struct ht_verdicts *verdicts);

#endif
