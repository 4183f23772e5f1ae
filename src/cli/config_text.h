/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_CONFIG_TEXT_H
#define HT_CLI_CONFIG_TEXT_H
/*
 * The text of a file of settings, hubtriage.conf(5): lines "key = value", where a key is the long
 * name of an option. What a value means is looked at later, together with the command line.
 */
#include "cli/options.h"
#include "hubtriage/err.h"

enum { HT_CLI_CONFIG_BYTES_MAX = 64 * 1024, HT_CLI_CONFIG_SETTINGS_MAX = 256 };

struct ht_cli_setting {
    enum ht_cli_option_id id;
    const char *value; /* of a switch: NULL */
    bool on;           /* a switch is set to yes; else true */
    unsigned line;
};

struct ht_cli_config_text {
    struct ht_cli_setting settings[HT_CLI_CONFIG_SETTINGS_MAX];
    size_t count;
};

/*
 * ht_cli_config_text_parse() - the settings of a text of len bytes with a NUL behind it.
 *
 * name stands in messages. The text is cut up, and values are borrowed from it. HT_E_USAGE, with a
 * message that begins with the name and the line.
 */
HT_MUST_CHECK enum ht_status ht_cli_config_text_parse(const char *name, char *text, size_t len,
                                                      struct ht_cli_config_text *parsed,
                                                      struct ht_err *err);

/* The value of a switch: "yes" or "no". */
bool ht_cli_parse_switch(const char *text, bool *on);

#endif
