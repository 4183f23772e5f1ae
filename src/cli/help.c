/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

#include <string.h>

#include "cli/manual.h"
#include "hubtriage/hubtriage.h"

enum { COLUMNS_MAX = 80, SUMMARY_COLUMN = 31 };

const char *ht_cli_option_text(const struct ht_cli_option *option,
                               char out[HT_CLI_OPTION_TEXT_BYTES]) {
    char short_text[8] = "";
    if (option->short_name != 0) {
        (void)snprintf(short_text, sizeof short_text, "-%c%s", option->short_name,
                       option->long_name != NULL ? ", " : "");
    }
    (void)snprintf(out, HT_CLI_OPTION_TEXT_BYTES, "%s%s%s%s%s", short_text,
                   option->long_name != NULL ? "--" : "",
                   option->long_name != NULL ? option->long_name : "",
                   ht_cli_option_takes_word(option) ? " " : "",
                   option->value != NULL ? option->value : "");
    return out;
}

static void print_usage(FILE *out, enum ht_cli_command command) {
    const char *lead = "Usage:";
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        if (command == HT_CLI_TOP || command == (enum ht_cli_command)i) {
            const struct ht_cli_command_info *info = ht_cli_command_info((enum ht_cli_command)i);
            (void)fprintf(out, "%s hubtriage %s %s\n", lead, info->name, info->operands);
            lead = "      ";
        }
    }
    if (command == HT_CLI_TOP) {
        (void)fprintf(out, "%s hubtriage --version [--verbose]\n", lead);
    }
}

static void print_commands(FILE *out) {
    (void)fputs("\nCommands:\n", out);
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        const struct ht_cli_command_info *info = ht_cli_command_info((enum ht_cli_command)i);
        (void)fprintf(out, "  %-12s %s\n", info->name, info->summary);
    }
}

static void print_option_line(FILE *out, enum ht_cli_option_id id, enum ht_cli_command command) {
    const struct ht_cli_option *option = ht_cli_option(id);
    char text[HT_CLI_OPTION_TEXT_BYTES];
    (void)fprintf(out, "  %s%-*s%s\n", option->short_name != 0 ? "" : "    ",
                  SUMMARY_COLUMN - (option->short_name != 0 ? 2 : 6),
                  ht_cli_option_text(option, text), ht_cli_option_summary(id, command));
}

/* Calls print for each option of the command, under the names of their groups. */
static void print_options(FILE *out, enum ht_cli_command command,
                          void (*print)(FILE *out, enum ht_cli_option_id id,
                                        enum ht_cli_command command)) {
    for (int group = 0; group < HT_CLI_GROUP_COUNT; group++) {
        bool named = false;
        for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
            const struct ht_cli_option *option = ht_cli_option((enum ht_cli_option_id)id);
            if ((int)option->group != group ||
                !ht_cli_option_belongs((enum ht_cli_option_id)id, command)) {
                continue;
            }
            if (!named) {
                (void)fprintf(out, "\n%s:\n", ht_cli_group_name((enum ht_cli_group)group));
                named = true;
            }
            print(out, (enum ht_cli_option_id)id, command);
        }
    }
}

void ht_cli_help_short(FILE *out, enum ht_cli_command command) {
    const struct ht_cli_command_info *info = ht_cli_command_info(command);
    (void)fprintf(out, "hubtriage %s%s- %s\n\n", info->name, command == HT_CLI_TOP ? "" : " ",
                  info->summary);
    print_usage(out, command);
    if (command == HT_CLI_TOP) {
        print_commands(out);
    }
    print_options(out, command, print_option_line);
    if (command == HT_CLI_TOP) {
        (void)fputs("\nMore: hubtriage report -h, hubtriage --help, man hubtriage\n", out);
    } else if (ht_cli_command_reads(command) || command == HT_CLI_EXPLAIN ||
               command == HT_CLI_KQL) {
        (void)fprintf(out, "\nMore: hubtriage %s --help, man hubtriage\n", info->name);
    }
}

