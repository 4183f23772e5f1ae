/* SPDX-License-Identifier: MIT */
/*
 * Topics are unpacked from constant tables: topics.def for words, code_texts.def for codes, and the
 * advice of findings from model/findings.def. What a word is the name of follows from the names
 * themselves, so that it cannot go out of date.
 */
#include "hubtriage/explain.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/nearest.h"
#include "model/code.h"

struct word_row {
    const char *word;
    const char *meaning;
    const char *confirm;
    const char *device;
    const char *operator_do;
    const char *use;
    const char *see;
    const char *url;
};

static const struct word_row words[] = {
#define HT_TOPIC(word, meaning, confirm, device, operator_do, use, see, page) \
    {word,        meaning, confirm, device,                                   \
     operator_do, use,     see,     "https://learn.microsoft.com/azure/" page},
#include "model/topics.def"
#undef HT_TOPIC
};

struct code_row {
    uint32_t code;
    const char *meaning;
    const char *confirm;
    const char *device;
    const char *operator_do;
    const char *see;
};

static const struct code_row codes[] = {
#define HT_CODE_TEXT(number, meaning, confirm, device, operator_do, see) \
    {number, meaning, confirm, device, operator_do, see},
#include "knowledge/code_texts.def"
#undef HT_CODE_TEXT
};

static const struct {
    const char *rule;
    struct ht_topic_finding finding;
} findings[] = {
#define HT_RULE(id, rule, marks, normal, title, action, url) {rule, {title, action, normal}},
#include "model/findings.def"
#undef HT_RULE
};

/* What people type for codes that go by another name or number as well. */
static const struct {
    const char *word;
    uint32_t code;
} aliases[] = {
    {"404102", HT_CODE_DEVICE_NOT_ONLINE}, /* as Microsoft's table prints it */
    {"InternalServerError", HT_CODE_SERVER_ERROR},
};

#define CODES_PAGE "https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes"

/* Codes with a section of their own, then classes of codes. Of several that fit, the first. */
static const struct {
    uint32_t first;
    uint32_t last;
    const char *url;
} sections[] = {
    {401003, 401003, CODES_PAGE "#401003-iothubunauthorized-error"},
    {403002, 403002, CODES_PAGE "#403002-iothubquotaexceeded-error"},
    {403004, 403004, CODES_PAGE "#403004-devicemaximumqueuedepthexceeded-error"},
    {403006, 403006, CODES_PAGE "#403006-devicemaximumactivefileuploadlimitexceeded-error"},
    {404001, 404001, CODES_PAGE "#404001-devicenotfound-error"},
    {404103, 404103, CODES_PAGE "#404103-devicenotonline-error"},
    {404104, 404104, CODES_PAGE "#404104-deviceconnectionclosedremotely-error"},
    {409001, 409001, CODES_PAGE "#409001-devicealreadyexists-error"},
    {409002, 409002, CODES_PAGE "#409002-linkcreationconflict-error"},
    {412002, 412002, CODES_PAGE "#412002-devicemessagelocklost-error"},
    {504101, 504101, CODES_PAGE "#504101-gatewaytimeout-error"},
    {400000, 400999, CODES_PAGE "#400xxx-bad-request-errors"},
    {401000, 401999, CODES_PAGE "#401xxx-unauthorized-errors"},
    {403000, 403999, CODES_PAGE "#403xxx-forbidden-errors"},
    {404000, 404999, CODES_PAGE "#404xxx-notfound-errors"},
    {405000, 405999, CODES_PAGE "#405xxx-methodnotallowed-errors"},
    {409000, 409999, CODES_PAGE "#409xxx-conflict-errors"},
    {412000, 412999, CODES_PAGE "#412xxx-preconditionfailed-errors"},
    {413000, 413999, CODES_PAGE "#413xxx-request-entity-too-large-errors"},
    {415000, 415999, CODES_PAGE "#415xxx-unsupported-media-type-errors"},
    {429000, 429999, CODES_PAGE "#429xxx-throttling-exception-errors"},
    {499000, 499999, CODES_PAGE "#499xxx-client-closed-request-errors"},
    {500000, 500999, CODES_PAGE "#500xxx-internal-server-errors"},
    {502000, 502999, CODES_PAGE "#502xxx-gateway-related-errors"},
    {503000, 503999, CODES_PAGE "#503xxx-service-unavailable-related-errors"},
    {504000, 504999, CODES_PAGE "#504xxx-gateway-timeout-related-errors"},
    {0, UINT32_MAX, CODES_PAGE},
};

