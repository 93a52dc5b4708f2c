#pragma once

#include "scenarios/engine/runner.hpp"
#include "scenarios/engine/scenario_file.hpp"
#include "scenarios/engine/stage_plan.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace scenarios {

// A stage that plays back what a test wrote down: events at their times, answers to pages. Time jumps.
class FakeStage : public Stage {
public:
    explicit FakeStage(const Scenario& scenario)
    {
        const auto fleet = planFleet(scenario, [&](const std::string& name) { return server(name); },
                                     emulator::IpAddress{0x0a000001}, {});
        m_phones = planPhones(scenario, *fleet);
        std::size_t k = 0;
        for (const ServerPlan& plan : scenario.servers)
            m_servers[plan.name] = {{static_cast<std::uint32_t>(0xc000020a + k++)}, defaultPort(plan.kind)};
    }

    // ---- what a test writes down
    std::function<void(emulator::TraceSink&)> late = [](emulator::TraceSink&) {
    };  // comes when all steps are over

    struct Planned {
        emulator::TimePoint at;
        emulator::TraceEvent event;
        std::vector<std::string> texts;  // of its fields
    };
    void syslog(emulator::Duration at, std::string text, std::size_t phone = 0)
    {
        plan(at, phone, emulator::EventKind::SyslogMessage, emulator::Observer::Server,
             {{emulator::FieldName::Text, std::move(text)}});
    }
    void led(emulator::Duration at, emulator::MuteLed led, std::size_t phone = 0)
    {
        plan(at, phone, emulator::EventKind::PhoneLed, emulator::Observer::Phone,
             {{emulator::FieldName::Led, "mute"}, {emulator::FieldName::State, std::string{name(led)}}});
    }
    void state(emulator::Duration at, std::string state, std::size_t phone = 0)
    {
        plan(at, phone, emulator::EventKind::PhoneState, emulator::Observer::Phone,
             {{emulator::FieldName::State, std::move(state)}});
    }
    void get(emulator::Duration at, std::string target, std::size_t phone = 0,
             emulator::Observer by = emulator::Observer::Server)
    {
        plan(at, phone, emulator::EventKind::HttpRequest, by,
             {{emulator::FieldName::Method, "GET"}, {emulator::FieldName::Target, std::move(target)}},
             m_servers["http"]);
    }
    void plan(emulator::Duration at, std::size_t phone, emulator::EventKind kind, emulator::Observer by,
              std::vector<std::pair<emulator::FieldName, std::string>> fields, emulator::Endpoint to = {})
    {
        Planned planned;
        planned.at = emulator::TimePoint{at};
        planned.event.at = planned.at;
        planned.event.kind = kind;
        planned.event.by = by;
        planned.event.phone = m_phones.at(phone).mac;
        planned.event.to = to;
        for (auto& [field, text] : fields) {
            planned.event.fields.push_back({field, std::string_view{}});
            planned.texts.push_back(std::move(text));
        }
        m_planned.push_back(std::move(planned));
        std::stable_sort(m_planned.begin(), m_planned.end(),
                         [](const Planned& a, const Planned& b) { return a.at < b.at; });
    }
    // What the phones' web servers answer, after 1 ms; 404 unless a test says otherwise.
    using Pages = std::function<emulator::Result<emulator::HttpResponse>(
        PhoneNumber, const emulator::HttpRequest&, emulator::TimePoint)>;
    Pages pages;
    static emulator::HttpResponse page(int status, std::string body)
    {
        emulator::HttpResponse response;
        response.status = status;
        response.body = emulator::shareBytes(std::move(body));
        return response;
    }

    std::vector<Capability> lacks;
    std::vector<std::string> wrong;              // troubles
    emulator::Duration lag{};                    // said once
    std::optional<emulator::TimePoint> stopsAt;  // with RunStopped
    std::vector<Action> actions;

    // ---- the stage

    void settle(emulator::TraceSink& sink) override { late(sink); }
    std::string_view target() const override { return "fake"; }
    bool can(Capability one) const override
    {
        return std::find(lacks.begin(), lacks.end(), one) == lacks.end();
    }
    const std::vector<StagePhone>& phones() const override { return m_phones; }
    emulator::Endpoint server(std::string_view name) const override
    {
        const auto at = m_servers.find(std::string{name});
        return at == m_servers.end() ? emulator::Endpoint{} : at->second;
    }
    emulator::TimePoint now() const override { return m_now; }
    emulator::WallTime wallStart() const override { return *emulator::parseWallTime("2026-01-01T00:00:00Z"); }
    ActionId start(PhoneNumber phone, Action action) override
    {
        using namespace std::chrono_literals;
        const ActionId id{++m_ids};
        emulator::Result<emulator::HttpResponse> answer = emulator::HttpResponse{};
        const auto* const browse = std::get_if<Browse>(&action);
        if (browse != nullptr)
            answer = pages ? pages(phone, browse->request, m_now)
                           : emulator::Result<emulator::HttpResponse>{page(404, "")};
        const emulator::TimePoint at = m_now + (browse != nullptr ? 1ms : 0ms);
        m_results.push_back({id, at, std::move(answer)});
        actions.push_back(std::move(action));
        return id;
    }
    void waitUntil(emulator::TimePoint deadline, emulator::TraceSink& sink,
                   const std::function<void(const ActionResult&)>& done,
                   const std::function<bool()>& stop) override
    {
        while (!stop()) {
            emulator::TimePoint next = emulator::TimePoint::max();
            if (!m_planned.empty())
                next = m_planned.front().at;
            const auto result = std::min_element(m_results.begin(), m_results.end(),
                                                 [](const auto& a, const auto& b) { return a.at < b.at; });
            const bool event = result == m_results.end() || next < result->at;
            next = event ? next : result->at;
            if (stopsAt && std::min(next, deadline) >= *stopsAt) {
                m_now = *stopsAt;
                throw RunStopped{"stopped"};
            }
            if (next > deadline) {
                m_now = std::max(m_now, deadline);
                return;
            }
            m_now = std::max(m_now, next);
            if (event) {
                Planned planned = std::move(m_planned.front());
                m_planned.erase(m_planned.begin());
                for (std::size_t i = 0; i < planned.texts.size(); ++i)
                    planned.event.fields[i].value = std::string_view{planned.texts[i]};
                sink.seen(planned.event);
            } else {
                const ActionResult ready = *result;
                m_results.erase(result);
                done(ready);
            }
        }
    }
    std::vector<std::string> troubles() override { return wrong; }
    emulator::Duration worstLag() override
    {
        return m_now > emulator::TimePoint{} ? std::exchange(lag, {}) : emulator::Duration{};
    }

private:
    std::vector<StagePhone> m_phones;
    std::map<std::string, emulator::Endpoint> m_servers;
    emulator::TimePoint m_now{};
    std::vector<Planned> m_planned;
    std::vector<ActionResult> m_results;
    std::uint64_t m_ids = 0;
};

}  // namespace scenarios
