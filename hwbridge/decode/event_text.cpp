#include "hwbridge/decode/event_text.hpp"

#include "emulator/trace/event_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace hwbridge {

using namespace emulator;

namespace {

std::string number(const TraceEvent& event, FieldName field)
{
    const auto value = event.number(field);
    return value ? std::to_string(*value) : "?";
}

std::string httpVersion(const TraceEvent& event)
{
    const auto minor = event.number(FieldName::Minor);
    return minor ? fmt::format("HTTP/1.{}", *minor) : "HTTP/?";
}

std::string bytesText(const TraceEvent& event)
{
    std::string text = number(event, FieldName::Bytes) + " bytes";
    if (const auto unpacked = event.number(FieldName::Unpacked))
        text += fmt::format(" ({} unpacked)", *unpacked);
    return text;
}

// What is not said by the kinds that have a wording of their own: "field value, …" in the order of the event.
std::string otherFields(const TraceEvent& event)
{
    constexpr std::array<FieldName, 4> elsewhere{FieldName::Packet, FieldName::Note, FieldName::Repeat,
                                                 FieldName::Headers};
    std::string text;
    for (const Field& field : event.fields) {
        if (std::find(elsewhere.begin(), elsewhere.end(), field.name) != elsewhere.end())
            continue;
        if (!text.empty())
            text += ", ";
        text += name(field.name);
        text += ' ';
        if (const auto* value = std::get_if<std::int64_t>(&field.value))
            fmt::format_to(std::back_inserter(text), "{}", *value);
        else
            text += std::get<std::string_view>(field.value);
    }
    return text;
}

std::string wording(const TraceEvent& event)
{
    switch (event.kind) {
    case EventKind::HttpRequest:
        return fmt::format("{} {} {}, {}", event.text(FieldName::Method), event.text(FieldName::Target),
                           httpVersion(event), bytesText(event));
    case EventKind::HttpResponse:
        return fmt::format("{} {} {}, {}", httpVersion(event), number(event, FieldName::Status),
                           event.text(FieldName::Reason), bytesText(event));
    case EventKind::SipRequest:
        return fmt::format("{} {}, {}", event.text(FieldName::Method), event.text(FieldName::Target),
                           event.text(FieldName::Cseq));
    case EventKind::SipResponse:
        return fmt::format("{} {}, {}", number(event, FieldName::Status), event.text(FieldName::Reason),
                           event.text(FieldName::Cseq));
    case EventKind::TftpRead:
    case EventKind::TftpWrite: {
        const std::string_view options = event.text(FieldName::Text);
        return fmt::format("{} {} {}{}{}", event.kind == EventKind::TftpRead ? "read" : "write",
                           event.text(FieldName::File), event.text(FieldName::Mode),
                           options.empty() ? "" : " ", options);
    }
    case EventKind::TftpData:
        return fmt::format("data {}, {} bytes", number(event, FieldName::Block),
                           number(event, FieldName::Bytes));
    case EventKind::TftpAck:
        return fmt::format("ack {}", number(event, FieldName::Block));
    case EventKind::TftpError:
        return fmt::format("error {} {}", number(event, FieldName::Code), event.text(FieldName::Text));
    case EventKind::TftpOack:
        return fmt::format("oack {}", event.text(FieldName::Text));
    case EventKind::SyslogMessage:
        return std::string{event.text(FieldName::Text)};
    case EventKind::TcpGap:
        return fmt::format("{} bytes missing", number(event, FieldName::Bytes));
    default:
        return otherFields(event);
    }
}

}  // namespace

std::string eventText(const TraceEvent& event)
{
    std::string text = fmt::format("{:<6}", layerOf(event.kind));
    const std::string_view whole = name(event.kind);
    const bool plain = event.kind == EventKind::HttpRequest || event.kind == EventKind::HttpResponse ||
                       event.kind == EventKind::SipRequest || event.kind == EventKind::SipResponse ||
                       event.kind == EventKind::SyslogMessage || layerOf(event.kind) == "tftp";
    if (!plain)
        text.append(1, ' ').append(whole.substr(whole.find('.') + 1));
    if (const std::string words = wording(event); !words.empty())
        text.append(1, ' ').append(words);
    if (const auto repeat = event.number(FieldName::Repeat); repeat && *repeat > 0)
        fmt::format_to(std::back_inserter(text), " (sent again, {}.)", *repeat);
    if (const std::string_view note = event.text(FieldName::Note); !note.empty())
        text.append(" [").append(note).append(1, ']');
    return text;
}

}  // namespace hwbridge
