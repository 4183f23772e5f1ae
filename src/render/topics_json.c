/* SPDX-License-Identifier: MIT */
/* Explanations for programs. The keys are described in explain.schema.json. */
#include <stdio.h>
#include <string.h>

#include "hubtriage/hubtriage.h"
#include "render/topics_render.h"

#define TEXT(number) #number
#define VERSION_TEXT(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

enum { WORD_BYTES = 64 };

/* "a, b" as ["a","b"]. */
static void put_words(struct ht_json *json, const char *key, const char *list) {
    ht_json_array(json, key, HT_JSON_LINE);
    while (list != NULL && *list != '\0') {
        char word[WORD_BYTES];
        const size_t len = strcspn(list, ",");
        (void)snprintf(word, sizeof word, "%.*s", (int)len, list);
        ht_json_text(json, NULL, word);
        list += len;
        list += strspn(list, ", ");
    }
    ht_json_end(json);
}

void ht_json_put_topic(struct ht_json *json, const struct ht_topic *topic,
                       enum ht_json_layout layout) {
    ht_json_object(json, NULL, layout);
    ht_json_text(json, "word", topic->word);
    if (topic->code != 0) {
        ht_json_code(json, "code", topic->code);
    } else {
        ht_json_null(json, "code");
    }
    ht_json_array(json, "kinds", HT_JSON_LINE);
    for (unsigned bit = 0; bit < HT_TOPIC_KIND_COUNT; bit++) {
        if ((topic->kinds >> bit & 1U) != 0) {
            ht_json_text(json, NULL, ht_topic_kind_name((enum ht_topic_kind)(1U << bit)));
        }
    }
    ht_json_end(json);
    ht_json_text(json, "meaning", topic->meaning);
    ht_json_text(json, "told_by", topic->use);
    ht_json_text(json, "confirm", topic->confirm);
    ht_json_text(json, "device_action", topic->device);
    ht_json_text(json, "operator_action", topic->operator_do);
    ht_json_array(json, "findings", layout);
    for (size_t i = 0; i < topic->finding_count; i++) {
        ht_json_object(json, NULL, HT_JSON_LINE);
        ht_json_text(json, "title", topic->findings[i].title);
        ht_json_text(json, "action", topic->findings[i].action);
        ht_json_bool(json, "normal", topic->findings[i].normal);
        ht_json_end(json);
    }
    ht_json_end(json);
    put_words(json, "see", topic->see);
    ht_json_text(json, "url", topic->url);
    ht_json_end(json);
}

void ht_render_topics_json(const struct ht_topic *topics, size_t count,
                           struct ht_sink_buffer *out) {
    struct ht_json json;
    ht_json_init(&json, out);
    ht_json_object(&json, NULL, HT_JSON_BLOCK);
    ht_json_text(&json, "schema", HT_SCHEMA_EXPLAIN);
    ht_json_object(&json, "tool", HT_JSON_LINE);
    ht_json_text(&json, "name", "hubtriage");
    ht_json_text(&json, "version",
                 VERSION_TEXT(HT_VERSION_MAJOR, HT_VERSION_MINOR, HT_VERSION_PATCH));
    ht_json_end(&json);
    ht_json_array(&json, "topics", HT_JSON_BLOCK);
    for (size_t i = 0; i < count && !ht_json_failed(&json); i++) {
        ht_json_put_topic(&json, &topics[i], HT_JSON_BLOCK);
    }
    ht_json_end(&json);
    ht_json_end(&json);
}

void ht_render_topics_ndjson(const struct ht_topic *topics, size_t count,
                             struct ht_sink_buffer *out) {
    struct ht_json json;
    ht_json_init(&json, out);
    for (size_t i = 0; i < count && !ht_json_failed(&json); i++) {
        ht_json_put_topic(&json, &topics[i], HT_JSON_LINE);
    }
}
