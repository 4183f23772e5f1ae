/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_OPTIONS_H
#define HT_CLI_OPTIONS_H
/* The tables of commands and options: constant data, from which everything else is made. */
#include <stdbool.h>
#include <stddef.h>

enum ht_cli_command {
    HT_CLI_TOP = 0, /* none named (yet) */
    HT_CLI_REPORT,
    HT_CLI_DEVICE,
    HT_CLI_CHECK,
    HT_CLI_EXPLAIN,
    HT_CLI_KQL,
    HT_CLI_SIMULATE,
    HT_CLI_ARCHIVE,
    HT_CLI_COMPLETION,
    HT_CLI_HELP,
    HT_CLI_COMMAND_COUNT,
};

struct ht_cli_command_info {
    const char *name;     /* "" for HT_CLI_TOP */
    const char *operands; /* behind the name in a synopsis */
    const char *summary;
    const char *detail; /* sentences */
};

const struct ht_cli_command_info *ht_cli_command_info(enum ht_cli_command command);

/* It reads logs, named behind as many words as ht_cli_command_words() says. */
bool ht_cli_command_reads(enum ht_cli_command command);
size_t ht_cli_command_words(enum ht_cli_command command);

/* False when there is no such command. */
bool ht_cli_command_find(const char *name, enum ht_cli_command *command);

enum ht_cli_option_id {
#define OPTION(id, commands, group, short_name, long_name, value, choices, summary, detail) \
    HT_CLI_OPT_##id,
#include "cli/options.def"
#undef OPTION
    HT_CLI_OPTION_COUNT,
};

enum ht_cli_group {
    HT_CLI_GROUP_SELECT = 0,
    HT_CLI_GROUP_INPUT,
    HT_CLI_GROUP_OUTPUT,
    HT_CLI_GROUP_SIMULATION,
    HT_CLI_GROUP_ARCHIVE,
    HT_CLI_GROUP_STATUS,
    HT_CLI_GROUP_LIMITS,
    HT_CLI_GROUP_GENERAL,
    HT_CLI_GROUP_COUNT,
};

const char *ht_cli_group_name(enum ht_cli_group group);

struct ht_cli_option {
    unsigned commands; /* bit 1 << command */
    enum ht_cli_group group;
    char short_name;       /* 0 = none */
    const char *long_name; /* NULL = none */
    const char *value; /* its name in the help, "[=FILE]" when it is optional; NULL for a switch */
    const char *const *choices; /* words ending in NULL; NULL = any value */
    const char *summary;
    const char *detail;
};

const struct ht_cli_option *ht_cli_option(enum ht_cli_option_id id);

bool ht_cli_option_belongs(enum ht_cli_option_id id, enum ht_cli_command command);

/* It may be given more than once, and each counts. */
bool ht_cli_option_repeats(enum ht_cli_option_id id);

/*
 * That command takes it from files and variables, too; some command does. simulate never does,
 * since the same command is to give the same bytes everywhere, and only report takes outputs, since
 * other commands would write over its files.
 */
bool ht_cli_option_is_settable(enum ht_cli_option_id id, enum ht_cli_command command);
bool ht_cli_option_is_setting(enum ht_cli_option_id id);

/* What it is in that command, in one phrase. */
const char *ht_cli_option_summary(enum ht_cli_option_id id, enum ht_cli_command command);

/* The words that its value may be in that command, ending in NULL; NULL = any value. */
const char *const *ht_cli_option_choices(enum ht_cli_option_id id, enum ht_cli_command command);

/* Its value may be the next word of the command line. False for a switch, and where the value is
 * optional ("[=FILE]"): it is then given in the same word, or not at all. */
bool ht_cli_option_takes_word(const struct ht_cli_option *option);

/* By its name without dashes; HT_CLI_OPTION_COUNT when there is none. Names are never shortened. */
enum ht_cli_option_id ht_cli_option_find_long(const char *name, size_t len);
enum ht_cli_option_id ht_cli_option_find_short(char name);

/* Values that are words; each list ends in NULL and agrees with the library's names, in order. */
extern const char *const ht_cli_formats[];
extern const char *const ht_cli_shapes[]; /* of simulated logs */
extern const char *const ht_cli_emits[];
extern const char *const ht_cli_levels[];
extern const char *const ht_cli_archive_actions[];
extern const char *const ht_cli_date_orders[]; /* in the order of enum ht_date_order, from DMY on */
extern const char *const ht_cli_color_words[]; /* in the order of enum ht_cli_color */
extern const char *const ht_cli_shells[];

enum ht_cli_color { HT_CLI_COLOR_AUTO = 0, HT_CLI_COLOR_ALWAYS, HT_CLI_COLOR_NEVER };

#endif
