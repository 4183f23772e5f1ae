/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* getentropy() */
#include "cli/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/messages.h"

enum { PATH_BYTES = 4096, NEW_KEY_BYTES = 32 };

static enum ht_status read_key(const char *path, struct ht_cli_key *key, struct ht_err *err) {
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? 1 : -1;
    key->len = 0;
    while (got > 0 && key->len < sizeof key->bytes) {
        got = read(fd, key->bytes + key->len, sizeof key->bytes - key->len);
        key->len += got > 0 ? (size_t)got : 0;
        got = got < 0 && errno == EINTR ? 1 : got;
    }
    const int failed = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    if (got < 0) {
        (void)ht_cli_io_error(err, failed, "--anonymize: cannot read %s", path);
        (void)snprintf(err->hint, sizeof err->hint,
                       "make a key: head -c 32 /dev/urandom >KEYFILE; chmod 600 KEYFILE");
        return HT_E_IO;
    }
    if (key->len < HT_CLI_KEY_BYTES_MIN || key->len > HT_CLI_KEY_BYTES_MAX) {
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
    char aside[PATH_BYTES + 16];
    make_folders(path);
    (void)snprintf(aside, sizeof aside, "%s.XXXXXX", path);
    const int fd = mkstemp(aside);
    if (fd < 0) {
        return ht_cli_io_error(err, errno, "--anonymize: cannot make the key %s", path);
    }
    const bool written = write_random(fd);
    int failed = written ? 0 : errno;
    const bool linked = written && link(aside, path) == 0;
    failed = written && !linked && errno != EEXIST ? errno : failed;
    (void)close(fd);
    (void)unlink(aside);
    if (failed != 0) {
        return ht_cli_io_error(err, failed, "--anonymize: cannot make the key %s", path);
    }
    if (linked && !quiet) {
        ht_cli_say("made a key for pseudonyms: %s", path);
        ht_cli_say_hint("keep it, and keep it secret: reports of the same key join");
    }
    return HT_OK;
}

static const char *variable(const struct ht_cli_surroundings *surroundings, const char *name) {
    const char *value = surroundings->variable != NULL ? surroundings->variable(name) : NULL;
    return value != NULL && value[0] == '/' ? value : NULL;
}

enum ht_status ht_cli_key_file_take(const char *path,
                                    const struct ht_cli_surroundings *surroundings, bool quiet,
                                    struct ht_cli_key *key, struct ht_err *err) {
    char own[PATH_BYTES];
    struct stat status;
    if (path != NULL) {
        return read_key(path, key, err);
    }
    const char *state = variable(surroundings, "XDG_STATE_HOME");
    const char *home = variable(surroundings, "HOME");
    if (state == NULL && home == NULL) {
        return ht_cli_usage(err, "--anonymize: HOME is not set; name a key: --anonymize=KEYFILE");
    }
    (void)snprintf(own, sizeof own, "%s%s/hubtriage/anonymize.key", state != NULL ? state : home,
                   state != NULL ? "" : "/.local/state");
    if (stat(own, &status) != 0 && errno == ENOENT) {
        const enum ht_status made = make_key(own, quiet, err);
        if (made != HT_OK) {
            return made;
        }
    }
    return read_key(own, key, err);
}
