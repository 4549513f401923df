#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    CTOML_STRING,
    CTOML_INTEGER,
    CTOML_FLOAT,
    CTOML_BOOLEAN,
    CTOML_DATE_TIME,
    CTOML_ARRAY,
    CTOML_TABLE,
} ctoml_type;

/// One node of a document. Nodes stand in pre-order: the `count` children of a node follow it, each with its own.
typedef struct {
    ctoml_type type;
    int64_t line, column;
    /// For members of tables, else empty; the bytes live as long as the document.
    const char *_Nullable key;
    size_t key_length;
    int64_t key_line, key_column;
    /// Of strings and date-times; the bytes live as long as the document.
    const char *_Nullable text;
    size_t text_length;
    int64_t integer;
    double number;
    bool boolean;
    size_t count;
} ctoml_node;

typedef struct ctoml_document ctoml_document;

/// Parses a document. Never throws; returns NULL only when there is no memory.
ctoml_document *_Nullable ctoml_parse(const char *_Nonnull text, size_t length);

/// The nodes, the root table first; NULL with a count of 0 where the text is no TOML.
const ctoml_node *_Nullable ctoml_nodes(const ctoml_document *_Nonnull document, size_t *_Nonnull count);

/// What is wrong with the text, and where; NULL where nothing is. The words never quote it.
const char *_Nullable ctoml_error(
    const ctoml_document *_Nonnull document, int64_t *_Nonnull line, int64_t *_Nonnull column);

void ctoml_free(ctoml_document *_Nullable document);

#ifdef __cplusplus
}
#endif
