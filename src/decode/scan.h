/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_SCAN_H
#define HT_DECODE_SCAN_H
/*
 * The fast scanner: one pass over a JSON object that validates it, collects the members we know and
 * finds its end. No allocation, no tree, no copy.
 *
 * Contract with jansson, checked by a fuzz target: what the scanner accepts, jansson accepts, with
 * the same members and the same extent; what the scanner frames but declines is jansson's to judge;
 * what the scanner calls bad, jansson refuses too, but for nesting deeper than HT_SCAN_DEPTH_MAX
 * and for a NUL behind a number or a word, which jansson passes over.
 */
#include "base/str.h"
#include "decode/object.h"

/* Bytes that must be readable (whatever they are) after the text given to the scanner. */
enum { HT_SCAN_PADDING = 64 };

/* Objects and arrays within one another, the record itself included. */
enum { HT_SCAN_DEPTH_MAX = 64 };

enum ht_scan_kind {
    HT_SCAN_ACCEPTED = 0, /* at: bytes of the object */
    HT_SCAN_DECLINED,     /* at: bytes of the object; only its extent is known */
    HT_SCAN_WRAPPER,      /* at: offset behind the '[' of a member that holds records, or of the '{'
                             of one that is a record */
    HT_SCAN_ROWS,         /* at: offset behind the '[' of a member "rows" */
    HT_SCAN_MORE,         /* the text ends before the object does */
    HT_SCAN_BAD,          /* at: offset of the byte that cannot stand there */
};

struct ht_scan_result {
    enum ht_scan_kind kind;
    size_t at;
    const char *why;   /* of HT_SCAN_BAD: a phrase of ours */
    enum ht_slot slot; /* of HT_SCAN_WRAPPER: the member */
    size_t cells;      /* of ht_scan_row() */
};

/* Scan the object that begins at text.ptr[0], which must be '{'. The object's values borrow from
 * text. */
struct ht_scan_result ht_scan_object(struct ht_str text, struct ht_object *object);

/*
 * ht_scan_row() - scan the array that begins at text.ptr[0], which must be '[': the cells of a row.
 * slots[i] is the slot of cell i, HT_SLOT_COUNT for a column that we do not know; of two cells with
 * the same slot the last one wins. Gives ACCEPTED, DECLINED (then only the extent is known), MORE
 * or BAD; the contract with jansson is the same.
 */
struct ht_scan_result ht_scan_row(struct ht_str text, const unsigned char *slots, size_t count,
                                  struct ht_object *object);

/*
 * Unescape the inside of a JSON string that the scanner accepted. out needs text.len bytes, and
 * HT_SCAN_PADDING that may be written behind them.
 * Returns the length written.
 */
size_t ht_scan_unescape(struct ht_str text, char *out);

#endif
