/* SPDX-License-Identifier: MIT */
#ifndef HT_MODEL_CODE_H
#define HT_MODEL_CODE_H
/*
 * IoT Hub's six-digit result codes. Source: Microsoft, "Troubleshoot Azure IoT Hub error codes"
 * (learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes), read January 2026.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum ht_code {
    HT_CODE_NONE = 0,
    HT_CODE_TAKEN_OVER = 400027,         /* ConnectionForcefullyClosedOnNewConnection */
    HT_CODE_CLOSED_BY_UPGRADE = 400029,  /* ConnectionForcefullyClosedOnFaultInjection */
    HT_CODE_REFUSED_BY_UPGRADE = 400030, /* ConnectionRejectedOnFaultInjection */
    HT_CODE_UNAUTHORIZED = 401003,
    HT_CODE_HUB_SUSPENDED = 403001,
    HT_CODE_QUOTA_EXCEEDED = 403002,
    HT_CODE_DEVICE_DISABLED = 403012,
    HT_CODE_DEVICE_NOT_FOUND = 404001,
    HT_CODE_HUB_FAILING_OVER = 404012,
    HT_CODE_DEVICE_NOT_ONLINE = 404103,
    HT_CODE_CLOSED_REMOTELY = 404104, /* DeviceConnectionClosedRemotely */
    HT_CODE_LINK_CONFLICT = 409002,   /* LinkCreationConflict */
    HT_CODE_SERVER_ERROR = 500001,
    HT_CODE_GATEWAY_TIMEOUT_METHOD =
        504101, /* a direct method found the device away: no sign of the hub's health */
};

/* 404104 -> 404, 404 -> 404, 0 -> 0: the HTTP class. */
static inline uint32_t ht_code_http(uint32_t code) {
    return code >= 1000 ? code / 1000 : code;
}

/* True for codes that tell how the hub is, in any category: 500, 503, 504, 429, 403, 400 0xx; see
 * design 1. */
bool ht_code_is_context(uint32_t code);

/* True for 5xx that speak of trouble in the hub itself: 500, 502, 503, 504 but 504101. */
bool ht_code_is_server_error(uint32_t code);

/* "DeviceConnectionClosedRemotely", or NULL for a code that Microsoft's list does not have. */
const char *ht_code_name(uint32_t code);

/* The code of a resultDescription, for records that carry the name alone; 0 when unknown. */
uint32_t ht_code_by_name(struct ht_str name);

#endif
