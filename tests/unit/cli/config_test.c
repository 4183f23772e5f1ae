/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* mkdtemp() */
/* Settings: the text of a file, where the files are, and which place counts first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/config.h"
#include "cli/config_text.h"

static const volatile sig_atomic_t never;

static enum ht_status parse(const char *text, struct ht_cli_config_text *parsed,
                            struct ht_err *err) {
    static char copy[HT_CLI_CONFIG_BYTES_MAX + 2];
    const size_t len = strlen(text);
    assert_true(len < sizeof copy);
    memcpy(copy, text, len + 1);
    return ht_cli_config_text_parse("f", copy, len, parsed, err);
}

static void a_text_is_lines(void **state) {
    (void)state;
    static struct ht_cli_config_text parsed;
    struct ht_err err = {.status = HT_OK};
    assert_int_equal(parse("\xEF\xBB\xBF#c\r\n\n \tsince\t= 1 d \r\nquiet=no\noutput=a=b # c\n"
                           "output = d\nverbose = yes",
                           &parsed, &err),
                     HT_OK);
    assert_int_equal(parsed.count, 5);
    assert_int_equal(parsed.settings[0].id, HT_CLI_OPT_SINCE);
    assert_string_equal(parsed.settings[0].value, "1 d");
    assert_int_equal(parsed.settings[0].line, 3);
    assert_true(parsed.settings[0].on);
    assert_false(parsed.settings[1].on);
    assert_null(parsed.settings[1].value);
    assert_string_equal(parsed.settings[2].value, "a=b # c");
    assert_string_equal(parsed.settings[3].value, "d");
    assert_true(parsed.settings[4].on);
    assert_int_equal(parsed.settings[4].line, 7);
    assert_int_equal(parse("", &parsed, &err), HT_OK);
    assert_int_equal(parsed.count, 0);
}

static void ceilings_of_a_text(void **state) {
    (void)state;
    static struct ht_cli_config_text parsed;
    static char text[HT_CLI_CONFIG_BYTES_MAX + 2];
    struct ht_err err = {.status = HT_OK};
    memset(text, '#', sizeof text - 1);
    assert_int_equal(parse(text, &parsed, &err), HT_E_USAGE);
    assert_string_equal(err.message, "f: more than 64 KiB");
    text[HT_CLI_CONFIG_BYTES_MAX] = '\0';
    assert_int_equal(parse(text, &parsed, &err), HT_OK);
    text[0] = '\0';
    for (size_t i = 0; i < HT_CLI_CONFIG_SETTINGS_MAX; i++) {
        memcpy(text + 9 * i, "output=a\n", 10);
    }
    assert_int_equal(parse(text, &parsed, &err), HT_OK);
    assert_int_equal(parsed.count, HT_CLI_CONFIG_SETTINGS_MAX);
    memcpy(text + 9 * HT_CLI_CONFIG_SETTINGS_MAX, "output=b", 9);
    assert_int_equal(parse(text, &parsed, &err), HT_E_USAGE);
    assert_string_equal(err.message, "f:257: more than 256 settings");
}

/* Only commands that read logs or explain take settings, and options that make sense there. */
static void what_may_be_set(void **state) {
    (void)state;
    static const struct {
        enum ht_cli_option_id id;
        enum ht_cli_command command;
        bool settable;
    } cases[] = {
        {HT_CLI_OPT_SINCE, HT_CLI_REPORT, true},     {HT_CLI_OPT_SINCE, HT_CLI_SIMULATE, false},
        {HT_CLI_OPT_OUTPUT, HT_CLI_REPORT, true},    {HT_CLI_OPT_OUTPUT, HT_CLI_DEVICE, false},
        {HT_CLI_OPT_OUTPUT, HT_CLI_CHECK, false},    {HT_CLI_OPT_OUTPUT, HT_CLI_EXPLAIN, false},
        {HT_CLI_OPT_OUTPUT, HT_CLI_SIMULATE, false}, {HT_CLI_OPT_COLOR, HT_CLI_EXPLAIN, true},
        {HT_CLI_OPT_FAIL_ON, HT_CLI_CHECK, false},   {HT_CLI_OPT_VERBOSE, HT_CLI_TOP, false},
        {HT_CLI_OPT_CONFIG, HT_CLI_REPORT, false},   {HT_CLI_OPT_HELP, HT_CLI_REPORT, false},
        {HT_CLI_OPT_LIST, HT_CLI_EXPLAIN, false},    {HT_CLI_OPT_VERSION, HT_CLI_REPORT, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(ht_cli_option_is_settable(cases[i].id, cases[i].command),
                         cases[i].settable);
    }
    assert_false(ht_cli_option_is_setting(HT_CLI_OPT_SEED));
    assert_false(ht_cli_option_is_setting(HT_CLI_OPT_MAN));
    assert_false(ht_cli_option_is_setting(HT_CLI_OPT_HELP_SHORT));
    assert_true(ht_cli_option_is_setting(HT_CLI_OPT_EMIT));
}

/* A folder with the system's and the user's file, and what the variables of a run are. */
static char folder[] = "/tmp/hubtriage-config-XXXXXX";
static const char *const *variables;

static const char *variable(const char *name) {
    const size_t len = strlen(name);
    for (size_t i = 0; variables[i] != NULL; i++) {
        if (strncmp(variables[i], name, len) == 0 && variables[i][len] == '=') {
            return variables[i] + len + 1;
        }
    }
    return NULL;
}

static void path_of(const char *name, char out[128]) {
    (void)snprintf(out, 128, "%s/%s", folder, name);
}

static void write_file(const char *name, const char *text) {
    char path[128];
    path_of(name, path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state) {
    (void)state;
    char path[128];
    assert_non_null(mkdtemp(folder));
    path_of("hubtriage", path);
    assert_int_equal(mkdir(path, 0700), 0);
    path_of(".config", path);
    assert_int_equal(mkdir(path, 0700), 0);
    path_of(".config/hubtriage", path);
    assert_int_equal(mkdir(path, 0700), 0);
    write_file("system", "hub = system\nsince = 1d\noutput = text=system\nquiet = yes\n");
    write_file("hubtriage/config", "hub = user\noutput = json=user\noutput = text=user\n");
    write_file(".config/hubtriage/config", "hub = home\n");
    write_file("named", "hub = named\n");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    static const char *const names[] = {"system",
                                        "hubtriage/config",
                                        "hubtriage",
                                        ".config/hubtriage/config",
                                        ".config/hubtriage",
                                        ".config",
                                        "named"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        path_of(names[i], path);
        assert_int_equal(remove(path), 0);
    }
    return rmdir(folder);
}

struct run {
    struct ht_cli_arguments arguments;
    struct ht_cli_config config;
    struct ht_err err;
    enum ht_status status;
};

/* variables_then ends in NULL; "@" in a value stands for the folder. */
static void apply(struct run *run, int argc, char *const *argv, const char *const *set) {
    static char texts[4][128];
    static const char *list[5];
    char system_file[128];
    size_t count = 0;
    for (; set[count] != NULL; count++) {
        const char *at = strchr(set[count], '@');
        (void)snprintf(texts[count], sizeof texts[count], "%.*s%s",
                       (int)(at != NULL ? at - set[count] : 100), set[count],
                       at != NULL ? folder : "");
        list[count] = texts[count];
    }
    list[count] = NULL;
    variables = list;
    path_of("system", system_file);
    const struct ht_cli_surroundings surroundings = {.interrupted = &never,
                                                     .system_config = system_file,
                                                     .variable = variable};
    *run = (struct run){.status = HT_OK};
    assert_int_equal(ht_cli_arguments_parse(argc, argv, &run->arguments, &run->err), HT_OK);
    run->status = ht_cli_config_apply(&run->arguments, &surroundings, &run->config, &run->err);
}

static void release(struct run *run) {
    ht_cli_arguments_release(&run->arguments);
    ht_cli_config_release(&run->config);
}

static void places_count_in_order(void **state) {
    (void)state;
    static const struct {
        const char *hub; /* what --hub is in the end; the first output; how many */
        const char *output;
        size_t output_count;
        const char *const set[5];
        const char *const argv[6];
    } cases[] = {
        {"system", "text=system", 1, {NULL}, {"hubtriage", "report"}},
        {"user", "json=user", 2, {"XDG_CONFIG_HOME=@"}, {"hubtriage", "report"}},
        {"home", "text=system", 1, {"HOME=@"}, {"hubtriage", "report"}},
        {"home", "text=system", 1, {"XDG_CONFIG_HOME=here", "HOME=@"}, {"hubtriage", "report"}},
        {"system", "text=system", 1, {"HOME=here"}, {"hubtriage", "report"}},
        {"v", "json=user", 2, {"XDG_CONFIG_HOME=@", "HUBTRIAGE_HUB=v"}, {"hubtriage", "report"}},
        {"user", "json=user", 2, {"XDG_CONFIG_HOME=@", "HUBTRIAGE_HUB="}, {"hubtriage", "report"}},
        {"c",
         "ndjson",
         1,
         {"XDG_CONFIG_HOME=@", "HUBTRIAGE_HUB=v"},
         {"hubtriage", "report", "--hub=c", "-ondjson"}},
        {"user",
         "text",
         1,
         {"XDG_CONFIG_HOME=@", "HUBTRIAGE_OUTPUT=text"},
         {"hubtriage", "report"}},
        {NULL, NULL, 0, {"XDG_CONFIG_HOME=@"}, {"hubtriage", "report", "--config="}},
        {NULL, NULL, 0, {"HUBTRIAGE_CONFIG=/dev/null"}, {"hubtriage", "report"}},
        {"system", NULL, 0, {NULL}, {"hubtriage", "device", "x"}},
        {NULL, NULL, 0, {"HUBTRIAGE_HUB=v"}, {"hubtriage", "explain", "x"}},
        {NULL, NULL, 0, {"HUBTRIAGE_SINCE=v"}, {"hubtriage", "simulate", "x"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct run run;
        char *argv[6] = {NULL};
        int argc = 0;
        for (; argc < 6 && cases[i].argv[argc] != NULL; argc++) {
            argv[argc] = strdup(cases[i].argv[argc]);
        }
        apply(&run, argc, argv, cases[i].set);
        assert_int_equal(run.status, HT_OK);
        const char *hub = run.arguments.value[HT_CLI_OPT_HUB];
        assert_string_equal(hub != NULL ? hub : "(none)",
                            cases[i].hub != NULL ? cases[i].hub : "(none)");
        assert_int_equal(run.arguments.output_count, cases[i].output_count);
        if (cases[i].output != NULL) {
            assert_string_equal(run.arguments.outputs[0], cases[i].output);
        }
        release(&run);
        while (argc > 0) {
            free(argv[--argc]);
        }
    }
}

static void a_file_that_is_named_must_be_there(void **state) {
    (void)state;
    static const char *const none[] = {NULL};
    static const char *const by_variable[] = {"HUBTRIAGE_CONFIG=@", NULL};
    char *argv[] = {(char[]){"hubtriage"}, (char[]){"report"},
                    (char[]){"--config=/nowhere/at/all"}};
    struct run run;
    apply(&run, 3, argv, none);
    assert_int_equal(run.status, HT_E_IO);
    assert_string_equal(run.err.message, "cannot read /nowhere/at/all: No such file or directory");
    release(&run);
    apply(&run, 2, argv, by_variable); /* a directory */
    assert_int_equal(run.status, HT_E_IO);
    release(&run);
}

static void blame_names_the_place(void **state) {
    (void)state;
    struct ht_cli_arguments arguments = {.command = HT_CLI_REPORT};
    struct ht_err err = {.status = HT_E_USAGE, .message = "m"};
    assert_int_equal(ht_cli_config_blame(&arguments, HT_CLI_OPT_MAX_BAD, &err), HT_E_USAGE);
    assert_string_equal(err.message, "m");
    arguments.origin[HT_CLI_OPT_MAX_BAD] = (struct ht_cli_origin){.elsewhere = true};
    (void)ht_cli_config_blame(&arguments, HT_CLI_OPT_MAX_BAD, &err);
    assert_string_equal(err.message, "HUBTRIAGE_MAX_BAD: m");
    arguments.origin[HT_CLI_OPT_MAX_BAD].file = "/etc/f";
    arguments.origin[HT_CLI_OPT_MAX_BAD].line = 12;
    memset(err.message, 'x', sizeof err.message - 1);
    (void)ht_cli_config_blame(&arguments, HT_CLI_OPT_MAX_BAD, &err);
    assert_memory_equal(err.message, "/etc/f:12: xxx", 14);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_lines),
        cmocka_unit_test(ceilings_of_a_text),
        cmocka_unit_test(what_may_be_set),
        cmocka_unit_test(places_count_in_order),
        cmocka_unit_test(a_file_that_is_named_must_be_there),
        cmocka_unit_test(blame_names_the_place),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
