/* SPDX-License-Identifier: MIT */
#ifndef HT_SIMULATE_JSON_TEXT_H
#define HT_SIMULATE_JSON_TEXT_H
/* Texts inside the quotes of JSON. */
#include "base/str.h"

/*
 * ht_sim_json_escape() - write text as it stands between the quotes of a JSON string. out must have
 * room for six bytes for each of text. Returns the length.
 */
size_t ht_sim_json_escape(char *out, struct ht_str text);

/* Nothing in it needs an escape. */
bool ht_sim_json_is_plain(struct ht_str text);

#endif
