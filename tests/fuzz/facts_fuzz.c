/* SPDX-License-Identifier: MIT */
/* What the archive keeps of a source, as somebody may have changed it: refused, or it can be
 * absorbed, and packs to what unpacks to the same. */
#include <stdint.h>
#include <stdlib.h>

#include "base/check.h"
#include "pipeline/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum ht_status unpack(struct ht_facts *facts, struct ht_str bytes, struct ht_arena *texts) {
    HT_ASSERT(ht_facts_init(facts) == HT_OK);
    const enum ht_status status = ht_facts_unpack(facts, "source", bytes, texts);
    HT_ASSERT(status == HT_OK || status == HT_E_DATA);
    return status;
}

static void absorb(struct ht_facts *facts) {
    static const struct ht_intake_settings settings = {
        .limits = {.events_max = 1000, .devices_max = 1000}};
    struct ht_source_list list = {.sources = NULL};
    struct ht_intake whole;
    HT_ASSERT(ht_intake_init(&whole, &settings, &list) == HT_OK);
    for (size_t i = 0; i < facts->list.count; i++) {
        HT_ASSERT(ht_source_list_add_fd(&list, -1, facts->list.sources[i].name, NULL) == HT_OK);
    }
    HT_ASSERT(ht_intake_absorb_notes(&whole, &facts->intake, 0) == HT_OK);
    ht_intake_total(&whole);
    ht_intake_release(&whole);
    ht_source_list_release(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ht_facts facts;
    struct ht_facts again;
    struct ht_arena texts;
    struct ht_strbuf packed[2];
    if (size > 64 * 1024) {
        return 0;
    }
    ht_arena_init(&texts, SIZE_MAX / 4);
    if (unpack(&facts, (struct ht_str){(const char *)data, size}, &texts) == HT_OK) {
        ht_strbuf_init(&packed[0], SIZE_MAX / 4);
        ht_strbuf_init(&packed[1], SIZE_MAX / 4);
        ht_facts_pack(&facts.intake, &facts, &packed[0]);
        HT_ASSERT(unpack(&again, ht_strbuf_str(&packed[0]), &texts) == HT_OK);
        ht_facts_pack(&again.intake, &again, &packed[1]);
        HT_ASSERT(packed[0].len == packed[1].len);
        absorb(&facts);
        ht_facts_release(&again);
        ht_strbuf_release(&packed[0]);
        ht_strbuf_release(&packed[1]);
    }
    ht_facts_release(&facts);
    ht_arena_release(&texts);
    return 0;
}
