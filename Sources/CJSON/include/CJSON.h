#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What one record of a tape stands for.
typedef enum CJSONKind : uint8_t {
    CJSON_NULL,
    CJSON_FALSE,
    CJSON_TRUE,
    CJSON_INTEGER,
    CJSON_NUMBER,
    CJSON_STRING,
    CJSON_KEY,
    CJSON_ARRAY,
    CJSON_OBJECT,
} CJSONKind;

/// Where a string lies: its decoded bytes in the tape's text, its opening quote in the document.
typedef struct CJSONText {
    uint32_t start;
    uint32_t source;
} CJSONText;

/// One value or key, in document order. A container is followed by its members; it has no end record.
typedef struct CJSONRecord {
    CJSONKind kind;
    /// Bytes of a string or key; members of a container, UINT32_MAX while it is still open.
    uint32_t count;
    union {
        int64_t integer;
        double number;
        CJSONText text;
    };
} CJSONRecord;

typedef enum CJSONStatus : uint8_t {
    CJSON_DONE,
    CJSON_MALFORMED,
    CJSON_INVALID_UTF8,
    CJSON_TOO_DEEP,
    CJSON_NO_MEMORY,
} CJSONStatus;

/// The records of one document. After a refusal they reach up to the place where reading stopped.
typedef struct CJSONTape {
    CJSONStatus status;
    /// Byte of the document at which it was refused.
    size_t offset;
    /// Why it was refused: ASCII text, never a part of the document.
    char reason[112];
    const CJSONRecord *records;
    size_t recordCount;
    const char *text;
    void *storage;
} CJSONTape;

/// Reads a whole document of fewer than 4 GiB; the tape's memory belongs to the caller until `cjson_free`.
///
/// No C++ exception leaves this function. `depth` is the number of containers that may stand in one another.
CJSONTape cjson_parse(const uint8_t *bytes, size_t count, size_t depth);

/// Frees what `cjson_parse` handed over; the tape must not be used afterwards.
void cjson_free(CJSONTape tape);

#ifdef __cplusplus
}
#endif
