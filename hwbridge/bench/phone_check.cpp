#include "hwbridge/bench/phone_check.hpp"

#include "emulator/base/one_line.hpp"
#include "emulator/phone/firmware_version.hpp"
#include "hwbridge/bench/phone_access.hpp"
#include "hwbridge/bench/power_check.hpp"
#include "hwbridge/capture/live_capture.hpp"
#include "hwbridge/decode/ip_view.hpp"
#include "hwbridge/decode/link_view.hpp"
#include "hwbridge/drive/phone_driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>

namespace hwbridge {

using namespace std::chrono_literals;
using emulator::ErrorKind;
using emulator::IpAddress;
using emulator::Result;
using Verdict = CheckFinding::Verdict;

namespace {

constexpr auto pageLimit = 10s;
constexpr std::size_t longestFailure = 1000;  // bytes; a verdict takes 1,024

// Counts what comes from one address.
class PacketsFrom final : public PacketSink {
public:
    explicit PacketsFrom(IpAddress address) : m_address{address} {}

    void packetSeen(const Packet& packet) override
    {
        const LinkView link = viewLink(packet.link, packet.bytes);
        IpView ip;
        if (link.protocol == NetworkProtocol::Ipv4 && viewIp(ip, link.payload).empty() &&
            ip.source == m_address)
            ++m_count;
    }
    std::uint64_t count() const { return m_count; }

private:
    const IpAddress m_address;
    std::atomic<std::uint64_t> m_count{0};
};

class PhoneCheck {
public:
    PhoneCheck(BenchPhone phone, std::function<bool()> stop)
        : m_phone{std::move(phone)},
          m_stop{std::move(stop)}
    {}

    std::vector<CheckFinding> run() &&
    {
        const Result<IpAddress> address = addressOf(m_phone, {announcementLimit, m_stop});
        if (address.has_error()) {
            note("page", Verdict::Bad, address.error().detail);
        } else {
            m_phone.address = *address;
            checkAt(*address);
        }
        if (m_phone.power)
            checkPower();
        return std::move(m_findings);
    }

private:
    void checkAt(IpAddress address)
    {
        if (m_phone.capture)
            beginCapture(address);
        const std::optional<PhoneIdentity> identity = readPage();
        if (m_phone.capture)
            endCapture(identity.has_value());
        if (identity) {
            checkForm();
            checkModel(*identity);
            checkFirmware(*identity);
            checkClock();
        }
    }

    void note(std::string what, Verdict verdict, std::string text)
    {
        m_findings.push_back({std::move(what), verdict, std::move(text)});
    }
    void note(std::string what, const Result<void>& outcome, std::string good)
    {
        note(std::move(what), outcome.has_error() ? Verdict::Bad : Verdict::Good,
             outcome.has_error() ? outcome.error().detail : std::move(good));
    }

    std::optional<PhoneIdentity> readPage()
    {
        Result<WebAccess> access = webAccessOf(m_phone, pageLimit, {{}, m_stop});
        Result<PhoneDriver> driver =
            access.has_error() ? Result<PhoneDriver>{access.error()} : PhoneDriver::open(std::move(*access));
        Result<PhoneIdentity> identity =
            driver.has_error() ? Result<PhoneIdentity>{driver.error()} : driver->identity();
        if (identity.has_error()) {
            note("page", Verdict::Bad, identity.error().detail);
            return std::nullopt;
        }
        m_place = driver->place();
        m_driver = std::move(*driver);
        note("page", Verdict::Good, fmt::format("{} answers", m_place));
        return std::move(*identity);
    }

    void checkForm()
    {
        const Result<PageParameters> form = m_driver->page();
        if (form.has_error())
            return note("form", Verdict::Bad, form.error().detail);
        const std::vector<PageParameter> all = form->all();
        const auto writable = std::ranges::count_if(all, &PageParameter::writable);
        if (writable == 0)
            return note(
                "form", Verdict::Bad,
                fmt::format("the configuration page of {} shows no parameter that can be changed", m_place));
        note("form", Verdict::Good, fmt::format("{} parameters can be changed", writable));
    }

    void checkModel(const PhoneIdentity& identity)
    {
        note("model",
             checkIdentity(identity, {.product = m_phone.model, .mac = m_phone.mac}, m_phone.name, m_place),
             fmt::format("{} with the MAC {}", identity.product, identity.mac.colons()));
    }

