/* SPDX-License-Identifier: MIT */
#ifndef HT_RULES_RULEBOOK_PRIVATE_H
#define HT_RULES_RULEBOOK_PRIVATE_H
/* What the readers of single properties share. */
#include "base/yaml.h"
#include "model/device_pattern.h"
#include "rules/rulebook.h"

enum {
    RULEBOOK_RULES_MAX = 1000,
    RULEBOOK_NAME_BYTES_MAX = 64,
    RULEBOOK_WINDOWS_MAX = 100,
    RULEBOOK_RELABELS_MAX = 100,
    RULEBOOK_LIMIT_HITS = 64, /* a few ms each: under a second of waiting for one pattern */
};

/* Which devices a rule is about; NULL or empty = whatever. */
struct rule_match {
    struct ht_pattern *device;
    struct ht_pattern *sdk;
    struct ht_pattern *protocol;
    struct ht_str hub;
    struct ht_str network; /* how the masked address begins */
    unsigned limit_hits;
};

struct ht_rulebook {
    struct ht_known known;      /* without devices; its text owns what rules and matches point to */
    struct rule_match *matches; /* parallel to the rules */
};

/* Each reads the value of one key into a rule. HT_OK, HT_E_USAGE or HT_E_NOMEM. */
enum ht_status ht_rule_read_match(const struct ht_yaml_node *node, struct ht_arena *text,
                                  struct rule_match *match, struct ht_err *err);
enum ht_status ht_rule_read_lifetime(const struct ht_yaml_node *node, struct ht_known_rule *rule,
                                     struct ht_err *err);
enum ht_status ht_rule_read_period(const struct ht_yaml_node *node, struct ht_known_rule *rule,
                                   struct ht_err *err);
enum ht_status ht_rule_read_keep_alive(const struct ht_yaml_node *node, struct ht_known_rule *rule,
                                       struct ht_err *err);
enum ht_status ht_rule_read_duty(const struct ht_yaml_node *node, struct ht_known_rule *rule,
                                 struct ht_err *err);
enum ht_status ht_rule_read_maintenance(const struct ht_yaml_node *node, struct ht_arena *text,
                                        struct ht_known_rule *rule, struct ht_err *err);
enum ht_status ht_rule_read_relabels(const struct ht_yaml_node *node, struct ht_arena *text,
                                     struct ht_known_rule *rule, struct ht_err *err);

/* A name that people see: 1 to RULEBOOK_NAME_BYTES_MAX bytes, all of them printable; copied. */
enum ht_status ht_rule_read_name(const struct ht_yaml_node *node, struct ht_arena *text,
                                 const char **name, struct ht_err *err);

/* A value that is one of these words; what: how errors call it. */
enum ht_status ht_rule_read_word(const struct ht_yaml_node *node, const char *what,
                                 const char *const *words, size_t count, size_t *index,
                                 struct ht_err *err);

/* The first value of a node that is one value or a list of them, and the next of it. */
const struct ht_yaml_node *ht_rule_first_of(const struct ht_yaml_node *node);
const struct ht_yaml_node *ht_rule_next_of(const struct ht_yaml_node *node,
                                           const struct ht_yaml_node *item);

enum ht_status ht_rule_no_memory(struct ht_err *err);

#endif
