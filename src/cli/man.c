/* SPDX-License-Identifier: MIT */
#include "cli/man.h"

#include <string.h>

#include "cli/help.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "hubtriage/hubtriage.h"

/* Text as troff input: a hyphen is one to be copied, and no line begins with a control character.
 */
static void put_text(FILE *out, const char *text) {
    bool at_begin = true;
    for (; *text != '\0'; text++) {
        if (at_begin && (*text == '.' || *text == '\'')) {
            (void)fputs("\\&", out);
        }
        switch (*text) {
        case '-':
            (void)fputs("\\-", out);
            break;
        case '\\':
            (void)fputs("\\e", out);
            break;
        case '\'':
            (void)fputs("\\(aq", out);
            break;
        case '^':
            (void)fputs("\\(ha", out);
            break;
        case '~':
            (void)fputs("\\(ti", out);
            break;
        case '`':
            (void)fputs("\\(ga", out);
            break;
        default:
            (void)fputc(*text, out);
            break;
        }
        at_begin = *text == '\n';
    }
}

static void put_section(FILE *out, const char *title) {
    (void)fprintf(out, ".SH %s\n", title);
}

/* Paragraphs are separated by an empty line; sentences begin a line, as troff wants it. */
static void put_paragraphs(FILE *out, const char *text) {
    char sentence[512];
    while (*text != '\0') {
        size_t len = 0;
        while (text[len] != '\0' && text[len] != '\n' &&
               !(text[len] == '.' && text[len + 1] == ' ')) {
            len++;
        }
        len += text[len] == '.';
        (void)snprintf(sentence, sizeof sentence, "%.*s", (int)len, text);
        put_text(out, sentence);
        (void)fputc('\n', out);
        text += len;
        text += *text == ' ';
        if (*text == '\n') {
            (void)fputs(".PP\n", out);
            text += strspn(text, "\n");
        }
    }
}

static void put_terms(FILE *out, const char *title, const struct ht_cli_term *terms) {
    put_section(out, title);
    for (; terms->name != NULL; terms++) {
        (void)fputs(".TP\n.B ", out);
        put_text(out, terms->name);
        (void)fputc('\n', out);
        put_paragraphs(out, terms->text);
    }
}

static void put_synopsis(FILE *out) {
    put_section(out, "SYNOPSIS");
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        const struct ht_cli_command_info *info = ht_cli_command_info((enum ht_cli_command)i);
        (void)fprintf(out, ".B hubtriage %s\n", info->name);
        put_text(out, info->operands);
        (void)fputs("\n.br\n", out);
    }
    (void)fputs(".B hubtriage \\-\\-version\n[\\-\\-verbose]\n", out);
}

static void put_examples(FILE *out) {
    put_section(out, "EXAMPLES");
    const char *lead = "";
    for (const struct ht_cli_example *example = ht_cli_examples; example->purpose != NULL;
         example++) {
        (void)fputs(lead, out);
        put_text(out, example->purpose);
        (void)fputs("\n.PP\n.RS 4\n.nf\n", out);
        put_text(out, example->command);
        (void)fputs("\n.fi\n.RE\n", out);
        lead = ".PP\n";
    }
}

static void put_commands(FILE *out) {
    put_section(out, "COMMANDS");
    for (int i = HT_CLI_TOP + 1; i < HT_CLI_COMMAND_COUNT; i++) {
        const struct ht_cli_command_info *info = ht_cli_command_info((enum ht_cli_command)i);
        (void)fprintf(out, ".TP\n.B %s\n", info->name);
        put_paragraphs(out, info->detail);
    }
}

static void put_option(FILE *out, const struct ht_cli_option *option) {
    (void)fputs(".TP\n\\fB", out);
    char text[HT_CLI_OPTION_TEXT_BYTES];
    (void)ht_cli_option_text(option, text);
    const size_t name_len = strlen(text) - (option->value != NULL ? strlen(option->value) : 0);
    char name[HT_CLI_OPTION_TEXT_BYTES];
    (void)snprintf(name, sizeof name, "%.*s", (int)name_len, text);
    put_text(out, name);
    (void)fputs("\\fR", out);
    if (option->value != NULL) {
        (void)fputs("\\fI", out);
        put_text(out, option->value);
        (void)fputs("\\fR", out);
    }
    (void)fputc('\n', out);
    put_paragraphs(out, option->detail);
}

static void put_options(FILE *out) {
    put_section(out, "OPTIONS");
    (void)fputs("Options stand behind their command, before, between and behind the operands.\n"
                "A value follows its option, or = behind a long one.\n"
                "Names are never shortened, and of values given twice the last one counts.\n"
                "After \\-\\- all is operands.\n",
                out);
    for (int group = 0; group < HT_CLI_GROUP_COUNT; group++) {
        (void)fprintf(out, ".SS %s\n", ht_cli_group_name((enum ht_cli_group)group));
        for (int id = 0; id < HT_CLI_OPTION_COUNT; id++) {
            const struct ht_cli_option *option = ht_cli_option((enum ht_cli_option_id)id);
            if ((int)option->group == group) {
                put_option(out, option);
            }
        }
    }
}

void ht_cli_man(FILE *out) {
    (void)fprintf(out,
                  ".\\\" SPDX-License-Identifier: MIT\n"
                  ".\\\" Written by \"hubtriage help --man\" from src/cli; do not edit.\n"
                  ".TH HUBTRIAGE 1 %s \"hubtriage %s\" \"User Commands\"\n",
                  HT_CLI_MANUAL_DATE, ht_version());
    put_section(out, "NAME");
    (void)fputs("hubtriage \\- why did these Azure IoT Hub devices disconnect?\n", out);
    put_synopsis(out);
    put_section(out, "DESCRIPTION");
    put_paragraphs(out, ht_cli_description);
    put_examples(out);
    put_commands(out);
    put_options(out);
    put_terms(out, "OUTPUT FORMATS", ht_cli_output_terms);
    put_terms(out, "EXIT STATUS", ht_cli_status_terms);
    put_terms(out, "ENVIRONMENT", ht_cli_variable_terms);
    put_terms(out, "FILES", ht_cli_file_terms);
    put_section(out, "SEE ALSO");
    (void)fputs(".BR hubtriage\\-archive (5),\n.BR hubtriage.conf (5),\n.BR hubtriage\\-rules "
                "(5),\n.BR hubtriage\\-scenario "
                "(5),\n.BR hubtriage\\-causes "
                "(7),\n.BR jq (1),\n.BR cron (8)\n",
                out);
    (void)fputs(".PP\nAzure IoT Hub, monitoring data reference:\n"
                "https://learn.microsoft.com/azure/iot\\-hub/monitor\\-iot\\-hub\\-reference\n",
                out);
}
