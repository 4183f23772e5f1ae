/* SPDX-License-Identifier: MIT */
/*
 * What really happened, one JSON object a line: each end of a session in order of time; then what
 * struck many at once; then each device with its role and the session length that recurs.
 */
#include "world.h"

static bool in_log(const struct world *world, int64_t time_us) {
    return time_us >= world->start_us && time_us < world->end_us;
}

static void put_time(struct world *world, const char *key, int64_t time_us) {
    char time[TIME_TEXT_BYTES];
    time_format(time_us, world->deliver->writer->digits, time);
    fprintf(world->truth, "\"%s\":\"%s\"", key, time);
}

static void put_text(struct world *world, const char *key, const char *text) {
    if (text != NULL && text[0] != '\0') {
        fprintf(world->truth, ",\"%s\":\"%s\"", key, text);
    } else {
        fprintf(world->truth, ",\"%s\":null", key);
    }
}

static void put_device(struct world *world, const struct device *device) {
    put_text(world, "hub", world->hubs[device->hub].name);
    put_text(world, "device", device->id);
    put_text(world, "module", device->module);
}

/* A strike that lost its first record began all the same when the session ended. */
static size_t note_strike(struct world *world, struct device *device, const struct strike *strike,
                          int64_t time_us) {
    if (strike == NULL) {
        return 0;
    }
    const size_t number = (size_t)(strike - world->strikes) + 1;
    struct strike *noted = &world->strikes[number - 1];
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
void truth_end(struct world *world, struct device *device, int64_t time_us, enum cause cause,
               const struct strike *strike, bool seen) {
    if (world->truth == NULL || !in_log(world, time_us)) {
        return;
    }
    const size_t number = note_strike(world, device, strike, time_us);
    device->disconnects++;
    fprintf(world->truth, "{\"kind\":\"disconnect\",");
    put_time(world, "time", time_us);
    put_device(world, device);
    put_text(world, "cause", cause_name(cause));
    fprintf(world->truth, ",\"seen\":%s,\"incident\":", seen ? "true" : "false");
    fprintf(world->truth, number > 0 ? "%zu}\n" : "null}\n", number);
}

/* Only what the log could show counts. */
void truth_role(struct world *world, struct device *device, enum role role) {
    if (in_log(world, world->now_us) && role > device->role) {
        device->role = role;
    }
}

static void put_incident(struct world *world, size_t number) {
    const struct strike *strike = happen_numbered(world, number);
    const enum happening_kind kind = strike->what.kind;
    const bool clean = kind == HAPPENS_DEPLOYMENT || kind == HAPPENS_GROUP_STOP;
    const bool site = kind == HAPPENS_SITE_OUTAGE || kind == HAPPENS_GROUP_STOP;
    if (strike->devices == 0) {
        return;
    }
    fprintf(world->truth, "{\"kind\":\"incident\",\"id\":%zu", number);
    put_text(world, "cause", cause_name(clean ? CAUSE_CLIENT_CLOSE : strike->cause));
    put_text(world, "hub", world->hubs[strike->hub].name);
    fputc(',', world->truth);
    put_time(world, "start", strike->first_end_us);
    fputc(',', world->truth);
    put_time(world, "end", strike->last_end_us);
    fprintf(world->truth, ",\"devices\":%u,\"connected\":%u", strike->devices, strike->connected);
    put_text(world, "network", site ? world->sites[strike->site].network : NULL);
    fputs("}\n", world->truth);
}

/* The shortest of what ends its sessions at one length; 0 = nothing does. */
static double period_s(const struct device *device) {
    double period = 0;
    if (device->group->traits & TRAIT_EDGE && device->life_s > 0) {
        period = 4050;
    } else if (device->life_s > 0 && device->kit->renewal == RENEW_BY_CLIENT) {
        period = kit_renewal_age_s(device->kit_id, device->life_s);
    } else if (device->life_s > 0 && !(device->group->traits & TRAIT_FIXED_TOKEN)) {
        unsigned usual = 0;
        for (unsigned step = 1; step < KIT_STEPS; step++) {
            usual = device->step_counts[step] > device->step_counts[usual] ? step : usual;
        }
        period = device->life_s + (double)usual * KIT_STEP_S;
    }
    if (device->group->duty_period_s > 0 && (period <= 0 || device->group->duty_on_s < period)) {
        period = device->group->duty_on_s;
    }
    const double cap_s = device->group->traits & TRAIT_SILENT ? HUB_IDLE_CAP_S : S_PER_DAY;
    const bool capped =
        device->group->traits & (TRAIT_SILENT | TRAIT_NIGHTLY | TRAIT_NIGHTLY_CLEAN);
    return capped && (period <= 0 || cap_s < period) ? cap_s : period;
}

static void put_role(struct world *world, const struct device *device) {
    static const char *const roles[] = {
        [ROLE_ORDINARY] = "ordinary", [ROLE_SHARED_IDENTITY] = "shared-identity",
        [ROLE_GONE] = "gone",         [ROLE_REFUSED] = "refused",
        [ROLE_REMOVED] = "removed",
    };
    const double period = period_s(device);
    fputs("{\"kind\":\"device\"", world->truth);
    put_device(world, device);
    put_text(world, "role", roles[device->role]);
    fprintf(world->truth, period > 0 ? ",\"period_seconds\":%.0f" : ",\"period_seconds\":null",
            period);
    fprintf(world->truth, ",\"disconnects\":%u}\n", device->disconnects);
}

void truth_finish(struct world *world) {
    if (world->truth == NULL) {
        return;
    }
    for (size_t number = 1; number <= world->strike_count; number++) {
        put_incident(world, number);
    }
    for (size_t i = 0; i < world->device_count; i++) {
        put_role(world, &world->devices[i]);
    }
}
