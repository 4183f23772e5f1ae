/* SPDX-License-Identifier: MIT */
/*
 * Completion scripts. The texts around the tables hold no name of an option or command, but for -o,
 * whose value is a word, '=' and a path.
 */
#include "cli/completion.h"

#include <inttypes.h>
#include <string.h>

#include "cli/options.h"
#include "hubtriage/explain.h"
#include "hubtriage/simulate.h"

enum { BASH = 0, ZSH, FISH };

static void put_words(FILE *out, const char *const *words) {
    for (size_t i = 0; words[i] != NULL; i++) {
        (void)fprintf(out, "%s%s", i > 0 ? " " : "", words[i]);
    }
}

/* Names of the scenarios that are built in. */
static void put_scenarios(FILE *out) {
    for (size_t i = 0; ht_scenario_at(i) != NULL; i++) {
        (void)fprintf(out, "%s%s", i > 0 ? " " : "", ht_scenario_at(i)->name);
    }
}

/* Names of the commands, but for the top. */
static void put_commands(FILE *out) {
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        (void)fprintf(out, "%s%s", i > HT_CLI_TOP + 1 ? " " : "",
                      ht_cli_command_info((enum ht_cli_command)i)->name);
    }
}

/* What can be explained: words, and numbers of codes. */
static void put_topics(FILE *out) {
    for (size_t i = 0; i < ht_topic_count(); i++) {
        struct ht_topic topic;
        ht_topic_get(i, &topic);
        if (topic.code != 0) {
            (void)fprintf(out, "%s%" PRIu32, i > 0 ? " " : "", topic.code);
        } else {
            (void)fprintf(out, "%s%s", i > 0 ? " " : "", topic.word);
        }
    }
}

static void put_option_names(FILE *out, enum ht_cli_command command) {
    const char *before = "";
    for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
        const struct ht_cli_option *option = ht_cli_option((enum ht_cli_option_id)id);
        if (!ht_cli_option_belongs((enum ht_cli_option_id)id, command)) {
            continue;
        }
        if (option->short_name != 0) {
            (void)fprintf(out, "%s-%c", before, option->short_name);
            before = " ";
        }
        if (option->long_name != NULL) {
            (void)fprintf(out, "%s--%s", before, option->long_name);
            before = " ";
        }
    }
}

/* bash */

/* "-o|--output", a pattern of case. */
static void bash_pattern(FILE *out, const struct ht_cli_option *option) {
    if (option->short_name != 0) {
        (void)fprintf(out, "-%c%s", option->short_name, option->long_name != NULL ? "|" : "");
    }
    if (option->long_name != NULL) {
        (void)fprintf(out, "--%s", option->long_name);
    }
}

/* Its value is the name of a file. */
static bool names_file(const struct ht_cli_option *option) {
    return option->value != NULL &&
           (strcmp(option->value, "FILE") == 0 || strcmp(option->value, "PATH") == 0 ||
            strcmp(option->value, "REPORT") == 0);
}

/* Simulated logs have shapes where reports have formats. */
static void bash_choices(FILE *out, enum ht_cli_option_id id) {
    const char *const *choices = ht_cli_option(id)->choices;
    const char *const *others = ht_cli_option_choices(id, HT_CLI_SIMULATE);
    (void)fputs("        words='", out);
    put_words(out, choices);
    (void)fputs("'\n", out);
    if (others != choices) {
        (void)fprintf(out, "        [[ $command != %s ]] || words='",
                      ht_cli_command_info(HT_CLI_SIMULATE)->name);
        put_words(out, others);
        (void)fputs("'\n", out);
    }
    (void)fputs("        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n", out);
}

static void bash_values(FILE *out) {
    (void)fputs("    case $prev in\n", out);
    for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
        const struct ht_cli_option *option = ht_cli_option((enum ht_cli_option_id)id);
        if (!ht_cli_option_takes_word(option)) {
            continue;
        }
        (void)fputs("    ", out);
        bash_pattern(out, option);
        (void)fputs(")\n", out);
        if (option->choices != NULL) {
            bash_choices(out, (enum ht_cli_option_id)id);
        }
        if (names_file(option)) {
            (void)fputs("        _hubtriage_files\n", out);
        }
        if (option->choices == ht_cli_formats) { /* '=' may follow */
            (void)fputs("        compopt -o nospace 2>/dev/null\n", out);
        }
        (void)fputs("        return\n        ;;\n", out);
    }
    (void)fputs("    esac\n", out);
}

