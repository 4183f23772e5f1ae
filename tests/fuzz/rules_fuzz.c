/* SPDX-License-Identifier: MIT */
/* Any text as a file of rules: refused with one printable line that says where, or rules that keep
 * what their reader promises and hold for a small log. */
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/text.h"
#include "base/time.h"
#include "rules/rulebook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ht_str strings[] = {
    HT_STR_INIT(""),         HT_STR_INIT("CONTOSO-HUB"),  HT_STR_INIT("pump-1"),
    HT_STR_INIT(".NET/1.0"), HT_STR_INIT("52.200.1.XXX"), HT_STR_INIT("aaaaaaaaaaaaaaaaaaaaaaaa!"),
    HT_STR_INIT("Mqtt"),
};
static const struct ht_hub hub = {.name = 1, .device_count = 3};
static const struct ht_device devices[] = {{.id = 0}, {.id = 2}, {.id = 5, .module = 2}};
static const struct ht_session sessions[] = {
    {.device = 1, .sdk = 3, .network = 4, .protocol = 6, .end_us = 400000000, .codes = {404104}}};
static const struct ht_device_sessions by_device[] = {{0}, {.first = 0, .count = 1}, {0}};

static void check_error(const struct ht_err *err) {
    const struct ht_str message = ht_str_from(err->message);
    HT_ASSERT(err->status == HT_E_USAGE && message.len > strlen("fuzz:1: "));
    HT_ASSERT(memcmp(message.ptr, "fuzz:", 5) == 0 && ht_ascii_is_digit(message.ptr[5]));
    HT_ASSERT(memchr(message.ptr, '\n', message.len) == NULL);
}

static void check_rule(const struct ht_known_rule *rule) {
    HT_ASSERT(rule->name[0] != '\0' && rule->line > 0 && rule->states != 0);
    for (size_t i = 0; i < HT_SDK_FAMILY_COUNT; i++) {
        HT_ASSERT(rule->token[i].low_s <= rule->token[i].high_s);
        HT_ASSERT(rule->token[i].high_s < 500U * 86400);
    }
    HT_ASSERT(rule->duty_up_s <= rule->duty_every_s);
    for (size_t i = 0; i < rule->window_count; i++) {
        const struct ht_known_window *window = &rule->windows[i];
        HT_ASSERT(window->days != 0 ? window->from_s != window->to_s
                                    : window->from_us < window->to_us);
    }
    for (size_t i = 0; i < rule->relabel_count; i++) {
        HT_ASSERT(rule->relabels[i].to < HT_CAUSE_COUNT);
        HT_ASSERT(rule->relabels[i].code_count <= HT_KNOWN_CODES_MAX);
    }
}

static void use(struct ht_rulebook *book) {
    const struct ht_log log = {.strings = strings,
                               .string_count = HT_ARRAY_LEN(strings),
                               .hubs = &hub,
                               .hub_count = 1,
                               .devices = devices,
                               .device_count = HT_ARRAY_LEN(devices)};
    const struct ht_sessions made = {.sessions = sessions,
                                     .session_count = HT_ARRAY_LEN(sessions),
                                     .by_device = by_device};
    struct ht_known known;
    if (ht_rulebook_resolve(book, &log, &made, &known) != HT_OK) {
        return;
    }
    for (size_t i = 0; i < known.rule_count; i++) {
        check_rule(&known.rules[i]);
    }
    for (uint32_t d = 0; d < HT_ARRAY_LEN(devices); d++) {
        for (int64_t day = -8; day < 8; day++) {
            const int64_t time_us = day * 80000 * HT_US_PER_S;
            HT_ASSERT(ht_known_planned_until(&known, d, time_us) >= time_us);
        }
    }
    (void)ht_known_place(&known, &log, &sessions[0]);
    for (size_t cause = 0; cause < HT_CAUSE_COUNT; cause++) {
        (void)ht_known_relabel_of(&known, &sessions[0], (enum ht_cause)cause);
    }
    ht_known_release(&known);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ht_rulebook *book = NULL;
    struct ht_err err = {.status = HT_OK};
    const struct ht_str text = {(const char *)data, size};
    const enum ht_status status = ht_rulebook_parse(HT_STR("fuzz"), text, &book, &err);
    if (status == HT_OK) {
        use(book);
        ht_rulebook_free(book);
    } else if (status != HT_E_NOMEM) {
        check_error(&err);
    }
    return 0;
}
