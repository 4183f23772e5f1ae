/* SPDX-License-Identifier: MIT */
#ifndef HT_BASE_COMPILER_H
#define HT_BASE_COMPILER_H
/* The only place that knows compiler extensions: attributes, branch hints, checked arithmetic. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define HT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define HT_LIKELY(cond) __builtin_expect(!!(cond), 1)
#define HT_UNLIKELY(cond) __builtin_expect(!!(cond), 0)
#define HT_INLINE static inline __attribute__((always_inline))
#define HT_PREFETCH(address) __builtin_prefetch(address)
#else
#define HT_PRINTF(fmt, args)
#define HT_LIKELY(cond) (cond)
#define HT_UNLIKELY(cond) (cond)
#define HT_INLINE static inline
#define HT_PREFETCH(address) ((void)(address))
#endif

/* The memory there will be looked at soon; any address will do. */
HT_INLINE void ht_prefetch(const void *address) {
    HT_PREFETCH(address);
}

#define HT_ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Both return true when the true result does not fit, as the builtins do. */
HT_INLINE bool ht_mul_overflows(size_t a, size_t b, size_t *product) {
    return __builtin_mul_overflow(a, b, product);
}

HT_INLINE bool ht_add_overflows(size_t a, size_t b, size_t *sum) {
    return __builtin_add_overflow(a, b, sum);
}

#endif
