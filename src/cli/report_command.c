/* SPDX-License-Identifier: MIT */
/* `hubtriage report`: the analysis, and messages about what could not be read. */
#include "cli/report_command.h"

#include "cli/messages.h"
#include "cli/quality.h"

static enum ht_status work(struct ht_cli_run *run, struct ht_analysis *analysis,
                           struct ht_err *err) {
    struct ht_report *report = NULL;
    const enum ht_status status = ht_analysis_run(analysis, &report, err);
    run->result = report;
    return status;
}

static enum ht_status write(const struct ht_cli_run *run, const struct ht_render_options *options,
                            const struct ht_sink *sink, struct ht_err *err) {
    return ht_report_write(run->result, options, sink, err);
}

static void say_news(const struct ht_cli_run *run) {
    const struct ht_archive_news *news = ht_analysis_news(run->analysis);
    char count[HT_CLI_COUNT_TEXT_BYTES];
    if (news == NULL || news->sources_replaced == 0 || run->settings.quiet) {
        return;
    }
    if (news->sources_replaced == 1) {
        ht_cli_say("%s: not the file that was read before, or cut short since; all of it was read",
                   news->replaced);
    } else {
        ht_cli_say("%s files are not those that were read before, or were cut short since; all of "
                   "them were read (first: %s)",
                   ht_cli_count_text(news->sources_replaced, count), news->replaced);
    }
}

static bool say(const struct ht_cli_run *run) {
    const struct ht_cli_quality_rules rules = {
        .max_bad_ppm = run->settings.max_bad_ppm,
        .quiet = run->settings.quiet,
        .verbose = run->settings.verbose,
    };
    say_news(run);
    return ht_cli_quality_say(ht_report_summary(run->result), &rules);
}

static bool has_finding(const struct ht_cli_run *run) {
    const struct ht_summary *summary = ht_report_summary(run->result);
    const struct ht_changes *changes = summary->changes;
    if (run->settings.fail_on_new && changes != NULL) {
        return changes->counts[HT_CHANGE_NEW_INCIDENT] + changes->counts[HT_CHANGE_NEW_FINDING] +
                   changes->counts[HT_CHANGE_NEW_DEVICE] >
               0;
    }
    for (size_t i = 0; i < summary->finding_count && run->settings.has_fail_on; i++) {
        if (!summary->findings[i].normal && summary->findings[i].level >= run->settings.fail_on) {
            return true;
        }
    }
    return false;
}

static enum ht_status commit(const struct ht_cli_run *run, struct ht_err *err) {
    return ht_analysis_commit(run->analysis, err);
}

static void release(void *result) {
    ht_report_free(result);
}

enum ht_cli_exit ht_cli_report_command(const struct ht_cli_arguments *arguments,
                                       const struct ht_cli_surroundings *surroundings) {
    static const struct ht_cli_job job = {.work = work,
                                          .write = write,
                                          .say = say,
                                          .has_finding = has_finding,
                                          .commit = commit,
                                          .release = release};
    return ht_cli_run(arguments, surroundings, &job);
}
