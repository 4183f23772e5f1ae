/* SPDX-License-Identifier: MIT */
#ifndef HT_PIPELINE_TESTING_H
#define HT_PIPELINE_TESTING_H
/* For tests of reading in pieces, linked with the static library: not part of the public API. */
#include "hubtriage/hubtriage.h"
#include "pipeline/conductor.h"

/* Before the analysis runs. chunk_bytes: of files that are cut, down to 1; 0 = the default. */
void ht_analysis_set_chunks(struct ht_analysis *analysis, unsigned threads, uint64_t chunk_bytes);

/* The machine code of the fast lane; also before. */
void ht_analysis_set_lane(struct ht_analysis *analysis, enum ht_lane_code lane);

/* After it. */
void ht_analysis_conducted(const struct ht_analysis *analysis, struct ht_conducted *conducted);

#endif