static const char *code_url(uint32_t code) {
    size_t i = 0;
    while (code < sections[i].first || code > sections[i].last) {
        i++;
    }
    return sections[i].url;
}

static const char request_confirm[] =
    "The record's category and operationName name the request that failed; its errorMessage often "
    "says which part of it.";

/* What this program does with a code: as classify/case.c and model/code.h have it. */
static const char *code_use(uint32_t code) {
    switch (code) {
    case HT_CODE_TAKEN_OVER:
    case HT_CODE_LINK_CONFLICT:
        return "With others of the same device around it a mark of duplicate-identity; alone, the "
               "late notice of an end whose cause is looked for as usual.";
    case HT_CODE_CLOSED_BY_UPGRADE:
    case HT_CODE_REFUSED_BY_UPGRADE:
        return "Settles the cause of a disconnect: platform-upgrade.";
    case HT_CODE_UNAUTHORIZED:
        return "On a disconnect a strong mark of token-expiry; on connects until the log ends, the "
               "finding auth-failure.";
    case HT_CODE_HUB_SUSPENDED:
    case HT_CODE_QUOTA_EXCEEDED:
        return "Settles the cause of a disconnect: quota. Records of other categories count too.";
    case HT_CODE_DEVICE_NOT_FOUND:
    case HT_CODE_DEVICE_DISABLED:
        return "On a disconnect, or on the connects after it, settles its cause: device-removed.";
    case HT_CODE_CLOSED_REMOTELY:
        return "Says that there was no goodbye, and no more: length, gap, the other devices and "
               "the device's past decide.";
    case HT_CODE_HUB_FAILING_OVER:
        return "On connects until the log ends, the finding hub-refuses.";
    default:
        break;
    }
    if (ht_code_http(code) == 429) {
        return "Settles the cause of a disconnect: throttled. Records of other categories count "
               "too.";
    }
    if (ht_code_is_server_error(code)) {
        return "On a disconnect or a refused connect a mark of hub-transient; records of all "
               "categories are counted around bursts.";
    }
    return "Tells nothing about a disconnect: hubtriage does not weigh it.";
}

static unsigned kinds_of(const char *word) {
    unsigned kinds = 0;
    for (int i = 0; i < HT_CAUSE_COUNT; i++) {
        kinds |= strcmp(word, ht_cause_name((enum ht_cause)i)) == 0 ? HT_TOPIC_CAUSE : 0U;
    }
    for (int i = 0; i < HT_CLASS_COUNT; i++) {
        kinds |= strcmp(word, ht_class_name((enum ht_class)i)) == 0 ? HT_TOPIC_CLASS : 0U;
    }
    for (int i = 0; i < HT_PATTERN_COUNT; i++) {
        const char *name = ht_device_pattern_name((enum ht_device_pattern)i);
        kinds |= strcmp(word, name) == 0 ? HT_TOPIC_PATTERN : 0U;
    }
    return kinds;
}

static void put_findings(struct ht_topic *out) {
    for (size_t i = 0; i < HT_ARRAY_LEN(findings); i++) {
        if (strcmp(findings[i].rule, out->word) == 0) {
            HT_ASSERT(out->finding_count < HT_TOPIC_FINDINGS_MAX);
            out->findings[out->finding_count++] = findings[i].finding;
            out->kinds |= HT_TOPIC_FINDING;
        }
    }
    if (out->operator_do == NULL && out->finding_count == 1) {
        out->operator_do = out->findings[0].action;
    }
}

static void get_word(const struct word_row *row, struct ht_topic *out) {
    *out = (struct ht_topic){
        .word = row->word,
        .kinds = kinds_of(row->word),
        .meaning = row->meaning,
        .confirm = row->confirm,
        .device = row->device,
        .operator_do = row->operator_do,
        .use = row->use,
        .see = row->see,
        .url = row->url,
    };
    put_findings(out);
}

