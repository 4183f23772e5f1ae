/* SPDX-License-Identifier: MIT */
#include "cli/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/messages.h"
#include "cli/suggest.h"

struct cursor {
    char *const *argv;
    int argc;
    int at;
    bool only_operands; /* behind "--" */
};

static const char *command_name(enum ht_cli_command command) {
    return command == HT_CLI_TOP ? "hubtriage" : ht_cli_command_info(command)->name;
}

static enum ht_status unknown_option(const struct ht_cli_arguments *arguments, const char *name,
                                     struct ht_err *err) {
    struct ht_cli_suggester suggester;
    ht_cli_suggest_begin(&suggester, name);
    for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
        const struct ht_cli_option *option = ht_cli_option((enum ht_cli_option_id)id);
        if (option->long_name != NULL &&
            ht_cli_option_belongs((enum ht_cli_option_id)id, arguments->command)) {
            ht_cli_suggest_offer(&suggester, option->long_name);
        }
    }
    if (suggester.best != NULL) {
        return ht_cli_usage(err, "unknown option --%s; did you mean --%s?", name, suggester.best);
    }
    return ht_cli_usage(err, "unknown option --%s; hubtriage %s%s-h lists all", name,
                        ht_cli_command_info(arguments->command)->name,
                        arguments->command == HT_CLI_TOP ? "" : " ");
}

/* An option that exists, but not here. */
static enum ht_status misplaced(const struct ht_cli_arguments *arguments, enum ht_cli_option_id id,
                                struct ht_err *err) {
    const char *name = ht_cli_option(id)->long_name;
    if (arguments->command == HT_CLI_TOP) {
        const bool of_report = ht_cli_option_belongs(id, HT_CLI_REPORT);
        return ht_cli_usage(err, "--%s stands behind its command: hubtriage %s --%s ...", name,
                            of_report ? "report" : "help", name);
    }
    return ht_cli_usage(err, "%s has no option --%s", command_name(arguments->command), name);
}

static void record(struct ht_cli_arguments *arguments, enum ht_cli_option_id id,
                   const char *value) {
    arguments->given[id] = true;
    arguments->value[id] = value;
    if (id == HT_CLI_OPT_OUTPUT) {
        arguments->outputs[arguments->output_count++] = value;
    } else if (id == HT_CLI_OPT_SET) {
        arguments->settings[arguments->setting_count++] = value;
    }
}

/* "--name", "--name value" or "--name=value"; text is what follows the dashes. */
static enum ht_status take_long(struct ht_cli_arguments *arguments, struct cursor *cursor,
                                const char *text, struct ht_err *err) {
    const char *equals = strchr(text, '=');
    const size_t len = equals != NULL ? (size_t)(equals - text) : strlen(text);
    const enum ht_cli_option_id id = ht_cli_option_find_long(text, len);
    if (id == HT_CLI_OPTION_COUNT) {
        char name[64];
        (void)snprintf(name, sizeof name, "%.*s", (int)(len < 63 ? len : 63), text);
        return unknown_option(arguments, name, err);
    }
    if (!ht_cli_option_belongs(id, arguments->command)) {
        return misplaced(arguments, id, err);
    }
    const struct ht_cli_option *option = ht_cli_option(id);
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (option->value == NULL && value != NULL) {
        return ht_cli_usage(err, "--%s takes no value", option->long_name);
    }
    if (ht_cli_option_takes_word(option) && value == NULL) {
        if (cursor->at >= cursor->argc) {
            return ht_cli_usage(err, "--%s needs a value: --%s %s", option->long_name,
                                option->long_name, option->value);
        }
        value = cursor->argv[cursor->at++];
    }
    record(arguments, id, value);
    return HT_OK;
}

