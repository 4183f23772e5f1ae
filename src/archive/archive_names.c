/* SPDX-License-Identifier: MIT */
/* Texts, devices and facets: in memory as long as the archive is open, each once. */
#include "archive/archive_private.h"
#include "base/check.h"
#include "base/err.h"

enum { DEVICE_WORDS = 3, FACET_WORDS = 6 };

static enum ht_status add_text(struct ht_archive *archive, struct ht_str text, uint32_t *id) {
    return ht_intern_add(&archive->texts, text, id);
}

/* One over the ceiling is forgotten, as in the store. */
static enum ht_status add_attribute(struct ht_archive *archive, struct ht_str text, uint32_t *id) {
    const enum ht_status status = add_text(archive, text, id);
    return status == HT_E_LIMIT ? HT_OK : status;
}

static enum ht_status number(struct ht_archive *archive, const struct ht_record *record,
                             uint32_t *device, uint32_t *facet) {
    struct ht_tuple owner = {{0}};
    struct ht_tuple what = {{0}};
    HT_TRY(add_text(archive, record->hub, &owner.words[0]));
    HT_TRY(add_text(archive, record->device, &owner.words[1]));
    HT_TRY(add_text(archive, record->module, &owner.words[2]));
    HT_TRY(ht_tuples_add(&archive->devices, &owner, device));
    HT_TRY(add_attribute(archive, record->sdk, &what.words[0]));
    HT_TRY(add_attribute(archive, record->protocol, &what.words[1]));
    HT_TRY(add_attribute(archive, record->network, &what.words[2]));
    HT_TRY(add_attribute(archive, record->message, &what.words[3]));
    HT_TRY(add_attribute(archive, record->operation, &what.words[4]));
    what.words[5] = (uint32_t)record->auth;
    return ht_tuples_add(&archive->facets, &what, facet);
}

enum ht_status ht_archive_number(struct ht_archive *archive, const struct ht_record *record,
                                 uint32_t *device, uint32_t *facet, struct ht_err *err) {
    const enum ht_status status = number(archive, record, device, facet);
    if (status == HT_E_LIMIT) {
        return ht_err_set(err, status, "%s: too many names for one archive", archive->path);
    }
    return status == HT_OK ? HT_OK : ht_archive_no_memory(err);
}

size_t ht_archive_device_count(const struct ht_archive *archive) {
    return archive->devices.count;
}

size_t ht_archive_facet_count(const struct ht_archive *archive) {
    return archive->facets.count;
}

void ht_archive_name_device(const struct ht_archive *archive, uint32_t device,
                            struct ht_record *record) {
    const uint32_t *words = archive->devices.tuples[device].words;
    record->hub = ht_intern_str(&archive->texts, words[0]);
    record->device = ht_intern_str(&archive->texts, words[1]);
    record->module = ht_intern_str(&archive->texts, words[2]);
}

void ht_archive_name_facet(const struct ht_archive *archive, uint32_t facet,
                           struct ht_record *record) {
    const uint32_t *words = archive->facets.tuples[facet].words;
    record->sdk = ht_intern_str(&archive->texts, words[0]);
    record->protocol = ht_intern_str(&archive->texts, words[1]);
    record->network = ht_intern_str(&archive->texts, words[2]);
    record->message = ht_intern_str(&archive->texts, words[3]);
    record->operation = ht_intern_str(&archive->texts, words[4]);
    record->auth = (enum ht_auth)words[5];
}

static uint64_t text_check(size_t id, struct ht_str text) {
    const int64_t numbers[] = {(int64_t)id};
    return ht_archive_row_check(numbers, 1, text);
}

static uint64_t tuple_check(size_t id, const struct ht_tuple *tuple) {
    int64_t numbers[HT_TUPLE_WORDS + 1] = {(int64_t)id};
    for (size_t i = 0; i < HT_TUPLE_WORDS; i++) {
        numbers[i + 1] = tuple->words[i];
    }
    return ht_archive_row_check(numbers, HT_TUPLE_WORDS + 1, HT_STR(""));
}

/* A row must have the next number, so that the order of first sight is that of the rows. */
static enum ht_status load_texts(struct ht_archive *archive, sqlite3_stmt *statement,
                                 struct ht_err *err) {
    enum ht_status status = ht_archive_step(archive, statement, err);
    for (; status == HT_OK; status = ht_archive_step(archive, statement, err)) {
        const struct ht_str text = ht_archive_column_str(statement, 1);
        const size_t id = archive->texts.count;
        uint32_t number = 0;
        status = add_text(archive, text, &number);
        if (status == HT_E_NOMEM) {
            return ht_archive_no_memory(err);
        }
        if (status != HT_OK || number != id || sqlite3_column_int64(statement, 0) != (int64_t)id) {
            return ht_archive_refuse(archive, "its texts are wrong", err);
        }
        archive->sums[HT_SUM_TEXTS] += text_check(id, text);
    }
    return status == HT_END ? HT_OK : status;
}

