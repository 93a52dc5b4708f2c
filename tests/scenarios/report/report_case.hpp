#pragma once

#include "scenarios/engine/run_result.hpp"

#include <expat.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace scenarios {

inline bool isWellFormed(const std::string& xml)
{
    const std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)> parser{
        XML_ParserCreate(nullptr), &XML_ParserFree};
    return XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE) == XML_STATUS_OK;
}

// The record of a run that a test writes by hand.
struct ReportCase {
    using Fields = std::vector<std::pair<emulator::FieldName, std::variant<std::string, std::int64_t>>>;

    explicit ReportCase(Verdict verdict = Verdict::Passed, std::size_t phones = 1)
    {
        result.file = "library/a-case.yaml";
        result.title = "A title";
        result.target = "sim";
        result.seed = 7;
        result.verdict = verdict;
        for (std::size_t i = 0; i < phones; ++i)
            result.phones.push_back({"phone" + std::to_string(i + 1), "phone", "CP-7832-3PCC",
                                     emulator::MacAddress{{0, 0x0e, 8, 0, 0, 1}}.plus(i),
                                     emulator::IpAddress{0x0a4e0001 + static_cast<std::uint32_t>(i)}});
        result.servers.push_back({"tftp", fixtures::ServerKind::Tftp, server});
    }

    emulator::Endpoint phoneAt() const { return {result.phones.at(0).address, 80}; }

    void event(emulator::EventKind kind, emulator::Duration at, emulator::Endpoint from,
               emulator::Endpoint to, const Fields& fields, emulator::Observer by = emulator::Observer::Phone,
               std::uint32_t exchange = 1)
    {
        emulator::TraceEvent event;
        event.at = emulator::TimePoint{at};
        event.kind = kind;
        event.by = by;
        event.phone = result.phones.at(0).mac;
        event.exchange = {1, 0, exchange};
        event.from = from;
        event.to = to;
        for (const auto& [field, value] : fields)
            std::visit([&event, name = field](const auto& one) { event.add(name, one); }, value);
        result.events.add(event);
    }
    void sent(emulator::EventKind kind, emulator::Duration at, const Fields& fields)
    {
        event(kind, at, phoneAt(), server, fields);
    }
    void got(emulator::EventKind kind, emulator::Duration at, const Fields& fields)
    {
        event(kind, at, server, phoneAt(), fields);
    }
    void noted(emulator::EventKind kind, emulator::Duration at, const Fields& fields)
    {
        event(kind, at, {}, {}, fields);
    }
    void step(std::string text, bool expectation, StepStatus status, std::string note = "")
    {
        StepResult one;
        one.text = std::move(text);
        one.expectation = expectation;
        one.status = status;
        one.note = std::move(note);
        one.phones = one.met = 1;
        result.steps.push_back(std::move(one));
    }

    static constexpr emulator::Endpoint server{{0xc000020a}, 69};
    CaseResult result;
};

}  // namespace scenarios
