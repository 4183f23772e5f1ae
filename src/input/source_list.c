/* SPDX-License-Identifier: MIT */
/*
 * Directories are walked with a list of those still to be visited, one open at a time, so neither
 * depth nor breadth of a tree costs descriptors or stack.
 */
#include "input/source_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/check.h"
#include "base/err.h"
#include "base/grow.h"
#include "base/text.h"

void ht_source_list_release(struct ht_source_list *list) {
    for (size_t i = 0; i < list->count; i++) {
        free(list->sources[i].name);
        free(list->sources[i].label);
    }
    free(list->sources);
    *list = (struct ht_source_list){.sources = NULL};
}

/* Printable, cut when it is long; NULL when there is no memory. */
static char *make_label(const struct ht_source_list *list, const char *name) {
    char label[HT_SOURCE_LABEL_BYTES];
    if (list->key != NULL) {
        ht_pseudonym_path(list->key, ht_str_from(name), label, sizeof label);
    } else {
        (void)ht_text_printable(label, sizeof label, ht_str_from(name));
    }
    const size_t bytes = strlen(label) + 1;
    char *copy = malloc(bytes);
    if (copy != NULL) {
        memcpy(copy, label, bytes);
    }
    return copy;
}

/* Takes name, which is heap memory, also when it fails. The source is the last one. */
static enum ht_status add(struct ht_source_list *list, char *name, int fd, uint64_t size_bytes) {
    char *label = name != NULL ? make_label(list, name) : NULL;
    const enum ht_status status = label == NULL
                                      ? HT_E_NOMEM
                                      : ht_grow(&list->sources, &list->capacity, list->count + 1,
                                                HT_SOURCES_MAX, sizeof *list->sources);
    if (status != HT_OK) {
        free(name);
        free(label);
        return status;
    }
    list->sources[list->count++] =
        (struct ht_source){.name = name, .label = label, .fd = fd, .size_bytes = size_bytes};
    return HT_OK;
}

static char *copy_text(const char *text) {
    const size_t bytes = strlen(text) + 1;
    char *copy = malloc(bytes);
    if (copy != NULL) {
        memcpy(copy, text, bytes);
    }
    return copy;
}

static char *join_path(const char *directory, const char *entry) {
    const size_t directory_len = strlen(directory);
    const bool slash = directory_len > 0 && directory[directory_len - 1] != '/';
    const size_t bytes = directory_len + strlen(entry) + 2;
    char *path = malloc(bytes);
    if (path != NULL) {
        (void)snprintf(path, bytes, "%s%s%s", directory, slash ? "/" : "", entry);
    }
    return path;
}

/* Directories still to be visited; owns the paths. */
struct pending {
    char **paths;
    size_t count;
    size_t capacity;
};

static enum ht_status push(struct pending *pending, char *path) {
    const enum ht_status status = ht_grow(&pending->paths, &pending->capacity, pending->count + 1,
                                          HT_SOURCES_MAX, sizeof *pending->paths);
    if (status != HT_OK) {
        free(path);
        return status;
    }
    pending->paths[pending->count++] = path;
    return HT_OK;
}

/* Takes path. */
static enum ht_status add_entry(struct ht_source_list *list, struct pending *pending, char *path) {
    struct stat status;
    if (path == NULL) {
        return HT_E_NOMEM;
    }
    if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return push(pending, path);
    }
    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        return add(list, path, -1, (uint64_t)status.st_size);
    }
    free(path);
    return HT_OK;
}

/* A directory that cannot be listed is a source that cannot be read: named, and the rest goes on.
 */
static enum ht_status add_unlistable(struct ht_source_list *list, const char *path, int sys_errno) {
    struct ht_err err = {.status = HT_OK};
    HT_TRY(add(list, copy_text(path), -1, 0));
    struct ht_source *source = &list->sources[list->count - 1];
    (void)ht_err_set_errno(&err, sys_errno, "cannot list the directory");
    (void)snprintf(source->problem, sizeof source->problem, "%s", err.message);
    return HT_OK;
}

static enum ht_status list_directory(struct ht_source_list *list, struct pending *pending,
                                     const char *path) {
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return add_unlistable(list, path, errno);
    }
    enum ht_status status = HT_OK;
    const struct dirent *entry = NULL;
    while (status == HT_OK && (entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.') {
            status = add_entry(list, pending, join_path(path, entry->d_name));
        }
    }
    (void)closedir(directory);
    return status;
}

