/* SPDX-License-Identifier: MIT */
#include "simulate/kit.h"

static const struct ht_sim_kit kits[HT_SIM_KIT_COUNT] = {
    [HT_SIM_KIT_DOTNET] =
        {
            .versions = {".NET/1.38.0 (.NET Core 3.1.19; Microsoft Windows 10.0.22000 "
                         "WindowsProduct:0x00000030; X64; {%s})",
                         ".NET/1.41.2 (.NET 6.0.9; Linux 5.15.0-1019; X64; {%s})",
                         ".NET/1.36.6 (.NET Framework 4.8.4515.0; Microsoft Windows 10.0.17763 "
                         "WindowsProduct:0x00000004; X86; {%s})"},
            .keep_alive_s = 300,
            .ping_s = 75,
            .hub_amqp_s = 120,
            .renewal = HT_SIM_RENEW_BY_HUB,
            .notice_s = 105,
            .back_low_s = 2,
            .back_high_s = 12,
            .retry_cap_s = 10,
            .carries = 0.3,
        },
    [HT_SIM_KIT_JAVA] =
        {
            .versions = {"com.microsoft.azure.sdk.iot.iot-device-client/2.1.2 (JRE: 11.0.16; "
                         "Linux; x86_64)",
                         "com.microsoft.azure.sdk.iot.iot-device-client/1.30.1 (JRE: 1.8.0_292; "
                         "Linux; arm)",
                         "com.microsoft.azure.iothub-java-client/1.0.18"},
            .keep_alive_s = 230,
            .ping_s = 230,
            .hub_amqp_s = 240,
            .renewal = HT_SIM_RENEW_BY_HUB,
            .notice_s = 460,
            .back_low_s = 3,
            .back_high_s = 9,
            .retry_cap_s = 60,
            .carries = 0.3,
        },
    [HT_SIM_KIT_C] =
        {
            .versions = {"iothubclient/1.8.0 (native; Linux; x86_64)",
                         "iothubclient/1.10.1 (native; freertos; esp platform)",
                         "iothubclient/1.3.9 (native; Linux; armv7l)"},
            .keep_alive_s = 240,
            .ping_s = 240,
            .hub_amqp_s = 240,
            .renewal = HT_SIM_RENEW_BY_CLIENT,
            .notice_s = 479,
            .back_low_s = 2,
            .back_high_s = 11,
            .retry_cap_s = 240,
            .carries = 0,
        },
    [HT_SIM_KIT_NODE] =
        {
            .versions = {"azure-iot-device/1.18.1 (node v16.15.1; Linux 5.10.0; x64)",
                         "azure-iot-device/1.17.1 (node v10.16.0; Windows_NT 10.0.18363; x64)",
                         "azure-iot-device/1.18.4 (node v18.20.4; Linux 6.1.21-v8+; arm64)"},
            .keep_alive_s = 180,
            .ping_s = 180,
            .hub_amqp_s = 240,
            .renewal = HT_SIM_RENEW_BY_CLIENT,
            .notice_s = 270,
            .back_low_s = 1,
            .back_high_s = 9,
            .retry_cap_s = 100,
            .carries = 0.5,
        },
    [HT_SIM_KIT_PYTHON] =
        {
            .versions = {"azure-iot-device-iothub-py/2.12.0(3.9.2;Linux;#1 SMP Debian;x86_64)",
                         "azure-iot-device-iothub-py/2.14.0(3.11.2;Linux;#1 SMP PREEMPT;aarch64)",
                         "azure-iot-device-iothub-py/2.7.1(3.7.3;Linux;#1403 SMP;armv6l)"},
            .keep_alive_s = 60,
            .ping_s = 60,
            .hub_amqp_s = 240,
            .renewal = HT_SIM_RENEW_BY_CLIENT,
            .notice_s = 90,
            .back_low_s = 1,
            .back_high_s = 6,
            .retry_cap_s = 10,
            .carries = 0.5,
        },
    [HT_SIM_KIT_EMBEDDED] =
        {
            .versions = {"C/1.3.1 (OSSimplified = Eclipse ThreadX)", "C/1.5.0", "C"},
            .keep_alive_s = 240,
            .ping_s = 240,
            .hub_amqp_s = 240,
            .renewal = HT_SIM_RENEW_BY_HUB,
            .notice_s = 360,
            .back_low_s = 2,
            .back_high_s = 20,
            .retry_cap_s = 100,
            .carries = 0,
        },
    [HT_SIM_KIT_OWN] =
        {
            .keep_alive_s = 60,
            .ping_s = 60,
            .hub_amqp_s = 240,
            .renewal = HT_SIM_RENEW_BY_HUB,
            .notice_s = 120,
            .back_low_s = 1,
            .back_high_s = 15,
            .retry_cap_s = 120,
            .carries = 0,
        },
};

const struct ht_sim_kit *ht_sim_kit_get(enum ht_sim_kit_id id) {
    return &kits[id];
}

double ht_sim_kit_renewal_age_s(enum ht_sim_kit_id id, double life_s) {
    switch (id) {
    case HT_SIM_KIT_C:
        return life_s * 0.8;
    case HT_SIM_KIT_NODE:
        return life_s > 900 ? life_s - 900 : life_s * 0.6;
    default:
        return life_s > 240 ? life_s - 120 : life_s * 0.5;
    }
}

/*
 * The hub looks at tokens in steps of five minutes: users measured 60:00 and 65:02 with Java, 70
 * minutes with .NET, 30 with a .NET token of 20 and 15 with a Java token of 5. Which step a
 * connection gets depends on the node that serves it.
 */
double ht_sim_kit_tolerance_s(enum ht_sim_kit_id id, double life_s, bool strict_node,
                              struct ht_sim_rng *rng) {
    const double settle_s =
        id == HT_SIM_KIT_DOTNET ? ht_sim_rng_uniform(rng, 0, 25) : ht_sim_rng_uniform(rng, 0, 3);
    double steps[HT_SIM_KIT_STEPS] = {0.05, 0.05, 0.90}; /* 0, 5 and 10 minutes */
    if (id != HT_SIM_KIT_DOTNET && life_s > 600) {
        steps[0] = strict_node ? 0.60 : 0.10;
        steps[1] = strict_node ? 0.35 : 0.30;
        steps[2] = strict_node ? 0.05 : 0.60;
    }
    return HT_SIM_KIT_STEP_S * (double)ht_sim_rng_pick(rng, steps, HT_SIM_KIT_STEPS) + settle_s;
}
