/* SPDX-License-Identifier: MIT */
#include "input/inflow.h"

#include "base/check.h"
#include "base/compiler.h"

void ht_inflow_init(struct ht_inflow *inflow) {
    *inflow = (struct ht_inflow){.count = 0};
}

/* Take off the topmost layer; its tap's memory stays for the next one. */
static void pop(struct ht_inflow *inflow) {
    struct ht_inflow_layer *layer = &inflow->layers[--inflow->count];
    layer->filter->free(layer->filter);
    layer->filter = NULL;
}

void ht_inflow_close(struct ht_inflow *inflow) {
    while (inflow->count > 0) {
        pop(inflow);
    }
}

void ht_inflow_release(struct ht_inflow *inflow) {
    ht_inflow_close(inflow);
    for (size_t i = 0; i < HT_INFLOW_LAYERS_MAX; i++) {
        ht_tap_release(&inflow->layers[i].tap);
    }
    ht_inflow_init(inflow);
}

/* Takes the filter, also when it fails. */
static enum ht_status push(struct ht_inflow *inflow, struct ht_filter *filter) {
    struct ht_inflow_layer *layer = &inflow->layers[inflow->count];
    HT_ASSERT(inflow->count < HT_INFLOW_LAYERS_MAX);
    if (layer->tap.buffer == NULL && ht_tap_init(&layer->tap, filter) != HT_OK) {
        filter->free(filter);
        return HT_E_NOMEM;
    }
    ht_tap_restart(&layer->tap, filter);
    layer->filter = filter;
    layer->tag = SIZE_MAX;
    layer->in_file = false;
    inflow->count++;
    if (inflow->compression == NULL) {
        inflow->compression = filter->compression;
    }
    if (inflow->encoding == NULL) {
        inflow->encoding = filter->encoding;
    }
    return HT_OK;
}

static bool starts(struct ht_str head, struct ht_str magic) {
    return head.len >= magic.len && memcmp(head.ptr, magic.ptr, magic.len) == 0;
}

/* Nothing but white space and JSON's brackets and commas before the first colour code: so does
 * `az ... -o jsonc` begin, and no string was there that could hold one. */
static bool is_colored(struct ht_str head) {
    for (size_t i = 0; i + 1 < head.len; i++) {
        if (head.ptr[i] == 0x1b) {
            return head.ptr[i + 1] == '[';
        }
        if (head.ptr[i] == '\0' || strchr(" \t\r\n[]{},", head.ptr[i]) == NULL) {
            return false;
        }
    }
    return false;
}

/* Numbers that the formats begin with: RFC 1952, RFC 8878, APPNOTE.TXT, and the byte order mark. */
static ht_filter_new_fn *choose(struct ht_str head) {
    static const struct {
        struct ht_str magic;
        ht_filter_new_fn *make;
    } kinds[] = {
        {HT_STR_INIT("\x1f\x8b"), ht_gunzip_new},
        {HT_STR_INIT("\x28\xb5\x2f\xfd"), ht_unzstd_new},
        {HT_STR_INIT("PK\x03\x04"), ht_unzip_new},
        {HT_STR_INIT("PK\x05\x06"), ht_unzip_new},           /* empty */
        {HT_STR_INIT("PK\x07\x08PK\x03\x04"), ht_unzip_new}, /* once meant to be cut in parts */
        {HT_STR_INIT("PK\x30\x30PK\x03\x04"), ht_unzip_new},
    };
    for (size_t i = 0; i < HT_ARRAY_LEN(kinds); i++) {
        if (starts(head, kinds[i].magic)) {
            return kinds[i].make;
        }
    }
    const bool skippable = head.len >= 4 && (head.ptr[0] & 0xf0) == 0x50 &&
                           memcmp(head.ptr + 1, "\x2a\x4d\x18", 3) == 0;
    if (skippable) {
        return ht_unzstd_new;
    }
    const bool utf32 = starts(head, HT_STR("\xff\xfe\0\0"));
    if (!utf32 && (starts(head, HT_STR("\xff\xfe")) || starts(head, HT_STR("\xfe\xff")))) {
        return ht_utf16_new;
    }
    return is_colored(head) ? ht_uncolor_new : NULL;
}

static bool too_deep(const struct ht_inflow *inflow, ht_filter_new_fn *make) {
    size_t archives = 0;
    for (size_t i = 0; i < inflow->count; i++) {
        archives += inflow->layers[i].filter->next != NULL;
    }
    return inflow->count == HT_INFLOW_LAYERS_MAX ||
           (make == ht_unzip_new && archives == HT_INFLOW_ARCHIVES_MAX);
}

