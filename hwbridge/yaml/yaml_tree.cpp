#include "hwbridge/yaml/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>

namespace hwbridge {

namespace {

using emulator::ErrorKind;

struct Stop {  // ends the parser from inside its callbacks; never leaves parseYaml
    emulator::Error error;
};

Place placeOf(const YAML::Mark& mark)
{
    return {static_cast<std::size_t>(mark.line + 1), static_cast<std::size_t>(mark.column + 1)};
}

[[noreturn]] void stop(ErrorKind kind, const Place& place, std::string_view text)
{
    throw Stop{emulator::fail(kind, fmt::format("{}:{}: {}", place.line, place.column, text))};
}

class TreeBuilder : public YAML::EventHandler {
public:
    explicit TreeBuilder(const YamlLimits& limits) : m_limits{limits} {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuseAlias(mark); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuseAlias(mark); }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override
    {
        add({YamlNode::Kind::Null, placeOf(mark), {}, false, {}, {}});
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  const std::string& value) override
    {
        const bool plain = tag != "!";
        if (plain && (value.empty() || value == "~" || value == "null"))
            add({YamlNode::Kind::Null, placeOf(mark), {}, false, {}, {}});
        else
            add({YamlNode::Kind::Scalar, placeOf(mark), value, !plain, {}, {}});
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override
    {
        open({YamlNode::Kind::List, placeOf(mark), {}, false, {}, {}});
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override
    {
        open({YamlNode::Kind::Map, placeOf(mark), {}, false, {}, {}});
    }
    void OnMapEnd() override { close(); }

    YamlNode take() { return std::move(m_root); }

private:
    struct Level {
        YamlNode node;
        YamlNode key;
        bool hasKey = false;
    };

    [[noreturn]] static void refuseAlias(const YAML::Mark& mark)
    {
        stop(ErrorKind::Malformed, placeOf(mark), "found an anchor or alias, expected the value written out");
    }

    void open(YamlNode node)
    {
        if (m_levels.size() >= m_limits.depth)
            stop(ErrorKind::TooLarge, node.place,
                 fmt::format("found a value nested more than {} levels deep, expected a flatter one",
                             m_limits.depth));
        count(node.place);
        if (!m_levels.empty() && m_levels.back().node.kind == YamlNode::Kind::Map && !m_levels.back().hasKey)
            stop(ErrorKind::Malformed, node.place, "found a list or map as a key, expected a word");
        m_levels.push_back({std::move(node), {}, false});
    }
    void close()
    {
        YamlNode node = std::move(m_levels.back().node);
        m_levels.pop_back();
        place(std::move(node));
    }
    void add(YamlNode node)
    {
        count(node.place);
        place(std::move(node));
    }
    void place(YamlNode node)
    {
        if (m_levels.empty()) {
            m_root = std::move(node);
            return;
        }
        Level& level = m_levels.back();
        if (level.node.kind == YamlNode::Kind::List) {
            level.node.items.push_back(std::move(node));
        } else if (!level.hasKey) {
            level.key = std::move(node);
            level.hasKey = true;
        } else {
            level.node.entries.push_back({std::move(level.key), std::move(node)});
            level.hasKey = false;
        }
    }
    void count(const Place& where)
    {
        if (++m_nodes > m_limits.nodes)
            stop(ErrorKind::TooLarge, where,
                 fmt::format("found more than {} values, expected fewer", m_limits.nodes));
    }

    YamlLimits m_limits;
    std::size_t m_nodes = 0;
    std::vector<Level> m_levels;
    YamlNode m_root;
};

}  // namespace

emulator::Result<YamlNode> parseYaml(std::string_view text, std::string_view expected,
                                     const YamlLimits& limits)
{
    if (text.size() > limits.bytes)
        return emulator::fail(ErrorKind::TooLarge, fmt::format("1:1: found {} bytes, expected at most {}",
                                                               text.size(), limits.bytes));
    TreeBuilder builder{limits};
    try {
        std::istringstream stream{std::string{text}};
        YAML::Parser parser{stream};
        if (!parser.HandleNextDocument(builder))
            return emulator::fail(ErrorKind::Malformed,
                                  fmt::format("1:1: found nothing, expected {}", expected));
        YamlNode root = builder.take();
        TreeBuilder second{limits};
        if (parser.HandleNextDocument(second))
            stop(ErrorKind::Malformed, second.take().place, "found a second document, expected one per file");
        return root;
    } catch (const Stop& stopped) {
        return stopped.error;
    } catch (const YAML::Exception& error) {
        const Place place = placeOf(error.mark);
        return emulator::fail(ErrorKind::Malformed,
                              fmt::format("{}:{}: found no valid YAML ({}), expected key: value", place.line,
                                          place.column, error.msg));
    }
}

}  // namespace hwbridge
