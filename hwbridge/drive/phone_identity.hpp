#pragma once

#include "emulator/base/mac_address.hpp"
#include "emulator/base/result.hpp"
#include "hwbridge/drive/html_page.hpp"

#include <optional>
#include <string>

namespace hwbridge {

// Who a phone says it is.
struct PhoneIdentity {
    std::string product;   // "CP-7832-3PCC"
    std::string firmware;  // "sip7832.11-3-1MPP-678"
    emulator::MacAddress mac;
    std::string serial;  // empty: not shown
};

// Reads Product Information as the Info tab or /status.xml shows it: Product Name, Software Version, MAC Address, Serial
// Number. `where`: for sentences. Errors: NotFound, naming the first field that is missing; Malformed: the MAC.
// Source: "Cisco IP Phone 7800 Series Multiplatform Phones Administration Guide", Product Information; WEB-INFO-STATUS.
emulator::Result<PhoneIdentity> readIdentity(const std::vector<HtmlFact>& facts, const std::string& where);

// What an inventory says of a phone; what it leaves out is not compared.
struct ExpectedIdentity {
    std::optional<std::string> product{};
    std::optional<std::string> firmware{};
    std::optional<emulator::MacAddress> mac{};
    std::optional<std::string> serial{};
};

// Errors: Refused, for the first difference: "the inventory says CP7832-1 is a CP-7832-3PCC, but the phone at … says it is
// a CP-7841-3PCC". Whoever has the wrong phone touches it no further.
emulator::Result<void> checkIdentity(const PhoneIdentity& identity, const ExpectedIdentity& expected,
                                     const std::string& device, const std::string& place);

}  // namespace hwbridge
