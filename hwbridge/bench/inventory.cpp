#include "hwbridge/bench/inventory.hpp"

#include "emulator/base/nearest_word.hpp"
#include "hwbridge/bench/bench_files.hpp"
#include "hwbridge/bench/inventory_nodes.hpp"
#include "hwbridge/bench/power_reader.hpp"
#include "hwbridge/bench/web_reader.hpp"
#include "hwbridge/yaml/node_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::IpAddress;
using emulator::MacAddress;
using emulator::Result;

namespace {

constexpr std::size_t mostPhones = 1000;
constexpr std::size_t mostTags = 32;
constexpr std::size_t mostProblems = 20;
constexpr std::size_t longestName = 64;
constexpr std::string_view nameForm = "a name of letters, digits, '.', '_' and '-', at most 64";

bool isName(std::string_view text)
{
    return !text.empty() && text.size() <= longestName && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_' || c == '-';
    });
}

class InventoryReader {
public:
    explicit InventoryReader(std::string file) : m_nodes{std::move(file)} {}

    InventoryReading read(std::string_view text)
    {
        const auto root = parseYaml(text, "an inventory of a bench");
        if (root.has_error())
            m_nodes.problems().push_back(fmt::format("{}:{}", m_nodes.file(), root.error().detail));
        else if (m_nodes.isMap(*root, "an inventory of a bench: a map with bench and phones"))
            top(*root);
        InventoryReading reading;
        reading.problems = std::move(m_nodes.problems());
        if (reading.problems.size() > mostProblems)
            reading.problems.resize(mostProblems);
        if (reading.problems.empty())
            reading.inventory = std::move(m_inventory);
        return reading;
    }

private:
    void top(const YamlNode& root)
    {
        m_nodes.checkKeys(root,
                          {"bench", "heartbeat", "longest_lease", "capture", "servers", "leases", "phones"});
        if (const YamlNode* const bench =
                requiredValue(m_nodes, root, "bench", "bench: NAME, what this bench is called"))
            m_inventory.bench = name(*bench);
        if (const YamlNode* const heartbeat = NodeReader::value(root, "heartbeat"))
            m_inventory.heartbeat = duration(*heartbeat, 1s, 10min, "from 1s to 10m");
        if (const YamlNode* const longest = NodeReader::value(root, "longest_lease"))
            m_inventory.longestLease = duration(*longest, 1min, 168h, "from 1m to 7d");
        if (const YamlNode* const capture = NodeReader::value(root, "capture"))
            m_common.capture = captureSettings(*capture);
        if (const YamlNode* const servers = NodeReader::value(root, "servers"))
            m_common.servers = serversAddress(*servers);
        if (const YamlNode* const leases = NodeReader::value(root, "leases"))
            m_leases = readWord(m_nodes, *leases, "the file of the DHCP server's leases");
        const YamlNode* const phones =
            requiredValue(m_nodes, root, "phones", "phones: a map of the bench's phones by their names");
        if (phones == nullptr || !m_nodes.isMap(*phones, "a map of phones by their names"))
            return;
        if (phones->entries.empty() || phones->entries.size() > mostPhones)
            m_nodes.problemWith(phones->place, fmt::format("{} phones", phones->entries.size()),
                                fmt::format("from 1 to {}", mostPhones));
        for (const YamlEntry& entry : phones->entries) {
            if (m_inventory.phones.size() == mostPhones)
                break;
            phone(entry.key, entry.value);
        }
    }

    void phone(const YamlNode& key, const YamlNode& node)
    {
        BenchPhone phone;
        phone.name = name(key);
        unique(key, phone.name, &BenchPhone::name, "each name once");
        if (m_nodes.isMap(node, "a phone: a map such as {model: CP-7841-3PCC, mac: 00:0e:08:00:00:01}")) {
            m_nodes.checkKeys(node, {"model", "firmware", "mac", "address", "web", "sip_port", "capture",
                                     "power", "servers", "may", "tags"});
            if (const YamlNode* const model =
                    requiredValue(m_nodes, node, "model", "model: such as CP-7841-3PCC"))
                phone.model = readWord(m_nodes, *model, "a model such as CP-7841-3PCC");
            if (const YamlNode* const firmware = NodeReader::value(node, "firmware"))
                phone.firmware =
                    readWord(m_nodes, *firmware, "a version or load name such as sip78xx.11-3-1MPP-678");
            identity(node, phone);
            phone.leases = m_leases;
            if (const YamlNode* const web = NodeReader::value(node, "web"))
                phone.web = readWeb(m_nodes, *web);
            if (const YamlNode* const sip = NodeReader::value(node, "sip_port"))
                phone.sipPort =
                    static_cast<std::uint16_t>(m_nodes.number(*sip, 1, 65535).value_or(phone.sipPort));
            const YamlNode* const capture = NodeReader::value(node, "capture");
            phone.capture = capture != nullptr ? captureSettings(*capture) : m_common.capture;
            const YamlNode* const servers = NodeReader::value(node, "servers");
            phone.servers = servers != nullptr ? serversAddress(*servers) : m_common.servers;
            if (const YamlNode* const power = NodeReader::value(node, "power"))
                phone.power = readPower(m_nodes, *power);
            if (const YamlNode* const may = NodeReader::value(node, "may"))
                permissions(*may, phone);
            if (const YamlNode* const tags = NodeReader::value(node, "tags"))
                phone.tags = tagList(*tags);
        }
        m_inventory.phones.push_back(std::move(phone));
    }

