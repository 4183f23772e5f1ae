/* SPDX-License-Identifier: MIT */
#ifndef HUBTRIAGE_EXPLAIN_H
#define HUBTRIAGE_EXPLAIN_H
/*
 * Offline knowledge: what a result code, a cause, a class, a finding or a pattern means, how to
 * confirm it and what to do. Constant data in plain English, without log text; nothing here can
 * fail.
 *
 *     if (ht_topic_find("404104", &topic)) {
 *         ht_topics_write(&topic, 1, &render_options, &sink, &err);
 *     }
 */
#include "hubtriage/report.h"

/* The value of "schema" in its JSON document: the number changes when a key does. */
#define HT_SCHEMA_EXPLAIN "hubtriage.explain/1"

/* What a word stands for; one word may stand for several. */
enum ht_topic_kind {
    HT_TOPIC_CAUSE = 1 << 0,
    HT_TOPIC_CLASS = 1 << 1,
    HT_TOPIC_FINDING = 1 << 2, /* the rule of a finding */
    HT_TOPIC_PATTERN = 1 << 3, /* what a device does, in a word */
    HT_TOPIC_CODE = 1 << 4,
};

enum { HT_TOPIC_KIND_COUNT = 5, HT_TOPIC_FINDINGS_MAX = 8, HT_TOPIC_CODE_BYTES = 8 };

/* "cause", "class", "finding", "pattern", "code" */
HT_PUBLIC const char *ht_topic_kind_name(enum ht_topic_kind kind);

/* A finding that a report may print, with the very advice that it gives. */
struct ht_topic_finding {
    const char *title;
    const char *action;
    bool normal;
};

struct ht_topic {
    const char *word; /* "token-expiry"; of a code its name, such as "ServerError" */
    uint32_t code;    /* 0 = none */
    unsigned kinds;   /* enum ht_topic_kind, or-ed */
    const char *meaning;
    const char *confirm;     /* how to make sure */
    const char *device;      /* what to do on the device and by its developers; NULL = nothing */
    const char *operator_do; /* ... by the operator of the hub or the site; NULL = nothing */
    const char *use;         /* how hubtriage tells or uses it */
    const char *see;         /* related words, ", " between; NULL = none */
    const char *url;         /* Microsoft's page on it */
    struct ht_topic_finding findings[HT_TOPIC_FINDINGS_MAX]; /* when it is one */
    size_t finding_count;
};

/* Causes, classes, findings and patterns, then codes in order of number. */
HT_PUBLIC size_t ht_topic_count(void);
HT_PUBLIC void ht_topic_get(size_t index, struct ht_topic *out);

/* By number ("404104"), by a code's name, or by a word; the case of letters does not matter. */
HT_PUBLIC bool ht_topic_find(const char *word, struct ht_topic *out);

/* The known word, name or number that is closest to a mistyped one; NULL when none is near. */
HT_PUBLIC const char *ht_topic_nearest(const char *word);

/*
 * ht_topics_write() - topics one after the other, in the order given. As a list, text is a table of
 * one line each; ndjson is one object a line, json a document (explain.schema.json). Returns what
 * the sink returned, or HT_E_NOMEM.
 */
HT_PUBLIC HT_MUST_CHECK enum ht_status ht_topics_write(const struct ht_topic *topics, size_t count,
                                                       bool as_list,
                                                       const struct ht_render_options *options,
                                                       const struct ht_sink *sink,
                                                       struct ht_err *err);

#endif
