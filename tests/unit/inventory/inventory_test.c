/* SPDX-License-Identifier: MIT */
/* Counts, kinds of bad records, cut exports, columns, comparison of sources, ceilings. */
#include "notes.h"

static void counts_by_source_hub_and_category(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, COMPARED);
    const size_t a = notes_source(&notes, "a");
    const size_t b = notes_source(&notes, "b");
    notes_hour(&notes, a, "ZETA", 0);
    notes_hour(&notes, b, "ALPHA", 1);
    struct ht_record record = notes_record(HT_EVENT_HEALTH, DAY_US, "ZETA", "");
    struct ht_note note = {.source = b,
                           .kind = HT_NOTE_OTHER_RECORD,
                           .record = &record,
                           .category = HT_STR("Routes"),
                           .time_us = DAY_US - HOUR_US};
    assert_int_equal(ht_collector_note(notes.collector, &note), HT_OK);
    note.kind = HT_NOTE_OTHER_SERVICE;
    note.resource_id = HT_STR("/subscriptions/x/providers/Microsoft.KeyVault/vaults/v");
    assert_int_equal(ht_collector_note(notes.collector, &note), HT_OK);
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->hub_count, 2);
    assert_string_equal(summary->hubs[0].hub, "ALPHA");
    assert_int_equal(summary->hubs[0].records, 24);
    assert_string_equal(summary->hubs[1].hub, "ZETA");
    assert_int_equal(summary->hubs[1].records, 25);
    assert_int_equal(summary->hubs[1].category_count, 2);
    assert_int_equal(summary->hubs[1].connects, 12);
    assert_int_equal(summary->category_count, 2);
    assert_string_equal(summary->categories[0].name, "Connections");
    assert_int_equal(summary->categories[0].records, 48);
    assert_int_equal(summary->service_count, 1);
    assert_string_equal(summary->services[0].name, "MICROSOFT.KEYVAULT/VAULTS");
    assert_int_equal(summary->sources[1].hub_count, 2);
    assert_string_equal(summary->sources[1].hubs[0].name, "ALPHA");
    assert_int_equal(summary->sources[1].first_us, DAY_US - HOUR_US);
    assert_int_equal(summary->first_us, DAY_US - HOUR_US);
    assert_false(summary->wrong);
    notes_end(&notes);
}

/* Notes of sources in turn give what notes of one after the other give. */
static void any_order_of_sources_will_do(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, COMPARED);
    const size_t a = notes_source(&notes, "a");
    const size_t b = notes_source(&notes, "b");
    for (int i = 0; i < 600; i++) {
        const struct ht_record record =
            notes_record(HT_EVENT_CONNECT, DAY_US + i * HT_US_PER_S, i % 3 == 0 ? "X" : "Y", "d");
        notes_add(&notes, i % 2 == 0 ? a : b, &record);
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(summary->sources[i].events, 300);
        assert_int_equal(summary->sources[i].hub_count, 2);
        assert_int_equal(summary->sources[i].hubs[0].records, 200);
        assert_int_equal(summary->sources[i].category_count, 1);
    }
    notes_end(&notes);
}

static void bad_records_by_kind(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    notes_hour(&notes, a, "H", 0);
    notes_bad(&notes, a, HT_BAD_TIME, "no time");
    notes_bad(&notes, a, HT_BAD_SYNTAX, "a comma");
    notes_bad(&notes, a, HT_BAD_SYNTAX, "a colon");
    notes_bad(&notes, a, HT_BAD_SYNTAX, "a comma");
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->bad_count, 3);
    assert_string_equal(summary->bad[0].why, "a comma");
    assert_int_equal(summary->bad[0].records, 2);
    assert_int_equal(summary->bad[0].record, 26);
    assert_string_equal(summary->bad[0].source, "a");
    assert_string_equal(summary->bad[2].why, "no time");
    assert_int_equal(summary->sources[0].first_bad.reason, HT_BAD_TIME);
    assert_int_equal(summary->sources[0].first_bad.records, 4);
    const struct ht_inventory_finding *finding = notes_finding(summary, "bad-records");
    assert_true(finding != NULL && finding->wrong && finding->level == HT_LEVEL_WARNING);
    assert_string_equal(finding->detail, "4 of 28 records");
    assert_true(summary->wrong);
    notes_end(&notes);
}

