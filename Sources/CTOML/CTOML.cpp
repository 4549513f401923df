#include "CTOML.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>
#include <deque>
#include <sstream>
#include <string>
#include <vector>

struct ctoml_document {
    toml::parse_result result;
    std::vector<ctoml_node> nodes;
    std::deque<std::string> texts;
    std::string error;
};

namespace {

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

}  // namespace

extern "C" {

ctoml_document *ctoml_parse(const char *text, size_t length) {
    auto *document = new (std::nothrow) ctoml_document{toml::parse(std::string_view(text, length)), {}, {}, {}};
    if (document == nullptr) return nullptr;
    if (document->result.succeeded()) {
        append(*document, document->result.table(), nullptr);
    } else {
        document->error = std::string(document->result.error().description());
    }
    return document;
}

const ctoml_node *ctoml_nodes(const ctoml_document *document, size_t *count) {
    *count = document->nodes.size();
    return document->nodes.data();
}

const char *ctoml_error(const ctoml_document *document, int64_t *line, int64_t *column) {
    if (document->result.succeeded()) return nullptr;
    *line = document->result.error().source().begin.line;
    *column = document->result.error().source().begin.column;
    return document->error.c_str();
}

void ctoml_free(ctoml_document *document) { delete document; }

}
