#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/provisioning/macro.hpp"

namespace emulator {

// The macro values of one phone, and of what it is doing at the moment.
// Source: MACRO-*; "Cisco IP Phone MPP Administration Guide, Macro Expansion Variables".
//   identity    PN PSN MA MAU MAC SN SWVER HWVER IP CCERT
//   registers   A … P, also spelled GPP_A … GPP_P
//   request     SCHEME SERV SERVIP PORT PATH ERR (while a request is known)
//   timers      PRVTMR UPGTMR: whole seconds since the last resync and upgrade attempt; since power-on if none
//   VERSION     only where asked for: Cisco-<PN>/<x.y.z>, in HTTP_User_Agent_Name
// $CCERT is "Not Installed" until phones have certificates of their own.
class PhoneMacros : public MacroSource {
public:
    PhoneMacros(const Phone& phone, TimePoint now) : m_phone{phone}, m_now{now} {}

    const Url* url = nullptr;           // of the request; null: none
    std::optional<IpAddress> serverIp;  // unknown until resolved: the name stands in its place (our choice)
    std::string_view error;
    bool withVersion = false;

    bool append(std::string_view name, std::string& out) const override;

private:
    bool appendRequest(std::string_view name, std::string& out) const;

    const Phone& m_phone;
    TimePoint m_now;
};

}  // namespace emulator
