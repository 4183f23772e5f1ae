/* SPDX-License-Identifier: MIT */
/* `hubtriage check`: what the input is. All there is to say stands in the output. */
#include "cli/check_command.h"

static enum ht_status work(struct ht_cli_run *run, struct ht_analysis *analysis,
                           struct ht_err *err) {
    struct ht_inventory *inventory = NULL;
    const enum ht_status status = ht_analysis_check(analysis, &inventory, err);
    run->result = inventory;
    return status;
}

static enum ht_status write(const struct ht_cli_run *run, const struct ht_render_options *options,
                            const struct ht_sink *sink, struct ht_err *err) {
    return ht_inventory_write(run->result, options, sink, err);
}

static bool is_wrong(const struct ht_cli_run *run) {
    return ht_inventory_summary(run->result)->wrong;
}

static void release(void *result) {
    ht_inventory_free(result);
}

enum ht_cli_exit ht_cli_check_command(const struct ht_cli_arguments *arguments,
                                      const struct ht_cli_surroundings *surroundings) {
    static const struct ht_cli_job job = {
        .work = work, .write = write, .say = is_wrong, .release = release};
    return ht_cli_run(arguments, surroundings, &job);
}
