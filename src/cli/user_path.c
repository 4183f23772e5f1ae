/* SPDX-License-Identifier: MIT */
#include "cli/user_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/messages.h"

static const char *absolute(const struct ht_cli_surroundings *surroundings, const char *name) {
    const char *value = surroundings->variable != NULL ? surroundings->variable(name) : NULL;
    return value != NULL && value[0] == '/' ? value : NULL;
}

enum ht_status ht_cli_user_path(const struct ht_cli_surroundings *surroundings,
                                const char *variable, const char *usual, const char *rest,
                                char **path, struct ht_err *err) {
    const char *folder = absolute(surroundings, variable);
    const char *between = folder != NULL ? "" : usual;
    *path = NULL;
    folder = folder != NULL ? folder : absolute(surroundings, "HOME");
    if (folder == NULL) {
        return HT_OK;
    }
    const size_t size = strlen(folder) + strlen(between) + strlen(rest) + 1;
    *path = malloc(size);
    if (*path == NULL) {
        return ht_cli_no_memory(err);
    }
    (void)snprintf(*path, size, "%s%s%s", folder, between, rest);
    return HT_OK;
}