/* One in a hundred is allowed; and more kinds than are told apart are counted all the same. */
static void few_bad_records_are_a_note(void **state) {
    (void)state;
    static char whys[200][32];
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    for (int hour = 0; hour < 20; hour++) {
        notes_hour(&notes, a, "H", hour);
    }
    notes_bad(&notes, a, HT_BAD_DEVICE, "no device");
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_false(notes_finding(summary, "bad-records")->wrong);
    assert_false(summary->wrong);
    notes_end(&notes);

    notes_begin(&notes, 0);
    (void)notes_source(&notes, "a");
    for (int i = 0; i < 200; i++) {
        (void)snprintf(whys[i], sizeof whys[i], "kind %d", i);
        notes_bad(&notes, a, i % 2 == 0 ? HT_BAD_SYNTAX : HT_BAD_TIME, whys[i]);
    }
    summary = notes_finish(&notes);
    uint64_t records = 0;
    for (size_t i = 0; i < summary->bad_count; i++) {
        records += summary->bad[i].records;
    }
    assert_int_equal(records, 200);
    assert_int_equal(summary->bad_count, 64 + 2);
    notes_end(&notes);
}

static enum ht_cut cut_of(uint64_t records, uint64_t bytes, bool is_export) {
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    notes.sources[a].records = records;
    notes.sources[a].bytes = bytes;
    notes.sources[a].is_export = is_export;
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    const enum ht_cut cut = summary->sources[0].cut;
    assert_int_equal(summary->cut_sources, cut != HT_CUT_NONE);
    assert_true((notes_finding(summary, "cut-rows") != NULL) == (cut == HT_CUT_ROWS));
    assert_true((notes_finding(summary, "cut-size") != NULL) == (cut == HT_CUT_SIZE));
    assert_int_equal(summary->wrong, cut != HT_CUT_NONE);
    notes_end(&notes);
    return cut;
}

static void exports_that_end_at_a_limit(void **state) {
    (void)state;
    assert_int_equal(cut_of(10000, 5, true), HT_CUT_ROWS);
    assert_int_equal(cut_of(30000, 5, true), HT_CUT_ROWS);
    assert_int_equal(cut_of(500000, 5, true), HT_CUT_ROWS);
    assert_int_equal(cut_of(500000, 5, false), HT_CUT_NONE);
    assert_int_equal(cut_of(9999, 5, true), HT_CUT_NONE);
    assert_int_equal(cut_of(10001, 5, true), HT_CUT_NONE);
    assert_int_equal(cut_of(5, 64000000, true), HT_CUT_SIZE);
    assert_int_equal(cut_of(5, 63360000, true), HT_CUT_SIZE);
    assert_int_equal(cut_of(5, 63300000, true), HT_CUT_NONE);
    assert_int_equal(cut_of(5, 64000001, true), HT_CUT_NONE);
    assert_int_equal(cut_of(5, 64 * 1024 * 1024, true), HT_CUT_SIZE);
    assert_int_equal(cut_of(5, 103500000, true), HT_CUT_SIZE);
    assert_int_equal(cut_of(5, 104 * 1024 * 1024, true), HT_CUT_SIZE);
    assert_int_equal(cut_of(5, 104 * 1024 * 1024 + 1, true), HT_CUT_NONE);
    assert_int_equal(cut_of(5, 103500000, false), HT_CUT_NONE);
}

static void a_source_that_ends_in_a_record(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    notes_hour(&notes, a, "H", 0);
    notes_bad(&notes, a, HT_BAD_CUT, "cut");
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->sources[0].cut, HT_CUT_RECORD);
    assert_int_equal(summary->cut_sources, 0);
    assert_true(notes_finding(summary, "cut-record")->wrong);
    notes_end(&notes);
}

