/* SPDX-License-Identifier: MIT */
/*
 * What really happened, one JSON object a line: each end of a session in order of time; then what
 * struck many at once; then each device with its role and the session length that recurs.
 */
#include "simulate/json_text.h"
#include "simulate/stamp.h"
#include "simulate/world.h"

enum { FLUSH_BYTES = 64 * 1024, TEXT_BYTES_MAX = 256 };

static bool in_log(const struct ht_sim_world *world, int64_t time_us) {
    return time_us >= world->start_us && time_us < world->end_us;
}

/* The lines so far go out when there are many, or at the end. */
static void flush(struct ht_sim_world *world, size_t least) {
    struct ht_strbuf *lines = &world->truth_lines;
    if (lines->status != HT_OK) {
        world->status = lines->status;
    } else if (lines->len >= least && lines->len > 0 && world->status == HT_OK) {
        world->status = world->truth->write(world->truth->ctx, lines->ptr, lines->len, world->err);
        ht_strbuf_clear(lines);
    }
}

static void put_time(struct ht_sim_world *world, const char *key, int64_t time_us) {
    char time[HT_SIM_STAMP_BYTES];
    const size_t len =
        ht_sim_stamp_write(time_us, (unsigned)world->scenario->delivery.digits, time);
    ht_strbuf_printf(&world->truth_lines, "\"%s\":\"%.*s\"", key, (int)len, time);
}

static void put_text(struct ht_sim_world *world, const char *key, struct ht_str text) {
    char escaped[6 * TEXT_BYTES_MAX];
    if (text.len == 0) {
        ht_strbuf_printf(&world->truth_lines, ",\"%s\":null", key);
        return;
    }
    text.len = text.len < TEXT_BYTES_MAX ? text.len : TEXT_BYTES_MAX;
    const size_t len = ht_sim_json_escape(escaped, text);
    ht_strbuf_printf(&world->truth_lines, ",\"%s\":\"%.*s\"", key, (int)len, escaped);
}

static void put_device(struct ht_sim_world *world, const struct ht_sim_device *device) {
    put_text(world, "hub", world->hubs[device->hub].name);
    put_text(world, "device", device->id);
    put_text(world, "module", device->module);
}

/* The ends of sessions that a strike caused; its number, from 1. */
static size_t note_strike(struct ht_sim_world *world, struct ht_sim_device *device,
                          const struct ht_sim_strike *strike, int64_t time_us) {
    if (strike == NULL) {
        return 0;
    }
    const size_t number = (size_t)(strike - world->strikes) + 1;
    struct ht_sim_strike *noted = &world->strikes[number - 1];
    if (noted->devices == 0 || time_us < noted->first_end_us) {
        noted->first_end_us = time_us;
    }
    if (noted->devices == 0 || time_us > noted->last_end_us) {
        noted->last_end_us = time_us;
    }
    noted->devices += device->last_strike != number;
    device->last_strike = number;
    return number;
}

/* "seen" is false when every closing record was lost: nobody can find that end in the log. */
void ht_sim_truth_end(struct ht_sim_world *world, struct ht_sim_device *device, int64_t time_us,
                      enum ht_cause cause, const struct ht_sim_strike *strike, bool seen) {
    struct ht_strbuf *lines = &world->truth_lines;
    if (world->truth == NULL || !in_log(world, time_us)) {
        return;
    }
    const size_t number = note_strike(world, device, strike, time_us);
    device->disconnects++;
    ht_strbuf_puts(lines, "{\"kind\":\"disconnect\",");
    put_time(world, "time", time_us);
    put_device(world, device);
    ht_strbuf_printf(lines, ",\"cause\":\"%s\",\"seen\":%s,\"incident\":", ht_cause_name(cause),
                     seen ? "true" : "false");
    if (number > 0) {
        ht_strbuf_printf(lines, "%zu}\n", number);
    } else {
        ht_strbuf_puts(lines, "null}\n");
    }
    flush(world, FLUSH_BYTES);
}

/* Only what the log could show counts. */
void ht_sim_truth_role(struct ht_sim_world *world, struct ht_sim_device *device,
                       enum ht_sim_role role) {
    if (in_log(world, world->now_us) && role > device->role) {
        device->role = role;
    }
}

