/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <string.h>

const char *const ht_cli_formats[] = {"text", "json", "ndjson", "md",   "csv",
                                      "tsv",  "prom", "html",   "mail", NULL};
/* Of commands that have less to say; they begin like the ones above. */
static const char *const few_formats[] = {"text", "json", "ndjson", NULL};
static const char *const check_formats[] = {"text", "json", NULL};
const char *const ht_cli_shapes[] = {
    "jsonl",
    "jsonl-object",
    "jsonl-keys",
    "crlf",
    "records",
    "records-lines",
    "array",
    "az",
    "az-columns",
    "pretty",
    "eventhubs",
    "workspace-export",
    "powershell",
    "jsonc",
    "opsmon",
    "event-grid",
    "csv-portal",
    "csv-8",
    "csv-powershell",
    "tsv",
    "rest-tables",
    "rest-columns-last",
    "kusto1",
    "kusto2",
    NULL,
};
const char *const ht_cli_levels[] = {"note", "warning", "error", "new", NULL};
const char *const ht_cli_archive_actions[] = {"info", "verify", "prune", "merge", NULL};
const char *const ht_cli_emits[] = {"disconnects", "devices", "incidents", "sessions",
                                    "findings",    "causes",  "hubs",      "cadences",
                                    "rules",       "inputs",  NULL};
const char *const ht_cli_date_orders[] = {"dmy", "mdy", "ymd", NULL};
const char *const ht_cli_color_words[] = {"auto", "always", "never", NULL};
const char *const ht_cli_shells[] = {"bash", "zsh", "fish", NULL};

enum {
    IN_TOP = 1 << HT_CLI_TOP,
    IN_REPORT = 1 << HT_CLI_REPORT,
    IN_DEVICE = 1 << HT_CLI_DEVICE,
    IN_CHECK = 1 << HT_CLI_CHECK,
    IN_EXPLAIN = 1 << HT_CLI_EXPLAIN,
    IN_KQL = 1 << HT_CLI_KQL,
    IN_SIMULATE = 1 << HT_CLI_SIMULATE,
    IN_ANALYSIS = IN_REPORT | IN_DEVICE,
    IN_READING = IN_ANALYSIS | IN_CHECK,  /* commands that read logs */
    IN_WRITING = IN_READING | IN_EXPLAIN, /* commands that write in several formats */
    IN_ARCHIVE = 1 << HT_CLI_ARCHIVE,
    IN_HELP = 1 << HT_CLI_HELP,
    IN_ALL = (1 << HT_CLI_COMMAND_COUNT) - 1,
};

static const struct ht_cli_option options[HT_CLI_OPTION_COUNT] = {
#define OPTION(id, commands, group, short_name, long_name, value, choices, summary, detail) \
    {commands, HT_CLI_GROUP_##group, short_name, long_name, value, choices, summary, detail},
#include "cli/options.def"
#undef OPTION
};

static const struct ht_cli_command_info commands[HT_CLI_COMMAND_COUNT] = {
    [HT_CLI_TOP] = {"", "", "why did these Azure IoT Hub devices disconnect?", ""},
    [HT_CLI_REPORT] =
        {"report", "[OPTIONS] [FILE|DIR|-]...", "read logs, attribute every disconnect to a cause",
         "Read the logs named, correlate what happened to each connection, attribute every "
         "disconnect to a cause, and report. Directories are read recursively, hidden entries "
         "passed over; - is standard input, which is also read when nothing is named and it is not "
         "a terminal. The format is seen from the content, never from the name."},
    [HT_CLI_DEVICE] =
        {"device", "ID [OPTIONS] [FILE|DIR|-]...",
         "one device: its sessions, verdicts and evidence",
         "Read the logs named, as report does, and show the time line of the device whose id is "
         "ID, or of the module ID/MODULE: up and down over time, each session with its connect "
         "and end, refused connects, the verdict, each fact used with its weight, and the "
         "incident that it belongs to, so that it can be checked by eye. All devices are read, "
         "since incidents and lifetimes of tokens show only in all of them. When several hubs "
         "have the id, each is shown; --hub chooses one. Sessions that are alike are told "
         "together, and long lists shortened, unless -v is given."},
    [HT_CLI_CHECK] = {"check", "[OPTIONS] [FILE|DIR|-]...", "what is this input, and is it whole?",
                      "Read the logs named, as report does, and say what they are and whether they "
                      "are whole, without looking for causes: shape, hubs, categories, span, bad "
                      "records, missing hours, what is there twice, exports that were probably "
                      "cut, and what to do about each. Exits with 3 when something is wrong with "
                      "the input."},
    [HT_CLI_EXPLAIN] =
        {"explain", "CODE|WORD... | --list", "what a code, a cause or a finding means; what to do",
         "Say what a result code of IoT Hub (404104, or its name), a cause, a class or a finding "
         "of a report means, how hubtriage tells it, how to confirm it, what to do on the device "
         "and as an operator, and where Microsoft writes about it. --list names them all. Needs "
         "no input and no network."},
    [HT_CLI_KQL] =
        {"kql", "[OPTIONS]", "a script that fetches the logs, with the query in it",
         "Print a shell script that fetches what report reads with the Azure CLI (az): from a Log "
         "Analytics workspace, in as many pieces as keep each below the caps of an answer, or from "
         "the storage account to which the logs are archived. The query in it, to be pasted in the "
         "portal too, has exactly the columns that hubtriage uses; --list says what each is for. "
         "The default is the last 24 hours of all hubs. Needs no input and no network itself."},
    [HT_CLI_SIMULATE] =
        {"simulate", "SCENARIO [OPTIONS] | --list [SCENARIO]",
         "an invented log, with the truth about it",
         "Write the log of an invented fleet: a drill for alerting, or input to try things with. "
         "SCENARIO is the name of one that is built in (--list), or a file (with a '/' in its name "
         "or .yaml at the end), as hubtriage-scenario(5) describes. The log goes to standard "
         "output as archive blobs have it (jsonl), or as -o says. The same scenario, seed and "
         "options give the same bytes everywhere. Needs no input and no network."},
    [HT_CLI_ARCHIVE] =
        {"archive", "info|verify|prune|merge --state FILE [FILE]...",
         "look after the archive of scheduled runs",
         "Look after an archive that report --state keeps (hubtriage-archive(5)). info says what "
         "is in it. verify reads every byte that means something and checks it. prune drops what "
         "is older than --retention, and makes the file smaller. merge takes over all that other "
         "archives hold, so that a report is that of one run over everything; --state FILE is "
         "made when it is not there."},
    [HT_CLI_COMPLETION] =
        {"completion", "bash|zsh|fish", "print the completion for a shell",
         "Print the completion for a shell. For one session: source <(hubtriage completion bash). "
         "make install puts all three where the shells look for them."},
    [HT_CLI_HELP] = {"help", "[--man] [COMMAND]", "print the help of a command, or the man page",
                     "Print the whole help of a command, or of the program; with --man the man "
                     "page."},
};

const struct ht_cli_command_info *ht_cli_command_info(enum ht_cli_command command) {
    return &commands[command];
}

bool ht_cli_command_reads(enum ht_cli_command command) {
    return ((unsigned)IN_READING >> command & 1U) != 0;
}

size_t ht_cli_command_words(enum ht_cli_command command) {
    return command == HT_CLI_DEVICE || command == HT_CLI_ARCHIVE ? 1 : 0;
}

bool ht_cli_command_find(const char *name, enum ht_cli_command *command) {
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i].name) == 0) {
            *command = (enum ht_cli_command)i;
            return true;
        }
    }
    return false;
}

