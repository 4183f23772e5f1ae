/* SPDX-License-Identifier: MIT */
/* The file as a whole: a list of rules, each a name, a match and at least one thing that is known.
 */
#include "rules/rulebook.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/check.h"
#include "base/err.h"
#include "rules/rulebook_private.h"

enum ht_status ht_rule_no_memory(struct ht_err *err) {
    return ht_err_set(err, HT_E_NOMEM, "no memory for rules");
}

void ht_rulebook_free(struct ht_rulebook *book) {
    if (book == NULL) {
        return;
    }
    for (size_t i = 0; book->matches != NULL && i < book->known.rule_count; i++) {
        ht_pattern_free(book->matches[i].device);
        ht_pattern_free(book->matches[i].sdk);
        ht_pattern_free(book->matches[i].protocol);
    }
    free(book->matches);
    ht_known_release(&book->known);
    free(book);
}

static const char *const rule_keys[] = {"name",         "match",      "token-lifetime",
                                        "token-period", "keep-alive", "site",
                                        "maintenance",  "duty-cycle", "relabel"};

/* Rules that name the same site mean the same place. */
static enum ht_status read_site(const struct ht_yaml_node *node, struct ht_known *known,
                                struct ht_known_rule *rule, struct ht_err *err) {
    HT_TRY(ht_rule_read_name(node, &known->text, &rule->site, err));
    uint32_t sites = 0;
    for (const struct ht_known_rule *other = known->rules; other < rule; other++) {
        if (other->site != NULL && strcmp(other->site, rule->site) == 0) {
            rule->site_index = other->site_index;
            return HT_OK;
        }
        sites = other->site != NULL && other->site_index >= sites ? other->site_index + 1 : sites;
    }
    rule->site_index = sites;
    return HT_OK;
}

static enum ht_status read_token(const struct ht_yaml_node *node, struct ht_known_rule *rule,
                                 struct ht_err *err) {
    const struct ht_yaml_node *lifetime = ht_yaml_get(node, "token-lifetime");
    const struct ht_yaml_node *period = ht_yaml_get(node, "token-period");
    if (lifetime != NULL && period != NULL) {
        return ht_yaml_fail(period->line > lifetime->line ? period : lifetime, err,
                            "token-lifetime and token-period: state one of them");
    }
    if (lifetime == NULL && period == NULL) {
        return HT_OK;
    }
    rule->states |= 1U << HT_KNOWN_TOKEN;
    return lifetime != NULL ? ht_rule_read_lifetime(lifetime, rule, err)
                            : ht_rule_read_period(period, rule, err);
}

static enum ht_status read_properties(const struct ht_yaml_node *node, struct ht_known *known,
                                      struct ht_known_rule *rule, struct ht_err *err) {
    const struct ht_yaml_node *value = NULL;
    HT_TRY(read_token(node, rule, err));
    if ((value = ht_yaml_get(node, "keep-alive")) != NULL) {
        rule->states |= 1U << HT_KNOWN_KEEP_ALIVE;
        HT_TRY(ht_rule_read_keep_alive(value, rule, err));
    }
    if ((value = ht_yaml_get(node, "site")) != NULL) {
        rule->states |= 1U << HT_KNOWN_SITE;
        HT_TRY(read_site(value, known, rule, err));
    }
    if ((value = ht_yaml_get(node, "maintenance")) != NULL) {
        rule->states |= 1U << HT_KNOWN_MAINTENANCE;
        HT_TRY(ht_rule_read_maintenance(value, &known->text, rule, err));
    }
    if ((value = ht_yaml_get(node, "duty-cycle")) != NULL) {
        rule->states |= 1U << HT_KNOWN_DUTY;
        HT_TRY(ht_rule_read_duty(value, rule, err));
    }
    if ((value = ht_yaml_get(node, "relabel")) != NULL) {
        rule->states |= 1U << HT_KNOWN_RELABEL;
        HT_TRY(ht_rule_read_relabels(value, &known->text, rule, err));
    }
    return HT_OK;
}

static enum ht_status read_name(const struct ht_yaml_node *node, struct ht_known *known,
                                struct ht_known_rule *rule, struct ht_err *err) {
    const struct ht_yaml_node *name = ht_yaml_get(node, "name");
    if (name == NULL) {
        return ht_yaml_fail(node, err, "a rule needs a name");
    }
    HT_TRY(ht_rule_read_name(name, &known->text, &rule->name, err));
    for (const struct ht_known_rule *other = known->rules; other < rule; other++) {
        if (strcmp(other->name, rule->name) == 0) {
            return ht_yaml_fail(name, err, "two rules are called '%s', the first in line %u",
                                rule->name, (unsigned)other->line);
        }
    }
    return HT_OK;
}