static void columns_that_are_missing(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    for (int i = 0; i < 40; i++) {
        struct ht_record record =
            notes_record(HT_EVENT_CONNECT, DAY_US + i * 60 * HT_US_PER_S, "", "d");
        record.auth = HT_AUTH_UNKNOWN;
        record.sdk = i < 10 ? HT_STR_NONE : record.sdk;
        record.network = HT_STR_NONE;
        notes_add(&notes, a, &record);
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_true(notes_says(summary, "no-sdk-version", "10 of 40 accepted connects"));
    assert_int_equal(notes_finding(summary, "no-sdk-version")->level, HT_LEVEL_NOTE);
    assert_int_equal(notes_finding(summary, "no-masked-address")->level, HT_LEVEL_WARNING);
    assert_int_equal(notes_finding(summary, "no-auth-type")->level, HT_LEVEL_NOTE);
    assert_true(notes_says(summary, "no-disconnects", "a hub without a name: 40 connects"));
    assert_true(notes_says(summary, "no-hub-name", "40 records"));
    assert_true(notes_says(summary, "minute-times", "a: 40 events"));
    assert_null(notes_finding(summary, "no-connects"));
    assert_false(summary->wrong);
    notes_end(&notes);
}

static void only_disconnects(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    for (int i = 0; i < 40; i++) {
        const struct ht_record record =
            notes_record(i % 2 == 0 ? HT_EVENT_DISCONNECT : HT_EVENT_REFUSED,
                         DAY_US + i * HT_US_PER_S, "H", "d");
        notes_add(&notes, a, &record);
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_true(notes_says(summary, "no-connects", "H: 20 disconnects, 20 refused connects"));
    assert_null(notes_finding(summary, "minute-times"));
    notes_end(&notes);
}

/* A folder again, and an export that has a part of it: shared events are found, also without
 * attributes, and told by folder. */
static void events_of_two_sources(void **state) {
    (void)state;
    static const char *const names[] = {"a/x/h=00.json", "a/x/h=01.json", "b/x/h=00.json",
                                        "b/x/h=01.json", "c.csv"};
    struct notes notes;
    notes_begin(&notes, COMPARED);
    for (size_t i = 0; i < 5; i++) {
        (void)notes_source(&notes, names[i]);
        if (i < 4) {
            notes_hour(&notes, i, "H", (int)i % 2);
        }
    }
    for (int turn = 0; turn < 12; turn++) {
        struct ht_record record =
            notes_record(HT_EVENT_DISCONNECT, DAY_US + (turn * 300 + 7) * HT_US_PER_S, "H",
                         "pump-1");
        record.sdk = HT_STR_NONE;
        record.network = HT_STR_NONE;
        notes_add(&notes, 4, &record);
        record.time_us += HT_US_PER_S; /* a new one */
        notes_add(&notes, 4, &record);
        notes_add(&notes, 4, &record); /* and that again */
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_true(summary->compared);
    assert_int_equal(summary->repeated, 48 + 12);
    assert_int_equal(summary->repeated_within, 12);
    assert_int_equal(summary->overlap_count, 2);
    assert_string_equal(summary->overlaps[0].first, "a");
    assert_string_equal(summary->overlaps[0].again, "b");
    assert_int_equal(summary->overlaps[0].sources, 2);
    assert_int_equal(summary->overlaps[0].events, 48);
    assert_int_equal(summary->overlaps[0].of, 48);
    assert_string_equal(summary->overlaps[1].first, "a/x/h=00.json");
    assert_string_equal(summary->overlaps[1].again, "c.csv");
    assert_true(notes_says(summary, "doubled-input", "b has what a has: 48 events in 2 inputs"));
    assert_true(notes_says(summary, "overlapping-inputs", "12 of 36 events"));
    assert_true(notes_says(summary, "repeated-events", "c.csv: 12 events"));
    assert_false(summary->wrong);
    notes_end(&notes);
}

/* Whatever tells two events apart keeps them apart. */
static void different_events_are_not_the_same(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, COMPARED);
    const size_t a = notes_source(&notes, "a");
    struct ht_record record = notes_record(HT_EVENT_HEALTH, DAY_US, "H", "d");
    notes_add(&notes, a, &record);
    record.time_us++;
    notes_add(&notes, a, &record);
    record.hub = HT_STR("I");
    notes_add(&notes, a, &record);
    record.device = HT_STR("e");
    notes_add(&notes, a, &record);
    record.module = HT_STR("m");
    notes_add(&notes, a, &record);
    record.code = 500001;
    notes_add(&notes, a, &record);
    record.operation = HT_STR("Routes/x");
    notes_add(&notes, a, &record);
    record.kind = HT_EVENT_CONNECT;
    notes_add(&notes, a, &record);
    assert_int_equal(notes_finish(&notes)->repeated_within, 0);
    notes_end(&notes);
}

static void comparison_has_a_ceiling(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 10);
    (void)notes_source(&notes, "a");
    (void)notes_source(&notes, "b");
    notes_hour(&notes, 0, "H", 0);
    notes_hour(&notes, 1, "H", 0);
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->repeated, 10);
    assert_int_equal(summary->not_compared, 14 + 14);
    assert_true(notes_says(summary, "ceiling", "28 events not compared with other inputs"));
    notes_end(&notes);
}

