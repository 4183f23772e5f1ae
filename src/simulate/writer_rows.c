/* SPDX-License-Identifier: MIT */
/*
 * Every shape is made of members: a key and a value that is a text, null, or JSON to be put in as a
 * text or as it is. A record is a list of members, twice: properties, then the whole.
 */
#include "base/compiler.h"
#include "base/time.h"
#include "simulate/writer_private.h"

#define SUBSCRIPTION "00000000-0000-0000-0000-000000000000"

/* Other categories of the same hub, and other services in the same container. */
struct category {
    struct ht_str category;
    struct ht_str operation;
};
#define CATEGORY(category, operation) \
    { HT_STR_INIT(category), HT_STR_INIT(operation) }

static const struct category health_categories[] = {
    CATEGORY("D2CTwinOperations", "read"),       CATEGORY("DirectMethods", "send"),
    CATEGORY("DeviceIdentityOperations", "get"), CATEGORY("C2DTwinOperations", "update"),
    CATEGORY("FileUploadOperations", "ingress"), CATEGORY("TwinQueries", "query"),
};

static const struct category chatter_categories[] = {
    CATEGORY("DeviceTelemetry", "ingress"),
    CATEGORY("D2CTwinOperations", "update"),
    CATEGORY("Routes", "endpointUnhealthy"),
    CATEGORY("C2DCommands", "messageExpired"),
    CATEGORY("DirectMethods", "send"),
    CATEGORY("TwinQueries", "query"),
    CATEGORY("JobsOperations", "jobCompleted"),
    CATEGORY("Configurations", "readOneOrMoreConfigurations"),
    CATEGORY("AuditEvent", "SecretGet"),
    CATEGORY("StorageRead", "GetBlob"),
};
enum { CHATTER_HUB_CATEGORIES = 8 };

static const struct category connection_categories[2][2] = {
    {CATEGORY("Connections", "deviceConnect"), CATEGORY("Connections", "moduleConnect")},
    {CATEGORY("Connections", "deviceDisconnect"), CATEGORY("Connections", "moduleDisconnect")},
};

static const struct category *category_of(const struct ht_sim_log_record *record) {
    switch (record->operation) {
    case HT_SIM_OP_HEALTH:
        return &health_categories[record->variant % HT_ARRAY_LEN(health_categories)];
    case HT_SIM_OP_CHATTER:
        return &chatter_categories[record->variant % HT_ARRAY_LEN(chatter_categories)];
    default:
        return &connection_categories[record->operation == HT_SIM_OP_DISCONNECT]
                                     [record->module.len > 0];
    }
}

static bool of_other_service(const struct ht_sim_log_record *record) {
    return record->operation == HT_SIM_OP_CHATTER &&
           record->variant % HT_ARRAY_LEN(chatter_categories) >= CHATTER_HUB_CATEGORIES;
}

static struct ht_str level_of(const struct ht_sim_log_record *record) {
    return record->code != 0 ? HT_STR("Error") : HT_STR("Information");
}

/* A text that is left out is null, which its pointer says. */
static struct ht_str or_null(struct ht_str text) {
    return text.len > 0 ? text : HT_STR_NONE;
}

static struct ht_str or_none(struct ht_str text) {
    return text.len > 0 ? text : HT_STR("None");
}

static struct ht_str make_resource(struct ht_sim_writer *writer,
                                   const struct ht_sim_log_record *record) {
    static const char group[] =
        "/SUBSCRIPTIONS/" SUBSCRIPTION "/RESOURCEGROUPS/RG-FLEET/PROVIDERS/";
    const bool other = of_other_service(record);
    if (writer->resource_len == 0 || writer->resource_of_other != other ||
        writer->resource_hub.ptr != record->hub.ptr) {
        struct ht_sim_out out = {writer->resource, 0, sizeof writer->resource};
        ht_sim_put(&out, (struct ht_str){group, sizeof group - 1});
        ht_sim_put_text(&out, other ? "MICROSOFT.KEYVAULT/VAULTS/KV-FLEET"
                                    : "MICROSOFT.DEVICES/IOTHUBS/");
        ht_sim_put(&out, other ? HT_STR_NONE : record->hub);
        writer->resource_hub = record->hub;
        writer->resource_of_other = other;
        writer->resource_len = out.len;
    }
    return (struct ht_str){writer->resource, writer->resource_len};
}