static void bash_options(FILE *out) {
    (void)fputs("    if [[ $cur == -* ]]; then\n        case $command in\n", out);
    for (int i = HT_CLI_TOP; i < HT_CLI_COMMAND_COUNT; i++) {
        const char *name = ht_cli_command_info((enum ht_cli_command)i)->name;
        (void)fprintf(out, "        %s) words='", *name != '\0' ? name : "''");
        put_option_names(out, (enum ht_cli_command)i);
        (void)fputs("' ;;\n", out);
    }
    (void)fputs("        esac\n"
                "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                "        return\n"
                "    fi\n",
                out);
}

static void bash_operands(FILE *out) {
    (void)fputs("    case $command in\n    '') words='", out);
    put_commands(out);
    (void)fprintf(out, "' ;;\n    %s) return ;;\n", ht_cli_command_info(HT_CLI_KQL)->name);
    (void)fputs("    completion) words='", out);
    put_words(out, ht_cli_shells);
    (void)fputs("' ;;\n    help) words='", out);
    put_commands(out);
    (void)fprintf(out, "' ;;\n    %s) words='", ht_cli_command_info(HT_CLI_EXPLAIN)->name);
    put_topics(out);
    (void)fprintf(
        out,
        "' ;;\n    %s)\n        # An id comes first.\n"
        "        [[ $prev == \"$command\" ]] || _hubtriage_files\n        return\n        ;;\n",
        ht_cli_command_info(HT_CLI_DEVICE)->name);
    (void)fprintf(out, "    %s)\n        _hubtriage_files\n        COMPREPLY+=($(compgen -W '",
                  ht_cli_command_info(HT_CLI_ARCHIVE)->name);
    put_words(out, ht_cli_archive_actions);
    (void)fprintf(out,
                  "' -- \"$cur\"))\n        return\n        ;;\n"
                  "    %s)\n        _hubtriage_files\n        COMPREPLY+=($(compgen -W '",
                  ht_cli_command_info(HT_CLI_SIMULATE)->name);
    put_scenarios(out);
    (void)fputs("' -- \"$cur\"))\n        return\n        ;;\n"
                "    *)\n"
                "        _hubtriage_files\n"
                "        return\n"
                "        ;;\n"
                "    esac\n"
                "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n",
                out);
}

static void put_bash(FILE *out) {
    (void)fputs("# bash completion for hubtriage, written by \"hubtriage completion bash\"\n"
                "# shellcheck shell=bash disable=SC2207\n"
                "_hubtriage_files() {\n"
                "    local IFS=$'\\n'\n"
                "    compopt -o filenames 2>/dev/null\n"
                "    COMPREPLY=($(compgen -f -- \"$cur\"))\n"
                "}\n"
                "_hubtriage() {\n"
                "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
                "    local command='' words='' word i before=$((COMP_CWORD - 1))\n"
                "    COMPREPLY=()\n"
                "    # '=' is a word of its own here.\n"
                "    if [[ $cur == '=' ]]; then\n"
                "        cur=''\n"
                "    elif [[ $prev == '=' ]]; then\n"
                "        before=$((COMP_CWORD - 2))\n"
                "        prev=${COMP_WORDS[before]}\n"
                "    fi\n"
                "    # Behind FORMAT= stands a path.\n"
                "    if [[ ${COMP_WORDS[before]} != -* && ${COMP_WORDS[before + 1]} == '=' ]]; "
                "then\n"
                "        _hubtriage_files\n"
                "        return\n"
                "    fi\n"
                "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                "        word=${COMP_WORDS[i]}\n"
                "        case $word in\n"
                "        --)\n"
                "            _hubtriage_files\n"
                "            return\n"
                "            ;;\n"
                "        -*) ;;\n"
                "        *) [[ $command ]] || command=$word ;;\n"
                "        esac\n"
                "    done\n",
                out);
    bash_values(out);
    bash_options(out);
    bash_operands(out);
    (void)fputs("}\ncomplete -F _hubtriage hubtriage\n", out);
}

/* zsh */

/* Within single quotes, in a place where brackets and colons have a meaning. */
static void zsh_text(FILE *out, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            (void)fputs("'\\''", out);
            continue;
        }
        if (*text == '[' || *text == ']' || *text == ':' || *text == '\\') {
            (void)fputc('\\', out);
        }
        (void)fputc(*text, out);
    }
}

