#pragma once

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

// These are macros that note the caller's file and line, which Swift cannot import.

static inline void *_Nullable shim_secure_malloc(size_t count) { return OPENSSL_secure_malloc(count); }

/// Overwrites and frees memory, whether it lies in the secure heap or not.
static inline void shim_secure_clear_free(void *_Nullable memory, size_t count) {
    OPENSSL_secure_clear_free(memory, count);
}