struct ht_str ht_sim_auth_text(enum ht_sim_auth auth) {
    switch (auth) {
    case HT_SIM_AUTH_SAS:
        return HT_STR("{\"scope\":\"device\",\"type\":\"sas\",\"issuer\":\"iothub\","
                      "\"acceptingIpFilterRule\":null}");
    case HT_SIM_AUTH_X509:
        return HT_STR("{\"scope\":\"device\",\"type\":\"x509Certificate\",\"issuer\":\"external\","
                      "\"acceptingIpFilterRule\":null}");
    default:
        return HT_STR_NONE;
    }
}

void ht_sim_make_properties(const struct ht_sim_log_record *record,
                            const struct ht_sim_scratch *scratch, struct ht_sim_members *members) {
    ht_sim_add(members, HT_STR("deviceId"), HT_SIM_VALUE_TEXT, record->device);
    if (record->module.len > 0) {
        ht_sim_add(members, HT_STR("moduleId"), HT_SIM_VALUE_TEXT, record->module);
    }
    ht_sim_add(members, HT_STR("protocol"), HT_SIM_VALUE_TEXT, or_null(record->protocol));
    ht_sim_add(members, HT_STR("authType"), HT_SIM_VALUE_TEXT, ht_sim_auth_text(record->auth));
    if (record->network.len > 0) {
        ht_sim_add(members, HT_STR("maskedIpAddress"), HT_SIM_VALUE_TEXT, record->network);
    }
    ht_sim_add(members, HT_STR("statusCode"), HT_SIM_VALUE_TEXT, or_null(scratch->status));
    ht_sim_add(members, HT_STR("errorMessage"), HT_SIM_VALUE_TEXT,
               record->message.len > 0 ? record->message : HT_STR(""));
    if (record->operation == HT_SIM_OP_CONNECT && record->sdk.len > 0) {
        ht_sim_add(members, HT_STR("sdkVersion"), HT_SIM_VALUE_TEXT, record->sdk);
    }
}

void ht_sim_make_archive(const struct ht_sim_log_record *record,
                         const struct ht_sim_scratch *scratch, enum ht_sim_value_kind properties,
                         struct ht_sim_members *members) {
    const struct category *category = category_of(record);
    ht_sim_add(members, HT_STR("time"), HT_SIM_VALUE_TEXT, scratch->time);
    ht_sim_add(members, HT_STR("resourceId"), HT_SIM_VALUE_TEXT, scratch->resource);
    ht_sim_add(members, HT_STR("operationName"), HT_SIM_VALUE_TEXT, category->operation);
    ht_sim_add(members, HT_STR("category"), HT_SIM_VALUE_TEXT, category->category);
    ht_sim_add(members, HT_STR("level"), HT_SIM_VALUE_TEXT, level_of(record));
    if (record->code != 0) {
        const struct ht_str name = ht_sim_code_name(record->code);
        ht_sim_add(members, HT_STR("resultType"), HT_SIM_VALUE_TEXT, scratch->code);
        ht_sim_add(members, HT_STR("resultDescription"), HT_SIM_VALUE_TEXT,
                   name.len > 0 ? name : HT_STR(""));
    }
    if (record->operation >= HT_SIM_OP_HEALTH) {
        ht_sim_add(members, HT_STR("durationMs"), HT_SIM_VALUE_TEXT, HT_STR("17"));
    }
    ht_sim_add(members, HT_STR("properties"), properties, scratch->properties);
    ht_sim_add(members, HT_STR("location"), HT_SIM_VALUE_TEXT, HT_STR("westeurope"));
}

/* az prints every cell as a text, null as "None", and sorts the keys. */
void ht_sim_make_az(const struct ht_sim_log_record *record, const struct ht_sim_scratch *scratch,
                    struct ht_sim_members *members) {
    const struct category *category = category_of(record);
    const bool other = of_other_service(record);
    ht_sim_add(members, HT_STR("Category"), HT_SIM_VALUE_TEXT, category->category);
    ht_sim_add(members, HT_STR("Level"), HT_SIM_VALUE_TEXT, level_of(record));
    ht_sim_add(members, HT_STR("OperationName"), HT_SIM_VALUE_TEXT, category->operation);
    ht_sim_add(members, HT_STR("Resource"), HT_SIM_VALUE_TEXT,
               other ? HT_STR("KV-FLEET") : record->hub);
    ht_sim_add(members, HT_STR("ResourceId"), HT_SIM_VALUE_TEXT, scratch->resource);
    ht_sim_add(members, HT_STR("ResourceProvider"), HT_SIM_VALUE_TEXT,
               other ? HT_STR("MICROSOFT.KEYVAULT") : HT_STR("MICROSOFT.DEVICES"));
    ht_sim_add(members, HT_STR("ResultDescription"), HT_SIM_VALUE_TEXT,
               or_none(ht_sim_code_name(record->code)));
    ht_sim_add(members, HT_STR("ResultType"), HT_SIM_VALUE_TEXT, or_none(scratch->code));
    ht_sim_add(members, HT_STR("TableName"), HT_SIM_VALUE_TEXT, HT_STR("PrimaryResult"));
    ht_sim_add(members, HT_STR("TimeGenerated"), HT_SIM_VALUE_TEXT, scratch->time);
    ht_sim_add(members, HT_STR("location_s"), HT_SIM_VALUE_TEXT, HT_STR("westeurope"));
    ht_sim_add(members, HT_STR("properties_s"), HT_SIM_VALUE_TEXT, scratch->properties);
}

