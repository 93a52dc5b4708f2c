// The window's scenarios: found, read, changed, kept and run, by mouse and by keyboard. Runs are processes of their own, in
// virtual time unless a test says otherwise.

#include "tests/ui/desktop/window_test.hpp"
#include "ui/desktop/main_window.hpp"
#include "ui/desktop/watched_application.hpp"

#include <QAbstractItemView>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QMessageBox>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>

#include <csignal>
#include <memory>

namespace {

using ui::comesTrue;
using ui::contents;
using ui::limitMs;
using ui::MainWindow;
using ui::ScenarioView;
using ui::write;

const char* const rightText = R"(scenario: A phone fetches a file
phones: { model: CP-7832-3PCC, count: 1, set: { Resync_On_Reset: "No" } }
servers:
  tftp: { files: { basic.txt: { from: basic.txt } } }
  syslog: {}
steps:
  - power: on
  - browse: /admin/resync?tftp://${tftp}/basic.txt
  - expect: { param: GPP_A, is: "1", within: 30s }
)";

}  // namespace

class ScenarioTests : public QObject {
    Q_OBJECT

private:
    template <class Widget>
    Widget* part(const char* name)
    {
        return ui::part<Widget>(*m_window, name);
    }
    QString path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    ScenarioView& view() { return *m_window->showScenarios(); }
    QString text() { return view().editor().toPlainText(); }
    QString verdict() { return part<QLabel>("run verdict")->text(); }
    QTreeWidget& steps() { return *part<QTreeWidget>("steps"); }
    QString result(int step) { return steps().topLevelItem(step)->text(0); }

