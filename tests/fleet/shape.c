/* SPDX-License-Identifier: MIT */
/*
 * Every shape is made of members: a key and a value that is a text, a number, null, or JSON to be
 * put in as a text or as it is. A record is a list of members, twice: properties, then the whole.
 */
#include "shape.h"

#include <stdlib.h>
#include <string.h>

#include "queue.h"

static const char *const shape_names[SHAPE_COUNT] = {
    [SHAPE_JSONL] = "jsonl",           [SHAPE_JSONL_OBJECT] = "jsonl-object",
    [SHAPE_JSONL_KEYS] = "jsonl-keys", [SHAPE_CRLF] = "crlf",
    [SHAPE_RECORDS] = "records",       [SHAPE_RECORDS_LINES] = "records-lines",
    [SHAPE_ARRAY] = "array",           [SHAPE_AZ] = "az",
    [SHAPE_AZ_COLUMNS] = "az-columns", [SHAPE_PRETTY] = "pretty",
};

#define SUBSCRIPTION "00000000-0000-0000-0000-000000000000"

const char *shape_name(enum shape shape) {
    return shape_names[shape];
}

bool shape_from_name(const char *name, enum shape *shape) {
    for (size_t i = 0; i < SHAPE_COUNT; i++) {
        if (strcmp(shape_names[i], name) == 0) {
            *shape = (enum shape)i;
            return true;
        }
    }
    return false;
}

enum value_kind { VALUE_NULL = 0, VALUE_TEXT, VALUE_NUMBER, VALUE_JSON };

struct member {
    const char *key;
    enum value_kind kind;
    const char *text;
};

enum { MEMBERS_MAX = 20, PROPERTIES_BYTES = 2048 };

struct members {
    struct member list[MEMBERS_MAX];
    size_t count;
};

static void add(struct members *members, const char *key, enum value_kind kind, const char *text) {
    members->list[members->count++] = (struct member){key, text != NULL ? kind : VALUE_NULL, text};
}

/* Where members are written to: the writer's record, or a properties text. */
struct out {
    char *buf;
    size_t len;
    size_t capacity;
};

static void put(struct out *out, const char *bytes, size_t len) {
    if (out->len + len < out->capacity) {
        memcpy(out->buf + out->len, bytes, len);
        out->len += len;
    }
}

static void put_text(struct out *out, const char *text) {
    put(out, text, strlen(text));
}

static void put_string(struct out *out, const char *text) {
    put(out, "\"", 1);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            put(out, "\\", 1);
        }
        put(out, text, 1);
    }
    put(out, "\"", 1);
}

struct style {
    const char *open;    /* after { */
    const char *indent;  /* before each member */
    const char *between; /* after each member but the last */
    const char *close;   /* before } */
    const char *colon;
};

static const struct style compact = {"", "", ",", "", ":"};
static const struct style spaced = {"", "", ", ", "", ": "};
static const struct style tall = {"\n", "    ", ",\n", "\n", ": "};
static const struct style tall_inner = {"\n", "        ", ",\n", "\n    ", ": "};
static const struct style tall_row = {"\n", "    ", ",\n", "\n  ", ": "};

static void put_members(struct out *out, const struct members *members, const struct style *style) {
    put(out, "{", 1);
    put_text(out, style->open);
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->list[i];
        put_text(out, style->indent);
        put_string(out, member->key);
        put_text(out, style->colon);
        if (member->kind == VALUE_NULL) {
            put_text(out, "null");
        } else if (member->kind == VALUE_TEXT) {
            put_string(out, member->text);
        } else {
            put_text(out, member->text);
        }
        if (i + 1 < members->count) {
            put_text(out, style->between);
        }
    }
    put_text(out, style->close);
    put(out, "}", 1);
}

/* Other categories of the same hub, and other services in the same container. */
struct category {
    const char *category;
    const char *operation;
};

static const struct category health_categories[] = {
    {"D2CTwinOperations", "read"},       {"DirectMethods", "send"},
    {"DeviceIdentityOperations", "get"}, {"C2DTwinOperations", "update"},
    {"FileUploadOperations", "ingress"}, {"TwinQueries", "query"},
};

