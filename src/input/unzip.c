/* SPDX-License-Identifier: MIT */
/*
 * zip archives, from their first byte to their last, since a pipe cannot go to the directory at the
 * end. Format: PKWARE, APPNOTE.TXT. A file whose size is not said before it ends by itself
 * (deflated) or where a descriptor tells its size and checksum (stored). Behind a damaged file,
 * reading goes on at the next header.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/str.h"
#include "input/filter.h"
#include "input/inflater.h"

enum {
    HEADER_FILE = 0x04034b50,
    HEADER_DIRECTORY = 0x02014b50,
    HEADER_DIRECTORY_END = 0x06054b50,
    HEADER_DIRECTORY_END_64 = 0x06064b50,
    HEADER_EXTRA_DATA = 0x08064b50,
    HEADER_DESCRIPTOR = 0x08074b50, /* also the mark of an archive in parts */
    HEADER_ONE_PART = 0x30304b50,
    HEADER_BYTES = 30,
    DESCRIPTOR_BYTES_MIN = 16, /* with its signature */
    DESCRIPTOR_BYTES_MAX = 24,
    FLAG_ENCRYPTED = 1,
    FLAG_DESCRIPTOR = 8,
    FLAG_HEADERS_ENCRYPTED = 8192,
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8,
    METHOD_DEFLATED_64 = 9,
    EXTRA_ZIP64 = 1,
    MEMBERS_MAX = 1000000,
};

enum stage {
    STAGE_BETWEEN = 0, /* at a header */
    STAGE_DATA,        /* within a file */
    STAGE_LOST,        /* the file was damaged: the next header must be searched */
};

struct unzip {
    struct ht_filter filter;
    struct ht_tap *in;
    struct ht_trouble *trouble;
    struct ht_inflater inflater;
    enum ht_status status; /* of the file */
    enum stage stage;
    uint32_t members;
    bool any_header;
    bool ended;
    bool told_cut; /* and that is all there is to say */
    /* of the file */
    uint32_t flags;
    uint32_t method;
    uint32_t crc;
    bool sizes_64;
    bool readable;
    uint64_t in_bytes;
    uint64_t out_bytes;
    uint64_t stored_bytes; /* given */
    uint32_t stored_crc;
};

static enum ht_status damaged(struct unzip *self, const char *detail) {
    self->stage = STAGE_LOST;
    return ht_trouble_set(self->trouble, "the zip archive is damaged", detail,
                          self->in->offset_bytes);
}

static enum ht_status stopped(struct unzip *self, enum ht_status status) {
    self->told_cut = self->told_cut || status == HT_END;
    return status == HT_END ? ht_trouble_set(self->trouble, "the zip archive is cut", NULL,
                                             self->in->offset_bytes + ht_tap_len(self->in))
                            : status;
}

/* Nothing follows, or nothing can be read; said once. */
static enum ht_status end_archive(struct unzip *self, enum ht_status status) {
    self->ended = true;
    return stopped(self, status);
}

static bool has_descriptor(const struct unzip *self) {
    return (self->flags & FLAG_DESCRIPTOR) != 0;
}

/* Files. */

/* A descriptor at the start of the tap that fits what was read: its length, or 0. Writers differ:
 * with or without a signature, sizes in 4 or 8 bytes. */
static size_t descriptor_len(const struct unzip *self, uint32_t crc, uint64_t in_bytes,
                             uint64_t out_bytes) {
    const size_t len = ht_tap_len(self->in);
    for (size_t mark = 0; mark <= 4; mark += 4) {
        if (mark > 0 && (len < 4 || ht_tap_u32(self->in, 0) != HEADER_DESCRIPTOR)) {
            break;
        }
        if (len >= mark + 20 && ht_tap_u32(self->in, mark) == crc &&
            ht_tap_u64(self->in, mark + 4) == in_bytes &&
            ht_tap_u64(self->in, mark + 12) == out_bytes) {
            return mark + 20;
        }
        if (len >= mark + 12 && ht_tap_u32(self->in, mark) == crc &&
            ht_tap_u32(self->in, mark + 4) == (uint32_t)in_bytes &&
            ht_tap_u32(self->in, mark + 8) == (uint32_t)out_bytes) {
            return mark + 12;
        }
    }
    return 0;
}

