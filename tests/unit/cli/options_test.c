/* SPDX-License-Identifier: MIT */
/* One table, and everything made from it: each option must be in the helps, the man page and the
 * three completions, and the words must be those of the library. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/completion.h"
#include "cli/help.h"
#include "cli/man.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "hubtriage/hubtriage.h"
#include "hubtriage/simulate.h"

enum page { SHORT_HELP, LONG_HELP, MAN, BASH, ZSH, FISH, PAGE_COUNT };

static char *make_page(enum page page, enum ht_cli_command command) {
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    switch (page) {
    case SHORT_HELP:
        ht_cli_help_short(out, command);
        break;
    case LONG_HELP:
        ht_cli_help_long(out, command);
        break;
    case MAN:
        ht_cli_man(out);
        break;
    default:
        ht_cli_completion(out, (size_t)page - BASH);
        break;
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

/* The name stands in the page, and is not the beginning of a longer one. */
static bool mentions(const char *page, const char *name) {
    const size_t len = strlen(name);
    for (const char *at = strstr(page, name); at != NULL; at = strstr(at + 1, name)) {
        const char next = at[len];
        if (next != '-' && next != '\\' && (next < 'a' || next > 'z')) {
            return true;
        }
        if (next == '\\' && at[len + 1] == 'f') { /* troff: the font changes */
            return true;
        }
    }
    return false;
}

/* "--max-bad" as the page writes it. */
static void write_name(enum page page, const char *name, char out[128]) {
    size_t len = 0;
    if (page == FISH) {
        (void)snprintf(out, 128, "-l %s", name);
        return;
    }
    len += (size_t)snprintf(out, 128, page == MAN ? "\\-\\-" : "--");
    for (; *name != '\0'; name++) {
        len += (size_t)snprintf(out + len, 128 - len, "%s%c",
                                page == MAN && *name == '-' ? "\\" : "", *name);
    }
}

static void check_option(enum ht_cli_option_id id, enum ht_cli_command command) {
    const struct ht_cli_option *option = ht_cli_option(id);
    for (int page = 0; page < PAGE_COUNT; page++) {
        char *text = make_page((enum page)page, command);
        char name[128];
        if (option->long_name != NULL) {
            write_name((enum page)page, option->long_name, name);
            if (!mentions(text, name)) {
                fail_msg("--%s is missing in page %d of command %d", option->long_name, page,
                         (int)command);
            }
        }
        if (option->short_name != 0) {
            (void)snprintf(name, sizeof name,
                           page == FISH  ? "-s %c"
                           : page == MAN ? "\\-%c"
                                         : "-%c",
                           option->short_name);
            if (!mentions(text, name)) {
                fail_msg("-%c is missing in page %d", option->short_name, page);
            }
        }
        for (size_t i = 0;
             option->choices != NULL && option->choices[i] != NULL && page >= LONG_HELP; i++) {
            assert_non_null(strstr(text, option->choices[i]));
        }
        free(text);
    }
}

static void every_option_is_everywhere(void **state) {
    (void)state;
    for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
        unsigned places = 0;
        for (int command = 0; command < HT_CLI_COMMAND_COUNT; command++) {
            if (ht_cli_option_belongs((enum ht_cli_option_id)id, (enum ht_cli_command)command)) {
                check_option((enum ht_cli_option_id)id, (enum ht_cli_command)command);
                places++;
            }
        }
        assert_true(places > 0);
    }
}

static void options_are_well_formed(void **state) {
    (void)state;
    assert_true(HT_CLI_OPTION_COUNT <= 40);
    for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
        const struct ht_cli_option *option = ht_cli_option((enum ht_cli_option_id)id);
        const size_t detail_len = strlen(option->detail);
        assert_true(option->short_name != 0 || option->long_name != NULL);
        assert_true(strlen(option->summary) > 0 && strlen(option->summary) <= 49);
        assert_int_equal(option->detail[detail_len - 1], '.');
        if (option->long_name != NULL) {
            assert_int_equal(ht_cli_option_find_long(option->long_name, strlen(option->long_name)),
                             id);
        }
        if (option->short_name != 0) {
            assert_int_equal(ht_cli_option_find_short(option->short_name), id);
        }
    }
    assert_int_equal(ht_cli_option_find_long("sinc", 4), HT_CLI_OPTION_COUNT);
    assert_int_equal(ht_cli_option_find_short('\0'), HT_CLI_OPTION_COUNT);
}

static void check_columns(const char *text) {
    while (*text != '\0') {
        const size_t len = strcspn(text, "\n");
        if (len > 80 || (len > 0 && text[len - 1] == ' ')) {
            fail_msg("%zu columns: %.*s", len, (int)len, text);
        }
        text += len;
        text += *text == '\n';
    }
}

static void helps_fit_a_terminal(void **state) {
    (void)state;
    for (int command = 0; command < HT_CLI_COMMAND_COUNT; command++) {
        for (int page = SHORT_HELP; page <= LONG_HELP; page++) {
            char *text = make_page((enum page)page, (enum ht_cli_command)command);
            check_columns(text);
            free(text);
        }
    }
}

static void a_list_agrees(const char *const *words, size_t count, const char *(*name)(size_t)) {
    for (size_t i = 0; i < count; i++) {
        assert_non_null(words[i]);
        assert_string_equal(words[i], name(i));
    }
    assert_null(words[count]);
}

static const char *format_name(size_t i) {
    return ht_format_name((enum ht_format)i);
}
static const char *emit_name(size_t i) {
    return ht_emit_name((enum ht_emit)i);
}
static const char *level_name(size_t i) {
    return i < HT_LEVEL_COUNT ? ht_level_name((enum ht_level)i) : "new";
}

static void words_are_those_of_the_library(void **state) {
    (void)state;
    a_list_agrees(ht_cli_formats, HT_FORMAT_COUNT, format_name);
    a_list_agrees(ht_cli_emits, HT_EMIT_COUNT, emit_name);
    a_list_agrees(ht_cli_levels, HT_LEVEL_COUNT + 1, level_name);
    size_t shapes = 0;
    for (; ht_log_shape_name(shapes) != NULL; shapes++) {
        assert_string_equal(ht_cli_shapes[shapes], ht_log_shape_name(shapes));
    }
    assert_null(ht_cli_shapes[shapes]);
    for (size_t i = 0; i < HT_FORMAT_COUNT; i++) {
        assert_string_equal(ht_cli_output_terms[i].name, ht_cli_formats[i]);
    }
    assert_null(ht_cli_output_terms[HT_FORMAT_COUNT].name);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_everywhere),
        cmocka_unit_test(options_are_well_formed),
        cmocka_unit_test(helps_fit_a_terminal),
        cmocka_unit_test(words_are_those_of_the_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
