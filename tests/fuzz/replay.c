/* SPDX-License-Identifier: MIT */
/* Feeds each file named to a fuzz target, so that the corpus is a test with any compiler. Prints
 * the number of files. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        return 1;
    }
    const long size = ftell(file);
    rewind(file);
    /* Exactly as many bytes as the file has, so that a sanitizer sees a read beyond them. */
    uint8_t *bytes = malloc(size > 0 ? (size_t)size : 1);
    if (bytes == NULL || size < 0 || fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        perror(path);
        free(bytes);
        (void)fclose(file);
        return 1;
    }
    (void)LLVMFuzzerTestOneInput(bytes, (size_t)size);
    free(bytes);
    (void)fclose(file);
    return 0;
}

int main(int argc, char **argv) {
    int failures = 0;
    for (int i = 1; i < argc; i++) {
        failures += replay(argv[i]);
    }
    printf("%d\n", argc - 1 - failures);
    return failures != 0;
}