static enum ht_status walk(struct ht_source_list *list, const char *path) {
    struct pending pending = {NULL, 0, 0};
    char *first = copy_text(path);
    enum ht_status status = first != NULL ? push(&pending, first) : HT_E_NOMEM;
    while (status == HT_OK && pending.count > 0) {
        char *next = pending.paths[--pending.count];
        status = list_directory(list, &pending, next);
        free(next);
    }
    for (size_t i = 0; i < pending.count; i++) {
        free(pending.paths[i]);
    }
    free(pending.paths);
    return status;
}

static enum ht_status explain(enum ht_status status, const char *path, struct ht_err *err) {
    if (status == HT_E_LIMIT) {
        (void)ht_err_set(err, status, "%s: more than %d files", path, HT_SOURCES_MAX);
        ht_err_hint(err, "name a part of the tree, such as one month");
    } else if (status == HT_E_NOMEM) {
        (void)ht_err_set(err, status, "not enough memory to list %s", path);
    }
    return status;
}

const char *ht_source_list_call(const struct ht_source_list *list, const char *path,
                                char out[HT_SOURCE_LABEL_BYTES]) {
    if (list->key == NULL) {
        return path;
    }
    ht_pseudonym_path(list->key, ht_str_from(path), out, HT_SOURCE_LABEL_BYTES);
    return out;
}

enum ht_status ht_source_list_add_path(struct ht_source_list *list, const char *path,
                                       struct ht_err *err) {
    struct stat status;
    char shown[HT_SOURCE_LABEL_BYTES];
    const char *called = ht_source_list_call(list, path, shown);
    if (stat(path, &status) != 0) {
        return ht_err_set_errno(err, errno, "cannot read %s", called);
    }
    if (!S_ISDIR(status.st_mode)) {
        const uint64_t size_bytes = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
        return explain(add(list, copy_text(path), -1, size_bytes), called, err);
    }
    const size_t before = list->count;
    HT_TRY(explain(walk(list, path), called, err));
    if (list->count == before) {
        (void)ht_err_set(err, HT_E_DATA, "%s: no file in this directory", called);
        ht_err_hint(err, "name the folder that holds insights-logs-connections, or exported files");
        return HT_E_DATA;
    }
    return HT_OK;
}

enum ht_status ht_source_list_add_fd(struct ht_source_list *list, int fd, const char *name,
                                     struct ht_err *err) {
    return explain(add(list, copy_text(name), fd, 0), name, err);
}

enum ht_status ht_source_list_insert(struct ht_source_list *list, size_t before, size_t archive,
                                     const char *member) {
    const char *prefix = list->sources[archive].name;
    const size_t bytes = strlen(prefix) + strlen(member) + 2;
    char *name = malloc(bytes);
    if (name != NULL) {
        (void)snprintf(name, bytes, "%s!%s", prefix, member);
    }
    HT_TRY(add(list, name, -1, 0));
    const size_t at = before + 1;
    const struct ht_source added = list->sources[list->count - 1];
    memmove(&list->sources[at + 1], &list->sources[at],
            (list->count - 1 - at) * sizeof *list->sources);
    list->sources[at] = added;
    return HT_OK;
}

static int compare(const void *left, const void *right) {
    const struct ht_source *a = left;
    const struct ht_source *b = right;
    if ((a->fd < 0) != (b->fd < 0)) {
        return a->fd < 0 ? -1 : 1;
    }
    if (a->fd >= 0) {
        return (a->fd > b->fd) - (a->fd < b->fd);
    }
    return ht_str_cmp_natural(ht_str_from(a->name), ht_str_from(b->name));
}

static struct ht_str folder_of(const struct ht_source *source) {
    const char *slash = strrchr(source->label, '/');
    return (struct ht_str){source->label, slash != NULL ? (size_t)(slash - source->label) : 0};
}

/* Parts of one file are in one folder. */
static int compare_folders(const void *left, const void *right) {
    const struct ht_source *a = left;
    const struct ht_source *b = right;
    const int order = a->fd < 0 && b->fd < 0 ? ht_str_cmp_natural(folder_of(a), folder_of(b)) : 0;
    return order != 0 ? order : compare(left, right);
}

void ht_source_list_sort(struct ht_source_list *list) {
    if (list->count > 1) {
        qsort(list->sources, list->count, sizeof *list->sources,
              list->key != NULL ? compare_folders : compare);
    }
}
