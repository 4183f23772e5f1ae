/* SPDX-License-Identifier: MIT */
/* Blocking reads. Files are never mapped: one that is truncated meanwhile must not kill us. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "input/filter.h"

struct descriptor {
    struct ht_filter filter; /* first, so that a pointer to it is one to the whole */
    int fd;
    const struct ht_patience *patience;
    struct ht_trouble *trouble;
    uint64_t *raw_bytes;
    enum ht_status status;
};

/* Wait for bytes, or for the descriptor that ends the wait. */
static enum ht_status wait_awake(const struct descriptor *self) {
    struct pollfd wait[2] = {{.fd = self->fd, .events = POLLIN},
                             {.fd = *self->patience->wake, .events = POLLIN}};
    while (poll(wait, 2, -1) < 0 && errno == EINTR) {
    }
    return wait[1].revents != 0 ? HT_E_CANCEL : HT_OK;
}

/* read() that waits, also on a descriptor that somebody else made non-blocking. *got is -1, with
 * errno, when it fails. */
static enum ht_status read_some(const struct descriptor *self, char *out, size_t size_bytes,
                                ssize_t *got) {
    for (;;) {
        if (self->patience->wake != NULL) {
            HT_TRY(wait_awake(self));
        }
        *got = read(self->fd, out, size_bytes);
        if (*got >= 0 || (errno != EINTR && errno != EAGAIN)) {
            return HT_OK;
        }
        struct pollfd wait = {.fd = self->fd, .events = POLLIN};
        if ((errno == EINTR || (poll(&wait, 1, -1) < 0 && errno == EINTR)) &&
            self->patience->on_signal != NULL) {
            HT_TRY(self->patience->on_signal(self->patience->ctx));
        }
    }
}

static enum ht_status descriptor_read(struct ht_filter *filter, char *out, size_t size_bytes,
                                      size_t *count) {
    struct descriptor *self = (struct descriptor *)filter;
    ssize_t got = 0;
    *count = 0;
    HT_TRY(self->status);
    self->status = read_some(self, out, size_bytes, &got);
    HT_TRY(self->status);
    if (got < 0) {
        self->trouble->what = "cannot be read";
        self->trouble->sys_errno = errno;
        self->status = HT_E_IO;
    } else if (got == 0) {
        self->status = HT_END;
    }
    *count = got > 0 ? (size_t)got : 0;
    *self->raw_bytes += *count;
    return self->status;
}

static void descriptor_free(struct ht_filter *filter) {
    free(filter);
}

enum ht_status ht_descriptor_new(int fd, const struct ht_patience *patience,
                                 struct ht_trouble *trouble, uint64_t *raw_bytes,
                                 struct ht_filter **filter) {
    struct descriptor *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return HT_E_NOMEM;
    }
    self->filter.read = descriptor_read;
    self->filter.free = descriptor_free;
    self->fd = fd;
    self->patience = patience;
    self->trouble = trouble;
    self->raw_bytes = raw_bytes;
    *filter = &self->filter;
    return HT_OK;
}

enum ht_status ht_trouble_set(struct ht_trouble *trouble, const char *what, const char *detail,
                              uint64_t offset_bytes) {
    if (trouble->what == NULL) {
        *trouble =
            (struct ht_trouble){.what = what, .detail = detail, .offset_bytes = offset_bytes};
    }
    return HT_E_DATA;
}