static const struct category chatter_categories[] = {
    {"DeviceTelemetry", "ingress"},     {"D2CTwinOperations", "update"},
    {"Routes", "endpointUnhealthy"},    {"C2DCommands", "messageExpired"},
    {"DirectMethods", "send"},          {"TwinQueries", "query"},
    {"JobsOperations", "jobCompleted"}, {"Configurations", "readOneOrMoreConfigurations"},
    {"AuditEvent", "SecretGet"},        {"StorageRead", "GetBlob"},
};
enum { CHATTER_HUB_CATEGORIES = 8 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct category category_of(const struct log_record *record) {
    switch (record->operation) {
    case OP_HEALTH:
        return health_categories[record->variant % COUNT(health_categories)];
    case OP_CHATTER:
        return chatter_categories[record->variant % COUNT(chatter_categories)];
    default:
        break;
    }
    const bool module = record->module != NULL;
    if (record->operation == OP_CONNECT) {
        return (struct category){"Connections", module ? "moduleConnect" : "deviceConnect"};
    }
    return (struct category){"Connections", module ? "moduleDisconnect" : "deviceDisconnect"};
}

static bool of_other_service(const struct log_record *record) {
    return record->operation == OP_CHATTER &&
           record->variant % COUNT(chatter_categories) >= CHATTER_HUB_CATEGORIES;
}

static void resource_id(const struct log_record *record, char *out, size_t bytes) {
    const char *group = "/SUBSCRIPTIONS/" SUBSCRIPTION "/RESOURCEGROUPS/RG-FLEET/PROVIDERS/";
    if (of_other_service(record)) {
        snprintf(out, bytes, "%sMICROSOFT.KEYVAULT/VAULTS/KV-FLEET", group);
    } else {
        snprintf(out, bytes, "%sMICROSOFT.DEVICES/IOTHUBS/%s", group, record->hub);
    }
}

static const char *auth_text(enum auth auth) {
    switch (auth) {
    case AUTH_SAS:
        return "{\"scope\":\"device\",\"type\":\"sas\",\"issuer\":\"iothub\","
               "\"acceptingIpFilterRule\":null}";
    case AUTH_X509:
        return "{\"scope\":\"device\",\"type\":\"x509Certificate\",\"issuer\":\"external\","
               "\"acceptingIpFilterRule\":null}";
    default:
        return NULL;
    }
}

static void rotate_members(struct members *members, uint64_t by) {
    struct members rotated = {.count = members->count};
    for (size_t i = 0; i < members->count; i++) {
        rotated.list[i] = members->list[(i + by) % members->count];
    }
    *members = rotated;
}

/* Texts that live as long as one record is being written. */
struct scratch {
    char time[TIME_TEXT_BYTES];
    char resource[256];
    char code[16];
    char status[16];
    char device[320];
    char properties[PROPERTIES_BYTES];
};

static void make_properties(const struct log_record *record, struct scratch *scratch,
                            struct members *members) {
    add(members, "deviceId", VALUE_TEXT, record->device);
    if (record->module != NULL) {
        add(members, "moduleId", VALUE_TEXT, record->module);
    }
    add(members, "protocol", VALUE_TEXT, record->protocol);
    add(members, "authType", VALUE_TEXT, auth_text(record->auth));
    if (record->network != NULL) {
        add(members, "maskedIpAddress", VALUE_TEXT, record->network);
    }
    add(members, "statusCode", VALUE_TEXT, record->code != 0 ? scratch->status : NULL);
    add(members, "errorMessage", VALUE_TEXT, record->message != NULL ? record->message : "");
    if (record->operation == OP_CONNECT && record->sdk != NULL) {
        add(members, "sdkVersion", VALUE_TEXT, record->sdk);
    }
}

static void make_archive(const struct log_record *record, const struct scratch *scratch,
                         enum value_kind properties_kind, struct members *members) {
    const struct category category = category_of(record);
    add(members, "time", VALUE_TEXT, scratch->time);
    add(members, "resourceId", VALUE_TEXT, scratch->resource);
    add(members, "operationName", VALUE_TEXT, category.operation);
    add(members, "category", VALUE_TEXT, category.category);
    add(members, "level", VALUE_TEXT, record->code != 0 ? "Error" : "Information");
    if (record->code != 0) {
        add(members, "resultType", VALUE_TEXT, scratch->code);
        add(members, "resultDescription", VALUE_TEXT, code_name(record->code));
    }
    if (record->operation >= OP_HEALTH) {
        add(members, "durationMs", VALUE_TEXT, "17");
    }
    add(members, "properties", properties_kind, scratch->properties);
    add(members, "location", VALUE_TEXT, "westeurope");
}

/* az prints every cell as a text, null as "None", and sorts the keys. */
static void make_az(const struct log_record *record, const struct scratch *scratch,
                    struct members *members) {
    const struct category category = category_of(record);
    add(members, "Category", VALUE_TEXT, category.category);
    add(members, "Level", VALUE_TEXT, record->code != 0 ? "Error" : "Information");
    add(members, "OperationName", VALUE_TEXT, category.operation);
    add(members, "Resource", VALUE_TEXT, of_other_service(record) ? "KV-FLEET" : record->hub);
    add(members, "ResourceId", VALUE_TEXT, scratch->resource);
    add(members, "ResourceProvider", VALUE_TEXT,
        of_other_service(record) ? "MICROSOFT.KEYVAULT" : "MICROSOFT.DEVICES");
    add(members, "ResultDescription", VALUE_TEXT,
        record->code != 0 ? code_name(record->code) : "None");
    add(members, "ResultType", VALUE_TEXT, record->code != 0 ? scratch->code : "None");
    add(members, "TableName", VALUE_TEXT, "PrimaryResult");
    add(members, "TimeGenerated", VALUE_TEXT, scratch->time);
    add(members, "location_s", VALUE_TEXT, "westeurope");
    add(members, "properties_s", VALUE_TEXT, scratch->properties);
}

static void make_az_columns(const struct log_record *record, const struct scratch *scratch,
                            struct members *members) {
    const bool with_sdk = record->operation == OP_CONNECT && record->sdk != NULL;
    add(members, "DeviceId", VALUE_TEXT, scratch->device);
    add(members, "Level", VALUE_TEXT, record->code != 0 ? "Error" : "Information");
    add(members, "OperationName", VALUE_TEXT, category_of(record).operation);
    add(members, "Protocol", VALUE_TEXT, record->protocol != NULL ? record->protocol : "None");
    add(members, "ResultDescription", VALUE_TEXT,
        record->code != 0 ? code_name(record->code) : "None");
    add(members, "ResultType", VALUE_TEXT, record->code != 0 ? scratch->code : "None");
    add(members, "SDKVersion", VALUE_TEXT, with_sdk ? record->sdk : "None");
    add(members, "TableName", VALUE_TEXT, "PrimaryResult");
    add(members, "TimeGenerated", VALUE_TEXT, scratch->time);
}

static bool properties_are_object(const struct shape_writer *writer) {
    return writer->shape == SHAPE_JSONL_OBJECT ||
           ((writer->shape == SHAPE_PRETTY || writer->shape == SHAPE_JSONL_KEYS) &&
            writer->records % 2 == 1);
}

static void fill_scratch(const struct shape_writer *writer, const struct log_record *record,
                         struct scratch *scratch) {
    time_format(record->time_us, writer->digits, scratch->time);
    resource_id(record, scratch->resource, sizeof scratch->resource);
    snprintf(scratch->code, sizeof scratch->code, "%u", (unsigned)record->code);
    snprintf(scratch->status, sizeof scratch->status, "%u", (unsigned)(record->code / 1000));
    snprintf(scratch->device, sizeof scratch->device, "%s%s%s",
             record->device != NULL ? record->device : "None", record->module != NULL ? "/" : "",
             record->module != NULL ? record->module : "");
    struct members properties = {.count = 0};
    make_properties(record, scratch, &properties);
    if (writer->shape == SHAPE_JSONL_KEYS) {
        rotate_members(&properties, writer->records / 3);
    }
    const bool object = properties_are_object(writer);
    const struct style *style = &compact;
    if (writer->shape == SHAPE_PRETTY) {
        style = object ? &tall_inner : &spaced;
    }
    struct out out = {scratch->properties, 0, sizeof scratch->properties};
    put_members(&out, &properties, style);
    scratch->properties[out.len] = '\0';
}

/* The separators around a record. */
static void put_before(struct shape_writer *writer, struct out *out) {
    switch (writer->shape) {
    case SHAPE_RECORDS:
    case SHAPE_ARRAY:
        put_text(out, writer->records > 0 ? ",\n" : "");
        break;
    case SHAPE_AZ:
    case SHAPE_AZ_COLUMNS:
        put_text(out, writer->records > 0 ? ",\n  " : "  ");
        break;
    case SHAPE_RECORDS_LINES:
        put_text(out, writer->in_document > 0 ? "," : "{\"records\":[");
        break;
    default:
        break;
    }
}

static void put_after(struct shape_writer *writer, struct out *out) {
    switch (writer->shape) {
    case SHAPE_JSONL:
    case SHAPE_JSONL_OBJECT:
    case SHAPE_JSONL_KEYS:
    case SHAPE_PRETTY:
        put_text(out, "\n");
        break;
    case SHAPE_CRLF:
        put_text(out, writer->records % 50 == 49 ? "\r\n\r\n" : "\r\n");
        break;
    case SHAPE_RECORDS_LINES:
        writer->in_document++;
        /* Messages of changing size, 1 to 31 records. */
        if (writer->in_document > (writer->records * 7 + 3) % 31) {
            put_text(out, "]}\n");
            writer->in_document = 0;
        }
        break;
    default:
        break;
    }
}

static void emit(struct shape_writer *writer, const char *bytes, size_t len) {
    fwrite(bytes, 1, len, writer->stream);
    writer->bytes += len;
}

static void emit_text(struct shape_writer *writer, const char *text) {
    emit(writer, text, strlen(text));
}

void shape_begin(struct shape_writer *writer) {
    writer->capacity = (size_t)4 * PROPERTIES_BYTES;
    writer->buf = fleet_grow(NULL, writer->capacity, 1);
    if (writer->shape == SHAPE_CRLF) {
        emit_text(writer, "\xEF\xBB\xBF");
    } else if (writer->shape == SHAPE_RECORDS) {
        emit_text(writer, "{\"records\":[\n");
    } else if (writer->shape == SHAPE_ARRAY || writer->shape == SHAPE_AZ ||
               writer->shape == SHAPE_AZ_COLUMNS) {
        emit_text(writer, "[\n");
    }
}

void shape_write(struct shape_writer *writer, const struct log_record *record) {
    if (writer->shape == SHAPE_AZ_COLUMNS && record->operation >= OP_HEALTH) {
        return; /* that query asks for the category Connections */
    }
    struct scratch scratch;
    struct members members = {.count = 0};
    fill_scratch(writer, record, &scratch);
    struct out out = {writer->buf, 0, writer->capacity};
    put_before(writer, &out);
    if (writer->shape == SHAPE_AZ) {
        make_az(record, &scratch, &members);
        put_members(&out, &members, &tall_row);
    } else if (writer->shape == SHAPE_AZ_COLUMNS) {
        make_az_columns(record, &scratch, &members);
        put_members(&out, &members, &tall_row);
    } else {
        make_archive(record, &scratch, properties_are_object(writer) ? VALUE_JSON : VALUE_TEXT,
                     &members);
        if (writer->shape == SHAPE_JSONL_KEYS) {
            for (char *at = scratch.resource; *at != '\0'; at++) {
                *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + ('a' - 'A') : *at);
            }
            for (size_t i = 0; i < members.count; i++) {
                if (strcmp(members.list[i].key, "resultType") == 0) {
                    members.list[i].kind = VALUE_NUMBER;
                }
            }
            rotate_members(&members, writer->records);
        }
        put_members(&out, &members, writer->shape == SHAPE_PRETTY ? &tall : &compact);
    }
    put_after(writer, &out);
    emit(writer, writer->buf, out.len);
    writer->records++;
}

void shape_end(struct shape_writer *writer) {
    if (writer->shape == SHAPE_RECORDS) {
        emit_text(writer, "\n]}\n");
    } else if (writer->shape == SHAPE_ARRAY || writer->shape == SHAPE_AZ ||
               writer->shape == SHAPE_AZ_COLUMNS) {
        emit_text(writer, "\n]\n");
    } else if (writer->shape == SHAPE_RECORDS_LINES && writer->in_document > 0) {
        emit_text(writer, "]}\n");
    }
    free(writer->buf);
    writer->buf = NULL;
}