/* "-q", "-qv", "-oVALUE" or "-o VALUE"; text is what follows the dash, not empty. */
static enum ht_status take_short(struct ht_cli_arguments *arguments, struct cursor *cursor,
                                 const char *text, struct ht_err *err) {
    for (; *text != '\0'; text++) {
        const enum ht_cli_option_id id = ht_cli_option_find_short(*text);
        if (id == HT_CLI_OPTION_COUNT) {
            return ht_cli_usage(err, "unknown option -%.1s; hubtriage %s%s-h lists all", text,
                                ht_cli_command_info(arguments->command)->name,
                                arguments->command == HT_CLI_TOP ? "" : " ");
        }
        if (!ht_cli_option_belongs(id, arguments->command)) {
            return misplaced(arguments, id, err);
        }
        if (ht_cli_option(id)->value == NULL) {
            record(arguments, id, NULL);
            continue;
        }
        const char *value = text + 1;
        if (*value == '\0') {
            if (cursor->at >= cursor->argc) {
                return ht_cli_usage(err, "-%c needs a value: -%c %s", *text, *text,
                                    ht_cli_option(id)->value);
            }
            value = cursor->argv[cursor->at++];
        }
        record(arguments, id, value);
        return HT_OK;
    }
    return HT_OK;
}

enum ht_status ht_cli_command_take(const char *name, enum ht_cli_command *command,
                                   struct ht_err *err) {
    if (ht_cli_command_find(name, command)) {
        return HT_OK;
    }
    struct ht_cli_suggester suggester;
    ht_cli_suggest_begin(&suggester, name);
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        ht_cli_suggest_offer(&suggester, ht_cli_command_info((enum ht_cli_command)i)->name);
    }
    if (suggester.best != NULL) {
        return ht_cli_usage(err, "unknown command '%.100s'; did you mean %s?", name,
                            suggester.best);
    }
    return ht_cli_usage(err, "unknown command '%.100s'; to analyse files: hubtriage report FILE...",
                        name);
}

static bool wants_help(const struct ht_cli_arguments *arguments) {
    return arguments->given[HT_CLI_OPT_HELP] || arguments->given[HT_CLI_OPT_HELP_SHORT];
}

static enum ht_status take_next(struct ht_cli_arguments *arguments, struct cursor *cursor,
                                struct ht_err *err) {
    const char *text = cursor->argv[cursor->at++];
    if (!cursor->only_operands && text[0] == '-' && text[1] != '\0') {
        if (text[1] != '-') {
            return take_short(arguments, cursor, text + 1, err);
        }
        if (text[2] != '\0') {
            return take_long(arguments, cursor, text + 2, err);
        }
        cursor->only_operands = true;
        return HT_OK;
    }
    if (arguments->command == HT_CLI_TOP) {
        return ht_cli_command_take(text, &arguments->command, err);
    }
    arguments->operands[arguments->operand_count++] = text;
    return HT_OK;
}

enum ht_status ht_cli_arguments_parse(int argc, char *const *argv,
                                      struct ht_cli_arguments *arguments, struct ht_err *err) {
    struct cursor cursor = {.argv = argv, .argc = argc, .at = 1};
    const size_t room = argc > 0 ? (size_t)argc : 1;
    *arguments = (struct ht_cli_arguments){
        .outputs = calloc(room, sizeof *arguments->outputs),
        .settings = calloc(room, sizeof *arguments->settings),
        .operands = calloc(room, sizeof *arguments->operands),
    };
    if (arguments->outputs == NULL || arguments->settings == NULL || arguments->operands == NULL) {
        return ht_cli_no_memory(err);
    }
    while (cursor.at < argc && !wants_help(arguments)) {
        const enum ht_status status = take_next(arguments, &cursor, err);
        if (status != HT_OK) {
            return status;
        }
    }
    return HT_OK;
}

void ht_cli_arguments_release(struct ht_cli_arguments *arguments) {
    free(arguments->outputs);
    free(arguments->settings);
    free(arguments->operands);
    *arguments = (struct ht_cli_arguments){.command = HT_CLI_TOP};
}