/* Fills lines up to COLUMNS_MAX; an empty line in the text starts a paragraph. */
static void print_wrapped(FILE *out, size_t indent, const char *text) {
    size_t column = 0;
    while (*text != '\0') {
        if (*text == '\n') {
            (void)fputs(column > 0 ? "\n\n" : "", out);
            column = 0;
            text += strspn(text, "\n");
            continue;
        }
        const size_t len = strcspn(text, " \n");
        if (column > 0 && column + 1 + len > COLUMNS_MAX) {
            (void)fputc('\n', out);
            column = 0;
        }
        if (column == 0) {
            (void)fprintf(out, "%*s", (int)indent, "");
            column = indent;
        } else {
            (void)fputc(' ', out);
            column++;
        }
        (void)fprintf(out, "%.*s", (int)len, text);
        column += len;
        text += len;
        text += *text == ' ';
    }
    (void)fputs(column > 0 ? "\n" : "", out);
}

static void print_option_paragraph(FILE *out, enum ht_cli_option_id id,
                                   enum ht_cli_command command) {
    const struct ht_cli_option *option = ht_cli_option(id);
    char text[HT_CLI_OPTION_TEXT_BYTES];
    (void)fprintf(out, "  %s\n", ht_cli_option_text(option, text));
    (void)command;
    print_wrapped(out, 6, option->detail);
}

/* Lines of a command, each behind the same indent. */
static void print_lines(FILE *out, const char *text) {
    while (*text != '\0') {
        const size_t len = strcspn(text, "\n");
        (void)fprintf(out, "    %.*s\n", (int)len, text);
        text += len;
        text += *text == '\n';
    }
}

/* An example of that command; the top has all. */
static bool is_example_of(const struct ht_cli_example *example, enum ht_cli_command command) {
    char start[64];
    (void)snprintf(start, sizeof start, "hubtriage %s", ht_cli_command_info(command)->name);
    return command == HT_CLI_TOP || strstr(example->command, start) != NULL;
}

static void print_examples(FILE *out, enum ht_cli_command command) {
    bool titled = false;
    for (const struct ht_cli_example *example = ht_cli_examples; example->purpose != NULL;
         example++) {
        if (is_example_of(example, command)) {
            (void)fputs(titled ? "" : "\nExamples:\n", out);
            titled = true;
            print_wrapped(out, 2, example->purpose);
            print_lines(out, example->command);
        }
    }
}

static void print_terms(FILE *out, const char *title, const struct ht_cli_term *terms) {
    (void)fprintf(out, "\n%s:\n", title);
    for (; terms->name != NULL; terms++) {
        (void)fprintf(out, "  %s\n", terms->name);
        print_wrapped(out, 6, terms->text);
    }
}

void ht_cli_help_long(FILE *out, enum ht_cli_command command) {
    const struct ht_cli_command_info *info = ht_cli_command_info(command);
    (void)fprintf(out, "hubtriage %s%s- %s\n\n", info->name, command == HT_CLI_TOP ? "" : " ",
                  info->summary);
    print_usage(out, command);
    (void)fputc('\n', out);
    if (command == HT_CLI_TOP) {
        print_wrapped(out, 0, ht_cli_description);
        print_commands(out);
    } else {
        print_wrapped(out, 0, info->detail);
    }
    print_examples(out, command);
    print_options(out, command, print_option_paragraph);
    if (command == HT_CLI_CHECK) {
        print_terms(out, "Exit status", ht_cli_status_terms);
    } else if (command == HT_CLI_TOP || command == HT_CLI_REPORT || command == HT_CLI_DEVICE) {
        print_terms(out, "Formats", ht_cli_output_terms);
        print_terms(out, "Exit status", ht_cli_status_terms);
        print_terms(out, "Environment", ht_cli_variable_terms);
    }
}
