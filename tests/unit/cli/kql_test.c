/* SPDX-License-Identifier: MIT */
/* The columns of the query are those that the decoder takes from a row of AzureDiagnostics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/kql_command.h"
#include "decode/object.h"

static void the_query_has_what_the_decoder_takes(void **state) {
    (void)state;
    /* Members of a record that the query leaves out: other tables' names, what another column says
     * as well, and what the query has looked at itself. */
    const uint64_t left_out = HT_SLOT_BIT(HT_SLOT_TIME) | HT_SLOT_BIT(HT_SLOT_PROPERTIES) |
                              HT_SLOT_BIT(HT_SLOT_RESOURCE_ID_LOWER) |
                              HT_SLOT_BIT(HT_SLOT_RESOURCE) |
                              HT_SLOT_BIT(HT_SLOT_RESOURCE_PROVIDER);
    uint64_t asked = 0;
    for (size_t i = 0; ht_cli_kql_column(i) != NULL; i++) {
        const enum ht_slot slot = ht_slot_of_key(ht_str_from(ht_cli_kql_column(i)->name));
        assert_true(slot < HT_SLOT_COUNT);
        assert_int_equal(asked & HT_SLOT_BIT(slot), 0);
        asked |= HT_SLOT_BIT(slot);
    }
    /* Every slot of a resource log's record is in one of the two; a new one must be decided on. */
    const uint64_t of_record = HT_SLOT_BIT(HT_SLOT_STATUS_TYPE) - 1;
    assert_true((asked | left_out) == of_record && (asked & left_out) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_query_has_what_the_decoder_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
