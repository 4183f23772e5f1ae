/* SPDX-License-Identifier: MIT */
#include "input/sniff.h"

#include "base/compiler.h"

static const char hint_json[] =
    "export it as JSON: az monitor log-analytics query ... -o json, or the storage account's blobs";

/* Magic bytes at the very start. Sources: the formats' specifications. */
static const struct {
    struct ht_str magic;
    struct ht_refusal refusal;
} magics[] = {
    {HT_STR_INIT("\x89PNG\r\n\x1a\n"), {"a PNG image, not a log", hint_json}},
    {HT_STR_INIT("\xff\xd8\xff"), {"a JPEG image, not a log", hint_json}},
    {HT_STR_INIT("GIF89a"), {"a GIF image, not a log", hint_json}},
    {HT_STR_INIT("\x1f\x8b"),
     {"gzip-compressed", "decompress it first: gzip -dc FILE | hubtriage report"}},
    {HT_STR_INIT("\x28\xb5\x2f\xfd"),
     {"zstd-compressed", "decompress it first: zstd -dc FILE | hubtriage report"}},
    {HT_STR_INIT("BZh91AY"), {"bzip2-compressed", "decompress it first: bzip2 -dc FILE"}},
    {HT_STR_INIT("\xfd"
                 "7zXZ"),
     {"xz-compressed", "decompress it first: xz -dc FILE"}},
    {HT_STR_INIT("PK\x03\x04"),
     {"a zip archive or an Excel workbook", "unpack it first; of a workbook, export JSON"}},
    {HT_STR_INIT("%PDF-"), {"a PDF document, not a log", hint_json}},
    {HT_STR_INIT("Obj\x01"),
     {"an Avro file (Event Hubs Capture or message routing)",
      "the body of each message is the JSON to give: export it, or use the diagnostic setting's "
      "storage account"}},
    {HT_STR_INIT("PAR1\x15"), {"a Parquet file", hint_json}},
    {HT_STR_INIT("SQLite format 3"), {"an SQLite data base, not a log", hint_json}},
    {HT_STR_INIT("\x7f"
                 "ELF"),
     {"a program, not a log", hint_json}},
    {HT_STR_INIT("\xff\xfe"),
     {"UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8 FILE | hubtriage report"}},
    {HT_STR_INIT("\xfe\xff"),
     {"UTF-16 text", "convert it first: iconv -f UTF-16 -t UTF-8 FILE | hubtriage report"}},
};

/* Words at the start of a text, after a BOM and white space; case does not matter. */
static const struct {
    struct ht_str word;
    struct ht_refusal refusal;
} words[] = {
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

static struct ht_str after_bom(struct ht_str head) {
    if (head.len >= 3 && memcmp(head.ptr, "\xEF\xBB\xBF", 3) == 0) {
        head.ptr += 3;
        head.len -= 3;
    }
    return ht_str_trim(head);
}

static struct ht_str first_line(struct ht_str text) {
    const char *newline = text.len > 0 ? memchr(text.ptr, '\n', text.len) : NULL;
    text.len = newline != NULL ? (size_t)(newline - text.ptr) : text.len;
    return text;
}

/* A table's header: column names with separators, and nothing of JSON. */
static bool is_table(struct ht_str text) {
    const struct ht_str line = first_line(text);
    const bool separated = line.len > 0 && (memchr(line.ptr, ',', line.len) != NULL ||
                                            memchr(line.ptr, '\t', line.len) != NULL);
    return separated && memchr(line.ptr, '{', line.len) == NULL &&
           memchr(line.ptr, ':', line.len) == NULL &&
           (ht_str_find_nocase(line, HT_STR("TimeGenerated")) != SIZE_MAX ||
            ht_str_find_nocase(line, HT_STR("OperationName")) != SIZE_MAX);
}

/* {"error": {"code": ...}} */
static bool is_error_answer(struct ht_str text) {
    if (text.len == 0 || text.ptr[0] != '{') {
        return false;
    }
    const struct ht_str inside = ht_str_trim((struct ht_str){text.ptr + 1, text.len - 1});
    return ht_str_starts_nocase(inside, HT_STR("\"error\""));
}

bool ht_sniff_refuses(struct ht_str head, struct ht_refusal *refusal) {
    for (size_t i = 0; i < HT_ARRAY_LEN(magics); i++) {
        if (head.len >= magics[i].magic.len &&
            memcmp(head.ptr, magics[i].magic.ptr, magics[i].magic.len) == 0) {
            *refusal = magics[i].refusal;
            return true;
        }
    }
    const struct ht_str text = after_bom(head);
    for (size_t i = 0; i < HT_ARRAY_LEN(words); i++) {
        if (ht_str_starts_nocase(text, words[i].word)) {
            *refusal = words[i].refusal;
            return true;
        }
    }
    if (text.len > 0 && memchr(head.ptr, '\0', head.len) != NULL) {
        *refusal = (struct ht_refusal){"binary data, not a log", hint_json};
        return true;
    }
    if (is_table(text)) {
        *refusal = (struct ht_refusal){"a table (CSV or TSV), which this version does not read",
                                       "export JSON: az monitor log-analytics query ... -o json"};
        return true;
    }
    if (is_error_answer(text)) {
        *refusal = (struct ht_refusal){"an error answer of Azure, not a log",
                                       "read the message in it, then export again"};
        return true;
    }
    return false;
}
