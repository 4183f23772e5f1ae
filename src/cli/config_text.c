/* SPDX-License-Identifier: MIT */
#include "cli/config_text.h"

#include <string.h>

#include "cli/messages.h"
#include "cli/suggest.h"

/* A line of the text, cut out of it. */
struct line {
    const char *file;
    unsigned number;
    char *text;
    size_t len;
};

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t';
}

/* Cuts off what is blank at both ends. */
static void trim(char **text, size_t *len) {
    while (*len > 0 && is_blank(**text)) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && is_blank((*text)[*len - 1])) {
        (*len)--;
    }
    (*text)[*len] = '\0';
}

static bool has_control(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
            return true;
        }
    }
    return false;
}

bool ht_cli_parse_switch(const char *text, bool *on) {
    *on = strcmp(text, "yes") == 0;
    return *on || strcmp(text, "no") == 0;
}

static enum ht_status unknown_key(const struct line *line, const char *key, struct ht_err *err) {
    struct ht_cli_suggester suggester;
    ht_cli_suggest_begin(&suggester, key);
    for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
        if (ht_cli_option_is_setting((enum ht_cli_option_id)id)) {
            ht_cli_suggest_offer(&suggester, ht_cli_option((enum ht_cli_option_id)id)->long_name);
        }
    }
    if (suggester.best != NULL) {
        return ht_cli_usage(err, "%.100s:%u: unknown key '%.60s'; did you mean %s?", line->file,
                            line->number, key, suggester.best);
    }
    return ht_cli_usage(err, "%.100s:%u: unknown key '%.60s'; keys are the long names of options",
                        line->file, line->number, key);
}

static enum ht_status take_value(const struct line *line, char *value,
                                 struct ht_cli_setting *setting, struct ht_err *err) {
    const struct ht_cli_option *option = ht_cli_option(setting->id);
    if (option->value == NULL) {
        return ht_cli_parse_switch(value, &setting->on)
                   ? HT_OK
                   : ht_cli_usage(err, "%.100s:%u: %s is yes or no, not '%.60s'", line->file,
                                  line->number, option->long_name, value);
    }
    if (*value == '\0' && ht_cli_option_takes_word(option)) {
        return ht_cli_usage(err, "%.100s:%u: %s needs a value: %s = %s", line->file, line->number,
                            option->long_name, option->long_name, option->value);
    }
    setting->on = true;
    setting->value = *value != '\0' ? value : NULL;
    return HT_OK;
}

/* "key = value", trimmed and not empty. */
static enum ht_status take_setting(const struct line *line, struct ht_cli_setting *setting,
                                   struct ht_err *err) {
    char *key = line->text;
    char *equals = memchr(key, '=', line->len);
    if (has_control(key, line->len)) {
        return ht_cli_usage(err, "%.100s:%u: a control character", line->file, line->number);
    }
    if (equals == NULL) {
        return ht_cli_usage(err, "%.100s:%u: no '='; a setting is written as key = value",
                            line->file, line->number);
    }
    size_t key_len = (size_t)(equals - key);
    char *value = equals + 1;
    size_t value_len = line->len - key_len - 1;
    trim(&key, &key_len);
    trim(&value, &value_len);
    const enum ht_cli_option_id id = ht_cli_option_find_long(key, key_len);
    if (id == HT_CLI_OPTION_COUNT) {
        return unknown_key(line, key, err);
    }
    if (!ht_cli_option_is_setting(id)) {
        return ht_cli_usage(err, "%.100s:%u: %s can only be given on the command line", line->file,
                            line->number, key);
    }
    *setting = (struct ht_cli_setting){.id = id, .line = line->number};
    return take_value(line, value, setting, err);
}

static enum ht_status add_line(struct line *line, struct ht_cli_config_text *parsed,
                               struct ht_err *err) {
    trim(&line->text, &line->len);
    if (line->len == 0 || line->text[0] == '#') {
        return HT_OK;
    }
    if (parsed->count == HT_CLI_CONFIG_SETTINGS_MAX) {
        return ht_cli_usage(err, "%.100s:%u: more than %d settings", line->file, line->number,
                            HT_CLI_CONFIG_SETTINGS_MAX);
    }
    struct ht_cli_setting *setting = &parsed->settings[parsed->count];
    const enum ht_status status = take_setting(line, setting, err);
    if (status != HT_OK) {
        return status;
    }
    for (size_t i = 0; i < parsed->count && !ht_cli_option_repeats(setting->id); i++) {
        if (parsed->settings[i].id == setting->id) {
            return ht_cli_usage(err, "%.100s:%u: %s is already set in line %u", line->file,
                                line->number, ht_cli_option(setting->id)->long_name,
                                parsed->settings[i].line);
        }
    }
    parsed->count++;
    return HT_OK;
}

enum ht_status ht_cli_config_text_parse(const char *name, char *text, size_t len,
                                        struct ht_cli_config_text *parsed, struct ht_err *err) {
    static const char mark[] = "\xEF\xBB\xBF";
    struct line line = {.file = name};
    size_t at = len >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    parsed->count = 0;
    if (len > HT_CLI_CONFIG_BYTES_MAX) {
        return ht_cli_usage(err, "%.100s: more than %d KiB", name, HT_CLI_CONFIG_BYTES_MAX / 1024);
    }
    while (at < len) {
        char *end = memchr(text + at, '\n', len - at);
        const size_t next = end != NULL ? (size_t)(end - text) + 1 : len;
        line.number++;
        line.text = text + at;
        line.len = (end != NULL ? next - 1 : len) - at;
        line.len -= line.len > 0 && line.text[line.len - 1] == '\r';
        const enum ht_status status = add_line(&line, parsed, err);
        if (status != HT_OK) {
            return status;
        }
        at = next;
    }
    return HT_OK;
}
