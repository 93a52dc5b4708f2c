// Virtual time in the window: paused, stepped through, let pass, and what was recorded gone back through, by mouse and by
// keyboard. Runs are processes of their own.

#include "tests/ui/desktop/window_test.hpp"
#include "ui/desktop/main_window.hpp"

#include <QDir>
#include <QProcess>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace {

using ui::comesTrue;
using ui::limitMs;
using ui::MainWindow;
using ui::ScenarioView;
using ui::write;

// A phone whose LED blinks for a missing file, then a day in which nothing happens.
const char* const dayLong = R"(scenario: A phone misses a file
phones: { model: CP-7832-3PCC, count: 1, set: { Resync_On_Reset: "No", Resync_Error_Retry_Delay: "0" } }
servers:
  tftp: { files: { basic.txt: "<flat-profile/>" } }
  syslog: {}
steps:
  - power: on
  - browse: /admin/resync?tftp://${tftp}/missing.txt
  - expect: { request: tftp, file: missing.txt, within: 5s }
  - wait: 24h
)";

}  // namespace

class TimeTests : public QObject {
    Q_OBJECT

private:
    template <class Widget>
    Widget* part(const char* name)
    {
        return ui::part<Widget>(*m_window, name);
    }
    ScenarioView& view() { return *m_window->showScenarios(); }
    bool isRunning() { return view().runPane().isRunning(); }
    QTreeWidget& steps() { return *part<QTreeWidget>("steps"); }
    QSlider& scrub() { return *part<QSlider>("scrub"); }
    QString stateThen() { return part<QLabel>("state then")->text(); }
    // Seconds; -1: none is shown.
    double time()
    {
        const QString shown = part<QLabel>("virtual time")->text();
        return shown.isEmpty() ? -1 : shown.chopped(2).toDouble();
    }
    const ui::LadderRows& rows() { return view().runPane().recording().timeline().rows(); }
    void key(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(m_window.get(), static_cast<Qt::Key>(key), modifiers);
    }
    void click(const char* button) { QTest::mouseClick(part<QPushButton>(button), Qt::LeftButton); }
    // The run waits for an order.
    bool isHeld()
    {
        return comesTrue(
            [this] { return part<QPushButton>("step")->isEnabled() && scrub().isVisible() && time() == 0; });
    }
    // Steps so often, each until there is more to go back through.
    bool stepsOnBy(std::size_t steps, const std::function<void()>& step)
    {
        for (std::size_t i = 0; i < steps; ++i) {
            const int before = scrub().maximum();
            step();
            if (!comesTrue([&] { return scrub().maximum() > before; }))
                return false;
        }
        return true;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = std::make_unique<MainWindow>();
        m_window->setProgram(ui::program());
        m_window->beWithoutEngine();
        m_window->resize(1400, 1000);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        const QString scenario = m_folder->filePath(QStringLiteral("day.yaml"));
        write(scenario, dayLong);
        QSignalSpy completed{&view(), &ScenarioView::completed};
        m_window->openScenario(scenario);
        QVERIFY(completed.wait(limitMs));
        view().runPane().setTarget(QStringLiteral("sim"));
    }
    void cleanup() { m_window.reset(); }

    void aRunIsPausedBeforeItsFirstEventAndSteppedThroughByMouse()
    {
        click("pause");
        click("run");
        QVERIFY(isHeld());
        QVERIFY(stepsOnBy(3, [this] { click("step"); }));
        QVERIFY(comesTrue([this] { return rows().size() >= 3; }));
        QVERIFY(comesTrue([this] { return stateThen().contains(QStringLiteral("mute LED off")); }));
        QVERIFY(isRunning());
        click("pause");
        QVERIFY(comesTrue([this] { return !isRunning(); }));
        QCOMPARE(part<QLabel>("run verdict")->text(), QStringLiteral("passed"));
    }

    void aRunIsPausedAndSteppedThroughByKeyboard()
    {
        key(Qt::Key_F9);
        key(Qt::Key_F5);
        QVERIFY(isHeld());
        QVERIFY(stepsOnBy(2, [this] { key(Qt::Key_F9, Qt::ShiftModifier); }));
        QVERIFY(comesTrue([this] { return time() > 0; }));
        key(Qt::Key_F9);
        QVERIFY(comesTrue([this] { return !isRunning(); }));
    }

    void aRunThatGoesSixtyTimesAsFastIsPausedInTheMiddleOfADay()
    {
        auto& speed = *part<QComboBox>("speed");
        QTest::keyClick(&speed, Qt::Key_Down);
        QCOMPARE(speed.currentText(), QStringLiteral("× 60"));
        click("run");
        QVERIFY(comesTrue([this] { return time() > 2; }));
        click("pause");
        const auto stands = [this] {
            const double held = time();
            return !QTest::qWaitFor([&] { return time() != held; }, 500);  // half a minute would have passed
        };
        QVERIFY(comesTrue(stands));
        QVERIFY(time() < 24 * 3600);
        view().stop();
        QVERIFY(comesTrue([this] { return !isRunning(); }));
    }

