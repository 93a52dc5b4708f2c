#pragma once

#include "scenarios/control/control_message.hpp"

#include <QObject>
#include <QPointer>
#include <QThread>

#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace ui {

// The window's end of the control protocol. The socket is read and its lines are parsed on a thread of their own; what
// is heard comes to the thread of this object.
class EngineLink : public QObject {
    Q_OBJECT
public:
    using Answer = scenarios::control::ControlAnswer;
    using Hello = scenarios::control::ControlHello;
    using WhenAnswered = std::function<void(const Answer& answer)>;

    explicit EngineLink(QObject* parent = nullptr);
    ~EngineLink() override;

    void open(const QString& socket);
    bool isOpen() const { return m_open; }
    // `then` is called once, unless the link or `asker` ends before.
    template <class Order>
    void ask(Order order, QObject* asker, WhenAnswered then)
    {
        send({++m_id, std::move(order)}, {asker, std::move(then)});
    }

signals:
    void greeted(const ui::EngineLink::Hello& hello);
    void ended(const QString& why);  // once, after open()

private:
    class Reader;
    struct Asked {
        QPointer<QObject> asker;
        WhenAnswered then;
    };

    void send(const scenarios::control::ControlCommand& command, Asked asked);
    void heard(const std::shared_ptr<const Answer>& answer);
    void lost(const QString& why);

    QThread m_thread;
    Reader* m_reader;
    std::map<std::uint64_t, Asked> m_asked;
    std::uint64_t m_id = 0;
    bool m_open = false;
    bool m_ended = false;
};

}  // namespace ui
