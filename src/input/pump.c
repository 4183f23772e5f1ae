/* SPDX-License-Identifier: MIT */
#include "input/pump.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/check.h"

enum {
    WAIT_NS = 50 * 1000 * 1000,
    /* A block is handed on when it has so much: to wake the reader up costs as much as to decode
     * some 10 KiB. */
    FILL_BYTES = 512 * 1024,
};

enum state {
    PUMP_IDLE = 0, /* the inflow is the reader's */
    PUMP_OFFERED,
    PUMP_WORKS, /* it is the other thread's */
    PUMP_ENDED, /* it gave another status than HT_OK, or was stopped; blocks may be left */
};

struct block {
    char *bytes;
    size_t count;
    uint64_t raw_bytes;
};

struct ht_pump {
    size_t block_bytes;
    void (*offered)(void *ctx);
    void *ctx;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    enum state state;
    struct ht_inflow *inflow;
    struct ht_patience patience; /* the reader's */
    struct block blocks[HT_PUMP_BLOCKS];
    size_t first;
    size_t count;
    enum ht_status status; /* what ended it */
    bool stopped;
    int wake[2]; /* a pipe: a byte in it ends the wait for bytes */
};

enum ht_status ht_pump_new(size_t block_bytes, void (*offered)(void *ctx), void *ctx,
                           struct ht_pump **pump) {
    struct ht_pump *made = calloc(1, sizeof *made);
    *pump = made;
    if (made == NULL) {
        return HT_E_NOMEM;
    }
    made->block_bytes = block_bytes;
    made->offered = offered;
    made->ctx = ctx;
    (void)pthread_mutex_init(&made->lock, NULL); /* neither fails on the systems we run on */
    (void)pthread_cond_init(&made->changed, NULL);
    if (pipe(made->wake) != 0) {
        made->wake[0] = -1;
        made->wake[1] = -1;
    }
    for (int i = 0; i < 2 && made->wake[i] >= 0; i++) {
        (void)fcntl(made->wake[i], F_SETFD, FD_CLOEXEC);
        (void)fcntl(made->wake[i], F_SETFL, O_NONBLOCK);
    }
    return HT_OK;
}

void ht_pump_free(struct ht_pump *pump) {
    if (pump == NULL) {
        return;
    }
    for (int i = 0; i < 2 && pump->wake[i] >= 0; i++) {
        (void)close(pump->wake[i]);
    }
    for (size_t i = 0; i < HT_PUMP_BLOCKS; i++) {
        free(pump->blocks[i].bytes);
    }
    (void)pthread_cond_destroy(&pump->changed);
    (void)pthread_mutex_destroy(&pump->lock);
    free(pump);
}

static void lock(struct ht_pump *pump) {
    (void)pthread_mutex_lock(&pump->lock);
}

static void unlock(struct ht_pump *pump) {
    (void)pthread_mutex_unlock(&pump->lock);
}

void ht_pump_offer(struct ht_pump *pump, struct ht_inflow *inflow) {
    if (pump->wake[0] < 0) {
        return; /* it could not be stopped */
    }
    lock(pump);
    HT_ASSERT(pump->state == PUMP_IDLE);
    pump->state = PUMP_OFFERED;
    pump->inflow = inflow;
    unlock(pump);
    pump->offered(pump->ctx);
}

/* With the lock. */
static void take_back(struct ht_pump *pump) {
    if (pump->state == PUMP_ENDED) {
        pump->inflow->patience = pump->patience;
    }
    pump->state = PUMP_IDLE;
    pump->inflow = NULL;
    pump->count = 0;
}

/* With the lock. */
static void wait_a_moment(struct ht_pump *pump) {
    struct timespec until;
    if (clock_gettime(CLOCK_REALTIME, &until) != 0) {
        return;
    }
    until.tv_nsec += WAIT_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    (void)pthread_cond_timedwait(&pump->changed, &pump->lock, &until);
}

/* With the lock, which is let go meanwhile. */
static enum ht_status wait_for_block(struct ht_pump *pump) {
    enum ht_status status = HT_OK;
    while (status == HT_OK && pump->count == 0 && pump->state == PUMP_WORKS) {
        wait_a_moment(pump);
        if (pump->count == 0 && pump->state == PUMP_WORKS && pump->patience.on_signal != NULL) {
            unlock(pump);
            status = pump->patience.on_signal(pump->patience.ctx);
            lock(pump);
        }
    }
    return status;
}

