#include "ui/desktop/packet_watch.hpp"

#include "hwbridge/capture/live_capture.hpp"
#include "ui/desktop/background.hpp"

#include <QThreadPool>

#include <algorithm>
#include <map>

namespace ui {

using emulator::Result;
using hwbridge::LiveCapture;
using hwbridge::PhonePackets;

// What another thread begins, and another one ends.
struct PacketWatch::Capture {
    explicit Capture(const std::vector<std::vector<hwbridge::PhoneAddress>>& names) : packets{names} {}

    PhonePackets packets;
    std::unique_ptr<LiveCapture> live;  // ends before its sink does
    std::string trouble;
};

// An interface.
struct PacketWatch::Wire {
    std::string interface;
    std::shared_ptr<Capture> capture;  // null: it has not begun yet
    QString trouble;
    std::vector<Seen> seen;
};

PacketWatch::PacketWatch(QObject* parent) : QObject{parent} {}

PacketWatch::~PacketWatch()
{
    end();
}

// What was captured before is still handed over, which takes a moment.
void PacketWatch::end()
{
    m_wires.clear();
    m_places.clear();
}

void PacketWatch::watch(const std::vector<hwbridge::BenchPhone>& phones)
{
    end();
    std::map<std::string, std::vector<std::vector<hwbridge::PhoneAddress>>>
        names;  // of each interface's phones
    std::map<std::string, std::shared_ptr<Wire>> wires;
    for (const hwbridge::BenchPhone& phone : phones) {
        Place& place = m_places.emplace_back();
        if (!phone.capture)
            continue;
        std::shared_ptr<Wire>& wire = wires[phone.capture->interface];
        if (wire == nullptr) {
            wire = std::make_shared<Wire>();
            wire->interface = phone.capture->interface;
            m_wires.push_back(wire);
        }
        place = {wire, names[wire->interface].size()};
        names[wire->interface].push_back(hwbridge::packetNamesOf(phone));
    }
    m_sinceLook.start();
    for (const std::shared_ptr<Wire>& wire : m_wires)
        begin(wire, names[wire->interface]);
    if (m_wires.empty())
        emit begun();
}

void PacketWatch::begin(const std::shared_ptr<Wire>& wire,
                        const std::vector<std::vector<hwbridge::PhoneAddress>>& names)
{
    wire->seen.resize(names.size());
    inBackground(
        this,
        [names, interface = wire->interface, program = m_program.toStdString()] {
            // Whoever lets go of it last does not wait for its end.
            const std::shared_ptr<Capture> capture{
                new Capture{names},
                [](Capture* ended) { QThreadPool::globalInstance()->start([ended] { delete ended; }); }};
            hwbridge::LiveOptions options;
            options.interface = interface;
            options.program = program;
            for (const std::vector<hwbridge::PhoneAddress>& phone : names)
                options.phones.insert(options.phones.end(), phone.begin(), phone.end());
            Result<std::unique_ptr<LiveCapture>> live = LiveCapture::start(options, capture->packets);
            if (live.has_value())
                capture->live = std::move(*live);
            else
                capture->trouble = live.error().detail;
            return capture;
        },
        [this, wire](const std::shared_ptr<Capture>& capture) {
            wire->capture = capture;
            wire->trouble = QString::fromStdString(capture->trouble);
            const bool isWatched = std::find(m_wires.begin(), m_wires.end(), wire) != m_wires.end();
            if (isWatched && hasBegun())
                emit begun();
        });
}

bool PacketWatch::hasBegun() const
{
    return std::all_of(m_wires.begin(), m_wires.end(),
                       [](const std::shared_ptr<Wire>& wire) { return wire->capture != nullptr; });
}

void PacketWatch::look()
{
    const double seconds = static_cast<double>(m_sinceLook.nsecsElapsed()) / 1e9;
    m_sinceLook.start();
    for (const std::shared_ptr<Wire>& wire : m_wires) {
        if (wire->capture == nullptr || wire->capture->live == nullptr)
            continue;
        if (wire->capture->live->ended())
            wire->trouble = tr("Capturing on %1 has ended: the interface is gone, or the capture's process.")
                                .arg(QString::fromStdString(wire->interface));
        const std::vector<hwbridge::PacketCount> counts = wire->capture->packets.counts();
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const auto more = static_cast<double>(counts[i].all() - wire->seen[i].count.all());
            wire->seen[i] = {counts[i], seconds > 0 ? more / seconds : 0};
        }
    }
}

std::optional<PacketWatch::Seen> PacketWatch::seen(std::size_t phone) const
{
    if (phone >= m_places.size() || m_places[phone].wire == nullptr)
        return std::nullopt;
    const Wire& wire = *m_places[phone].wire;
    if (wire.capture == nullptr || wire.capture->live == nullptr)
        return std::nullopt;
    return wire.seen[m_places[phone].index];
}

QString PacketWatch::trouble(std::size_t phone) const
{
    return phone >= m_places.size() || m_places[phone].wire == nullptr ? QString{}
                                                                       : m_places[phone].wire->trouble;
}

QStringList PacketWatch::troubles() const
{
    QStringList all;
    for (const std::shared_ptr<Wire>& wire : m_wires)
        if (!wire->trouble.isEmpty())
            all << wire->trouble;
    return all;
}

}  // namespace ui
