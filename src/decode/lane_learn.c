/* SPDX-License-Identifier: MIT */
/*
 * Takes a record apart that the scanner accepted: which of its bytes must come again, and which
 * are values that may differ. The text is known to be good, so this walk checks nothing; what it
 * does not like (unusual escapes in a string within a string, deep nesting) it gives up.
 */
#include "base/compiler.h"
#include "decode/lane_private.h"

enum { DEPTH_MAX = 8, KEY_MAX = 48 };

/* Whose members are walked over. */
enum where {
    OF_RECORD = 0,
    OF_PROPERTIES, /* of an event */
    OF_OTHER,      /* nobody looks at them */
    OF_FIXED,      /* everything must come again */
};

enum { ROLES = 4, PLACES = 3 };

static const enum ht_slot role_slots[ROLES] = {HT_SLOT_DEVICE_ID, HT_SLOT_MODULE_ID,
                                               HT_SLOT_SDK_VERSION, HT_SLOT_MASKED_IP_ADDRESS};

struct walk {
    const struct ht_object *object;
    const struct ht_decoded *decoded;
    struct ht_lane_pieces *pieces;
    const char *text;
    size_t at;
    size_t end;
    size_t run_begin;
    bool escaped; /* within a string: a quote is \" there */
    unsigned depth;
    enum ht_slot time;       /* the member that is its time */
    enum ht_slot properties; /* the member that is opened, or HT_SLOT_COUNT */
    /* The hole of each role: in properties, in the record, in its column; 0 = nothing there. */
    uint8_t holes[PLACES][ROLES];
    struct ht_str texts[PLACES][ROLES];
};

/* The next byte as the JSON at this depth has it, and how many bytes of text it takes; '\0' when
 * there is none. */
static char peek(const struct walk *walk, size_t *width) {
    *width = 1;
    if (walk->at >= walk->end) {
        return '\0';
    }
    const char c = walk->text[walk->at];
    if (!walk->escaped || c != '\\') {
        return c;
    }
    *width = 2;
    const char next = walk->at + 1 < walk->end ? walk->text[walk->at + 1] : '\0';
    return next == '"' || next == '\\' ? next : '\0';
}

static bool take(struct walk *walk, char wanted) {
    size_t width = 0;
    if (wanted == '\0' || peek(walk, &width) != wanted) {
        return false;
    }
    walk->at += width;
    return true;
}

static void skip_space(struct walk *walk) {
    while (walk->at < walk->end && (walk->text[walk->at] == ' ' || walk->text[walk->at] == '\n' ||
                                    walk->text[walk->at] == '\r' || walk->text[walk->at] == '\t')) {
        walk->at++;
    }
}

/* The string at the walk; *inside is its text as it stands there. */
static bool take_string(struct walk *walk, struct ht_str *inside, bool *has_escapes) {
    size_t width = 0;
    *has_escapes = false;
    if (!take(walk, '"')) {
        return false;
    }
    const size_t begin = walk->at;
    for (;;) {
        const char c = peek(walk, &width);
        if (c == '\0') {
            return false;
        }
        if (c == '"') {
            *inside = (struct ht_str){walk->text + begin, walk->at - begin};
            walk->at += width;
            return true;
        }
        walk->at += width;
        if (c == '\\') {
            *has_escapes = true;
            if (peek(walk, &width) == '\0') {
                return false;
            }
            walk->at += width;
        }
    }
}

/* The number of the hole, from 1 on; 0 when there are too many. */
static size_t put_hole(struct walk *walk, enum ht_lane_kind kind, struct ht_str inside,
                       bool empty) {
    struct ht_lane_pieces *pieces = walk->pieces;
    const size_t begin = (size_t)(inside.ptr - walk->text);
    if (pieces->count >= HT_LANE_HOLES_MAX) {
        return 0;
    }
    pieces->list[pieces->count++] = (struct ht_lane_piece){
        .begin = (uint32_t)walk->run_begin, .end = (uint32_t)begin, .kind = kind, .empty = empty};
    walk->run_begin = begin + inside.len;
    return pieces->count;
}

