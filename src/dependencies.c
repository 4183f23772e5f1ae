/* SPDX-License-Identifier: MIT */
/* What the library is made with: versions of others, and the machine code in use. */
#include <stdio.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <csv.h>
#include <isa-l.h>
#include <jansson.h>
#include <nettle/version.h>
#include <pcre2.h>
#include <sqlite3.h>
#include <yaml.h>
#include <zlib.h>
#include <zstd.h>

#include "base/compiler.h"
#include "decode/lane.h"
#include "hubtriage/hubtriage.h"

#define TEXT(number) #number
#define VERSION_2(major, minor) TEXT(major) "." TEXT(minor)
#define VERSION_3(major, minor, patch) VERSION_2(major, minor) "." TEXT(patch)

/* libcsv, nettle and ISA-L tell their version in headers only, libyaml in the process only. */
static const struct {
    const char *name;
    const char *built;
    const char *(*running)(void);
} dependencies[] = {
    {"isa-l", VERSION_3(ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION), NULL},
    {"jansson", JANSSON_VERSION, jansson_version_str},
    {"libcsv", VERSION_3(CSV_MAJOR, CSV_MINOR, CSV_RELEASE), NULL},
    {"libyaml", "", yaml_get_version_string},
    {"nettle", VERSION_2(NETTLE_VERSION_MAJOR, NETTLE_VERSION_MINOR), NULL},
    {"pcre2", VERSION_2(PCRE2_MAJOR, PCRE2_MINOR), NULL},
    {"sqlite", SQLITE_VERSION, sqlite3_libversion},
    {"zlib", ZLIB_VERSION, zlibVersion},
    {"zstd", ZSTD_VERSION_STRING, ZSTD_versionString},
};

bool ht_dependency_at(size_t index, struct ht_dependency *dependency) {
    if (index >= HT_ARRAY_LEN(dependencies)) {
        return false;
    }
    char pcre2[64] = ""; /* "10.42 2022-12-11" */
    const char *running = dependencies[index].running != NULL ? dependencies[index].running() : "";
    if (strcmp(dependencies[index].name, "pcre2") == 0 &&
        pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof pcre2 &&
        pcre2_config(PCRE2_CONFIG_VERSION, pcre2) > 0) {
        pcre2[strcspn(pcre2, " ")] = '\0';
        running = pcre2;
    }
    *dependency = (struct ht_dependency){.name = dependencies[index].name};
    (void)snprintf(dependency->built, sizeof dependency->built, "%.*s",
                   (int)sizeof dependency->built - 1, dependencies[index].built);
    (void)snprintf(dependency->running, sizeof dependency->running, "%.*s",
                   (int)sizeof dependency->running - 1, running);
    return true;
}

const char *ht_simd_name(void) {
    switch (ht_lane_best()) {
    case HT_LANE_AVX2:
        return "avx2";
    case HT_LANE_NEON:
        return "neon";
    default:
        return "portable";
    }
}
