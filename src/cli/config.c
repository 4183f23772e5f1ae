/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* strdup() */
#include "cli/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config_text.h"
#include "cli/messages.h"
#include "cli/whole_file.h"

enum { VARIABLE_BYTES = 48, PLACE_BYTES = 160 };

/* One place of settings on its way into the arguments. */
struct layer {
    struct ht_cli_arguments *arguments;
    bool decided[HT_CLI_OPTION_COUNT]; /* in a place before this one */
    bool own[HT_CLI_OPTION_COUNT];     /* in this one */
};

static enum ht_status no_memory(struct ht_err *err) {
    *err = (struct ht_err){.status = HT_E_NOMEM, .message = "not enough memory"};
    return HT_E_NOMEM;
}

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
        return no_memory(err);
    }
    outputs[count - 1] = value;
    arguments->outputs = outputs;
    arguments->output_count = count;
    return HT_OK;
}

static enum ht_status take(struct layer *layer, const struct ht_cli_setting *setting,
                           const char *file, struct ht_err *err) {
    struct ht_cli_arguments *arguments = layer->arguments;
    const enum ht_cli_option_id id = setting->id;
    if (layer->decided[id] || !ht_cli_option_is_settable(id, arguments->command)) {
        return HT_OK;
    }
    layer->own[id] = true;
    arguments->given[id] = setting->on;
    arguments->value[id] = setting->value;
    arguments->origin[id] =
        (struct ht_cli_origin){.elsewhere = true, .file = file, .line = setting->line};
    return ht_cli_option_repeats(id) ? add_output(arguments, setting->value, err) : HT_OK;
}

static void end_layer(struct layer *layer) {
    for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
        layer->decided[id] = layer->decided[id] || layer->own[id];
        layer->own[id] = false;
    }
}

static enum ht_status take_variables(struct layer *layer,
                                     const struct ht_cli_surroundings *surroundings,
                                     struct ht_err *err) {
    for (int i = 0; i < HT_CLI_OPTION_COUNT; i++) {
        struct ht_cli_setting setting = {.id = (enum ht_cli_option_id)i, .on = true};
        char name[VARIABLE_BYTES];
        if (layer->decided[i] ||
            !ht_cli_option_is_settable(setting.id, layer->arguments->command)) {
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
        const enum ht_status status = take(layer, &setting, NULL, err);
        if (status != HT_OK) {
            return status;
        }
    }
    end_layer(layer);
    return HT_OK;
}

static enum ht_status take_text(struct layer *layer, const char *file, char *text, size_t len,
                                struct ht_err *err) {
    struct ht_cli_config_text *parsed = malloc(sizeof *parsed);
    if (parsed == NULL) {
        return no_memory(err);
    }
    enum ht_status status = ht_cli_config_text_parse(file, text, len, parsed, err);
    for (size_t i = 0; status == HT_OK && i < parsed->count; i++) {
        status = take(layer, &parsed->settings[i], file, err);
    }
    free(parsed);
    end_layer(layer);
    return status;
}

/* One that was not asked for by name does no harm where it is missing or somebody else's. */
static bool may_pass_over(const struct layer *layer, const char *file, const struct ht_err *err) {
    if (err->sys_errno == ENOENT || err->sys_errno == ENOTDIR) {
        return true;
    }
    if (err->sys_errno != EACCES) {
        return false;
    }
    if (!layer->arguments->given[HT_CLI_OPT_QUIET]) {
        ht_cli_say("settings in %s are not used: %s", file, strerror(EACCES));
    }
    return true;
}

static enum ht_status take_files(struct layer *layer,
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
        if (status == HT_E_IO && !named && may_pass_over(layer, path, err)) {
            continue;
        }
        if (status == HT_OK) {
            status = take_text(layer, path, config->texts[i], len, err);
        }
        if (status != HT_OK) {
            return status;
        }
    }
    return HT_OK;
}

/* "a/b" of both parts; NULL without memory. */
static char *join(const char *folder, const char *rest) {
    const size_t size = strlen(folder) + strlen(rest) + 1;
    char *path = malloc(size);
    if (path != NULL) {
        (void)snprintf(path, size, "%s%s", folder, rest);
    }
    return path;
}

/* Where the user's file is, as the XDG Base Directory Specification says: what is not an absolute
 * path does not count. */
static enum ht_status set_paths(const struct ht_cli_surroundings *surroundings, const char *named,
                                struct ht_cli_config *config, struct ht_err *err) {
    const char *folder = variable(surroundings, "XDG_CONFIG_HOME");
    const char *home = variable(surroundings, "HOME");
    char **path = config->paths;
    if (named != NULL && *named == '\0') {
        return HT_OK;
    }
    if (named != NULL) {
        *path = strdup(named);
        return *path != NULL ? HT_OK : no_memory(err);
    }
    if (folder != NULL && *folder == '/') {
        *path = join(folder, "/hubtriage/config");
    } else if (home != NULL && *home == '/') {
        *path = join(home, "/.config/hubtriage/config");
    } else {
        path = NULL;
    }
    if (path != NULL && *path == NULL) {
        return no_memory(err);
    }
    if (surroundings->system_config != NULL) {
        config->paths[1] = strdup(surroundings->system_config);
        return config->paths[1] != NULL ? HT_OK : no_memory(err);
    }
    return HT_OK;
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
                   ht_cli_option(id)->value != NULL ? arguments->value[id]
                   : arguments->given[id]           ? "yes"
                                                    : "no");
    }
}

enum ht_status ht_cli_config_apply(struct ht_cli_arguments *arguments,
                                   const struct ht_cli_surroundings *surroundings,
                                   struct ht_cli_config *config, struct ht_err *err) {
    struct layer layer = {.arguments = arguments};
    const char *named = arguments->value[HT_CLI_OPT_CONFIG];
    char name[VARIABLE_BYTES];
    if (!ht_cli_option_belongs(HT_CLI_OPT_CONFIG, arguments->command)) {
        return HT_OK;
    }
    if (named == NULL) {
        named = variable(surroundings, variable_name(HT_CLI_OPT_CONFIG, name));
    }
    memcpy(layer.decided, arguments->given, sizeof layer.decided);
    enum ht_status status = take_variables(&layer, surroundings, err);
    if (status == HT_OK) {
        status = set_paths(surroundings, named, config, err);
    }
    if (status == HT_OK) {
        status = take_files(&layer, surroundings, named != NULL, config, err);
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