static void many_hubs_and_categories(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    for (int i = 0; i < 5000; i++) {
        char hub[16];
        char category[16];
        (void)snprintf(hub, sizeof hub, "HUB-%d", i);
        (void)snprintf(category, sizeof category, "cat-%d", i % 100);
        const struct ht_record record = notes_record(HT_EVENT_CONNECT, DAY_US, hub, "d");
        const struct ht_note note = {.source = a,
                                     .kind = HT_NOTE_OTHER_RECORD,
                                     .record = &record,
                                     .category = ht_str_from(category),
                                     .time_us = HT_TIME_NONE};
        assert_int_equal(ht_collector_note(notes.collector, &note), HT_OK);
    }
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    uint64_t records = 0;
    for (size_t i = 0; i < summary->hub_count; i++) {
        records += summary->hubs[i].records;
    }
    assert_int_equal(records, 5000);
    assert_true(summary->hub_count <= 257);
    assert_true(summary->category_count <= 65);
    assert_true(notes_says(summary, "ceiling", "records of further categories"));
    notes_end(&notes);
}

static void foreign_empty_and_unreadable(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, 0);
    const size_t a = notes_source(&notes, "a");
    const size_t b = notes_source(&notes, "b");
    const size_t c = notes_source(&notes, "c.zip");
    notes.sources[a].bytes = 0;
    notes.sources[b].problem = "cannot be opened: Permission denied";
    notes.sources[c].bytes = 0;
    notes.sources[c].is_archive = true;
    const struct ht_note note = {.source = b,
                                 .kind = HT_NOTE_OTHER_SERVICE,
                                 .resource_id = HT_STR("MICROSOFT.WEB")};
    assert_int_equal(ht_collector_note(notes.collector, &note), HT_OK);
    notes.totals.not_records = 3;
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_string_equal(summary->findings[0].rule, "other-services-only");
    assert_true(notes_says(summary, "other-services-only", "MICROSOFT.WEB: 1 record"));
    assert_true(notes_says(summary, "empty-input", "a"));
    assert_int_equal(notes_finding(summary, "empty-input")->item_total, 1);
    assert_true(notes_says(summary, "unreadable-input", "b: cannot be opened"));
    assert_true(notes_says(summary, "not-records", "3 values"));
    assert_true(summary->wrong);
    notes_end(&notes);
}

static void nothing_at_all(void **state) {
    (void)state;
    struct notes notes;
    notes_begin(&notes, COMPARED);
    const struct ht_inventory_summary *summary = notes_finish(&notes);
    assert_int_equal(summary->source_count, 0);
    assert_int_equal(summary->finding_count, 0);
    assert_int_equal(summary->first_us, HT_TIME_NONE);
    notes_end(&notes);
    ht_collector_free(NULL);
    ht_inventory_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_by_source_hub_and_category),
        cmocka_unit_test(any_order_of_sources_will_do),
        cmocka_unit_test(bad_records_by_kind),
        cmocka_unit_test(few_bad_records_are_a_note),
        cmocka_unit_test(exports_that_end_at_a_limit),
        cmocka_unit_test(a_source_that_ends_in_a_record),
        cmocka_unit_test(columns_that_are_missing),
        cmocka_unit_test(only_disconnects),
        cmocka_unit_test(events_of_two_sources),
        cmocka_unit_test(different_events_are_not_the_same),
        cmocka_unit_test(comparison_has_a_ceiling),
        cmocka_unit_test(many_hubs_and_categories),
        cmocka_unit_test(foreign_empty_and_unreadable),
        cmocka_unit_test(nothing_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
