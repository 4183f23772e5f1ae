/* SPDX-License-Identifier: MIT */
#include "render/text_sections.h"

const struct ht_trait_group *ht_trait_group_of(const struct ht_summary *summary,
                                               enum ht_trait_scope scope, size_t index) {
    for (size_t i = 0; i < summary->traits.group_count; i++) {
        const struct ht_trait_group *group = &summary->traits.groups[i];
        if (group->scope == scope && group->index == index) {
            return group;
        }
    }
    return NULL;
}

static void put_property(struct ht_strbuf *words, const struct ht_trait *trait) {
    static const struct {
        const char *before;
        const char *after;
    } forms[HT_TRAIT_KIND_COUNT] = {
        [HT_TRAIT_SDK] = {"run ", ""},
        [HT_TRAIT_SDK_FAMILY] = {"run an SDK of the family ", ""},
        [HT_TRAIT_PROTOCOL] = {"use the protocol ", ""},
        [HT_TRAIT_AUTH] = {"authenticate by ", ""},
        [HT_TRAIT_NETWORK] = {"have the address prefix ", ""},
        [HT_TRAIT_SITE] = {"are of the site ", ""},
        [HT_TRAIT_HUB] = {"are of the hub ", ""},
    };
    ht_strbuf_puts(words, forms[trait->kind].before);
    ht_text_put_log(words, trait->value, "?");
    ht_strbuf_puts(words, forms[trait->kind].after);
}

/* "31 of 34 run c/1.9.1, 12 % of all do" */
static void put_trait(struct ht_strbuf *words, const struct ht_trait *trait) {
    const bool are = trait->kind == HT_TRAIT_SITE || trait->kind == HT_TRAIT_HUB;
    ht_strbuf_put_grouped(words, trait->affected);
    ht_strbuf_puts(words, " of ");
    ht_strbuf_put_grouped(words, trait->affected_known);
    ht_strbuf_putc(words, ' ');
    put_property(words, trait);
    ht_strbuf_puts(words, ", ");
    ht_text_put_percent(words, (double)trait->devices, (double)trait->devices_known);
    ht_strbuf_puts(words, are ? " of all are" : " of all do");
}

void ht_text_put_traits(struct ht_strbuf *words, const struct ht_trait_group *group) {
    for (size_t i = 0; i < group->trait_count; i++) {
        const struct ht_trait *trait = &group->traits[i];
        if (trait->same_as == SIZE_MAX) {
            ht_strbuf_puts(words, i > 0 ? " " : "");
            put_trait(words, trait);
            for (size_t k = i + 1; k < group->trait_count; k++) {
                if (group->traits[k].same_as == i) {
                    ht_strbuf_puts(words, "; the same devices: ");
                    put_trait(words, &group->traits[k]);
                }
            }
            ht_strbuf_putc(words, '.');
        }
    }
}

void ht_section_traits(struct ht_text *text, const struct ht_summary *summary) {
    const struct ht_trait_group *group =
        ht_trait_group_of(summary, HT_TRAITS_OF_FAULTS, HT_INDEX_NONE);
    struct ht_strbuf *words = &text->words;
    if (group == NULL || group->affected < HT_TRAIT_AFFECTED_MIN) {
        return;
    }
    ht_text_heading(text, "WHAT THE AFFECTED HAVE IN COMMON");
    ht_text_put_number(words, group->affected, "device", "devices");
    ht_strbuf_puts(words, " of ");
    ht_strbuf_put_grouped(words, group->devices);
    ht_strbuf_puts(words, " had ");
    if (group->faults_above > 0) {
        ht_strbuf_puts(words, "more than ");
        ht_text_put_number(words, group->faults_above, "fault", "faults");
    } else {
        ht_strbuf_puts(words, "a fault");
    }
    ht_strbuf_puts(words, " outside of incidents. ");
    if (group->trait_count > 0) {
        ht_text_put_traits(words, group);
    } else {
        ht_strbuf_puts(words, "Nothing beyond chance: their SDKs, protocols, ways to authenticate, "
                              "address prefixes, sites and hubs are like those of the rest.");
    }
    ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    if (text->verbose) {
        ht_strbuf_puts(words, "Method: Fisher's exact test at 1 % for all ");
        ht_text_put_number(words, summary->traits.tests, "comparison", "comparisons");
        ht_strbuf_puts(words,
                       " of this report together (Bonferroni and Tarone), at least 3 affected "
                       "devices, a tenth of them, and twice the odds.");
        ht_text_wrap(text, &(struct ht_text_style){.indent = HT_TEXT_INDENT});
    }
}