static void zsh_spec(FILE *out, const char *name, const char *joint, enum ht_cli_option_id id,
                     enum ht_cli_command command) {
    const struct ht_cli_option *option = ht_cli_option(id);
    const bool is_output = option->choices == ht_cli_formats;
    const bool many = ht_cli_option_repeats(id);
    (void)fprintf(out, " \\\n        '%s%s%s[", many ? "*" : "", name, joint);
    zsh_text(out, ht_cli_option_summary(id, command));
    (void)fputc(']', out);
    if (ht_cli_option_takes_word(option)) {
        (void)fputc(':', out);
        zsh_text(out, option->value);
        (void)fputc(':', out);
        if (is_output) {
            (void)fputs(command == HT_CLI_SIMULATE ? "_hubtriage_shape" : "_hubtriage_output", out);
        } else if (option->choices != NULL) {
            (void)fputc('(', out);
            put_words(out, option->choices);
            (void)fputc(')', out);
        } else if (names_file(option)) {
            (void)fputs("_files", out);
        }
    }
    (void)fputc('\'', out);
}

static void zsh_options(FILE *out, enum ht_cli_command command) {
    for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
        const struct ht_cli_option *option = ht_cli_option((enum ht_cli_option_id)id);
        char name[HT_CLI_COMMAND_COUNT + 40];
        if (!ht_cli_option_belongs((enum ht_cli_option_id)id, command)) {
            continue;
        }
        if (option->short_name != 0) {
            (void)snprintf(name, sizeof name, "-%c", option->short_name);
            zsh_spec(out, name, ht_cli_option_takes_word(option) ? "+" : "",
                     (enum ht_cli_option_id)id, command);
        }
        if (option->long_name != NULL) {
            (void)snprintf(name, sizeof name, "--%s", option->long_name);
            zsh_spec(out, name, ht_cli_option_takes_word(option) ? "=" : "",
                     (enum ht_cli_option_id)id, command);
        }
    }
}

static void zsh_command(FILE *out, enum ht_cli_command command) {
    (void)fprintf(out, "    %s)\n        _arguments -s -S", ht_cli_command_info(command)->name);
    zsh_options(out, command);
    switch (command) {
    case HT_CLI_COMPLETION:
        (void)fputs(" \\\n        '1:shell:(", out);
        put_words(out, ht_cli_shells);
        (void)fputs(")'", out);
        break;
    case HT_CLI_HELP:
        (void)fputs(" \\\n        '1:command:(", out);
        put_commands(out);
        (void)fputs(")'", out);
        break;
    case HT_CLI_EXPLAIN:
        (void)fputs(" \\\n        '*:word:(", out);
        put_topics(out);
        (void)fputs(")'", out);
        break;
    case HT_CLI_KQL:
        break;
    case HT_CLI_ARCHIVE:
        (void)fputs(" \\\n        '1:action:(", out);
        put_words(out, ht_cli_archive_actions);
        (void)fputs(")' \\\n        '*:archive:_files'", out);
        break;
    case HT_CLI_DEVICE:
        (void)fputs(" \\\n        '1:device id: ' \\\n        '*:log:_files'", out);
        break;
    case HT_CLI_SIMULATE:
        (void)fputs(" \\\n        '1:scenario:{ compadd -- ", out);
        put_scenarios(out);
        (void)fputs("; _files }'", out);
        break;
    default:
        (void)fputs(" \\\n        '*:log:_files'", out);
        break;
    }
    (void)fputs("\n        ;;\n", out);
}

/* A function that completes a word and, behind '=', a path. */
static void zsh_output(FILE *out, const char *function, const char *const *words) {
    (void)fprintf(out,
                  "%s() {\n"
                  "    if compset -P '*='; then\n"
                  "        _files\n"
                  "    else\n"
                  "        compadd -S '' -- ",
                  function);
    put_words(out, words);
    (void)fputs("\n    fi\n}\n", out);
}

