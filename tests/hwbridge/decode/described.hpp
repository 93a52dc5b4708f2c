#pragma once

#include "hwbridge/decode/datagram_decoder.hpp"

#include "emulator/trace/trace_buffer.hpp"

#include <chrono>
#include <cstring>
#include <deque>
#include <memory>
#include <string>

namespace hwbridge {

using Outcome = DatagramDecoder::Outcome;
using namespace emulator;  // the tests speak of events and fields all the time

// What a decoder made of a message, with texts that live on.
class Described {
public:
    Described(Outcome outcome, const TraceEvent& event) : m_outcome{outcome} { m_kept->add(event); }

    const TraceEvent& event() const { return m_kept->events().front(); }
    Outcome outcome() const { return m_outcome; }
    EventKind kind() const { return event().kind; }
    std::string text(FieldName field) const { return std::string{event().text(field)}; }
    std::int64_t number(FieldName field) const { return event().number(field).value_or(-1); }
    bool has(FieldName field) const
    {
        for (const Field& one : event().fields)
            if (one.name == field)
                return true;
        return false;
    }
    std::uint32_t exchange() const { return event().exchange.number; }
    std::int64_t repeat() const { return event().number(FieldName::Repeat).value_or(0); }
    std::string note() const { return text(FieldName::Note); }

private:
    Outcome m_outcome;
    std::shared_ptr<TraceBuffer> m_kept = std::make_shared<TraceBuffer>();
};

// A wire on which time passes, and a decoder that listens.
class Wire {
public:
    explicit Wire(DatagramOptions options = {}) : m_decoder{std::move(options)} {}

    Wire& pass(std::chrono::microseconds time)
    {
        m_now += time;
        return *this;
    }

    Described udp(std::string_view from, std::string_view to, std::string_view payload)
    {
        return describe(&DatagramDecoder::udp, from, to, payload);
    }
    Described icmp(std::string_view packet)
    {
        return describe(&DatagramDecoder::icmp, "192.0.2.1:0", "192.0.2.2:0", packet);
    }
    Described icmp(std::string_view from, std::string_view to, std::string_view packet)
    {
        return describe(&DatagramDecoder::icmp, from, to, packet);
    }
    Described arp(std::string_view packet) { return describe(&DatagramDecoder::arp, {}, {}, packet); }
    Described lldp(std::string_view packet) { return describe(&DatagramDecoder::lldp, {}, {}, packet); }
    Described cdp(std::string_view packet) { return describe(&DatagramDecoder::cdp, {}, {}, packet); }

    DatagramDecoder& decoder() { return m_decoder; }

private:
    using Decode = Outcome (DatagramDecoder::*)(TraceEvent&, std::string_view);

    Described describe(Decode decode, std::string_view from, std::string_view to, std::string_view payload)
    {
        TraceEvent event;
        event.by = Observer::Wire;
        event.at = m_now;
        event.kind = EventKind::Count;
        if (!from.empty()) {
            event.from = Endpoint::parse(from, 0).value();
            event.to = Endpoint::parse(to, 0).value();
        }
        event.add(FieldName::Packet, std::int64_t{7});
        // Memory that ends where the payload ends, so that a sanitizer sees every read beyond it.
        const std::unique_ptr<char[]> exact{new char[payload.size()]};
        std::memcpy(exact.get(), payload.data(), payload.size());
        const Outcome outcome = (m_decoder.*decode)(event, {exact.get(), payload.size()});
        return Described{outcome, event};
    }

    DatagramDecoder m_decoder;
    TimePoint m_now{};
};

}  // namespace hwbridge
