/* SPDX-License-Identifier: MIT */
#include "cli/archive_settings.h"

#include <string.h>

#include "cli/config.h"
#include "cli/messages.h"
#include "hubtriage/hubtriage.h"

#define LOCK_TIMEOUT_US INT64_C(10000000)

/* A span such as 90d, read as one before now. */
static enum ht_status set_span(const struct ht_cli_arguments *arguments, enum ht_cli_option_id id,
                               int64_t now_us, int64_t *span_us, struct ht_err *err) {
    int64_t time_us = 0;
    const char *text = arguments->value[id];
    if (!arguments->given[id]) {
        return HT_OK;
    }
    if (strspn(text, "0123456789") + 1 != strlen(text) ||
        ht_time_parse(text, now_us, &time_us, NULL) != HT_OK) {
        (void)ht_cli_usage(err, "--%s: '%.100s' is not a span such as 30s, 24h or 90d",
                           ht_cli_option(id)->long_name, text);
        return ht_cli_config_blame(arguments, id, err);
    }
    *span_us = now_us - time_us;
    return HT_OK;
}

static enum ht_status check_lonely(const struct ht_cli_arguments *arguments, struct ht_err *err) {
    static const enum ht_cli_option_id with_state[] = {HT_CLI_OPT_STATE_READ_ONLY,
                                                       HT_CLI_OPT_RETENTION,
                                                       HT_CLI_OPT_LOCK_TIMEOUT};
    for (size_t i = 0; i < sizeof with_state / sizeof *with_state; i++) {
        if (arguments->given[with_state[i]]) {
            (void)ht_cli_usage(err, "--%s is for an archive: add --state FILE",
                               ht_cli_option(with_state[i])->long_name);
            return ht_cli_config_blame(arguments, with_state[i], err);
        }
    }
    return HT_OK;
}

enum ht_status ht_cli_archive_settings(const struct ht_cli_arguments *arguments,
                                       struct ht_archive_options *archive, struct ht_err *err) {
    const char *path = arguments->value[HT_CLI_OPT_STATE];
    if (path == NULL || path[0] == '\0') {
        return path == NULL ? check_lonely(arguments, err) : HT_OK;
    }
    const bool device = arguments->command == HT_CLI_DEVICE;
    archive->path = path;
    archive->read_only = device || arguments->given[HT_CLI_OPT_STATE_READ_ONLY];
    archive->lock_timeout_us = LOCK_TIMEOUT_US;
    if (archive->read_only && arguments->operand_count > ht_cli_command_words(arguments->command)) {
        return ht_cli_usage(err, "%s looks at the archive alone: name no logs, or --state ''",
                            device ? "device --state" : "--state-read-only");
    }
    const enum ht_status status =
        set_span(arguments, HT_CLI_OPT_RETENTION, archive->now_us, &archive->retention_us, err);
    return status == HT_OK ? set_span(arguments, HT_CLI_OPT_LOCK_TIMEOUT, archive->now_us,
                                      &archive->lock_timeout_us, err)
                           : status;
}
