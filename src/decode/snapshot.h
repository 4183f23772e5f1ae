/* SPDX-License-Identifier: MIT */
#ifndef HT_DECODE_SNAPSHOT_H
#define HT_DECODE_SNAPSHOT_H
/*
 * Events that tell the state of a connection and nothing else: Event Grid's
 * Microsoft.Devices.DeviceConnected and DeviceDisconnected, also as CloudEvents, and the form that
 * message routing gives them (opType). IoT Hub samples the state every 60 s, so there is no code,
 * and what was shorter than that is lost or merged.
 */
#include "decode/decoder.h"
#include "decode/members.h"
#include "decode/normalize.h"

/* *is_snapshot is false when the object is none of these, and out is then left alone; else like
 * ht_normalize(). HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_snapshot_normalize(struct ht_members *members,
                                                   const struct ht_object *object,
                                                   struct ht_normal_text *text,
                                                   struct ht_decoded *out, bool *is_snapshot);

#endif
