#pragma once

#include "emulator/phone/phone.hpp"

#include <string_view>

namespace emulator {

// What a Cisco XML object makes of a phone, however it came: by POST to /CGI/Execute or in a SIP NOTIFY.
// Shape:  the root names the model, <CP-7832-3PCCExecute> for a CP-7832-3PCC; its one item is "Resync:rule", the rule
//         as in Profile_Rule, macros and options included. "Resync:" alone takes the stored rules (our choice).
// Errors: Refused while CISCO_XML_EXE_Enable or Provision_Enable is No; Malformed for another model; Unsupported for
//         other items; those of parseXmlExecute.
// Source: XML-CGI-EXECUTE, XML-EXECUTE-RESYNC, XML-MACROS; "Cisco IP Phone Multiplatform Phones Provisioning Guide,
//         Provisioning Methods", XML object. The resync waits for idle lines, and the resync triggers hold for it.
Result<ResyncCommanded> readXmlCommand(const Phone& phone, std::string_view object, IpAddress requester);

}  // namespace emulator
