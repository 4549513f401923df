#include "CTOML.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

#include <algorithm>
#include <deque>
#include <new>
#include <sstream>
#include <string>
#include <vector>

struct ctoml_document {
    std::vector<ctoml_node> nodes;
    /// The library's tree, to whose keys the nodes point.
    toml::table root;
    std::deque<std::string> texts;
    std::string error;
    int64_t line = 0, column = 0;
};

namespace {

constexpr int maximum_path_parts = 16;

/// Finds a dotted key or header with so many parts that the tables it stands for, which the library frees
/// recursively, would exhaust the stack. The library itself counts only arrays and inline tables.
///
/// Text that is not TOML may be read wrongly from its first mistake on, where the library stops as well.
class PathScanner {
public:
    explicit PathScanner(std::string_view text) : text(text) {}

    bool finds_long_path() {
        int parts = 1;
        while (at < text.size()) {
            char character = text[at];
            if (character == '#') {
                while (at < text.size() && text[at] != '\n') advance();
            } else if (character == '"' || character == '\'') {
                skip_string(character);
            } else {
                if (character == '.' && ++parts > maximum_path_parts) return true;
                if (std::string_view("=,[]{}\n").find(character) != std::string_view::npos) parts = 1;
                advance();
            }
        }
        return false;
    }

    int64_t line = 1, column = 1;

private:
    std::string_view text;
    size_t at = 0;

    void advance() {
        if (text[at] == '\n') {
            ++line;
            column = 1;
        } else if ((text[at] & 0xC0) != 0x80) {
            ++column;  // characters are counted, not bytes
        }
        ++at;
    }

    void advance(size_t count) {
        for (size_t end = std::min(at + count, text.size()); at < end;) advance();
    }

    void skip_string(char quote) {
        bool is_long = text.substr(at, 3) == std::string(3, quote);
        advance(is_long ? 3 : 1);
        while (at < text.size()) {
            if (text[at] == '\\' && quote == '"') {
                advance(2);
            } else if (!is_long && (text[at] == quote || text[at] == '\n')) {
                advance();
                return;
            } else if (is_long && text.substr(at, 3) == std::string(3, quote)) {
                advance(3);
                // One or two quotes may stand within the string just before its end.
                for (int extra = 0; extra < 2 && at < text.size() && text[at] == quote; ++extra) advance();
                return;
            } else {
                advance();
            }
        }
    }
};

/// The library's words without what they quote from the document, which may be a secret.
std::string without_quotations(std::string reason) {
    auto ends_with = [&reason](size_t end, std::string_view words) {
        return end >= words.size() && reason.compare(end - words.size(), words.size(), words) == 0;
    };
    size_t end = std::min(reason.find(", saw "), reason.find(" (TOML_"));
    for (size_t quote = reason.find('\''); quote < end; quote = reason.find('\'', quote + 1)) {
        // These quote the grammar. Their closing quote is passed over with the opening one.
        if (ends_with(quote, "expected ") || ends_with(quote, " or ") || ends_with(quote, "tabs ") ||
            ends_with(quote, "form-feeds ") || ends_with(quote, "after ")) {
            quote = reason.find('\'', quote + 2);
            continue;
        }
        end = quote;
    }
    if (end == std::string::npos) return reason;
    reason.resize(end);
    while (!reason.empty() && reason.back() == ' ') reason.pop_back();
    if (!reason.empty() && reason.back() == ':') reason += " the value is not possible";
    return reason;
}

void append(ctoml_document &document, const toml::node &node, const toml::key *key) {
    ctoml_node entry{};
    entry.line = node.source().begin.line;
    entry.column = node.source().begin.column;
    if (key != nullptr) {
        entry.key = key->str().data();
        entry.key_length = key->str().size();
        entry.key_line = key->source().begin.line;
        entry.key_column = key->source().begin.column;
    }
    auto hold = [&](std::string text) {
        document.texts.push_back(std::move(text));
        entry.text = document.texts.back().data();
        entry.text_length = document.texts.back().size();
    };
    if (auto *value = node.as_string()) {
        entry.type = CTOML_STRING;
        hold(value->get());
    } else if (auto *value = node.as_integer()) {
        entry.type = CTOML_INTEGER;
        entry.integer = value->get();
    } else if (auto *value = node.as_floating_point()) {
        entry.type = CTOML_FLOAT;
        entry.number = value->get();
    } else if (auto *value = node.as_boolean()) {
        entry.type = CTOML_BOOLEAN;
        entry.boolean = value->get();
    } else if (auto *value = node.as_array()) {
        entry.type = CTOML_ARRAY;
        entry.count = value->size();
        document.nodes.push_back(entry);
        for (auto &element : *value) append(document, element, nullptr);
        return;
    } else if (auto *value = node.as_table()) {
        entry.type = CTOML_TABLE;
        entry.count = value->size();
        document.nodes.push_back(entry);
        // A table of the library is sorted by key; readers want the order of the file.
        std::vector<std::pair<const toml::key *, const toml::node *>> members;
        for (auto &&[name, member] : *value) members.emplace_back(&name, &member);
        std::stable_sort(members.begin(), members.end(), [](auto &left, auto &right) {
            auto a = left.first->source().begin, b = right.first->source().begin;
            return a.line != b.line ? a.line < b.line : a.column < b.column;
        });
        for (auto &[name, member] : members) append(document, *member, name);
        return;
    } else {
        entry.type = CTOML_DATE_TIME;
        std::ostringstream stream;
        if (auto *value = node.as_date()) stream << value->get();
        if (auto *value = node.as_time()) stream << value->get();
        if (auto *value = node.as_date_time()) stream << value->get();
        hold(stream.str());
    }
    document.nodes.push_back(entry);
}

void parse(ctoml_document &document, std::string_view text) {
    PathScanner scanner(text);
    if (scanner.finds_long_path()) {
        document.error = "a key or header has more than " + std::to_string(maximum_path_parts) + " parts";
        document.line = scanner.line;
        document.column = scanner.column;
        return;
    }
    toml::parse_result result = toml::parse(text);
    if (result.succeeded()) {
        document.root = std::move(result).table();
        append(document, document.root, nullptr);
    } else {
        document.error = without_quotations(std::string(result.error().description()));
        document.line = result.error().source().begin.line;
        document.column = result.error().source().begin.column;
    }
}

}  // namespace

extern "C" {

ctoml_document *ctoml_parse(const char *text, size_t length) {
    ctoml_document *document = nullptr;
    try {
        document = new ctoml_document;
        parse(*document, std::string_view(text, length));
        return document;
    } catch (...) {
        // Nothing but memory can run out here: the library does not throw.
        delete document;
        return nullptr;
    }
}

const ctoml_node *ctoml_nodes(const ctoml_document *document, size_t *count) {
    *count = document->nodes.size();
    return document->nodes.data();
}

const char *ctoml_error(const ctoml_document *document, int64_t *line, int64_t *column) {
    if (document->error.empty()) return nullptr;
    *line = document->line;
    *column = document->column;
    return document->error.c_str();
}

void ctoml_free(ctoml_document *document) { delete document; }

}