const char *ht_cli_group_name(enum ht_cli_group group) {
    static const char *const names[HT_CLI_GROUP_COUNT] = {"Selection",  "Input",   "Output",
                                                          "Simulation", "Archive", "Exit status",
                                                          "Limits",     "General"};
    return names[group];
}

const struct ht_cli_option *ht_cli_option(enum ht_cli_option_id id) {
    return &options[id];
}

const char *ht_cli_option_summary(enum ht_cli_option_id id, enum ht_cli_command command) {
    if (command == HT_CLI_KQL && id == HT_CLI_OPT_LIST) {
        return "the columns, and what each is for";
    }
    if (command == HT_CLI_SIMULATE) {
        switch (id) {
        case HT_CLI_OPT_OUTPUT:
            return "the log's shape (jsonl), to stdout or PATH";
        case HT_CLI_OPT_SINCE:
            return "the log's first moment";
        case HT_CLI_OPT_LIST:
            return "the scenarios, or the file of one";
        default:
            break;
        }
    }
    return options[id].summary;
}

const char *const *ht_cli_option_choices(enum ht_cli_option_id id, enum ht_cli_command command) {
    if (id == HT_CLI_OPT_OUTPUT) {
        switch (command) {
        case HT_CLI_SIMULATE:
            return ht_cli_shapes;
        case HT_CLI_CHECK:
            return check_formats;
        case HT_CLI_DEVICE:
        case HT_CLI_EXPLAIN:
            return few_formats;
        default:
            break;
        }
    }
    return options[id].choices;
}

bool ht_cli_option_belongs(enum ht_cli_option_id id, enum ht_cli_command command) {
    return (options[id].commands >> command & 1U) != 0;
}

bool ht_cli_option_takes_word(const struct ht_cli_option *option) {
    return option->value != NULL && option->value[0] != '[';
}

bool ht_cli_option_repeats(enum ht_cli_option_id id) {
    return id == HT_CLI_OPT_OUTPUT || id == HT_CLI_OPT_SET;
}

bool ht_cli_option_is_settable(enum ht_cli_option_id id, enum ht_cli_command command) {
    switch (id) {
    case HT_CLI_OPT_CONFIG:
    case HT_CLI_OPT_HELP:
    case HT_CLI_OPT_HELP_SHORT:
    case HT_CLI_OPT_LIST:
    case HT_CLI_OPT_VERSION:
        return false;
    case HT_CLI_OPT_OUTPUT:
    case HT_CLI_OPT_EMIT:
        return command == HT_CLI_REPORT;
    default:
        return ht_cli_option_belongs(HT_CLI_OPT_CONFIG, command) &&
               ht_cli_option_belongs(id, command);
    }
}

bool ht_cli_option_is_setting(enum ht_cli_option_id id) {
    int command = 0;
    while (command < HT_CLI_COMMAND_COUNT &&
           !ht_cli_option_is_settable(id, (enum ht_cli_command)command)) {
        command++;
    }
    return command < HT_CLI_COMMAND_COUNT;
}

enum ht_cli_option_id ht_cli_option_find_long(const char *name, size_t len) {
    int id = 0;
    while (id < HT_CLI_OPTION_COUNT &&
           (options[id].long_name == NULL || strlen(options[id].long_name) != len ||
            memcmp(options[id].long_name, name, len) != 0)) {
        id++;
    }
    return (enum ht_cli_option_id)id;
}

enum ht_cli_option_id ht_cli_option_find_short(char name) {
    int id = 0;
    while (id < HT_CLI_OPTION_COUNT && (name == '\0' || options[id].short_name != name)) {
        id++;
    }
    return (enum ht_cli_option_id)id;
}
