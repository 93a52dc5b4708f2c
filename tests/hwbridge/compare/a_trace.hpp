#pragma once

#include "hwbridge/compare/comparison.hpp"
#include "hwbridge/compare/rules_reader.hpp"
#include "hwbridge/compare/text_report.hpp"
#include "hwbridge/compare/trace_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

namespace hwbridge {

// A small trace, told message by message: a phone at 10.0.0.1 and its servers, as the wire shows them.
class ATrace {
public:
    using Duration = emulator::Duration;
    using Fields = std::vector<std::pair<emulator::FieldName, std::variant<std::string, std::int64_t>>>;

    explicit ATrace(emulator::Observer by = emulator::Observer::Wire) : m_by{by} {}

    ATrace& of(std::string_view mac, std::string_view address)
    {
        m_phone = *emulator::MacAddress::parse(mac);
        m_address = *emulator::IpAddress::parse(address);
        return *this;
    }
    ATrace& seenBy(emulator::Observer by)
    {
        m_by = by;
        return *this;
    }
    ATrace& nobodyNamed(bool nobody = true)
    {
        m_named = !nobody;
        return *this;
    }
    ATrace& after(Duration time)
    {
        m_now += time;
        return *this;
    }

    ATrace& sent(emulator::EventKind kind, std::uint16_t port, Fields fields, bool sameExchange = false)
    {
        return message(kind, {m_address, m_port}, {m_server, port}, std::move(fields), sameExchange);
    }
    ATrace& got(emulator::EventKind kind, std::uint16_t port, Fields fields)
    {
        return message(kind, {m_server, port}, {m_address, m_port}, std::move(fields), true);
    }

    // What a phone of this kind does.
    struct Request {
        std::string method = "GET";
        std::string target = "/basic.txt";
        std::string userAgent = "Cisco-CP-7832-3PCC/11.3.1 (88012B000001)";
        std::int64_t minor = 1;
        std::int64_t bytes = 0;
        std::string host = "prov.example:80";
        std::uint16_t port = 80;  // of the connection
        std::vector<std::string> headers{"Host: $HOST", "User-Agent: $UA", "Accept: */*",
                                         "Connection: close"};
    };
    ATrace& asks(const Request& request)
    {
        using emulator::FieldName;
        std::string headers;
        for (std::string line : request.headers) {
            if (const std::size_t at = line.find("$UA"); at != std::string::npos)
                line.replace(at, 3, request.userAgent);
            if (const std::size_t at = line.find("$HOST"); at != std::string::npos)
                line.replace(at, 5, request.host);
            headers += line + "\n";
        }
        return sent(emulator::EventKind::HttpRequest, request.port,
                    {{FieldName::Method, request.method},
                     {FieldName::Target, request.target},
                     {FieldName::Host, request.host},
                     {FieldName::UserAgent, request.userAgent},
                     {FieldName::Minor, request.minor},
                     {FieldName::Bytes, request.bytes},
                     {FieldName::Headers, headers}});
    }
    ATrace& answered(std::int64_t status, std::string reason = "OK", std::int64_t bytes = 100)
    {
        using emulator::FieldName;
        after(std::chrono::milliseconds{2});
        return got(emulator::EventKind::HttpResponse, 80,
                   {{FieldName::Status, status},
                    {FieldName::Reason, std::move(reason)},
                    {FieldName::Minor, std::int64_t{1}},
                    {FieldName::Bytes, bytes}});
    }
    ATrace& logs(const std::string& text, std::int64_t severity = 5, std::int64_t facility = 16)
    {
        using emulator::FieldName;
        const std::string line = m_stamp + " CP-7832-3PCC " + m_phone.colons() + " -- " + text;
        after(std::chrono::milliseconds{1});
        return sent(emulator::EventKind::SyslogMessage, 514,
                    {{FieldName::Severity, severity},
                     {FieldName::Facility, facility},
                     {FieldName::Text, line},
                     {FieldName::Raw, "<" + std::to_string(facility * 8 + severity) + ">" + line}});
    }
    ATrace& reads(const std::string& file, const std::string& options = "", bool again = false)
    {
        using emulator::FieldName;
        Fields fields{{FieldName::File, file}, {FieldName::Mode, "octet"}};
        if (!options.empty())
            fields.emplace_back(FieldName::Text, options);
        return sent(emulator::EventKind::TftpRead, 69, std::move(fields), again);
    }
    ATrace& block(std::int64_t number, std::int64_t bytes)
    {
        using emulator::FieldName;
        after(std::chrono::milliseconds{1});
        got(emulator::EventKind::TftpData, 4000, {{FieldName::Block, number}, {FieldName::Bytes, bytes}});
        return sent(emulator::EventKind::TftpAck, 4000, {{FieldName::Block, number}}, true);
    }
    ATrace& looksUp(const std::string& name)
    {
        using emulator::FieldName;
        after(std::chrono::milliseconds{1});
        sent(emulator::EventKind::DnsQuery, 53, {{FieldName::Name, name}});
        after(std::chrono::milliseconds{1});
        return got(emulator::EventKind::DnsResponse, 53, {{FieldName::Addresses, "10.0.0.9"}});
    }
    // A NOTIFY of the proxy's, and what the phone says to it.
    // `headers`: of the answer.
    ATrace& notified(const std::string& cseq, std::int64_t status, std::string reason,
                     std::string headers = {})
    {
        using emulator::FieldName;
        const emulator::Endpoint phone{m_address, 5060};
        const emulator::Endpoint proxy{m_server, 5060};
        after(std::chrono::milliseconds{1});
        message(emulator::EventKind::SipRequest, proxy, phone,
                {{FieldName::Method, "NOTIFY"}, {FieldName::CallId, "c1@10.0.0.9"}, {FieldName::Cseq, cseq}},
                false);
        after(std::chrono::milliseconds{1});
        return message(emulator::EventKind::SipResponse, phone, proxy,
                       {{FieldName::Status, status},
                        {FieldName::Reason, std::move(reason)},
                        {FieldName::Cseq, cseq},
                        {FieldName::Headers, std::move(headers)}},
                       true);
    }
    ATrace& shows(const std::string& led)
    {
        using emulator::FieldName;
        return add(emulator::EventKind::PhoneLed, {}, {}, {{FieldName::Led, "mute"}, {FieldName::State, led}},
                   emulator::ExchangeId{});
    }

