/* SPDX-License-Identifier: MIT */
#include "model/sdk.h"

#include <stdio.h>

#include "base/check.h"
#include "base/compiler.h"

/*
 * Periods: C renews at 0.8 x 3600 s; Node 900 s before the end; Python 120 s before it; .NET and
 * Java wait for the hub, which grants up to 10 minutes after the end (azure-iot-sdk-csharp,
 * DeviceReconnectionSample).
 */
static const struct ht_sdk_traits traits[HT_SDK_FAMILY_COUNT] = {
    [HT_SDK_UNKNOWN] = {"unknown", 0, 0, 0, 0, false},
    [HT_SDK_OTHER] = {"other", 0, 0, 0, 0, false},
    [HT_SDK_DOTNET] = {".NET", 300, 3600, 3600, 4260, false},
    [HT_SDK_C] = {"C", 240, 3600, 2870, 2900, true},
    [HT_SDK_NODE] = {"Node.js", 180, 3600, 2695, 2715, true},
    [HT_SDK_PYTHON] = {"Python", 60, 3600, 3475, 3500, true},
    [HT_SDK_JAVA] = {"Java", 230, 3600, 3595, 4260, false},
    [HT_SDK_EMBEDDED_C] = {"Embedded C", 240, 3600, 3600, 4260, false},
};

const struct ht_sdk_traits *ht_sdk_traits(enum ht_sdk_family family) {
    HT_ASSERT(family < HT_SDK_FAMILY_COUNT);
    return &traits[family];
}

enum ht_sdk_family ht_sdk_family(struct ht_str sdk_version) {
    /* Longer prefixes first: Python's begins like Node's. */
    static const struct {
        const char *prefix;
        enum ht_sdk_family family;
    } prefixes[] = {
        {"azure-iot-device-iothub-py", HT_SDK_PYTHON},
        {"azure-iot-device", HT_SDK_NODE},
        {"microsoft.azure.devices.client", HT_SDK_DOTNET},
        {".net", HT_SDK_DOTNET},
        {"iothubclient", HT_SDK_C},
        {"com.microsoft.azure.iothub-java-client", HT_SDK_JAVA},
        {"com.microsoft.azure.sdk.iot.iot-device-client", HT_SDK_JAVA},
        {"c/", HT_SDK_EMBEDDED_C},
        {"c ", HT_SDK_EMBEDDED_C},
        {"azsdk-c", HT_SDK_EMBEDDED_C},
    };
    if (sdk_version.len == 0) {
        return HT_SDK_UNKNOWN;
    }
    for (size_t i = 0; i < HT_ARRAY_LEN(prefixes); i++) {
        if (ht_str_starts_nocase(sdk_version, ht_str_from(prefixes[i].prefix))) {
            return prefixes[i].family;
        }
    }
    return ht_str_eq_nocase(sdk_version, HT_STR("C")) ? HT_SDK_EMBEDDED_C : HT_SDK_OTHER;
}

bool ht_sdk_plain(struct ht_str sdk_version, char out[HT_SDK_PLAIN_BYTES]) {
    const enum ht_sdk_family family = ht_sdk_family(sdk_version);
    const char *slash = memchr(sdk_version.ptr, '/', sdk_version.len);
    struct ht_str version = HT_STR_NONE;
    if (family <= HT_SDK_OTHER) {
        return false;
    }
    if (slash != NULL) {
        const size_t room = sdk_version.len - (size_t)(slash + 1 - sdk_version.ptr);
        version.ptr = slash + 1;
        while (version.len < room && version.len < 16 &&
               (ht_ascii_is_digit(version.ptr[version.len]) || version.ptr[version.len] == '.')) {
            version.len++;
        }
    }
    (void)snprintf(out, HT_SDK_PLAIN_BYTES, "%s%s%.*s", traits[family].name,
                   version.len > 0 ? "/" : "", (int)version.len,
                   version.len > 0 ? version.ptr : "");
    return true;
}
