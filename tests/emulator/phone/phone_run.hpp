#pragma once

#include "emulator/phone/phone.hpp"
#include "emulator/protocol/syslog_message.hpp"
#include "fixtures/models/model_data.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

// One phone whose time a test moves: fetches are answered by a function, everything it does is written down.
class PhoneRun {
public:
    struct Options {
        std::map<std::string, std::string> set{};  // parameters before the first power-on
        std::string model = "CP-7832-3PCC";
        std::string firmware{};
        std::string mac = "00:0e:08:ab:cd:ef";
        std::string provisioningServer{};
        std::uint64_t seed = 1;
        std::function<void(GenerationOptions&)> choose{};  // another reading than that of the firmware
        WallTime start = WallTime{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
    };
    struct Fetched {
        TimePoint at;
        std::string url;
        std::string userAgent;
        bool firmware = false;
        FetchRequest request{};
    };
    struct Line {
        TimePoint at;
        std::string server;
        std::string text;  // without "<PRI>time stamp "
        std::string datagram;
    };
    struct Led {
        TimePoint at;
        MuteLed led;
    };
    using Server = std::function<Result<SharedBytes>(const Url&)>;

    explicit PhoneRun(Options options)
        : m_model{loadModel(options)},
          m_cache{std::make_unique<ProfileCache>(m_model->schema)}
    {
        surroundings.model = m_model;
        surroundings.profiles = m_cache.get();
        surroundings.ids = ResyncParameters::find(*m_model->schema).value();
        surroundings.start = options.start;
        surroundings.seed = Seed{options.seed};
        surroundings.provisioningServer = options.provisioningServer;
        surroundings.reportsChanges = true;
        std::vector<std::pair<ParamId, std::string>> values;
        for (const auto& [name, value] : options.set)
            values.emplace_back(id(name), checkedValue(m_model->schema->at(id(name)), value).value());
        const AppliedState initial = values.empty() ? nullptr : m_cache->preset(values);
        phone = std::make_unique<Phone>(surroundings, MacAddress::parse(options.mac).value(),
                                        IpAddress::parse("127.78.0.1").value(), initial);
    }

    ParamId id(std::string_view name) const { return m_model->schema->find(name).value(); }
    std::string value(std::string_view name) const
    {
        return std::string{phone->parameters().value(id(name))};
    }

    // The answers of every server from now on.
    Server server = [](const Url&) -> Result<SharedBytes> {
        return fail(ErrorKind::Unreachable, "nobody listens");
    };
    Duration answerTime = std::chrono::milliseconds{10};
    ContentCoding coding = ContentCoding::Identity;  // of every answer

    void serve(std::string profile)
    {
        server = [bytes = shareBytes(std::move(profile))](const Url&) -> Result<SharedBytes> {
            return bytes;
        };
    }
    void refuse(ErrorKind kind)
    {
        server = [kind](const Url&) -> Result<SharedBytes> { return fail(kind, "made by the test"); };
    }

    void feed(const Event& event)
    {
        for (Effect& effect : phone->handle(now, event))
            take(effect);
    }
    void powerOn() { feed(PowerApplied{}); }
    void submit(std::vector<std::pair<std::string, std::string>> values)
    {
        ParametersSubmitted event;
        for (auto& [name, value] : values)
            event.changes.emplace_back(id(name), value);
        feed(event);
    }
    void call(int line = 1) { feed(CallBegan{line}); }
    void hangUp(int line = 1) { feed(CallEnded{line}); }
    void resync(std::string rule, std::string requester = "127.0.0.1")
    {
        feed(ResyncCommanded{std::move(rule), IpAddress::parse(requester).value()});
    }

