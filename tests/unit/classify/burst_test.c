/* SPDX-License-Identifier: MIT */
/* The shape of a burst in time, and how it spreads over address prefixes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "classify/burst_blocks.h"
#include "classify/burst_spread.h"

static struct ht_burst_point at(int64_t time_s, uint32_t network) {
    return (struct ht_burst_point){.time_s = time_s, .network = network, .weight = 1};
}

static void test_a_burst_begins_where_its_rate_begins(void **state) {
    (void)state;
    struct ht_burst_point points[70];
    static struct ht_burst_blocks blocks;
    size_t count = 0;
    for (int64_t i = 0; i < 5; i++) {
        points[count++] = at(1000 + i * 100, 0); /* the last one a minute before the burst */
    }
    for (int64_t i = 0; i < 60; i++) {
        points[count++] = at(1460 + i / 6, 0); /* six a second */
    }
    points[count++] = at(1700, 0);
    points[count++] = at(1900, 0);
    ht_burst_blocks_find(points, 0, count, &blocks);
    assert_int_equal(blocks.count, 3);
    assert_int_equal(blocks.blocks[1].first, 5);
    assert_int_equal(blocks.blocks[1].start_s, 1460);
    assert_int_equal(blocks.blocks[1].end, 65);
    assert_int_equal(blocks.blocks[1].length_s, 10);
    assert_true(blocks.blocks[1].weight == 60);
    assert_int_equal(blocks.blocks[2].end, count);
}

/* Blocks are whole whatever the number of distinct seconds: no point is lost, and none is twice. */
static void test_blocks_cover_every_point(void **state) {
    (void)state;
    static struct ht_burst_point points[5000];
    static struct ht_burst_blocks blocks;
    const size_t counts[] = {1, 2, 255, 256, 257, 5000};
    for (size_t c = 0; c < HT_ARRAY_LEN(counts); c++) {
        size_t next = 0;
        double weight = 0;
        for (size_t i = 0; i < counts[c]; i++) {
            points[i] = at((int64_t)(i * 7 + i % 3), 0);
        }
        ht_burst_blocks_find(points, 0, counts[c], &blocks);
        for (size_t b = 0; b < blocks.count; b++) {
            assert_int_equal(blocks.blocks[b].first, next);
            assert_true(blocks.blocks[b].length_s > 0);
            next = blocks.blocks[b].end;
            weight += blocks.blocks[b].weight;
        }
        assert_int_equal(next, counts[c]);
        assert_true(weight == (double)counts[c]);
    }
}

/* A hub of 400 devices: networks 1 and 2 have ten each, the others four. */
static struct ht_burst_spread spread_of(const struct ht_burst_point *points, size_t count) {
    struct ht_place places[97];
    uint32_t networks[128];
    const struct ht_hub hub = {.device_count = 400};
    const struct ht_log log = {.hubs = &hub, .hub_count = 1};
    const struct ht_burst_span span = {.end = count};
    struct ht_burst_spread spread;
    for (uint32_t i = 0; i < 97; i++) {
        places[i] = (struct ht_place){.network = i + 1, .devices = i < 2 ? 10 : 4};
    }
    const struct ht_hub_facts facts = {.places = places,
                                       .place_count = HT_ARRAY_LEN(places),
                                       .log = &log};
    ht_burst_spread_find(&facts, 0, points, &span, networks, &spread);
    return spread;
}

static void test_sites_that_went_as_a_whole_are_no_hub(void **state) {
    (void)state;
    struct ht_burst_point points[23];
    for (size_t i = 0; i < 20; i++) {
        points[i] = at((int64_t)i, i < 10 ? 1 : 2);
    }
    for (uint32_t i = 0; i < 3; i++) { /* and what happens anyway */
        points[20 + i] = at(20, 10 + i);
    }
    const struct ht_burst_spread spread = spread_of(points, HT_ARRAY_LEN(points));
    assert_true(spread.whole);
    assert_true(spread.sites == 20);
    assert_int_equal(spread.prefixes, 3);
    assert_false(ht_burst_spread_is_wide(&spread, 1.0));
}

static void test_a_share_of_every_site_is_the_hub(void **state) {
    (void)state;
    struct ht_burst_point points[100];
    for (uint32_t i = 0; i < 100; i++) {
        points[i] = at(i, 1 + i % 97);
    }
    const struct ht_burst_spread spread = spread_of(points, HT_ARRAY_LEN(points));
    assert_false(spread.whole);
    assert_true(ht_burst_spread_is_wide(&spread, 1.0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_burst_begins_where_its_rate_begins),
        cmocka_unit_test(test_blocks_cover_every_point),
        cmocka_unit_test(test_sites_that_went_as_a_whole_are_no_hub),
        cmocka_unit_test(test_a_share_of_every_site_is_the_hub),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
