/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* strdup() */
#include "cli/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config_text.h"
#include "cli/messages.h"
#include "cli/user_path.h"
#include "cli/whole_file.h"

enum { VARIABLE_BYTES = 48, PLACE_BYTES = 160 };

/* "HUBTRIAGE_MAX_BAD" for max-bad. */
static const char *variable_name(enum ht_cli_option_id id, char out[VARIABLE_BYTES]) {
    (void)snprintf(out, VARIABLE_BYTES, "HUBTRIAGE_%s", ht_cli_option(id)->long_name);
    for (char *at = out; *at != '\0'; at++) {
        if (*at >= 'a' && *at <= 'z') {
            *at = (char)(*at - 'a' + 'A');
        } else if (*at == '-') {
            *at = '_';
        }
    }
    return out;
}

/* NULL when it is not set, or empty. */
static const char *variable(const struct ht_cli_surroundings *surroundings, const char *name) {
    const char *value = surroundings->variable != NULL ? surroundings->variable(name) : NULL;
    return value != NULL && *value != '\0' ? value : NULL;
}

/* Of several outputs the line of one is as good as none. */
static void write_place(const struct ht_cli_arguments *arguments, enum ht_cli_option_id id,
                        char out[PLACE_BYTES]) {
    const struct ht_cli_origin *origin = &arguments->origin[id];
    char name[VARIABLE_BYTES];
    if (origin->file == NULL) {
        (void)snprintf(out, PLACE_BYTES, "%s", variable_name(id, name));
    } else if (ht_cli_option_repeats(id)) {
        (void)snprintf(out, PLACE_BYTES, "%.100s", origin->file);
    } else {
        (void)snprintf(out, PLACE_BYTES, "%.100s:%u", origin->file, origin->line);
    }
}

enum ht_status ht_cli_config_blame(const struct ht_cli_arguments *arguments,
                                   enum ht_cli_option_id id, struct ht_err *err) {
    char place[PLACE_BYTES];
    if (arguments->origin[id].elsewhere) {
        write_place(arguments, id, place);
        const size_t len = strlen(place);
        memmove(err->message + len + 2, err->message, sizeof err->message - len - 2);
        memcpy(err->message, place, len);
        memcpy(err->message + len, ": ", 2);
        err->message[sizeof err->message - 1] = '\0';
    }
    return err->status;
}

static enum ht_status add_output(struct ht_cli_arguments *arguments, const char *value,
                                 struct ht_err *err) {
    const size_t count = arguments->output_count + 1;
    const char **outputs = realloc(arguments->outputs, count * sizeof *outputs);
    if (outputs == NULL) {
        return ht_cli_no_memory(err);
    }
    outputs[count - 1] = value;
    arguments->outputs = outputs;
    arguments->output_count = count;
    return HT_OK;
}

/* By the command line, or a place before this file; file NULL: the variables. */
static bool is_decided(const struct ht_cli_arguments *arguments, enum ht_cli_option_id id,
                       const char *file) {
    const struct ht_cli_origin *origin = &arguments->origin[id];
    return origin->elsewhere ? origin->file != file : arguments->given[id];
}

static enum ht_status take(struct ht_cli_arguments *arguments, const struct ht_cli_setting *setting,
                           const char *file, struct ht_err *err) {
    const enum ht_cli_option_id id = setting->id;
    if (is_decided(arguments, id, file) || !ht_cli_option_is_settable(id, arguments->command)) {
        return HT_OK;
    }
    arguments->given[id] = setting->on;
    arguments->value[id] = setting->value;
    arguments->origin[id] =
        (struct ht_cli_origin){.elsewhere = true, .file = file, .line = setting->line};
    return ht_cli_option_repeats(id) ? add_output(arguments, setting->value, err) : HT_OK;
}

static enum ht_status take_variables(struct ht_cli_arguments *arguments,
                                     const struct ht_cli_surroundings *surroundings,
                                     struct ht_err *err) {
    for (int i = 0; i < HT_CLI_OPTION_COUNT; i++) {
        struct ht_cli_setting setting = {.id = (enum ht_cli_option_id)i, .on = true};
        char name[VARIABLE_BYTES];
        if (is_decided(arguments, setting.id, NULL) ||
            !ht_cli_option_is_settable(setting.id, arguments->command)) {
            continue;
        }
        const char *value = variable(surroundings, variable_name(setting.id, name));
        if (value == NULL) {
            continue;
        }
        if (ht_cli_option(setting.id)->value != NULL) {
            setting.value = value;
        } else if (!ht_cli_parse_switch(value, &setting.on)) {
            return ht_cli_usage(err, "%s is yes or no, not '%.60s'", name, value);
        }
        const enum ht_status status = take(arguments, &setting, NULL, err);
        if (status != HT_OK) {
            return status;
        }
    }
    return HT_OK;
}

