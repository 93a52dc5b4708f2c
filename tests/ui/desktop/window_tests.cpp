// The window with a real engine, under Qt's offscreen platform: every action by mouse and by keyboard.

#include "tests/ui/desktop/window_test.hpp"
#include "ui/desktop/main_window.hpp"
#include "ui/desktop/watched_application.hpp"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QDesktopServices>
#include <QFile>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProcess>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <memory>

namespace {

using ui::Column;
using ui::comesTrue;
using ui::FleetView;
using ui::limitMs;
using ui::MainWindow;
using ui::PhoneView;
using ui::program;
using ui::write;

constexpr std::uint32_t phoneCount = 6;

}  // namespace

class WindowTests : public QObject {
    Q_OBJECT

private:
    template <class Widget>
    Widget* part(const char* name)
    {
        return ui::part<Widget>(*m_window, name);
    }
    FleetView& fleet() { return m_window->fleet(); }
    QString text(std::uint32_t phone, Column column)
    {
        return QString::fromStdString(m_window->rows().text(phone, column));
    }
    void clickPhone(std::uint32_t phone, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(fleet().viewport(), Qt::LeftButton, modifiers, fleet().rectOf(phone).center());
    }
    // Does `answer` in the dialog that opens next.
    template <class Answer>
    void inDialog(Answer answer)
    {
        QTimer::singleShot(0, this, [this, answer] {
            QWidget* const dialog = QApplication::activeModalWidget();
            if (dialog == nullptr)
                return inDialog(answer);
            answer(*dialog);
        });
    }
    static void typeRule(QWidget& dialog, const QString& rule)
    {
        auto* const field = dialog.findChild<QComboBox*>(QStringLiteral("rule"));
        QTest::keyClicks(field->lineEdit(), rule);
        QTest::keyClick(&dialog, Qt::Key_Return);
    }
    void clickMenu(const char* action) { ui::clickMenu(*m_window, "phones", action); }
    QString valueOf(PhoneView& phone, const QString& parameter, int column)
    {
        const QAbstractItemModel& model =
            *phone.findChild<QTableView*>(QStringLiteral("parameters"))->model();
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.index(row, 0).data().toString() == parameter)
                return model.index(row, column).data().toString();
        return {};
    }

    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;

