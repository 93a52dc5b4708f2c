#pragma once

#include "hwbridge/bench/inventory.hpp"
#include "hwbridge/bench/phone_packets.hpp"

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace ui {

// The live packets of a bench's phones: a capture for each interface that the inventory names, of its phones' packets and
// no others. Captures begin and end on another thread.
class PacketWatch : public QObject {
    Q_OBJECT
public:
    struct Seen {
        hwbridge::PacketCount count;
        double perSecond = 0;  // between the last two looks
    };

    explicit PacketWatch(QObject* parent = nullptr);
    ~PacketWatch() override;

    // `program`: phonerig-capture, which has the right to capture.
    void setProgram(const QString& path) { m_program = path; }
    // Ends what was watched and begins anew, counts included.
    void watch(const std::vector<hwbridge::BenchPhone>& phones);
    // Takes what was counted since, a moment's work.
    void look();

    bool hasBegun() const;  // every capture listens, or has said why not
    // Of that phone, in the order of watch(); nothing: nobody listens to it.
    std::optional<Seen> seen(std::size_t phone) const;
    // Why nobody listens to it; empty: somebody does, or begins to, or the inventory has no `capture` for it.
    QString trouble(std::size_t phone) const;
    QStringList troubles() const;  // of all interfaces, each once

signals:
    void begun();  // hasBegun() has become true

private:
    struct Capture;
    struct Wire;
    struct Place {  // where a phone's packets are counted
        std::shared_ptr<Wire> wire;
        std::size_t index = 0;
    };
    void begin(const std::shared_ptr<Wire>& wire,
               const std::vector<std::vector<hwbridge::PhoneAddress>>& names);
    void end();

    QString m_program;
    std::vector<std::shared_ptr<Wire>> m_wires;
    std::vector<Place> m_places;  // of each phone; without a wire it has no `capture`
    QElapsedTimer m_sinceLook;
};

}  // namespace ui
