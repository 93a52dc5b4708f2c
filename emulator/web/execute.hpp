#pragma once

#include "emulator/web/phone_pages.hpp"

namespace emulator {

// POST /CGI/Execute: takes a Cisco XML object (xml_command.hpp), as the body itself or as the field XML of a form.
// Who may: CISCO_XML_EXE_Auth_Mode
//           Trusted            everybody
//           Local Credential   user and User_Password, or admin and Admin_Password; everybody while User_Password is
//                              empty
//           Remote Credential  XML_User_Name and XML_Password; nobody while XML_Password is empty (our choice)
//         by Digest or, our choice, Basic.
// Answer:  our choice, the guides show none: <CP-7832-3PCCResponse><ResponseItem Status="0" Data="Success"/>…, or with
//         status 400, 403 or 413 <CP-7832-3PCCError>what was wrong</…>.
// Source: XML-CGI-EXECUTE; "Cisco IP Phone Multiplatform Phones Administration Guide", XML Service.
WebAnswer answerExecute(const Phone& phone, TimePoint now, const HttpRequest& request, IpAddress requester);

}  // namespace emulator
