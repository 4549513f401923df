#pragma once

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    CPHONE_READ,
    CPHONE_NOT_A_NUMBER,
    CPHONE_UNKNOWN_COUNTRY,
    CPHONE_TOO_SHORT,
    CPHONE_TOO_LONG,
    /// Between two lengths that numbers of the country have.
    CPHONE_WRONG_LENGTH,
    CPHONE_NO_MEMORY,
} cphone_fate;

typedef enum {
    CPHONE_FIXED_LINE,
    CPHONE_MOBILE,
    CPHONE_FIXED_OR_MOBILE,
    CPHONE_TOLL_FREE,
    CPHONE_PREMIUM_RATE,
    CPHONE_SHARED_COST,
    CPHONE_VOIP,
    CPHONE_PERSONAL_NUMBER,
    CPHONE_PAGER,
    CPHONE_UAN,
    CPHONE_VOICEMAIL,
    CPHONE_UNKNOWN,
} cphone_kind;

typedef struct {
    /// With + and a NUL at the end.
    char e164[24];
    /// The library's, with a NUL at the end: two letters, "001" of no country, "ZZ" where none is known.
    char region[8];
    int country_code;
    cphone_kind kind;
    bool is_valid;
    /// Set where the text had an extension, whatever the fate.
    bool has_extension;
} cphone_number;

/// Reads a number; `region` is "ZZ" where only numbers with + are to be read. Any thread; never throws.
cphone_fate cphone_read(const char *_Nonnull text, const char *_Nonnull region, cphone_number *_Nonnull number);

/// Whether there are rules for this region.
bool cphone_is_region(const char *_Nonnull region);

/// A number of a mobile phone of the region that is nobody's, or another example where there is none; false without any.
bool cphone_example(const char *_Nonnull region, cphone_number *_Nonnull number);

/// What the loaded library's file tells of its version, and empty where it tells nothing; lives as long as the process.
const char *_Nonnull cphone_data_version(void);

#ifdef __cplusplus
}
#endif