static void put_incident(struct ht_sim_world *world, size_t number) {
    struct ht_strbuf *lines = &world->truth_lines;
    const struct ht_sim_strike *strike = ht_sim_happen_numbered(world, number);
    const enum ht_sim_happening_kind kind = strike->what->kind;
    const bool clean = kind == HT_SIM_HAPPENS_DEPLOYMENT || kind == HT_SIM_HAPPENS_GROUP_STOP;
    const bool site = kind == HT_SIM_HAPPENS_SITE_OUTAGE || kind == HT_SIM_HAPPENS_GROUP_STOP;
    if (strike->devices == 0) {
        return;
    }
    ht_strbuf_printf(lines, "{\"kind\":\"incident\",\"id\":%zu,\"cause\":\"%s\"", number,
                     ht_cause_name(clean ? HT_CAUSE_CLIENT_CLOSE : strike->cause));
    put_text(world, "hub", world->hubs[strike->hub].name);
    ht_strbuf_putc(lines, ',');
    put_time(world, "start", strike->first_end_us);
    ht_strbuf_putc(lines, ',');
    put_time(world, "end", strike->last_end_us);
    ht_strbuf_printf(lines, ",\"devices\":%u,\"connected\":%u", strike->devices, strike->connected);
    put_text(world, "network",
             site ? ht_str_from(world->sites[strike->site].network) : HT_STR_NONE);
    ht_strbuf_puts(lines, "}\n");
    flush(world, FLUSH_BYTES);
}

/* How long a session lasts that its token alone ends; 0 = none does. */
static double token_period_s(const struct ht_sim_device *device) {
    if (device->life_s <= 0 || device->group->rule == HT_SIM_RULE_NEVER) {
        return 0;
    }
    if (device->group->bounce_s.low > 0) {
        return (device->group->bounce_s.low + device->group->bounce_s.high) / 2;
    }
    if (device->by_client) {
        return device->renewal_age_s;
    }
    unsigned usual = 0;
    for (unsigned step = 1; step < HT_SIM_KIT_STEPS; step++) {
        usual = device->step_counts[step] > device->step_counts[usual] ? step : usual;
    }
    return device->life_s + (double)usual * HT_SIM_KIT_STEP_S;
}

/* The shortest of what ends its sessions at one length; 0 = nothing does. */
static double period_s(const struct ht_sim_device *device) {
    const struct ht_sim_group *group = device->group;
    const double lengths[] = {
        token_period_s(device),
        group->duty_period_s > 0 ? group->duty_on_s : 0,
        device->mute ? HT_SIM_HUB_IDLE_CAP_S : 0,
        group->restart_s >= 0 ? HT_S_PER_DAY : 0,
    };
    double least = 0;
    for (size_t i = 0; i < HT_ARRAY_LEN(lengths); i++) {
        if (lengths[i] > 0 && (least <= 0 || lengths[i] < least)) {
            least = lengths[i];
        }
    }
    return least;
}

static void put_role(struct ht_sim_world *world, const struct ht_sim_device *device) {
    static const char *const roles[] = {
        [HT_SIM_ROLE_ORDINARY] = "ordinary", [HT_SIM_ROLE_SHARED_IDENTITY] = "shared-identity",
        [HT_SIM_ROLE_GONE] = "gone",         [HT_SIM_ROLE_REFUSED] = "refused",
        [HT_SIM_ROLE_REMOVED] = "removed",
    };
    struct ht_strbuf *lines = &world->truth_lines;
    const double period = period_s(device);
    ht_strbuf_puts(lines, "{\"kind\":\"device\"");
    put_device(world, device);
    ht_strbuf_printf(lines, ",\"role\":\"%s\"", roles[device->role]);
    if (period > 0) {
        ht_strbuf_printf(lines, ",\"period_seconds\":%.0f", period);
    } else {
        ht_strbuf_puts(lines, ",\"period_seconds\":null");
    }
    ht_strbuf_printf(lines, ",\"disconnects\":%u,\"at_end\":\"%s\"}\n", device->disconnects,
                     device->open      ? "up"
                     : device->refused ? "refused"
                                       : "down");
    flush(world, FLUSH_BYTES);
}

void ht_sim_truth_finish(struct ht_sim_world *world) {
    if (world->truth == NULL) {
        return;
    }
    for (size_t number = 1; number <= world->strike_count; number++) {
        put_incident(world, number);
    }
    for (size_t i = 0; i < world->device_count; i++) {
        put_role(world, &world->devices[i]);
    }
    flush(world, 0);
}
