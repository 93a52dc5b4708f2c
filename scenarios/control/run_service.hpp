#pragma once

#include "scenarios/control/control_message.hpp"
#include "scenarios/control/event_history.hpp"
#include "scenarios/control/window_service.hpp"
#include "scenarios/engine/time_gate.hpp"

#include <map>
#include <vector>

namespace scenarios::control {

// A run in virtual time, as windows see and govern it. When the last of them leaves, time passes freely again.
class RunService : public WindowService {
public:
    static constexpr std::size_t mostWaiting = 64;  // questions of one window

    // Both outlive the service; `history` is the run's.
    RunService(TimeGate& gate, const EventHistory& history, ControlHello hello)
        : m_gate{gate},
          m_history{history},
          m_hello{std::move(hello)}
    {}

    std::string hello() const override { return print(m_hello); }
    ClientId join() override;
    void leave(ClientId client) override;
    std::optional<std::string> lineCame(ClientId client, std::string_view line) override;
    void turn(const Send& send) override;

private:
    struct Waiting {
        std::uint64_t id = 0;
        bool forChange = false;  // of the clock; else until time is held
    };
    struct Client {
        std::vector<Waiting> waiting;
        std::optional<RunClock> told;  // as an answer for a change
        unsigned quiet = 0;
    };

    // Empty: the answer comes in a turn.
    std::optional<ControlAnswer> obey(Client& client, const ControlCommand& command);
    RunClock clock(const TimeGate::State& state) const;

    TimeGate& m_gate;
    const EventHistory& m_history;
    ControlHello m_hello;
    std::map<ClientId, Client> m_clients;
    std::uint32_t m_lastClient = 0;
};

}  // namespace scenarios::control