/* Put on the layers that the bytes ask for. */
static enum ht_status unwrap(struct ht_inflow *inflow) {
    for (;;) {
        struct ht_tap *tap = &inflow->layers[inflow->count - 1].tap;
        struct ht_filter *filter = NULL;
        const enum ht_status status = ht_tap_want(tap, HT_INFLOW_HEAD_BYTES);
        if (status == HT_E_NOMEM || status == HT_E_CANCEL) {
            return status;
        }
        const size_t len = ht_tap_len(tap);
        ht_filter_new_fn *make =
            choose((struct ht_str){(const char *)ht_tap_ptr(tap),
                                   len < HT_INFLOW_HEAD_BYTES ? len : HT_INFLOW_HEAD_BYTES});
        if (make == NULL || (make == ht_uncolor_new && inflow->uncolored)) {
            return HT_OK;
        }
        inflow->uncolored = make == ht_uncolor_new;
        if (too_deep(inflow, make)) {
            inflow->too_deep = true;
            (void)ht_trouble_set(&inflow->trouble, "compressed too often, one in the other", NULL,
                                 tap->offset_bytes);
            return HT_OK;
        }
        HT_TRY(make(tap, &inflow->trouble, &filter));
        HT_TRY(push(inflow, filter));
        if (filter->next != NULL) {
            return HT_OK;
        }
    }
}

static void forget_source(struct ht_inflow *inflow) {
    inflow->trouble = (struct ht_trouble){.what = NULL};
    inflow->too_deep = false;
    inflow->uncolored = false;
    inflow->compression = NULL;
    inflow->encoding = NULL;
}

enum ht_status ht_inflow_open_plain(struct ht_inflow *inflow, int fd) {
    struct ht_filter *filter = NULL;
    ht_inflow_close(inflow);
    forget_source(inflow);
    HT_TRY(ht_descriptor_new(fd, &inflow->patience, &inflow->trouble, &inflow->raw_bytes, &filter));
    return push(inflow, filter);
}

bool ht_inflow_is_plain(struct ht_str head) {
    return choose(head) == NULL;
}

enum ht_status ht_inflow_open(struct ht_inflow *inflow, int fd) {
    struct ht_filter *filter = NULL;
    ht_inflow_close(inflow);
    forget_source(inflow);
    HT_TRY(ht_descriptor_new(fd, &inflow->patience, &inflow->trouble, &inflow->raw_bytes, &filter));
    HT_TRY(push(inflow, filter));
    return unwrap(inflow);
}

bool ht_inflow_is_archive(const struct ht_inflow *inflow) {
    HT_ASSERT(inflow->count > 0);
    const struct ht_inflow_layer *top = &inflow->layers[inflow->count - 1];
    return top->filter->next != NULL && !top->in_file;
}

void ht_inflow_set_tag(struct ht_inflow *inflow, size_t tag) {
    HT_ASSERT(ht_inflow_is_archive(inflow));
    inflow->layers[inflow->count - 1].tag = tag;
}

bool ht_inflow_can_read(const struct ht_inflow *inflow) {
    return !inflow->too_deep;
}

enum ht_status ht_inflow_read(struct ht_inflow *inflow, char *out, size_t size_bytes,
                              size_t *count) {
    *count = 0;
    HT_ASSERT(inflow->count > 0 && !ht_inflow_is_archive(inflow));
    struct ht_inflow_layer *top = &inflow->layers[inflow->count - 1];
    return ht_tap_read(&top->tap, out, size_bytes, count);
}

uint64_t ht_inflow_ignored_bytes(const struct ht_inflow *inflow) {
    uint64_t total = 0;
    for (size_t i = 0; i < inflow->count; i++) {
        total += inflow->layers[i].filter->ignored_bytes;
    }
    return total;
}

bool ht_inflow_has_archive(const struct ht_inflow *inflow) {
    for (size_t i = 0; i < inflow->count; i++) {
        if (inflow->layers[i].filter->next != NULL) {
            return true;
        }
    }
    return false;
}

static struct ht_inflow_layer *pop_to_archive(struct ht_inflow *inflow) {
    while (inflow->layers[inflow->count - 1].filter->next == NULL) {
        pop(inflow);
    }
    return &inflow->layers[inflow->count - 1];
}

enum ht_status ht_inflow_next(struct ht_inflow *inflow, struct ht_member *member, size_t *tag) {
    HT_ASSERT(ht_inflow_has_archive(inflow));
    struct ht_inflow_layer *archive = pop_to_archive(inflow);
    forget_source(inflow);
    archive->in_file = false;
    *tag = archive->tag;
    const enum ht_status status = archive->filter->next(archive->filter, member);
    if (status == HT_END) {
        pop(inflow);
        return HT_END;
    }
    HT_TRY(status);
    archive->in_file = true;
    ht_tap_restart(&archive->tap, archive->filter);
    inflow->compression = archive->filter->compression;
    return member->problem == NULL ? unwrap(inflow) : HT_OK;
}

enum ht_status ht_inflow_leave_archive(struct ht_inflow *inflow) {
    HT_ASSERT(ht_inflow_has_archive(inflow));
    (void)pop_to_archive(inflow);
    pop(inflow);
    struct ht_tap *below = &inflow->layers[inflow->count - 1].tap;
    enum ht_status status = HT_OK;
    while ((status = ht_tap_skip(below, 1)) == HT_OK) {
        ht_tap_take(below, ht_tap_len(below));
    }
    return status == HT_E_NOMEM || status == HT_E_CANCEL ? status : HT_OK;
}
