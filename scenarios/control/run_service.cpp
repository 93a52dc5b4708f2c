#include "scenarios/control/run_service.hpp"

#include "emulator/base/overloaded.hpp"

#include <utility>

namespace scenarios::control {

WindowService::ClientId RunService::join()
{
    const ClientId id{++m_lastClient};
    m_clients[id];
    return id;
}

void RunService::leave(ClientId client)
{
    if (m_clients.erase(client) > 0 && m_clients.empty())
        m_gate.go(std::nullopt);
}

std::optional<std::string> RunService::lineCame(ClientId id, std::string_view line)
{
    const auto client = m_clients.find(id);
    if (client == m_clients.end())
        return std::nullopt;
    const emulator::Result<ControlCommand> command = readCommand(line);
    if (command.has_error())
        return print(ControlAnswer{idIn(line), command.error().detail, {}});
    std::optional<ControlAnswer> answer = obey(client->second, *command);
    if (!answer)
        return std::nullopt;
    answer->id = command->id;
    return print(*answer);
}

std::optional<ControlAnswer> RunService::obey(Client& client, const ControlCommand& command)
{
    using Now = std::optional<ControlAnswer>;
    const auto later = [&](bool forChange) -> Now {
        client.waiting.push_back({command.id, forChange});
        return std::nullopt;
    };
    if (client.waiting.size() >= mostWaiting)
        return ControlAnswer{{}, "too many commands wait for their results already", {}};
    return std::visit(
        emulator::Overloaded{
            [&](const ReadEvents& order) -> Now {
                if (order.phone)
                    return ControlAnswer{{}, "a run has the events of all phones, expected no \"phone\"", {}};
                return ControlAnswer{{}, {}, m_history.all(order.after)};
            },
            [&](const AwaitClock&) { return later(true); },
            [&](const PauseTime&) {
                m_gate.pause();
                return later(false);
            },
            [&](const StepTime&) {
                m_gate.step();
                return later(false);
            },
            [&](const PassTime& order) -> Now {
                m_gate.go(order.factor ? std::optional{static_cast<unsigned>(*order.factor)} : std::nullopt);
                return ControlAnswer{{}, {}, clock(m_gate.state())};
            },
            [](const auto&) -> Now {
                return ControlAnswer{{},
                                     "this engine runs a scenario in virtual time, expected clock, events, "
                                     "pause, step or speed",
                                     {}};
            },
        },
        command.order);
}

RunClock RunService::clock(const TimeGate::State& state) const
{
    return {state.now, m_history.last(), state.paused, state.factor, state.over};
}

void RunService::turn(const Send& send)
{
    const TimeGate::State state = m_gate.state();
    const RunClock now = clock(state);
    for (auto& [id, client] : m_clients) {
        ++client.quiet;
        const bool tells = client.told != now || client.quiet >= quietTurns;
        const bool isHeld = state.held || state.over;
        for (const Waiting& one : std::exchange(client.waiting, {})) {
            if (!(one.forChange ? tells : isHeld)) {
                client.waiting.push_back(one);
                continue;
            }
            if (one.forChange) {
                client.told = now;
                client.quiet = 0;
            }
            send(id, print(ControlAnswer{one.id, {}, now}));
        }
    }
}

}  // namespace scenarios::control
