/* SPDX-License-Identifier: MIT */
/* The whole library: bytes to a report in every format. */
#include <stdint.h>
#include <unistd.h>

#include "hubtriage/hubtriage.h"
#include "rendered.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int ends[2];
    const struct ht_options options = {.hub = NULL};
    struct ht_report *report = NULL;
    if (size > 32768 || pipe(ends) != 0) {
        return 0;
    }
    HT_ASSERT(write(ends[1], data, size) == (ssize_t)size && close(ends[1]) == 0);
    struct ht_analysis *analysis = ht_analysis_new(&options, NULL);
    HT_ASSERT(analysis != NULL && ht_analysis_add_fd(analysis, ends[0], "-", NULL) == HT_OK);
    if (ht_analysis_run(analysis, &report, NULL) == HT_OK) {
        assert_rendered(report,
                        (struct ht_render_options){.format = HT_FORMAT_TEXT, .verbose = true});
        assert_rendered(report, (struct ht_render_options){.format = HT_FORMAT_JSON});
        for (int emit = 0; emit < HT_EMIT_COUNT; emit++) {
            assert_rendered(report, (struct ht_render_options){.format = HT_FORMAT_NDJSON,
                                                               .emit = (enum ht_emit)emit});
        }
    }
    ht_report_free(report);
    ht_analysis_free(analysis);
    (void)close(ends[0]);
    return 0;
}
