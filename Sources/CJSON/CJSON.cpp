#include "CJSON.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

/// A pass over the document whose position the recorder can see; the SAX events themselves carry none.
struct Cursor {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char *;
    using reference = const char &;

    const char **position;

    reference operator*() const { return **position; }
    Cursor &operator++() {
        ++*position;
        return *this;
    }
    bool operator==(const Cursor &other) const { return *position == *other.position; }
    bool operator!=(const Cursor &other) const { return *position != *other.position; }
};

struct Storage {
    std::vector<CJSONRecord> records;
    std::string text;
};

class Recorder {
public:
    Recorder(const char *begin, const char *end, size_t depth, Storage &storage, CJSONTape &tape)
        : begin(begin), end(end), position(begin), last(begin), depth(depth), storage(storage), tape(tape) {}

    Cursor cursor() { return {&position}; }
    Cursor limit() { return {&end}; }

    bool null() { return append(CJSON_NULL); }
    bool boolean(bool value) { return append(value ? CJSON_TRUE : CJSON_FALSE); }

    bool number_integer(int64_t integer) {
        append(CJSON_INTEGER);
        storage.records.back().integer = integer;
        return true;
    }

    bool number_unsigned(uint64_t integer) {
        if (integer > static_cast<uint64_t>(INT64_MAX)) return refuse(CJSON_MALFORMED, tokenStart(), outOfRange);
        return number_integer(static_cast<int64_t>(integer));
    }

    bool number_float(double number, const std::string &token) {
        // An integer that does not fit arrives as a double, which would silently lose digits.
        if (token.find_first_of(".eE") == std::string::npos) return refuse(CJSON_MALFORMED, tokenStart(), outOfRange);
        append(CJSON_NUMBER);
        storage.records.back().number = number;
        return true;
    }

    bool string(const std::string &value) { return appendText(CJSON_STRING, value); }

    bool key(const std::string &value) {
        ++open.back().members;
        return appendText(CJSON_KEY, value);
    }

    bool start_object(size_t) { return start(CJSON_OBJECT); }
    bool start_array(size_t) { return start(CJSON_ARRAY); }
    bool end_object() { return finish(); }
    bool end_array() { return finish(); }
    bool binary(const nlohmann::json::binary_t &) { return false; }

    bool parse_error(size_t read, const std::string &token, const nlohmann::json::exception &error) {
        constexpr int numberOverflow = 406;
        if (error.id == numberOverflow) return refuse(CJSON_MALFORMED, read - token.size(), outOfRange);

        const char *reason = std::strstr(error.what(), " - ");
        reason = reason == nullptr ? "syntax error" : reason + 3;
        // What the lexer refuses is quoted at the end of its message, and may be anybody's secret.
        const char *quotation = std::strstr(reason, "; last read: '");
        if (quotation != nullptr) {
            std::string words(reason, quotation);
            bool encoding = words.find("ill-formed UTF-8") != std::string::npos;
            return refuse(encoding ? CJSON_INVALID_UTF8 : CJSON_MALFORMED, read - 1, words.c_str());
        }
        size_t place = std::min(read - unexpectedLength(reason, token), static_cast<size_t>(end - begin));
        // The parser takes a NUL for the end of the document.
        if (place < static_cast<size_t>(end - begin) && begin[place] == '\0') reason = "unexpected NUL";
        return refuse(CJSON_MALFORMED, place, reason);
    }

    bool refuse(CJSONStatus status, size_t offset, const char *reason) {
        tape.status = status;
        // The parser counts the end of the document as a byte.
        tape.offset = std::min(offset, static_cast<size_t>(end - begin));
        std::strncpy(tape.reason, reason, sizeof tape.reason - 1);
        return false;
    }

    /// The parser takes a NUL for the end of the document; whatever follows would be passed over unread.
    bool reachedEnd() { return position == end && (position == begin || position[-1] != '\0'); }
    size_t offset() const { return static_cast<size_t>(position - begin); }

private:
    static constexpr const char *outOfRange = "number out of range";

