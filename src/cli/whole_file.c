/* SPDX-License-Identifier: MIT */
#include "cli/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/messages.h"

enum ht_status ht_cli_whole_file_read(const char *path, size_t max_bytes,
                                      const volatile sig_atomic_t *interrupted, char **text,
                                      size_t *len, struct ht_err *err) {
    *len = 0;
    *text = NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return ht_cli_io_error(err, errno, "cannot read %s", path);
    }
    char *bytes = malloc(max_bytes + 2);
    ssize_t count = bytes != NULL ? 1 : 0;
    int failed = 0;
    while (count > 0 && *len <= max_bytes) {
        count = read(fd, bytes + *len, max_bytes + 1 - *len);
        if (count < 0 && errno == EINTR && *interrupted == 0) {
            count = 1;
            continue;
        }
        failed = count < 0 ? errno : 0;
        *len += count > 0 ? (size_t)count : 0;
    }
    (void)close(fd);
    if (bytes == NULL) {
        return ht_cli_no_memory(err);
    }
    if (failed != 0) {
        free(bytes);
        return ht_cli_io_error(err, failed, "cannot read %s", path);
    }
    bytes[*len] = '\0';
    *text = bytes;
    return HT_OK;
}
