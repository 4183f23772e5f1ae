/* SPDX-License-Identifier: MIT */
#ifndef HT_RULES_RULEBOOK_H
#define HT_RULES_RULEBOOK_H
/*
 * struct ht_rulebook - a file of rules (--rules), read and compiled: what users know of their
 * devices. man/hubtriage-rules.5 has the language.
 *
 * Every error has the status HT_E_USAGE and one line, "FILE:LINE: what is wrong", with a hint where
 * one helps; a file that cannot be read has HT_E_IO.
 */
#include "base/str.h"
#include "hubtriage/err.h"
#include "model/known.h"
#include "model/log.h"
#include "model/session.h"

struct ht_rulebook;

HT_MUST_CHECK enum ht_status ht_rulebook_read(const char *path, struct ht_rulebook **book,
                                              struct ht_err *err);

/* name: how errors call the text. */
HT_MUST_CHECK enum ht_status ht_rulebook_parse(struct ht_str name, struct ht_str text,
                                               struct ht_rulebook **book, struct ht_err *err);

/* NULL is a no-op. */
void ht_rulebook_free(struct ht_rulebook *book);

/*
 * ht_rulebook_resolve() - which rule holds for which device of a log.
 *
 * @known  ht_known_release() frees it. What the rules say moves there: a book is resolved once.
 *
 * Cost: a search for each device and rule, fewer once a device has all that rules can state. A
 *       pattern that runs into PCRE2's match limit on RULEBOOK_LIMIT_HITS ids is not tried again.
 * Returns HT_OK or HT_E_NOMEM.
 */
HT_MUST_CHECK enum ht_status ht_rulebook_resolve(struct ht_rulebook *book, const struct ht_log *log,
                                                 const struct ht_sessions *sessions,
                                                 struct ht_known *known);

#endif