/* Behind the data of a deflated file. */
static enum ht_status end_deflated(struct unzip *self) {
    const struct ht_inflater *inflater = &self->inflater;
    if (!has_descriptor(self)) {
        if (inflater->crc != self->crc) {
            (void)damaged(self, "the checksum of this file does not match");
        }
        HT_TRY(ht_tap_skip(self->in, inflater->in_left));
        self->stage = STAGE_BETWEEN;
        return inflater->crc != self->crc ? HT_E_DATA : HT_END;
    }
    const enum ht_status status = ht_tap_want(self->in, DESCRIPTOR_BYTES_MAX);
    if (status != HT_OK && status != HT_END) {
        return status;
    }
    const size_t len = descriptor_len(self, inflater->crc, inflater->in_bytes, inflater->out_bytes);
    if (len == 0) {
        return ht_tap_len(self->in) < DESCRIPTOR_BYTES_MIN
                   ? stopped(self, HT_END)
                   : damaged(self, "the checksum of this file does not match");
    }
    ht_tap_take(self->in, len);
    self->stage = STAGE_BETWEEN;
    return HT_END;
}

static enum ht_status read_deflated(struct unzip *self, char *out, size_t size_bytes,
                                    size_t *count) {
    struct ht_inflater *inflater = &self->inflater;
    const enum ht_status status = ht_inflater_read(inflater, self->in, out, size_bytes, count);
    if (status == HT_END) {
        return end_deflated(self);
    }
    if (status == HT_E_DATA && inflater->cut && inflater->in_left > 0) {
        return stopped(self, HT_END);
    }
    return status == HT_E_DATA ? damaged(self, "the data of this file") : status;
}

static void give_stored(struct unzip *self, char *out, size_t count) {
    memcpy(out, ht_tap_ptr(self->in), count);
    self->stored_crc = ht_crc32(self->stored_crc, out, count);
    self->stored_bytes += count;
    ht_tap_take(self->in, count);
}

/* Stored, of known size. */
static enum ht_status read_stored(struct unzip *self, char *out, size_t size_bytes, size_t *count) {
    const uint64_t left = self->in_bytes - self->stored_bytes;
    if (left == 0) {
        self->stage = STAGE_BETWEEN;
        if (self->stored_crc != self->crc) {
            (void)damaged(self, "the checksum of this file does not match");
            self->stage = STAGE_BETWEEN;
            return HT_E_DATA;
        }
        return HT_END;
    }
    const enum ht_status status = ht_tap_want(self->in, 1);
    if (status != HT_OK) {
        return stopped(self, status);
    }
    const size_t len = ht_tap_len(self->in) < left ? ht_tap_len(self->in) : (size_t)left;
    *count = len < size_bytes ? len : size_bytes;
    give_stored(self, out, *count);
    return HT_OK;
}

/* Stored, up to a descriptor that fits: the text itself may hold bytes that look like one. */
static enum ht_status read_stored_to_descriptor(struct unzip *self, char *out, size_t size_bytes,
                                                size_t *count) {
    const enum ht_status status = ht_tap_want(self->in, DESCRIPTOR_BYTES_MAX);
    const size_t len = ht_tap_len(self->in);
    if (len < DESCRIPTOR_BYTES_MIN) {
        return stopped(self, status);
    }
    if (ht_tap_u32(self->in, 0) == HEADER_DESCRIPTOR) {
        const size_t found =
            descriptor_len(self, self->stored_crc, self->stored_bytes, self->stored_bytes);
        if (found > 0) {
            ht_tap_take(self->in, found);
            self->stage = STAGE_BETWEEN;
            return HT_END;
        }
    }
    const unsigned char *next = memchr(ht_tap_ptr(self->in) + 1, 'P', len - 1);
    const size_t plain = next != NULL ? (size_t)(next - ht_tap_ptr(self->in)) : len;
    const size_t sure = len - (DESCRIPTOR_BYTES_MIN - 1); /* the rest may be a descriptor, cut */
    *count = plain < sure ? plain : sure;
    *count = *count < size_bytes ? *count : size_bytes;
    give_stored(self, out, *count);
    return HT_OK;
}

static enum ht_status read_file(struct unzip *self, char *out, size_t size_bytes, size_t *count) {
    if (self->stage != STAGE_DATA) {
        return HT_END;
    }
    if (self->method == METHOD_DEFLATED) {
        return read_deflated(self, out, size_bytes, count);
    }
    return has_descriptor(self) ? read_stored_to_descriptor(self, out, size_bytes, count)
                                : read_stored(self, out, size_bytes, count);
}

static enum ht_status unzip_read(struct ht_filter *filter, char *out, size_t size_bytes,
                                 size_t *count) {
    struct unzip *self = (struct unzip *)filter;
    *count = 0;
    HT_TRY(self->status);
    self->status = read_file(self, out, size_bytes, count);
    return self->status;
}

