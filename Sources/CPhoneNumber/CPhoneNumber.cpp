#include "CPhoneNumber.h"

#include <link.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <system_error>

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

namespace {

using i18n::phonenumbers::NullLogger;
using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

/// More than a number has digits that could be taken off one by one.
constexpr int maximum_rounds = 16;

/// The library's only instance, whose const functions any thread may call: it is built under pthread_once
/// (base/memory/singleton_posix.h), and its cache of expressions has a lock (regexp_cache.h).
const PhoneNumberUtil &library() {
    // SetLogger has no lock, and the logger that it replaces writes to standard output.
    static const PhoneNumberUtil &instance = []() -> const PhoneNumberUtil & {
        PhoneNumberUtil *instance = PhoneNumberUtil::GetInstance();
        instance->SetLogger(new NullLogger);
        return *instance;
    }();
    return instance;
}

cphone_fate fate_of_parsing(PhoneNumberUtil::ErrorType error) {
    switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR: return CPHONE_READ;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return CPHONE_UNKNOWN_COUNTRY;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN: return CPHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG_NSN: return CPHONE_TOO_LONG;
    default: return CPHONE_NOT_A_NUMBER;
    }
}

cphone_fate fate_of_length(PhoneNumberUtil::ValidationResult result) {
    switch (result) {
    case PhoneNumberUtil::IS_POSSIBLE:
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY: return CPHONE_READ;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE: return CPHONE_UNKNOWN_COUNTRY;
    case PhoneNumberUtil::TOO_SHORT: return CPHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG: return CPHONE_TOO_LONG;
    default: return CPHONE_WRONG_LENGTH;
    }
}

cphone_kind kind(PhoneNumberUtil::PhoneNumberType type) {
    switch (type) {
    case PhoneNumberUtil::FIXED_LINE: return CPHONE_FIXED_LINE;
    case PhoneNumberUtil::MOBILE: return CPHONE_MOBILE;
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE: return CPHONE_FIXED_OR_MOBILE;
    case PhoneNumberUtil::TOLL_FREE: return CPHONE_TOLL_FREE;
    case PhoneNumberUtil::PREMIUM_RATE: return CPHONE_PREMIUM_RATE;
    case PhoneNumberUtil::SHARED_COST: return CPHONE_SHARED_COST;
    case PhoneNumberUtil::VOIP: return CPHONE_VOIP;
    case PhoneNumberUtil::PERSONAL_NUMBER: return CPHONE_PERSONAL_NUMBER;
    case PhoneNumberUtil::PAGER: return CPHONE_PAGER;
    case PhoneNumberUtil::UAN: return CPHONE_UAN;
    case PhoneNumberUtil::VOICEMAIL: return CPHONE_VOICEMAIL;
    default: return CPHONE_UNKNOWN;
    }
}

template <size_t size>
void copy(const std::string &text, char (&destination)[size]) {
    std::snprintf(destination, size, "%s", text.c_str());
}

/// Parses the text and writes the number in E.164, where its length is possible.
cphone_fate parse(const std::string &text, const std::string &region, PhoneNumber &parsed, std::string &e164) {
    cphone_fate fate = fate_of_parsing(library().Parse(text, region, &parsed));
    if (fate != CPHONE_READ) return fate;
    fate = fate_of_length(library().IsPossibleNumberWithReason(parsed));
    if (fate != CPHONE_READ) return fate;
    library().Format(parsed, PhoneNumberUtil::E164, &e164);
    // The library has rules for longer numbers; in E.164 there are none (section 6.2.1: 15 digits).
    return e164.size() > 1 + 15 ? CPHONE_TOO_LONG : CPHONE_READ;
}

cphone_fate read(const char *text, const char *region, cphone_number &number) {
    PhoneNumber parsed;
    std::string e164;
    cphone_fate fate = parse(text, region, parsed, e164);
    number.has_extension = parsed.has_extension();
    // A prefix may stand behind a prefix: `+43 00 448901` is parsed as +430448901, and that as +43448901. What is
    // written must be read as itself, or one line has two numbers. A text that is what it was read as has shown that:
    // of a number with + the region tells nothing.
    std::string written = text;
    for (int round = 0; fate == CPHONE_READ && written != e164; ++round) {
        if (round == maximum_rounds) return CPHONE_NOT_A_NUMBER;
        written = e164;
        fate = parse(written, "ZZ", parsed, e164);
    }
    if (fate != CPHONE_READ) return fate;
    std::string owner;
    library().GetRegionCodeForNumber(parsed, &owner);
    copy(e164, number.e164);
    copy(owner, number.region);
    number.country_code = parsed.country_code();
    PhoneNumberUtil::PhoneNumberType type = library().GetNumberType(parsed);
    number.kind = kind(type);
    // IsValidNumber would look for the type once more, in the same region, and say whether there is one.
    number.is_valid = type != PhoneNumberUtil::UNKNOWN;
    return CPHONE_READ;
}

/// Ends the search at the library's file and keeps its name.
int find_library(dl_phdr_info *object, size_t, void *path) {
    const char *name = std::strrchr(object->dlpi_name, '/');
    if (name == nullptr || std::strncmp(name, "/libphonenumber.so", 18) != 0) return 0;
    *static_cast<std::string *>(path) = object->dlpi_name;
    return 1;
}

/// `8.12 of 2022-11-24`: what follows `.so.` in the file's own name, and the day when it was made.
std::string data_version() {
    std::string path;
    if (dl_iterate_phdr(find_library, &path) == 0) return {};
    std::error_code error;
    auto file = std::filesystem::canonical(path, error);
    struct stat status {};
    std::tm time {};
    if (error || stat(file.c_str(), &status) != 0 || gmtime_r(&status.st_mtime, &time) == nullptr) return {};
    std::string name = file.filename().string();
    size_t version = name.find(".so.");
    if (version == std::string::npos) return {};
    char day[16];
    size_t count = std::strftime(day, sizeof day, "%Y-%m-%d", &time);
    return name.substr(version + 4) + " of " + std::string(day, count);
}

}  // namespace

extern "C" {

cphone_fate cphone_read(const char *text, const char *region, cphone_number *number) {
    try {
        return read(text, region, *number);
    } catch (...) {
        // Nothing but memory can run out here: the library does not throw.
        return CPHONE_NO_MEMORY;
    }
}

bool cphone_is_region(const char *region) {
    try {
        return library().GetCountryCodeForRegion(region) != 0;
    } catch (...) {
        return false;
    }
}

bool cphone_example(const char *region, cphone_number *number) {
    try {
        PhoneNumber example;
        if (!library().GetExampleNumberForType(region, PhoneNumberUtil::MOBILE, &example)
            && !library().GetExampleNumber(region, &example)) {
            return false;
        }
        std::string e164;
        library().Format(example, PhoneNumberUtil::E164, &e164);
        return read(e164.c_str(), "ZZ", *number) == CPHONE_READ;
    } catch (...) {
        return false;
    }
}

const char *cphone_data_version(void) {
    try {
        static const std::string version = data_version();
        return version.c_str();
    } catch (...) {
        return "";
    }
}

}
