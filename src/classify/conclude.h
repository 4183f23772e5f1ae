/* SPDX-License-Identifier: MIT */
#ifndef HT_CLASSIFY_CONCLUDE_H
#define HT_CLASSIFY_CONCLUDE_H
/* From posteriors to verdicts: the cause of each case with its evidence, incidents, cadences. */
#include "classify/judge.h"

/* HT_OK or HT_E_NOMEM. ht_verdicts_release() frees. */
HT_MUST_CHECK enum ht_status ht_conclude(const struct ht_docket *docket,
                                         const struct ht_knowledge *knowledge,
                                         struct ht_verdicts *verdicts);

#endif
