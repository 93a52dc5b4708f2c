#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/provisioning/macro.hpp"

namespace emulator {

// The macro values of one phone, and of what it is doing at the moment.
// Source: MACRO-*; "Cisco IP Phone MPP Administration Guide, Macro Expansion Variables".
//   identity    PN PSN MA MAU MAC SN SWVER HWVER IP EXTIP CCERT UID1 UID2 …
//   registers   A … P, also spelled GPP_A … GPP_P; SA … SD only as arguments of rule options
//   request     SCHEME (METH) SERV SERVIP PORT PATH ERR (while a request is known)
//   causes      PRVST -1 asked for, 0 after a start, 1 periodic, 2 after a failure; UPGST 1 first attempt, 2 after a
//               failure; UPGERR why the last upgrade failed
//   timers      PRVTMR UPGTMR: whole seconds since the last resync and upgrade attempt, REGTMR1 REGTMR2: since lines 1
//               and 2 lost their registration; since power-on if none
//   VERSION     only where asked for: Cisco-<PN>/<x.y.z>, in HTTP_User_Agent_Name
// Our choices where the guides give no value, or the phone has no such part: EXTIP is EXT_IP, else the phone's own
// address; UPGCOND, EMS, MUID and MPWD are empty, ORIGTYPE is "orig_mpp", AUTHSTATUS "none", ISCUST "0".
class PhoneMacros : public MacroSource {
public:
    PhoneMacros(const Phone& phone, TimePoint now) : m_phone{phone}, m_now{now} {}

    const Url* url = nullptr;           // of the request; null: none
    std::optional<IpAddress> serverIp;  // unknown until resolved: the name stands in its place (our choice)
    std::string_view error;
    bool withVersion = false;

    bool append(std::string_view name, std::string& out) const override;
    bool appendSecret(std::string_view name, std::string& out) const override;

private:
    bool appendRequest(std::string_view name, std::string& out) const;
    bool appendUserId(std::string_view name, std::string& out) const;
    void appendSecondsSince(TimePoint then, std::string& out) const;

    const Phone& m_phone;
    TimePoint m_now;
};

}  // namespace emulator
