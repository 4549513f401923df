#pragma once

#include <stddef.h>

/// `Schemas/openapi.json`, as it was when the program was built; the bytes live as long as the program.
const unsigned char *copenapi_bytes(void);
size_t copenapi_count(void);
