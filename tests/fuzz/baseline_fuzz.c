/* SPDX-License-Identifier: MIT */
/* Any bytes as a former report: refused with one printable line, or compared, and then rendered
 * harmlessly. */
#include <stdint.h>
#include <unistd.h>

#include "compare/comparison_make.h"
#include "hubtriage/hubtriage.h"
#include "rendered.h"
#include "report/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORD(time, operation, device)                                                           \
    "{\"time\":\"2025-03-10T0" time ":00:00Z\",\"resourceId\":\"/SUBSCRIPTIONS/S/RESOURCEGROUPS/" \
    "G/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB\",\"operationName\":\"" operation                  \
    "\",\"category\":\"Connections\",\"level\":\"Error\",\"properties\":\"{\\\"deviceId\\\":"     \
    "\\\"" device "\\\",\\\"protocol\\\":\\\"Mqtt\\\"}\"}\n"

static const char log_text[] =
    RECORD("1", "deviceConnect", "a") RECORD("2", "deviceDisconnect", "a")
        RECORD("3", "deviceConnect", "b") RECORD("4", "deviceDisconnect", "b");

static struct ht_report *make_report(void) {
    const struct ht_options options = {.threads = 1};
    struct ht_analysis *analysis = ht_analysis_new(&options, NULL);
    struct ht_report *report = NULL;
    int ends[2];
    HT_ASSERT(pipe(ends) == 0);
    HT_ASSERT(write(ends[1], log_text, sizeof log_text - 1) == (ssize_t)sizeof log_text - 1);
    HT_ASSERT(close(ends[1]) == 0);
    HT_ASSERT(analysis != NULL && ht_analysis_add_fd(analysis, ends[0], "-", NULL) == HT_OK);
    HT_ASSERT(ht_analysis_run(analysis, &report, NULL) == HT_OK);
    HT_ASSERT(close(ends[0]) == 0);
    ht_analysis_free(analysis);
    return report;
}

static void check_counts(const struct ht_comparison *comparison, size_t then, size_t now) {
    const size_t *counts = comparison->device_counts;
    const size_t both =
        counts[HT_DEVICE_WORSE] + counts[HT_DEVICE_BETTER] + comparison->unchanged_devices;
    HT_ASSERT(both + counts[HT_DEVICE_NEW] == now && both + counts[HT_DEVICE_GONE] == then);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ht_baseline *baseline = NULL;
    const struct ht_comparison *comparison = NULL;
    struct ht_err err = {.status = HT_OK};
    const struct ht_str json = {(const char *)data, size};
    if (ht_baseline_parse("fuzz", json, &baseline, &err) != HT_OK) {
        HT_ASSERT(err.status == HT_E_USAGE && baseline == NULL);
        HT_ASSERT(strncmp(err.message, "fuzz: ", 6) == 0 && strchr(err.message, '\n') == NULL);
        return 0;
    }
    struct ht_report *report = make_report();
    HT_ASSERT(ht_compare(report, baseline, &comparison) == HT_OK);
    check_counts(comparison, baseline->device_count, ht_report_device_count(report));
    ht_report_take_comparison(report, comparison, &baseline->text);
    ht_baseline_free(baseline);
    assert_rendered(report, (struct ht_render_options){.format = HT_FORMAT_TEXT, .verbose = true});
    assert_rendered(report, (struct ht_render_options){.format = HT_FORMAT_JSON});
    ht_report_free(report);
    return 0;
}
