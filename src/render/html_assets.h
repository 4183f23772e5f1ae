/* SPDX-License-Identifier: MIT */
#ifndef HT_RENDER_HTML_ASSETS_H
#define HT_RENDER_HTML_ASSETS_H
/* src/render/html/ as bytes, put into C by scripts/embed-assets. */
#include "base/str.h"

struct ht_html_asset {
    struct ht_str bytes;
    const char *hash; /* "sha256-...", as a Content-Security-Policy names it */
};

extern const struct ht_html_asset ht_html_style;
extern const struct ht_html_asset ht_html_script;

#endif