    // Lets time pass, answering fetches and waking the phone as it asked.
    void passUntil(TimePoint end)
    {
        while (true) {
            const TimePoint answer = m_pending ? m_pendingAt : TimePoint::max();
            const TimePoint next = std::min(answer, m_wakeAt);
            if (next > end)
                break;
            now = next;
            if (next == answer) {
                const FetchFile fetch = std::move(*m_pending);
                m_pending.reset();
                const IpAddress address = IpAddress::parse("192.168.1.200").value();
                if (resolves)
                    feed(FetchAddressed{fetch.request, address, &fetch.fetch.url});
                Result<SharedBytes> file = server(fetch.fetch.url);
                feed(FetchFinished{fetch.request, std::move(file), coding});
            } else {
                m_wakeAt = TimePoint::max();
                feed(Woken{});
            }
        }
        now = end;
    }
    void pass(Duration time) { passUntil(now + time); }

    std::vector<std::string> texts() const
    {
        std::vector<std::string> all;
        for (const Line& line : lines)
            all.push_back(line.text);
        return all;
    }
    // Seconds between the starts of successive fetches, rounded to whole ones.
    std::vector<long> gaps() const
    {
        std::vector<long> all;
        for (std::size_t i = 1; i < fetches.size(); ++i)
            all.push_back(
                std::chrono::round<std::chrono::seconds>(fetches[i].at - fetches[i - 1].at).count());
        return all;
    }
    void forget()
    {
        fetches.clear();
        lines.clear();
        leds.clear();
        remembered = 0;
    }

private:
    std::unique_ptr<PhoneSurroundings> m_surroundings = std::make_unique<PhoneSurroundings>();

public:
    PhoneSurroundings& surroundings = *m_surroundings;
    std::unique_ptr<Phone> phone;
    TimePoint now{};
    bool resolves = true;
    std::vector<Fetched> fetches;
    std::vector<Line> lines;
    std::vector<Led> leds;
    std::vector<PhoneState> states;
    std::vector<ShowDisplay> displays;
    std::vector<std::string> order;  // kinds of effects, for what must come before what
    int remembered = 0;

private:
    static std::shared_ptr<const Model> loadModel(const Options& options)
    {
        auto model = std::make_shared<Model>(*fixtures::loadModel(options.model, options.firmware).value());
        if (options.choose)
            options.choose(model->options);
        return model;
    }
    void take(Effect& effect)
    {
        if (auto* fetch = std::get_if<FetchFile>(&effect)) {
            fetches.push_back({now, fetch->fetch.url.text(), fetch->fetch.userAgent,
                               phone->state() == PhoneState::Upgrading, fetch->fetch});
            m_pending = std::move(*fetch);
            m_pendingAt = now + answerTime;
            order.push_back("fetch");
        } else if (auto* cancel = std::get_if<CancelFetch>(&effect)) {
            if (m_pending && m_pending->request == cancel->request)
                m_pending.reset();
        } else if (auto* wake = std::get_if<WakeAt>(&effect)) {
            m_wakeAt = wake->at;
        } else if (auto* syslog = std::get_if<SendSyslog>(&effect)) {
            const std::string_view text = decodeSyslog(syslog->datagram).text;
            lines.push_back({now, syslog->server,
                             std::string{text.substr(std::min<std::size_t>(16, text.size()))},
                             syslog->datagram});
            order.push_back("syslog");
        } else if (auto* led = std::get_if<ShowLed>(&effect)) {
            leds.push_back({now, led->led});
        } else if (auto* state = std::get_if<StateEntered>(&effect)) {
            states.push_back(state->state);
        } else if (auto* display = std::get_if<ShowDisplay>(&effect)) {
            displays.push_back(*display);
        } else if (std::holds_alternative<Remember>(effect)) {
            ++remembered;
            order.push_back("remember");
        }
    }

    std::shared_ptr<const Model> m_model;
    std::unique_ptr<ProfileCache> m_cache;
    std::optional<FetchFile> m_pending;
    TimePoint m_pendingAt{};
    TimePoint m_wakeAt = TimePoint::max();
};

// What a phone fetched, in order.
inline std::vector<std::string> urls(const PhoneRun& run)
{
    std::vector<std::string> all;
    for (const PhoneRun::Fetched& fetched : run.fetches)
        all.push_back(fetched.url);
    return all;
}

inline constexpr std::string_view basicProfile =
    "<flat-profile>\n  <GPP_A> 12345678\n</GPP_A>\n</flat-profile>\n";

}  // namespace emulator
