/* SPDX-License-Identifier: MIT */
#include "cli/manual.h"

const char ht_cli_description[] =
    "hubtriage reads exported diagnostic (resource) logs of Azure IoT Hub, as a stream, and says "
    "for every disconnect, device and hub whether it was token expiry, a network idle timeout, a "
    "hub-wide transient, something else, or unknown, with evidence and a confidence. It uses no "
    "network and sends nothing anywhere.\n"
    "\n"
    "It reads what a storage account, an event hub, Log Analytics, Azure Data Explorer, "
    "PowerShell, "
    "the portal and Event Grid hand out: JSON in any arrangement, answers of query APIs, CSV and "
    "TSV, in any mixture and any order; in gzip, zstd or zip as well, and in UTF-16. A record that "
    "cannot be read is counted, and the rest goes on.";

const struct ht_cli_example ht_cli_examples[] = {
    {"Is the input what it should be?", "hubtriage check insights-logs-connections"},
    {"A container downloaded from a storage account:",
     "hubtriage report insights-logs-connections"},
    {"The last week from a Log Analytics workspace, in pieces below the caps of its answers:",
     "WORKSPACE=$ID sh -c \"$(hubtriage kql --since 7d)\" >log.json &&\n"
     "hubtriage report log.json"},
    {"The last week of one hub from the storage account that its logs are archived to:",
     "ACCOUNT=contosologs sh -c \"$(hubtriage kql --since 7d --hub contoso-hub)\" &&\n"
     "hubtriage report --since 7d insights-logs-connections"},
    {"Some devices, every table in full:",
     "hubtriage report --device '^pump-' --verbose insights-logs-connections"},
    {"One device: its sessions, and the reasons of each verdict:",
     "hubtriage device pump-017 insights-logs-connections"},
    {"What does this code, or this cause, mean, and what is to be done?",
     "hubtriage explain 404104 token-expiry"},
    {"Three reports in one pass, two of them files:",
     "hubtriage report -o text -o json=report.json -o ndjson=disconnects.ndjson \\\n"
     "  insights-logs-connections"},
    {"Devices by faults, for other programs:",
     "hubtriage report -o ndjson --emit devices insights-logs-connections |\n"
     "jq -r '[.faults, .hub, .device] | @tsv' | sort -rn >devices.tsv"},
    {"From cron, saying something only when it must:",
     "hubtriage report -q --since 24h --fail-on warning -o text=hubtriage.txt \\\n"
     "  insights-logs-connections || echo 'see hubtriage.txt'"},
    {"Every quarter of an hour: read what is new, report the last day, tell each fault once:",
     "hubtriage report -q --state hub.db --retention 90d --since 24h \\\n"
     "  --fail-on new -o text=hub.txt insights-logs-connections ||\n"
     "  echo 'see hub.txt'"},
    {"For a ticket, a spreadsheet and Prometheus:",
     "hubtriage report -o md=ticket.md -o csv=tables/ -o prom=hubtriage.prom \\\n"
     "  insights-logs-connections"},
    {"A drill: an invented bad night, and what really happened in it:",
     "hubtriage simulate mixed --seed 7 --truth truth.ndjson >night.jsonl"},
    {NULL, NULL},
};

