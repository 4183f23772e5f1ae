/* SPDX-License-Identifier: MIT */
#include "model/code.h"

#include "base/compiler.h"

static const struct {
    uint32_t code;
    struct ht_str name;
} codes[] = {
#define HT_CODE(number, text) {number, HT_STR_INIT(text)},
#include "model/codes.def"
#undef HT_CODE
};

bool ht_code_is_context(uint32_t code) {
    const uint32_t http = ht_code_http(code);
    return ht_code_is_server_error(code) || http == 504 || http == 429 || http == 403 ||
           (code >= 400000 && code <= 400099);
}

bool ht_code_is_server_error(uint32_t code) {
    const uint32_t http = ht_code_http(code);
    return (http == 500 || http == 502 || http == 503 || http == 504) &&
           code != HT_CODE_GATEWAY_TIMEOUT_METHOD;
}

const char *ht_code_name(uint32_t code) {
    for (size_t i = 0; i < HT_ARRAY_LEN(codes); i++) {
        if (codes[i].code == code) {
            return codes[i].name.ptr;
        }
    }
    return NULL;
}

uint32_t ht_code_by_name(struct ht_str name) {
    if (name.len == 0) {
        return HT_CODE_NONE;
    }
    for (size_t i = 0; i < HT_ARRAY_LEN(codes); i++) {
        if (ht_str_eq_nocase(name, codes[i].name)) {
            return codes[i].code;
        }
    }
    return ht_str_eq_nocase(name, HT_STR("InternalServerError")) ? 500001 : HT_CODE_NONE;
}