/* Headers. */

/* The sizes of a file that needs more than 32 bits for them. */
static void take_extra(struct unzip *self, size_t at, size_t len, bool in_64, bool out_64) {
    while (len >= 4) {
        const uint32_t id = ht_tap_u16(self->in, at);
        const size_t field_len = ht_tap_u16(self->in, at + 2);
        size_t field = at + 4;
        if (field_len > len - 4) {
            return;
        }
        if (id == EXTRA_ZIP64) {
            self->sizes_64 = true;
            if (out_64 && field_len >= 8) {
                self->out_bytes = ht_tap_u64(self->in, field);
                field += 8;
            }
            if (in_64 && field + 8 <= at + 4 + field_len) {
                self->in_bytes = ht_tap_u64(self->in, field);
            }
            return;
        }
        at += 4 + field_len;
        len -= 4 + field_len;
    }
}

static void take_name(const struct unzip *self, size_t len, struct ht_member *member) {
    const unsigned char *name = ht_tap_ptr(self->in) + HEADER_BYTES;
    len = len < sizeof member->name ? len : sizeof member->name - 1;
    memcpy(member->name, name, len);
    member->name[len] = '\0';
    member->problem = NULL;
    member->hint = NULL;
}

static void judge(struct unzip *self, struct ht_member *member) {
    if ((self->flags & (FLAG_ENCRYPTED | FLAG_HEADERS_ENCRYPTED)) != 0) {
        member->problem = "encrypted, so it cannot be read";
        member->hint = "unpack the archive with its password and name the folder";
    } else if (self->method == METHOD_DEFLATED_64) {
        member->problem = "compressed by Deflate64, as Windows does for files over 2 GB";
        member->hint = "unpack the archive and name the folder";
    } else if (self->method != METHOD_STORED && self->method != METHOD_DEFLATED) {
        member->problem = "compressed by a method of zip that is not read";
        member->hint = "unpack the archive and name the folder";
    }
    self->readable = member->problem == NULL;
}

/* The header of a file, which is in the tap. */
static enum ht_status take_header(struct unzip *self, struct ht_member *member) {
    enum ht_status status = ht_tap_want(self->in, HEADER_BYTES);
    if (status != HT_OK) {
        return end_archive(self, status);
    }
    const size_t name_len = ht_tap_u16(self->in, 26);
    const size_t extra_len = ht_tap_u16(self->in, 28);
    const size_t len = HEADER_BYTES + name_len + extra_len;
    if (len > HT_TAP_BYTES) {
        ht_tap_take(self->in, 4);
        return damaged(self, "a name that is too long");
    }
    status = ht_tap_want(self->in, len);
    if (status != HT_OK) {
        return end_archive(self, status);
    }
    self->flags = ht_tap_u16(self->in, 6);
    self->method = ht_tap_u16(self->in, 8);
    self->crc = ht_tap_u32(self->in, 14);
    self->in_bytes = ht_tap_u32(self->in, 18);
    self->out_bytes = ht_tap_u32(self->in, 22);
    self->stored_bytes = 0;
    self->stored_crc = 0;
    take_name(self, name_len, member);
    take_extra(self, HEADER_BYTES + name_len, extra_len, self->in_bytes == UINT32_MAX,
               self->out_bytes == UINT32_MAX);
    judge(self, member);
    ht_tap_take(self->in, len);
    ht_inflater_restart(&self->inflater, has_descriptor(self) ? UINT64_MAX / 2 : self->in_bytes);
    self->stage = STAGE_DATA;
    self->status = HT_OK;
    return HT_OK;
}

/* Folders, what macOS adds, and hidden files, as in directories. */
static bool is_passed_over(const char *name) {
    struct ht_str rest = ht_str_from(name);
    if (rest.len == 0 || name[rest.len - 1] == '/') {
        return true;
    }
    while (rest.len > 0) {
        const char *slash = memchr(rest.ptr, '/', rest.len);
        const struct ht_str part = {rest.ptr,
                                    slash != NULL ? (size_t)(slash - rest.ptr) : rest.len};
        const bool dots = ht_str_eq(part, HT_STR(".")) || ht_str_eq(part, HT_STR(".."));
        if ((part.len > 0 && part.ptr[0] == '.' && !dots) || ht_str_eq(part, HT_STR("__MACOSX"))) {
            return true;
        }
        const size_t passed = part.len + (slash != NULL);
        rest = (struct ht_str){rest.ptr + passed, rest.len - passed};
    }
    return false;
}

