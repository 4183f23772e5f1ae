/* SPDX-License-Identifier: MIT */
/*
 * Preloaded: makes the calls that write to a file fail, from the FAIL_AT-th on (counted from 1),
 * with FAIL_ERRNO, and counts them in the file FAIL_COUNT. Only descriptors of files called *.db or
 * *.db-journal are concerned.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long met;

static int concerns(int fd) {
    char link[64];
    char path[4096];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t len = readlink(link, path, sizeof path - 1);
    if (len < 0) {
        return 0;
    }
    path[len] = '\0';
    return strstr(path, ".db") != NULL;
}

static int fails(int fd) {
    const char *at = getenv("FAIL_AT");
    const char *count = getenv("FAIL_COUNT");
    if (!concerns(fd)) {
        return 0;
    }
    met++;
    if (count != NULL) {
        FILE *out = fopen(count, "w");
        if (out != NULL) {
            (void)fprintf(out, "%ld\n", met);
            (void)fclose(out);
        }
    }
    if (at == NULL || met < strtol(at, NULL, 10)) {
        return 0;
    }
    const char *number = getenv("FAIL_ERRNO");
    errno = number != NULL ? (int)strtol(number, NULL, 10) : EIO;
    return 1;
}

#define REAL(type, name, ...)                     \
    static type (*real)(__VA_ARGS__);             \
    if (real == NULL) {                           \
        *(void **)&real = dlsym(RTLD_NEXT, name); \
    }

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t)
    return fails(fd) ? -1 : real(fd, bytes, len, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset) {
    return pwrite64(fd, bytes, len, offset);
}

ssize_t write(int fd, const void *bytes, size_t len) {
    REAL(ssize_t, "write", int, const void *, size_t)
    return fails(fd) ? -1 : real(fd, bytes, len);
}

int fsync(int fd) {
    REAL(int, "fsync", int)
    return fails(fd) ? -1 : real(fd);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int)
    return fails(fd) ? -1 : real(fd);
}

int ftruncate64(int fd, off64_t len) {
    REAL(int, "ftruncate64", int, off64_t)
    return fails(fd) ? -1 : real(fd, len);
}
