/* SPDX-License-Identifier: MIT */
/*
 * `hubtriage kql`: a shell script that fetches logs with the Azure CLI, with the query in it. Times
 * and the name of a hub are all that comes from outside; a name has letters, digits and hyphens
 * alone, so that nothing needs quoting for the shell, for Kusto or in a pattern.
 */
#include "cli/kql_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/messages.h"
#include "cli/output.h"

enum {
    US_PER_S = 1000000,
    S_PER_HOUR = 3600,
    S_PER_DAY = 24 * S_PER_HOUR,
    HUB_BYTES_MAX = 64,
    STAMP_BYTES = 32,
    DAYS_MAX = 12 * 366, /* no workspace keeps more */
    /* An answer holds 500,000 rows and some 100 MB; a row of ours seldom has more than 1 KB. */
    ROWS_MAX = 50000,
};

/* Workspaces in which a column was never filled do not have it, and one with 500 columns puts
 * further ones into AdditionalFields. */
static const struct ht_cli_kql_column columns[] = {
    {"TimeGenerated", NULL, "when it happened"},
    {"ResourceId", NULL, "the hub"},
    {"Category", NULL, "connections, or what else had an error"},
    {"OperationName", NULL, "connect or disconnect"},
    {"Level", NULL, "whether it was an error"},
    {"ResultType", NULL, "the code, such as 404104"},
    {"ResultDescription", NULL, "the name of the code"},
    {"properties_s", "column_ifexists(\"properties_s\", \"\")",
     "device, SDK, protocol, authentication, network, message"},
    {"AdditionalFields", "tostring(column_ifexists(\"AdditionalFields\", dynamic(null)))",
     "properties_s, when the table has too many columns"},
};

const struct ht_cli_kql_column *ht_cli_kql_column(size_t index) {
    return index < sizeof columns / sizeof columns[0] ? &columns[index] : NULL;
}

struct wanted {
    int64_t since_s;
    int64_t until_s;
    const char *hub; /* NULL = all */
};

static bool is_hub_name(const char *name) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
    const size_t len = strlen(name);
    return len > 0 && len <= HUB_BYTES_MAX && strspn(name, allowed) == len;
}

/* Whole seconds that hold the window. */
static enum ht_status take_wanted(const struct ht_cli_arguments *arguments,
                                  const struct ht_cli_surroundings *surroundings,
                                  struct wanted *wanted, struct ht_err *err) {
    struct ht_cli_settings settings;
    const enum ht_status status = ht_cli_settings_make(arguments, surroundings, &settings, err);
    if (status != HT_OK) {
        return status;
    }
    const struct ht_options *options = &settings.analysis;
    const int64_t until_us =
        options->until_us != HT_TIME_NONE ? options->until_us : settings.archive.now_us;
    const int64_t since_us = options->since_us != HT_TIME_NONE
                                 ? options->since_us
                                 : until_us - (int64_t)S_PER_DAY * US_PER_S;
    *wanted = (struct wanted){.since_s = since_us / US_PER_S,
                              .until_s = (until_us + US_PER_S - 1) / US_PER_S,
                              .hub = options->hub};
    if (arguments->operand_count > 0) {
        return ht_cli_usage(err, "kql takes no operands: '%.100s'", arguments->operands[0]);
    }
    if (since_us < 0 || since_us >= until_us) {
        return ht_cli_usage(err, "the window is empty: it begins at or after its end");
    }
    if (wanted->until_s - wanted->since_s > (int64_t)DAYS_MAX * S_PER_DAY) {
        return ht_cli_usage(err, "the window is longer than %d days", DAYS_MAX);
    }
    if (options->hub != NULL && !is_hub_name(options->hub)) {
        return ht_cli_usage(err, "--hub: '%.100s' is no name of a hub: letters, digits and hyphens",
                            options->hub);
    }
    return HT_OK;
}

static const char *stamp(int64_t time_s, const char *format, char out[STAMP_BYTES]) {
    const time_t time = (time_t)time_s;
    struct tm parts;
    out[0] = '\0';
    if (gmtime_r(&time, &parts) != NULL) {
        (void)strftime(out, STAMP_BYTES, format, &parts);
    }
    return out;
}

static void print_query(FILE *out, const struct wanted *wanted) {
    static const char format[] = "%Y-%m-%dT%H:%M:%SZ";
    char since[STAMP_BYTES];
    char until[STAMP_BYTES];
    (void)fprintf(out,
                  "AzureDiagnostics\n"
                  "| where TimeGenerated >= datetime(%s) and TimeGenerated < datetime(%s)\n"
                  "| where ResourceProvider == \"MICROSOFT.DEVICES\"\n",
                  stamp(wanted->since_s, format, since), stamp(wanted->until_s, format, until));
    if (wanted->hub != NULL) {
        (void)fprintf(out, "| where Resource =~ \"%s\"\n", wanted->hub);
    }
    (void)fputs("| where Category == \"Connections\" or toint(ResultType) >= 400000\n"
                "| project ",
                out);
    for (size_t i = 0; ht_cli_kql_column(i) != NULL; i++) {
        const struct ht_cli_kql_column *column = ht_cli_kql_column(i);
        (void)fprintf(out, "%s%s", i > 0 ? ",\n    " : "", column->name);
        if (column->expression != NULL) {
            (void)fprintf(out, " = %s", column->expression);
        }
    }
}

