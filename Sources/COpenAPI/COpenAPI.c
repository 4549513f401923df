#include "COpenAPI.h"

static const unsigned char document[] = {
#embed "../../Schemas/openapi.json"
};

const unsigned char *copenapi_bytes(void) { return document; }

size_t copenapi_count(void) { return sizeof document; }
