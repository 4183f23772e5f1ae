/* SPDX-License-Identifier: MIT */
/*
 * Rows of a query answer. The scanner agrees with jansson on a single row; in a document the size
 * of blocks changes nothing, and neither does it where the columns stand. First byte: block.
 */
#include "agreement.h"
#include "feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COLUMNS                                                                                \
    "\"columns\":[{\"name\":\"TimeGenerated\"},{\"name\":\"OperationName\"},{\"name\":\"x\"}," \
    "{\"name\":\"ResultType\"},{\"name\":\"properties_s\"}]"

/* What was found in before + data + behind. */
static void read_document(struct feed *feed, const char *before, const uint8_t *data, size_t size,
                          const char *behind, size_t block) {
    const size_t head = strlen(before);
    const size_t tail = strlen(behind);
    uint8_t *text = malloc(head + size + tail);
    HT_ASSERT(text != NULL);
    memcpy(text, before, head);
    memcpy(text + head, data, size);
    memcpy(text + head + size, behind, tail);
    *feed = (struct feed){.records = 0};
    feed_add(feed, text, head + size + tail);
    feed_run(feed, block, (size_t)1 << 20);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct feed whole;
    struct feed blocks;
    struct feed last;
    if (size < 2 || size > FEED_BYTES_MAX / 2) {
        return 0;
    }
    char *row = padded_copy(data + 1, size - 1);
    const char first = row[0];
    row[0] = '[';
    (void)assert_row_agreement((struct ht_str){row, size - 1});
    row[0] = first;
    const uint8_t *text = (const uint8_t *)row;
    read_document(&whole, "{\"tables\":[{" COLUMNS ",\"rows\":[", text, size - 1, "]}]}",
                  FEED_BYTES_MAX);
    read_document(&blocks, "{\"tables\":[{" COLUMNS ",\"rows\":[", text, size - 1, "]}]}",
                  data[0] + 1U);
    HT_ASSERT(whole.records == blocks.records && whole.bad_places == blocks.bad_places);
    HT_ASSERT(whole.bad == blocks.bad && whole.not_records == blocks.not_records);
    /* When the rows are sound, it does not matter where the columns stand. */
    read_document(&last, "{\"tables\":[{\"rows\":[", text, size - 1, "]," COLUMNS "}]}",
                  data[0] + 1U);
    char *array = padded_copy(NULL, size + 2);
    array[0] = '[';
    memcpy(array + 1, row, size - 1);
    array[size] = ']';
    json_t *tree = json_loadb(array, size + 1, 0, NULL);
    bool sound = json_is_array(tree) && memchr(row, '\0', size - 1) == NULL;
    for (size_t i = 0; i < json_array_size(tree); i++) {
        sound = sound && json_is_array(json_array_get(tree, i));
    }
    HT_ASSERT(!sound || (last.records == whole.records && last.bad == whole.bad));
    json_decref(tree);
    free(array);
    free(row);
    return 0;
}
