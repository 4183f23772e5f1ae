/* SPDX-License-Identifier: MIT */
#ifndef HT_COMPARE_CHANGES_MAKE_H
#define HT_COMPARE_CHANGES_MAKE_H
/* What a report found, as keys that the archive keeps, and what is new against the kept ones. */
#include "base/arena.h"
#include "base/strbuf.h"
#include "hubtriage/report.h"

/* The keys of a report, as bytes. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_changes_pack(const struct ht_report *report, int64_t now_us,
                                             struct ht_strbuf *out);

/* @changes  in the arena, texts copied. HT_OK, HT_E_NOMEM, or HT_E_DATA: these are no keys. */
HT_MUST_CHECK enum ht_status ht_changes_make(const struct ht_report *report, struct ht_str keys,
                                             struct ht_arena *arena,
                                             const struct ht_changes **changes);

#endif
