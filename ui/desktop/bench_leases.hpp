#pragma once

#include "hwbridge/bench/bench_message.hpp"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace ui {

// What the lease daemon of a bench says of its phones, asked as often as look() is called, on another thread. It asks
// for the list and for nothing else.
class BenchLeases : public QObject {
    Q_OBJECT
public:
    explicit BenchLeases(QObject* parent = nullptr);
    ~BenchLeases() override;

    void setSocket(const QString& path);  // empty: the usual one of this user
    // Asks, unless the last question is not answered yet.
    void look();

    bool hasAnswered() const { return m_hasAnswered; }  // or failed to
    // The last answer; nothing: there is no daemon, and trouble() says why.
    const std::optional<hwbridge::BenchRows>& rows() const { return m_rows; }
    const QString& bench() const { return m_bench; }  // that it serves
    const QString& trouble() const { return m_trouble; }

signals:
    void heard();

private:
    struct Line;  // to the daemon
    struct Answer;
    static Answer ask(Line& line);
    void take(Answer answer);

    std::shared_ptr<Line> m_line;
    bool m_isAsking = false;
    bool m_hasAnswered = false;
    std::optional<hwbridge::BenchRows> m_rows;
    QString m_bench;
    QString m_trouble;
};

}  // namespace ui
