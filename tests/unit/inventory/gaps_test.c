/* SPDX-License-Identifier: MIT */
/* Missing hours: what is told, and what must not be. */
#include "inventory/archive.h"
#include "notes.h"

static char paths[SOURCES_MAX][128];

static size_t add_file(struct notes *notes, const char *place, int hour) {
    const size_t index = notes->source_count;
    (void)snprintf(paths[index], sizeof paths[index], "%s/y=2025/m=03/d=%02d/h=%02d/m=00/PT1H.json",
                   place, 10 + hour / 24, hour % 24);
    return notes_source(notes, paths[index]);
}

static void paths_of_an_archive(void **state) {
    (void)state;
    struct ht_archive_path path;
    const struct ht_str good = HT_STR("a/m=9/y=x/y=2025/m=03/d=10/h=05/m=00/PT1H.json");
    assert_true(ht_archive_parse(good, &path));
    assert_int_equal(path.hour, DAY_US / HOUR_US + 5);
    assert_true(ht_str_eq(path.place, HT_STR("a/m=9/y=x")));
    assert_true(ht_archive_parse(HT_STR("y=2025/m=03/d=10/h=23/x"), &path));
    assert_int_equal(path.place.len, 0);
    static const char *const wrong[] = {
        "",
        "y=2025/m=03/d=10",
        "ay=2025/m=03/d=10/h=05/",
        "y=2025/m=13/d=10/h=05/",
        "y=2025/m=02/d=30/h=05/",
        "y=2025/m=03/d=10/h=24/",
        "y=25/m=03/d=10/h=05/",
        "y=2025/d=10/m=03/h=05/",
        "y=2025/m=3/d=10/h=05/",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(ht_archive_parse(ht_str_from(wrong[i]), &path));
    }
    assert_true(ht_archive_has_connections(HT_STR("x/insights-logs-connections/y")));
    assert_true(ht_archive_has_connections(HT_STR("x")));
    assert_false(ht_archive_has_connections(HT_STR("x/insights-logs-routes/y")));
}

/* @first, @skip: hours without a file; @spilled: the events of the first one come in the next file
 */
static const struct ht_inventory_summary *archive_without(struct notes *notes, int first, int skip,
                                                          bool spilled) {
    notes_begin(notes, 0);
    for (int hour = 0; hour < 40; hour++) {
        if (hour >= first && hour < first + skip) {
            continue;
        }
        const size_t source = add_file(notes, "t", hour);
        notes_hour(notes, source, "H", hour);
        if (spilled && hour == first + skip) {
            notes_hour(notes, source, "H", first);
        }
    }
    return notes_finish(notes);
}

static void an_hour_without_a_file(void **state) {
    (void)state;
    struct notes notes;
    const struct ht_inventory_summary *summary = archive_without(&notes, 14, 1, false);
    assert_int_equal(summary->gap_count, 1);
    const struct ht_inventory_gap *gap = &summary->gaps[0];
    assert_int_equal(gap->kind, HT_GAP_NO_FILE);
    assert_string_equal(gap->hub, "H");
    assert_string_equal(gap->place, "t");
    assert_int_equal(gap->from_us, DAY_US + 14 * HOUR_US);
    assert_int_equal(gap->to_us, DAY_US + 15 * HOUR_US);
    assert_int_equal(gap->usual_events, 24);
    assert_int_equal(summary->hubs[0].hours, 40);
    assert_int_equal(summary->hubs[0].silent_hours, 1);
    assert_true(notes_finding(summary, "missing-files")->wrong);
    assert_null(notes_finding(summary, "missing-records"));
    notes_end(&notes);
}

static void hours_in_a_row_are_one_gap(void **state) {
    (void)state;
    struct notes notes;
    const struct ht_inventory_summary *summary = archive_without(&notes, 5, 6, false);
    assert_int_equal(summary->gap_count, 1);
    assert_int_equal(summary->gaps[0].hours, 6);
    notes_end(&notes);
}

static void events_in_another_file_are_not_missing(void **state) {
    (void)state;
    struct notes notes;
    const struct ht_inventory_summary *summary = archive_without(&notes, 14, 1, true);
    assert_int_equal(summary->gap_count, 0);
    assert_false(summary->wrong);
    notes_end(&notes);
}

/* Two folders of one hub lack the same hour: that is one loss. */
static void two_places(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    for (int place = 0; place < 2; place++) {
        for (int hour = 0; hour < 20; hour++) {
            if (hour != 9) {
                notes_hour(&notes, add_file(&notes, place == 0 ? "a" : "b", hour), "H", hour);
            }
        }
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->gap_count, 1);
    assert_int_equal(summary->gaps[0].hours, 1);
    notes_end(&notes);
}

static void an_empty_file_is_none(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    for (int hour = 0; hour < 20; hour++) {
        const size_t source = add_file(&notes, "t", hour);
        if (hour == 9) {
            notes.sources[source].bytes = 0;
        } else {
            notes_hour(&notes, source, "H", hour);
        }
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->gap_count, 1);
    assert_int_equal(summary->gaps[0].kind, HT_GAP_NO_FILE);
    notes_end(&notes);
}

