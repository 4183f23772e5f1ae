/* SPDX-License-Identifier: MIT */
#include "report/shown.h"

#include <stdlib.h>

#include "base/check.h"
#include "base/compiler.h"
#include "base/err.h"
#include "model/sdk.h"

static enum ht_status keep(struct ht_report *report, enum ht_shown kind, uint32_t id,
                           struct ht_str text) {
    struct ht_str copy;
    HT_TRY(ht_arena_copy(&report->text, text, &copy));
    report->shown[kind][id] = copy.ptr;
    return HT_OK;
}

static enum ht_status name(struct ht_report *report, const struct ht_pseudonym_key *key,
                           enum ht_shown kind, enum ht_pseudonym_kind pseudonym, uint32_t id) {
    char text[HT_PSEUDONYM_BYTES];
    if (id == 0 || report->shown[kind][id] != NULL) {
        return HT_OK;
    }
    const size_t len = ht_pseudonym_write(key, pseudonym, ht_log_str(&report->log, id), text);
    return keep(report, kind, id, (struct ht_str){text, len});
}

static enum ht_status name_sdk(struct ht_report *report, const struct ht_pseudonym_key *key,
                               uint32_t id) {
    char text[HT_SDK_PLAIN_BYTES];
    if (id == 0 || report->shown[HT_SHOWN_SDK][id] != NULL) {
        return HT_OK;
    }
    if (!ht_sdk_plain(ht_log_str(&report->log, id), text)) {
        return name(report, key, HT_SHOWN_SDK, HT_PSEUDONYM_SDK, id);
    }
    return keep(report, HT_SHOWN_SDK, id, ht_str_from(text));
}

static enum ht_status name_protocol(struct ht_report *report, uint32_t id) {
    static const char *const protocols[] = {"Mqtt", "MqttWs", "Amqp", "AmqpWs", "Http", "Https"};
    if (id == 0 || report->shown[HT_SHOWN_PROTOCOL][id] != NULL) {
        return HT_OK;
    }
    for (size_t i = 0; i < HT_ARRAY_LEN(protocols); i++) {
        if (ht_str_eq_nocase(ht_log_str(&report->log, id), ht_str_from(protocols[i]))) {
            return keep(report, HT_SHOWN_PROTOCOL, id, ht_log_str(&report->log, id));
        }
    }
    return keep(report, HT_SHOWN_PROTOCOL, id, HT_STR("other"));
}

enum ht_status ht_shown_make(struct ht_report *report, const struct ht_pseudonym_key *key) {
    const struct ht_log *log = &report->log;
    if (key == NULL) {
        return HT_OK;
    }
    for (size_t kind = 0; kind < HT_SHOWN_COUNT; kind++) {
        report->shown[kind] = ht_report_array(log->string_count, sizeof *report->shown[kind]);
        if (report->shown[kind] == NULL) {
            return HT_E_NOMEM;
        }
    }
    for (size_t i = 0; i < log->hub_count; i++) {
        HT_TRY(name(report, key, HT_SHOWN_HUB, HT_PSEUDONYM_HUB, log->hubs[i].name));
    }
    for (size_t i = 0; i < log->device_count; i++) {
        HT_TRY(name(report, key, HT_SHOWN_DEVICE, HT_PSEUDONYM_DEVICE, log->devices[i].id));
        HT_TRY(name(report, key, HT_SHOWN_MODULE, HT_PSEUDONYM_MODULE, log->devices[i].module));
    }
    for (size_t i = 0; i < log->facet_count; i++) {
        HT_TRY(name(report, key, HT_SHOWN_NETWORK, HT_PSEUDONYM_NETWORK, log->facets[i].network));
        HT_TRY(name_sdk(report, key, log->facets[i].sdk));
        HT_TRY(name_protocol(report, log->facets[i].protocol));
    }
    return HT_OK;
}
