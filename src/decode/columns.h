/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_COLUMNS_H
#define HT_DECODE_COLUMNS_H
/*
 * struct ht_columns - what the cells of a table's rows are: the slot of each column, by position.
 * Names are those of keys (decode/object.h); behind one may stand the portal's suffix, as in
 * "TimeGenerated [UTC]".
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "decode/object.h"
#include "hubtriage/err.h"

/* Columns that one table may have. */
enum { HT_COLUMNS_MAX = 4096 };

struct ht_columns {
    unsigned char *slots; /* HT_SLOT_COUNT: a column that we do not know */
    size_t count;
    size_t capacity;
    uint64_t known;  /* bit set of slots */
    bool kusto;      /* named as Kusto's own answers do */
    bool local_time; /* the suffix names another zone than UTC, but no offset */
};

void ht_columns_clear(struct ht_columns *columns); /* keeps its memory */
void ht_columns_release(struct ht_columns *columns);

/* HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_columns_copy(struct ht_columns *to, const struct ht_columns *from);

bool ht_columns_are_same(const struct ht_columns *a, const struct ht_columns *b);

/* One more column. HT_OK, HT_E_LIMIT or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_columns_add(struct ht_columns *columns, struct ht_str name);

/*
 * Take the names from a JSON array of objects with "name" or "ColumnName", as answers of query APIs
 * have. HT_OK, HT_E_DATA (it is none), HT_E_LIMIT or HT_E_NOMEM; after an error there is no column.
 */
HT_MUST_CHECK enum ht_status ht_columns_load(struct ht_columns *columns, struct ht_str json);

/* Whether rows with these columns can be records. When they are records without something that
 * nothing can be told without, *problem says what. */
bool ht_columns_are_log(const struct ht_columns *columns, const char **problem);

#endif
