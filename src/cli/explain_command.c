/* SPDX-License-Identifier: MIT */
/* `hubtriage explain`: pages on what is named, or a list. */
#include "cli/explain_command.h"

#include <stdlib.h>
#include <string.h>

#include "cli/messages.h"

struct topics {
    size_t count;
    struct ht_topic items[];
};

static enum ht_status take_words(const struct ht_cli_arguments *arguments, struct topics *topics,
                                 struct ht_err *err) {
    for (size_t i = 0; i < arguments->operand_count; i++) {
        const char *word = arguments->operands[i];
        if (!ht_topic_find(word, &topics->items[topics->count])) {
            const char *near = ht_topic_nearest(word);
            if (near != NULL) {
                return ht_cli_usage(err, "nothing is known of '%.100s'; did you mean %s?", word,
                                    near);
            }
            return ht_cli_usage(err,
                                "nothing is known of '%.100s'; hubtriage explain --list names all",
                                word);
        }
        topics->count++;
    }
    return HT_OK;
}

static enum ht_status work(struct ht_cli_run *run, struct ht_analysis *analysis,
                           struct ht_err *err) {
    const struct ht_cli_arguments *arguments = run->arguments;
    const bool all = arguments->operand_count == 0;
    const size_t room = all ? ht_topic_count() : arguments->operand_count;
    (void)analysis;
    if (all && !arguments->given[HT_CLI_OPT_LIST]) {
        return ht_cli_usage(err, "name a code or a word, such as 404104 or token-expiry; hubtriage "
                                 "explain --list names all");
    }
    struct topics *topics = calloc(1, sizeof *topics + room * sizeof topics->items[0]);
    if (topics == NULL) {
        return ht_cli_no_memory(err);
    }
    run->result = topics;
    for (; all && topics->count < room; topics->count++) {
        ht_topic_get(topics->count, &topics->items[topics->count]);
    }
    return all ? HT_OK : take_words(arguments, topics, err);
}

static enum ht_status write(const struct ht_cli_run *run, const struct ht_render_options *options,
                            const struct ht_sink *sink, struct ht_err *err) {
    const struct topics *topics = run->result;
    return ht_topics_write(topics->items, topics->count, run->arguments->given[HT_CLI_OPT_LIST],
                           options, sink, err);
}

enum ht_cli_exit ht_cli_explain_command(const struct ht_cli_arguments *arguments,
                                        const struct ht_cli_surroundings *surroundings) {
    static const struct ht_cli_job job = {
        .work = work, .write = write, .release = free, .needs_no_input = true};
    return ht_cli_run(arguments, surroundings, &job);
}
