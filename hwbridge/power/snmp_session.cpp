#include "hwbridge/power/snmp_session.hpp"

#include <net-snmp/net-snmp-config.h>
// After the above.
#include <net-snmp/net-snmp-includes.h>

#include <fmt/format.h>

#include <cstdlib>
#include <mutex>
#include <utility>

namespace hwbridge {

using emulator::Error;
using emulator::ErrorKind;
using emulator::Result;

namespace {

// The library's own files are left alone: neither its configuration nor MIBs are read, nor is anything written. It makes the
// folder of its state if it can, whatever the options say: this one nobody can make.
void startLibrary()
{
    static std::once_flag once;
    std::call_once(once, [] {
        ::setenv("MIBS", "", 1);
        ::setenv("MIBDIRS", "/dev/null/none", 1);
        ::setenv("SNMP_PERSISTENT_DIR", "/dev/null/none", 1);
        for (const int option :
             {NETSNMP_DS_LIB_DONT_READ_CONFIGS, NETSNMP_DS_LIB_DONT_PERSIST_STATE,
              NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE})
            netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, option, 1);
        netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
        init_snmp("phonerig");
    });
}

struct Protocol {
    std::string_view name;
    const oid* id;
    std::size_t length;
};

const Protocol* authenticationNamed(std::string_view name)
{
    static const Protocol protocols[]{
        {"MD5", usmHMACMD5AuthProtocol, OID_LENGTH(usmHMACMD5AuthProtocol)},
        {"SHA", usmHMACSHA1AuthProtocol, OID_LENGTH(usmHMACSHA1AuthProtocol)},
        {"SHA-256", usmHMAC192SHA256AuthProtocol, OID_LENGTH(usmHMAC192SHA256AuthProtocol)},
        {"SHA-512", usmHMAC384SHA512AuthProtocol, OID_LENGTH(usmHMAC384SHA512AuthProtocol)}};
    for (const Protocol& protocol : protocols) {
        if (protocol.name == name)
            return &protocol;
    }
    return nullptr;
}

bool makeKey(const netsnmp_session& session, const std::string& password, unsigned char* key,
             std::size_t& length)
{
    length = USM_AUTH_KU_LEN;
    return generate_Ku(session.securityAuthProto, static_cast<u_int>(session.securityAuthProtoLen),
                       reinterpret_cast<const u_char*>(password.data()), password.size(), key,
                       &length) == SNMPERR_SUCCESS;
}

Error unusable(const SnmpAccess& access, std::string_view what)
{
    return emulator::fail(ErrorKind::Malformed, fmt::format("SNMP access to {}: {}", access.address, what));
}

Result<void> prepareV3(netsnmp_session& session, const SnmpAccess& access)
{
    const Protocol* const authentication = authenticationNamed(access.authentication);
    if (authentication == nullptr) {
        return unusable(access, fmt::format("authentication '{}', expected MD5, SHA, SHA-256 or SHA-512",
                                            access.authentication));
    }
    if (access.encryption != "AES")
        return unusable(access, fmt::format("encryption '{}', expected AES", access.encryption));
    if (access.user.empty())
        return unusable(access, "no user is named, which version 3 needs");
    constexpr std::size_t shortest = USM_LENGTH_P_MIN;
    if (access.authenticationPassword.size() < shortest || access.encryptionPassword.size() < shortest)
        return unusable(access, "a password is shorter than 8 letters, which version 3 forbids");
    session.version = SNMP_VERSION_3;
    session.securityLevel = SNMP_SEC_LEVEL_AUTHPRIV;
    session.securityName = const_cast<char*>(access.user.c_str());
    session.securityNameLen = access.user.size();
    session.securityAuthProto = const_cast<oid*>(authentication->id);
    session.securityAuthProtoLen = authentication->length;
    session.securityPrivProto = usmAESPrivProtocol;
    session.securityPrivProtoLen = OID_LENGTH(usmAESPrivProtocol);
    if (!makeKey(session, access.authenticationPassword, session.securityAuthKey,
                 session.securityAuthKeyLen) ||
        !makeKey(session, access.encryptionPassword, session.securityPrivKey, session.securityPrivKeyLen))
        return unusable(access, "no keys can be made of its passwords");
    return {};
}

std::string placeOf(const SnmpAccess& access)
{
    return fmt::format("the switch at {}", access.address);
}

// What version 3 reports of credentials; empty for anything else.
std::string_view credentialFault(int error)
{
    switch (error) {
    case SNMPERR_UNKNOWN_USER_NAME:
        return "does not know the user";
    case SNMPERR_AUTHENTICATION_FAILURE:
        return "refuses the authentication password or protocol";
    case SNMPERR_DECRYPTION_ERR:
        return "cannot decrypt: the encryption password or protocol is another";
    case SNMPERR_UNSUPPORTED_SEC_LEVEL:
        return "does not take this user with authentication and encryption";
    default:
        return {};
    }
}

std::string reasonOf(void* handle, int* number = nullptr)
{
    char* text = nullptr;
    int system = 0;
    int error = 0;
    snmp_sess_error(handle, &system, &error, &text);
    std::string reason = text != nullptr ? text : "";
    std::free(text);
    if (number != nullptr)
        *number = error;
    return reason;
}

struct FreePdu {
    void operator()(netsnmp_pdu* pdu) const { snmp_free_pdu(pdu); }
};

}  // namespace

