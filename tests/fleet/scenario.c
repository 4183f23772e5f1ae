/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <string.h>

/* An ordinary company: some of everything, most of it healthy. */
#define ORDINARY_GROUPS                                                                       \
    {.name = "net",                                                                           \
     .weight = 18,                                                                            \
     .kit = KIT_DOTNET,                                                                       \
     .amqp = 0.15,                                                                            \
     .x509 = 0.10,                                                                            \
     .losses_per_day = 0.8,                                                                   \
     .resets_per_day = 0.3,                                                                   \
     .reboots_per_day = 0.1,                                                                  \
     .site_size = 8,                                                                          \
     .rivals = 0.02,                                                                          \
     .gone = 0.01},                                                                           \
        {.name = "java",                                                                      \
         .weight = 12,                                                                        \
         .kit = KIT_JAVA,                                                                     \
         .amqp = 0.15,                                                                        \
         .x509 = 0.05,                                                                        \
         .losses_per_day = 0.8,                                                               \
         .resets_per_day = 0.3,                                                               \
         .reboots_per_day = 0.1,                                                              \
         .site_size = 12,                                                                     \
         .rivals = 0.01},                                                                     \
        {.name = "c",                                                                         \
         .weight = 18,                                                                        \
         .kit = KIT_C,                                                                        \
         .amqp = 0.10,                                                                        \
         .x509 = 0.25,                                                                        \
         .losses_per_day = 1.0,                                                               \
         .resets_per_day = 0.5,                                                               \
         .reboots_per_day = 0.2,                                                              \
         .site_size = 10,                                                                     \
         .gone = 0.01,                                                                        \
         .removed = 0.01},                                                                    \
        {.name = "node",                                                                      \
         .weight = 12,                                                                        \
         .kit = KIT_NODE,                                                                     \
         .amqp = 0.05,                                                                        \
         .x509 = 0.05,                                                                        \
         .losses_per_day = 0.8,                                                               \
         .resets_per_day = 0.4,                                                               \
         .reboots_per_day = 0.1,                                                              \
         .site_size = 6,                                                                      \
         .rivals = 0.02,                                                                      \
         .refused = 0.01},                                                                    \
        {.name = "py",                                                                        \
         .weight = 12,                                                                        \
         .kit = KIT_PYTHON,                                                                   \
         .x509 = 0.10,                                                                        \
         .losses_per_day = 1.2,                                                               \
         .resets_per_day = 0.4,                                                               \
         .reboots_per_day = 0.2,                                                              \
         .site_size = 4,                                                                      \
         .removed = 0.01},                                                                    \
    {                                                                                         \
        .name = "emb", .weight = 6, .kit = KIT_EMBEDDED, .x509 = 0.20, .losses_per_day = 1.5, \
        .resets_per_day = 1.0, .reboots_per_day = 0.5, .crash_loop = 0.3, .site_size = 1      \
    }

#define RADIO_GROUP(share)                                                                       \
    {                                                                                            \
        .name = "cell", .weight = (share), .kit = KIT_ANY, .x509 = 0.2, .losses_per_day = 6,     \
        .resets_per_day = 2, .reboots_per_day = 0.3, .long_losses = 0.25, .sites = SITES_CARRIER \
    }

#define SENSOR_GROUP(share)                                                                     \
    {                                                                                           \
        .name = "sensor", .weight = (share), .kit = KIT_EMBEDDED, .x509 = 0.5, .site_size = 10, \
        .losses_per_day = 0.5, .duty_on_s = 240, .duty_period_s = 3600                          \
    }

#define SILENT_GROUP(share)                                                  \
    {                                                                        \
        .name = "quiet", .weight = (share), .kit = KIT_OWN, .life_s = 14400, \
        .losses_per_day = 0.3, .site_size = 3, .traits = TRAIT_SILENT        \
    }

static const char *const demo_places[] = {"berlin", "hamburg", "lyon", "porto", NULL};

