/* SPDX-License-Identifier: MIT */
/*
 * Walks a JSON object (or the array of a row) once. Members at its top level go into slots; nested
 * values are only validated and passed over, with a bit stack for the kind of each open bracket, so
 * the depth of the input costs no recursion.
 *
 * Unusual things that do not blur the object's extent (an escape in a key, a key twice, an
 * exponent, NUL, text that is not UTF-8) set `declined`; the walk goes on to the end.
 */
#include "decode/scan.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/compiler.h"
#include "base/text.h"
#include "decode/escaped.h"

enum step { STEP_OK = 0, STEP_MORE, STEP_BAD };

struct cursor {
    const char *at;
    const char *end;
    const char *why;
    bool declined;
};

static enum step fail(struct cursor *cursor, const char *why) {
    cursor->why = why;
    return STEP_BAD;
}

HT_INLINE bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Moves to the next byte that is no white space. */
HT_INLINE enum step skip_space(struct cursor *cursor) {
    while (cursor->at < cursor->end) {
        if (!is_space(*cursor->at)) {
            return STEP_OK;
        }
        cursor->at++;
    }
    return STEP_MORE;
}

/* The first byte at or after `at` that is a quote, a backslash, a control character or not ASCII;
 * may read, and stop, up to 16 bytes behind end. */
HT_INLINE const char *find_special(const char *at, const char *end) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(' ');
    while (at < end) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        const __m128i special = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)),
            _mm_cmplt_epi8(bytes, space)); /* signed: not ASCII is less, too */
        const int mask = _mm_movemask_epi8(special);
        if (mask != 0) {
            return at + __builtin_ctz((unsigned)mask);
        }
        at += 16;
    }
    return at;
#else
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20 &&
           (unsigned char)*at < 0x80) {
        at++;
    }
    return at;
#endif
}

#if defined(__SSE2__)
enum { STRING_BLOCK_BYTES = 64 };

/* The bytes of a block that are that one, and those below a space, signed: what is not ASCII is
 * less, too. */
HT_INLINE uint64_t bytes_that_are(const char *block, char c) {
    uint64_t mask = 0;
    for (int i = 0; i < STRING_BLOCK_BYTES; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))) << i;
    }
    return mask;
}

HT_INLINE uint64_t bytes_below_space(const char *block) {
    uint64_t mask = 0;
    for (int i = 0; i < STRING_BLOCK_BYTES; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')))
                << i;
    }
    return mask;
}

/* From a backslash on: the quote that ends the string, or as far as there are whole blocks, only
 * quotes and backslashes are escaped, and nothing else is special. */
HT_INLINE const char *pass_escapes(const char *at, const char *end) {
    uint64_t carry = 0;
    const char *block = at;
    for (; end - block >= STRING_BLOCK_BYTES; block += STRING_BLOCK_BYTES) {
        const uint64_t quote = bytes_that_are(block, '"');
        const uint64_t backslash = bytes_that_are(block, '\\');
        const uint64_t escaped = ht_escaped_bytes(backslash, &carry);
        const uint64_t ends = quote & ~escaped;
        const uint64_t until = ends ^ (ends - 1); /* all, when there is none */
        const uint64_t odd = (bytes_below_space(block) | (escaped & ~(quote | backslash))) & until;
        if (odd != 0) {
            const int first = __builtin_ctzll(odd);
            return block + first - (escaped >> first & 1);
        }
        if (ends != 0) {
            return block + __builtin_ctzll(ends);
        }
    }
    return block - carry;
}
#else
HT_INLINE const char *pass_escapes(const char *at, const char *end) {
    (void)end;
    return at;
}
#endif

