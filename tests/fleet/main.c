/* SPDX-License-Identifier: MIT */
/*
 * fleet - labelled logs of invented fleets, and scores of what was found in them.
 *
 * fleet SCENARIO [OPTIONS] >LOG
 * fleet score [--json] [--errors] TRUTH DISCONNECTS.ndjson [TRUTH DISCONNECTS.ndjson]...
 * fleet --list
 */
#include <stdlib.h>
#include <string.h>

#include "score.h"
#include "world.h"

static const char usage[] =
    "usage: fleet SCENARIO [OPTIONS] >LOG\n"
    "       fleet score [--json] [--errors] TRUTH DISCONNECTS.ndjson [...]\n"
    "       fleet --list\n"
    "\n"
    "  --seed N          another fleet (1)\n"
    "  --devices N       how many devices (the scenario's)\n"
    "  --hours H         how long a log (the scenario's)\n"
    "  --start TIME      its beginning (2025-03-10T00:00:00Z)\n"
    "  --shape SHAPE     jsonl jsonl-object jsonl-keys crlf records records-lines array az\n"
    "                    az-columns pretty eventhubs workspace-export powershell jsonc opsmon\n"
    "                    event-grid csv-portal csv-8 csv-powershell tsv rest-tables\n"
    "                    rest-columns-last kusto1 kusto2 (jsonl)\n"
    "  --truth PATH      write what really happened, one JSON object a line\n"
    "  --size BYTES      let the fleet run until the log has so many bytes, whatever --hours says\n"
    "  --irrelevant PCT  share of records of other categories and services (0)\n"
    "  --lost PCT        records that are lost on the way\n"
    "  --double PCT      records that come twice\n"
    "  --late S          records come up to S seconds late (3)\n"
    "  --shuffle         records come in no order at all\n"
    "  --digits N        digits of the fraction of a second, 0 to 7 (0)\n"
    "  --no-sdk --no-auth --no-network   leave these out\n";

static void fail(const char *what, const char *value) {
    fprintf(stderr, "fleet: %s: %s\n", what, value);
    exit(2);
}

static double number(const char *option, const char *text) {
    double value = 0;
    char rest = 0;
    if (text == NULL || sscanf(text, "%lf%c", &value, &rest) != 1 || value < 0) {
        fail(option, "a number is needed");
    }
    return value;
}

struct command {
    const struct scenario *scenario;
    const char *truth_path;
    double devices;
    double hours;
    uint64_t seed;
    int64_t start_us;
    enum shape shape;
    unsigned digits;
    struct deliver_options delivery;
};

static bool read_flag(struct command *command, const char *option) {
    struct deliver_options *delivery = &command->delivery;
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"--shuffle", &delivery->shuffled},
        {"--no-sdk", &delivery->without_sdk},
        {"--no-auth", &delivery->without_auth},
        {"--no-network", &delivery->without_network},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(option, flags[i].name) == 0) {
            *flags[i].flag = true;
            return true;
        }
    }
    return false;
}

static bool read_number(struct command *command, const char *option, const char *value) {
    struct deliver_options *delivery = &command->delivery;
    const struct {
        const char *name;
        double *target;
        double unit;
    } numbers[] = {
        {"--devices", &command->devices, 1},           {"--hours", &command->hours, 1},
        {"--irrelevant", &delivery->irrelevant, 0.01}, {"--lost", &delivery->lost, 0.01},
        {"--double", &delivery->doubled, 0.01},        {"--late", &delivery->late_s, 1},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(option, numbers[i].name) == 0) {
            *numbers[i].target = number(option, value) * numbers[i].unit;
            return true;
        }
    }
    return false;
}

static void read_option(struct command *command, const char *option, const char *value) {
    if (value == NULL) {
        fail(option, "unknown, or a value is needed");
    } else if (read_number(command, option, value)) {
        return;
    } else if (strcmp(option, "--seed") == 0) {
        command->seed = (uint64_t)number(option, value);
    } else if (strcmp(option, "--size") == 0) {
        command->delivery.size_bytes = (uint64_t)number(option, value);
    } else if (strcmp(option, "--digits") == 0) {
        command->digits = (unsigned)number(option, value);
    } else if (strcmp(option, "--truth") == 0) {
        command->truth_path = value;
    } else if (strcmp(option, "--start") == 0) {
        command->start_us = time_parse(value);
        if (command->start_us < 0) {
            fail("no time", value);
        }
    } else if (strcmp(option, "--shape") != 0) {
        fail("unknown option", option);
    } else if (!shape_from_name(value, &command->shape)) {
        fail("unknown shape", value);
    }
}

static void read_command(int count, char **args, struct command *command) {
    command->scenario = scenario_find(args[1]);
    if (command->scenario == NULL) {
        fail("unknown scenario", args[1]);
    }
    command->devices = command->scenario->devices;
    command->hours = command->scenario->hours;
    command->delivery = command->scenario->delivery;
    if (command->delivery.late_s <= 0) {
        command->delivery.late_s = 3; /* order inside a second is not defined */
    }
    for (int i = 2; i < count; i++) {
        if (!read_flag(command, args[i])) {
            read_option(command, args[i], i + 1 < count ? args[i + 1] : NULL);
            i++;
        }
    }
    if (command->devices < 1 || command->hours <= 0 || command->digits > 7 ||
        command->delivery.irrelevant > 0.999) {
        fail(args[1], "numbers out of range");
    }
}

static int generate(int count, char **args) {
    struct command command = {.seed = 1, .start_us = INT64_C(1741564800) * US_PER_S};
    read_command(count, args, &command);
    struct shape_writer writer = {.shape = command.shape,
                                  .stream = stdout,
                                  .digits = command.digits};
    struct deliver deliver = {.options = command.delivery, .writer = &writer};
    const int64_t span_us = (int64_t)(command.hours * S_PER_HOUR * 1e6);
    struct world world = {
        .scenario = command.scenario,
        .deliver = &deliver,
        .start_us = command.start_us,
        .end_us = command.delivery.size_bytes > 0 ? FOREVER : command.start_us + span_us,
        .span_us = span_us,
    };
    if (command.truth_path != NULL) {
        world.truth = fopen(command.truth_path, "w");
        if (world.truth == NULL) {
            fail("cannot write", command.truth_path);
        }
    }
    rng_seed(&world.rng, command.seed, 1);
    deliver_begin(&deliver, command.seed);
    cast_make(&world, (unsigned)command.devices);
    world_run(&world);
    deliver_end(&deliver);
    cast_free(&world);
    if (world.truth != NULL && fclose(world.truth) != 0) {
        fail("cannot write", command.truth_path);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}

static int score(int count, char **args) {
    struct score_options options = {.json = false};
    for (; count > 0 && args[0][0] == '-'; count--, args++) {
        options.json = options.json || strcmp(args[0], "--json") == 0;
        options.errors = options.errors || strcmp(args[0], "--errors") == 0;
    }
    if (count < 2 || count % 2 != 0) {
        fputs(usage, stderr);
        return 2;
    }
    return score_run(args, (size_t)count, &options);
}

int main(int count, char **args) {
    if (count >= 2 && strcmp(args[1], "--list") == 0) {
        for (size_t i = 0; scenario_at(i) != NULL; i++) {
            printf("%-12s %s\n", scenario_at(i)->name, scenario_at(i)->about);
        }
        return 0;
    }
    if (count >= 2 && strcmp(args[1], "score") == 0) {
        return score(count - 2, args + 2);
    }
    if (count < 2 || args[1][0] == '-') {
        fputs(usage, stderr);
        return 2;
    }
    return generate(count, args);
}
