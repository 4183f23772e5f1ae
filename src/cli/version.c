/* SPDX-License-Identifier: MIT */
/* Built with HT_CLI_COMMIT and HT_CLI_FLAGS by the Makefile; without them it says so. */
#include "cli/version.h"

#include "cli/options.h"
#include "hubtriage/hubtriage.h"

#ifndef HT_CLI_COMMIT
#define HT_CLI_COMMIT "not known"
#endif
#ifndef HT_CLI_FLAGS
#define HT_CLI_FLAGS "not known"
#endif

#define TEXT(number) #number
#define VERSION_TEXT(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

static void print_libraries(FILE *out) {
    struct ht_dependency library;
    (void)fprintf(out, "library: libhubtriage %s\n", ht_version());
    for (size_t i = 0; ht_dependency_at(i, &library); i++) {
        (void)fprintf(out, "library: %s", library.name);
        if (library.running[0] != '\0') {
            (void)fprintf(out, " %s", library.running);
        }
        if (library.built[0] != '\0') {
            (void)fprintf(out, "%sbuilt with %s", library.running[0] != '\0' ? ", " : " ",
                          library.built);
        }
        (void)fputc('\n', out);
    }
}

void ht_cli_version(FILE *out, bool verbose) {
    static const char *const schemas[] = {HT_SCHEMA_REPORT, HT_SCHEMA_DEVICE, HT_SCHEMA_CHECK,
                                          HT_SCHEMA_EXPLAIN, NULL};
    (void)fprintf(out, "hubtriage %s\n",
                  VERSION_TEXT(HT_VERSION_MAJOR, HT_VERSION_MINOR, HT_VERSION_PATCH));
    if (!verbose) {
        return;
    }
    (void)fputs("commit: " HT_CLI_COMMIT "\n", out);
#if defined(__clang__)
    (void)fprintf(out, "compiler: %s\n", __VERSION__);
#elif defined(__GNUC__)
    (void)fprintf(out, "compiler: GCC %s\n", __VERSION__);
#endif
    (void)fputs("flags: " HT_CLI_FLAGS "\n", out);
    (void)fprintf(out, "simd: %s\n", ht_simd_name());
    print_libraries(out);
    (void)fputs("formats:", out);
    for (size_t i = 0; ht_cli_formats[i] != NULL; i++) {
        (void)fprintf(out, " %s", ht_cli_formats[i]);
    }
    (void)fputs("\nschemas:", out);
    for (size_t i = 0; schemas[i] != NULL; i++) {
        (void)fprintf(out, " %s", schemas[i]);
    }
    (void)fprintf(out, "\narchive: %d\n", HT_ARCHIVE_VERSION);
}
