// The window without an engine: traces from files, and two of them compared, by mouse and by keyboard. The traces are of
// runs in virtual time.

#include "tests/ui/desktop/window_test.hpp"
#include "ui/desktop/main_window.hpp"
#include "ui/desktop/watched_application.hpp"

#include <QDialogButtonBox>
#include <QElapsedTimer>
#include <QFile>
#include <QFileDialog>
#include <QMenuBar>
#include <QProcess>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <vector>

namespace {

using ui::comesTrue;
using ui::CompareView;
using ui::contents;
using ui::LadderRows;
using ui::LadderView;
using ui::limitMs;
using ui::MainWindow;
using ui::TimelineView;
using ui::TraceView;
using ui::write;
using Side = ui::ComparedTraces::Side;

}  // namespace

class FileTests : public QObject {
    Q_OBJECT

private:
    QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    // Runs a scenario in which a phone fetches this file, and keeps its trace.
    void record(const char* trace, const QByteArray& file)
    {
        write(path("scenario.yaml"), R"(scenario: A phone fetches a file over TFTP
phones: { model: CP-7832-3PCC, count: 1, set: { Resync_On_Reset: "No" } }
servers:
  tftp: { files: { basic.txt: "<flat-profile><GPP_A>1</GPP_A></flat-profile>" } }
  syslog: {}
steps:
  - power: on
  - browse: /admin/resync?tftp://${tftp}/)" +
                                         file + R"(
  - expect: { led: mute, shows: )" + (file == "basic.txt" ? "off" : "fast blink") +
                                         R"(, within: 30s }
  - wait: 10s
  - browse: /admin/resync?tftp://${tftp}/basic.txt
  - expect: { param: GPP_A, is: "1", within: 30s }
)");
        QProcess run;
        run.start(ui::program(), {QStringLiteral("run"), path("scenario.yaml"), QStringLiteral("--on"),
                                  QStringLiteral("sim"), QStringLiteral("--events"), path(trace)});
        QVERIFY(run.waitForFinished(limitMs));
        QVERIFY2(run.exitCode() == 0, run.readAllStandardError() + run.readAllStandardOutput());
    }
    TraceView& openTrace(const char* name)
    {
        TraceView& view = *m_window->openTrace(path(name));
        QSignalSpy completed{&view, &TraceView::completed};
        if (!completed.wait(limitMs))
            qFatal("the trace does not open");
        return view;
    }
    CompareView& compare(const char* a, const char* b)
    {
        CompareView& view = *m_window->compare(path(a), path(b));
        QSignalSpy completed{&view, &CompareView::completed};
        if (!completed.wait(limitMs))
            qFatal("the comparison does not end");
        return view;
    }
    static std::size_t rowOf(const TimelineView& timeline, std::string_view text)
    {
        for (std::size_t row = 0; row < timeline.rows().size(); ++row)
            if (timeline.rows().text(row) == text)
                return row;
        qFatal("no such row");
    }
    static QString detailOf(TimelineView& timeline)
    {
        return timeline.findChild<QPlainTextEdit*>(QStringLiteral("detail"))->toPlainText();
    }
    static void clickRow(LadderView& ladder, std::size_t row)
    {
        ladder.scrollTo(row == 0 ? 0 : ladder.rows()->row(row).event);
        QTest::mouseClick(ladder.viewport(), Qt::LeftButton, {}, ladder.rectOf(row).center());
    }
    // Chooses a file in the dialog that is open.
    void chooseFile(const char* name)
    {
        QFileDialog* dialog = nullptr;
        QVERIFY(comesTrue([&] {
            dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            return dialog != nullptr && dialog->isVisible();
        }));
        dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(path(name));
        const bool saves = dialog->acceptMode() == QFileDialog::AcceptSave;
        QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(saves ? QDialogButtonBox::Save
                                                                               : QDialogButtonBox::Open),
                          Qt::LeftButton);
        QVERIFY(comesTrue([&] { return !dialog->isVisible(); }));
    }

    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;

