/* SPDX-License-Identifier: MIT */
#include "render/decimal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/check.h"

size_t ht_decimal_format(double value, unsigned places, char out[HT_DECIMAL_BYTES]) {
    static const uint64_t scales[HT_DECIMAL_PLACES_MAX + 1] = {1, 10, 100, 1000, 10000};
    HT_ASSERT(places <= HT_DECIMAL_PLACES_MAX);
    out[0] = '\0';
    if (!isfinite(value)) {
        return 0;
    }
    const uint64_t scale = scales[places];
    double size = value < 0 ? -value : value;
    size = size < 1e12 ? size : 1e12;
    const uint64_t scaled = (uint64_t)(size * (double)scale + 0.5);
    const char *sign = value < 0 && scaled > 0 ? "-" : "";
    int len = snprintf(out, HT_DECIMAL_BYTES, "%s%" PRIu64, sign, scaled / scale);
    if (places > 0) {
        len += snprintf(out + len, HT_DECIMAL_BYTES - (size_t)len, ".%0*" PRIu64, (int)places,
                        scaled % scale);
    }
    return (size_t)len;
}
