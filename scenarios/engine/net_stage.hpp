#pragma once

#include "emulator/runtime/descriptor_shortage.hpp"
#include "emulator/runtime/http_client.hpp"
#include "emulator/runtime/net_fleet.hpp"
#include "scenarios/engine/emulated_stage.hpp"
#include "scenarios/engine/rig_names.hpp"
#include "scenarios/engine/rig_servers.hpp"
#include "scenarios/engine/stage_plan.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace scenarios {

struct NetStageOptions {
    emulator::Seed seed{};
    emulator::NetOptions net;
    emulator::IpAddress firstPhone{0x7f4e0001};     // 127.78.0.1
    std::function<void(emulator::Fleet&)> alter{};  // as in StageOptions
};

// A scenario over real sockets: phones at 127.78.0.1 and up, rig servers on free ports of 127.0.0.1, and, when the
// scenario uses names of the rig, a name server that knows them.
class NetStage : public EmulatedStage {
public:
    // Errors, one sentence each: what the fleet or a server could not open.
    static emulator::Result<std::unique_ptr<NetStage>> make(const Scenario& scenario,
                                                            const NetStageOptions& options);
    ~NetStage() override;

    static bool targetCan(Capability capability)
    {
        return capability != Capability::Wire && capability != Capability::VirtualTime;
    }

    std::string_view target() const override { return "net"; }
    bool can(Capability capability) const override { return targetCan(capability); }
    emulator::Endpoint server(std::string_view name) const override;
    emulator::TimePoint now() const override { return m_fleet->now(); }
    emulator::WallTime wallStart() const override { return m_start; }
    ActionId start(PhoneNumber phone, Action action) override;
    void waitUntil(emulator::TimePoint deadline, emulator::TraceSink& sink,
                   const std::function<void(const ActionResult&)>& done,
                   const std::function<bool()>& stop) override;
    std::vector<std::string> notices() override { return m_fleet->notices(); }
    std::vector<std::string> troubles() override;
    emulator::Duration worstLag() override;
    const emulator::NetFleet* liveFleet() const override { return m_fleet.get(); }

private:
    // Browses the phones' pages, and answers for the rig's names, on a thread of its own.
    struct Browser;
    struct Answer {
        ActionId id{};
        emulator::Result<emulator::HttpResponse> response;
    };

    explicit NetStage(std::vector<StagePhone> phones);
    emulator::PhoneState stateOf(emulator::PhoneIndex phone) const;
    bool answers(emulator::PhoneIndex phone) const;  // its page, and who lifts its handset
    void takeAnswers();
    emulator::Result<void> openServers(const Scenario& scenario);

    emulator::WallTime m_start{};
    std::unique_ptr<emulator::TraceQueue> m_queue;
    std::atomic<const emulator::NetFleet*> m_known{nullptr};  // for the servers' thread
    std::mutex m_mutex;
    std::vector<Answer> m_answers;
    emulator::Duration m_lag{};
    const std::uint64_t m_shortagesBefore = emulator::descriptorShortages();
    std::unique_ptr<RigServers> m_servers;
    std::unique_ptr<Browser> m_browser;
    std::unique_ptr<emulator::NetFleet> m_fleet;
};

}  // namespace scenarios
