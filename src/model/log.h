/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_LOG_H
#define HT_MODEL_LOG_H
/*
 * struct ht_log - every event that matters, in canonical order: what [store] hands to the later
 * stages. Read-only after sealing. Nothing in it depends on the order in which records were read.
 *
 * Invariants: hubs are in order of name, devices of (hub, device id, module), facets and strings of
 * their text; events are in order of (device, time, kind, code, level, facet) and no two are the
 * same (store/same.h).
 * Each hub owns one device with an empty id, its first, that carries the events which name no
 * device.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/record.h"

/* Index of "none" wherever a 32-bit index or span may be absent. */
#define HT_NONE32 UINT32_MAX

/* 24 bytes. */
struct ht_event {
    int64_t time_us;
    uint32_t device; /* index in ht_log.devices */
    uint32_t facet;  /* index in ht_log.facets */
    uint32_t code;
    uint8_t kind;   /* enum ht_event_kind */
    uint8_t level;  /* enum ht_level */
    uint16_t flags; /* enum ht_event_flag; in the store also the zone, see ht_event_flags() */
};

/* Flags of a record and the zone of its stamp in minutes, in 16 bits. */
static inline uint16_t ht_event_flags(unsigned flags, int zone_min) {
    return (uint16_t)((flags & 0xF) | ((unsigned)zone_min & 0xFFF) << 4);
}

static inline int ht_event_zone_min(const struct ht_event *event) {
    return (int)(((unsigned)event->flags >> 4) ^ 0x800) - 0x800;
}

/* What records of one connection have in common; each distinct combination is kept once. */
struct ht_facet {
    uint32_t sdk; /* string ids; 0 = not known */
    uint32_t protocol;
    uint32_t network;
    uint32_t message;
    uint32_t operation;
    uint32_t auth; /* enum ht_auth */
};

struct ht_device {
    uint32_t hub;
    uint32_t id;     /* string; 0 for the hub's own events */
    uint32_t module; /* string; 0 for a device */
    uint32_t event_count;
    uint64_t event_first;
};

struct ht_hub {
    uint32_t name; /* string; 0 when the records do not say */
    uint32_t device_first;
    uint32_t device_count; /* with the nameless one */
    int64_t first_us;      /* span of its events */
    int64_t last_us;
};

struct ht_log {
    const struct ht_event *events;
    size_t event_count;
    const struct ht_device *devices;
    size_t device_count;
    const struct ht_hub *hubs;
    size_t hub_count;
    const struct ht_facet *facets; /* [0] is "nothing known" */
    size_t facet_count;
    const struct ht_str *strings; /* NUL-terminated; [0] is "" */
    size_t string_count;
    uint64_t duplicates;         /* events met again and collapsed */
    uint64_t attributes_dropped; /* texts forgotten at a ceiling of the store */
    int64_t first_us;            /* span of all events; HT_TIME_NONE in an empty log */
    int64_t last_us;
    struct ht_arena text; /* owns the bytes of strings */
};

/* Frees everything; the struct is then empty. */
void ht_log_release(struct ht_log *log);

static inline struct ht_str ht_log_str(const struct ht_log *log, uint32_t id) {
    return log->strings[id];
}

#endif
