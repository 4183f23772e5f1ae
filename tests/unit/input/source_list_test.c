/* SPDX-License-Identifier: MIT */
/* Directories, links, hidden entries and the order of it all. */
#include <fcntl.h>
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

#include "base/compiler.h"
#include "input/source_list.h"

/* A tree that is removed at the end: entries in order of their making. */
struct tree {
    char root[32];
    char *made[64];
    size_t count;
};

static const char *path_of(struct tree *tree, const char *name) {
    const size_t bytes = strlen(tree->root) + strlen(name) + 2;
    char *path = malloc(bytes);
    assert_non_null(path);
    assert_true(tree->count < HT_ARRAY_LEN(tree->made));
    (void)snprintf(path, bytes, "%s/%s", tree->root, name);
    tree->made[tree->count++] = path;
    return path;
}

static void make_root(struct tree *tree) {
    (void)snprintf(tree->root, sizeof tree->root, "/tmp/hubtriage-test-XXXXXX");
    tree->count = 0;
    assert_non_null(mkdtemp(tree->root));
}

static void make_directory(struct tree *tree, const char *name) {
    assert_int_equal(mkdir(path_of(tree, name), 0700), 0);
}

static void make_file(struct tree *tree, const char *name) {
    const int fd = open(path_of(tree, name), O_CREAT | O_EXCL | O_WRONLY, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "{}", 2), 2);
    (void)close(fd);
}

static void make_link(struct tree *tree, const char *name, const char *target) {
    assert_int_equal(symlink(target, path_of(tree, name)), 0);
}

static void remove_tree(struct tree *tree) {
    while (tree->count > 0) {
        assert_int_equal(remove(tree->made[--tree->count]), 0);
        free(tree->made[tree->count]);
    }
    assert_int_equal(rmdir(tree->root), 0);
}

static void assert_names(const struct ht_source_list *list, const struct tree *tree,
                         const char *const *names, size_t count) {
    for (size_t i = 0; i < list->count && i < count; i++) {
        assert_string_equal(list->sources[i].name + strlen(tree->root) + 1, names[i]);
        assert_int_equal(list->sources[i].fd, -1);
        assert_int_equal(list->sources[i].size_bytes, 2);
    }
    assert_int_equal(list->count, count);
}

static void test_tree(void **state) {
    (void)state;
    static const char *const expected[] = {
        "link.json", "m=2/d=9/PT1H.json", "m=2/d=10/PT1H.json", "m=10/PT1H.json", "part2", "part10",
    };
    struct tree tree;
    struct ht_source_list list = {.sources = NULL};
    make_root(&tree);
    make_file(&tree, "part10");
    make_file(&tree, "part2");
    make_file(&tree, ".hidden");
    make_directory(&tree, ".git");
    make_file(&tree, ".git/config");
    make_directory(&tree, "m=10");
    make_file(&tree, "m=10/PT1H.json");
    make_directory(&tree, "m=2");
    make_directory(&tree, "m=2/d=10");
    make_file(&tree, "m=2/d=10/PT1H.json");
    make_directory(&tree, "m=2/d=9");
    make_file(&tree, "m=2/d=9/PT1H.json");
    make_directory(&tree, "empty");
    make_link(&tree, "link.json", "part2");
    make_link(&tree, "m=2/up", "..");      /* a loop */
    make_link(&tree, "self", "self");      /* a loop of its own */
    make_link(&tree, "nowhere", "absent"); /* dangling */
    assert_int_equal(mkfifo(path_of(&tree, "pipe"), 0600), 0);
    assert_int_equal(ht_source_list_add_path(&list, tree.root, NULL), HT_OK);
    ht_source_list_sort(&list);
    assert_names(&list, &tree, expected, HT_ARRAY_LEN(expected));
    ht_source_list_release(&list);
    remove_tree(&tree);
}

/* The order of arguments does not matter; descriptors come last, in the order of their numbers. */
static void test_order(void **state) {
    (void)state;
    static const char *const expected[] = {"a1", "a2", "a10"};
    static const size_t orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
    struct tree tree;
    make_root(&tree);
    make_file(&tree, "a1");
    make_file(&tree, "a2");
    make_file(&tree, "a10");
    for (size_t i = 0; i < HT_ARRAY_LEN(orders); i++) {
        struct ht_source_list list = {.sources = NULL};
        assert_int_equal(ht_source_list_add_fd(&list, 1, "second", NULL), HT_OK);
        for (size_t j = 0; j < 3; j++) {
            assert_int_equal(ht_source_list_add_path(&list, tree.made[orders[i][j]], NULL), HT_OK);
        }
        assert_int_equal(ht_source_list_add_fd(&list, 0, "first", NULL), HT_OK);
        ht_source_list_sort(&list);
        assert_int_equal(list.count, 5);
        assert_string_equal(list.sources[3].name, "first");
        assert_string_equal(list.sources[4].name, "second");
        list.count = 3;
        assert_names(&list, &tree, expected, 3);
        list.count = 5;
        ht_source_list_release(&list);
    }
    remove_tree(&tree);
}

static void test_named_link_to_directory(void **state) {
    (void)state;
    struct tree tree;
    struct ht_source_list list = {.sources = NULL};
    make_root(&tree);
    make_directory(&tree, "real");
    make_file(&tree, "real/a");
    make_link(&tree, "link", "real");
    assert_int_equal(ht_source_list_add_path(&list, tree.made[2], NULL), HT_OK);
    static const char *const expected[] = {"link/a"};
    assert_names(&list, &tree, expected, 1);
    ht_source_list_release(&list);
    remove_tree(&tree);
}

static void test_failures(void **state) {
    (void)state;
    struct tree tree;
    struct ht_source_list list = {.sources = NULL};
    struct ht_err err = {.status = HT_OK};
    make_root(&tree);
    assert_int_equal(ht_source_list_add_path(&list, "/nonexistent/\x1b[0m", &err), HT_E_IO);
    assert_string_equal(err.message,
                        "cannot read /nonexistent/\\x1B[0m: No such file or directory");
    assert_int_equal(ht_source_list_add_path(&list, tree.root, &err), HT_E_DATA);
    assert_non_null(strstr(err.message, "no file in this directory"));
    assert_true(err.hint[0] != '\0');
    assert_int_equal(list.count, 0);
    if (geteuid() != 0) { /* nothing is closed to root */
        make_directory(&tree, "closed");
        assert_int_equal(chmod(tree.made[0], 0), 0);
        assert_int_equal(ht_source_list_add_path(&list, tree.root, &err), HT_OK);
        assert_int_equal(list.count, 1);
        assert_string_equal(list.sources[0].problem,
                            "cannot list the directory: Permission denied");
    }
    ht_source_list_release(&list);
    remove_tree(&tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_named_link_to_directory),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests_name("source_list", tests, NULL, NULL);
}