static enum ht_status load_tuples(struct ht_archive *archive, sqlite3_stmt *statement,
                                  struct ht_tuples *tuples, int words, uint64_t *sum,
                                  struct ht_err *err) {
    enum ht_status status = ht_archive_step(archive, statement, err);
    for (; status == HT_OK; status = ht_archive_step(archive, statement, err)) {
        struct ht_tuple tuple = {{0}};
        const size_t id = tuples->count;
        uint32_t number = 0;
        bool good = sqlite3_column_int64(statement, 0) == (int64_t)id;
        for (int i = 0; i < words; i++) {
            const int64_t word = sqlite3_column_int64(statement, i + 1);
            const int64_t end =
                i == FACET_WORDS - 1 ? HT_AUTH_OTHER + 1 : (int64_t)archive->texts.count;
            good = good && word >= 0 && word < end;
            tuple.words[i] = (uint32_t)word;
        }
        status = good ? ht_tuples_add(tuples, &tuple, &number) : HT_E_DATA;
        if (status == HT_E_NOMEM) {
            return ht_archive_no_memory(err);
        }
        if (status != HT_OK || number != id) {
            return ht_archive_refuse(archive, "its devices or facets are wrong", err);
        }
        *sum += tuple_check(id, &tuple);
    }
    return status == HT_END ? HT_OK : status;
}

enum ht_status ht_archive_load_names(struct ht_archive *archive, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    HT_TRY(ht_archive_prepare(archive, "SELECT id, text FROM text ORDER BY id", &statement, err));
    enum ht_status status = load_texts(archive, statement, err);
    (void)sqlite3_finalize(statement);
    HT_TRY(status);
    HT_TRY(ht_archive_prepare(archive, "SELECT id, hub, device, module FROM device ORDER BY id",
                              &statement, err));
    status = load_tuples(archive, statement, &archive->devices, DEVICE_WORDS,
                         &archive->sums[HT_SUM_DEVICES], err);
    (void)sqlite3_finalize(statement);
    HT_TRY(status);
    HT_TRY(ht_archive_prepare(archive,
                              "SELECT id, sdk, protocol, network, message, operation, auth FROM "
                              "facet ORDER BY id",
                              &statement, err));
    status = load_tuples(archive, statement, &archive->facets, FACET_WORDS,
                         &archive->sums[HT_SUM_FACETS], err);
    (void)sqlite3_finalize(statement);
    archive->texts_saved = archive->texts.count;
    archive->devices_saved = archive->devices.count;
    archive->facets_saved = archive->facets.count;
    return status;
}

static enum ht_status save_texts(struct ht_archive *archive, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    enum ht_status status = HT_OK;
    HT_TRY(ht_archive_prepare(archive, "INSERT INTO text(id, text) VALUES(?,?)", &statement, err));
    for (; archive->texts_saved < archive->texts.count && status == HT_OK; archive->texts_saved++) {
        const size_t id = archive->texts_saved;
        const struct ht_str text = archive->texts.strings[id];
        (void)sqlite3_bind_int64(statement, 1, (int64_t)id);
        ht_archive_bind_str(statement, 2, text);
        status = ht_archive_run_once(archive, statement, err);
        archive->sums[HT_SUM_TEXTS] += text_check(id, text);
    }
    (void)sqlite3_finalize(statement);
    return status;
}

static enum ht_status save_tuples(struct ht_archive *archive, const char *sql,
                                  const struct ht_tuples *tuples, int words, size_t *saved,
                                  uint64_t *sum, struct ht_err *err) {
    sqlite3_stmt *statement = NULL;
    enum ht_status status = HT_OK;
    HT_TRY(ht_archive_prepare(archive, sql, &statement, err));
    for (; *saved < tuples->count && status == HT_OK; (*saved)++) {
        (void)sqlite3_bind_int64(statement, 1, (int64_t)*saved);
        for (int i = 0; i < words; i++) {
            (void)sqlite3_bind_int64(statement, i + 2, tuples->tuples[*saved].words[i]);
        }
        status = ht_archive_run_once(archive, statement, err);
        *sum += tuple_check(*saved, &tuples->tuples[*saved]);
    }
    (void)sqlite3_finalize(statement);
    return status;
}

enum ht_status ht_archive_save_names(struct ht_archive *archive, struct ht_err *err) {
    HT_TRY(save_texts(archive, err));
    HT_TRY(save_tuples(archive, "INSERT INTO device(id, hub, device, module) VALUES(?,?,?,?)",
                       &archive->devices, DEVICE_WORDS, &archive->devices_saved,
                       &archive->sums[HT_SUM_DEVICES], err));
    return save_tuples(archive,
                       "INSERT INTO facet(id, sdk, protocol, network, message, operation, auth) "
                       "VALUES(?,?,?,?,?,?,?)",
                       &archive->facets, FACET_WORDS, &archive->facets_saved,
                       &archive->sums[HT_SUM_FACETS], err);
}