static void print_workspace(FILE *out, const struct wanted *wanted) {
    (void)fputs("query='", out);
    print_query(out, wanted);
    (void)fprintf(
        out,
        "'\n"
        "\n"
        "# The rows between two times in seconds since 1970.\n"
        "ask() {\n"
        "    from=$1 to=$2 more=$3\n"
        "    shift 3\n"
        "    az monitor log-analytics query --workspace \"$WORKSPACE\" --analytics-query \"$query\n"
        "| where TimeGenerated >= unixtime_seconds_todatetime($from)\n"
        "| where TimeGenerated < unixtime_seconds_todatetime($to)$more\" \"$@\"\n"
        "}\n"
        "\n"
        "# An answer is cut at 500,000 rows or 100 MB: what could be more is asked for in halves.\n"
        "fetch() {\n"
        "    rows=$(ask \"$1\" \"$2\" ' | count' --query '[0].Count' --output tsv)\n"
        "    case $rows in *[!0-9]* | '') echo \"no count: $rows\" >&2 && exit 1 ;; esac\n"
        "    if [ \"$rows\" -gt %d ] && [ $(($2 - $1)) -gt 1 ]; then\n"
        "        fetch \"$1\" $((($1 + $2) / 2))\n"
        "        fetch $((($1 + $2) / 2)) \"$2\"\n"
        "    elif [ \"$rows\" -ne 0 ]; then\n"
        "        ask \"$1\" \"$2\" '' --output json\n"
        "    fi\n"
        "}\n"
        "\n",
        ROWS_MAX);
}

/* The days under which an archive has the window. A record is filed when it arrives, which may be
 * an hour later. */
static void print_days(FILE *out, const struct wanted *wanted) {
    const char *lead = "days='";
    char day[STAMP_BYTES];
    for (int64_t at = wanted->since_s - wanted->since_s % S_PER_DAY;
         at < wanted->until_s + S_PER_HOUR; at += S_PER_DAY) {
        (void)fprintf(out, "%s%s", lead, stamp(at, "y=%Y/m=%m/d=%d", day));
        lead = "\n";
    }
    (void)fputs("'\n\n", out);
}

static void print_account(FILE *out, const struct wanted *wanted) {
    char hub[HUB_BYTES_MAX + 1] = "*"; /* paths of blobs are in capitals */
    for (size_t i = 0; wanted->hub != NULL && i <= strlen(wanted->hub); i++) {
        const char byte = wanted->hub[i];
        hub[i] = byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
    }
    print_days(out, wanted);
    (void)fprintf(out,
                  "# The blobs of each day, with their paths.\n"
                  "download() {\n"
                  "    mkdir -p insights-logs-connections\n"
                  "    for day in $days; do\n"
                  "        az storage blob download-batch --account-name \"$ACCOUNT\" --auth-mode "
                  "login --overwrite true \\\n"
                  "            --source insights-logs-connections --destination "
                  "insights-logs-connections \\\n"
                  "            --pattern \"resourceId=/*/IOTHUBS/%s/$day/*\" --output none\n"
                  "    done\n"
                  "}\n"
                  "\n",
                  hub);
}

static enum ht_status print_script(FILE *out, const void *ctx, struct ht_err *err) {
    const struct wanted *wanted = ctx;
    (void)err;
    char since[STAMP_BYTES];
    char until[STAMP_BYTES];
    static const char format[] = "%Y-%m-%d %H:%M:%S";
    (void)fprintf(
        out,
        "#!/bin/sh\n"
        "# The logs of %s%s from %s to %s UTC, for hubtriage report.\n"
        "#   WORKSPACE=ID sh SCRIPT >log.json   from the Log Analytics workspace with that "
        "customer id\n"
        "#   ACCOUNT=NAME sh SCRIPT             from that storage account, into "
        "insights-logs-connections/\n"
        "# Needs the Azure CLI, logged in (az login). In the portal, paste what is between "
        "the quotes.\n"
        "set -eu\n"
        "\n",
        wanted->hub != NULL ? "the hub " : "all hubs", wanted->hub != NULL ? wanted->hub : "",
        stamp(wanted->since_s, format, since), stamp(wanted->until_s, format, until));
    print_workspace(out, wanted);
    print_account(out, wanted);
    (void)fprintf(out,
                  "if [ -n \"${WORKSPACE:-}\" ]; then\n"
                  "    fetch %" PRId64 " %" PRId64 "\n"
                  "elif [ -n \"${ACCOUNT:-}\" ]; then\n"
                  "    download\n"
                  "else\n"
                  "    echo 'set WORKSPACE or ACCOUNT' >&2\n"
                  "    exit 2\n"
                  "fi\n",
                  wanted->since_s, wanted->until_s);
    return HT_OK;
}

static enum ht_status print_columns(FILE *out, const void *ctx, struct ht_err *err) {
    (void)ctx;
    (void)err;
    for (size_t i = 0; ht_cli_kql_column(i) != NULL; i++) {
        (void)fprintf(out, "%-18s %s\n", ht_cli_kql_column(i)->name, ht_cli_kql_column(i)->use);
    }
    return HT_OK;
}

enum ht_cli_exit ht_cli_kql_command(const struct ht_cli_arguments *arguments,
                                    const struct ht_cli_surroundings *surroundings) {
    struct wanted wanted;
    struct ht_err err = {.status = HT_OK};
    ht_cli_print_fn *print = arguments->given[HT_CLI_OPT_LIST] ? print_columns : print_script;
    if (take_wanted(arguments, surroundings, &wanted, &err) != HT_OK ||
        ht_cli_output_page(print, &wanted, &err) != HT_OK) {
        ht_cli_say_err(&err);
        return HT_CLI_EXIT_FAILED;
    }
    return HT_CLI_EXIT_DONE;
}