/* Hexadecimal digits at `at`, at most four; *value of those there are. */
static unsigned hex_digits(const char *at, const char *end, unsigned *value) {
    unsigned count = 0;
    *value = 0;
    while (count < 4 && at + count < end) {
        const char c = at[count];
        const char lower = ht_ascii_lower(c);
        if (ht_ascii_is_digit(c)) {
            *value = *value * 16 + (unsigned)(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            *value = *value * 16 + (unsigned)(lower - 'a') + 10;
        } else {
            break;
        }
        count++;
    }
    return count;
}

static bool is_high_surrogate(unsigned unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(unsigned unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* A \uXXXX at the cursor, which is at its backslash, and the unit that it gives. */
static enum step scan_unit(struct cursor *cursor, unsigned *unit) {
    const unsigned digits = hex_digits(cursor->at + 2, cursor->end, unit);
    if (digits == 4) {
        cursor->at += 6;
        return STEP_OK;
    }
    return cursor->at + 2 + digits == cursor->end ? STEP_MORE
                                                  : fail(cursor, "wrong escape in a string");
}

/* NUL and lone surrogates are well framed, but jansson refuses them. */
static enum step scan_unicode_escape(struct cursor *cursor) {
    unsigned unit = 0;
    enum step step = scan_unit(cursor, &unit);
    cursor->declined |= step == STEP_OK && (unit == 0 || is_low_surrogate(unit));
    if (step != STEP_OK || !is_high_surrogate(unit)) {
        return step;
    }
    const size_t left = (size_t)(cursor->end - cursor->at);
    if (left == 0 || (left == 1 && *cursor->at == '\\')) {
        return STEP_MORE;
    }
    if (cursor->at[0] != '\\' || cursor->at[1] != 'u') {
        cursor->declined = true;
        return STEP_OK;
    }
    struct cursor second = *cursor;
    step = scan_unit(&second, &unit);
    if (step == STEP_OK && is_low_surrogate(unit)) {
        cursor->at = second.at;
    } else {
        cursor->declined = true; /* the second escape is then looked at on its own */
    }
    return step == STEP_MORE ? STEP_MORE : STEP_OK;
}

static enum step scan_escape(struct cursor *cursor) {
    if (cursor->end - cursor->at < 2) {
        return STEP_MORE;
    }
    switch (cursor->at[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        cursor->at += 2;
        return STEP_OK;
    case 'u':
        return scan_unicode_escape(cursor);
    default:
        return fail(cursor, "wrong escape in a string");
    }
}

/* A byte that is not ASCII: passes over its code point. One that is cut at the end of the text
 * needs no care: the end of the string is not there, either. */
static void scan_multibyte(struct cursor *cursor) {
    const struct ht_str rest = {cursor->at, (size_t)(cursor->end - cursor->at)};
    uint32_t code_point = 0;
    const size_t used = ht_utf8_decode(rest, &code_point);
    cursor->declined |= used == 0;
    cursor->at += used > 0 ? used : 1;
}

/* The string whose opening quote is at the cursor; *inside excludes the quotes. */
static enum step scan_string(struct cursor *cursor, struct ht_str *inside, bool *escaped) {
    const char *begin = ++cursor->at;
    *escaped = false;
    for (;;) {
        cursor->at = find_special(cursor->at, cursor->end);
        if (cursor->at >= cursor->end) {
            return STEP_MORE;
        }
        const unsigned char c = (unsigned char)*cursor->at;
        enum step step = STEP_OK;
        if (c == '"') {
            *inside = (struct ht_str){begin, (size_t)(cursor->at - begin)};
            cursor->at++;
            return STEP_OK;
        }
        if (c == '\\') {
            const char *passed = pass_escapes(cursor->at, cursor->end);
            *escaped = true;
            if (passed > cursor->at) {
                cursor->at = passed;
                continue;
            }
            step = scan_escape(cursor);
        } else if (c >= 0x80) {
            scan_multibyte(cursor);
        } else {
            step = fail(cursor, "line break or control character in a string");
        }
        if (step != STEP_OK) {
            return step;
        }
    }
}

static enum step scan_digits(struct cursor *cursor) {
    const char *begin = cursor->at;
    while (cursor->at < cursor->end && ht_ascii_is_digit(*cursor->at)) {
        cursor->at++;
    }
    if (cursor->at == cursor->end) {
        return STEP_MORE;
    }
    return cursor->at > begin ? STEP_OK : fail(cursor, "wrong number");
}

static enum step scan_exponent(struct cursor *cursor) {
    cursor->at++;
    cursor->declined = true; /* it may overflow: jansson decides */
    if (cursor->at < cursor->end && (*cursor->at == '+' || *cursor->at == '-')) {
        cursor->at++;
    }
    return scan_digits(cursor);
}

/* A number is complete only when the byte behind it is there. */
static enum step scan_number(struct cursor *cursor, struct ht_value *value) {
    enum { DIGITS_SAFE = 18 }; /* always fit 64 bits */
    const char *begin = cursor->at;
    bool integer = true;
    if (*cursor->at == '-') {
        cursor->at++;
    }
    const char *first = cursor->at;
    enum step step = scan_digits(cursor);
    if (step != STEP_OK) {
        return step;
    }
    if (*first == '0' && cursor->at - first > 1) {
        cursor->at = first + 1;
        return fail(cursor, "wrong number");
    }
    if (*cursor->at == '.') {
        integer = false;
        cursor->at++;
        step = scan_digits(cursor);
        if (step != STEP_OK) {
            return step;
        }
    }
    if (*cursor->at == 'e' || *cursor->at == 'E') {
        integer = false;
        step = scan_exponent(cursor);
        if (step != STEP_OK) {
            return step;
        }
    }
    if (cursor->at - first > DIGITS_SAFE || (*begin == '-' && *first == '0')) {
        cursor->declined = true;
    }
    value->kind = integer ? HT_VALUE_INTEGER : HT_VALUE_OTHER;
    value->text = (struct ht_str){begin, (size_t)(cursor->at - begin)};
    return STEP_OK;
}

static enum step scan_word(struct cursor *cursor, struct ht_str word) {
    const size_t left = (size_t)(cursor->end - cursor->at);
    const size_t compared = left < word.len ? left : word.len;
    if (memcmp(cursor->at, word.ptr, compared) != 0) {
        return fail(cursor, "not a JSON value");
    }
    if (left <= word.len) {
        return STEP_MORE;
    }
    cursor->at += word.len;
    const char next = ht_ascii_lower(*cursor->at);
    return next >= 'a' && next <= 'z' ? fail(cursor, "not a JSON value") : STEP_OK;
}

static enum step scan_scalar(struct cursor *cursor, struct ht_value *value) {
    value->kind = HT_VALUE_OTHER;
    switch (*cursor->at) {
    case '"':
        value->kind = HT_VALUE_STRING;
        return scan_string(cursor, &value->text, &value->escaped);
    case 't':
        return scan_word(cursor, HT_STR("true"));
    case 'f':
        return scan_word(cursor, HT_STR("false"));
    case 'n':
        return scan_word(cursor, HT_STR("null"));
    default:
        if (*cursor->at == '-' || ht_ascii_is_digit(*cursor->at)) {
            return scan_number(cursor, value);
        }
        return fail(cursor, "not a JSON value");
    }
}

/* The key at the cursor and its colon; then the cursor is at the value. */
static enum step scan_key(struct cursor *cursor, struct ht_str *key, bool *escaped) {
    if (*cursor->at != '"') {
        return fail(cursor, "a key was expected");
    }
    enum step step = scan_string(cursor, key, escaped);
    if (step == STEP_OK) {
        step = skip_space(cursor);
    }
    if (step != STEP_OK) {
        return step;
    }
    if (*cursor->at != ':') {
        return fail(cursor, "a colon was expected");
    }
    cursor->at++;
    return skip_space(cursor);
}

/* Open brackets of a nested value: bit 0 is the innermost, 1 = object. */
struct brackets {
    uint64_t objects;
    unsigned depth;
};

/* After '{' or '[' or ',': enter what comes, up to the first scalar or empty bracket. */
static enum step open_bracket(struct cursor *cursor, struct brackets *open) {
    if (open->depth + 2 > HT_SCAN_DEPTH_MAX) { /* 1 for the record itself */
        return fail(cursor, "nested too deeply");
    }
    open->objects = open->objects << 1 | (*cursor->at == '{');
    open->depth++;
    cursor->at++;
    return skip_space(cursor);
}

/* After a complete value within brackets: close those that end; stops in front of the next element
 * (*next), or when all are closed. */
static enum step close_brackets(struct cursor *cursor, struct brackets *open, bool *next) {
    *next = false;
    while (open->depth > 0) {
        enum step step = skip_space(cursor);
        if (step != STEP_OK) {
            return step;
        }
        const bool in_object = (open->objects & 1) != 0;
        if (*cursor->at == ',') {
            cursor->at++;
            *next = true;
            return skip_space(cursor);
        }
        if (*cursor->at != (in_object ? '}' : ']')) {
            return fail(cursor, "a comma or the end was expected");
        }
        cursor->at++;
        open->objects >>= 1;
        open->depth--;
    }
    return STEP_OK;
}

/* Pass over the object or array at the cursor. */
static enum step skip_nested(struct cursor *cursor) {
    struct brackets open = {0, 0};
    enum step step = open_bracket(cursor, &open);
    bool first = true; /* in a bracket that was just opened, which may close at once */
    while (step == STEP_OK) {
        const bool in_object = (open.objects & 1) != 0;
        bool next = false;
        if (first && *cursor->at == (in_object ? '}' : ']')) {
            step = close_brackets(cursor, &open, &next);
        } else {
            struct ht_value ignored = {0};
            if (in_object) {
                struct ht_str key;
                bool escaped = false;
                step = scan_key(cursor, &key, &escaped);
            }
            if (step != STEP_OK) {
                break;
            }
            if (*cursor->at == '{' || *cursor->at == '[') {
                step = open_bracket(cursor, &open);
                first = true;
                continue;
            }
            step = scan_scalar(cursor, &ignored);
            if (step == STEP_OK) {
                step = close_brackets(cursor, &open, &next);
            }
        }
        first = false;
        if (step == STEP_OK && !next) {
            return STEP_OK;
        }
    }
    return step;
}

static enum step scan_value(struct cursor *cursor, struct ht_value *value) {
    const char *begin = cursor->at;
    value->tree = NULL;
    value->escaped = false;
    value->text = HT_STR_NONE;
    if (*begin != '{' && *begin != '[') {
        return scan_scalar(cursor, value);
    }
    const enum step step = skip_nested(cursor);
    value->kind = *begin == '{' ? HT_VALUE_OBJECT : HT_VALUE_OTHER;
    value->text = (struct ht_str){begin, (size_t)(cursor->at - begin)};
    return step;
}

/* What a member may open instead of being passed over. */
enum opening { OPENS_NOTHING = 0, OPENS_RECORDS, OPENS_ROWS };

/* Records have no records in them; "records" itself is believed in any object. */
static enum opening opens(enum ht_slot slot, char c, const struct ht_object *object) {
    if (slot < HT_SLOT_RECORDS || (c != '[' && c != '{')) {
        return OPENS_NOTHING;
    }
    if (slot == HT_SLOT_RECORDS) {
        return c == '[' ? OPENS_RECORDS : OPENS_NOTHING;
    }
    if ((object->present & HT_SLOTS_OF_RECORD) != 0) {
        return OPENS_NOTHING;
    }
    switch (slot) {
    case HT_SLOT_RESULTS: /* of one row PowerShell makes no array */
        return OPENS_RECORDS;
    case HT_SLOT_VALUE:
    case HT_SLOT_TABLES:
        return c == '[' ? OPENS_RECORDS : OPENS_NOTHING;
    case HT_SLOT_ROWS:
        return c == '[' ? OPENS_ROWS : OPENS_NOTHING;
    default:
        return OPENS_NOTHING;
    }
}

/* How far an object was scanned. */
struct scanned {
    struct ht_object *object;
    enum opening opening;
    enum ht_slot slot; /* that opens */
};

/* One member of the top-level object. */
static enum step scan_member(struct cursor *cursor, struct scanned *scanned) {
    struct ht_object *object = scanned->object;
    struct ht_str key;
    bool escaped = false;
    const enum step step = scan_key(cursor, &key, &escaped);
    if (step != STEP_OK) {
        return step;
    }
    const enum ht_slot slot = ht_slot_of_key(key);
    cursor->declined |= escaped;
    if (slot == HT_SLOT_COUNT) {
        struct ht_value ignored;
        return scan_value(cursor, &ignored);
    }
    scanned->opening = opens(slot, *cursor->at, object);
    if (scanned->opening != OPENS_NOTHING) {
        scanned->slot = slot;
        cursor->at += *cursor->at == '[';
        return STEP_OK;
    }
    const uint64_t bit = HT_SLOT_BIT(slot);
    cursor->declined |= (object->present & bit) != 0;
    object->present |= bit;
    return scan_value(cursor, &object->values[slot]);
}

/* Behind a value: the end (*more is false), or a comma and what follows it. */
static enum step scan_separator(struct cursor *cursor, char end, bool *more) {
    *more = false;
    const enum step step = skip_space(cursor);
    if (step != STEP_OK) {
        return step;
    }
    const char c = *cursor->at;
    if (c != end && c != ',') {
        return fail(cursor, "a comma or the end was expected");
    }
    cursor->at++;
    *more = c == ',';
    return *more ? skip_space(cursor) : STEP_OK;
}

/* Behind the opening bracket: false when it is closed at once. */
static enum step scan_first(struct cursor *cursor, char end, bool *more) {
    cursor->at++;
    const enum step step = skip_space(cursor);
    *more = step == STEP_OK && *cursor->at != end;
    cursor->at += step == STEP_OK && !*more;
    return step;
}

static enum step scan_members(struct cursor *cursor, struct scanned *scanned) {
    bool more = false;
    enum step step = scan_first(cursor, '}', &more);
    while (step == STEP_OK && more) {
        step = scan_member(cursor, scanned);
        if (step != STEP_OK || scanned->opening != OPENS_NOTHING) {
            break;
        }
        step = scan_separator(cursor, '}', &more);
    }
    return step;
}

static struct ht_scan_result result_of(const struct cursor *cursor, const char *begin,
                                       enum step step) {
    struct ht_scan_result result = {.kind = HT_SCAN_MORE, .at = (size_t)(cursor->at - begin)};
    if (step == STEP_BAD) {
        result.kind = HT_SCAN_BAD;
        result.why = cursor->why;
    } else if (step == STEP_OK) {
        result.kind = cursor->declined ? HT_SCAN_DECLINED : HT_SCAN_ACCEPTED;
    }
    return result;
}

struct ht_scan_result ht_scan_object(struct ht_str text, struct ht_object *object) {
    struct cursor cursor = {.at = text.ptr, .end = text.ptr + text.len};
    struct scanned scanned = {.object = object, .slot = HT_SLOT_COUNT};
    object->present = 0;
    if (text.len == 0) {
        return (struct ht_scan_result){.kind = HT_SCAN_MORE};
    }
    const enum step step = scan_members(&cursor, &scanned);
    struct ht_scan_result result = result_of(&cursor, text.ptr, step);
    if (step == STEP_OK && scanned.opening != OPENS_NOTHING) {
        result.kind = scanned.opening == OPENS_ROWS ? HT_SCAN_ROWS : HT_SCAN_WRAPPER;
        result.slot = scanned.slot;
    }
    return result;
}

struct ht_scan_result ht_scan_row(struct ht_str text, const unsigned char *slots, size_t count,
                                  struct ht_object *object) {
    struct cursor cursor = {.at = text.ptr, .end = text.ptr + text.len};
    size_t cells = 0;
    bool more = false;
    object->present = 0;
    if (text.len == 0) {
        return (struct ht_scan_result){.kind = HT_SCAN_MORE};
    }
    enum step step = scan_first(&cursor, ']', &more);
    while (step == STEP_OK && more) {
        struct ht_value ignored;
        const bool known = cells < count && slots[cells] != HT_SLOT_COUNT;
        step = scan_value(&cursor, known ? &object->values[slots[cells]] : &ignored);
        if (step == STEP_OK) {
            object->present |= known ? HT_SLOT_BIT(slots[cells]) : 0;
            cells++;
            step = scan_separator(&cursor, ']', &more);
        }
    }
    struct ht_scan_result result = result_of(&cursor, text.ptr, step);
    result.cells = cells;
    return result;
}

static size_t put_utf8(char *out, unsigned code_point) {
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

/* One escape at text[at]; sets what it stands for and returns its length. */
static size_t read_escape(const char *at, unsigned *code_point) {
    static const char from[] = "bfnrt";
    static const char to[] = "\b\f\n\r\t";
    if (at[1] != 'u') {
        const char *found = strchr(from, at[1]);
        *code_point = (unsigned char)(found != NULL ? to[found - from] : at[1]);
        return 2;
    }
    unsigned low = 0;
    (void)hex_digits(at + 2, at + 6, code_point);
    if (!is_high_surrogate(*code_point)) {
        return 6;
    }
    (void)hex_digits(at + 8, at + 12, &low);
    *code_point = 0x10000 + ((*code_point - 0xD800) << 10) + (low - 0xDC00);
    return 12;
}

/* Copies up to the next backslash, and returns how many bytes that were; at least up to the end
 * when there is none. May write a block more. */
HT_INLINE size_t copy_plain(const char *at, const char *end, char *out) {
    size_t count = 0;
#if defined(__SSE2__)
    for (; at + count < end; count += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(at + count));
        _mm_storeu_si128((__m128i *)(void *)(out + count), bytes);
        const int found = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
        if (found != 0) {
            return count + (size_t)__builtin_ctz((unsigned)found);
        }
    }
#else
    for (; at + count < end && at[count] != '\\'; count++) {
        out[count] = at[count];
    }
#endif
    return count;
}

size_t ht_scan_unescape(struct ht_str text, char *out) {
    const char *at = text.ptr;
    const char *end = text.ptr + text.len;
    size_t len = 0;
    for (;;) {
        const size_t plain = copy_plain(at, end, out + len);
        if (plain >= (size_t)(end - at)) {
            return len + (size_t)(end - at);
        }
        at += plain;
        len += plain;
        if (at[1] == '"' || at[1] == '\\' || at[1] == '/') {
            out[len++] = at[1];
            at += 2;
        } else {
            unsigned code_point = 0;
            at += read_escape(at, &code_point);
            len += put_utf8(out + len, code_point);
        }
    }
}
