/* SPDX-License-Identifier: MIT */
#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

enum { FIRST_CAPACITY = 16 };

enum ht_status ht_grow(void *array, size_t *capacity, size_t count_wanted, size_t count_max,
                       size_t element_bytes) {
    if (count_wanted <= *capacity) {
        return HT_OK;
    }
    if (count_wanted > count_max) {
        return HT_E_LIMIT;
    }
    size_t count = *capacity + *capacity / 2;
    count = count < FIRST_CAPACITY ? FIRST_CAPACITY : count;
    count = count < count_wanted ? count_wanted : count;
    count = count > count_max ? count_max : count;
    size_t bytes = 0;
    if (ht_mul_overflows(count, element_bytes, &bytes)) {
        return HT_E_NOMEM;
    }
    void *old = NULL; /* array is a T**; its representation is copied, for any T */
    memcpy(&old, array, sizeof old);
    void *grown = realloc(old, bytes);
    if (grown == NULL) {
        return HT_E_NOMEM;
    }
    memcpy(array, &grown, sizeof grown);
    *capacity = count;
    return HT_OK;
}
