/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_RESULTS_H
#define ACCURACY_RESULTS_H
#include "run.h"

/* BASE.ndjson, the rows of disconnects, and BASE.json, the report, when there is one. */
bool results_read(struct run *run);

#endif
