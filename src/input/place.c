/* SPDX-License-Identifier: MIT */
#include "input/place.h"

#include <string.h>

#include "base/check.h"
#include "input/reader_private.h"

void ht_place_init(struct ht_place *place) {
    *place = (struct ht_place){.source = 0};
    ht_strbuf_init(&place->header, SIZE_MAX);
}

void ht_place_release(struct ht_place *place) {
    ht_strbuf_release(&place->header);
}

enum ht_status ht_place_copy(struct ht_place *to, const struct ht_place *from) {
    const struct ht_strbuf header = to->header;
    *to = *from;
    to->header = header;
    ht_strbuf_clear(&to->header);
    ht_strbuf_add(&to->header, ht_strbuf_str(&from->header));
    return to->header.status;
}

static bool same_brackets(const struct ht_place *a, const struct ht_place *b) {
    if (a->open_count != b->open_count) {
        return false;
    }
    for (size_t i = 0; i < a->open_count; i++) {
        if (a->open[i].bracket != b->open[i].bracket || a->open[i].holder != b->open[i].holder) {
            return false;
        }
    }
    return true;
}

static bool same_table(const struct ht_place *a, const struct ht_place *b) {
    return a->table == b->table &&
           (a->table == HT_PLACE_NO_TABLE ||
            (a->columns == b->columns && a->separator == b->separator &&
             a->header_separator == b->header_separator && a->skipping == b->skipping &&
             ht_str_eq(ht_strbuf_str(&a->header), ht_strbuf_str(&b->header))));
}

bool ht_place_is_same(const struct ht_place *a, const struct ht_place *b) {
    return a->source == b->source && a->offset_bytes == b->offset_bytes && a->begun == b->begun &&
           a->met == b->met && a->resync == b->resync && a->resync_next == b->resync_next &&
           same_brackets(a, b) && same_table(a, b);
}

bool ht_place_fits_budget(const struct ht_place *known, uint64_t rescanned_bytes) {
    return known->table != HT_PLACE_IN_TABLE ||
           known->rescanned_bytes + rescanned_bytes <= HT_RESCAN_FREE_BYTES;
}

/* Nothing of the source that is being read is left, and no other one is there yet. */
static bool is_between_sources(const struct ht_reader *reader) {
    return !reader->stream.open && reader->stream.mark_count == 0 &&
           ht_stream_window(&reader->stream).len == 0;
}

static enum ht_status get_table(const struct ht_reader *reader, struct ht_place *place) {
    const struct ht_table *table = &reader->table;
    if (place->begun && table->source == place->source) {
        place->table = HT_PLACE_IN_TABLE;
    } else if (!place->begun && table->source != SIZE_MAX &&
               table->source == reader->begun_source) {
        place->table = HT_PLACE_BEHIND_TABLE;
    } else {
        return HT_OK;
    }
    place->columns = table->columns;
    place->separator = table->separator;
    place->header_separator = table->header_separator;
    if (place->table == HT_PLACE_IN_TABLE) {
        place->skipping = table->skipping;
        place->rescanned_bytes = table->rescanned_bytes;
    }
    ht_strbuf_add(&place->header, ht_strbuf_str(&table->header));
    return place->header.status;
}

enum ht_status ht_reader_where(const struct ht_reader *reader, struct ht_place *place) {
    const struct ht_strbuf header = place->header;
    *place = (struct ht_place){.open_count = reader->open_count, .header = header};
    ht_strbuf_clear(&place->header);
    memcpy(place->open, reader->open, reader->open_count * sizeof *place->open);
    if (is_between_sources(reader)) {
        place->source = reader->stream.read_source + 1;
        place->resync = reader->resync_next;
    } else {
        place->source = reader->stream.source;
        place->offset_bytes = reader->stream.offset_bytes;
        place->begun = reader->begun_source == place->source;
        place->met = place->offset_bytes == 0 && !place->begun;
        place->resync = reader->resync_source == place->source;
        place->resync_next = reader->resync_next;
    }
    return get_table(reader, place);
}

/* A source that is none: where the table before the first one is said to have been. */
#define SOURCE_BEFORE (SIZE_MAX - 1)

static enum ht_status set_table(struct ht_reader *reader, const struct ht_place *place) {
    struct ht_table *table = &reader->table;
    table->source = SIZE_MAX;
    table->rescanned_bytes = 0;
    table->rescanned_ever_bytes = 0;
    ht_strbuf_clear(&table->header);
    if (place->table == HT_PLACE_NO_TABLE) {
        return HT_OK;
    }
    const bool in = place->table == HT_PLACE_IN_TABLE;
    table->source = in ? place->source : (size_t)SOURCE_BEFORE;
    table->columns = place->columns;
    table->separator = place->separator;
    table->header_separator = place->header_separator;
    table->skipping = place->skipping;
    table->rescanned_bytes = place->rescanned_bytes;
    reader->begun_source = in ? reader->begun_source : (size_t)SOURCE_BEFORE;
    ht_strbuf_add(&table->header, ht_strbuf_str(&place->header));
    return table->header.status;
}

enum ht_status ht_reader_begin(struct ht_reader *reader, struct ht_source_list *list,
                               const struct ht_place *place) {
    const bool within = place->offset_bytes > 0;
    ht_stream_restart(&reader->stream, list, place->source);
    reader->stream.continues = place->met;
    reader->reported_bytes = 0;
    reader->not_records = 0;
    reader->open_count = place->open_count;
    memcpy(reader->open, place->open, place->open_count * sizeof *place->open);
    reader->resync_source = within && place->resync ? place->source : SIZE_MAX;
    reader->resync_next = within ? place->resync_next : place->resync;
    reader->begun_source = place->begun ? place->source : SIZE_MAX;
    reader->before_source = SIZE_MAX;
    reader->asked_before = false;
    HT_TRY(set_table(reader, place));
    return within ? ht_stream_seek(&reader->stream, place->offset_bytes) : HT_OK;
}

void ht_reader_leave(struct ht_reader *reader) {
    ht_stream_leave(&reader->stream);
}
