/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of a build fails once: the answer is HT_E_NOMEM, the parts are emptied, nothing
 * leaks. Needs a C library whose allocator may be wrapped, and no sanitizer that does so already.
 */
#include "hubtriage/charts.h"
#include "world.h"

#if defined(__SANITIZE_ADDRESS__)
#define WRAPPABLE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WRAPPABLE 0
#endif
#endif
#if !defined(WRAPPABLE)
#if defined(__GLIBC__)
#define WRAPPABLE 1
#else
#define WRAPPABLE 0
#endif
#endif

#if WRAPPABLE
void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);
void __libc_free(void *memory);

static bool is_counting;
static long left; /* allocations that succeed */
static long held;

static bool may_allocate(void) {
    return !is_counting || left-- > 0;
}

static void *hold(void *memory) {
    held += is_counting && memory != NULL;
    return memory;
}

void *malloc(size_t bytes) {
    return may_allocate() ? hold(__libc_malloc(bytes)) : NULL;
}

void *calloc(size_t count, size_t bytes) {
    return may_allocate() ? hold(__libc_calloc(count, bytes)) : NULL;
}

void *realloc(void *memory, size_t bytes) {
    if (!may_allocate()) {
        return NULL;
    }
    held += is_counting && memory == NULL;
    return __libc_realloc(memory, bytes);
}

void free(void *memory) {
    held -= is_counting && memory != NULL;
    __libc_free(memory);
}
#endif

static struct world *world_of_everything(void) {
    struct world *world = world_new();
    world_hub(world, "HUB");
    const uint32_t incident = world_incident(world, HT_CAUSE_HUB_TRANSIENT, 900, 900, 2);
    world_health(world, 900, 500001);
    world_device(world, "a");
    LIVE(world, .from_s = 0, .to_s = 900, .cause = HT_CAUSE_HUB_TRANSIENT, .incident = incident);
    LIVE(world, .from_s = 960, .to_s = 990, .cause = HT_CAUSE_DUPLICATE_IDENTITY);
    LIVE(world, .from_s = 991, .to_s = 999, .cause = HT_CAUSE_DUPLICATE_IDENTITY);
    world_device(world, "b");
    LIVE(world, .from_s = 0, .to_s = 900, .cause = HT_CAUSE_TOKEN_EXPIRY, .incident = incident);
    world_refused(world, 5000, 401003, "expired");
    world_refused(world, 9000, 401003, "expired");
    world->cadence_count = 1;
    return world;
}

static void test_each_allocation(void **state) {
    (void)state;
#if WRAPPABLE
    static const struct ht_source_view source = {.name = "a.json"};
    bool is_built = false;
    for (long round = 0; !is_built; round++) {
        struct world *world = world_of_everything();
        struct ht_report_parts parts = {.source_count = 0};
        struct ht_report *report = NULL;
        world->sources = &source;
        world->source_count = 1;
        held = 0;
        left = 1000000;
        is_counting = true;
        world_parts(world, &parts);
        left = round;
        const enum ht_status status = ht_report_build(&parts, &world->selection, NULL, &report);
        is_built = status == HT_OK;
        left = 1000000;
        ht_report_free(report);
        is_counting = false;
        free(world);
        assert_true(round < 500);
        assert_true(status == HT_OK || status == HT_E_NOMEM);
        assert_true((report != NULL) == is_built);
        assert_null(parts.log.events);
        assert_int_equal(held, 0);
    }
#else
    ht_report_free(world_report(world_of_everything()));
#endif
}

static void test_charts(void **state) {
    (void)state;
    struct ht_report *report = world_report(world_of_everything());
    struct ht_charts *charts = NULL;
#if WRAPPABLE
    enum ht_status status = HT_E_NOMEM;
    for (long round = 0; status != HT_OK; round++) {
        held = 0;
        left = round;
        is_counting = true;
        status = ht_charts_build(report, &charts);
        ht_charts_free(charts);
        is_counting = false;
        assert_true(round < 10);
        assert_true(status == HT_OK || (status == HT_E_NOMEM && charts == NULL));
        assert_int_equal(held, 0);
    }
#else
    assert_int_equal(ht_charts_build(report, &charts), HT_OK);
    ht_charts_free(charts);
#endif
    ht_report_free(report);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_allocation),
        cmocka_unit_test(test_charts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
