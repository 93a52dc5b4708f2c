#pragma once

#include "hwbridge/compare/rules.hpp"
#include "hwbridge/yaml/node_reader.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace hwbridge {

// Fields of some kinds of events: those of the one in those of the other.
struct FieldPlaces {
    KindSet kinds;
    FieldSet fields;
};

// Reads which kinds and fields of events a rule is about. What is wrong goes to the problems of `nodes`.
class FieldPlaceReader {
public:
    explicit FieldPlaceReader(NodeReader& nodes) : m_nodes{nodes} {}

    // "*", "http.*" or "http.request", as it stands at a place of the file.
    std::optional<KindSet> kindsOf(const YamlNode& at, std::string_view text);
    KindSet kindList(const YamlNode& node);  // of one, or a list

    // "*.packet", "sip.*", "sip.*.call_id", "http.request.host".
    std::optional<FieldPlaces> place(const YamlNode& node);
    std::pair<KindSet, FieldSet> places(const YamlNode& node);  // of one, or a list

    std::optional<emulator::FieldName> field(const YamlNode& node);
    std::vector<emulator::FieldName> fieldList(const YamlNode& node);  // of one, or a list
    FieldSet fieldSet(const YamlNode& node);

private:
    void unknownField(const YamlNode& node, std::string_view word);

    NodeReader& m_nodes;
};

}  // namespace hwbridge