/* What the rules look at in a record that is no event. */
static bool is_judged(enum ht_slot slot) {
    const uint64_t judged =
        HT_SLOT_BIT(HT_SLOT_RESOURCE_ID) | HT_SLOT_BIT(HT_SLOT_RESOURCE_ID_LOWER) |
        HT_SLOT_BIT(HT_SLOT_RESOURCE) | HT_SLOT_BIT(HT_SLOT_RESOURCE_PROVIDER) |
        HT_SLOT_BIT(HT_SLOT_CATEGORY) | HT_SLOT_BIT(HT_SLOT_OPERATION_NAME) |
        HT_SLOT_BIT(HT_SLOT_LEVEL) | HT_SLOT_BIT(HT_SLOT_RESULT_TYPE) |
        HT_SLOT_BIT(HT_SLOT_RESULT_DESCRIPTION) | HT_SLOT_BIT(HT_SLOT_STATUS_TYPE) |
        HT_SLOT_BIT(HT_SLOT_STATUS_DESCRIPTION) | HT_SLOT_BIT(HT_SLOT_EVENT_TYPE) |
        HT_SLOT_BIT(HT_SLOT_TYPE) | HT_SLOT_BIT(HT_SLOT_OP_TYPE);
    return slot >= HT_SLOT_RECORDS || (HT_SLOT_BIT(slot) & judged) != 0;
}

/* True when no rule looks at the value of that member. */
static bool is_free(const struct walk *walk, enum where where, enum ht_slot slot) {
    switch (where) {
    case OF_RECORD:
        if (slot == HT_SLOT_COUNT) {
            return true;
        }
        if (slot == HT_SLOT_TIME || slot == HT_SLOT_TIME_GENERATED) {
            return walk->time == HT_SLOT_TIME && slot == HT_SLOT_TIME_GENERATED;
        }
        return walk->decoded->kind != HT_DECODED_EVENT && !is_judged(slot);
    case OF_PROPERTIES:
        return slot != HT_SLOT_PROTOCOL && slot != HT_SLOT_AUTH_TYPE &&
               slot != HT_SLOT_STATUS_CODE && slot != HT_SLOT_ERROR_MESSAGE;
    case OF_OTHER:
        return true;
    case OF_FIXED:
        return false;
    }
    return false;
}

/* Which of the four texts that slot holds, and where; false when it holds none. */
static bool role_of(enum where where, enum ht_slot slot, size_t *place, size_t *role) {
    for (size_t i = 0; i < ROLES && where <= OF_PROPERTIES; i++) {
        if (slot == role_slots[i]) {
            *place = where == OF_PROPERTIES ? 0 : 1;
            *role = i;
            return true;
        }
        if (slot == ht_slot_column(role_slots[i]) && where == OF_RECORD) {
            *place = 2;
            *role = i;
            return true;
        }
    }
    return false;
}

static bool put_role(struct walk *walk, enum where where, size_t place, size_t role,
                     struct ht_str inside) {
    const bool cell = where == OF_RECORD;
    const bool empty = inside.len == 0 || (cell && ht_str_eq(inside, HT_STR("None")));
    const enum ht_lane_kind kind = cell            ? HT_LANE_CELL
                                   : walk->escaped ? HT_LANE_INNER
                                                   : HT_LANE_PLAIN;
    const size_t hole = put_hole(walk, kind, inside, empty);
    walk->holes[place][role] = empty ? 0 : (uint8_t)hole;
    walk->texts[place][role] = inside;
    return hole > 0;
}

static bool walk_object(struct walk *walk, enum where where);

/* properties that are a string. */
static bool walk_within(struct walk *walk, struct ht_str inside) {
    const size_t at = walk->at;
    const size_t end = walk->end;
    walk->at = (size_t)(inside.ptr - walk->text);
    walk->end = walk->at + inside.len;
    walk->escaped = true;
    skip_space(walk);
    const bool good = walk_object(walk, OF_PROPERTIES);
    walk->at = at;
    walk->end = end;
    walk->escaped = false;
    return good;
}

/* The member that the rules opened. */
static bool is_properties(const struct walk *walk, enum where where, enum ht_slot slot) {
    return where == OF_RECORD && slot != HT_SLOT_COUNT && slot == walk->properties;
}

