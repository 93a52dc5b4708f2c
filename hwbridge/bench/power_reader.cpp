#include "hwbridge/bench/power_reader.hpp"

#include "emulator/base/nearest_word.hpp"
#include "hwbridge/bench/inventory_nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace hwbridge {

namespace {

constexpr std::uint64_t mostIndex = std::numeric_limits<std::int32_t>::max();  // of an SNMP INTEGER
constexpr std::string_view forms =
    "poe: {...}, pdudaemon: {...}, command: {...}, or person, who pulls the plug when asked to";

class PowerReader {
public:
    explicit PowerReader(NodeReader& nodes) : m_nodes{nodes} {}

    std::optional<PowerSettings> read(const YamlNode& node)
    {
        const std::vector<std::string_view> words{"poe", "pdudaemon", "command", "person"};
        if (node.kind == YamlNode::Kind::Scalar && node.text == "person")
            return PersonSettings{};
        if (node.kind != YamlNode::Kind::Map || node.entries.size() != 1) {
            m_nodes.problem(node, forms, words);
            return std::nullopt;
        }
        const YamlEntry& only = node.entries.front();
        if (only.key.text == "poe")
            return poe(only.value);
        if (only.key.text == "pdudaemon")
            return pdu(only.value);
        if (only.key.text == "command")
            return command(only.value);
        m_nodes.problem(only.key, forms, words);
        return std::nullopt;
    }

private:
    std::optional<PowerSettings> poe(const YamlNode& node)
    {
        constexpr std::string_view form =
            "a map such as {host: switch.example, port: 7, version: 2c, community: env:SWITCH_COMMUNITY}";
        if (!m_nodes.isMap(node, form))
            return std::nullopt;
        PoeSettings power;
        power.host = requiredWord(m_nodes, node, "host", "host: name or address of the switch");
        power.group = index(NodeReader::value(node, "group"), power.group);
        power.port = index(requiredValue(m_nodes, node, "port", "port: number of the switch's port"), 1);
        const YamlNode* const version = requiredValue(m_nodes, node, "version", "version: 2c or 3, of SNMP");
        if (version == nullptr)
            return std::nullopt;
        if (version->text == "2c") {
            m_nodes.checkKeys(node, {"host", "group", "port", "version", "community"});
            const auto community =
                secret(requiredValue(m_nodes, node, "community", "community: env:NAME or file:PATH"));
            power.version = PoeSettings::Version2c{community.value_or(SecretReference{})};
        } else if (version->text == "3") {
            m_nodes.checkKeys(node, {"host", "group", "port", "version", "user", "authentication",
                                     "authentication_password", "privacy_password"});
            power.version = version3(node);
        } else {
            m_nodes.problem(*version, "2c or 3");
        }
        return power;
    }

    PoeSettings::Version3 version3(const YamlNode& node)
    {
        PoeSettings::Version3 version;
        version.user = requiredWord(m_nodes, node, "user", "user: the name to log in with");
        version.authentication = static_cast<PoeSettings::Authentication>(
            word(NodeReader::value(node, "authentication"), {"md5", "sha", "sha256", "sha512"},
                 static_cast<std::size_t>(version.authentication)));
        const auto password = [&](std::string_view key) {
            const YamlNode* const value =
                requiredValue(m_nodes, node, key, fmt::format("{}: env:NAME or file:PATH", key));
            return secret(value).value_or(SecretReference{});
        };
        version.authenticationPassword = password("authentication_password");
        version.privacyPassword = password("privacy_password");
        return version;
    }

    std::optional<PowerSettings> pdu(const YamlNode& node)
    {
        if (!m_nodes.isMap(node, "a map such as {url: \"http://pdu.example:16421\", host: pdu1, port: 3}"))
            return std::nullopt;
        m_nodes.checkKeys(node, {"url", "host", "port"});
        PduSettings power;
        if (const YamlNode* const url =
                requiredValue(m_nodes, node, "url", "url: where the pdudaemon answers, http://HOST:PORT")) {
            power.url = url->text;
            if (url->kind != YamlNode::Kind::Scalar ||
                !(power.url.starts_with("http://") || power.url.starts_with("https://")))
                m_nodes.problem(*url, "a URL such as http://pdu.example:16421");
        }
        power.host = requiredWord(m_nodes, node, "host", "host: what the pdudaemon calls the unit");
        power.port = index(requiredValue(m_nodes, node, "port", "port: number of the unit's socket"), 1);
        return power;
    }

    std::optional<PowerSettings> command(const YamlNode& node)
    {
        if (!m_nodes.isMap(node,
                           "a map such as {on: [/usr/bin/relay, 3, close], off: [/usr/bin/relay, 3, open]}"))
            return std::nullopt;
        m_nodes.checkKeys(node, {"on", "off", "probe"});
        CommandSettings power;
        constexpr std::string_view expected =
            "a program by its absolute path, and arguments: [/usr/bin/relay, 3, close]";
        const auto words = [&](std::string_view key) {
            const YamlNode* const program = NodeReader::value(node, key);
            if (program == nullptr)
                return std::vector<std::string>{};
            if (program->kind == YamlNode::Kind::List && program->items.empty())
                m_nodes.problem(*program, expected);
            std::vector<std::string> written = m_nodes.texts(*program, expected);
            if (!written.empty() && !written.front().starts_with('/'))
                m_nodes.problem(*program, expected);
            return written;
        };
        power.on = words("on");
        power.off = words("off");
        power.probe = words("probe");
        for (const std::string_view key : {"on", "off"})
            if (NodeReader::value(node, key) == nullptr)
                m_nodes.problemWith(node.place, fmt::format("no {}", key), "on: and off:, a program each");
        return power;
    }

    std::optional<SecretReference> secret(const YamlNode* node)
    {
        return node == nullptr ? std::nullopt : readSecret(m_nodes, *node);
    }
    std::uint32_t index(const YamlNode* node, std::uint32_t otherwise)
    {
        if (node == nullptr)
            return otherwise;
        return static_cast<std::uint32_t>(m_nodes.number(*node, 1, mostIndex).value_or(otherwise));
    }
    std::size_t word(const YamlNode* node, const std::vector<std::string_view>& words, std::size_t otherwise)
    {
        if (node == nullptr)
            return otherwise;
        const auto at = std::find(words.begin(), words.end(), node->text);
        if (node->kind == YamlNode::Kind::Scalar && at != words.end())
            return static_cast<std::size_t>(at - words.begin());
        m_nodes.problem(*node, emulator::oneOf(words), words);
        return otherwise;
    }

    NodeReader& m_nodes;
};

}  // namespace

std::optional<PowerSettings> readPower(NodeReader& nodes, const YamlNode& node)
{
    return PowerReader{nodes}.read(node);
}

}  // namespace hwbridge
