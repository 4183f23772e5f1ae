/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_TEXT_SPARK_H
#define HT_RENDER_TEXT_SPARK_H
/* Numbers as a line of characters, each as high as its number: a spark line. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* One cell for each number: eighths of a block, or ".:-=+*#@" where only ASCII will do; 0 is a
 * space. The greatest number has the highest character. */
void ht_spark_put(struct ht_strbuf *out, const uint64_t *numbers, size_t count, bool unicode);

#endif
