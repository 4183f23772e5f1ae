/* SPDX-License-Identifier: MIT */
#ifndef HT_CLI_PRINTABLE_H
#define HT_CLI_PRINTABLE_H
#include <stddef.h>

/*
 * ht_cli_printable() - text from the command line, or a message that holds some, made one harmless
 * line.
 *
 * Control characters and bytes that are not UTF-8 become \xNN; line separators and invisible or
 * bidirectional formatting characters become \u{NNNN}. A text that is printable is not changed, so
 * the library's texts may pass through. The result ends in NUL; what does not fit is cut. Returns
 * its length. size_bytes must be at least 1.
 */
size_t ht_cli_printable(char *out, size_t size_bytes, const char *text);

#endif
