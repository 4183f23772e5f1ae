/* SPDX-License-Identifier: MIT */
#include "cli/program.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/archive_command.h"
#include "cli/check_command.h"
#include "cli/completion.h"
#include "cli/config.h"
#include "cli/device_command.h"
#include "cli/explain_command.h"
#include "cli/help.h"
#include "cli/kql_command.h"
#include "cli/man.h"
#include "cli/messages.h"
#include "cli/output.h"
#include "cli/report_command.h"
#include "cli/simulate_command.h"
#include "cli/values.h"
#include "cli/version.h"

/* Something to be printed, and what of it. */
struct page {
    void (*print)(FILE *out, const struct page *page);
    enum ht_cli_command command;
    size_t shell;
    bool verbose;
};

static void print_short_help(FILE *out, const struct page *page) {
    ht_cli_help_short(out, page->command);
}

static void print_long_help(FILE *out, const struct page *page) {
    ht_cli_help_long(out, page->command);
}

static void print_man(FILE *out, const struct page *page) {
    (void)page;
    ht_cli_man(out);
}

static void print_completion(FILE *out, const struct page *page) {
    ht_cli_completion(out, page->shell);
}

static void print_version(FILE *out, const struct page *page) {
    ht_cli_version(out, page->verbose);
}

static enum ht_status print(FILE *out, const void *ctx, struct ht_err *err) {
    const struct page *page = ctx;
    (void)err;
    page->print(out, page);
    return HT_OK;
}

static enum ht_cli_exit print_page(const struct page *page) {
    struct ht_err err = {.status = HT_OK};
    if (ht_cli_output_page(print, page, &err) != HT_OK) {
        ht_cli_say_err(&err);
        return HT_CLI_EXIT_FAILED;
    }
    return HT_CLI_EXIT_DONE;
}

static enum ht_cli_exit refuse(const struct ht_err *err) {
    ht_cli_say_err(err);
    return HT_CLI_EXIT_FAILED;
}

static enum ht_cli_exit completion_command(const struct ht_cli_arguments *arguments) {
    struct ht_err err;
    struct page page = {.print = print_completion};
    if (arguments->operand_count != 1) {
        (void)ht_cli_usage(&err, "name one shell: hubtriage completion %s",
                           ht_cli_command_info(HT_CLI_COMPLETION)->operands);
        return refuse(&err);
    }
    if (!ht_cli_parse_word(arguments->operands[0], ht_cli_shells, &page.shell)) {
        (void)ht_cli_usage(&err, "no completion for '%.100s'; there are bash, zsh and fish",
                           arguments->operands[0]);
        return refuse(&err);
    }
    return print_page(&page);
}

static enum ht_cli_exit help_command(const struct ht_cli_arguments *arguments) {
    struct ht_err err;
    struct page page = {.print = arguments->given[HT_CLI_OPT_MAN] ? print_man : print_long_help};
    if (arguments->operand_count > 1 ||
        (arguments->operand_count > 0 && arguments->given[HT_CLI_OPT_MAN])) {
        (void)ht_cli_usage(&err, "too many words: hubtriage help %s",
                           ht_cli_command_info(HT_CLI_HELP)->operands);
        return refuse(&err);
    }
    if (arguments->operand_count == 1 &&
        ht_cli_command_take(arguments->operands[0], &page.command, &err) != HT_OK) {
        return refuse(&err);
    }
    return print_page(&page);
}

static enum ht_cli_exit run_command(const struct ht_cli_arguments *arguments,
                                    const struct ht_cli_surroundings *surroundings) {
    switch (arguments->command) {
    case HT_CLI_REPORT:
        return ht_cli_report_command(arguments, surroundings);
    case HT_CLI_DEVICE:
        return ht_cli_device_command(arguments, surroundings);
    case HT_CLI_CHECK:
        return ht_cli_check_command(arguments, surroundings);
    case HT_CLI_EXPLAIN:
        return ht_cli_explain_command(arguments, surroundings);
    case HT_CLI_KQL:
        return ht_cli_kql_command(arguments, surroundings);
    case HT_CLI_SIMULATE:
        return ht_cli_simulate_command(arguments, surroundings);
    case HT_CLI_ARCHIVE:
        return ht_cli_archive_command(arguments, surroundings);
    case HT_CLI_COMPLETION:
        return completion_command(arguments);
    case HT_CLI_HELP:
        return help_command(arguments);
    case HT_CLI_TOP:
    case HT_CLI_COMMAND_COUNT:
        break;
    }
    ht_cli_help_short(stderr, HT_CLI_TOP);
    return HT_CLI_EXIT_FAILED;
}

static enum ht_cli_exit run(struct ht_cli_arguments *arguments,
                            const struct ht_cli_surroundings *surroundings) {
    struct page page = {
        .command = arguments->command,
        .verbose = arguments->given[HT_CLI_OPT_VERBOSE],
    };
    if (arguments->given[HT_CLI_OPT_HELP]) {
        page.print = print_long_help;
    } else if (arguments->given[HT_CLI_OPT_HELP_SHORT]) {
        page.print = print_short_help;
    } else if (arguments->given[HT_CLI_OPT_VERSION]) {
        page.print = print_version;
    }
    if (page.print != NULL) {
        return print_page(&page);
    }
    struct ht_cli_config config = {.paths = {NULL}};
    struct ht_err err = {.status = HT_OK};
    enum ht_cli_exit status = HT_CLI_EXIT_FAILED;
    if (ht_cli_config_apply(arguments, surroundings, &config, &err) == HT_OK) {
        status = run_command(arguments, surroundings);
    } else {
        ht_cli_say_err(&err);
    }
    ht_cli_config_release(&config);
    return status;
}

int ht_cli_program(int argc, char *const *argv, const struct ht_cli_surroundings *surroundings) {
    struct ht_cli_arguments arguments;
    struct ht_err err = {.status = HT_OK};
    enum ht_cli_exit status = HT_CLI_EXIT_FAILED;
    if (ht_cli_arguments_parse(argc, argv, &arguments, &err) == HT_OK) {
        status = run(&arguments, surroundings);
    } else {
        ht_cli_say_err(&err);
    }
    ht_cli_arguments_release(&arguments);
    return (int)status;
}
