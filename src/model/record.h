/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_RECORD_H
#define HT_MODEL_RECORD_H
/*
 * struct ht_record - one decoded log record, whatever its shape was: what [decode] hands to
 * [store]. Slices are borrowed from the decoder and die with the next record.
 */
#include <stdint.h>

#include "base/str.h"
#include "hubtriage/report.h"

/* The order is the order of events within one instant, before what is possible has been considered.
 */
enum ht_event_kind {
    HT_EVENT_DISCONNECT = 0,
    HT_EVENT_REFUSED, /* a connect that the hub did not accept */
    HT_EVENT_CONNECT,
    HT_EVENT_HEALTH, /* any other record whose code tells how the hub is */
};

/* The low four bits of ht_event.flags. */
enum ht_event_flag {
    HT_EVENT_SNAPSHOT = 1 << 0,    /* from a state that is sampled: it has no code and no level, and
                                      its time may be a minute off */
    HT_EVENT_EITHER_DATE = 1 << 1, /* its date was read as month, day, year; it may be day, month */
};

struct ht_record {
    int64_t time_us;
    enum ht_event_kind kind;
    enum ht_level level; /* Information = HT_LEVEL_NOTE */
    uint32_t code;       /* 0 when the record has none */
    enum ht_auth auth;
    unsigned flags;       /* enum ht_event_flag */
    int zone_min;         /* of the stamp, taken off time_us; at most a day */
    struct ht_str hub;    /* upper case; empty when not known */
    struct ht_str device; /* empty in a hub-health record that names no device */
    struct ht_str module; /* empty for a device */
    struct ht_str sdk;
    struct ht_str protocol;
    struct ht_str network;   /* masked address */
    struct ht_str message;   /* errorMessage, "" when there is none */
    struct ht_str operation; /* "Category/operationName", only of HT_EVENT_HEALTH */
};

/* A record that is another one, its model, but for these. */
struct ht_variant {
    const struct ht_record *model;
    uint32_t kin; /* never 0: records of one decoder with the same kin have the same model */
    int64_t time_us;
    struct ht_str device; /* empty when not known, as the next three */
    struct ht_str module;
    struct ht_str sdk;
    struct ht_str network;
};

/* The whole of it. */
static inline struct ht_record ht_variant_record(const struct ht_variant *variant) {
    struct ht_record record = *variant->model;
    record.time_us = variant->time_us;
    record.device = variant->device;
    record.module = variant->module;
    record.sdk = variant->sdk;
    record.network = variant->network;
    return record;
}

#endif