/* Nobody knows the paths: silence tells. */
static void an_hour_without_a_record(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    for (int hour = 0; hour < 40; hour++) {
        if (hour != 14) {
            notes_hour(&notes, a, "H", hour);
        }
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->gap_count, 1);
    assert_int_equal(summary->gaps[0].kind, HT_GAP_NO_RECORD);
    assert_int_equal(summary->gaps[0].from_us, DAY_US + 14 * HOUR_US);
    assert_null(summary->gaps[0].place);
    assert_true(notes_finding(summary, "missing-records")->wrong);
    notes_end(&notes);
}

/* @every_s: everybody at once, as fleets that renew in step do */
static size_t gaps_of_bursts(int every_s, int devices) {
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    for (int at_s = 0; at_s < 40 * 3600; at_s += every_s) {
        for (int device = 0; device < devices; device++) {
            const struct ht_record record =
                notes_record(HT_EVENT_CONNECT, DAY_US + (at_s + device) * HT_US_PER_S, "H", "d");
            notes_add(&notes, a, &record);
        }
    }
    const size_t count = notes_finish(&notes)->gap_count;
    notes_end(&notes);
    return count;
}

/* Six events an hour, evenly: an hour without one may be chance. */
static void few_events_tell_nothing(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    for (int slot = 0; slot < 40 * 6; slot++) {
        if (slot / 6 != 14) {
            const struct ht_record record =
                notes_record(HT_EVENT_CONNECT, DAY_US + slot * 600 * HT_US_PER_S, "H", "d");
            notes_add(&notes, a, &record);
        }
    }
    assert_int_equal(notes_finish(&notes)->gap_count, 0);
    notes_end(&notes);
}

static void silence_that_is_usual(void **state) {
    (void)state;
    assert_int_equal(gaps_of_bursts(70 * 60, 50), 0);      /* in step, every 70 minutes */
    assert_int_equal(gaps_of_bursts(5 * 3600, 50), 0);     /* rarely */
    assert_int_equal(gaps_of_bursts(13 * 60 * 60, 50), 0); /* hardly ever */
    assert_int_equal(gaps_of_bursts(50 * 60, 1), 0);       /* a single device */
}

/* The second of three days is missing; the third one is read twice, and ends early. */
static void a_day_is_one_gap(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, COMPARED);
    const size_t a = notes_source(&notes, "a");
    const size_t b = notes_source(&notes, "b");
    for (int hour = 0; hour < 54; hour++) {
        if (hour < 24 || hour >= 48) {
            notes_hour(&notes, a, "H", hour);
            notes_hour(&notes, hour >= 48 ? b : a, "H", hour);
        }
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->gap_count, 1);
    assert_int_equal(summary->gaps[0].hours, 24);
    assert_int_equal(summary->gaps[0].usual_events, 24);
    notes_end(&notes);
}

/* A fleet that works by day: each night is silent. */
static void silent_nights(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    for (int hour = 0; hour < 6 * 24; hour++) {
        if (hour % 24 >= 6 && hour % 24 < 22 && hour != 3 * 24 + 12) {
            notes_hour(&notes, a, "H", hour);
        }
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->gap_count, 1); /* the fourth day's noon alone */
    assert_int_equal(summary->gaps[0].from_us, DAY_US + (3 * 24 + 12) * HOUR_US);
    assert_int_equal(summary->gaps[0].hours, 1);
    notes_end(&notes);
}

/* A hub with an event an hour: the archive has no file where nothing happened. */
static void quiet_hubs_have_no_file(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    for (int hour = 0; hour < 40; hour++) {
        if (hour != 7) {
            const struct ht_record record =
                notes_record(HT_EVENT_CONNECT, DAY_US + hour * HOUR_US, "H", "d");
            notes_add(&notes, add_file(&notes, "t", hour), &record);
        }
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->gap_count, 1);
    assert_int_equal(summary->gaps[0].kind, HT_GAP_QUIET);
    assert_false(summary->wrong);
    notes_end(&notes);
}

/* Two weeks apart: two spans; and a stamp of another age is no loss of years. */
static void separate_spans(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    for (int hour = 0; hour < 10; hour++) {
        notes_hour(&notes, a, "H", hour);
        notes_hour(&notes, a, "H", hour + 14 * 24);
    }
    const struct ht_record old =
        notes_record(HT_EVENT_CONNECT, INT64_C(-62135596800000000), "H", "d");
    notes_add(&notes, a, &old);
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->gap_count, 2);
    assert_int_equal(summary->gaps[0].kind, HT_GAP_LONG);
    assert_int_equal(summary->gaps[1].kind, HT_GAP_LONG);
    assert_int_equal(summary->gaps[1].hours, 14 * 24 - 10);
    assert_false(summary->wrong);
    notes_end(&notes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_of_an_archive),
        cmocka_unit_test(an_hour_without_a_file),
        cmocka_unit_test(hours_in_a_row_are_one_gap),
        cmocka_unit_test(events_in_another_file_are_not_missing),
        cmocka_unit_test(two_places),
        cmocka_unit_test(an_empty_file_is_none),
        cmocka_unit_test(an_hour_without_a_record),
        cmocka_unit_test(few_events_tell_nothing),
        cmocka_unit_test(silence_that_is_usual),
        cmocka_unit_test(a_day_is_one_gap),
        cmocka_unit_test(silent_nights),
        cmocka_unit_test(quiet_hubs_have_no_file),
        cmocka_unit_test(separate_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