Result<SnmpSession> SnmpSession::open(const SnmpAccess& access)
{
    startLibrary();
    netsnmp_session session;
    snmp_sess_init(&session);
    const std::string peer = "udp:" + access.address;
    session.peername = const_cast<char*>(peer.c_str());
    session.timeout = std::chrono::duration_cast<std::chrono::microseconds>(access.timeout).count();
    session.retries = access.retries;
    if (access.version == SnmpAccess::Version::V3) {
        const Result<void> prepared = prepareV3(session, access);
        if (!prepared.has_value())
            return emulator::fail(prepared.error());
    } else {
        if (access.community.empty())
            return unusable(access, "no community is named, which version 2c needs");
        session.version = SNMP_VERSION_2c;
        session.community = reinterpret_cast<u_char*>(const_cast<char*>(access.community.data()));
        session.community_len = access.community.size();
    }
    void* const handle = snmp_sess_open(&session);
    if (handle != nullptr)
        return SnmpSession{access, handle};
    if (session.s_snmp_errno == SNMPERR_TIMEOUT) {
        return emulator::fail(
            ErrorKind::TimedOut,
            fmt::format("{} gives no answer to SNMP version 3; is it there?", placeOf(access)));
    }
    const std::string_view fault = credentialFault(session.s_snmp_errno);
    return emulator::fail(fault.empty() ? ErrorKind::Unreachable : ErrorKind::Refused,
                          fmt::format("{} {}", placeOf(access),
                                      fault.empty() ? fmt::format("cannot be reached by SNMP: {}",
                                                                  snmp_api_errstring(session.s_snmp_errno))
                                                    : std::string{fault}));
}

SnmpSession::SnmpSession(const SnmpAccess& access, void* handle)
    : m_place{placeOf(access)},
      m_version{access.version},
      m_handle{handle}
{}

SnmpSession::SnmpSession(SnmpSession&& other) noexcept
    : m_place{std::move(other.m_place)},
      m_version{other.m_version},
      m_handle{std::exchange(other.m_handle, nullptr)}
{}

SnmpSession::~SnmpSession()
{
    if (m_handle != nullptr)
        snmp_sess_close(m_handle);
}

Error SnmpSession::silence() const
{
    return emulator::fail(ErrorKind::TimedOut,
                          fmt::format("{} gives no answer to SNMP; {}", m_place,
                                      m_version == SnmpAccess::Version::V2c
                                          ? "it is not there, or does not know this community"
                                          : "it is not there, or the encryption password is another"));
}

Result<long> SnmpSession::ask(int command, const ObjectId& object, long value)
{
    netsnmp_pdu* const request = snmp_pdu_create(command);
    std::vector<oid> id(object.begin(), object.end());
    if (command == SNMP_MSG_SET)
        snmp_pdu_add_variable(request, id.data(), id.size(), ASN_INTEGER, &value, sizeof value);
    else
        snmp_add_null_var(request, id.data(), id.size());
    netsnmp_pdu* received = nullptr;
    const int status = snmp_sess_synch_response(m_handle, request, &received);
    const std::unique_ptr<netsnmp_pdu, FreePdu> response{received};
    if (status == STAT_TIMEOUT)
        return silence();
    if (status != STAT_SUCCESS || !response) {
        int number = 0;
        const std::string reason = reasonOf(m_handle, &number);
        const std::string_view fault = credentialFault(number);
        return emulator::fail(
            ErrorKind::Refused,
            fmt::format("{} {}", m_place, fault.empty() ? "fails: " + reason : std::string{fault}));
    }
    if (response->errstat != SNMP_ERR_NOERROR) {
        return emulator::fail(
            response->errstat == SNMP_ERR_NOSUCHNAME ? ErrorKind::NotFound : ErrorKind::Refused,
            fmt::format("{} refuses: {}", m_place, snmp_errstring(static_cast<int>(response->errstat))));
    }
    const netsnmp_variable_list* const variable = response->variables;
    if (variable == nullptr || variable->type == SNMP_NOSUCHOBJECT || variable->type == SNMP_NOSUCHINSTANCE ||
        variable->type == SNMP_ENDOFMIBVIEW) {
        return emulator::fail(ErrorKind::NotFound, fmt::format("{} has no such object", m_place));
    }
    if (variable->type != ASN_INTEGER || variable->val.integer == nullptr)
        return emulator::fail(ErrorKind::Malformed, fmt::format("{} answers no number", m_place));
    return *variable->val.integer;
}

Result<long> SnmpSession::integer(const ObjectId& object)
{
    return ask(SNMP_MSG_GET, object, 0);
}

Result<void> SnmpSession::setInteger(const ObjectId& object, long value)
{
    const Result<long> answer = ask(SNMP_MSG_SET, object, value);
    return answer.has_value() ? Result<void>{} : emulator::fail(answer.error());
}

}  // namespace hwbridge
