/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* getentropy() */
#include "cli/key_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/messages.h"
#include "cli/user_path.h"
#include "cli/whole_file.h"

enum { NEW_KEY_BYTES = 32 };

static enum ht_status read_key(const char *path, const volatile sig_atomic_t *interrupted,
                               char **key, size_t *len, struct ht_err *err) {
    const enum ht_status status =
        ht_cli_whole_file_read(path, HT_CLI_KEY_BYTES_MAX, interrupted, key, len, err);
    if (status == HT_E_IO) {
        (void)ht_cli_io_error(err, err->sys_errno, "--anonymize: cannot read %s", path);
        (void)snprintf(err->hint, sizeof err->hint,
                       "make a key: head -c 32 /dev/urandom >KEYFILE; chmod 600 KEYFILE");
    }
    if (status != HT_OK) {
        return status;
    }
    if (*len < HT_CLI_KEY_BYTES_MIN || *len > HT_CLI_KEY_BYTES_MAX) {
        return ht_cli_usage(err, "--anonymize: a key has %d to %d bytes; not so %.200s",
                            HT_CLI_KEY_BYTES_MIN, HT_CLI_KEY_BYTES_MAX, path);
    }
    return HT_OK;
}

/* Every folder above it that is missing; the last ones are for the user alone. */
static void make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, S_IRWXU); /* what fails, fails again when the file is made */
        *slash = '/';
    }
}

static bool write_random(int fd) {
    char bytes[NEW_KEY_BYTES];
    return getentropy(bytes, sizeof bytes) == 0 &&
           write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes && fsync(fd) == 0;
}

/* Written aside and linked, so that of two programs both take the key of one. */
static enum ht_status make_key(char *path, bool quiet, struct ht_err *err) {
    const size_t size = strlen(path) + sizeof ".XXXXXX";
    char *aside = malloc(size);
    if (aside == NULL) {
        return ht_cli_no_memory(err);
    }
    make_folders(path);
    (void)snprintf(aside, size, "%s.XXXXXX", path);
    const int fd = mkstemp(aside);
    if (fd < 0) {
        free(aside);
        return ht_cli_io_error(err, errno, "--anonymize: cannot make the key %s", path);
    }
    const bool written = write_random(fd);
    int failed = written ? 0 : errno;
    const bool linked = written && link(aside, path) == 0;
    failed = written && !linked && errno != EEXIST ? errno : failed;
    (void)close(fd);
    (void)unlink(aside);
    free(aside);
    if (failed != 0) {
        return ht_cli_io_error(err, failed, "--anonymize: cannot make the key %s", path);
    }
    if (linked && !quiet) {
        ht_cli_say("made a key for pseudonyms: %s", path);
        ht_cli_say_hint("keep it, and keep it secret: reports of the same key join");
    }
    return HT_OK;
}

/* The key of the user, made when it is not there. */
static enum ht_status take_own(const struct ht_cli_surroundings *surroundings, bool quiet,
                               char **key, size_t *len, struct ht_err *err) {
    char *path = NULL;
    struct stat file;
    enum ht_status status = ht_cli_user_path(surroundings, "XDG_STATE_HOME", "/.local/state",
                                             "/hubtriage/anonymize.key", &path, err);
    if (status == HT_OK && path == NULL) {
        status = ht_cli_usage(err, "--anonymize: HOME is not set; name a key: --anonymize=KEYFILE");
    }
    if (status == HT_OK && stat(path, &file) != 0 && errno == ENOENT) {
        status = make_key(path, quiet, err);
    }
    if (status == HT_OK) {
        status = read_key(path, surroundings->interrupted, key, len, err);
    }
    free(path);
    return status;
}

enum ht_status ht_cli_key_file_take(const char *path,
                                    const struct ht_cli_surroundings *surroundings, bool quiet,
                                    char **key, size_t *len, struct ht_err *err) {
    return path != NULL ? read_key(path, surroundings->interrupted, key, len, err)
                        : take_own(surroundings, quiet, key, len, err);
}
