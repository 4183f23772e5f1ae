/* SPDX-License-Identifier: MIT */
/* A client of the library as a user would write it: prints the number of disconnects. */
#include <stdio.h>

#include <hubtriage/hubtriage.h>

int main(int argc, char **argv) {
    struct ht_err err = {0};
    struct ht_report *report = NULL;
    struct ht_analysis *analysis = ht_analysis_new(&(struct ht_options){0}, &err);
    int status = 1;
    if (argc == 2 && analysis != NULL && ht_analysis_add_path(analysis, argv[1], &err) == HT_OK &&
        ht_analysis_run(analysis, &report, &err) == HT_OK) {
        printf("%zu disconnects\n", ht_report_disconnect_count(report));
        status = 0;
    } else {
        fprintf(stderr, "client: %s\n", err.message);
    }
    ht_report_free(report);
    ht_analysis_free(analysis);
    return status;
}