static bool walk_string(struct walk *walk, enum where where, enum ht_slot slot) {
    struct ht_str inside;
    bool has_escapes = false;
    size_t place = 0;
    size_t role = 0;
    if (!take_string(walk, &inside, &has_escapes)) {
        return false;
    }
    if (where == OF_RECORD && slot == walk->time) {
        walk->pieces->roles.time = (uint8_t)put_hole(walk, HT_LANE_TIME, inside, false);
        return walk->pieces->roles.time > 0;
    }
    if (is_properties(walk, where, slot)) {
        return walk_within(walk, inside);
    }
    if (role_of(where, slot, &place, &role)) {
        return !has_escapes && put_role(walk, where, place, role, inside);
    }
    if (!is_free(walk, where, slot)) {
        return true;
    }
    if (!walk->escaped) {
        return put_hole(walk, HT_LANE_ANY, inside, false) > 0;
    }
    return has_escapes || put_hole(walk, HT_LANE_INNER, inside, inside.len == 0) > 0;
}

/* A number or a word. */
static bool walk_scalar(struct walk *walk, enum where where, enum ht_slot slot) {
    const size_t begin = walk->at;
    size_t digits = 0;
    size_t width = 0;
    for (char c = peek(walk, &width);
         c != ',' && c != '}' && c != ']' && c != ' ' && c != '\n' && c != '\r' && c != '\t';
         c = peek(walk, &width)) {
        if (c == '\0' || width > 1) {
            return false;
        }
        digits += ht_ascii_is_digit(c);
        walk->at++;
    }
    const struct ht_str word = {walk->text + begin, walk->at - begin};
    size_t place = 0;
    size_t role = 0;
    if (role_of(where, slot, &place, &role)) {
        return digits == 0; /* an integer is a text, too */
    }
    const bool natural = digits == word.len && word.len > 0 && word.len <= 18;
    return !natural || !is_free(walk, where, slot) ||
           put_hole(walk, HT_LANE_DIGITS, word, false) > 0;
}

static bool walk_value(struct walk *walk, enum where where, enum ht_slot slot);

static bool walk_array(struct walk *walk, enum where where) {
    if (!take(walk, '[')) {
        return false;
    }
    skip_space(walk);
    if (take(walk, ']')) {
        return true;
    }
    do {
        skip_space(walk);
        if (!walk_value(walk, where, HT_SLOT_COUNT)) {
            return false;
        }
        skip_space(walk);
    } while (take(walk, ','));
    return take(walk, ']');
}

/* An object or an array. */
static bool walk_nested(struct walk *walk, enum where where, enum ht_slot slot, bool object) {
    enum where within = is_free(walk, where, slot) ? OF_OTHER : OF_FIXED;
    if (object && is_properties(walk, where, slot)) {
        within = OF_PROPERTIES;
    }
    if (walk->depth >= DEPTH_MAX) {
        return false;
    }
    walk->depth++;
    const bool good = object ? walk_object(walk, within) : walk_array(walk, within);
    walk->depth--;
    return good;
}

static bool walk_value(struct walk *walk, enum where where, enum ht_slot slot) {
    size_t width = 0;
    const char c = peek(walk, &width);
    if (c == '"') {
        return walk_string(walk, where, slot);
    }
    return c == '{' || c == '[' ? walk_nested(walk, where, slot, c == '{')
                                : walk_scalar(walk, where, slot);
}

static bool walk_member(struct walk *walk, enum where where) {
    struct ht_str key;
    bool has_escapes = false;
    if (!take_string(walk, &key, &has_escapes) || has_escapes) {
        return false;
    }
    const bool known = where <= OF_PROPERTIES && key.len <= KEY_MAX;
    skip_space(walk);
    if (!take(walk, ':')) {
        return false;
    }
    skip_space(walk);
    return walk_value(walk, where, known ? ht_slot_of_key(key) : HT_SLOT_COUNT);
}

static bool walk_object(struct walk *walk, enum where where) {
    if (!take(walk, '{')) {
        return false;
    }
    skip_space(walk);
    if (take(walk, '}')) {
        return true;
    }
    do {
        skip_space(walk);
        if (!walk_member(walk, where)) {
            return false;
        }
        skip_space(walk);
    } while (take(walk, ','));
    return take(walk, '}');
}