    void aRunIsGovernedWhereTemporaryFoldersHaveLongNames()
    {
        const QByteArray before = qgetenv("TMPDIR");
        const QString longName = m_folder->filePath(QString{120, u'x'});
        QVERIFY(QDir{}.mkpath(longName));
        qputenv("TMPDIR", longName.toUtf8());
        const auto restored =
            qScopeGuard([&] { before.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", before); });
        click("pause");
        click("run");
        QVERIFY(isHeld());
        view().stop();
        QVERIFY(comesTrue([this] { return !isRunning(); }));
    }

    void whatWasRecordedIsGoneBackThroughWhileTheRunIsPaused()
    {
        click("pause");
        click("run");
        QVERIFY(isHeld());
        QVERIFY(stepsOnBy(12, [this] { click("step"); }));
        const int end = scrub().maximum();
        QVERIFY(comesTrue([&] { return scrub().value() == end; }));
        scrub().setFocus();
        QTest::keyClick(&scrub(), Qt::Key_Home);
        QVERIFY(stateThen().startsWith(QStringLiteral("0.000 s")));
        QVERIFY(!stateThen().contains(QStringLiteral("idle")));
        QTest::keyClick(&scrub(), Qt::Key_Right);
        QCOMPARE(scrub().value(), 1);
        click("step");
        QVERIFY(comesTrue([&] { return scrub().maximum() > end; }));
        QCOMPARE(scrub().value(), 1);
        QTest::keyClick(&scrub(), Qt::Key_End);
        QVERIFY(stateThen().contains(QStringLiteral("idle")) ||
                stateThen().contains(QStringLiteral("contacting")));
        view().stop();
        QVERIFY(comesTrue([this] { return !isRunning(); }));
    }

    void aRunThatHasEndedIsGoneBackThroughByMouse()
    {
        click("run");
        QVERIFY(comesTrue([this] { return !isRunning() && part<QPushButton>("report")->isEnabled(); }));
        QVERIFY(!scrub().isVisible());
        click("recording shown");
        QVERIFY(comesTrue([this] { return scrub().isVisible() && scrub().maximum() > 10; }));
        QVERIFY(comesTrue([this] { return rows().size() > 10; }));
        const QString atEnd = stateThen();
        QVERIFY2(atEnd.startsWith(QStringLiteral("86400.")), qPrintable(atEnd));
        auto& ladder = view().runPane().recording().timeline().ladder();
        ladder.scrollTo(rows().row(1).event);
        QTest::mouseClick(ladder.viewport(), Qt::LeftButton, {}, ladder.rectOf(1).center());
        QVERIFY(stateThen() != atEnd);
        QVERIFY(scrub().value() < scrub().maximum());
    }

    void aRunThatSomebodyElseStartedIsAttachedToAndGoesOnWhenTheWindowCloses()
    {
        QProcess run;
        const QString socket = m_folder->filePath(QStringLiteral("run.sock"));
        run.start(ui::program(), {QStringLiteral("run"), m_folder->filePath(QStringLiteral("day.yaml")),
                                  QStringLiteral("--on"), QStringLiteral("sim"), QStringLiteral("--control"),
                                  socket, QStringLiteral("--paused")});
        QVERIFY(comesTrue([&] { return run.readAllStandardError().contains("windows are let in at"); }));
        m_window = std::make_unique<MainWindow>();
        QSignalSpy known{m_window.get(), &MainWindow::allKnown};
        m_window->attach(socket);
        m_window->show();
        QVERIFY(known.wait(limitMs));
        QVERIFY(comesTrue([this] { return part<QPushButton>("pause")->isChecked() && time() == 0; }));
        QVERIFY(stepsOnBy(3, [this] { click("step"); }));
        QVERIFY(stepsOnBy(3, [this] { key(Qt::Key_F9, Qt::ShiftModifier); }));
        QCOMPARE(run.state(), QProcess::Running);
        m_window.reset();
        QVERIFY(comesTrue([&] { return run.state() == QProcess::NotRunning; }));
        QCOMPARE(run.exitCode(), 0);
    }

    void thereIsNothingToPauseWhereTimeIsReal()
    {
        QVERIFY(part<QPushButton>("pause")->isVisible());
        view().runPane().setTarget(QStringLiteral("net"));
        QVERIFY(!part<QPushButton>("pause")->isVisible());
    }
};

QTEST_MAIN(TimeTests)
#include "time_tests.moc"