    // Opens a scenario and waits until it is checked.
    void open(const QString& word)
    {
        QSignalSpy completed{&view(), &ScenarioView::completed};
        m_window->openScenario(word);
        QVERIFY(completed.wait(limitMs));
        view().editor().setFocus();
    }
    void openMine(const QByteArray& scenario)
    {
        write(path("basic.txt"), "<flat-profile><GPP_A>1</GPP_A></flat-profile>");
        write(path("mine.yaml"), scenario);
        open(path("mine.yaml"));
    }
    bool isChecked()
    {
        return comesTrue([this] { return view().isChecked(); });
    }
    // Selects the first place where this stands, and types over it.
    void typeOver(const QString& what, const QString& with)
    {
        QVERIFY(view().editor().find(what) ||
                (view().editor().moveCursor(QTextCursor::Start), view().editor().find(what)));
        QTest::keyClicks(&view().editor(), with);
    }
    bool runEnds()
    {
        return comesTrue([this] { return !view().runPane().isRunning(); }) && !verdict().isEmpty();
    }
    // Whether that step is playing, sooner or later.
    bool comesTo(int step)
    {
        const QString playing = QStringLiteral("…");
        const bool came =
            comesTrue([&] { return result(step) == playing || !view().runPane().isRunning(); }) &&
            result(step) == playing;
        if (!came)
            qWarning() << verdict() << part<QPlainTextEdit>("said")->toPlainText();
        return came;
    }
    void key(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(QApplication::focusWidget(), static_cast<Qt::Key>(key), modifiers);
    }
    void clickItem(QAbstractItemView& list, const QRect& place)
    {
        QTest::mouseClick(list.viewport(), Qt::LeftButton, {}, place.center());
    }
    void clickMenu(const char* action) { ui::clickMenu(*m_window, "scenario", action); }
    // The dialog that is open, or opens soon.
    template <class Dialog>
    Dialog* dialog()
    {
        Dialog* found = nullptr;
        const bool there = comesTrue([&] {
            found = qobject_cast<Dialog*>(QApplication::activeModalWidget());
            return found != nullptr && found->isVisible();
        });
        if (!there)
            qFatal("no dialog opens");
        return found;
    }
    void answer(QMessageBox::StandardButton button)
    {
        auto* const box = dialog<QMessageBox>();
        QTest::mouseClick(box->button(button), Qt::LeftButton);
    }
    void saveIn(const QString& file)
    {
        auto* const asked = dialog<QFileDialog>();
        asked->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(file);
        QTest::mouseClick(asked->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save),
                          Qt::LeftButton);
    }
    QTreeWidgetItem* listed(const QString& name)
    {
        for (QTreeWidgetItemIterator item{part<QTreeWidget>("scenarios")}; *item != nullptr; ++item)
            if ((*item)->text(0) == name)
                return *item;
        return nullptr;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
    QUrl m_browsed;

public slots:
    void browse(const QUrl& url) { m_browsed = url; }

private slots:
    void initTestCase() { QApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = std::make_unique<MainWindow>();
        m_window->setProgram(ui::program());
        m_window->beWithoutEngine();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    // --- the library ---

    void aScenarioOfTheLibraryIsFoundByKeyboard()
    {
        QTest::keyClick(m_window.get(), Qt::Key_3, Qt::ControlModifier);
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("tftp demo"));
        QVERIFY(comesTrue([this] { return listed(QStringLiteral("ex-tftp-resync")) != nullptr; }));
        QVERIFY(listed(QStringLiteral("http-post"))->isHidden());
        QVERIFY(!listed(QStringLiteral("ex-tftp-resync"))->isHidden());
        part<QLineEdit>("scenario search")->clear();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("ex-tftp"));
        key(Qt::Key_Return);
        key(Qt::Key_Return);
        QVERIFY(comesTrue([this] { return text().startsWith(QStringLiteral("scenario: A resync URL")); }));
    }

    void aScenarioOfTheLibraryIsOpenedByMouseAndOnlyRead()
    {
        view();
        QVERIFY(comesTrue([this] { return listed(QStringLiteral("http-post")) != nullptr; }));
        auto* const tree = part<QTreeWidget>("scenarios");
        tree->scrollToItem(listed(QStringLiteral("http-post")));
        clickItem(*tree, tree->visualItemRect(listed(QStringLiteral("http-post"))));
        QVERIFY(comesTrue([this] { return view().isChecked() && !text().isEmpty(); }));
        QVERIFY(view().checked().problems.empty());
        const QString before = text();
        view().editor().setFocus();
        QTest::keyClicks(&view().editor(), QStringLiteral("x"));
        QCOMPARE(text(), before);
        QVERIFY(part<QLabel>("scenario title")->text().contains(QStringLiteral("Save as")));
    }

    void saveAsMakesACopyOfTheLibraryThatCanBeChanged()
    {
        open(QStringLiteral("ex-tftp-resync"));
        const QString before = text();
        key(Qt::Key_S, Qt::ControlModifier);  // there is no file to save: asks for one
        saveIn(path("copy.yaml"));
        QVERIFY(
            comesTrue([this] { return QFile::exists(path("copy.yaml")) && !view().editor().isReadOnly(); }));
        QCOMPARE(QString::fromUtf8(contents(path("copy.yaml"))), before);
        QVERIFY(comesTrue([this] { return listed(QStringLiteral("copy")) != nullptr; }));
    }

    void aFolderIsListed()
    {
        write(path("one.yaml"), rightText);
        write(path("two.yaml"), "nothing: of this kind\n");
        view().open(m_folder->path());
        QVERIFY(comesTrue([this] { return listed(QStringLiteral("two")) != nullptr; }));
        QCOMPARE(listed(QStringLiteral("one"))->text(1),
                 QStringLiteral("(has problems)"));  // it lacks basic.txt
        QVERIFY(comesTrue([this] { return text() == QString::fromUtf8(rightText); }));
    }

    // --- problems ---

    void problemsAreSaidWhileTyping()
    {
        openMine(rightText);
        QVERIFY(view().checked().problems.empty());
        QVERIFY(!part<QListWidget>("problems")->isVisible());
        typeOver(QStringLiteral("power"), QStringLiteral("powr"));
        QVERIFY(isChecked());
        auto* const problems = part<QListWidget>("problems");
        QVERIFY(problems->isVisible());
        QCOMPARE(problems->count(), 1);
        QVERIFY(problems->item(0)->text().startsWith(QStringLiteral("7:5: found the key \"powr\"")));
        QVERIFY(problems->item(0)->text().contains(QStringLiteral("did you mean \"power\"?")));
        bool underlined = false;
        for (const QTextEdit::ExtraSelection& mark : view().editor().extraSelections())
            underlined = underlined || (mark.cursor.selectedText() == QStringLiteral("powr") &&
                                        mark.format.underlineStyle() == QTextCharFormat::WaveUnderline);
        QVERIFY(underlined);
        typeOver(QStringLiteral("powr"), QStringLiteral("power"));
        QVERIFY(isChecked());
        QVERIFY(!problems->isVisible());
    }

    void aProblemIsGoneToByMouse()
    {
        openMine(QByteArray{rightText}.replace("power", "powr"));
        view().editor().moveCursor(QTextCursor::Start);
        auto* const problems = part<QListWidget>("problems");
        clickItem(*problems, problems->visualItemRect(problems->item(0)));
        QCOMPARE(view().editor().currentLine(), std::size_t{7});
        QCOMPARE(QApplication::focusWidget(), &view().editor());
    }

    void problemsAreGoneThroughByKeyboard()
    {
        openMine(QByteArray{rightText}.replace("power", "powr").replace("browse", "brose"));
        QCOMPARE(view().checked().problems.size(), std::size_t{2});
        for (const std::size_t line : {7u, 8u, 7u}) {
            key(Qt::Key_F8);
            QCOMPARE(view().editor().currentLine(), line);
        }
        key(Qt::Key_F8, Qt::ShiftModifier);
        QCOMPARE(view().editor().currentLine(), std::size_t{8});
    }

    void wordsOfTheFormatAreColoured()
    {
        openMine(rightText);
        const QTextBlock line = view().editor().document()->findBlockByNumber(6);  // "  - power: on"
        bool coloured = false;
        for (const QTextLayout::FormatRange& range : line.layout()->formats())
            coloured = coloured || (range.start == 4 && range.length == 5 &&
                                    range.format.foreground().color() ==
                                        ui::ScenarioColours{view().editor().palette()}.verb);
        QVERIFY(coloured);
    }

    // --- runs ---

    void aScenarioIsRunByKeyboardAndItsReportOpened()
    {
        openMine(rightText);
        key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(view().runPane().isRunning());
        QVERIFY(runEnds());
        QCOMPARE(verdict(), QStringLiteral("passed"));
        QCOMPARE(steps().topLevelItemCount(), 3);
        QCOMPARE(result(0), QStringLiteral("done"));
        QCOMPARE(result(1), QStringLiteral("done"));
        QCOMPARE(result(2), QStringLiteral("met"));
        QCOMPARE(part<QProgressBar>("run progress")->value(), 3);
        QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "browse");
        key(Qt::Key_F7);
        QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
        QVERIFY(contents(m_browsed.toLocalFile()).contains("A phone fetches a file"));
    }

    void aScenarioIsRunByMouseAndItsLadderShown()
    {
        openMine(rightText);
        QTest::mouseClick(part<QPushButton>("run"), Qt::LeftButton);
        QVERIFY(runEnds());
        QCOMPARE(verdict(), QStringLiteral("passed"));
        QTest::mouseClick(part<QPushButton>("ladder of run"), Qt::LeftButton);
        auto* const trace = m_window->findChild<ui::TraceView*>();
        QVERIFY(trace != nullptr);
        QVERIFY(comesTrue([&] { return trace->timeline().rows().size() > 0; }));
    }

    void whatWasSeenInsteadStandsAtTheStepThatFailed()
    {
        openMine(QByteArray{rightText}.replace("is: \"1\"", "is: \"2\"") + "  - wait: 1s\n");
        key(Qt::Key_F5);
        QVERIFY(runEnds());
        QCOMPARE(verdict(), QStringLiteral("failed"));
        QCOMPARE(result(2), QStringLiteral("failed"));
        QVERIFY(steps().topLevelItem(2)->text(4).contains(QStringLiteral("\"1\"")));
        QCOMPARE(result(3), QStringLiteral("not run"));
        QVERIFY(part<QPlainTextEdit>("said")->toPlainText().contains(QStringLiteral("--seed")));
        view().editor().moveCursor(QTextCursor::Start);
        clickItem(steps(), steps().visualItemRect(steps().topLevelItem(2)));
        QCOMPARE(view().editor().currentLine(), std::size_t{9});
    }

    void changesRunBeforeTheyAreSaved()
    {
        openMine(QByteArray{rightText}.replace("is: \"1\"", "is: \"2\""));
        typeOver(QStringLiteral("is: \"2\""), QStringLiteral("is: \"1\""));
        key(Qt::Key_F5);
        QVERIFY(comesTrue([this] { return view().runPane().isRunning(); }));
        QVERIFY(runEnds());
        QCOMPARE(verdict(), QStringLiteral("passed"));
        QVERIFY(contents(path("mine.yaml")).contains("is: \"2\""));
        QCOMPARE(QDir{m_folder->path()}.entryList(QDir::Files | QDir::Hidden).size(), 2);  // no copy is left
    }

    void problemsKeepARunFromBeginning()
    {
        openMine(QByteArray{rightText}.replace("power", "powr"));
        view().editor().moveCursor(QTextCursor::Start);
        key(Qt::Key_F5);
        QVERIFY(!view().runPane().isRunning());
        QCOMPARE(view().editor().currentLine(), std::size_t{7});
    }

    void theStepsOfARunComeAsTheyAreDecidedAndItCanBeStopped()
    {
        openMine(QByteArray{rightText} + "  - wait: 1h\n");
        view().runPane().setTarget(QStringLiteral("net"));
        key(Qt::Key_F5);
        QVERIFY(comesTrue([this] { return result(2) == QStringLiteral("met"); }));
        QVERIFY(comesTo(3));
        QVERIFY(view().runPane().isRunning());
        key(Qt::Key_F5, Qt::ShiftModifier);
        QVERIFY(runEnds());
        QCOMPARE(verdict(), QStringLiteral("The run was stopped; there is no verdict."));
        QCOMPARE(result(3), QStringLiteral("cut off"));
    }

    void aRunIsStoppedByMouse()
    {
        openMine(QByteArray{rightText} + "  - wait: 1h\n");
        view().runPane().setTarget(QStringLiteral("net"));
        QTest::mouseClick(part<QPushButton>("run"), Qt::LeftButton);
        QVERIFY(comesTo(3));
        QTest::mouseClick(part<QPushButton>("stop"), Qt::LeftButton);
        QVERIFY(runEnds());
        QVERIFY(!part<QPushButton>("stop")->isEnabled());
        QVERIFY(part<QPushButton>("run")->isEnabled());
    }

    void aRunThatDiesIsSaid()
    {
        openMine(QByteArray{rightText} + "  - wait: 1h\n");
        view().runPane().setTarget(QStringLiteral("net"));
        key(Qt::Key_F5);
        QVERIFY(comesTo(3));
        auto* const process = m_window->findChild<QProcess*>();
        QVERIFY(process != nullptr);
        process->kill();
        QVERIFY(runEnds());
        QCOMPARE(verdict(), QStringLiteral("The process of the run died; there is no verdict."));
    }

    void aTargetThatIsNoneIsSaidInTheRunsOwnWords()
    {
        openMine(rightText);
        view().runPane().setTarget(QStringLiteral("nett"));
        key(Qt::Key_F5);
        QVERIFY(runEnds());
        QVERIFY(verdict().contains(QStringLiteral("did you mean net?")));
    }

    void theSeedGoesToTheRun()
    {
        openMine(QByteArray{rightText}.replace("is: \"1\"", "is: \"2\""));
        QTest::keyClicks(part<QLineEdit>("seed"), QStringLiteral("47x11"));
        view().editor().setFocus();
        key(Qt::Key_F5);
        QVERIFY(runEnds());
        QVERIFY(part<QPlainTextEdit>("said")->toPlainText().contains(QStringLiteral("--seed 4711")));
    }

    // --- nothing is lost ---

    void aFileIsSavedWhereItCameFrom()
    {
        openMine("scenario: a\r\nsteps: []\r\n");
        typeOver(QStringLiteral("a"), QStringLiteral("b"));
        QVERIFY(part<QLabel>("scenario title")->text().endsWith(u'*'));
        key(Qt::Key_S, Qt::ControlModifier);
        QVERIFY(comesTrue([this] { return !view().editor().document()->isModified(); }));
        QVERIFY(contents(path("mine.yaml")).endsWith("\r\nsteps: []\r\n"));
        QVERIFY(contents(path("mine.yaml")).contains('b'));
    }

    void changesAreAskedForWhenTheWindowCloses()
    {
        openMine(rightText);
        typeOver(QStringLiteral("power"), QStringLiteral("powr"));
        m_window->close();
        answer(QMessageBox::Cancel);
        QVERIFY(m_window->isVisible());
        m_window->close();
        answer(QMessageBox::Discard);
        QVERIFY(comesTrue([this] { return !m_window->isVisible(); }));
        QCOMPARE(contents(path("mine.yaml")), QByteArray{rightText});
    }

    void changesAreAskedForWhenAnotherScenarioIsChosen()
    {
        openMine(rightText);
        typeOver(QStringLiteral("power"), QStringLiteral("powr"));
        m_window->openScenario(QStringLiteral("ex-tftp-resync"));
        answer(QMessageBox::Save);
        QVERIFY(comesTrue([this] { return text().startsWith(QStringLiteral("scenario: A resync URL")); }));
        QVERIFY(contents(path("mine.yaml")).contains("powr"));
    }

    void aRunIsAskedForWhenItsTabCloses()
    {
        openMine(QByteArray{rightText} + "  - wait: 1h\n");
        view().runPane().setTarget(QStringLiteral("net"));
        key(Qt::Key_F5);
        QVERIFY(comesTo(3));
        key(Qt::Key_W, Qt::ControlModifier);
        answer(QMessageBox::Cancel);
        QVERIFY(view().runPane().isRunning());
        key(Qt::Key_W, Qt::ControlModifier);
        auto* const box = dialog<QMessageBox>();
        for (QAbstractButton* const button : box->buttons())
            if (button->text().contains(QStringLiteral("Stop")))
                QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(comesTrue([this] { return m_window->findChild<ScenarioView*>() == nullptr; }));
    }

    void aNewScenarioIsRightFromTheBeginning()
    {
        clickMenu("new scenario");
        QVERIFY(comesTrue([this] { return view().isChecked() && !text().isEmpty(); }));
        QVERIFY(view().checked().problems.empty());
        QTest::mouseClick(part<QPushButton>("run"), Qt::LeftButton);
        QVERIFY(view().runPane().isRunning());
        QVERIFY(runEnds());
        QCOMPARE(verdict(), QStringLiteral("passed"));
    }

    void aTextIsCheckedWhileTheWindowGoesOn()
    {
        openMine(rightText);
        view().editor().moveCursor(QTextCursor::End);
        QTest::keyClick(&view().editor(), Qt::Key_Return);
        QVERIFY(!view().isChecked());
        QTest::keyClicks(&view().editor(), QStringLiteral("x: y"));
        QVERIFY(isChecked());
        QCOMPARE(view().checked().problems.size(), std::size_t{1});  // of the last letter, not of one before
    }
};

int main(int argc, char** argv)
{
    ui::WatchedApplication application{argc, argv};
    ScenarioTests tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "scenario_tests.moc"
