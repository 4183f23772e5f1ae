/* SPDX-License-Identifier: MIT */
#include "pipeline/plan.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "base/grow.h"
#include "input/inflow.h"

enum {
    RUN_MAX = 256,                      /* small files at once */
    PEEK_BYTES = 1024 * 1024,           /* of larger files the head is looked at */
    LARGE_BYTES = 4 * 1024 * 1024,      /* compressed it may be much more */
    WRAPPED_MAX_BYTES = 8 * 1024 * 1024 /* a compressed file that is read at once */
};

enum ht_status ht_plan_init(struct ht_plan *plan, const struct ht_source_list *list,
                            uint64_t chunk_bytes) {
    *plan = (struct ht_plan){.count = list->count, .chunk_bytes = chunk_bytes, .whole = SIZE_MAX};
    plan->sources = calloc(list->count > 0 ? list->count : 1, sizeof *plan->sources);
    if (plan->sources == NULL) {
        return HT_E_NOMEM;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct ht_source *source = &list->sources[i];
        const bool regular = source->fd < 0 && source->problem[0] == '\0';
        plan->sources[i] = (struct ht_planned){
            .name = source->name,
            .label = source->label,
            .size_bytes = regular ? source->size_bytes : 0,
        };
    }
    return HT_OK;
}

void ht_plan_release(struct ht_plan *plan) {
    free(plan->sources);
    plan->sources = NULL;
}

bool ht_plan_is_large(const struct ht_plan *plan) {
    uint64_t total = 0;
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->sources[i].size_bytes == 0) {
            return true; /* as far as is known */
        }
        total += plan->sources[i].size_bytes;
    }
    return total >= 2 * plan->chunk_bytes || total >= LARGE_BYTES;
}

void ht_plan_keep_whole(struct ht_plan *plan, size_t left) {
    plan->whole = plan->count - left;
}

enum wrapping { PLAIN = 0, WRAPPED, ARCHIVE };

static enum wrapping peek(const struct ht_planned *source) {
    char head[HT_INFLOW_HEAD_BYTES];
    const int fd = open(source->name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return PLAIN; /* whoever reads it finds out */
    }
    const ssize_t got = pread(fd, head, sizeof head, 0);
    (void)close(fd);
    if (got <= 0 || ht_inflow_is_plain((struct ht_str){head, (size_t)got})) {
        return PLAIN;
    }
    return got >= 2 && head[0] == 'P' && head[1] == 'K' ? ARCHIVE : WRAPPED;
}

static size_t left_of(const struct ht_plan *plan, size_t source) {
    return plan->count - source;
}

/* [from, until) of whole sources. */
static struct ht_range take_whole(struct ht_plan *plan, size_t until, bool sequential) {
    const struct ht_range range = {
        .left = left_of(plan, plan->next),
        .from_bytes = plan->next_bytes,
        .until_left = left_of(plan, until),
        .sequential = sequential,
    };
    plan->next = until;
    plan->next_bytes = 0;
    return range;
}

static struct ht_range take_chunk(struct ht_plan *plan) {
    const uint64_t size = plan->sources[plan->next].size_bytes;
    struct ht_range range = {
        .left = left_of(plan, plan->next),
        .from_bytes = plan->next_bytes,
        .until_left = left_of(plan, plan->next),
        .until_bytes = plan->next_bytes + plan->chunk_bytes,
    };
    plan->next_bytes = range.until_bytes;
    if (size <= range.until_bytes || size - range.until_bytes < plan->chunk_bytes / 2) {
        plan->next++; /* with the rest, and with what the file may have grown by */
        plan->next_bytes = 0;
        range.until_left = left_of(plan, plan->next);
        range.until_bytes = 0;
    }
    return range;
}

static bool is_small(const struct ht_plan *plan, size_t source) {
    const uint64_t size = plan->sources[source].size_bytes;
    return size > 0 && size <= PEEK_BYTES && size <= plan->chunk_bytes;
}

static struct ht_range take_run(struct ht_plan *plan) {
    uint64_t total = 0;
    size_t until = plan->next;
    while (until < plan->count && until - plan->next < RUN_MAX && is_small(plan, until) &&
           (total == 0 || total + plan->sources[until].size_bytes <= plan->chunk_bytes)) {
        total += plan->sources[until].size_bytes;
        until++;
    }
    return take_whole(plan, until, false);
}

static struct ht_range take_single_thread(struct ht_plan *plan) {
    size_t until = plan->next + 1;
    while (until < plan->count && plan->sources[until].size_bytes == 0) {
        until++;
    }
    return take_whole(plan, until, true);
}

bool ht_plan_next(struct ht_plan *plan, struct ht_range *range) {
    if (plan->next >= plan->count) {
        return false;
    }
    const struct ht_planned *source = &plan->sources[plan->next];
    if (plan->next == plan->whole || source->size_bytes == 0) {
        *range = source->size_bytes == 0 ? take_single_thread(plan)
                                         : take_whole(plan, plan->next + 1, true);
        return true;
    }
    if (plan->next_bytes > 0) {
        *range = take_chunk(plan);
        return true;
    }
    if (is_small(plan, plan->next)) {
        *range = take_run(plan);
        return true;
    }
    const enum wrapping wrapping = peek(source);
    if (wrapping == PLAIN) {
        *range = take_chunk(plan);
    } else {
        *range = take_whole(plan, plan->next + 1,
                            wrapping == ARCHIVE || source->size_bytes > WRAPPED_MAX_BYTES ||
                                plan->count == 1);
    }
    return true;
}

enum ht_status ht_plan_list(const struct ht_plan *plan, const struct ht_range *range,
                            struct ht_source_list *list, bool *reach) {
    const size_t first = plan->count - range->left;
    size_t until = plan->count - range->until_left + (range->until_bytes > 0);
    if (until < plan->count && plan->sources[until].size_bytes > 0) {
        until++;
    }
    list->count = 0;
    HT_TRY(
        ht_grow(&list->sources, &list->capacity, until - first, SIZE_MAX, sizeof *list->sources));
    for (size_t i = first; i < until; i++) {
        const struct ht_planned *source = &plan->sources[i];
        list->sources[list->count++] = (struct ht_source){.name = source->name,
                                                          .label = source->label,
                                                          .fd = -1,
                                                          .size_bytes = source->size_bytes};
    }
    *reach = until == plan->count;
    return HT_OK;
}
