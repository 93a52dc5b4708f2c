#include "hwbridge/drive/phone_identity.hpp"

#include "hwbridge/drive/page_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hwbridge {

using emulator::ErrorKind;
using emulator::MacAddress;
using emulator::Result;

namespace {

const std::string* factNamed(const std::vector<HtmlFact>& facts, std::string_view label)
{
    const std::string words = nameWords(label);
    const auto found = std::find_if(facts.begin(), facts.end(),
                                    [&](const HtmlFact& fact) { return nameWords(fact.label) == words; });
    return found != facts.end() ? &found->value : nullptr;
}

emulator::Error missing(const std::string& where, std::string_view label)
{
    return emulator::fail(ErrorKind::NotFound,
                          fmt::format("{} shows no '{}', by which a phone is known", where, label));
}

emulator::Error differs(std::string_view what, std::string_view expected, std::string_view found,
                        const std::string& device, const std::string& place)
{
    return emulator::fail(ErrorKind::Refused,
                          fmt::format("the inventory says that {} of {} is {}, but {} says {}", what, device,
                                      expected, place, found));
}

}  // namespace

Result<PhoneIdentity> readIdentity(const std::vector<HtmlFact>& facts, const std::string& where)
{
    const std::string* const product = factNamed(facts, "Product Name");
    const std::string* const firmware = factNamed(facts, "Software Version");
    const std::string* const mac = factNamed(facts, "MAC Address");
    const std::string* const serial = factNamed(facts, "Serial Number");
    if (product == nullptr)
        return missing(where, "Product Name");
    if (firmware == nullptr)
        return missing(where, "Software Version");
    if (mac == nullptr)
        return missing(where, "MAC Address");
    Result<MacAddress> read = MacAddress::parse(*mac);
    if (!read.has_value())
        return emulator::fail(read.error().kind, fmt::format("{}: {}", where, read.error().detail));
    return PhoneIdentity{*product, *firmware, read.value(), serial != nullptr ? *serial : ""};
}

Result<void> checkIdentity(const PhoneIdentity& identity, const ExpectedIdentity& expected,
                           const std::string& device, const std::string& place)
{
    if (expected.product && *expected.product != identity.product)
        return differs("the model", *expected.product, identity.product, device, place);
    if (expected.mac && *expected.mac != identity.mac)
        return differs("the MAC address", expected.mac->colons(), identity.mac.colons(), device, place);
    if (expected.serial && *expected.serial != identity.serial)
        return differs("the serial number", *expected.serial, identity.serial, device, place);
    if (expected.firmware && *expected.firmware != identity.firmware)
        return differs("the firmware", *expected.firmware, identity.firmware, device, place);
    return {};
}

}  // namespace hwbridge