static void get_code(const struct code_row *row, struct ht_topic *out) {
    *out = (struct ht_topic){
        .word = ht_code_name(row->code),
        .code = row->code,
        .kinds = HT_TOPIC_CODE,
        .meaning = row->meaning,
        .confirm = row->confirm != NULL ? row->confirm : request_confirm,
        .device = row->device,
        .operator_do = row->operator_do,
        .use = code_use(row->code),
        .see = row->see,
        .url = code_url(row->code),
    };
    HT_ASSERT(out->word != NULL);
}

size_t ht_topic_count(void) {
    return HT_ARRAY_LEN(words) + HT_ARRAY_LEN(codes);
}

void ht_topic_get(size_t index, struct ht_topic *out) {
    HT_ASSERT(index < ht_topic_count());
    if (index < HT_ARRAY_LEN(words)) {
        get_word(&words[index], out);
    } else {
        get_code(&codes[index - HT_ARRAY_LEN(words)], out);
    }
}

/* The digits of a code; 0 when it is something else. */
static uint32_t number_of(struct ht_str word) {
    uint32_t number = 0;
    if (word.len == 0 || word.len >= HT_TOPIC_CODE_BYTES) {
        return 0;
    }
    for (size_t i = 0; i < word.len; i++) {
        if (!ht_ascii_is_digit(word.ptr[i])) {
            return 0;
        }
        number = number * 10 + (uint32_t)(word.ptr[i] - '0');
    }
    return number;
}

static bool find_code(uint32_t code, struct ht_topic *out) {
    for (size_t i = 0; code != 0 && i < HT_ARRAY_LEN(codes); i++) {
        if (codes[i].code == code) {
            get_code(&codes[i], out);
            return true;
        }
    }
    return false;
}

bool ht_topic_find(const char *text, struct ht_topic *out) {
    const struct ht_str word = ht_str_trim(ht_str_from(text));
    for (size_t i = 0; i < HT_ARRAY_LEN(aliases); i++) {
        if (ht_str_eq_nocase(word, ht_str_from(aliases[i].word))) {
            return find_code(aliases[i].code, out);
        }
    }
    for (size_t i = 0; i < HT_ARRAY_LEN(words); i++) {
        if (ht_str_eq_nocase(word, ht_str_from(words[i].word))) {
            get_word(&words[i], out);
            return true;
        }
    }
    return find_code(number_of(word), out) || find_code(ht_code_by_name(word), out);
}

/* Names are most alike to names, and words to words. */
static const char *nearest_text(struct ht_str word) {
    const char *known[HT_ARRAY_LEN(words) + HT_ARRAY_LEN(codes)];
    for (size_t i = 0; i < HT_ARRAY_LEN(words); i++) {
        known[i] = words[i].word;
    }
    for (size_t i = 0; i < HT_ARRAY_LEN(codes); i++) {
        known[HT_ARRAY_LEN(words) + i] = ht_code_name(codes[i].code);
    }
    return ht_nearest(word, known, HT_ARRAY_LEN(known));
}

/* The next code of the same kind: 404105 is rather 404104 than 404005. */
static uint32_t nearest_code(uint32_t number) {
    uint32_t best = 0;
    const uint32_t wanted = number < 1000 ? number * 1000 : number;
    for (size_t i = 0; i < HT_ARRAY_LEN(codes); i++) {
        const uint32_t code = codes[i].code;
        const uint32_t far = code > wanted ? code - wanted : wanted - code;
        const uint32_t best_far = best > wanted ? best - wanted : wanted - best;
        if (ht_code_http(code) == wanted / 1000 && (best == 0 || far < best_far)) {
            best = code;
        }
    }
    return best;
}

const char *ht_topic_nearest(const char *text) {
    static const char *const numbers[] = {
#define HT_CODE_TEXT(number, meaning, confirm, device, operator_do, see) #number,
#include "knowledge/code_texts.def"
#undef HT_CODE_TEXT
    };
    const struct ht_str word = ht_str_trim(ht_str_from(text));
    const uint32_t code = nearest_code(number_of(word));
    for (size_t i = 0; code != 0 && i < HT_ARRAY_LEN(codes); i++) {
        if (codes[i].code == code) {
            return numbers[i];
        }
    }
    return nearest_text(word);
}
