#include "hwbridge/compare/field_place_reader.hpp"

#include "emulator/base/nearest_word.hpp"
#include "emulator/trace/event_layer.hpp"

namespace hwbridge {

using emulator::EventKind;
using emulator::FieldName;
using emulator::layerOf;

namespace {

std::vector<const YamlNode*> itemsOf(const YamlNode& node)
{
    std::vector<const YamlNode*> items;
    if (node.kind == YamlNode::Kind::List)
        for (const YamlNode& item : node.items)
            items.push_back(&item);
    else
        items.push_back(&node);
    return items;
}

}  // namespace

std::optional<KindSet> FieldPlaceReader::kindsOf(const YamlNode& at, std::string_view text)
{
    KindSet kinds;
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < kindCount; ++i) {
        const std::string_view kind = name(static_cast<EventKind>(i));
        words.push_back(kind);
        if (text == "*" || text == kind || (text.ends_with(".*") && layerOf(text) == layerOf(kind)))
            kinds.set(i);
    }
    if (kinds.any())
        return kinds;
    const std::string_view near = emulator::nearestWord(text, words);
    m_nodes.problemWith(at.place, NodeReader::found(at), "a kind of events such as http.request, http.* or *",
                        near);
    return std::nullopt;
}

KindSet FieldPlaceReader::kindList(const YamlNode& node)
{
    KindSet kinds;
    for (const YamlNode* const item : itemsOf(node))
        if (const auto some = kindsOf(*item, item->text))
            kinds |= *some;
    return kinds;
}

std::optional<FieldPlaces> FieldPlaceReader::place(const YamlNode& node)
{
    const auto text = m_nodes.text(node, "KIND.FIELD, such as http.request.host or *.packet");
    if (!text)
        return std::nullopt;
    std::string_view kind = *text;
    std::string_view field = "*";
    const std::size_t first = kind.find('.');
    const std::size_t second = first == std::string_view::npos ? first : kind.find('.', first + 1);
    if (const std::size_t cut = kind.starts_with("*.") ? 1 : second; cut != std::string_view::npos) {
        field = kind.substr(cut + 1);
        kind = kind.substr(0, cut);
    }
    FieldPlaces where;
    const auto kinds = kindsOf(node, kind);
    if (!kinds)
        return std::nullopt;
    where.kinds = *kinds;
    if (field == "*") {
        where.fields.set();
    } else if (const auto known = emulator::fieldName(field)) {
        where.fields.set(indexOf(*known));
    } else {
        unknownField(node, field);
        return std::nullopt;
    }
    return where;
}

std::pair<KindSet, FieldSet> FieldPlaceReader::places(const YamlNode& node)
{
    FieldPlaces all;
    for (const YamlNode* const item : itemsOf(node))
        if (const auto where = place(*item)) {
            all.kinds |= where->kinds;
            all.fields |= where->fields;
        }
    return {all.kinds, all.fields};
}

void FieldPlaceReader::unknownField(const YamlNode& node, std::string_view word)
{
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < fieldCount; ++i)
        words.push_back(name(static_cast<FieldName>(i)));
    m_nodes.problemWith(node.place, NodeReader::found(node), "a field of docs/trace.md",
                        emulator::nearestWord(word, words));
}

std::optional<FieldName> FieldPlaceReader::field(const YamlNode& node)
{
    if (const auto known = emulator::fieldName(node.text))
        return known;
    unknownField(node, node.text);
    return std::nullopt;
}

std::vector<FieldName> FieldPlaceReader::fieldList(const YamlNode& node)
{
    std::vector<FieldName> list;
    for (const YamlNode* const item : itemsOf(node))
        if (const auto known = field(*item))
            list.push_back(*known);
    return list;
}

FieldSet FieldPlaceReader::fieldSet(const YamlNode& node)
{
    FieldSet set;
    for (const FieldName one : fieldList(node))
        set.set(indexOf(one));
    return set;
}

}  // namespace hwbridge