private slots:
    void initTestCase()
    {
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        record("good.ndjson", "basic.txt");
        record("missing.ndjson", "missing.txt");
    }
    void init()
    {
        m_window = std::make_unique<MainWindow>();
        m_window->beWithoutEngine();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    void aTraceIsOpenedByMenuAndShowsItsPhonesLadder()
    {
        QTest::keyClick(m_window.get(), Qt::Key_O, Qt::ControlModifier);
        chooseFile("good.ndjson");
        auto* const view = m_window->findChild<TraceView*>();
        QVERIFY(view != nullptr);
        QVERIFY(comesTrue([&] { return view->timeline().rows().size() > 0; }));
        QVERIFY(comesTrue([&] { return view->timeline().isComplete(); }));
        const LadderRows& rows = view->timeline().rows();
        const std::size_t read = rowOf(view->timeline(), "read basic.txt");
        QVERIFY(rows.row(read).toPeer);
        QVERIFY(QString::fromStdString(rows.lanes()[rows.row(read).lane]).contains(u':'));
        std::size_t data = read;
        while (rows.eventOf(data).kind != emulator::EventKind::TftpData)
            ++data;  // which comes from another port of the server
        QVERIFY(!rows.row(data).toPeer);
        QCOMPARE(rows.row(data).lane, rows.row(read).lane);
    }

    void aRowClickedShowsTheWholeEvent()
    {
        TimelineView& timeline = openTrace("good.ndjson").timeline();
        clickRow(timeline.ladder(), rowOf(timeline, "read basic.txt"));
        QVERIFY(detailOf(timeline).startsWith(QStringLiteral("tftp.read\n")));
        QVERIFY(detailOf(timeline).contains(QStringLiteral("file: basic.txt")));
        QVERIFY(timeline.ladder().accessibleDescription().endsWith(QStringLiteral("read basic.txt")));
    }

    void rowsAreWalkedByKeyboardOverPausesAndAlongAnExchange()
    {
        TimelineView& timeline = openTrace("good.ndjson").timeline();
        LadderView& ladder = timeline.ladder();
        const LadderRows& rows = timeline.rows();
        QTest::keyClick(&ladder, Qt::Key_Home);
        QCOMPARE(ladder.current(), std::optional{rows.row(0).event});
        std::size_t steps = 0;
        for (std::optional<std::uint32_t> before; before != ladder.current(); ++steps) {
            before = ladder.current();
            QTest::keyClick(&ladder, Qt::Key_Down);
        }
        std::size_t events = 0;
        for (std::size_t row = 0; row < rows.size(); ++row)
            events += rows.row(row).kind != LadderRows::Kind::Pause ? 1u : 0u;
        QVERIFY(events < rows.size());  // there are pauses
        QCOMPARE(steps, events);
        clickRow(ladder, rowOf(timeline, "read basic.txt"));
        QTest::keyClick(&ladder, Qt::Key_Right);
        QVERIFY(detailOf(timeline).startsWith(QStringLiteral("tftp.data\n")));
        QTest::keyClick(&ladder, Qt::Key_Left);
        QVERIFY(detailOf(timeline).startsWith(QStringLiteral("tftp.read\n")));
    }

    void wordsTypedLeaveTheRowsThatHaveThem()
    {
        TimelineView& timeline = openTrace("good.ndjson").timeline();
        auto* const search = timeline.findChild<QLineEdit*>(QStringLiteral("search events"));
        QTest::keyClicks(search, QStringLiteral("tftp. -ack"));
        QVERIFY(comesTrue([&] { return timeline.isComplete(); }));
        QVERIFY(timeline.rows().size() > 0);
        for (std::size_t row = 0; row < timeline.rows().size(); ++row)
            if (timeline.rows().row(row).kind != LadderRows::Kind::Pause) {
                const auto kind = timeline.rows().eventOf(row).kind;
                QVERIFY(kind == emulator::EventKind::TftpRead || kind == emulator::EventKind::TftpData);
            }
    }

    void aLadderIsZoomedByKeyboardAndWheel()
    {
        TimelineView& timeline = openTrace("good.ndjson").timeline();
        LadderView& ladder = timeline.ladder();
        const int height = ladder.rectOf(0).height();
        QTest::keyClick(&ladder, Qt::Key_Plus);
        QVERIFY(ladder.rectOf(0).height() > height);
        QTest::keyClick(&ladder, Qt::Key_0);
        QCOMPARE(ladder.rectOf(0).height(), height);
        QWheelEvent turned{{50, 100},
                           ladder.viewport()->mapToGlobal(QPointF{50, 100}),
                           {},
                           {0, -240},
                           Qt::NoButton,
                           Qt::ControlModifier,
                           Qt::NoScrollPhase,
                           false};
        QApplication::sendEvent(ladder.viewport(), &turned);
        QVERIFY(ladder.rectOf(0).height() < height);
    }

    void aLadderIsSavedAsDrawingAndAsText()
    {
        TimelineView& timeline = openTrace("good.ndjson").timeline();
        QSignalSpy said{&timeline, &TimelineView::said};
        QTest::mouseClick(timeline.findChild<QToolButton*>(QStringLiteral("save ladder")), Qt::LeftButton);
        chooseFile("ladder.svg");
        QVERIFY(comesTrue([&] { return said.count() == 1; }));
        QVERIFY(contents(path("ladder.svg")).startsWith("<svg xmlns="));
        QVERIFY(contents(path("ladder.svg")).contains("read basic.txt"));
        timeline.save(path("ladder.txt"));
        QVERIFY(comesTrue([&] { return said.count() == 2; }));
        QVERIFY(contents(path("ladder.txt")).contains("|---------------->|"));
        timeline.save(path("no-such-folder/ladder.txt"));
        QVERIFY(comesTrue([&] { return said.count() == 3; }));
        QVERIFY(said.back().front().toString().contains(QStringLiteral("no-such-folder")));
    }

    // How long it takes is printed; docs/performance.md has the numbers.
    void aHundredThousandMessagesAreOpenedAndScrolled()
    {
        constexpr int messages = 100'000;
        QFile file{path("long.ndjson")};
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"t\":0,\"kind\":\"run.begin\",\"by\":\"rig\",\"schema\":1}\n");
        for (int i = 0; i < messages; ++i)
            file.write(
                QStringLiteral(R"({"t":%1,"kind":"%2","n":%3,"by":"phone","x":"3.0.%4",)"
                               R"("phone":"00:0e:08:00:00:01","from":"%5","to":"%6",%7})")
                    .arg(i * 0.05, 0, 'f', 6)
                    .arg(i % 2 == 0 ? QStringLiteral("http.request") : QStringLiteral("http.response"))
                    .arg(i)
                    .arg(i / 2 + 1)
                    .arg(i % 2 == 0 ? QStringLiteral("127.78.0.1:40000") : QStringLiteral("127.0.0.1:80"),
                         i % 2 == 0 ? QStringLiteral("127.0.0.1:80") : QStringLiteral("127.78.0.1:40000"),
                         i % 2 == 0 ? QStringLiteral(R"("method":"GET","target":"/basic.txt","bytes":0)")
                                    : QStringLiteral(R"("status":200,"reason":"OK","bytes":4000)"))
                    .toUtf8() +
                '\n');
        file.write("{\"t\":5000,\"kind\":\"run.end\",\"by\":\"rig\"}\n");
        file.close();
        m_window->resize(1600, 1000);
        QElapsedTimer since;
        since.start();
        TraceView& view = *m_window->openTrace(file.fileName());
        LadderView& ladder = view.timeline().ladder();
        QSignalSpy completed{&view, &TraceView::completed};
        QVERIFY(comesTrue([&] { return view.timeline().rows().size() > 0; }));
        ladder.viewport()->repaint();
        const qint64 firstMs = since.elapsed();
        QVERIFY(completed.count() > 0 || completed.wait(limitMs));
        const qint64 allMs = since.elapsed();
        constexpr std::size_t rows = messages + 2;  // and that the run began and ended
        QCOMPARE(view.timeline().rows().size(), rows);
        constexpr int frames = 600;
        std::vector<qint64> took;
        const int most = ladder.verticalScrollBar()->maximum();
        for (int frame = 0; frame < frames; ++frame) {
            since.restart();
            ladder.verticalScrollBar()->setValue(static_cast<int>(qint64{most} * frame / frames));
            ladder.viewport()->repaint();
            took.push_back(since.nsecsElapsed() / 1000);
        }
        std::sort(took.begin(), took.end());
        qInfo("first rows after %lld ms, all %d messages after %lld ms; a frame while scrolling: median %.1f "
              "ms, p99 %.1f "
              "ms, most %.1f ms",
              firstMs, messages, allMs, static_cast<double>(took[frames / 2]) / 1e3,
              static_cast<double>(took[frames * 99 / 100]) / 1e3, static_cast<double>(took.back()) / 1e3);
        QTest::keyClick(&ladder, Qt::Key_End);
        QCOMPARE(ladder.current(), std::optional{std::uint32_t{rows - 1}});
        QVERIFY(ladder.viewport()->rect().contains(ladder.rectOf(rows - 1)));
    }

    void aTraceThatWasCutShortIsShownAndSaysSo()
    {
        const QByteArray whole = contents(path("good.ndjson"));
        write(path("cut.ndjson"), whole.left(whole.lastIndexOf("run.end")));
        TraceView& view = openTrace("cut.ndjson");
        QVERIFY(view.timeline().rows().size() > 0);
        QVERIFY(view.findChild<QLabel*>(QStringLiteral("about trace"))
                    ->text()
                    .endsWith(QStringLiteral("expected run.end: the trace was cut short")));
    }

    void aTraceThatWasCutShortIsNotCompared()
    {
        const QByteArray whole = contents(path("good.ndjson"));
        write(path("cut.ndjson"), whole.left(whole.lastIndexOf("run.end")));
        QSignalSpy troubled{m_window.get(), &MainWindow::troubled};
        CompareView& view = *m_window->compare(path("good.ndjson"), path("cut.ndjson"));
        QVERIFY(troubled.wait(limitMs));
        QVERIFY(view.findChild<QLabel*>(QStringLiteral("verdict"))
                    ->text()
                    .endsWith(QStringLiteral("expected run.end: the trace was cut short")));
    }

    void aFileThatIsNoTraceIsSaidInItsTab()
    {
        for (const char* const content : {"no trace\n", "{\"t\":0,\"kind\":\"run.end\",\"by\":\"rig\"}\n"}) {
            write(path("other.txt"), content);
            QSignalSpy troubled{m_window.get(), &MainWindow::troubled};
            TraceView& view = *m_window->openTrace(path("other.txt"));
            QVERIFY(troubled.wait(limitMs));
            QVERIFY(view.findChild<QLabel*>(QStringLiteral("about trace"))
                        ->text()
                        .contains(QStringLiteral("expected")));
        }
    }

    void aTabThatIsClosedWhileItsFileIsReadIsForgotten()
    {
        m_window->openTrace(path("good.ndjson"));
        QTest::keyClick(m_window.get(), Qt::Key_W, Qt::ControlModifier);
        QVERIFY(comesTrue([&] { return m_window->findChild<TraceView*>() == nullptr; }));
        openTrace("good.ndjson");
    }

    void twoTracesAreComparedByMenu()
    {
        QTest::keyClick(m_window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        chooseFile("good.ndjson");
        chooseFile("missing.ndjson");
        auto* const view = m_window->findChild<CompareView*>();
        QVERIFY(view != nullptr);
        QVERIFY(comesTrue([&] { return view->compared() != nullptr; }));
        QVERIFY(view->findChild<QLabel*>(QStringLiteral("verdict"))
                    ->text()
                    .contains(QStringLiteral("difference")));
        QVERIFY(view->differences().topLevelItemCount() > 0);
        auto* const fidelity = view->findChild<QTableWidget*>(QStringLiteral("fidelity"));
        QCOMPARE(static_cast<std::size_t>(fidelity->rowCount()),
                 view->compared()->comparison().scores.size());
    }

    void aDifferenceChosenShowsItsPacketsOnBothSides()
    {
        CompareView& view = compare("good.ndjson", "missing.ndjson");
        QTreeWidgetItem* field = nullptr;
        for (QTreeWidgetItemIterator item{&view.differences()}; *item != nullptr && field == nullptr; ++item)
            if ((*item)->text(2) == QStringLiteral("tftp.read file"))
                field = *item;
        QVERIFY(field != nullptr);
        for (const Side side : {Side::A, Side::B})
            view.timeline(side).ladder().scrollToEnd();  // away from it
        view.differences().setCurrentItem(nullptr);
        view.differences().expandAll();
        view.differences().scrollToItem(field);
        QTest::mouseClick(view.differences().viewport(), Qt::LeftButton, {},
                          view.differences().visualItemRect(field).center());
        QVERIFY(comesTrue(
            [&] { return detailOf(view.timeline(Side::A)).contains(QStringLiteral("file: basic.txt")); }));
        QVERIFY(comesTrue(
            [&] { return detailOf(view.timeline(Side::B)).contains(QStringLiteral("file: missing.txt")); }));
        for (const Side side : {Side::A, Side::B}) {
            LadderView& ladder = view.timeline(side).ladder();
            const auto row = view.timeline(side).rows().rowOf(ladder.current().value());
            QVERIFY(row && ladder.viewport()->rect().contains(ladder.rectOf(*row).center()));
        }
    }

    void whatOnlyOneSideHasIsSaidOnTheOther()
    {
        CompareView& view = compare("good.ndjson", "missing.ndjson");
        for (QTreeWidgetItemIterator item{&view.differences()}; *item != nullptr; ++item) {
            view.differences().setCurrentItem(*item);
            const QString change = (*item)->text(1);
            if (change != QStringLiteral("missing") && change != QStringLiteral("extra"))
                continue;
            TimelineView& without = view.timeline(change == QStringLiteral("missing") ? Side::B : Side::A);
            QVERIFY(detailOf(without).startsWith(QStringLiteral("Nothing here")));
            return;
        }
        QFAIL("no difference of that kind");
    }

    void aRowThatDiffersChoosesItsDifferenceByKeyboard()
    {
        CompareView& view = compare("good.ndjson", "missing.ndjson");
        TimelineView& a = view.timeline(Side::A);
        view.differences().setCurrentItem(nullptr);
        clickRow(a.ladder(), rowOf(a, "read basic.txt") - 1);
        QTest::keyClick(&a.ladder(), Qt::Key_Down);
        QVERIFY(view.differences().currentItem() != nullptr);
        QVERIFY(detailOf(view.timeline(Side::B)).contains(QStringLiteral("file: missing.txt")));
    }

    void equalTracesHaveNoDifference()
    {
        CompareView& view = compare("good.ndjson", "good.ndjson");
        QCOMPARE(view.findChild<QLabel*>(QStringLiteral("verdict"))->text(), QStringLiteral("no difference"));
        QCOMPARE(view.differences().topLevelItemCount(), 0);
        QVERIFY(view.timeline(Side::A).rows().size() > 0);
        QVERIFY(view.timeline(Side::B).rows().size() > 0);
    }
};

int main(int argc, char** argv)
{
    ui::WatchedApplication application{argc, argv};
    FileTests tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "file_tests.moc"
