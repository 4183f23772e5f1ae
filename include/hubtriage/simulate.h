/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_SIMULATE_H
#define HUBTRIAGE_SIMULATE_H
/*
 * A labelled simulator: an invented fleet of devices, its hub and the log of both, with the truth
 * about every disconnect. The fleet, what happens to it and what the log loses on its way stand in
 * a scenario file (hubtriage-scenario(5)); some are built in.
 *
 * The same scenario, seed and options give the same bytes on every machine. Memory grows with the
 * number of devices, not with the length of the log.
 */
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"
#include "hubtriage/report.h"

/* A scenario that is built in. Its texts live as long as the program. */
struct ht_scenario {
    const char *name;
    const char *about; /* one line */
    const char *text;  /* the whole file, to be copied and changed */
    size_t text_len;
};

/* In the order of their names; NULL behind the last one. */
HT_PUBLIC const struct ht_scenario *ht_scenario_at(size_t index);

/* By its name; NULL when there is none. */
HT_PUBLIC const struct ht_scenario *ht_scenario_find(const char *name);

/* "jsonl", "csv-portal", ...: the shapes in which a log can be written; NULL behind the last one.
 */
HT_PUBLIC const char *ht_log_shape_name(size_t shape);

enum { HT_SIMULATE_TEXT_MAX = 1024 * 1024 };

/* Zero-initialise, then set what differs. */
struct ht_simulate_options {
    const char *text; /* of a scenario file, at most HT_SIMULATE_TEXT_MAX bytes */
    size_t text_len;
    const char *name;            /* of that file, for errors */
    const char *const *settings; /* "KEY=VALUE" that take the place of what the file says, such as
                                    "devices=1000", "log.lost=5%", "groups.net.losses=4 per day" */
    size_t setting_count;
    uint64_t seed;
    int64_t start_us;    /* the log's first moment, to the second; HT_TIME_NONE or 0 =
                            2025-03-10T00:00:00Z */
    uint64_t size_bytes; /* the log goes on until it has so many bytes; 0 = for the scenario's
                            hours */
    size_t shape;        /* index of its name; 0 = jsonl */
};

/*
 * ht_simulate() - write a log and, when wanted, the truth about it.
 *
 * @log    gets the log.
 * @truth  gets one JSON object a line: ends of sessions in order of time, then incidents, then
 *         devices; NULL = not wanted.
 *
 * Returns HT_OK; HT_E_USAGE, when "NAME:LINE: ..." says what is wrong with the scenario, or for a
 * shape that does not exist; HT_E_NOMEM; or what a sink returned.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_simulate(const struct ht_simulate_options *options,
                                                   const struct ht_sink *log,
                                                   const struct ht_sink *truth, struct ht_err *err);

#endif