static bool is_present(const struct ht_object *object, enum ht_slot slot) {
    return (object->present & HT_SLOT_BIT(slot)) != 0;
}

/* The member that the rules took the time from. */
static enum ht_slot time_slot(const struct ht_object *object) {
    const struct ht_value *value = &object->values[HT_SLOT_TIME];
    const bool empty = !is_present(object, HT_SLOT_TIME) || value->kind == HT_VALUE_OTHER ||
                       (value->kind == HT_VALUE_STRING && value->text.len == 0);
    return empty ? HT_SLOT_TIME_GENERATED : HT_SLOT_TIME;
}

/* The member that the rules opened. */
static enum ht_slot properties_slot(const struct ht_object *object) {
    static const enum ht_slot slots[] = {HT_SLOT_PROPERTIES, HT_SLOT_PROPERTIES_S,
                                         HT_SLOT_ADDITIONAL_FIELDS};
    for (size_t i = 0; i < HT_ARRAY_LEN(slots); i++) {
        const struct ht_value *value = &object->values[slots[i]];
        if (is_present(object, slots[i]) &&
            (value->kind == HT_VALUE_OBJECT ||
             (value->kind == HT_VALUE_STRING && ht_str_trim(value->text).len > 0 &&
              ht_str_trim(value->text).ptr[0] == '{'))) {
            return slots[i];
        }
    }
    return HT_SLOT_COUNT;
}

/* The device as the rules leave it. */
static struct ht_str before_slash(struct ht_str text) {
    const char *slash = text.len > 0 ? memchr(text.ptr, '/', text.len) : NULL;
    return slash != NULL ? (struct ht_str){text.ptr, (size_t)(slash - text.ptr)} : text;
}

/* The hole that a text of the record was taken from: the first place that holds something. *good is
 * false when that is not what the rules took. */
static uint8_t hole_of(const struct walk *walk, size_t role, struct ht_str taken, bool *good) {
    for (size_t place = 0; place < PLACES; place++) {
        if (walk->holes[place][role] != 0) {
            const struct ht_str text = walk->texts[place][role];
            *good = *good && ht_str_eq(role == 0 ? before_slash(text) : text, taken);
            return walk->holes[place][role];
        }
    }
    *good = *good && taken.len == 0;
    return 0;
}

/* The module was set apart from "device/module", whose bytes it still lies in. */
static bool inner_module(const struct ht_record *record) {
    return record->module.len > 0 && record->device.len > 0 &&
           record->module.ptr == record->device.ptr + record->device.len + 1;
}

static bool find_roles(const struct walk *walk, struct ht_lane_roles *roles) {
    const struct ht_record *record = &walk->decoded->record;
    bool good = true;
    if (walk->decoded->kind == HT_DECODED_EVENT) {
        roles->device = hole_of(walk, 0, record->device, &good);
        roles->module =
            hole_of(walk, 1, inner_module(record) ? HT_STR_NONE : record->module, &good);
        roles->sdk = hole_of(walk, 2, record->sdk, &good);
        roles->network = hole_of(walk, 3, record->network, &good);
    }
    return good && roles->time > 0;
}

bool ht_lane_take_apart(const struct ht_object *object, const struct ht_decoded *decoded,
                        struct ht_str text, struct ht_lane_pieces *pieces) {
    struct walk walk = {
        .object = object,
        .decoded = decoded,
        .pieces = pieces,
        .text = text.ptr,
        .end = text.len,
        .time = time_slot(object),
        .properties = decoded->kind == HT_DECODED_EVENT ? properties_slot(object) : HT_SLOT_COUNT,
    };
    pieces->count = 0;
    pieces->roles = (struct ht_lane_roles){0};
    if (!walk_object(&walk, OF_RECORD) || walk.at != walk.end ||
        !find_roles(&walk, &pieces->roles)) {
        return false;
    }
    pieces->list[pieces->count++] = (struct ht_lane_piece){.begin = (uint32_t)walk.run_begin,
                                                           .end = (uint32_t)text.len,
                                                           .kind = HT_LANE_LEAF};
    return true;
}