enum ht_status ht_pump_read(struct ht_pump *pump, char *out, size_t size_bytes, size_t *count,
                            uint64_t *raw_bytes, bool *taken) {
    HT_ASSERT(size_bytes >= pump->block_bytes);
    *count = 0;
    lock(pump);
    *taken = pump->state == PUMP_IDLE || pump->state == PUMP_OFFERED;
    if (*taken) {
        take_back(pump);
        unlock(pump);
        return HT_OK;
    }
    enum ht_status status = wait_for_block(pump);
    const struct block *block = &pump->blocks[pump->first];
    const bool there = status == HT_OK && pump->count > 0;
    if (status == HT_OK && !there) {
        status = pump->status;
        *raw_bytes = pump->inflow->raw_bytes;
        take_back(pump);
    }
    unlock(pump);
    if (there) { /* it is the reader's until it is counted off */
        memcpy(out, block->bytes, block->count);
        *count = block->count;
        *raw_bytes = block->raw_bytes;
        lock(pump);
        pump->first = (pump->first + 1) % HT_PUMP_BLOCKS;
        pump->count--;
        (void)pthread_cond_broadcast(&pump->changed);
        unlock(pump);
    }
    return status;
}

bool ht_pump_stop(struct ht_pump *pump, bool abrupt) {
    lock(pump);
    const bool ahead = pump->state == PUMP_WORKS || pump->state == PUMP_ENDED;
    pump->stopped = true;
    (void)pthread_cond_broadcast(&pump->changed);
    if (abrupt && pump->state == PUMP_WORKS) {
        (void)!write(pump->wake[1], "", 1); /* a full pipe wakes as well */
    }
    while (pump->state == PUMP_WORKS) {
        (void)pthread_cond_wait(&pump->changed, &pump->lock);
    }
    take_back(pump);
    pump->stopped = false;
    char byte = 0;
    while (pump->wake[0] >= 0 && read(pump->wake[0], &byte, 1) > 0) {
    }
    unlock(pump);
    return ahead;
}

bool ht_pump_has_work(struct ht_pump *pump) {
    lock(pump);
    const bool work = pump->state == PUMP_OFFERED;
    unlock(pump);
    return work;
}

static bool has_memory(struct ht_pump *pump) {
    for (size_t i = 0; i < HT_PUMP_BLOCKS; i++) {
        if (pump->blocks[i].bytes == NULL) {
            pump->blocks[i].bytes = malloc(pump->block_bytes);
        }
        if (pump->blocks[i].bytes == NULL) {
            return false;
        }
    }
    return true;
}

/* With the lock, which is let go meanwhile: fill a block. A status that ends it comes again with
 * the next call, when something was read before. */
static enum ht_status fill_block(struct ht_pump *pump, struct block *block) {
    const size_t wanted = pump->block_bytes < FILL_BYTES ? pump->block_bytes : FILL_BYTES;
    enum ht_status status = HT_OK;
    block->count = 0;
    while (status == HT_OK && block->count < wanted && !pump->stopped) {
        size_t count = 0;
        unlock(pump);
        status = ht_inflow_read(pump->inflow, block->bytes + block->count,
                                pump->block_bytes - block->count, &count);
        lock(pump);
        block->count += count;
    }
    block->raw_bytes = pump->inflow->raw_bytes;
    return block->count > 0 ? HT_OK : status;
}

/* With the lock, which is let go meanwhile: read the next block. False at the end. */
static bool read_block(struct ht_pump *pump) {
    while (pump->count == HT_PUMP_BLOCKS && !pump->stopped) {
        (void)pthread_cond_wait(&pump->changed, &pump->lock);
    }
    if (pump->stopped) {
        pump->status = HT_E_CANCEL;
        return false;
    }
    const enum ht_status status =
        fill_block(pump, &pump->blocks[(pump->first + pump->count) % HT_PUMP_BLOCKS]);
    if (status != HT_OK) {
        pump->status = status;
        return false;
    }
    pump->count++;
    (void)pthread_cond_broadcast(&pump->changed);
    return true;
}

void ht_pump_work(struct ht_pump *pump) {
    lock(pump);
    if (pump->state == PUMP_OFFERED && has_memory(pump)) {
        pump->state = PUMP_WORKS;
        pump->first = 0;
        pump->count = 0;
        pump->patience = pump->inflow->patience;
        pump->inflow->patience = (struct ht_patience){.wake = &pump->wake[0]};
        while (read_block(pump)) {
        }
        pump->state = PUMP_ENDED;
        (void)pthread_cond_broadcast(&pump->changed);
    } else if (pump->state == PUMP_OFFERED) {
        pump->state = PUMP_IDLE; /* without memory for it, the reader goes on alone */
    }
    unlock(pump);
}