/* After damage: to the next header, wherever it is. */
static enum ht_status search_header(struct unzip *self) {
    for (;;) {
        HT_TRY(ht_tap_want(self->in, 4));
        const uint32_t header = ht_tap_u32(self->in, 0);
        if (header == HEADER_FILE || header == HEADER_DIRECTORY) {
            self->stage = STAGE_BETWEEN;
            return HT_OK;
        }
        const unsigned char *next = memchr(ht_tap_ptr(self->in) + 1, 'P', ht_tap_len(self->in) - 1);
        ht_tap_take(self->in,
                    next != NULL ? (size_t)(next - ht_tap_ptr(self->in)) : ht_tap_len(self->in));
    }
}

/* To the end of the file that is being read. What is wrong in it has been said, or does not matter,
 * since nobody reads it. */
static enum ht_status leave_file(struct unzip *self) {
    char scratch[4096];
    size_t count = 0;
    if (self->stage == STAGE_DATA && self->status == HT_OK && !has_descriptor(self)) {
        HT_TRY(ht_tap_skip(self->in, self->method == METHOD_DEFLATED && self->readable
                                         ? self->inflater.in_left
                                         : self->in_bytes - self->stored_bytes));
        self->stage = STAGE_BETWEEN;
    } else if (self->stage == STAGE_DATA && !self->readable) {
        self->stage = STAGE_LOST;
    }
    while (self->stage == STAGE_DATA && self->status == HT_OK) {
        (void)unzip_read(&self->filter, scratch, sizeof scratch, &count);
    }
    if (self->status != HT_OK && self->status != HT_END && self->status != HT_E_DATA) {
        return self->status;
    }
    return self->stage == STAGE_LOST ? search_header(self) : HT_OK;
}

/* Read to the end, so that whoever writes into a pipe is not interrupted. */
static enum ht_status drain(struct unzip *self) {
    enum ht_status status = HT_OK;
    while ((status = ht_tap_want(self->in, 1)) == HT_OK) {
        ht_tap_take(self->in, ht_tap_len(self->in));
    }
    return status;
}

/* The next header, and what follows from it: *found when it is that of a file to be read. */
static enum ht_status take_next(struct unzip *self, struct ht_member *member, bool *found) {
    const uint32_t header = ht_tap_u32(self->in, 0);
    if (header == HEADER_DIRECTORY || header == HEADER_DIRECTORY_END ||
        header == HEADER_DIRECTORY_END_64 || header == HEADER_EXTRA_DATA) {
        self->ended = true;
        return drain(self);
    }
    if (!self->any_header && (header == HEADER_DESCRIPTOR || header == HEADER_ONE_PART)) {
        ht_tap_take(self->in, 4);
        return HT_OK;
    }
    if (header != HEADER_FILE) {
        return damaged(self, "a header is missing");
    }
    self->any_header = true;
    HT_TRY(take_header(self, member));
    *found = !is_passed_over(member->name);
    if (*found && ++self->members > MEMBERS_MAX) {
        self->ended = true;
        return ht_trouble_set(self->trouble, "the zip archive has more than a million files", NULL,
                              self->in->offset_bytes);
    }
    return HT_OK;
}

static enum ht_status unzip_next(struct ht_filter *filter, struct ht_member *member) {
    struct unzip *self = (struct unzip *)filter;
    bool found = false;
    while (!found) {
        if (self->ended || self->told_cut) {
            return HT_END;
        }
        enum ht_status status = leave_file(self);
        if (status == HT_OK) {
            status = ht_tap_want(self->in, 4);
        }
        if (status != HT_OK) {
            return end_archive(self, status);
        }
        HT_TRY(take_next(self, member, &found));
    }
    return HT_OK;
}

static void unzip_free(struct ht_filter *filter) {
    struct unzip *self = (struct unzip *)filter;
    ht_inflater_release(&self->inflater);
    free(self);
}

enum ht_status ht_unzip_new(struct ht_tap *in, struct ht_trouble *trouble,
                            struct ht_filter **filter) {
    struct unzip *self = calloc(1, sizeof *self);
    if (self == NULL || ht_inflater_init(&self->inflater) != HT_OK) {
        free(self);
        return HT_E_NOMEM;
    }
    self->filter.read = unzip_read;
    self->filter.next = unzip_next;
    self->filter.free = unzip_free;
    self->filter.compression = "zip";
    self->in = in;
    self->trouble = trouble;
    self->status = HT_END;
    *filter = &self->filter;
    return HT_OK;
}
