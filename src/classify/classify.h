/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_CLASSIFY_H
#define HT_CLASSIFY_CLASSIFY_H
#include "base/parallel.h"
#include "model/known.h"
#include "model/log.h"
#include "model/session.h"
#include "model/verdict.h"

/*
 * A cause for every session that ended. known: what the user's rules say, or NULL.
 * ht_verdicts_release() frees the verdicts. HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_classify(const struct ht_log *log,
                                         const struct ht_sessions *sessions,
                                         const struct ht_known *known,
                                         const struct ht_parallel *parallel,
                                         struct ht_verdicts *verdicts);

#endif
