/* SPDX-License-Identifier: MIT */
/*
 * Every shape is made of members: a key and a value that is a text, a number, null, or JSON to be
 * put in as a text or as it is. A record is a list of members, twice: properties, then the whole.
 */
#include "shape.h"

#include <stdlib.h>
#include <string.h>

#include "queue.h"
#include "shape_private.h"

static const char *const shape_names[SHAPE_COUNT] = {
    [SHAPE_JSONL] = "jsonl",
    [SHAPE_JSONL_OBJECT] = "jsonl-object",
    [SHAPE_JSONL_KEYS] = "jsonl-keys",
    [SHAPE_CRLF] = "crlf",
    [SHAPE_RECORDS] = "records",
    [SHAPE_RECORDS_LINES] = "records-lines",
    [SHAPE_ARRAY] = "array",
    [SHAPE_AZ] = "az",
    [SHAPE_AZ_COLUMNS] = "az-columns",
    [SHAPE_PRETTY] = "pretty",
    [SHAPE_EVENTHUBS] = "eventhubs",
    [SHAPE_WORKSPACE] = "workspace-export",
    [SHAPE_POWERSHELL] = "powershell",
    [SHAPE_JSONC] = "jsonc",
    [SHAPE_OPSMON] = "opsmon",
    [SHAPE_EVENT_GRID] = "event-grid",
    [SHAPE_CSV_PORTAL] = "csv-portal",
    [SHAPE_CSV_8] = "csv-8",
    [SHAPE_CSV_POWERSHELL] = "csv-powershell",
    [SHAPE_TSV] = "tsv",
    [SHAPE_REST] = "rest-tables",
    [SHAPE_REST_LAST] = "rest-columns-last",
    [SHAPE_KUSTO1] = "kusto1",
    [SHAPE_KUSTO2] = "kusto2",
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

void shape_add(struct members *members, const char *key, enum value_kind kind, const char *text) {
    members->list[members->count++] = (struct member){key, text != NULL ? kind : VALUE_NULL, text};
}

void shape_put(struct out *out, const char *bytes, size_t len) {
    if (out->len + len < out->capacity) {
        memcpy(out->buf + out->len, bytes, len);
        out->len += len;
    }
}

void shape_put_text(struct out *out, const char *text) {
    shape_put(out, text, strlen(text));
}

void shape_put_string(struct out *out, const char *text) {
    shape_put(out, "\"", 1);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            shape_put(out, "\\", 1);
        }
        shape_put(out, text, 1);
    }
    shape_put(out, "\"", 1);
}

const struct style shape_compact = {"", "", ",", "", ":"};
static const struct style spaced = {"", "", ", ", "", ": "};
static const struct style tall = {"\n", "    ", ",\n", "\n", ": "};
static const struct style tall_inner = {"\n", "        ", ",\n", "\n    ", ": "};
const struct style shape_tall_row = {"\n", "    ", ",\n", "\n  ", ": "};

void shape_put_members(struct out *out, const struct members *members, const struct style *style) {
    shape_put(out, "{", 1);
    shape_put_text(out, style->open);
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->list[i];
        shape_put_text(out, style->indent);
        shape_put_string(out, member->key);
        shape_put_text(out, style->colon);
        if (member->kind == VALUE_NULL) {
            shape_put_text(out, "null");
        } else if (member->kind == VALUE_TEXT) {
            shape_put_string(out, member->text);
        } else {
            shape_put_text(out, member->text);
        }
        if (i + 1 < members->count) {
            shape_put_text(out, style->between);
        }
    }
    shape_put_text(out, style->close);
    shape_put(out, "}", 1);
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