    void identity(const YamlNode& node, BenchPhone& phone)
    {
        const YamlNode* const mac = NodeReader::value(node, "mac");
        const YamlNode* const address = NodeReader::value(node, "address");
        if (mac == nullptr && address == nullptr)
            m_nodes.problem(node, "mac: or address: in it, which say who the phone is");
        if (mac != nullptr) {
            const Result<MacAddress> read = MacAddress::parse(mac->text);
            if (mac->kind == YamlNode::Kind::Scalar && read.has_value())
                phone.mac = *read;
            else
                m_nodes.problem(*mac, "a MAC such as 00:0e:08:00:00:01");
            unique(*mac, phone.mac, &BenchPhone::mac, "each MAC once");
        }
        if (address != nullptr) {
            const Result<IpAddress> read = IpAddress::parse(address->text);
            if (address->kind == YamlNode::Kind::Scalar && read.has_value())
                phone.address = *read;
            else
                m_nodes.problem(*address, "an IPv4 address such as 192.0.2.7");
            unique(*address, phone.address, &BenchPhone::address, "each address once");
        }
    }

    // Complains when an earlier phone has the same.
    template <class T>
    void unique(const YamlNode& node, const T& value, T BenchPhone::*member, std::string_view expected)
    {
        if (value == T{})
            return;
        for (const BenchPhone& other : m_inventory.phones)
            if (other.*member == value) {
                m_nodes.problemWith(node.place,
                                    fmt::format("{}, which {} has", NodeReader::found(node), other.name),
                                    expected);
                return;
            }
    }

    CaptureSettings captureSettings(const YamlNode& node)
    {
        CaptureSettings capture;
        if (!m_nodes.isMap(node, "a map such as {interface: eth1}"))
            return capture;
        m_nodes.checkKeys(node, {"interface", "filter", "direct"});
        if (const YamlNode* const direct = NodeReader::value(node, "direct"))
            capture.direct = m_nodes.flag(*direct).value_or(false);
        if (const YamlNode* const interface =
                requiredValue(m_nodes, node, "interface", "interface: where packets are seen, such as eth1"))
            capture.interface = readWord(m_nodes, *interface, "an interface such as eth1");
        if (const YamlNode* const filter = NodeReader::value(node, "filter")) {
            constexpr std::string_view expected = "addresses, ADDRESS/BITS or MACs whose packets are wanted";
            const std::vector<YamlNode> alone{*filter};
            for (const YamlNode& item : filter->kind == YamlNode::Kind::List ? filter->items : alone) {
                const auto address = parsePhoneAddress(item.text);
                if (item.kind == YamlNode::Kind::Scalar && address.has_value())
                    capture.filter.push_back(*address);
                else
                    m_nodes.problem(item, expected);
            }
        }
        return capture;
    }

    std::optional<IpAddress> serversAddress(const YamlNode& node)
    {
        if (!m_nodes.isMap(node, "a map such as {address: 192.0.2.1}"))
            return std::nullopt;
        m_nodes.checkKeys(node, {"address"});
        const YamlNode* const address = requiredValue(
            m_nodes, node, "address", "address: of this machine on the bench's network, such as 192.0.2.1");
        if (address == nullptr)
            return std::nullopt;
        const Result<IpAddress> read = IpAddress::parse(address->text);
        if (address->kind == YamlNode::Kind::Scalar && read.has_value() && read->value != 0)
            return *read;
        m_nodes.problem(*address, "an IPv4 address of this machine such as 192.0.2.1");
        return std::nullopt;
    }

    void permissions(const YamlNode& node, BenchPhone& phone)
    {
        const std::vector<std::string_view> words{"upgrade", "factory_reset"};
        const std::vector<YamlNode> alone{node};
        for (const YamlNode& item : node.kind == YamlNode::Kind::List ? node.items : alone) {
            if (item.kind == YamlNode::Kind::Scalar && item.text == words[0])
                phone.mayUpgrade = true;
            else if (item.kind == YamlNode::Kind::Scalar && item.text == words[1])
                phone.mayFactoryReset = true;
            else
                m_nodes.problem(item, emulator::oneOf(words), words);
        }
    }

    std::vector<std::string> tagList(const YamlNode& node)
    {
        std::vector<std::string> tags;
        const std::vector<YamlNode> alone{node};
        const std::vector<YamlNode>& items = node.kind == YamlNode::Kind::List ? node.items : alone;
        if (items.size() > mostTags)
            m_nodes.problemWith(node.place, fmt::format("{} tags", items.size()),
                                fmt::format("at most {}", mostTags));
        for (const YamlNode& item : items)
            if (std::string tag = name(item); tags.size() < mostTags)
                tags.push_back(std::move(tag));
        return tags;
    }

    std::string name(const YamlNode& node)
    {
        if (node.kind == YamlNode::Kind::Scalar && isName(node.text))
            return node.text;
        m_nodes.problem(node, nameForm);
        return {};
    }
    emulator::Duration duration(const YamlNode& node, emulator::Duration least, emulator::Duration most,
                                std::string_view range)
    {
        const std::optional<emulator::Duration> read = m_nodes.duration(node);
        if (read && (*read < least || *read > most))
            m_nodes.problem(node, fmt::format("a duration {}", range));
        return read.value_or(least);
    }

    NodeReader m_nodes;
    Inventory m_inventory;
    struct {
        std::optional<CaptureSettings> capture;
        std::optional<IpAddress> servers;
    } m_common;  // of phones that have none of their own
    std::string m_leases;
};

}  // namespace

InventoryReading readInventory(const std::string& file, std::string_view text)
{
    return InventoryReader{file}.read(text);
}

std::string_view inventorySchema()
{
    return benchFiles().front().bytes;
}

}  // namespace hwbridge
