/* SPDX-License-Identifier: MIT */
/* Freeing what the stages hand on: every array came from malloc(), the texts from one arena. */
#include <stdlib.h>

#include "model/inventory_model.h"
#include "model/log.h"
#include "model/session.h"
#include "model/verdict.h"

/* The arrays are const for their readers only. */
static void free_const(const void *array) {
    free((void *)(uintptr_t)array);
}

void ht_log_release(struct ht_log *log) {
    free_const(log->events);
    free_const(log->devices);
    free_const(log->hubs);
    free_const(log->facets);
    free_const(log->strings);
    ht_arena_release(&log->text);
    *log = (struct ht_log){0};
}

void ht_sessions_release(struct ht_sessions *sessions) {
    free_const(sessions->sessions);
    free_const(sessions->by_device);
    *sessions = (struct ht_sessions){0};
}

void ht_verdicts_release(struct ht_verdicts *verdicts) {
    free_const(verdicts->verdicts);
    free_const(verdicts->incidents);
    free_const(verdicts->cadences);
    free_const(verdicts->device_cadence_s);
    *verdicts = (struct ht_verdicts){0};
}

const struct ht_inventory_summary *ht_inventory_summary(const struct ht_inventory *inventory) {
    return &inventory->summary;
}

void ht_inventory_free(struct ht_inventory *inventory) {
    if (inventory != NULL) {
        ht_arena_release(&inventory->memory);
        free(inventory);
    }
}