static void put_zsh(FILE *out) {
    (void)fputs("#compdef hubtriage\n"
                "# zsh completion for hubtriage, written by \"hubtriage completion zsh\"\n",
                out);
    zsh_output(out, "_hubtriage_output", ht_cli_formats);
    zsh_output(out, "_hubtriage_shape", ht_cli_shapes);
    (void)fputs("_hubtriage() {\n"
                "    local curcontext=$curcontext state line\n"
                "    typeset -A opt_args\n"
                "    local -a commands=(",
                out);
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        const struct ht_cli_command_info *info = ht_cli_command_info((enum ht_cli_command)i);
        (void)fprintf(out, "\n        '%s:", info->name);
        zsh_text(out, info->summary);
        (void)fputc('\'', out);
    }
    (void)fputs("\n    )\n    _arguments -C -S", out);
    zsh_options(out, HT_CLI_TOP);
    (void)fputs(" \\\n        '1:command:->command' \\\n        '*::argument:->argument'\n"
                "    case $state in\n"
                "    command)\n"
                "        _describe command commands\n"
                "        return\n"
                "        ;;\n"
                "    argument) ;;\n"
                "    *) return ;;\n"
                "    esac\n"
                "    case $words[1] in\n",
                out);
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        zsh_command(out, (enum ht_cli_command)i);
    }
    (void)fputs("    esac\n"
                "}\n"
                "if [[ $funcstack[1] == _hubtriage ]]; then\n"
                "    _hubtriage \"$@\"\n"
                "else\n"
                "    compdef _hubtriage hubtriage\n"
                "fi\n",
                out);
}

/* fish */

static void fish_text(FILE *out, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\') {
            (void)fputc('\\', out);
        }
        (void)fputc(*text, out);
    }
}

/* The condition under which the completions of a command apply. */
static void fish_condition(FILE *out, enum ht_cli_command command) {
    if (command == HT_CLI_TOP) {
        (void)fputs("complete -c hubtriage -n __fish_use_subcommand", out);
    } else {
        (void)fprintf(out, "complete -c hubtriage -n '__fish_seen_subcommand_from %s'",
                      ht_cli_command_info(command)->name);
    }
}

static void fish_option(FILE *out, enum ht_cli_command command, enum ht_cli_option_id id) {
    const struct ht_cli_option *option = ht_cli_option(id);
    fish_condition(out, command);
    if (option->short_name != 0) {
        (void)fprintf(out, " -s %c", option->short_name);
    }
    if (option->long_name != NULL) {
        (void)fprintf(out, " -l %s", option->long_name);
    }
    if (ht_cli_option_takes_word(option)) {
        (void)fputs(names_file(option) ? " -rF" : " -x", out);
    }
    if (option->choices != NULL) {
        (void)fputs(" -a '", out);
        put_words(out, ht_cli_option_choices(id, command));
        (void)fputc('\'', out);
    }
    (void)fputs(" -d '", out);
    fish_text(out, ht_cli_option_summary(id, command));
    (void)fputs("'\n", out);
}

static void put_fish(FILE *out) {
    (void)fputs("# fish completion for hubtriage, written by \"hubtriage completion fish\"\n"
                "complete -c hubtriage -f\n",
                out);
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        const struct ht_cli_command_info *info = ht_cli_command_info((enum ht_cli_command)i);
        fish_condition(out, HT_CLI_TOP);
        (void)fprintf(out, " -a %s -d '", info->name);
        fish_text(out, info->summary);
        (void)fputs("'\n", out);
    }
    for (int i = HT_CLI_TOP; i < HT_CLI_COMMAND_COUNT; i++) {
        for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
            if (ht_cli_option_belongs((enum ht_cli_option_id)id, (enum ht_cli_command)i)) {
                fish_option(out, (enum ht_cli_command)i, (enum ht_cli_option_id)id);
            }
        }
    }
    fish_condition(out, HT_CLI_REPORT);
    (void)fputs(" -F\n", out);
    fish_condition(out, HT_CLI_CHECK);
    (void)fputs(" -F\n", out);
    fish_condition(out, HT_CLI_SIMULATE);
    (void)fputs(" -F -a '", out);
    put_scenarios(out);
    (void)fputs("'\n", out);
    fish_condition(out, HT_CLI_DEVICE);
    (void)fputs(" -F\n", out);
    fish_condition(out, HT_CLI_ARCHIVE);
    (void)fputs(" -F -a '", out);
    put_words(out, ht_cli_archive_actions);
    (void)fputs("'\n", out);
    fish_condition(out, HT_CLI_EXPLAIN);
    (void)fputs(" -a '", out);
    put_topics(out);
    (void)fputs("'\n", out);
    fish_condition(out, HT_CLI_COMPLETION);
    (void)fputs(" -a '", out);
    put_words(out, ht_cli_shells);
    (void)fputs("'\n", out);
    fish_condition(out, HT_CLI_HELP);
    (void)fputs(" -a '", out);
    put_commands(out);
    (void)fputs("'\n", out);
}

void ht_cli_completion(FILE *out, size_t shell) {
    switch (shell) {
    case BASH:
        put_bash(out);
        break;
    case ZSH:
        put_zsh(out);
        break;
    default:
        put_fish(out);
        break;
    }
}