    void checkFirmware(const PhoneIdentity& identity)
    {
        if (!m_phone.firmware.empty())
            note("firmware", hwbridge::checkFirmware(identity, m_phone, m_place), identity.firmware);
    }

    void checkClock()
    {
        const Result<PhoneClockCheck> clock = m_driver->clock();
        if (clock.has_error())
            return note("clock", Verdict::NotChecked, clock.error().detail);
        const auto seconds = clock->offset.count();
        const std::string off = seconds == 0 ? std::string{"agrees with this machine's"}
                                             : fmt::format("is {} s {} this machine's", std::abs(seconds),
                                                           seconds > 0 ? "ahead of" : "behind");
        note("clock", Verdict::Good,
             fmt::format("its clock {}{}: {} ({})", off,
                         clock->reading.zoned ? "" : ", whole quarters of an hour of a time zone aside",
                         clock->reading.shown, clock->source));
        m_findings.back().clockOffset = clock->offset;
    }

    void checkPower()
    {
        const std::optional<Result<PowerState>> state = askPower(*m_phone.power);
        if (!state)
            note("power", Verdict::NotChecked, "people, and commands without a probe, are not asked");
        else if (state->has_error())
            note("power", Verdict::Bad, state->error().detail);
        else if (**state == PowerState::Off)
            note("power", Verdict::Bad,
                 fmt::format("what switches the power of {} says that it is off", m_phone.name));
        else
            note("power", Verdict::Good,
                 fmt::format("what switches it answers; its state is {}", name(**state)));
    }

    void beginCapture(IpAddress address)
    {
        m_seen = std::make_unique<PacketsFrom>(address);
        LiveOptions options;
        options.interface = m_phone.capture->interface;
        options.phones = m_phone.capture->filter;
        if (options.phones.empty())
            options.phones = {AddressRange{address}};
        Result<std::unique_ptr<LiveCapture>> capture = LiveCapture::start(options, *m_seen);
        if (capture.has_error()) {
            note("capture", capture.error().kind == ErrorKind::Refused ? Verdict::NotChecked : Verdict::Bad,
                 capture.error().detail);
            return;
        }
        m_capture = std::move(*capture);
    }

    void endCapture(bool answered)
    {
        if (!m_capture)
            return;
        const Result<CaptureCounts> counts = m_capture->stop();
        if (counts.has_error())
            note("capture", Verdict::Bad, counts.error().detail);
        else if (m_seen->count() > 0)
            note("capture", Verdict::Good,
                 fmt::format("packets of {} are seen on {}", m_phone.name, m_phone.capture->interface));
        else if (!answered)
            note("capture", Verdict::NotChecked, "its page did not answer");
        else
            note("capture", Verdict::Bad,
                 fmt::format("the page of {} answers, but no packet of it is seen on {}", m_phone.name,
                             m_phone.capture->interface));
    }

    BenchPhone m_phone;  // with its address, once that is found
    const std::function<bool()> m_stop;
    std::string m_place;
    std::optional<PhoneDriver> m_driver;  // of a phone whose page answers
    std::unique_ptr<PacketsFrom> m_seen;  // outlives the capture
    std::unique_ptr<LiveCapture> m_capture;
    std::vector<CheckFinding> m_findings;
};

}  // namespace

std::string_view name(Verdict verdict)
{
    return verdict == Verdict::Good ? "good" : verdict == Verdict::Bad ? "bad" : "not checked";
}

std::vector<CheckFinding> checkPhone(const BenchPhone& phone, const std::function<bool()>& stop)
{
    return PhoneCheck{phone, stop}.run();
}

Result<void> checkFirmware(const PhoneIdentity& identity, const BenchPhone& phone, const std::string& place)
{
    const std::string& wanted = phone.firmware;
    const auto version = emulator::FirmwareVersion::parse(identity.firmware, "sip");
    const bool same = wanted.empty() || identity.firmware.ends_with("." + wanted) ||
                      (version.has_value() && version->dotted == wanted);
    return same ? Result<void>{} : checkIdentity(identity, {.firmware = wanted}, phone.name, place);
}

std::string failureOf(const std::vector<CheckFinding>& findings)
{
    std::string failure;
    for (const CheckFinding& finding : findings)
        if (finding.verdict == Verdict::Bad)
            failure += (failure.empty() ? "" : "; ") + finding.text;
    return emulator::oneLine(failure, longestFailure);
}

}  // namespace hwbridge
