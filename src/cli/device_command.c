/* SPDX-License-Identifier: MIT */
/* `hubtriage device`: the analysis of everything, and the time line of one device of it. */
#include "cli/device_command.h"

#include "cli/quality.h"

static enum ht_status work(struct ht_cli_run *run, struct ht_analysis *analysis,
                           struct ht_err *err) {
    struct ht_report *report = NULL;
    enum ht_status status = ht_analysis_run(analysis, &report, err);
    if (status == HT_OK) {
        run->result = report;
        status = ht_device_need(report, run->settings.analysis.device_id, err);
    }
    return status;
}

static enum ht_status write(const struct ht_cli_run *run, const struct ht_render_options *options,
                            const struct ht_sink *sink, struct ht_err *err) {
    return ht_device_write(run->result, options, sink, err);
}

static bool say(const struct ht_cli_run *run) {
    const struct ht_cli_quality_rules rules = {
        .max_bad_ppm = run->settings.max_bad_ppm,
        .quiet = run->settings.quiet,
        .verbose = run->settings.verbose,
    };
    return ht_cli_quality_say(ht_report_summary(run->result), &rules);
}

static void release(void *result) {
    ht_report_free(result);
}

enum ht_cli_exit ht_cli_device_command(const struct ht_cli_arguments *arguments,
                                       const struct ht_cli_surroundings *surroundings) {
    static const struct ht_cli_job job = {
        .work = work, .write = write, .say = say, .release = release};
    return ht_cli_run(arguments, surroundings, &job);
}
