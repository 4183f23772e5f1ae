/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* SIGXFSZ */
/* What belongs to the process: signals, descriptors, the environment, the exit. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/program.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
    (void)number;
    interrupted = 1;
}

/* A signal that was ignored when we started (nohup) stays so. Calls are not restarted, so that one
 * that waits for a pipe ends. */
static void watch(int number) {
    struct sigaction action = {.sa_handler = on_signal};
    struct sigaction before;
    (void)sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
        (void)sigaction(number, &action, NULL);
    }
}

/* When a standard stream is closed, the next file opened would take its place, and be written to. A
 * descriptor of the wrong direction stands in for it, so that its use fails. */
static void occupy(int fd, int flags) {
    if (fcntl(fd, F_GETFD) < 0) {
        (void)open("/dev/null", flags); /* the lowest free number: fd */
    }
}

static int64_t clock_us(void) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return 0;
    }
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static unsigned terminal_columns(void) {
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static const char *variable(const char *name) {
    return getenv(name);
}

/* The name of the locale for characters, without asking the C library for it. */
static const char *locale(void) {
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            return value;
        }
    }
    return NULL;
}

int main(int argc, char **argv) {
    occupy(STDIN_FILENO, O_WRONLY);
    occupy(STDOUT_FILENO, O_RDONLY);
    occupy(STDERR_FILENO, O_RDONLY);
    watch(SIGINT);
    watch(SIGTERM);
    watch(SIGHUP);
    (void)signal(SIGPIPE, SIG_IGN); /* write() says so too, and files can be cleaned up */
    (void)signal(SIGXFSZ, SIG_IGN);
    const struct ht_cli_surroundings surroundings = {
        .interrupted = &interrupted,
        .stdin_terminal = isatty(STDIN_FILENO) == 1,
        .stdout_terminal = isatty(STDOUT_FILENO) == 1,
        .stderr_terminal = isatty(STDERR_FILENO) == 1,
        .terminal_columns = terminal_columns(),
        .clock_us = clock_us(),
        .no_color = getenv("NO_COLOR"),
        .term = getenv("TERM"),
        .columns = getenv("COLUMNS"),
        .locale = locale(),
        .source_date_epoch = getenv("SOURCE_DATE_EPOCH"),
        .system_config = "/etc/hubtriage.conf",
        .variable = variable,
    };
    exit(ht_cli_program(argc, argv, &surroundings));
}
