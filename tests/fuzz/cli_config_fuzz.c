/* SPDX-License-Identifier: MIT */
/* Any text as a file of settings: refused with one printable line that says where, or settings that
 * keep what their reader promises. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "cli/config_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_error(const struct ht_err *err, size_t size) {
    HT_ASSERT(err->status == HT_E_USAGE && memcmp(err->message, "fuzz:", 5) == 0);
    HT_ASSERT(size > HT_CLI_CONFIG_BYTES_MAX || (err->message[5] >= '1' && err->message[5] <= '9'));
    HT_ASSERT(strchr(err->message, '\n') == NULL);
}

static void check_setting(const struct ht_cli_setting *setting, const char *text, size_t size) {
    HT_ASSERT(setting->id < HT_CLI_OPTION_COUNT && ht_cli_option_is_setting(setting->id));
    HT_ASSERT(setting->line > 0);
    if (ht_cli_option(setting->id)->value == NULL) {
        HT_ASSERT(setting->value == NULL);
        return;
    }
    const char *value = setting->value;
    const size_t len = strlen(value);
    HT_ASSERT(setting->on && value > text && value + len <= text + size && len > 0);
    HT_ASSERT(value[0] != ' ' && value[len - 1] != ' ' && strpbrk(value, "\r\n\033") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ht_cli_config_text *parsed = malloc(sizeof *parsed);
    char *text = malloc(size + 1);
    struct ht_err err = {.status = HT_OK};
    HT_ASSERT(parsed != NULL && text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    if (ht_cli_config_text_parse("fuzz", text, size, parsed, &err) != HT_OK) {
        check_error(&err, size);
    } else {
        unsigned line = 0;
        HT_ASSERT(parsed->count <= HT_CLI_CONFIG_SETTINGS_MAX);
        for (size_t i = 0; i < parsed->count; i++) {
            HT_ASSERT(parsed->settings[i].line > line);
            line = parsed->settings[i].line;
            check_setting(&parsed->settings[i], text, size);
        }
    }
    free(text);
    free(parsed);
    return 0;
}
