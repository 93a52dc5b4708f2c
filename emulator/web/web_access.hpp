#pragma once

#include "emulator/protocol/http_message.hpp"
#include "emulator/web/request_target.hpp"
#include "emulator/web/web_view.hpp"

#include <string_view>

namespace emulator {

// Whether a request may use pages of this level. Without Admin_Password everybody is the administrator; without
// User_Password everybody may use the user's pages.
// Shape:  names "admin" and "user"; the administrator may see the user's pages too. Accepted are HTTP Basic
//         (RFC 7617) and the login at the end of the address. Passwords are compared in constant time.
// Source: fixed names and xuser/xpassword: "Cisco IP Phone MPP Administration Guide". Basic is our choice; the
//         session cookies of real phones are not documented.
bool mayEnter(const Phone& phone, WebLogin level, const HttpRequest& request, const RequestTarget& target);

// Whether the value of an Authorization field is HTTP Basic with this user and password.
bool givesBasic(std::string_view authorization, std::string_view user, std::string_view password);

// Whether a browser sent this on behalf of a page of another host: its Origin, else its Referer, names a host other
// than the request's own. Such requests may change nothing (our choice; guides only say that they may be refused).
bool comesFromForeignPage(const HttpRequest& request);

}  // namespace emulator
