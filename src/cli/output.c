/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath(), open_memstream() */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/messages.h"

static const char temporary_name[] = ".hubtriage-XXXXXX";

/* The folder of a path with its final slash, "" for the current one. Returns its length. */
static size_t folder_len(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

/* Where a link points to is replaced, not the link. */
static char *resolve(const char *path) {
    char *real = realpath(path, NULL);
    return real != NULL ? real : strdup(path);
}

static char *temporary_path(const char *target) {
    const size_t folder = folder_len(target);
    char *path = malloc(folder + sizeof temporary_name);
    if (path != NULL) {
        memcpy(path, target, folder);
        memcpy(path + folder, temporary_name, sizeof temporary_name);
    }
    return path;
}

/* A device, FIFO, socket, or a descriptor by name: there is nothing to replace. */
static bool is_special(const char *path) {
    struct stat status;
    if (strncmp(path, "/dev/std", 8) == 0 || strncmp(path, "/dev/fd/", 8) == 0) {
        return true;
    }
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

enum ht_status ht_cli_output_check(const char *path, struct ht_err *err) {
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return ht_cli_io_error(err, EISDIR, "cannot write %s", path);
    }
    if (is_special(path)) {
        return HT_OK;
    }
    char *target = resolve(path);
    if (target == NULL) {
        return ht_cli_no_memory(err);
    }
    const size_t folder = folder_len(target);
    target[folder] = '\0';
    const int failed = access(folder > 0 ? target : ".", W_OK | X_OK) != 0 ? errno : 0;
    free(target);
    return failed != 0 ? ht_cli_io_error(err, failed, "cannot write %s", path) : HT_OK;
}

bool ht_cli_output_is_folder(const char *path) {
    struct stat status;
    const size_t len = strlen(path);
    return (len > 0 && path[len - 1] == '/') ||
           (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

enum ht_status ht_cli_output_check_folder(const char *path, struct ht_err *err) {
    struct stat status;
    char *folder = strdup(path);
    int failed = 0;
    if (folder == NULL) {
        return ht_cli_no_memory(err);
    }
    for (size_t len = strlen(folder); len > 1 && folder[len - 1] == '/'; len--) {
        folder[len - 1] = '\0';
    }
    if (stat(folder, &status) == 0) {
        failed = S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
    } else {
        folder[folder_len(folder)] = '\0'; /* its parent */
    }
    if (failed == 0 && access(folder[0] != '\0' ? folder : ".", W_OK | X_OK) != 0) {
        failed = errno;
    }
    free(folder);
    return failed != 0 ? ht_cli_io_error(err, failed, "cannot write to %s", path) : HT_OK;
}

enum ht_status ht_cli_output_make_folder(const char *path, struct ht_err *err) {
    if (mkdir(path, S_IRWXU | S_IRWXG | S_IRWXO) != 0 && errno != EEXIST) {
        return ht_cli_io_error(err, errno, "cannot make %s", path);
    }
    return HT_OK;
}

/* The rights of the file to be replaced, or those that open() would give a new one. */
static mode_t wanted_mode(const char *target) {
    struct stat status;
    if (stat(target, &status) == 0) {
        return status.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
    }
    const mode_t mask = umask(0);
    (void)umask(mask);
    return (S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH) & ~mask;
}

static enum ht_status open_temporary(struct ht_cli_output *output, const char *path,
                                     struct ht_err *err) {
    output->target = resolve(path);
    output->temporary = output->target != NULL ? temporary_path(output->target) : NULL;
    if (output->temporary == NULL) {
        free(output->target);
        output->target = NULL;
        return ht_cli_no_memory(err);
    }
    output->fd = mkstemp(output->temporary);
    if (output->fd < 0) {
        const int failed = errno;
        free(output->temporary);
        output->temporary = NULL;
        ht_cli_output_abandon(output);
        return ht_cli_io_error(err, failed, "cannot write %s", path);
    }
    if (fchmod(output->fd, wanted_mode(output->target)) != 0) {
        const int failed = errno;
        ht_cli_output_abandon(output);
        return ht_cli_io_error(err, failed, "cannot write %s", path);
    }
    return HT_OK;
}

enum ht_status ht_cli_output_open(struct ht_cli_output *output, const char *path,
                                  const volatile sig_atomic_t *interrupted, struct ht_err *err) {
    output->fd = STDOUT_FILENO;
    output->name = path != NULL ? path : "standard output";
    output->target = NULL;
    output->temporary = NULL;
    output->interrupted = interrupted;
    output->broken_pipe = false;
    output->len = 0;
    if (path == NULL) {
        return HT_OK;
    }
    if (!is_special(path)) {
        return open_temporary(output, path, err);
    }
    /* Appending matters only when /dev/stdout is a file that somebody else is writing, too. */
    output->fd = open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
    if (output->fd < 0) {
        return ht_cli_io_error(err, errno, "cannot write %s", path);
    }
    return HT_OK;
}

static enum ht_status flush(struct ht_cli_output *output, struct ht_err *err) {
    size_t done = 0;
    while (done < output->len) {
        if (output->interrupted != NULL && *output->interrupted != 0) {
            return HT_E_CANCEL;
        }
        const ssize_t count = write(output->fd, output->buffer + done, output->len - done);
        if (count >= 0) {
            done += (size_t)count;
        } else if (errno == EPIPE) {
            output->broken_pipe = true;
            return HT_E_CANCEL;
        } else if (errno != EINTR) {
            return ht_cli_io_error(err, errno, "cannot write %s", output->name);
        }
    }
    output->len = 0;
    return HT_OK;
}

enum ht_status ht_cli_output_write(void *ctx, const char *bytes, size_t len, struct ht_err *err) {
    struct ht_cli_output *output = ctx;
    while (len > 0) {
        const size_t room = sizeof output->buffer - output->len;
        const size_t part = len < room ? len : room;
        memcpy(output->buffer + output->len, bytes, part);
        output->len += part;
        bytes += part;
        len -= part;
        if (output->len == sizeof output->buffer) {
            const enum ht_status status = flush(output, err);
            if (status != HT_OK) {
                return status;
            }
        }
    }
    return HT_OK;
}

static void release(struct ht_cli_output *output) {
    free(output->target);
    free(output->temporary);
    output->target = NULL;
    output->temporary = NULL;
    output->fd = -1;
}

void ht_cli_output_abandon(struct ht_cli_output *output) {
    if (output->fd >= 0 && output->fd != STDOUT_FILENO) {
        (void)close(output->fd);
    }
    if (output->temporary != NULL) {
        (void)unlink(output->temporary);
    }
    release(output);
}

/* Makes the rename last through a power cut; not every file system can, which is no error. */
static void sync_folder(char *target) {
    const size_t folder = folder_len(target);
    target[folder] = '\0';
    const int fd = open(folder > 0 ? target : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

static enum ht_status replace(struct ht_cli_output *output, struct ht_err *err) {
    const int fd = output->fd;
    const bool synced = fsync(fd) == 0;
    int failed = synced ? 0 : errno;
    output->fd = -1;
    if (close(fd) != 0 && failed == 0) {
        failed = errno;
    }
    if (failed == 0 && rename(output->temporary, output->target) != 0) {
        failed = errno;
    }
    if (failed != 0) {
        const char *name = output->name;
        ht_cli_output_abandon(output);
        return ht_cli_io_error(err, failed, "cannot write %s", name);
    }
    sync_folder(output->target);
    release(output);
    return HT_OK;
}

enum ht_status ht_cli_output_commit(struct ht_cli_output *output, struct ht_err *err) {
    const enum ht_status status = flush(output, err);
    if (status != HT_OK) {
        ht_cli_output_abandon(output);
        return status;
    }
    if (output->temporary != NULL) {
        return replace(output, err);
    }
    if (output->fd != STDOUT_FILENO && close(output->fd) != 0) {
        const int failed = errno;
        release(output);
        return ht_cli_io_error(err, failed, "cannot write %s", output->name);
    }
    release(output);
    return HT_OK;
}

enum ht_status ht_cli_output_print(const char *text, size_t len, struct ht_err *err) {
    struct ht_cli_output *output = malloc(sizeof *output);
    if (output == NULL) {
        return ht_cli_no_memory(err);
    }
    enum ht_status status = ht_cli_output_open(output, NULL, NULL, err);
    if (status == HT_OK) {
        status = ht_cli_output_write(output, text, len, err);
    }
    if (status == HT_OK) {
        status = ht_cli_output_commit(output, err);
    }
    const bool gone = output->broken_pipe;
    free(output);
    return gone ? HT_OK : status;
}

enum ht_status ht_cli_output_page(ht_cli_print_fn *print, const void *ctx, struct ht_err *err) {
    char *text = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&text, &len);
    if (memory == NULL) {
        return ht_cli_no_memory(err);
    }
    enum ht_status status = print(memory, ctx, err);
    if (fclose(memory) != 0 && status == HT_OK) {
        status = ht_cli_no_memory(err);
    }
    if (status == HT_OK) {
        status = ht_cli_output_print(text, len, err);
    }
    free(text);
    return status;
}