const struct ht_cli_term ht_cli_output_terms[] = {
    {"text", "For people: the verdict first, then incidents, findings with what to do, causes, the "
             "worst devices, and what the log cannot tell."},
    {"json", "The whole report, time line or explanation as one document. Its JSON Schema is "
             "installed as share/hubtriage/report.schema.json, device.schema.json, "
             "check.schema.json or explain.schema.json; keys are only ever added."},
    {"ndjson", "One object a line: disconnects in order of time, or the table that --emit names; "
               "with device its sessions, with explain what is explained."},
    {"md", "The report for tickets and wikis, as Markdown that GitHub and Azure DevOps read."},
    {"csv", "One table, that of --emit, as RFC 4180 has it: a header line, a comma between cells, "
            "lines that end in CR LF. With a folder as PATH, every table as a file of its name. "
            "The columns are the keys of ndjson; those of an object are joined by a dot "
            "(by_cause.token-expiry), a list is one cell of JSON, and what is not known is empty. "
            "A text that a spreadsheet might take for a formula (it begins with = + - @ or their "
            "full-width forms, a tab or a carriage return), or that begins with ', has a ' before "
            "it: drop a leading ' to undo that. In texts a backslash is doubled, and "
            "control characters and invisible ones are \\t, \\n, \\r, \\xNN or \\u{NNNN}, so "
            "that a row is always one line."},
    {"tsv", "The same with tabs between the cells, without quotes, and lines that end in LF, as "
            "PostgreSQL and az read it: a backslash within JSON is doubled, too."},
    {"prom",
     "Metrics for the textfile collector of Prometheus: "
     "-o prom=/var/lib/node_exporter/hubtriage.prom. All are gauges of the window that was "
     "asked for, with the labels hub, class, cause, level, state and result. 50 hubs, those "
     "with the most devices, have series of their own; all else is hub=\"other\". "
     "hubtriage_last_event_timestamp_seconds tells how fresh the input is; a run that "
     "fails leaves the file of the run before."},
    {"html",
     "The report as one page for the browser, below 1 MB, for screen and paper: with charts, the "
     "time lines of the worst devices, and a table of all that can be sorted and filtered. It "
     "loads nothing, and all but that can be read without JavaScript. Of very many devices, those "
     "with least to tell are left out."},
    {"mail", "The text report at 72 columns, with the headers of a mail but for its addresses; the "
             "verdict is the subject: (echo 'To: NAME'; hubtriage report -o mail PATH) | sendmail "
             "-t -i."},
    {NULL, NULL},
};

const struct ht_cli_term ht_cli_status_terms[] = {
    {"0", "Done. A reader that closes the pipe early is no error."},
    {"1", "Done; there is a finding at or above --fail-on."},
    {"2", "Wrong usage, nothing readable, no such device, or an output that could not be "
          "written."},
    {"3", "Done, but some input could not be read or was left out at a ceiling, more than "
          "--max-bad percent of the records were bad, an export looks cut, or no event is within "
          "the window and selection; with check also: hours are missing, or there is nothing in it "
          "for a report."},
    {"4", "Another run has the archive (--lock-timeout); nothing was done."},
    {"130", "Stopped by SIGINT, SIGTERM or SIGHUP. No file is left half-written."},
    {NULL, NULL},
};

const struct ht_cli_term ht_cli_variable_terms[] = {
    {"NO_COLOR", "When set and not empty, --color auto gives no colours."},
    {"TERM", "When dumb or not set, --color auto gives no colours, there is no progress line, and "
             "charts are ASCII."},
    {"LC_ALL, LC_CTYPE, LANG", "The first that is set: when it names UTF-8, charts on standard "
                               "output are of Unicode blocks, else of ASCII characters."},
    {"COLUMNS", "The width of text on standard output, unless --width is given."},
    {"SOURCE_DATE_EPOCH",
     "Seconds since 1970 that take the place of the clock, unless --now is given."},
    {"HUBTRIAGE_<OPTION>", "The value of an option that is not on the command line, such as "
                           "HUBTRIAGE_MAX_BAD=2; of a switch yes or no. See hubtriage.conf(5)."},
    {"XDG_CONFIG_HOME, HOME", "Where the user's file of settings is."},
    {NULL, NULL},
};

const struct ht_cli_term ht_cli_file_terms[] = {
    {"/etc/hubtriage.conf", "Settings for everybody, as hubtriage.conf(5) describes."},
    {"$XDG_CONFIG_HOME/hubtriage/config", "Settings of the user, before those for everybody; "
                                          "without the variable $HOME/.config/hubtriage/config."},
    {".hubtriage-XXXXXX", "The temporary name of an output file, in the folder where it will be."},
    {"FILE-journal",
     "Beside the archive FILE while a run writes to it. One that a killed run left behind is "
     "needed by the next run, which undoes what was not finished."},
    {NULL, NULL},
};
