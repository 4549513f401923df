#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

// Memory: OpenSSL's allocators are macros that note the caller's file and line, which Swift cannot import.

/// From the secure heap where there is one with room, else from the ordinary one.
static inline void *_Nullable shim_key_malloc(size_t count) {
    void *memory = OPENSSL_secure_malloc(count);
    return memory == NULL ? OPENSSL_malloc(count) : memory;
}

/// Overwrites and frees memory of either heap.
static inline void shim_key_free(void *_Nullable memory, size_t count) {
    OPENSSL_secure_clear_free(memory, count);
}

// Parameter lists: arrays of structs that hold pointers to their values, built and used within one call.

/// A context for HMAC with SHA-256 (RFC 2104) that holds the key, or NULL when there is no memory.
static inline EVP_MAC_CTX *_Nullable shim_hmac_sha256(const uint8_t *_Nonnull key, size_t count) {
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);  // the context keeps its own reference
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    if (context != NULL && EVP_MAC_init(context, key, count, parameters) == 1) return context;
    EVP_MAC_CTX_free(context);
    return NULL;
}

/// HKDF with SHA-256 (RFC 5869), extract and expand; an empty salt is a string of zeros.
static inline bool shim_hkdf_sha256(
    const uint8_t *_Nonnull key, size_t keyCount,
    const uint8_t *_Nullable salt, size_t saltCount,
    const uint8_t *_Nullable info, size_t infoCount,
    uint8_t *_Nonnull output, size_t outputCount
) {
    char digest[] = "SHA256";
    OSSL_PARAM parameters[5];
    size_t used = 0;
    parameters[used++] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
    parameters[used++] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key, keyCount);
    if (saltCount > 0) {
        parameters[used++] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, saltCount);
    }
    if (infoCount > 0) {
        parameters[used++] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)info, infoCount);
    }
    parameters[used] = OSSL_PARAM_construct_end();

    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
    EVP_KDF_free(kdf);
    bool derived = context != NULL && EVP_KDF_derive(context, output, outputCount, parameters) == 1;
    EVP_KDF_CTX_free(context);
    return derived;
}
