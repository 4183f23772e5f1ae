/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_SDK_H
#define HT_MODEL_SDK_H
/*
 * SDK families, by the sdkVersion that a device announces. The text is the device's own claim.
 * Source: Microsoft, "Monitor Azure IoT Hub", table of SDK names; lifetimes and renewals from the
 * SDKs' sources.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum ht_sdk_family {
    HT_SDK_UNKNOWN = 0, /* no sdkVersion */
    HT_SDK_OTHER,       /* one that is in no table */
    HT_SDK_DOTNET,
    HT_SDK_C,
    HT_SDK_NODE,
    HT_SDK_PYTHON,
    HT_SDK_JAVA,
    HT_SDK_EMBEDDED_C,
    HT_SDK_FAMILY_COUNT,
};

/* How a family keeps its connection; 0 = not documented. */
struct ht_sdk_traits {
    const char *name;      /* ".NET" */
    uint32_t keep_alive_s; /* MQTT keep-alive that it asks for by default */
    uint32_t token_life_s; /* default lifetime of the SAS tokens it makes */
    uint32_t period_low_s; /* connect to drop over MQTT with that lifetime */
    uint32_t period_high_s;
    bool renews_by_itself; /* closes cleanly to renew, before the token expires: no 401003 */
};

const struct ht_sdk_traits *ht_sdk_traits(enum ht_sdk_family family);

/* The family of an sdkVersion such as ".NET/1.38.0 (...)". */
enum ht_sdk_family ht_sdk_family(struct ht_str sdk_version);

/*
 * ht_sdk_plain() - family and version alone, ".NET/1.38.0": what tells nothing of whose it is.
 * Returns false for an SDK that is in no table. The version is digits and dots, 16 bytes at most.
 */
enum { HT_SDK_PLAIN_BYTES = 64 };
bool ht_sdk_plain(struct ht_str sdk_version, char out[HT_SDK_PLAIN_BYTES]);

/*
 * MQTT keep-alive limits. The hub closes after 1.5 x the client's interval of silence, and never
 * waits longer than 1767 s (29.45 min). Source: Microsoft, "Use MQTT to connect to IoT Hub",
 * section on keep-alive.
 */
enum { HT_KEEP_ALIVE_CAP_S = 1767 };

static inline uint32_t ht_keep_alive_limit_s(uint32_t keep_alive_s) {
    const uint32_t limit = keep_alive_s + keep_alive_s / 2;
    return limit < HT_KEEP_ALIVE_CAP_S ? limit : HT_KEEP_ALIVE_CAP_S;
}

#endif
