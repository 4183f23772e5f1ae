/* SPDX-License-Identifier: MIT */
#ifndef ACCURACY_TRUTH_H
#define ACCURACY_TRUTH_H
#include "run.h"

/* BASE.truth: the ends of sessions, what struck many at once, and the devices' roles. */
bool truth_read(struct run *run);

#endif
