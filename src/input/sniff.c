/* SPDX-License-Identifier: MIT */
/*
 * Two kinds of signs: bytes that no JSON text can hold, and texts. The second kind could stand in a
 * record as well, so each rule looks at the very start of a source and at nothing that a quoted
 * value could imitate.
 */
#include "input/sniff.h"

#include "base/compiler.h"

static const char hint_json[] =
    "export it as JSON: az monitor log-analytics query ... -o json, or the storage account's blobs";

struct signature {
    struct ht_str start;
    struct ht_refusal refusal;
};

/* Magic bytes that no JSON text can begin with. Sources: the formats' specifications. */
static const struct signature binaries[] = {
    {HT_STR_INIT("\x89PNG\r\n\x1a\n"), {"a PNG image, not a log", hint_json}},
    {HT_STR_INIT("\xff\xd8\xff"), {"a JPEG image, not a log", hint_json}},
    {HT_STR_INIT("\xfd"
                 "7zXZ"),
     {"xz-compressed", "decompress it first: xz -dc FILE | hubtriage report"}},
    {HT_STR_INIT("Obj\x01"),
     {"an Avro file (Event Hubs Capture or message routing)",
      "avro-tools tojson FILE | jq -r .Body.bytes | hubtriage report"}},
    {HT_STR_INIT("PAR1\x15"),
     {"a Parquet file",
      "duckdb -c \"COPY 'FILE' TO '/dev/stdout' (FORMAT json)\" | hubtriage report"}},
    {HT_STR_INIT("\x7f"
                 "ELF"),
     {"a program, not a log", hint_json}},
    {HT_STR_INIT("\xff\xfe\0\0"),
     {"UTF-32 text", "convert it first: iconv -f UTF-32 -t UTF-8 FILE | hubtriage report"}},
    {HT_STR_INIT("{\0"),
     {"UTF-16 text", "convert it first: iconv -f UTF-16LE -t UTF-8 FILE | hubtriage report"}},
    {HT_STR_INIT("[\0"),
     {"UTF-16 text", "convert it first: iconv -f UTF-16LE -t UTF-8 FILE | hubtriage report"}},
};

/* The start of a text, after a byte order mark and white space; case does not matter. */
static const struct signature texts[] = {
    {HT_STR_INIT("GIF89a"), {"a GIF image, not a log", hint_json}},
    {HT_STR_INIT("BZh91AY"),
     {"bzip2-compressed", "decompress it first: bzip2 -dc FILE | hubtriage report"}},
    {HT_STR_INIT("%PDF-"), {"a PDF document, not a log", hint_json}},
    {HT_STR_INIT("SQLite format 3"), {"an SQLite database, not a log", hint_json}},
    {HT_STR_INIT("<!doctype html"),
     {"an HTML page, perhaps a log-in page, not a log",
      "sign in again (az login) and repeat the export"}},
    {HT_STR_INIT("<html"),
     {"an HTML page, perhaps a log-in page, not a log",
      "sign in again (az login) and repeat the export"}},
    {HT_STR_INIT("<?xml"),
     {"an XML document, perhaps an error answer of a storage account, not a log",
      "read the message in it; check the link's signature and expiry"}},
    {HT_STR_INIT("ERROR: "),
     {"an error message of the Azure command line, not a log",
      "read it, repair the command, export again"}},
};

static bool matches(const struct signature *signatures, size_t count, struct ht_str text,
                    struct ht_refusal *refusal) {
    for (size_t i = 0; i < count; i++) {
        if (ht_str_starts_nocase(text, signatures[i].start)) {
            *refusal = signatures[i].refusal;
            return true;
        }
    }
    return false;
}

/* Behind a byte order mark and white space. */
static struct ht_str start_of_text(struct ht_str head) {
    if (head.len >= 3 && memcmp(head.ptr, "\xEF\xBB\xBF", 3) == 0) {
        head.ptr += 3;
        head.len -= 3;
    }
    const struct ht_str trimmed = ht_str_trim(head);
    return trimmed.len > 0
               ? (struct ht_str){trimmed.ptr, head.len - (size_t)(trimmed.ptr - head.ptr)}
               : trimmed;
}

/* The first line, without its end; false when its end is not there. */
static bool take_line(struct ht_str *text, struct ht_str *line) {
    const char *newline = text->len > 0 ? memchr(text->ptr, '\n', text->len) : NULL;
    if (newline == NULL) {
        return false;
    }
    *line = (struct ht_str){text->ptr, (size_t)(newline - text->ptr)};
    text->ptr += line->len + 1;
    text->len -= line->len + 1;
    *line = ht_str_trim(*line);
    return true;
}

/* As `az ... -o table` prints: the second line is made of dashes. */
static bool is_printed_table(struct ht_str text) {
    struct ht_str names;
    struct ht_str rule;
    if (!take_line(&text, &names) || !take_line(&text, &rule) || rule.len == 0) {
        return false;
    }
    for (size_t i = 0; i < rule.len; i++) {
        if (rule.ptr[i] != '-' && rule.ptr[i] != ' ') {
            return false;
        }
    }
    return true;
}

/* "NAME:" at the start of text. */
static bool is_yaml_key(struct ht_str text) {
    size_t len = 0;
    while (len < text.len &&
           (ht_ascii_is_digit(text.ptr[len]) || text.ptr[len] == '_' ||
            (ht_ascii_lower(text.ptr[len]) >= 'a' && ht_ascii_lower(text.ptr[len]) <= 'z'))) {
        len++;
    }
    return len > 0 && len < text.len && text.ptr[len] == ':';
}