    // One resync over HTTP, as it should be.
    ATrace& resync() { return resync(Request{}); }
    ATrace& resync(const Request& request)
    {
        logs("Requesting resync http://10.0.0.9:80" + request.target);
        asks(request).answered(200);
        return logs("Successful resync http://10.0.0.9:80" + request.target);
    }

    ATrace& stamped(std::string stamp)
    {
        m_stamp = std::move(stamp);
        return *this;
    }
    ATrace& fromPort(std::uint16_t port)
    {
        m_port = port;
        return *this;
    }
    ATrace& servedFrom(std::string_view address)
    {
        m_server = *emulator::IpAddress::parse(address);
        return *this;
    }

    const TraceStore& store() const { return m_store; }

    ATrace& add(emulator::EventKind kind, emulator::Endpoint from, emulator::Endpoint to,
                const Fields& fields, emulator::ExchangeId exchange)
    {
        emulator::TraceEvent event;
        event.at = emulator::TimePoint{m_now};
        event.kind = kind;
        event.by = m_by;
        event.exchange = exchange;
        if (m_named)
            event.phone = m_phone;
        event.from = from;
        event.to = to;
        for (const auto& [field, value] : fields)
            if (const auto* number = std::get_if<std::int64_t>(&value))
                event.add(field, *number);
            else
                event.add(field, std::string_view{std::get<std::string>(value)});
        event.add(emulator::FieldName::Packet, static_cast<std::int64_t>(m_store.events().size() + 1));
        m_store.seen(event);
        return *this;
    }

private:
    ATrace& message(emulator::EventKind kind, emulator::Endpoint from, emulator::Endpoint to, Fields fields,
                    bool sameExchange)
    {
        m_exchange += sameExchange ? 0u : 1u;
        return add(kind, from, to, fields, {1, 0, m_exchange});
    }

    TraceStore m_store;
    emulator::Observer m_by;
    emulator::MacAddress m_phone = *emulator::MacAddress::parse("000e08000001");
    emulator::IpAddress m_address = *emulator::IpAddress::parse("10.0.0.1");
    emulator::IpAddress m_server = *emulator::IpAddress::parse("10.0.0.9");
    std::uint16_t m_port = 40000;
    std::string m_stamp = "Jan  1 00:00:01";
    Duration m_now{};
    std::uint32_t m_exchange = 0;
    bool m_named = true;
};

inline Comparison compared(const ATrace& a, const ATrace& b, const Rules& rules = defaultRules())
{
    const auto result = compareTraces(a.store(), b.store(), rules);
    EXPECT_TRUE(result.has_value());
    return result.has_value() ? *result : Comparison{};
}

// The titles of the roots: "http.request user_agent".
inline std::vector<std::string> rootsOf(const Comparison& comparison)
{
    std::vector<std::string> titles;
    for (const std::size_t root : comparison.roots())
        titles.push_back(titleOf(comparison.findings[root].first));
    return titles;
}
inline std::vector<std::string> rootsOf(const ATrace& a, const ATrace& b)
{
    return rootsOf(compared(a, b));
}

}  // namespace hwbridge
