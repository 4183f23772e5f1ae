/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/check.h"
#include "compare/comparison_make.h"

static bool counts(const struct ht_finding *finding) {
    return finding->level > HT_LEVEL_NOTE && !finding->normal && finding->incident == HT_INDEX_NONE;
}

static bool is_same(const struct ht_finding_change *a, const struct ht_finding_change *b) {
    return strcmp(a->rule, b->rule) == 0 && strcmp(a->title, b->title) == 0 &&
           ht_text_or_null_cmp(a->hub, b->hub) == 0;
}

static bool has(const struct ht_finding_change *list, size_t count,
                const struct ht_finding_change *finding) {
    for (size_t i = 0; i < count; i++) {
        if (is_same(&list[i], finding)) {
            return true;
        }
    }
    return false;
}

static enum ht_status list_now(const struct ht_summary *summary, struct ht_arena *arena,
                               struct ht_finding_change *now, size_t *count) {
    for (size_t i = 0; i < summary->finding_count; i++) {
        const struct ht_finding *finding = &summary->findings[i];
        if (counts(finding)) {
            struct ht_finding_change *change = &now[(*count)++];
            *change = (struct ht_finding_change){.is_new = true,
                                                 .level = (int)finding->level,
                                                 .rule = finding->rule,
                                                 .title = finding->title,
                                                 .devices = finding->devices};
            HT_TRY(ht_compare_text(arena, finding->hub, &change->hub));
        }
    }
    return HT_OK;
}

enum ht_status ht_compare_findings(const struct ht_summary *summary, struct ht_baseline *baseline,
                                   struct ht_comparison *out) {
    struct ht_arena *arena = &baseline->text;
    struct ht_finding_change *now =
        ht_arena_alloc(arena, (summary->finding_count + 1) * sizeof *now, sizeof(uint64_t));
    struct ht_finding_change *changes =
        ht_arena_alloc(arena,
                       (summary->finding_count + baseline->finding_count + 1) * sizeof *changes,
                       sizeof(uint64_t));
    size_t count = 0;
    if (now == NULL || changes == NULL) {
        return HT_E_NOMEM;
    }
    HT_TRY(list_now(summary, arena, now, &count));
    for (size_t i = 0; i < count; i++) {
        if (!has(baseline->findings, baseline->finding_count, &now[i])) {
            changes[out->finding_count++] = now[i];
        }
    }
    for (int level = HT_LEVEL_ERROR; level > HT_LEVEL_NOTE; level--) {
        for (size_t i = 0; i < baseline->finding_count; i++) {
            const struct ht_finding_change *then = &baseline->findings[i];
            if (then->level == level && !has(now, count, then)) {
                changes[out->finding_count++] = *then;
            }
        }
    }
    out->findings = changes;
    return HT_OK;
}