/* "- NAME: ..." and, below it, "  NAME: ..." */
static bool is_yaml(struct ht_str text) {
    struct ht_str line;
    return take_line(&text, &line) && ht_str_starts_nocase(line, HT_STR("- ")) &&
           is_yaml_key((struct ht_str){line.ptr + 2, line.len - 2}) &&
           ht_str_starts_nocase(text, HT_STR("  ")) &&
           is_yaml_key((struct ht_str){text.ptr + 2, text.len - 2});
}

/* Behind a key and its colon in text, or nothing. */
static struct ht_str behind_key(struct ht_str text, struct ht_str key) {
    text = ht_str_trim(text);
    if (!ht_str_starts_nocase(text, key)) {
        return HT_STR_NONE;
    }
    text = ht_str_trim((struct ht_str){text.ptr + key.len, text.len - key.len});
    if (text.len == 0 || text.ptr[0] != ':') {
        return HT_STR_NONE;
    }
    return ht_str_trim((struct ht_str){text.ptr + 1, text.len - 1});
}

/* Documents known by their first key, and the bracket that its value begins with. */
static bool is_document(struct ht_str text, struct ht_refusal *refusal) {
    static const struct {
        struct ht_str key;
        char value;
        struct ht_refusal refusal;
    } documents[] = {
        {HT_STR_INIT("\"error\""),
         '{',
         {"an error answer of Azure, not a log", "read the message in it, then export again"}},
    };
    if (text.len > 0 && text.ptr[0] == '[') {
        text = ht_str_trim((struct ht_str){text.ptr + 1, text.len - 1});
    }
    if (text.len == 0 || text.ptr[0] != '{') {
        return false;
    }
    text = (struct ht_str){text.ptr + 1, text.len - 1};
    for (size_t i = 0; i < HT_ARRAY_LEN(documents); i++) {
        const struct ht_str value = behind_key(text, documents[i].key);
        if (value.len > 0 && value.ptr[0] == documents[i].value) {
            *refusal = documents[i].refusal;
            return true;
        }
    }
    return false;
}

/* { "cost": ..., "interval": ... */
static bool is_metrics_answer(struct ht_str text) {
    if (text.len == 0 || text.ptr[0] != '{') {
        return false;
    }
    const struct ht_str inside = {text.ptr + 1, text.len - 1};
    return behind_key(inside, HT_STR("\"cost\"")).len > 0 &&
           ht_str_find_nocase(inside, HT_STR("\"interval\"")) != SIZE_MAX;
}

static bool is_other_text(struct ht_str text, struct ht_refusal *refusal) {
    if (is_printed_table(text)) {
        *refusal = (struct ht_refusal){"a table for the eye (az ... -o table), not for programs",
                                       "repeat the command with -o json"};
        return true;
    }
    if (is_yaml(text)) {
        *refusal = (struct ht_refusal){"YAML (az ... -o yaml), which is not read",
                                       "repeat the command with -o json"};
        return true;
    }
    if (is_metrics_answer(text)) {
        *refusal = (struct ht_refusal){"metrics (az monitor metrics list), not a log", hint_json};
        return true;
    }
    return is_document(text, refusal);
}

/* Holds a NUL, and begins neither as JSON does nor with a line of text: damage in a log costs no
 * more than its records. */
static bool is_binary(struct ht_str head) {
    const struct ht_str text = start_of_text(head);
    struct ht_str rest = text;
    struct ht_str line;
    const bool json = text.len > 0 && (text.ptr[0] == '{' || text.ptr[0] == '[');
    const bool table =
        take_line(&rest, &line) && line.len > 0 && memchr(line.ptr, '\0', line.len) == NULL;
    return !json && !table && head.len > 0 && memchr(head.ptr, '\0', head.len) != NULL;
}

bool ht_sniff_refuses(struct ht_str head, bool in_record, struct ht_refusal *refusal) {
    if (matches(binaries, HT_ARRAY_LEN(binaries), head, refusal)) {
        return true;
    }
    if (in_record) {
        return false;
    }
    const struct ht_str text = start_of_text(head);
    if (matches(texts, HT_ARRAY_LEN(texts), text, refusal) || is_other_text(text, refusal)) {
        return true;
    }
    if (is_binary(head)) {
        *refusal = (struct ht_refusal){"binary data, not a log", hint_json};
        return true;
    }
    return false;
}

bool ht_sniff_refuses_member(struct ht_str name, struct ht_refusal *refusal) {
    static const struct signature parts[] = {
        {HT_STR_INIT("xl/"),
         {"an Excel workbook", "save its sheet as CSV, or export JSON: az monitor log-analytics "
                               "query ... -o json"}},
        {HT_STR_INIT("word/"), {"a Word document, not a log", hint_json}},
        {HT_STR_INIT("ppt/"), {"a PowerPoint presentation, not a log", hint_json}},
        {HT_STR_INIT("[Content_Types].xml"),
         {"an Office document, perhaps an Excel workbook",
          "save its sheet as CSV, or export JSON: az monitor log-analytics query ... -o json"}},
    };
    return matches(parts, HT_ARRAY_LEN(parts), name, refusal);
}
