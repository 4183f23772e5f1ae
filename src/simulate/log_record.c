/* SPDX-License-Identifier: MIT */
#include "simulate/log_record.h"

#include "base/compiler.h"

struct ht_str ht_sim_code_name(uint32_t code) {
    static const struct {
        uint32_t code;
        struct ht_str name;
    } names[] = {
        {404104, HT_STR_INIT("DeviceConnectionClosedRemotely")},
        {401003, HT_STR_INIT("IoTHubUnauthorized")},
        {400027, HT_STR_INIT("ConnectionForcefullyClosedOnNewConnection")},
        {400029, HT_STR_INIT("ConnectionForcefullyClosedOnFaultInjection")},
        {400030, HT_STR_INIT("ConnectionRejectedOnFaultInjection")},
        {403002, HT_STR_INIT("IoTHubQuotaExceeded")},
        {403004, HT_STR_INIT("DeviceMaximumQueueDepthExceeded")},
        {403012, HT_STR_INIT("DeviceDisabled")},
        {404001, HT_STR_INIT("DeviceNotFound")},
        {404103, HT_STR_INIT("DeviceNotOnline")},
        {409002, HT_STR_INIT("LinkCreationConflict")},
        {429001, HT_STR_INIT("ThrottlingException")},
        {500001, HT_STR_INIT("ServerError")},
        {500008, HT_STR_INIT("GenericTimeout")},
        {503001, HT_STR_INIT("ServiceUnavailable")},
        {504101, HT_STR_INIT("GatewayTimeout")},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(names); i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return HT_STR_NONE;
}
