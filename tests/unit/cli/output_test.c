/* SPDX-License-Identifier: MIT */
/* Files appear whole or not at all, and nothing else is left in their folder. */
#define _XOPEN_SOURCE 700
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/output.h"

struct folder {
    char path[64];
    struct ht_cli_output output;
    struct ht_err err;
    volatile sig_atomic_t interrupted;
};

static int make_folder(void **state) {
    struct folder *folder = calloc(1, sizeof *folder);
    if (folder == NULL) {
        return -1;
    }
    (void)snprintf(folder->path, sizeof folder->path, "%s", "/tmp/hubtriage-test-XXXXXX");
    *state = folder;
    return mkdtemp(folder->path) != NULL && chdir(folder->path) == 0 ? 0 : -1;
}

static int remove_folder(void **state) {
    struct folder *folder = *state;
    DIR *directory = opendir(".");
    const struct dirent *entry = NULL;
    while (directory != NULL && (entry = readdir(directory)) != NULL) {
        (void)unlink(entry->d_name);
        (void)rmdir(entry->d_name);
    }
    (void)closedir(directory);
    const int status = chdir("/") == 0 ? rmdir(folder->path) : -1;
    free(folder);
    return status;
}

static size_t entries(void) {
    size_t count = 0;
    DIR *directory = opendir(".");
    assert_non_null(directory);
    const struct dirent *entry = NULL;
    while ((entry = readdir(directory)) != NULL) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    (void)closedir(directory);
    return count;
}

static void put_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void assert_file(const char *path, const char *text) {
    char read[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    (void)fread(read, 1, sizeof read - 1, file);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(read, text);
}

static enum ht_status open_and_write(struct folder *folder, const char *path, const char *text) {
    const enum ht_status status =
        ht_cli_output_open(&folder->output, path, &folder->interrupted, &folder->err);
    return status != HT_OK ? status
                           : ht_cli_output_write(&folder->output, text, strlen(text), &folder->err);
}

static enum ht_status commit(struct folder *folder) {
    return ht_cli_output_commit(&folder->output, &folder->err);
}

static void a_file_appears_when_it_is_whole(void **state) {
    struct folder *folder = *state;
    struct stat status;
    (void)umask(027);
    assert_int_equal(open_and_write(folder, "new.txt", "new\n"), HT_OK);
    assert_int_not_equal(access("new.txt", F_OK), 0);
    assert_int_equal(commit(folder), HT_OK);
    assert_file("new.txt", "new\n");
    assert_int_equal(stat("new.txt", &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
    assert_int_equal(entries(), 1);
}

static void an_old_file_is_replaced_at_the_end(void **state) {
    struct folder *folder = *state;
    struct stat status;
    put_file("old.txt", "old\n");
    assert_int_equal(chmod("old.txt", 0604), 0);
    assert_int_equal(symlink("old.txt", "link.txt"), 0);
    assert_int_equal(open_and_write(folder, "link.txt", "new\n"), HT_OK);
    assert_file("old.txt", "old\n");
    assert_int_equal(commit(folder), HT_OK);
    assert_file("old.txt", "new\n");
    assert_int_equal(lstat("link.txt", &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat("old.txt", &status), 0);
    assert_int_equal(status.st_mode & 07777, 0604);
    assert_int_equal(entries(), 2);
}

static void giving_up_leaves_nothing(void **state) {
    struct folder *folder = *state;
    put_file("old.txt", "old\n");
    assert_int_equal(open_and_write(folder, "old.txt", "new\n"), HT_OK);
    ht_cli_output_abandon(&folder->output);
    assert_file("old.txt", "old\n");
    assert_int_equal(entries(), 1);
}

static void a_signal_leaves_nothing(void **state) {
    struct folder *folder = *state;
    put_file("old.txt", "old\n");
    assert_int_equal(open_and_write(folder, "old.txt", "new\n"), HT_OK);
    folder->interrupted = 1;
    assert_int_equal(commit(folder), HT_E_CANCEL);
    assert_file("old.txt", "old\n");
    assert_int_equal(entries(), 1);
}

static void a_failed_rename_leaves_nothing(void **state) {
    struct folder *folder = *state;
    assert_int_equal(open_and_write(folder, "new.txt", "new\n"), HT_OK);
    assert_int_equal(mkdir("new.txt", 0700), 0); /* came between */
    assert_int_equal(commit(folder), HT_E_IO);
    assert_string_equal(folder->err.message, "cannot write new.txt: Is a directory");
    assert_int_equal(entries(), 1);
}

static void bad_targets_are_known_before(void **state) {
    struct folder *folder = *state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(ht_cli_output_check("folder", &folder->err), HT_E_IO);
    assert_string_equal(folder->err.message, "cannot write folder: Is a directory");
    assert_int_equal(ht_cli_output_check("missing/a", &folder->err), HT_E_IO);
    assert_string_equal(folder->err.message, "cannot write missing/a: No such file or directory");
    assert_int_equal(ht_cli_output_check("folder/a", &folder->err), HT_OK);
    assert_int_equal(ht_cli_output_check("a", &folder->err), HT_OK);
    assert_int_equal(ht_cli_output_check("/dev/null", &folder->err), HT_OK);
}

static void devices_are_written_directly(void **state) {
    struct folder *folder = *state;
    struct stat status;
    assert_int_equal(open_and_write(folder, "/dev/null", "x"), HT_OK);
    assert_int_equal(commit(folder), HT_OK);
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
    assert_int_equal(open_and_write(folder, "/dev/full", "x"), HT_OK);
    assert_int_equal(commit(folder), HT_E_IO);
    assert_string_equal(folder->err.message, "cannot write /dev/full: No space left on device");
}

static void a_reader_may_go_away(void **state) {
    struct folder *folder = *state;
    (void)signal(SIGPIPE, SIG_IGN);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    const int reader = open("fifo", O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_int_equal(open_and_write(folder, "fifo", "x"), HT_OK);
    assert_int_equal(close(reader), 0);
    assert_int_equal(commit(folder), HT_E_CANCEL);
    assert_true(folder->output.broken_pipe);
    assert_int_equal(entries(), 1);
}

static void more_than_the_buffer_is_whole(void **state) {
    struct folder *folder = *state;
    struct stat status;
    char piece[1000];
    memset(piece, 'x', sizeof piece);
    assert_int_equal(open_and_write(folder, "big.txt", ""), HT_OK);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(ht_cli_output_write(&folder->output, piece, sizeof piece, &folder->err),
                         HT_OK);
    }
    assert_int_equal(commit(folder), HT_OK);
    assert_int_equal(stat("big.txt", &status), 0);
    assert_int_equal(status.st_size, 200000);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_file_appears_when_it_is_whole), IN_FOLDER(an_old_file_is_replaced_at_the_end),
        IN_FOLDER(giving_up_leaves_nothing),        IN_FOLDER(a_signal_leaves_nothing),
        IN_FOLDER(a_failed_rename_leaves_nothing),  IN_FOLDER(bad_targets_are_known_before),
        IN_FOLDER(devices_are_written_directly),    IN_FOLDER(a_reader_may_go_away),
        IN_FOLDER(more_than_the_buffer_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