static const struct scenario scenarios[] = {
    {
        .name = "mixed",
        .about = "an ordinary day: every SDK, one incident, site outages, an upgrade, a rollout",
        .devices = 400,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 4,
        .connect_errors = 0.002,
        .groups = {ORDINARY_GROUPS,
                   RADIO_GROUP(8),
                   SENSOR_GROUP(5),
                   SILENT_GROUP(3),
                   {.name = "edge",
                    .weight = 4,
                    .kit = KIT_DOTNET,
                    .losses_per_day = 0.5,
                    .site_size = 2,
                    .traits = TRAIT_MODULES | TRAIT_EDGE}},
        .happenings = {{HAPPENS_INCIDENT, -1, 0.35, 60, 600, 30, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 8, 5, 1500, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 5, 5, 6000, 1, NULL},
                       {HAPPENS_UPGRADE, -1, 0.25, 900, 900, 1, NULL},
                       {HAPPENS_THROTTLE, -1, 0.05, 60, 300, 4, NULL},
                       {HAPPENS_DEPLOYMENT, -1, 0.10, 600, 60, 1, NULL}},
    },
    {
        .name = "sdks",
        .about = "every SDK and odd lifetimes of tokens, few faults",
        .devices = 400,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 3,
        .connect_errors = 0.001,
        .groups = {ORDINARY_GROUPS,
                   {.name = "odd",
                    .weight = 40,
                    .kit = KIT_ANY,
                    .amqp = 0.05,
                    .life_s = -1,
                    .losses_per_day = 0.8,
                    .resets_per_day = 0.4,
                    .site_size = 5},
                   {.name = "own",
                    .weight = 10,
                    .kit = KIT_OWN,
                    .life_s = -1,
                    .losses_per_day = 1,
                    .resets_per_day = 1,
                    .site_size = 3},
                   {.name = "edge",
                    .weight = 8,
                    .kit = KIT_DOTNET,
                    .losses_per_day = 0.5,
                    .site_size = 2,
                    .traits = TRAIT_MODULES | TRAIT_EDGE}},
    },
    {
        .name = "radio",
        .about = "bad links: many losses, with a heavy tail of gaps",
        .devices = 400,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 3,
        .connect_errors = 0.002,
        .groups = {RADIO_GROUP(60),
                   {.name = "field",
                    .weight = 40,
                    .kit = KIT_ANY,
                    .x509 = 0.3,
                    .losses_per_day = 12,
                    .resets_per_day = 6,
                    .reboots_per_day = 1,
                    .crash_loop = 0.4,
                    .long_losses = 0.1,
                    .site_size = 2}},
    },
    {
        .name = "incidents",
        .about = "incidents of the hub in three sizes, with and without 5xx",
        .devices = 400,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 6,
        .connect_errors = 0.002,
        .groups = {ORDINARY_GROUPS, RADIO_GROUP(8)},
        .happenings = {{HAPPENS_INCIDENT, 0.15, 0.06, 30, 300, 10, NULL},
                       {HAPPENS_INCIDENT, 0.45, 0.30, 120, 900, 40, NULL},
                       {HAPPENS_INCIDENT, 0.62, 0.10, 90, 420, 1, NULL},
                       {HAPPENS_INCIDENT, 0.80, 0.90, 240, 1800, 80, NULL}},
    },
    {
        .name = "echoes",
        .about = "one great incident early, then hours of renewals in step",
        .devices = 400,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 3,
        .connect_errors = 0.001,
        .groups = {ORDINARY_GROUPS,
                   {.name = "step",
                    .weight = 40,
                    .kit = KIT_DOTNET,
                    .losses_per_day = 0.4,
                    .site_size = 20}},
        .happenings = {{HAPPENS_INCIDENT, 0.08, 1.0, 20, 120, 40, NULL}},
    },
    {
        .name = "sites",
        .about = "sites lose power or network, the hub is well",
        .devices = 400,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 3,
        .connect_errors = 0.001,
        .groups = {{.name = "plant",
                    .weight = 50,
                    .kit = KIT_ANY,
                    .amqp = 0.1,
                    .x509 = 0.2,
                    .losses_per_day = 0.5,
                    .resets_per_day = 0.3,
                    .site_size = 30},
                   {.name = "shop",
                    .weight = 50,
                    .kit = KIT_ANY,
                    .x509 = 0.2,
                    .losses_per_day = 0.6,
                    .resets_per_day = 0.3,
                    .site_size = 6}},
        .happenings = {{HAPPENS_SITE_OUTAGE, -1, 20, 5, 900, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 20, 5, 5400, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 20, 3, 240, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 5, 5, 1200, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 5, 10, 7200, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 5, 5, 600, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 4, 5, 3000, 1, NULL}},
    },
    {
        .name = "short",
        .about = "a log of two hours",
        .devices = 400,
        .hours = 2,
        .hubs = 1,
        .noise_per_hour = 4,
        .connect_errors = 0.002,
        .groups = {ORDINARY_GROUPS, RADIO_GROUP(15), SENSOR_GROUP(5)},
        .happenings = {{HAPPENS_INCIDENT, -1, 0.25, 60, 300, 30, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 6, 5, 900, 1, NULL}},
    },
    {
        .name = "poor",
        .about = "records lost, doubled and in no order; no SDK names, no authType",
        .devices = 400,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 4,
        .connect_errors = 0.002,
        .delivery = {.lost = 0.05,
                     .doubled = 0.05,
                     .late_s = 120,
                     .shuffled = true,
                     .without_sdk = true,
                     .without_auth = true},
        .groups = {ORDINARY_GROUPS, RADIO_GROUP(10), SENSOR_GROUP(5)},
        .happenings = {{HAPPENS_INCIDENT, -1, 0.4, 90, 600, 30, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 8, 5, 1800, 1, NULL}},
    },
    {
        .name = "lookalikes",
        .about = "three nights of duty cycles, restarts, a common start, silent devices, rollouts",
        .devices = 400,
        .hours = 72,
        .hubs = 1,
        .noise_per_hour = 3,
        .connect_errors = 0.001,
        .groups = {SENSOR_GROUP(15),
                   SILENT_GROUP(10),
                   {.name = "meter",
                    .weight = 10,
                    .kit = KIT_C,
                    .x509 = 0.5,
                    .site_size = 5,
                    .losses_per_day = 0.3,
                    .duty_on_s = 1500,
                    .duty_period_s = 14400},
                   {.name = "night",
                    .weight = 15,
                    .kit = KIT_ANY,
                    .x509 = 0.3,
                    .losses_per_day = 0.4,
                    .site_size = 8,
                    .traits = TRAIT_NIGHTLY},
                   {.name = "tidy",
                    .weight = 15,
                    .kit = KIT_ANY,
                    .x509 = 0.3,
                    .losses_per_day = 0.4,
                    .site_size = 8,
                    .traits = TRAIT_NIGHTLY_CLEAN},
                   {.name = "sync",
                    .weight = 25,
                    .kit = KIT_DOTNET,
                    .losses_per_day = 0.4,
                    .site_size = 10,
                    .traits = TRAIT_SYNC_START},
                   {.name = "gwapp",
                    .weight = 10,
                    .kit = KIT_DOTNET,
                    .amqp = 1,
                    .losses_per_day = 0.2,
                    .site_size = 20}},
        .happenings = {{HAPPENS_DEPLOYMENT, -1, 0.15, 300, 60, 1, NULL},
                       {HAPPENS_GROUP_STOP, -1, 15, 1, 90, 1, NULL},
                       {HAPPENS_GROUP_STOP, -1, 15, 1, 600, 1, NULL}},
    },
    {
        .name = "twohubs",
        .about = "two hubs in one export, an incident on one of them",
        .devices = 400,
        .hours = 24,
        .hubs = 2,
        .noise_per_hour = 4,
        .connect_errors = 0.002,
        .groups = {ORDINARY_GROUPS, RADIO_GROUP(8)},
        .happenings = {{HAPPENS_INCIDENT, -1, 0.5, 90, 600, 30, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 8, 5, 1500, 1, NULL}},
    },
    {
        .name = "refused",
        .about = "rotated keys, wrong clocks, fixed tokens, removed devices, a used-up quota",
        .devices = 400,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 3,
        .connect_errors = 0.002,
        .groups = {{.name = "any",
                    .weight = 60,
                    .kit = KIT_ANY,
                    .amqp = 0.1,
                    .x509 = 0.2,
                    .losses_per_day = 0.8,
                    .resets_per_day = 0.4,
                    .site_size = 6,
                    .rivals = 0.03,
                    .removed = 0.04},
                   {.name = "key",
                    .weight = 25,
                    .kit = KIT_ANY,
                    .losses_per_day = 0.8,
                    .resets_per_day = 0.4,
                    .site_size = 6,
                    .refused = 0.6},
                   {.name = "fixed",
                    .weight = 15,
                    .kit = KIT_OWN,
                    .losses_per_day = 0.8,
                    .site_size = 2,
                    .traits = TRAIT_FIXED_TOKEN}},
        .happenings = {{HAPPENS_THROTTLE, -1, 0.08, 60, 600, 8, NULL},
                       {HAPPENS_QUOTA, 0.92, 1.0, 120, 7200, 1, NULL}},
    },
    {
        .name = "small",
        .about = "twenty devices",
        .devices = 20,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 2,
        .connect_errors = 0.002,
        .groups = {ORDINARY_GROUPS, RADIO_GROUP(10)},
        .happenings = {{HAPPENS_INCIDENT, -1, 0.6, 60, 600, 30, NULL}},
    },
    {
        .name = "quiet",
        .about = "thirty days of an ordinary fleet, and nothing strikes many at once",
        .devices = 300,
        .hours = 720,
        .hubs = 1,
        .noise_per_hour = 4,
        .connect_errors = 0.002,
        .groups = {ORDINARY_GROUPS, RADIO_GROUP(8), SENSOR_GROUP(5), SILENT_GROUP(3)},
    },
    {
        .name = "quiet-start",
        .about = "thirty days of devices that were switched on together",
        .devices = 300,
        .hours = 720,
        .hubs = 1,
        .noise_per_hour = 3,
        .connect_errors = 0.001,
        .groups = {{.name = "sync",
                    .weight = 50,
                    .kit = KIT_DOTNET,
                    .losses_per_day = 0.4,
                    .site_size = 10,
                    .traits = TRAIT_SYNC_START},
                   {.name = "syncc",
                    .weight = 25,
                    .kit = KIT_C,
                    .x509 = 0.1,
                    .losses_per_day = 0.4,
                    .resets_per_day = 0.3,
                    .site_size = 10,
                    .traits = TRAIT_SYNC_START},
                   {.name = "any",
                    .weight = 25,
                    .kit = KIT_ANY,
                    .losses_per_day = 0.6,
                    .resets_per_day = 0.4,
                    .site_size = 5}},
    },
    {
        .name = "quiet-sites",
        .about = "thirty days in which sites fail, and the hub is well",
        .devices = 300,
        .hours = 720,
        .hubs = 1,
        .noise_per_hour = 3,
        .connect_errors = 0.001,
        .groups = {ORDINARY_GROUPS,
                   {.name = "plant",
                    .weight = 50,
                    .kit = KIT_ANY,
                    .x509 = 0.2,
                    .losses_per_day = 0.5,
                    .resets_per_day = 0.3,
                    .site_size = 30}},
        .happenings = {{HAPPENS_SITE_OUTAGE, -1, 20, 5, 900, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 20, 5, 5400, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 20, 3, 240, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 20, 3, 14400, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 8, 5, 1200, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 8, 10, 7200, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 8, 5, 600, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 5, 5, 3000, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 5, 5, 1800, 1, NULL},
                       {HAPPENS_SITE_OUTAGE, -1, 4, 5, 900, 1, NULL},
                       {HAPPENS_GROUP_STOP, -1, 20, 1, 120, 1, NULL},
                       {HAPPENS_DEPLOYMENT, -1, 0.3, 600, 60, 1, NULL}},
    },
    {
        .name = "quiet-duty",
        .about = "thirty days of duty cycles, nightly restarts and silent devices",
        .devices = 300,
        .hours = 720,
        .hubs = 1,
        .noise_per_hour = 3,
        .connect_errors = 0.001,
        .groups = {SENSOR_GROUP(10),
                   SILENT_GROUP(10),
                   {.name = "meter",
                    .weight = 20,
                    .kit = KIT_C,
                    .x509 = 0.5,
                    .site_size = 5,
                    .losses_per_day = 0.3,
                    .duty_on_s = 1500,
                    .duty_period_s = 14400},
                   {.name = "night",
                    .weight = 30,
                    .kit = KIT_ANY,
                    .x509 = 0.3,
                    .losses_per_day = 0.4,
                    .site_size = 8,
                    .traits = TRAIT_NIGHTLY},
                   {.name = "tidy",
                    .weight = 30,
                    .kit = KIT_ANY,
                    .x509 = 0.3,
                    .losses_per_day = 0.4,
                    .site_size = 8,
                    .traits = TRAIT_NIGHTLY_CLEAN}},
    },
    {
        .name = "demo",
        .about = "a story to read: two hundred devices, one day, every main cause",
        .devices = 200,
        .hours = 24,
        .hubs = 1,
        .noise_per_hour = 2,
        .connect_errors = 0.001,
        .delivery = {.late_s = 90},
        .groups = {{.name = "pump",
                    .weight = 48,
                    .kit = KIT_DOTNET,
                    .x509 = 0.75,
                    .losses_per_day = 0.4,
                    .resets_per_day = 0.2,
                    .site_size = 8,
                    .rivals = 17},
                   {.name = "gw",
                    .weight = 24,
                    .kit = KIT_JAVA,
                    .amqp = 0.6,
                    .losses_per_day = 0.3,
                    .resets_per_day = 0.2,
                    .site_size = 6,
                    .places = demo_places},
                   {.name = "sensor",
                    .weight = 40,
                    .kit = KIT_EMBEDDED,
                    .x509 = 1,
                    .losses_per_day = 0.2,
                    .site_size = 10,
                    .duty_on_s = 300,
                    .duty_period_s = 14400},
                   {.name = "meter",
                    .weight = 40,
                    .kit = KIT_C,
                    .amqp = 0.6,
                    .x509 = 0.3,
                    .losses_per_day = 0.5,
                    .resets_per_day = 0.3,
                    .site_size = 5,
                    .gone = 23},
                   {.name = "truck",
                    .weight = 20,
                    .kit = KIT_C,
                    .x509 = 1,
                    .losses_per_day = 4,
                    .resets_per_day = 1,
                    .long_losses = 0.25,
                    .sites = SITES_CARRIER},
                   {.name = "valve",
                    .weight = 20,
                    .kit = KIT_NODE,
                    .x509 = 0.8,
                    .losses_per_day = 0.5,
                    .resets_per_day = 0.3,
                    .site_size = 4,
                    .refused = 9},
                   {.name = "camera",
                    .weight = 8,
                    .kit = KIT_PYTHON,
                    .losses_per_day = 0.5,
                    .resets_per_day = 0.5,
                    .site_size = 2}},
        .happenings = {{HAPPENS_SITE_OUTAGE, 0.40, 0, 5, 1500, 1, "berlin"},
                       {HAPPENS_INCIDENT, 0.60, 0.7, 60, 150, 100, NULL}},
    },
};

const struct scenario *scenario_at(size_t index) {
    return index < sizeof scenarios / sizeof scenarios[0] ? &scenarios[index] : NULL;
}

const struct scenario *scenario_find(const char *name) {
    for (size_t i = 0; scenario_at(i) != NULL; i++) {
        if (strcmp(scenarios[i].name, name) == 0) {
            return &scenarios[i];
        }
    }
    return NULL;
}
