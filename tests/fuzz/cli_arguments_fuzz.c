/* SPDX-License-Identifier: MIT */
/* Any words as a command line: taken apart and given a meaning, or refused with one line. A word
 * ends at a line break. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "cli/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 64 };

static const volatile sig_atomic_t never;

static void check_error(enum ht_status status, const struct ht_err *err) {
    HT_ASSERT(status == HT_E_USAGE && err->status == status && err->message[0] != '\0');
    HT_ASSERT(strchr(err->message, '\n') == NULL && strchr(err->hint, '\n') == NULL);
}

static void check_settings(const struct ht_cli_settings *settings) {
    size_t to_stdout = 0;
    HT_ASSERT(settings->target_count > 0 && settings->target_count <= HT_CLI_TARGETS_MAX);
    for (size_t i = 0; i < settings->target_count; i++) {
        to_stdout += settings->targets[i].path == NULL;
    }
    HT_ASSERT(to_stdout <= 1 && settings->max_bad_ppm <= 1000000);
    HT_ASSERT(settings->width_stdout == 0 || (settings->width_stdout >= HT_CLI_WIDTH_MIN &&
                                              settings->width_stdout <= HT_CLI_WIDTH_MAX));
}

static void use(int argc, char *const *argv) {
    const struct ht_cli_surroundings surroundings = {.interrupted = &never,
                                                     .clock_us = INT64_C(1741608000) * 1000000};
    struct ht_cli_arguments arguments;
    struct ht_cli_settings settings;
    struct ht_err err = {.status = HT_OK};
    enum ht_status status = ht_cli_arguments_parse(argc, argv, &arguments, &err);
    if (status == HT_OK) {
        HT_ASSERT(arguments.operand_count + arguments.output_count < (size_t)argc);
        status = ht_cli_settings_make(&arguments, &surroundings, &settings, &err);
        if (status == HT_OK) {
            check_settings(&settings);
        }
    }
    if (status != HT_OK) {
        check_error(status, &err);
    }
    ht_cli_arguments_release(&arguments);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *argv[WORDS_MAX] = {(char[]){"hubtriage"}};
    char *text = malloc(size + 1);
    int argc = 1;
    HT_ASSERT(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    for (char *at = text; at < text + size && argc < WORDS_MAX;) {
        const size_t len = strcspn(at, "\n");
        argv[argc++] = at;
        at[len] = '\0';
        at += len + 1;
    }
    use(argc, argv);
    free(text);
    return 0;
}