const char *shape_auth_text(enum auth auth) {
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

static void make_properties(const struct log_record *record, struct scratch *scratch,
                            struct members *members) {
    shape_add(members, "deviceId", VALUE_TEXT, record->device);
    if (record->module != NULL) {
        shape_add(members, "moduleId", VALUE_TEXT, record->module);
    }
    shape_add(members, "protocol", VALUE_TEXT, record->protocol);
    shape_add(members, "authType", VALUE_TEXT, shape_auth_text(record->auth));
    if (record->network != NULL) {
        shape_add(members, "maskedIpAddress", VALUE_TEXT, record->network);
    }
    shape_add(members, "statusCode", VALUE_TEXT, record->code != 0 ? scratch->status : NULL);
    shape_add(members, "errorMessage", VALUE_TEXT, record->message != NULL ? record->message : "");
    if (record->operation == OP_CONNECT && record->sdk != NULL) {
        shape_add(members, "sdkVersion", VALUE_TEXT, record->sdk);
    }
}

static void make_archive(const struct log_record *record, const struct scratch *scratch,
                         enum value_kind properties_kind, struct members *members) {
    const struct category category = category_of(record);
    shape_add(members, "time", VALUE_TEXT, scratch->time);
    shape_add(members, "resourceId", VALUE_TEXT, scratch->resource);
    shape_add(members, "operationName", VALUE_TEXT, category.operation);
    shape_add(members, "category", VALUE_TEXT, category.category);
    shape_add(members, "level", VALUE_TEXT, record->code != 0 ? "Error" : "Information");
    if (record->code != 0) {
        shape_add(members, "resultType", VALUE_TEXT, scratch->code);
        shape_add(members, "resultDescription", VALUE_TEXT, code_name(record->code));
    }
    if (record->operation >= OP_HEALTH) {
        shape_add(members, "durationMs", VALUE_TEXT, "17");
    }
    shape_add(members, "properties", properties_kind, scratch->properties);
    shape_add(members, "location", VALUE_TEXT, "westeurope");
}

/* az prints every cell as a text, null as "None", and sorts the keys. */
void shape_make_az(const struct log_record *record, const struct scratch *scratch,
                   struct members *members) {
    const struct category category = category_of(record);
    shape_add(members, "Category", VALUE_TEXT, category.category);
    shape_add(members, "Level", VALUE_TEXT, record->code != 0 ? "Error" : "Information");
    shape_add(members, "OperationName", VALUE_TEXT, category.operation);
    shape_add(members, "Resource", VALUE_TEXT, of_other_service(record) ? "KV-FLEET" : record->hub);
    shape_add(members, "ResourceId", VALUE_TEXT, scratch->resource);
    shape_add(members, "ResourceProvider", VALUE_TEXT,
              of_other_service(record) ? "MICROSOFT.KEYVAULT" : "MICROSOFT.DEVICES");
    shape_add(members, "ResultDescription", VALUE_TEXT,
              record->code != 0 ? code_name(record->code) : "None");
    shape_add(members, "ResultType", VALUE_TEXT, record->code != 0 ? scratch->code : "None");
    shape_add(members, "TableName", VALUE_TEXT, "PrimaryResult");
    shape_add(members, "TimeGenerated", VALUE_TEXT, scratch->time);
    shape_add(members, "location_s", VALUE_TEXT, "westeurope");
    shape_add(members, "properties_s", VALUE_TEXT, scratch->properties);
}

void shape_make_az_columns(const struct log_record *record, const struct scratch *scratch,
                           struct members *members) {
    const bool with_sdk = record->operation == OP_CONNECT && record->sdk != NULL;
    shape_add(members, "DeviceId", VALUE_TEXT, scratch->device);
    shape_add(members, "Level", VALUE_TEXT, record->code != 0 ? "Error" : "Information");
    shape_add(members, "OperationName", VALUE_TEXT, category_of(record).operation);
    shape_add(members, "Protocol", VALUE_TEXT,
              record->protocol != NULL ? record->protocol : "None");
    shape_add(members, "ResultDescription", VALUE_TEXT,
              record->code != 0 ? code_name(record->code) : "None");
    shape_add(members, "ResultType", VALUE_TEXT, record->code != 0 ? scratch->code : "None");
    shape_add(members, "SDKVersion", VALUE_TEXT, with_sdk ? record->sdk : "None");
    shape_add(members, "TableName", VALUE_TEXT, "PrimaryResult");
    shape_add(members, "TimeGenerated", VALUE_TEXT, scratch->time);
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
    const struct style *style = &shape_compact;
    if (writer->shape == SHAPE_PRETTY) {
        style = object ? &tall_inner : &spaced;
    }
    struct out out = {scratch->properties, 0, sizeof scratch->properties};
    shape_put_members(&out, &properties, style);
    scratch->properties[out.len] = '\0';
}

/* The separators around a record. */
static void put_before(struct shape_writer *writer, struct out *out) {
    switch (writer->shape) {
    case SHAPE_RECORDS:
    case SHAPE_ARRAY:
        shape_put_text(out, writer->records > 0 ? ",\n" : "");
        break;
    case SHAPE_AZ:
    case SHAPE_AZ_COLUMNS:
        shape_put_text(out, writer->records > 0 ? ",\n  " : "  ");
        break;
    case SHAPE_RECORDS_LINES:
        shape_put_text(out, writer->in_document > 0 ? "," : "{\"records\":[");
        break;
    case SHAPE_EVENTHUBS:
        shape_put_text(out, writer->in_document > 0 ? ","
                            : writer->records > 0   ? ",\n{\"records\":["
                                                    : "{\"records\":[");
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
        shape_put_text(out, "\n");
        break;
    case SHAPE_CRLF:
        shape_put_text(out, writer->records % 50 == 49 ? "\r\n\r\n" : "\r\n");
        break;
    case SHAPE_RECORDS_LINES:
    case SHAPE_EVENTHUBS:
        writer->in_document++;
        /* Messages of changing size, 1 to 31 records. */
        if (writer->in_document > (writer->records * 7 + 3) % 31) {
            shape_put_text(out, writer->shape == SHAPE_EVENTHUBS ? "]}" : "]}\n");
            writer->in_document = 0;
        }
        break;
    default:
        break;
    }
}

void shape_emit(struct shape_writer *writer, const char *bytes, size_t len) {
    fwrite(bytes, 1, len, writer->stream);
    writer->bytes += len;
}

void shape_emit_text(struct shape_writer *writer, const char *text) {
    shape_emit(writer, text, strlen(text));
}

void shape_begin(struct shape_writer *writer) {
    writer->capacity = (size_t)4 * PROPERTIES_BYTES;
    writer->buf = fleet_grow(NULL, writer->capacity, 1);
    if (writer->shape == SHAPE_CRLF) {
        shape_emit_text(writer, "\xEF\xBB\xBF");
    } else if (writer->shape == SHAPE_RECORDS) {
        shape_emit_text(writer, "{\"records\":[\n");
    } else if (writer->shape == SHAPE_ARRAY || writer->shape == SHAPE_AZ ||
               writer->shape == SHAPE_AZ_COLUMNS || writer->shape == SHAPE_EVENTHUBS) {
        shape_emit_text(writer, "[\n");
    } else {
        shape_table_begin(writer);
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
    if (writer->shape >= SHAPE_WORKSPACE) {
        if (!shape_table_put(writer, record, &scratch, &out)) {
            return;
        }
    } else if (writer->shape == SHAPE_AZ) {
        shape_make_az(record, &scratch, &members);
        shape_put_members(&out, &members, &shape_tall_row);
    } else if (writer->shape == SHAPE_AZ_COLUMNS) {
        shape_make_az_columns(record, &scratch, &members);
        shape_put_members(&out, &members, &shape_tall_row);
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
        shape_put_members(&out, &members, writer->shape == SHAPE_PRETTY ? &tall : &shape_compact);
    }
    put_after(writer, &out);
    shape_emit(writer, writer->buf, out.len);
    writer->records++;
}

void shape_end(struct shape_writer *writer) {
    if (writer->shape == SHAPE_RECORDS) {
        shape_emit_text(writer, "\n]}\n");
    } else if (writer->shape == SHAPE_ARRAY || writer->shape == SHAPE_AZ ||
               writer->shape == SHAPE_AZ_COLUMNS) {
        shape_emit_text(writer, "\n]\n");
    } else if (writer->shape == SHAPE_RECORDS_LINES && writer->in_document > 0) {
        shape_emit_text(writer, "]}\n");
    } else if (writer->shape == SHAPE_EVENTHUBS) {
        shape_emit_text(writer, writer->in_document > 0 ? "]}]\n" : "]\n");
    } else {
        shape_table_end(writer);
    }
    free(writer->buf);
    writer->buf = NULL;
}
