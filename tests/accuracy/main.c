/* SPDX-License-Identifier: MIT */
/*
 * score - how right is what was said of invented fleets? For each BASE, compares BASE.truth with
 * BASE.ndjson (disconnects) and BASE.json (the report). tests/accuracy/run makes them.
 *
 * score [--json PATH] [--errors PATH] --day NAME BASE... [--degraded NAME BASE...] [--quiet NAME
 * BASE...]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "group.h"

struct command {
    const char *json_path;
    FILE *errors; /* a line for each mistake; NULL = not wanted */
    struct groups groups;
};

static const char usage[] = "usage: score [--json PATH] [--errors PATH] --day NAME BASE...\n"
                            "             [--degraded NAME BASE...] [--quiet NAME BASE...]\n";

static bool begin_group(struct groups *groups, const char *option, const char *name) {
    static const char *const options[GROUP_KINDS] = {
        [GROUP_DAY] = "--day", [GROUP_DEGRADED] = "--degraded", [GROUP_QUIET] = "--quiet"};
    for (unsigned kind = 0; name != NULL && kind < GROUP_KINDS; kind++) {
        if (strcmp(option, options[kind]) == 0) {
            groups->list =
                grow(groups->list, groups->count, &groups->capacity, sizeof *groups->list);
            groups->list[groups->count++] =
                (struct group){.name = name, .kind = (enum group_kind)kind, .tally = tally_new()};
            return true;
        }
    }
    return false;
}

static bool score_run(struct command *command, const char *base) {
    struct run run;
    const bool good = run_load(base, &run);
    if (good) {
        run_pair(&run);
        tally_run(command->groups.list[command->groups.count - 1].tally, &run, command->errors);
    }
    run_free(&run);
    return good;
}

static int run_command(struct command *command, int count, char **args) {
    struct groups *groups = &command->groups;
    for (int i = 1; i < count; i++) {
        const char *value = i + 1 < count ? args[i + 1] : NULL;
        if (strcmp(args[i], "--errors") == 0 && value != NULL && command->errors == NULL) {
            command->errors = fopen(value, "w");
            if (command->errors == NULL) {
                fprintf(stderr, "score: cannot write %s\n", value);
                return 2;
            }
            i++;
        } else if (strcmp(args[i], "--json") == 0 && value != NULL) {
            command->json_path = value;
            i++;
        } else if (begin_group(groups, args[i], value)) {
            i++;
        } else if (args[i][0] == '-' || groups->count == 0) {
            fputs(usage, stderr);
            return 2;
        } else if (!score_run(command, args[i])) {
            return 2;
        }
    }
    if (groups->count == 0) {
        fputs(usage, stderr);
        return 2;
    }
    for (size_t i = 0; i < groups->count; i++) {
        summarize(groups->list[i].tally, &groups->list[i].summary);
        if (groups->list[i].kind == GROUP_DAY) {
            tally_add(groups->pool.tally, groups->list[i].tally);
        }
    }
    summarize(groups->pool.tally, &groups->pool.summary);
    print_groups(groups);
    return command->json_path == NULL || write_json(groups, command->json_path) ? 0 : 2;
}

int main(int count, char **args) {
    struct command command = {.groups = {.pool = {.name = "pooled", .tally = tally_new()}}};
    const int status = run_command(&command, count, args);
    for (size_t i = 0; i < command.groups.count; i++) {
        tally_free(command.groups.list[i].tally);
    }
    tally_free(command.groups.pool.tally);
    if (command.errors != NULL && fclose(command.errors) != 0) {
        return 2;
    }
    free(command.groups.list);
    return status;
}