private slots:
    void init()
    {
        QFile profile{m_folder.filePath(QStringLiteral("basic.txt"))};
        QVERIFY(profile.open(QIODevice::WriteOnly));
        profile.write("<flat-profile><GPP_A>12345678</GPP_A></flat-profile>");
        profile.close();
        m_window = std::make_unique<MainWindow>();
        QSignalSpy known{m_window.get(), &MainWindow::allKnown};
        m_window->startEngine(
            program(),
            {QStringLiteral("--phones"), QString::number(phoneCount), QStringLiteral("--first"),
             QStringLiteral("127.79.30.1"), QStringLiteral("--model"), QStringLiteral("CP-7841-3PCC"),
             QStringLiteral("--web-port"), QStringLiteral("0"), QStringLiteral("--sip-port"),
             QStringLiteral("0"), QStringLiteral("--set"), QStringLiteral("Resync_On_Reset=No"),
             QStringLiteral("--serve"), m_folder.path()},
            m_folder.path());
        m_window->show();
        fleet().setFocus();
        QVERIFY(known.wait(limitMs));
        QVERIFY(comesTrue([&] {
            return m_window->rows().inState()[static_cast<std::size_t>(emulator::PhoneState::Idle)] ==
                   phoneCount;
        }));
    }
    void cleanup() { m_window.reset(); }

    void aFilterTypedLeavesThePhonesThatMatch()
    {
        QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(part<QLineEdit>("filter"), QStringLiteral("address:30.3"));
        QCOMPARE(m_window->rows().order().size(), std::size_t{1});
        QVERIFY(part<QLabel>("counts")->text().startsWith(QStringLiteral("1 of 6 phones")));
        part<QLineEdit>("filter")->clear();
        QCOMPARE(m_window->rows().order().size(), std::size_t{phoneCount});
    }

    void phonesAreSelectedByMouse()
    {
        clickPhone(1);
        QCOMPARE(fleet().selected(), std::vector<std::uint32_t>{1});
        clickPhone(3, Qt::ControlModifier);
        QCOMPARE(fleet().selected(), (std::vector<std::uint32_t>{1, 3}));
        clickPhone(5, Qt::ShiftModifier);
        QCOMPARE(fleet().selected(), (std::vector<std::uint32_t>{3, 4, 5}));
    }

    void phonesAreSelectedByKeyboard()
    {
        QTest::keyClick(&fleet(), Qt::Key_Home);
        QTest::keyClick(&fleet(), Qt::Key_Right);
        QTest::keyClick(&fleet(), Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(fleet().selected(), (std::vector<std::uint32_t>{1, 2}));
        QVERIFY(fleet().accessibleDescription().contains(QStringLiteral("127.79.30.3")));
        QTest::keyClick(&fleet(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(fleet().selectedCount(), std::size_t{phoneCount});
        QTest::keyClick(&fleet(), Qt::Key_Escape);
        QCOMPARE(fleet().selectedCount(), std::size_t{0});
    }

    void aSelectionGoesWithItsPhonesWhenTheyAreSorted()
    {
        QTest::keyClick(m_window.get(), Qt::Key_2, Qt::ControlModifier);
        clickPhone(0);
        const int top = fleet().rectOf(0).top();
        part<QAction>("descending")->trigger();
        QCOMPARE(m_window->rows().order().front(), phoneCount - 1);
        QVERIFY(fleet().rectOf(0).top() > top);
        QVERIFY(fleet().isSelected(0));
        QVERIFY(!fleet().isSelected(phoneCount - 1));
    }

    void powerIsTakenAndGivenByKeyboard()
    {
        clickPhone(2);
        QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(comesTrue([&] { return text(2, Column::State) == QStringLiteral("off"); }));
        QCOMPARE(text(1, Column::State), QStringLiteral("idle"));
        QTest::keyClick(m_window.get(), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(comesTrue([&] { return text(2, Column::State) == QStringLiteral("idle"); }));
    }

    void powerIsTakenAndGivenByMouse()
    {
        clickPhone(2);
        clickMenu("power_off");
        QVERIFY(comesTrue([&] { return text(2, Column::State) == QStringLiteral("off"); }));
        clickMenu("power_on");
        QVERIFY(comesTrue([&] { return text(2, Column::State) == QStringLiteral("idle"); }));
    }

    void aResyncThatFindsNoFileMakesTheLedBlinkFast()
    {
        clickPhone(4);
        inDialog([&](QWidget& dialog) {
            auto* const field = dialog.findChild<QComboBox*>(QStringLiteral("rule"));
            QVERIFY(field->count() >= 2);  // the file of both servers
            typeRule(dialog,
                     field->itemText(1).replace(QStringLiteral("basic.txt"), QStringLiteral("missing.txt")));
        });
        QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier);
        QVERIFY(comesTrue([&] { return text(4, Column::Led) == QStringLiteral("fast blink"); }));
        const emulator::PhoneSnapshot& phone = m_window->rows().row(4).phone;
        const auto redAt = [&](std::chrono::milliseconds after) {
            fleet().viewport()->repaint();
            fleet().sampleLeds(phone.ledSince + after);
            const QImage seen = fleet().viewport()->grab(fleet().rectOf(4)).toImage();
            int red = 0;
            for (int y = 0; y < seen.height(); ++y)
                for (int x = 0; x < seen.width(); ++x)
                    red += seen.pixelColor(x, y) == QColor{0xff, 0x2a, 0x2a} ? 1 : 0;
            return red > 20;
        };
        // 0.2 s on, 0.2 s off, 0.2 s on, 1.4 s off.
        QVERIFY(redAt(std::chrono::milliseconds{100}));
        QVERIFY(!redAt(std::chrono::milliseconds{300}));
        QVERIFY(redAt(std::chrono::milliseconds{500}));
        QVERIFY(!redAt(std::chrono::milliseconds{1000}));
    }

    void aServerThatIsStoppedMakesTheLedBlinkSlowly()
    {
        clickPhone(2);
        inDialog([&](QWidget& dialog) {
            typeRule(dialog, dialog.findChild<QComboBox*>(QStringLiteral("rule"))->itemText(1));
        });
        auto* const servers = part<QMenu>("servers");
        QAction* const tftp = servers->actions().front();
        QVERIFY(tftp->text().startsWith(QStringLiteral("tftp://")));
        tftp->trigger();
        QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier);
        QVERIFY(comesTrue([&] { return text(2, Column::Led) == QStringLiteral("slow blink"); }));
        QVERIFY(comesTrue([&] { return !servers->actions().front()->isChecked(); }));
        servers->actions().front()->trigger();
        m_window->activateWindow();  // as a window manager does when a dialog is gone; there is none here
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        inDialog([&](QWidget& dialog) {
            typeRule(dialog, dialog.findChild<QComboBox*>(QStringLiteral("rule"))->itemText(1));
        });
        QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier);
        QVERIFY(comesTrue([&] { return text(2, Column::LastResult) == QStringLiteral("resync succeeded"); }));
        QCOMPARE(text(2, Column::Led), QStringLiteral("off"));
    }

    void submittedParametersReachTheSelection()
    {
        clickPhone(0);
        clickPhone(1, Qt::ControlModifier);
        inDialog([](QWidget& dialog) {
            QTest::keyClicks(dialog.findChild<QPlainTextEdit*>(), QStringLiteral("GPP_B=here"));
            dialog.findChild<QPushButton*>()->click();
        });
        clickMenu("submit");
        PhoneView& phone = *m_window->openPhone(1);
        QVERIFY(comesTrue([&] {
            phone.refresh();
            return valueOf(phone, QStringLiteral("GPP_B"), ui::ParameterModel::Value) ==
                   QStringLiteral("here");
        }));
        QCOMPARE(valueOf(phone, QStringLiteral("GPP_B"), ui::ParameterModel::Source), QStringLiteral("page"));
    }

    void aFactoryResetIsDoneOnlyWhenConfirmed()
    {
        clickPhone(3);
        inDialog([](QWidget& dialog) { QTest::keyClick(&dialog, Qt::Key_Escape); });
        part<QAction>("factory_reset")->trigger();
        QCOMPARE(text(3, Column::State), QStringLiteral("idle"));
        inDialog([](QWidget& dialog) {
            for (QPushButton* const button : dialog.findChildren<QPushButton*>())
                if (button->text().contains(QStringLiteral("Reset")))
                    QTest::mouseClick(button, Qt::LeftButton);
        });
        part<QAction>("factory_reset")->trigger();
        QVERIFY(comesTrue([&] {
            return m_window->statusBar()->currentMessage().startsWith(QStringLiteral("Handed to 1 phone"));
        }));
    }

    void theManualProcedureIsDoneByMouseAlone()
    {
        QTest::mouseDClick(fleet().viewport(), Qt::LeftButton, {}, fleet().rectOf(1).center());
        PhoneView* const phone = m_window->openedPhone();
        QVERIFY(phone != nullptr);
        ui::PhoneDisplay& display = phone->front().display();
        for (const char* const item : {"Applications", "Device administration", "Profile rule"}) {
            QVERIFY(comesTrue(
                [&] { return !display.shown().items.empty() && display.shown().items.front() == item; }));
            QTest::mouseClick(&display, Qt::LeftButton, {}, display.itemRect(0).center());
        }
        auto* const entry = phone->findChild<QComboBox*>(QStringLiteral("entry"));
        QVERIFY(comesTrue([&] { return entry->isVisible(); }));
        entry->showPopup();
        QAbstractItemView& choices = *entry->view();
        QTest::mouseClick(choices.viewport(), Qt::LeftButton, {},
                          choices.visualRect(choices.model()->index(0, 0)).center());
        QVERIFY(entry->currentText().endsWith(QStringLiteral("/basic.txt")));
        QTest::mouseClick(phone->findChild<QPushButton*>(QStringLiteral("softkey1")), Qt::LeftButton);
        QVERIFY(comesTrue([&] {
            phone->refresh();
            return valueOf(*phone, QStringLiteral("GPP_A"), ui::ParameterModel::Value) ==
                   QStringLiteral("12345678");
        }));
        QVERIFY(valueOf(*phone, QStringLiteral("GPP_A"), ui::ParameterModel::Source)
                    .contains(QStringLiteral("tftp://")));
    }

    void theManualProcedureIsDoneByKeyboardAlone()
    {
        QTest::keyClick(&fleet(), Qt::Key_Home);
        QTest::keyClick(&fleet(), Qt::Key_Return);
        PhoneView* const phone = m_window->openedPhone();
        QVERIFY(phone != nullptr);
        ui::PhoneDisplay& display = phone->front().display();
        for (const char* const item : {"Applications", "Device administration", "Profile rule"}) {
            QVERIFY(comesTrue(
                [&] { return !display.shown().items.empty() && display.shown().items.front() == item; }));
            QTest::keyClick(&phone->front(), Qt::Key_Return);
        }
        auto* const entry = phone->findChild<QComboBox*>(QStringLiteral("entry"));
        QVERIFY(comesTrue([&] { return entry->isVisible(); }));
        QTest::keyClicks(entry->lineEdit(), entry->itemText(0));
        QTest::keyClick(entry->lineEdit(), Qt::Key_F1);
        QVERIFY(comesTrue([&] { return text(0, Column::LastResult) == QStringLiteral("resync succeeded"); }));
    }

    void aLineKeyAndTheHandsetMakeTheLineBusy()
    {
        PhoneView& phone = *m_window->openPhone(2);
        auto* const line = phone.findChild<QPushButton*>(QStringLiteral("line2"));
        auto* const status = phone.findChild<QTableView*>(QStringLiteral("status"));
        const auto connected = [&](int lines) {
            return comesTrue([&] {
                phone.refresh();
                int busy = 0;
                for (int row = 0; row < status->model()->rowCount(); ++row)
                    busy += status->model()->index(row, 1).data().toString() == QStringLiteral("Connected")
                                ? 1
                                : 0;
                return busy == lines;
            });
        };
        QTest::mouseClick(line, Qt::LeftButton);
        QVERIFY(connected(1));
        QTest::keyClick(phone.findChild<QPushButton*>(QStringLiteral("hook")), Qt::Key_Space);
        QVERIFY(connected(2));
        QTest::mouseClick(line, Qt::LeftButton);
        QVERIFY(connected(1));
    }

    void theTimelineIsALadderThatCanBeNarrowedToSyslog()
    {
        PhoneView& phone = *m_window->openPhone(0);
        phone.findChild<QTabWidget*>()->setCurrentIndex(1);
        auto& timeline = *phone.findChild<ui::TimelineView*>();
        const ui::LadderRows& rows = timeline.rows();
        QVERIFY(comesTrue([&] { return rows.size() > 0 && timeline.isComplete(); }));
        QCOMPARE(QString::fromStdString(rows.lanes().front()), QStringLiteral("127.79.30.1"));
        QVERIFY(rows.lanes().at(1).starts_with("tftp :"));
        QCOMPARE(rows.eventOf(0).kind, emulator::EventKind::PhoneState);
        QTest::mouseClick(phone.findChild<QCheckBox*>(QStringLiteral("syslog only")), Qt::LeftButton);
        QVERIFY(comesTrue([&] { return timeline.isComplete(); }));
        for (std::size_t row = 0; row < rows.size(); ++row)
            QCOMPARE(rows.eventOf(row).kind, emulator::EventKind::SyslogMessage);
    }

    void aLadderGrowsWhileThePhoneWorks()
    {
        PhoneView& phone = *m_window->openPhone(0);
        auto& timeline = *phone.findChild<ui::TimelineView*>();
        QVERIFY(comesTrue([&] { return timeline.rows().size() > 0; }));
        inDialog([&](QWidget& dialog) {
            typeRule(dialog, dialog.findChild<QComboBox*>(QStringLiteral("rule"))->itemText(1));
        });
        QTest::keyClick(m_window.get(), Qt::Key_R, Qt::ControlModifier);
        const auto isRead = [&] {
            for (std::size_t row = 0; row < timeline.rows().size(); ++row)
                if (timeline.rows().text(row) == "read basic.txt")
                    return timeline.rows().row(row).toPeer && timeline.rows().row(row).lane == 1;
            return false;
        };
        QVERIFY(comesTrue(isRead));
    }

    void theWebPageOfAPhoneIsOpenedInTheBrowser()
    {
        clickPhone(5);
        QDesktopServices::setUrlHandler(QStringLiteral("http"), this, "browse");
        QTest::keyClick(m_window.get(), Qt::Key_B, Qt::ControlModifier);
        QDesktopServices::unsetUrlHandler(QStringLiteral("http"));
        QCOMPARE(m_browsed.host(), QStringLiteral("127.79.30.6"));
        QVERIFY(m_browsed.port() > 0);
    }

    void anAttachedEngineOutlivesTheWindowAndItsOwnEndIsSaid()
    {
        QProcess engine;
        const QString socket = m_folder.filePath(QStringLiteral("other.sock"));
        engine.start(program(),
                     {QStringLiteral("up"), QStringLiteral("--first"), QStringLiteral("127.79.31.1"),
                      QStringLiteral("--web-port"), QStringLiteral("0"), QStringLiteral("--sip-port"),
                      QStringLiteral("0"), QStringLiteral("--control"), socket});
        QVERIFY(comesTrue([&] { return QFile::exists(socket); }));
        for (int round = 0; round < 2; ++round) {
            m_window = std::make_unique<MainWindow>();
            QSignalSpy known{m_window.get(), &MainWindow::allKnown};
            m_window->attach(socket);
            m_window->show();
            QVERIFY(known.wait(limitMs));
            QCOMPARE(text(0, Column::Address), QStringLiteral("127.79.31.1"));
            QCOMPARE(engine.state(), QProcess::Running);
        }
        engine.kill();
        QVERIFY(comesTrue([&] { return part<QLabel>("trouble")->isVisible(); }));
        QVERIFY(part<QLabel>("trouble")->text().startsWith(QStringLiteral("The engine ended.")));
        engine.waitForFinished(limitMs);
    }

    void anEngineThatCannotStartIsSaidInItsOwnWords()
    {
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        m_window->startEngine(program(), {QStringLiteral("--model"), QStringLiteral("CP-7842-3PCC")}, {});
        QVERIFY(comesTrue([&] { return part<QLabel>("trouble")->isVisible(); }));
        QVERIFY(part<QLabel>("trouble")->text().contains(QStringLiteral("--model")));
    }

public slots:
    void browse(const QUrl& url) { m_browsed = url; }

private:
    QUrl m_browsed;
};

int main(int argc, char** argv)
{
    ui::WatchedApplication application{argc, argv};
    WindowTests tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "window_tests.moc"