    struct Container {
        size_t record;
        uint32_t members;
    };

    const char *begin;
    const char *end;
    const char *position;
    /// Where reading stood after the event before this one.
    const char *last;
    size_t depth;
    Storage &storage;
    CJSONTape &tape;
    std::vector<Container> open;

    /// How many bytes of the document a well-formed token in the wrong place has.
    static size_t unexpectedLength(const char *reason, const std::string &token) {
        auto is = [reason](const char *words) { return std::strncmp(reason, words, std::strlen(words)) == 0; };
        if (is("unexpected string") || is("unexpected number")) return token.size();
        if (is("unexpected true") || is("unexpected null")) return 4;
        if (is("unexpected false")) return 5;
        return 1;
    }

    /// The first byte of the token that was just read: only white space and punctuation lie between it and the last.
    ///
    /// After a number reading stands one byte too far, and that byte is white space or punctuation as well.
    size_t tokenStart() const {
        const char *at = last;
        while (at < position && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r' || *at == ',' || *at == ':')) {
            ++at;
        }
        return static_cast<size_t>(at - begin);
    }

    bool append(CJSONKind kind) {
        if (kind != CJSON_KEY && !open.empty() && storage.records[open.back().record].kind == CJSON_ARRAY) {
            ++open.back().members;
        }
        CJSONRecord record{};
        record.kind = kind;
        storage.records.push_back(record);
        last = position;
        return true;
    }

    bool appendText(CJSONKind kind, const std::string &value) {
        auto source = static_cast<uint32_t>(tokenStart());
        append(kind);
        CJSONRecord &record = storage.records.back();
        record.count = static_cast<uint32_t>(value.size());
        record.text = {static_cast<uint32_t>(storage.text.size()), source};
        storage.text += value;
        return true;
    }

    bool start(CJSONKind kind) {
        if (open.size() == depth) return refuse(CJSON_TOO_DEEP, offset() - 1, "nested too deeply");
        append(kind);
        storage.records.back().count = UINT32_MAX;
        open.push_back({storage.records.size() - 1, 0});
        return true;
    }

    bool finish() {
        storage.records[open.back().record].count = open.back().members;
        open.pop_back();
        last = position;
        return true;
    }
};

void parse(const char *bytes, size_t count, size_t depth, Storage &storage, CJSONTape &tape) {
    const char *end = bytes + count;
    Recorder recorder(bytes, end, depth, storage, tape);
    if (count > UINT32_MAX - 1) {
        recorder.refuse(CJSON_MALFORMED, UINT32_MAX, "document larger than 4 GiB");
        return;
    }
    // RFC 8259, section 8.1: no byte order mark. The parser would skip it.
    if (count >= 3 && std::memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        recorder.refuse(CJSON_MALFORMED, 0, "byte order mark");
        return;
    }
    storage.records.reserve(std::min<size_t>(count / 12 + 4, 4096));
    storage.text.reserve(std::min<size_t>(count, 65536));
    if (nlohmann::json::sax_parse(recorder.cursor(), recorder.limit(), &recorder) && !recorder.reachedEnd()) {
        recorder.refuse(CJSON_MALFORMED, recorder.offset() - 1, "unexpected NUL");
    }
}

}  // namespace

extern "C" CJSONTape cjson_parse(const uint8_t *bytes, size_t count, size_t depth) {
    CJSONTape tape{};
    try {
        auto *storage = new Storage;
        tape.storage = storage;
        parse(reinterpret_cast<const char *>(bytes), count, depth, *storage, tape);
        tape.records = storage->records.data();
        tape.recordCount = storage->records.size();
        tape.text = storage->text.data();
    } catch (...) {
        // Nothing but memory can run out here: the parser reports everything else to the recorder.
        tape.status = CJSON_NO_MEMORY;
    }
    return tape;
}

extern "C" void cjson_free(CJSONTape tape) { delete static_cast<Storage *>(tape.storage); }