static enum ht_status read_rule(const struct ht_yaml_node *node, struct ht_rulebook *book,
                                struct ht_err *err) {
    struct ht_known *known = &book->known;
    struct ht_known_rule *rule = &known->rules[known->rule_count];
    struct rule_match *match = &book->matches[known->rule_count];
    HT_TRY(ht_yaml_need_keys(node, rule_keys, HT_ARRAY_LEN(rule_keys), err));
    rule->line = node->line;
    HT_TRY(read_name(node, known, rule, err));
    known->rule_count++; /* from here on its patterns are freed with the book */
    const struct ht_yaml_node *matches = ht_yaml_get(node, "match");
    if (matches == NULL) {
        const enum ht_status status = ht_yaml_fail(node, err, "rule '%s' has no match", rule->name);
        ht_err_hint(err, "say which devices it is about, such as match: {device: '^pump-'}, or "
                         "match: all");
        return status;
    }
    HT_TRY(ht_rule_read_match(matches, &known->text, match, err));
    HT_TRY(read_properties(node, known, rule, err));
    if (rule->states == 0) {
        const enum ht_status status =
            ht_yaml_fail(node, err, "rule '%s' states nothing", rule->name);
        ht_err_hint(err, "add what is known: token-lifetime, token-period, keep-alive, site, "
                         "maintenance, duty-cycle or relabel");
        return status;
    }
    return HT_OK;
}

static enum ht_status read_list(const struct ht_yaml *yaml, struct ht_rulebook *book,
                                struct ht_err *err) {
    const struct ht_yaml_node *root = yaml->root;
    if (root->kind == HT_YAML_NULL || (root->kind == HT_YAML_SEQUENCE && root->count == 0)) {
        return ht_yaml_fail(root, err, "no rule in it");
    }
    if (root->kind != HT_YAML_SEQUENCE) {
        const enum ht_status status = ht_yaml_fail(root, err, "not a list of rules");
        ht_err_hint(err, "each rule begins with '- name: ...'; see man 5 hubtriage-rules");
        return status;
    }
    if (root->count > RULEBOOK_RULES_MAX) {
        return ht_yaml_fail(root, err, "%zu rules; at most %d are taken", root->count,
                            RULEBOOK_RULES_MAX);
    }
    book->known.rules = calloc(root->count, sizeof *book->known.rules);
    book->matches = calloc(root->count, sizeof *book->matches);
    if (book->known.rules == NULL || book->matches == NULL) {
        return ht_rule_no_memory(err);
    }
    for (const struct ht_yaml_node *node = root->first; node != NULL; node = node->next) {
        HT_TRY(read_rule(node, book, err));
    }
    return HT_OK;
}

enum ht_status ht_rulebook_parse(struct ht_str name, struct ht_str text, struct ht_rulebook **book,
                                 struct ht_err *err) {
    struct ht_yaml yaml;
    struct ht_rulebook *made = calloc(1, sizeof *made);
    *book = NULL;
    if (made == NULL) {
        return ht_rule_no_memory(err);
    }
    ht_arena_init(&made->known.text, SIZE_MAX / 2);
    enum ht_status status = ht_yaml_load(&yaml, name, text, err);
    if (status == HT_OK) {
        status = read_list(&yaml, made, err);
    }
    ht_yaml_release(&yaml);
    if (status != HT_OK) {
        ht_rulebook_free(made);
        return status;
    }
    *book = made;
    return HT_OK;
}

/* At most size_bytes; *len is what came. */
static bool read_all(int fd, char *buffer, size_t size_bytes, size_t *len) {
    *len = 0;
    while (*len < size_bytes) {
        const ssize_t got = read(fd, buffer + *len, size_bytes - *len);
        if (got < 0 && errno != EINTR) {
            return false;
        }
        if (got == 0) {
            break;
        }
        *len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

enum ht_status ht_rulebook_read(const char *path, struct ht_rulebook **book, struct ht_err *err) {
    enum { ROOM_BYTES = HT_YAML_BYTES_MAX + 1 }; /* one more, so that a longer file is refused */
    char *text = malloc(ROOM_BYTES);
    size_t len = 0;
    *book = NULL;
    if (text == NULL) {
        return ht_rule_no_memory(err);
    }
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const bool is_read = fd >= 0 && read_all(fd, text, ROOM_BYTES, &len);
    enum ht_status status = HT_OK;
    if (!is_read) {
        status = ht_err_set_errno(err, errno, "%.150s: the rules cannot be read", path);
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    if (status == HT_OK) {
        status = ht_rulebook_parse(ht_str_from(path), (struct ht_str){text, len}, book, err);
    }
    free(text);
    return status;
}
