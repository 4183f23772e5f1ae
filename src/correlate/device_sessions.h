/* SPDX-License-Identifier: MIT */
#ifndef HT_CORRELATE_DEVICE_SESSIONS_H
#define HT_CORRELATE_DEVICE_SESSIONS_H
/* One device's events, in a possible order, become its sessions and episodes. */
#include "model/log.h"
#include "model/session.h"

/* Sessions of all devices, as they are made. */
struct ht_session_list {
    struct ht_session *sessions;
    size_t count;
    size_t capacity;
};

/* A device's events, and where they belong. */
struct ht_device_events {
    const struct ht_log *log;
    uint32_t device;
    const struct ht_event **events; /* connects, refused connects, disconnects, in order */
    size_t count;
};

/*
 * Append the device's sessions to the list and fill *summary. HT_OK, HT_E_NOMEM.
 *
 * The rules (sources: design.md of the project's contract; Microsoft, "Troubleshoot Azure IoT Hub
 * error codes"):
 *  - Closing records within 10 s of the first are one episode.
 *  - 400027 or 409002 within 2 s after a connect closes the session before that connect: the new
 *    connection is the cause of the old one's end.
 *  - A connect on top of an open session means that the end is missing, unless its closing record
 *    comes late: within 2 minutes, and another one follows before the next connect.
 *  - A connect refused with 401xxx while a session is open means that its end is missing, unless a
 *    closing record follows: then it was another client with the same identity.
 *  - A closing record without a session: the session began before the log, or its connect is
 *    missing.
 */
HT_MUST_CHECK enum ht_status ht_device_sessions_make(const struct ht_device_events *input,
                                                     struct ht_session_list *list,
                                                     struct ht_device_sessions *summary);

#endif
