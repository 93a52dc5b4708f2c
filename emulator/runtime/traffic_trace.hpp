#pragma once

#include "emulator/protocol/http_message.hpp"
#include "emulator/protocol/sip_message.hpp"
#include "emulator/trace/trace_event.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

// Fills the fields of trace events from the messages themselves, the same for phones, rig servers, virtual time and
// real sockets. Never adds credentials, cookies or bodies: what is secret inside a target or a text is replaced by
// a stable pseudonym first (design decision D7).
//
// One per thread. Texts it makes live until its next call, which is as long as a sink may look at the event.
class TrafficTrace {
public:
    TrafficTrace();                          // with a key of this process: pseudonyms differ from run to run
    explicit TrafficTrace(std::string key);  // with a run's own key, from its seed: pseudonyms repeat with it

    // http.request: method, target, host, user_agent, minor, bytes of the body.
    void describe(TraceEvent& event, const HttpRequest& request);
    // Adds the first 500 characters of what a phone sent to a server of the rig; what is not printable is '?', and
    // the values of form fields that name a secret are replaced. Never of what a person sends to a phone's pages.
    void describeUpload(TraceEvent& event, const HttpRequest& request);
    // http.response: status, reason, minor, bytes of the body.
    void describe(TraceEvent& event, const HttpResponse& response);
    // tftp.*: kind and fields of one datagram. Nothing, and an untouched event, for what is no TFTP packet.
    //   read, write: file, mode, text (the options, "blksize=1024 tsize=0") · data: block, bytes · ack: block ·
    //   error: code, text · oack: text (the options)
    std::optional<EventKind> describeTftp(TraceEvent& event, std::string_view datagram);
    // syslog.message: severity, facility, text (without PRI), raw.
    void describeSyslog(TraceEvent& event, std::string_view datagram);
    // sip.request: method, target, [event], call_id, cseq, bytes of the body. sip.response: status, reason, call_id,
    // cseq, bytes. Nothing, and an untouched event, for what is no SIP.
    std::optional<EventKind> describeSip(TraceEvent& event, std::string_view datagram);
    // server.fault: server, fault.
    void describeFault(TraceEvent& event, std::string_view server, std::string_view fault);

    // `text` with its secrets replaced, as "secret-" and 12 hexadecimal digits: values of query parameters named
    // like a password or key, user and password of URLs, arguments of the rule options key, uid and pwd.
    // The text itself when it has none.
    std::string_view withoutSecrets(std::string_view text);
    // What stands for a text that is secret as a whole: "secret-" and 12 hexadecimal digits.
    std::string pseudonym(std::string_view secret) const;

private:
    std::string replaced(std::string_view text) const;
    std::string withoutPassword(const std::string& uri) const;

    std::string m_key;
    std::string m_text;   // of the last withoutSecrets
    std::string m_other;  // a second text of the same event
    SipMessage m_sip;     // whose texts the same event shows
};

// The kind of a SIP datagram by its first bytes alone.
EventKind sipEventKind(std::string_view datagram);

// The kind of a TFTP datagram by its opcode alone, to ask a sink before anything is decoded.
std::optional<EventKind> tftpEventKind(std::string_view datagram);

}  // namespace emulator