static enum ht_status take_text(struct ht_cli_arguments *arguments, const char *file, char *text,
                                size_t len, struct ht_err *err) {
    struct ht_cli_config_text *parsed = malloc(sizeof *parsed);
    if (parsed == NULL) {
        return ht_cli_no_memory(err);
    }
    enum ht_status status = ht_cli_config_text_parse(file, text, len, parsed, err);
    for (size_t i = 0; status == HT_OK && i < parsed->count; i++) {
        status = take(arguments, &parsed->settings[i], file, err);
    }
    free(parsed);
    return status;
}

/* One that was not asked for by name does no harm where it is missing or somebody else's. */
static bool may_pass_over(const struct ht_cli_arguments *arguments, const char *file,
                          const struct ht_err *err) {
    if (err->sys_errno == ENOENT || err->sys_errno == ENOTDIR) {
        return true;
    }
    if (err->sys_errno != EACCES) {
        return false;
    }
    if (!arguments->given[HT_CLI_OPT_QUIET]) {
        ht_cli_say("settings in %s are not used: %s", file, strerror(EACCES));
    }
    return true;
}

static enum ht_status take_files(struct ht_cli_arguments *arguments,
                                 const struct ht_cli_surroundings *surroundings, bool named,
                                 struct ht_cli_config *config, struct ht_err *err) {
    for (size_t i = 0; i < HT_CLI_CONFIG_FILES_MAX; i++) {
        const char *path = config->paths[i];
        size_t len = 0;
        if (path == NULL) {
            continue;
        }
        enum ht_status status =
            ht_cli_whole_file_read(path, HT_CLI_CONFIG_BYTES_MAX, surroundings->interrupted,
                                   &config->texts[i], &len, err);
        if (status == HT_E_IO && !named && may_pass_over(arguments, path, err)) {
            continue;
        }
        if (status == HT_OK) {
            status = take_text(arguments, path, config->texts[i], len, err);
        }
        if (status != HT_OK) {
            return status;
        }
    }
    return HT_OK;
}

static enum ht_status set_paths(const struct ht_cli_surroundings *surroundings, const char *named,
                                struct ht_cli_config *config, struct ht_err *err) {
    if (named != NULL && *named == '\0') {
        return HT_OK;
    }
    if (named != NULL) {
        config->paths[0] = strdup(named);
        return config->paths[0] != NULL ? HT_OK : ht_cli_no_memory(err);
    }
    const enum ht_status status = ht_cli_user_path(surroundings, "XDG_CONFIG_HOME", "/.config",
                                                   "/hubtriage/config", &config->paths[0], err);
    if (status == HT_OK && surroundings->system_config != NULL) {
        config->paths[1] = strdup(surroundings->system_config);
        return config->paths[1] != NULL ? HT_OK : ht_cli_no_memory(err);
    }
    return status;
}

static void tell(const struct ht_cli_arguments *arguments, enum ht_cli_option_id id) {
    const char *name = ht_cli_option(id)->long_name;
    char place[PLACE_BYTES];
    write_place(arguments, id, place);
    for (size_t i = 0; ht_cli_option_repeats(id) && i < arguments->output_count; i++) {
        ht_cli_say("%s: %s = %s", place, name, arguments->outputs[i]);
    }
    if (!ht_cli_option_repeats(id)) {
        ht_cli_say("%s: %s = %s", place, name,
                   arguments->value[id] != NULL ? arguments->value[id]
                   : arguments->given[id]       ? "yes"
                                                : "no");
    }
}

enum ht_status ht_cli_config_apply(struct ht_cli_arguments *arguments,
                                   const struct ht_cli_surroundings *surroundings,
                                   struct ht_cli_config *config, struct ht_err *err) {
    const char *named = arguments->value[HT_CLI_OPT_CONFIG];
    char name[VARIABLE_BYTES];
    if (!ht_cli_option_belongs(HT_CLI_OPT_CONFIG, arguments->command)) {
        return HT_OK;
    }
    if (named == NULL) {
        named = variable(surroundings, variable_name(HT_CLI_OPT_CONFIG, name));
    }
    enum ht_status status = take_variables(arguments, surroundings, err);
    if (status == HT_OK) {
        status = set_paths(surroundings, named, config, err);
    }
    if (status == HT_OK) {
        status = take_files(arguments, surroundings, named != NULL, config, err);
    }
    for (int id = 0; status == HT_OK && id < HT_CLI_OPTION_COUNT; id++) {
        if (arguments->origin[id].elsewhere && arguments->given[HT_CLI_OPT_VERBOSE] &&
            !arguments->given[HT_CLI_OPT_QUIET]) {
            tell(arguments, (enum ht_cli_option_id)id);
        }
    }
    return status;
}

void ht_cli_config_release(struct ht_cli_config *config) {
    for (size_t i = 0; i < HT_CLI_CONFIG_FILES_MAX; i++) {
        free(config->paths[i]);
        free(config->texts[i]);
        config->paths[i] = NULL;
        config->texts[i] = NULL;
    }
}
