/* SPDX-License-Identifier: MIT */
/* The public functions: options to a world, and back. */
#include "hubtriage/simulate.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "simulate/builtin.h"
#include "simulate/world.h"

#define DEFAULT_START_US (INT64_C(1741564800) * HT_US_PER_S)

enum { TRUTH_BYTES_MAX = 256 * 1024 * 1024 };
#define TEXTS_BYTES_MAX ((size_t)8 * 1024 * 1024 * 1024)

const struct ht_scenario *ht_scenario_at(size_t index) {
    return index < ht_sim_builtin_count ? &ht_sim_builtin[index] : NULL;
}

const struct ht_scenario *ht_scenario_find(const char *name) {
    for (size_t i = 0; i < ht_sim_builtin_count; i++) {
        if (strcmp(ht_sim_builtin[i].name, name) == 0) {
            return &ht_sim_builtin[i];
        }
    }
    return NULL;
}

const char *ht_log_shape_name(size_t shape) {
    return ht_sim_shape_name(shape);
}

static enum ht_status load(struct ht_sim_scenario *scenario,
                           const struct ht_simulate_options *options, struct ht_err *err) {
    const struct ht_str name = ht_str_from(options->name != NULL ? options->name : "scenario");
    const struct ht_str text = {options->text, options->text_len};
    enum ht_status status = ht_sim_scenario_load(scenario, name, text, err);
    for (size_t i = 0; i < options->setting_count && status == HT_OK; i++) {
        status = ht_sim_scenario_set(scenario, options->settings[i], err);
    }
    if (status == HT_OK) {
        status = ht_sim_scenario_read(scenario, err);
    }
    return status;
}

/* To the second: the stamps of a log without fractions are then what they would be. */
static int64_t start_of(const struct ht_simulate_options *options) {
    const int64_t start_us = options->start_us;
    if (start_us == 0 || start_us == HT_TIME_NONE) {
        return DEFAULT_START_US;
    }
    const int64_t over_us = start_us % HT_US_PER_S;
    return start_us - (over_us < 0 ? over_us + HT_US_PER_S : over_us);
}

static enum ht_status play(const struct ht_sim_scenario *scenario,
                           const struct ht_simulate_options *options, const struct ht_sink *log,
                           const struct ht_sink *truth, struct ht_err *err) {
    struct ht_sim_writer writer = {
        .shape = (enum ht_sim_shape)options->shape,
        .sink = log,
        .err = err,
        .digits = (unsigned)scenario->delivery.digits,
    };
    struct ht_sim_deliver deliver = {.options = scenario->delivery, .writer = &writer};
    const int64_t start_us = start_of(options);
    const int64_t span_us = (int64_t)(scenario->hours * HT_S_PER_HOUR * 1e6);
    struct ht_sim_world world = {
        .scenario = scenario,
        .deliver = &deliver,
        .truth = truth,
        .err = err,
        .start_us = start_us,
        .end_us = options->size_bytes > 0 ? HT_SIM_LAST_US : start_us + span_us,
        .span_us = span_us,
    };
    deliver.options.size_bytes = options->size_bytes;
    ht_arena_init(&world.texts, TEXTS_BYTES_MAX);
    ht_strbuf_init(&world.truth_lines, TRUTH_BYTES_MAX);
    ht_sim_rng_seed(&world.rng, options->seed, 1);
    ht_sim_deliver_begin(&deliver, options->seed);
    enum ht_status status = ht_sim_cast_make(&world);
    if (status == HT_OK) {
        status = ht_sim_world_run(&world);
    }
    ht_sim_world_release(&world);
    ht_sim_deliver_release(&deliver);
    ht_sim_writer_release(&writer);
    return status;
}

enum ht_status ht_simulate(const struct ht_simulate_options *options, const struct ht_sink *log,
                           const struct ht_sink *truth, struct ht_err *err) {
    struct ht_err ours = {.status = HT_OK};
    if (ht_sim_shape_name(options->shape) == NULL) {
        return ht_err_set(err, HT_E_USAGE, "there is no shape %zu", options->shape);
    }
    struct ht_sim_scenario *scenario = malloc(sizeof *scenario);
    if (scenario == NULL) {
        return ht_err_set(err, HT_E_NOMEM, "not enough memory for a scenario");
    }
    enum ht_status status = load(scenario, options, &ours);
    if (status == HT_OK) {
        status = play(scenario, options, log, truth, &ours);
        if (status == HT_E_NOMEM || status == HT_E_LIMIT) {
            status = ht_err_set(&ours, HT_E_NOMEM, "not enough memory for the fleet");
        }
    }
    ht_sim_scenario_release(scenario);
    free(scenario);
    if (status != HT_OK && err != NULL) {
        *err = ours;
    }
    return status;
}