void ht_sim_make_az_columns(const struct ht_sim_log_record *record,
                            const struct ht_sim_scratch *scratch, struct ht_sim_members *members) {
    const bool with_sdk = record->operation == HT_SIM_OP_CONNECT;
    ht_sim_add(members, HT_STR("DeviceId"), HT_SIM_VALUE_TEXT, scratch->device);
    ht_sim_add(members, HT_STR("Level"), HT_SIM_VALUE_TEXT, level_of(record));
    ht_sim_add(members, HT_STR("OperationName"), HT_SIM_VALUE_TEXT, category_of(record)->operation);
    ht_sim_add(members, HT_STR("Protocol"), HT_SIM_VALUE_TEXT, or_none(record->protocol));
    ht_sim_add(members, HT_STR("ResultDescription"), HT_SIM_VALUE_TEXT,
               or_none(ht_sim_code_name(record->code)));
    ht_sim_add(members, HT_STR("ResultType"), HT_SIM_VALUE_TEXT, or_none(scratch->code));
    ht_sim_add(members, HT_STR("SDKVersion"), HT_SIM_VALUE_TEXT,
               or_none(with_sdk ? record->sdk : HT_STR_NONE));
    ht_sim_add(members, HT_STR("TableName"), HT_SIM_VALUE_TEXT, HT_STR("PrimaryResult"));
    ht_sim_add(members, HT_STR("TimeGenerated"), HT_SIM_VALUE_TEXT, scratch->time);
}

/* Most records share their second with the one before. */
static void put_stamp(struct ht_sim_writer *writer, const struct ht_sim_log_record *record,
                      struct ht_sim_scratch *scratch) {
    const int64_t second = record->time_us / HT_US_PER_S;
    if (writer->digits > 0 && writer->shape != HT_SIM_SHAPE_CSV_PORTAL) {
        scratch->time.len =
            ht_sim_stamp_write(record->time_us, writer->digits, scratch->time_bytes);
        scratch->time.ptr = scratch->time_bytes;
        return;
    }
    if (writer->shape == HT_SIM_SHAPE_CSV_PORTAL) {
        scratch->time.len =
            ht_sim_stamp_write_portal(record->time_us, writer->digits, scratch->time_bytes);
        scratch->time.ptr = scratch->time_bytes;
        return;
    }
    if (second != writer->stamp_second || writer->stamp[0] == '\0') {
        (void)ht_sim_stamp_write(record->time_us, 0, writer->stamp);
        writer->stamp_second = second;
    }
    scratch->time = (struct ht_str){writer->stamp, 20};
}

/* Codes have six digits, and the first three are the status. */
static void put_code(const struct ht_sim_log_record *record, struct ht_sim_scratch *scratch) {
    uint32_t left = record->code;
    scratch->code = HT_STR_NONE;
    scratch->status = HT_STR_NONE;
    if (left == 0) {
        return;
    }
    for (size_t i = 6; i > 0; i--) {
        scratch->code_bytes[i - 1] = (char)('0' + left % 10);
        left /= 10;
    }
    scratch->code = (struct ht_str){scratch->code_bytes, 6};
    scratch->status = (struct ht_str){scratch->code_bytes, 3};
}

static void put_device(const struct ht_sim_log_record *record, struct ht_sim_scratch *scratch) {
    struct ht_sim_out out = {scratch->device_bytes, 0, sizeof scratch->device_bytes};
    ht_sim_put(&out, record->device);
    if (record->module.len > 0) {
        ht_sim_put(&out, HT_STR("/"));
        ht_sim_put(&out, record->module);
    }
    scratch->device = (struct ht_str){out.buf, out.len};
}

void ht_sim_scratch_fill(struct ht_sim_writer *writer, const struct ht_sim_log_record *record,
                         struct ht_sim_scratch *scratch) {
    put_stamp(writer, record, scratch);
    put_code(record, scratch);
    put_device(record, scratch);
    scratch->resource = make_resource(writer, record);
    scratch->properties = HT_STR_NONE;
}
