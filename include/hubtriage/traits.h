/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_TRAITS_H
#define HUBTRIAGE_TRAITS_H
/*
 * What do the bad ones have in common? Properties that are more frequent among the affected devices
 * than chance would have it.
 *
 * For each group of affected devices within a population, and each value of a property, Fisher's
 * exact test: the probability that a draw of as many devices, without replacement, would hold as
 * many with that value (the upper tail of the hypergeometric distribution). All tests of a report
 * count as one family (Bonferroni), but for those whose margins allow no small probability at all
 * (R. E. Tarone, "A Modified Bonferroni Method for Discrete Data", Biometrics 46, 1990). So the
 * chance that a report on a fleet without any common factor names one is at most 1 %, however many
 * values there are, and whether or not these depend on each other. Devices that fail together, as
 * those of one site, are not independent: of two factors that mean the same devices, same_as says
 * so.
 *
 * Named is what has at least 3 affected devices, a tenth of the affected, and twice the odds.
 * A device whose property is not known counts neither way.
 */
#include <stddef.h>
#include <stdint.h>

#include "hubtriage/err.h"

enum ht_trait_kind {
    HT_TRAIT_SDK = 0, /* name and version, without platform: "iothubclient/1.9.1" */
    HT_TRAIT_SDK_FAMILY,
    HT_TRAIT_PROTOCOL,
    HT_TRAIT_AUTH,
    HT_TRAIT_NETWORK, /* masked address */
    HT_TRAIT_SITE,    /* of a user's rule */
    HT_TRAIT_HUB,
    HT_TRAIT_KIND_COUNT,
};

struct ht_trait {
    enum ht_trait_kind kind;
    const char *value;       /* [log], but for families and authentications */
    uint64_t affected;       /* affected devices with this value */
    uint64_t affected_known; /* affected devices of which the value is known */
    uint64_t devices;        /* the same for all devices of the population */
    uint64_t devices_known;
    double odds_ratio; /* with 0.5 added to each cell, so that it is finite */
    double log10_p;    /* of one test alone, at most 0 */
    size_t same_as; /* index of an earlier factor of the group that holds for nine in ten of these
                       affected devices, or SIZE_MAX */
};

/* Whose common factors; the population is named behind it. */
enum ht_trait_scope {
    HT_TRAITS_OF_FAULTS = 0, /* the devices with more faults outside of incidents than three
                                 quarters of all have; all devices shown */
    HT_TRAITS_OF_INCIDENT,   /* the devices that were connected to its hub when it began. Of a site
                                 outage, neither network nor site is asked: these define it. */
    HT_TRAITS_OF_FINDING,    /* the devices of its hub that are shown */
    HT_TRAIT_SCOPE_COUNT,
};

enum {
    HT_TRAITS_MAX = 6, /* of one group */
    HT_TRAIT_AFFECTED_MIN = 3,
};

struct ht_trait_group {
    enum ht_trait_scope scope;
    size_t index; /* of the incident or finding in ht_summary */
    uint64_t affected;
    uint64_t devices;
    uint64_t faults_above;                 /* of faults: the affected have more than that */
    struct ht_trait traits[HT_TRAITS_MAX]; /* least probable first */
    size_t trait_count;                    /* 0: they are like the rest */
};

struct ht_traits {
    const struct ht_trait_group *groups; /* faults, then incidents and findings in their order:
                                             those with enough devices to say anything */
    size_t group_count;
    uint64_t tests; /* that could have come out */
    double p_max;   /* named is what has a probability of at most that: 0.01 / tests */
};

HT_PUBLIC const char *
ht_trait_kind_name(enum ht_trait_kind kind); /* "sdk" "sdk-family" "protocol" ... */

#endif
