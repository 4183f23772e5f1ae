/* SPDX-License-Identifier: MIT */
#ifndef HT_PIPELINE_INTAKE_PRIVATE_H
#define HT_PIPELINE_INTAKE_PRIVATE_H
/* What intake.c (one record) and intake_run.c (many at once) share. */
#include "pipeline/intake.h"

/* As the settings say. HT_OK or HT_E_NOMEM. */
HT_MUST_CHECK enum ht_status ht_intake_new_decoder(const struct ht_intake_settings *settings,
                                                   struct ht_decoder **decoder);

/* Of an event that is kept. */
void ht_intake_count_event(struct ht_intake *intake, size_t source, int64_t time_us);

/* "MICROSOFT.KEYVAULT/VAULTS", of the first record that is another service's. */
void ht_intake_name_service(struct ht_intake *intake, struct ht_str resource_id);

/* Any log record, in whatever it stood. */
HT_MUST_CHECK enum ht_status ht_intake_take_record(struct ht_intake *intake, size_t source,
                                                   enum ht_shape shape, struct ht_decoded *decoded);

/* As many records from the start of the frame on as go the fast way; *count may be 0. */
HT_MUST_CHECK enum ht_status ht_intake_take_run(struct ht_intake *intake,
                                                const struct ht_frame *frame, size_t *consumed,
                                                size_t *count);

#endif
