// The window's bench: what an inventory says, what a real daemon says of leases that real processes hold, checks of an
// emulated phone, and packets on a real wire. All of it in a network of the test's own where that is permitted.

#include "tests/ui/desktop/window_test.hpp"
#include "ui/desktop/main_window.hpp"
#include "ui/desktop/watched_application.hpp"

#include <QDialogButtonBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QUdpSocket>

#include <unistd.h>

#include <csignal>
#include <memory>
#include <vector>

namespace {

using ui::BenchModel;
using ui::BenchView;
using ui::comesTrue;
using ui::limitMs;
using ui::MainWindow;

const char* const networkMark = "PHONERIG_TEST_NETWORK";  // set where the network is the test's own

// alice's page is nowhere; bob has no address.
const char* const inventoryText = R"(bench: lab
phones:
  alice:
    model: CP-7832-3PCC
    firmware: sip7832.11-3-1MPP-678
    mac: 00:0e:08:00:70:01
    address: 127.79.70.1
    web: { port: 1 }
    may: [upgrade]
    tags: [room-7, headset]
  bob: { model: CP-7841-3PCC, mac: 00:0e:08:00:70:02 }
)";

}  // namespace

class BenchTests : public QObject {
    Q_OBJECT

private:
    template <class Widget>
    Widget* part(const char* name)
    {
        return ui::part<Widget>(*m_window, name);
    }
    QString path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    QString inventory() const { return path("bench.yaml"); }
    QString socket() const { return path("daemon.sock"); }
    BenchView& view() { return *m_window->findChild<BenchView*>(); }
    QString cell(int row, BenchModel::Columns column)
    {
        return view().model().index(row, column).data().toString();  // none of a row that is not there
    }
    bool cellSays(int row, BenchModel::Columns column, const char* text)
    {
        const bool says = comesTrue([&] { return cell(row, column).contains(QString::fromLatin1(text)); });
        if (!says)
            qWarning() << "found" << cell(row, column) << "expected" << text;
        return says;
    }
    QString notices() { return part<QLabel>("bench notices")->text(); }
    QString results() { return part<QPlainTextEdit>("check results")->toPlainText(); }
    void key(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(QApplication::focusWidget(), static_cast<Qt::Key>(key), modifiers);
    }
    void clickRow(int row)
    {
        QTableView& table = view().table();
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {},
                          table.visualRect(view().model().index(row, 0)).center());
    }

    // Writes the inventory and opens it.
    void open(const QByteArray& text = inventoryText)
    {
        ui::write(inventory(), text);
        QSignalSpy completed{m_window->openBench(inventory(), socket()), &BenchView::completed};
        QVERIFY(completed.wait(limitMs));
    }
    // A phonerig that runs until the test ends; `ready`: what it says when it is there.
    QProcess& start(const QStringList& words, const QByteArray& ready)
    {
        auto& process = *m_processes.emplace_back(std::make_unique<QProcess>());
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(ui::program(), words);
        QByteArray said;
        if (!comesTrue([&] {
                said += process.readAll();
                return said.contains(ready) || process.state() == QProcess::NotRunning;
            }) ||
            !said.contains(ready))
            qFatal("phonerig %s: %s", qPrintable(words.join(u' ')), said.constData());
        return process;
    }
    QProcess& serve(const QString& of)
    {
        return start({QStringLiteral("bench"), QStringLiteral("serve"), QStringLiteral("--inventory"), of,
                      QStringLiteral("--socket"), socket(), QStringLiteral("--state"), path("state")},
                     "serving ");
    }
    QProcess& lease(const QStringList& words)
    {
        return start(QStringList{QStringLiteral("bench"), QStringLiteral("lease"), QStringLiteral("--socket"),
                                 socket()} +
                         words,
                     " until ");
    }
    static void interrupt(QProcess& process) { ::kill(static_cast<pid_t>(process.processId()), SIGINT); }
    static bool shell(const QByteArray& script)
    {
        return QProcess::execute(QStringLiteral("sh"), {QStringLiteral("-ec"), QString::fromUtf8(script)}) ==
               0;
    }
    // Virtual Ethernet whose near end is called so.
    static bool laysCable(const QByteArray& near)
    {
        return shell("ip link add " + near + " type veth peer name far-" + near + "; ip link set far-" +
                     near + " up; ip link set " + near + " up");
    }
    // An emulated phone that is alice of this inventory.
    QByteArray layPhone(const QByteArray& more = {})
    {
        QTcpServer free;
        free.listen(QHostAddress{QStringLiteral("127.0.0.1")});
        const QByteArray port = QByteArray::number(free.serverPort());
        free.close();
        start({QStringLiteral("up"), QStringLiteral("--phones"), QStringLiteral("1"),
               QStringLiteral("--first"), QStringLiteral("127.79.70.1"), QStringLiteral("--mac"),
               QStringLiteral("00:0e:08:00:70:01"), QStringLiteral("--web-port"), QString::fromLatin1(port),
               QStringLiteral("--sip-port"), QStringLiteral("0"), QStringLiteral("--threads"),
               QStringLiteral("1"), QStringLiteral("--set"), QStringLiteral("Resync_On_Reset=No")},
              "ready: 1 phone");
        return "bench: lab\nphones:\n  alice: { model: CP-7832-3PCC, mac: 00:0e:08:00:70:01, address: "
               "127.79.70.1, web: { port: " +
               port + " }" + more + " }\n";
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
    std::vector<std::unique_ptr<QProcess>> m_processes;

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
    void cleanup()
    {
        m_window.reset();
        for (const std::unique_ptr<QProcess>& process : m_processes) {
            process->kill();
            process->waitForFinished();
        }
        m_processes.clear();
    }

    // --- the inventory ---

    void whatTheInventorySaysOfEachPhoneIsShown()
    {
        open();
        QCOMPARE(view().model().rowCount(), 2);
        QCOMPARE(cell(0, BenchModel::Name), QStringLiteral("alice"));
        QCOMPARE(cell(0, BenchModel::Model), QStringLiteral("CP-7832-3PCC\nsip7832.11-3-1MPP-678"));
        QCOMPARE(cell(0, BenchModel::Address), QStringLiteral("127.79.70.1\n00:0e:08:00:70:01"));
        QCOMPARE(cell(0, BenchModel::Tags), QStringLiteral("room-7, headset"));
        QCOMPARE(cell(0, BenchModel::May), QStringLiteral("upgrade"));
        QCOMPARE(cell(1, BenchModel::Model), QStringLiteral("CP-7841-3PCC\nany firmware"));
        QCOMPARE(cell(1, BenchModel::May), QString{});
        QVERIFY(part<QLabel>("bench title")->text().startsWith(QStringLiteral("lab, phones: 2")));
    }

    void theInventoryOfTheCurrentFolderIsOpenedByKeyboard()
    {
        ui::write(inventory(), inventoryText);
        const QString before = QDir::currentPath();
        QDir::setCurrent(m_folder->path());
        QTest::keyClick(m_window.get(), Qt::Key_4, Qt::ControlModifier);
        QDir::setCurrent(before);
        QVERIFY(cellSays(1, BenchModel::Name, "bob"));
        QCOMPARE(QApplication::focusWidget(), &view().table());
        key(Qt::Key_Down);
        key(Qt::Key_Down);
        QCOMPARE(view().table().currentIndex().row(), 1);
    }

    void whatIsWrongWithAnInventoryIsSaidWithFileAndLineUntilItIsPutRight()
    {
        ui::write(inventory(), QByteArray{inventoryText}.replace("firmware", "firmwre"));
        QSignalSpy failed{m_window->openBench(inventory(), socket()), &BenchView::failed};
        QVERIFY(failed.wait(limitMs));
        QVERIFY(notices().startsWith(inventory() + QStringLiteral(":5:5: found")));
        QVERIFY(notices().contains(QStringLiteral("did you mean \"firmware\"?")));
        QVERIFY(part<QLabel>("bench notices")->isVisible());
        QCOMPARE(view().model().rowCount(), 0);
        ui::write(inventory(), inventoryText);
        QVERIFY(comesTrue([this] { return view().model().rowCount() == 2; }));
        QVERIFY(!notices().contains(QStringLiteral("found")));
    }

    void anInventoryThatIsPutInThePlaceOfAnotherIsReadAgain()
    {
        open();
        for (const char* const name : {"carol", "dave"}) {
            ui::write(path("new.yaml"), QByteArray{inventoryText}.replace("bob", name));
            QVERIFY(::rename(qPrintable(path("new.yaml")), qPrintable(inventory())) == 0);
            QVERIFY(cellSays(1, BenchModel::Name, name));
        }
    }

    void anInventoryThatIsNotThereIsSaidAndShownOnceItIs()
    {
        QSignalSpy failed{m_window->openBench(inventory(), socket()), &BenchView::failed};
        QVERIFY(failed.wait(limitMs));
        QVERIFY(failed.front().front().toString().startsWith(inventory() + QStringLiteral(": ")));
        ui::write(inventory(), inventoryText);
        QVERIFY(comesTrue([this] { return view().model().rowCount() == 2; }));
    }

    // --- leases ---

    void withoutADaemonTheCommandThatStartsOneIsSaidAndOnceItRunsLeasesAreShown()
    {
        open();
        QCOMPARE(cell(0, BenchModel::Lease), QStringLiteral("not known"));
        QVERIFY(notices().contains(
            QStringLiteral("phonerig bench serve --inventory %1 --socket %2").arg(inventory(), socket())));
        serve(inventory());
        QVERIFY(cellSays(0, BenchModel::Lease, "free"));
        QVERIFY(notices().isEmpty());
        QCOMPARE(cell(0, BenchModel::Health), QStringLiteral("not checked yet"));
    }

    void whoHasAPhoneUntilWhenAndWhoWaitsForItIsShownUntilItIsGivenBack()
    {
        ui::write(inventory(), inventoryText);
        serve(inventory());
        open();
        QProcess& holder =
            lease({QStringLiteral("alice"), QStringLiteral("--reason"), QStringLiteral("nightly")});
        QVERIFY(cellSays(0, BenchModel::Lease, " until "));
        QVERIFY(cell(0, BenchModel::Lease).contains(u'@'));
        QVERIFY(cell(0, BenchModel::Lease).endsWith(QStringLiteral("\nnightly")));
        QCOMPARE(cell(1, BenchModel::Lease), QStringLiteral("free"));
        QProcess waiting;
        waiting.start(ui::program(),
                      {QStringLiteral("bench"), QStringLiteral("lease"), QStringLiteral("alice"),
                       QStringLiteral("--wait"), QStringLiteral("--socket"), socket()});
        QVERIFY(cellSays(0, BenchModel::Lease, "1 waiting, next "));
        waiting.kill();
        waiting.waitForFinished();
        interrupt(holder);
        QVERIFY(cellSays(0, BenchModel::Lease, "free"));
    }

    void aDaemonThatGoesAwayIsSaidAndOneThatComesBackIsHeard()
    {
        ui::write(inventory(), inventoryText);
        QProcess& daemon = serve(inventory());
        open();
        QCOMPARE(cell(0, BenchModel::Lease), QStringLiteral("free"));
        daemon.kill();
        QVERIFY(cellSays(0, BenchModel::Lease, "not known"));
        QVERIFY(notices().contains(QStringLiteral("phonerig bench serve")));
        serve(inventory());
        QVERIFY(cellSays(0, BenchModel::Lease, "free"));
    }

    void theDaemonOfAnotherBenchSaysNothingOfThisOne()
    {
        ui::write(path("other.yaml"), QByteArray{inventoryText}.replace("bench: lab", "bench: other"));
        serve(path("other.yaml"));
        open();
        QVERIFY(notices().contains(QStringLiteral("that of the bench other, expected lab")));
        QCOMPARE(cell(0, BenchModel::Lease), QStringLiteral("not known"));
    }

    // --- checks ---

    void aPhoneIsCheckedByKeyboardAndPasses()
    {
        ui::write(inventory(), layPhone());
        serve(inventory());
        open(ui::contents(inventory()));
        QVERIFY(!part<QPushButton>("check phones")->isEnabled());
        key(Qt::Key_A, Qt::ControlModifier);
        key(Qt::Key_K, Qt::ControlModifier);
        QVERIFY(cellSays(0, BenchModel::Health, "passed\n"));
        QVERIFY(results().startsWith(QStringLiteral("alice: passed\n  page      good ")));
        QVERIFY(comesTrue([this] { return cell(0, BenchModel::Lease) == QStringLiteral("free"); }));
    }

    void aPhoneThatFailsIsCheckedByMouseAndQuarantined()
    {
        ui::write(inventory(), inventoryText);
        serve(inventory());
        open();
        clickRow(0);
        QTest::mouseClick(part<QPushButton>("check phones"), Qt::LeftButton);
        QVERIFY(cellSays(0, BenchModel::Health, "quarantined, checked "));
        const QString reason = QStringLiteral("alice at 127.79.70.1:1 cannot be reached: Connection refused");
        QVERIFY(cell(0, BenchModel::Health).endsWith(u'\n' + reason));
        QVERIFY(comesTrue([&] { return part<QLabel>("current phone")->text().endsWith(reason); }));
        QVERIFY(results().startsWith(QStringLiteral("alice: failed\n")));
        QCOMPARE(cell(1, BenchModel::Health), QStringLiteral("not checked yet"));
        QVERIFY(comesTrue([this] { return part<QPushButton>("check phones")->isEnabled(); }));
    }

    void aCheckIsStoppedAndThePhoneGivenBackWithoutAVerdict()
    {
        QTcpServer mute;  // a phone's page that never answers
        QVERIFY(mute.listen(QHostAddress{QStringLiteral("127.79.70.1")}));
        ui::write(inventory(), QByteArray{inventoryText}.replace(
                                   "port: 1", "port: " + QByteArray::number(mute.serverPort())));
        serve(inventory());
        open(ui::contents(inventory()));
        QSignalSpy asked{&mute, &QTcpServer::newConnection};
        clickRow(0);
        key(Qt::Key_K, Qt::ControlModifier);
        QVERIFY(asked.wait(limitMs));
        QCOMPARE(cell(0, BenchModel::Health), QStringLiteral("being checked …"));
        key(Qt::Key_K, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(comesTrue([this] { return results().contains(QStringLiteral("there is no verdict")); }));
        QVERIFY(cellSays(0, BenchModel::Health, "not checked yet"));
        QVERIFY(cellSays(0, BenchModel::Lease, "free"));
    }

    void withoutASelectionNothingIsChecked()
    {
        open();
        key(Qt::Key_K, Qt::ControlModifier);
        QVERIFY(m_window->statusBar()->currentMessage().startsWith(QStringLiteral("Select phones first")));
        QVERIFY(results().isEmpty());
    }

    // --- packets ---

    void thePacketsOfAPhoneAreCountedOnItsInterfaceAndNobodyElses()
    {
        if (!qEnvironmentVariableIsSet(networkMark))
            QSKIP("network namespaces are not permitted here");
        if (!laysCable("near0"))
            QSKIP("virtual Ethernet is not permitted here");
        QVERIFY(shell("ip address add 10.98.70.1/24 dev near0; "
                      "ip neigh add 10.98.70.2 lladdr 00:0e:08:00:70:02 dev near0; "
                      "ip neigh add 10.98.70.3 lladdr 00:0e:08:00:70:03 dev near0"));
        open("bench: lab\ncapture: { interface: near0 }\nphones:\n"
             "  bob: { model: CP-7841-3PCC, mac: 00:0e:08:00:70:02 }\n"
             "  carol: { model: CP-7841-3PCC, address: 10.98.70.4 }\n");
        QVERIFY2(!notices().contains(QStringLiteral("near0")), qPrintable(notices()));
        QUdpSocket sender;
        for (const char* const to : {"10.98.70.2", "10.98.70.3", "10.98.70.2", "10.98.70.2"})
            QCOMPARE(sender.writeDatagram("x", QHostAddress{QString::fromLatin1(to)}, 9), 1);
        QVERIFY(cellSays(0, BenchModel::Packets, "3\n"));
        QVERIFY(!cell(0, BenchModel::LastPacket).isEmpty());
        QVERIFY(cell(1, BenchModel::Packets).startsWith(QStringLiteral("0\n")));
        QVERIFY(cell(1, BenchModel::LastPacket).isEmpty());
        QVERIFY(cellSays(0, BenchModel::Packets, "3\n0.0/s"));  // it is silent now
    }

    void packetsOfAPhonesPageAreCountedWhileItIsChecked()
    {
        if (!qEnvironmentVariableIsSet(networkMark))
            QSKIP("network namespaces are not permitted here");
        ui::write(inventory(), layPhone(", capture: { interface: lo, filter: [127.79.70.1] }"));
        serve(inventory());
        open(ui::contents(inventory()));
        clickRow(0);
        key(Qt::Key_K, Qt::ControlModifier);
        QVERIFY(cellSays(0, BenchModel::Health, "passed\n"));
        QVERIFY(comesTrue([this] { return cell(0, BenchModel::Packets).section(u'\n', 0, 0).toInt() > 6; }));
    }

    void withoutTheRightToCaptureTheCommandThatGrantsItIsSaid()
    {
        // The real program, without the right, also where this user is root.
        const QString real = QFileInfo{ui::program()}.dir().filePath(QStringLiteral("phonerig-capture"));
        ui::write(path("phonerig-capture"),
                  "#!/bin/sh\necho \"$*\" >'" + path("words").toUtf8() +
                      "'\nexec /usr/bin/setpriv --bounding-set=-net_raw --inh-caps=-net_raw '" +
                      real.toUtf8() + "' \"$@\"\n");
        QFile::setPermissions(path("phonerig-capture"), QFile::ReadOwner | QFile::ExeOwner);
        m_window->setProgram(path("phonerig"));
        open(QByteArray{inventoryText}.replace("phones:", "capture: { interface: lo }\nphones:"));
        QVERIFY2(notices().contains(QStringLiteral("sudo setcap cap_net_raw=ep ")), qPrintable(notices()));
        QVERIFY2(notices().contains(real), qPrintable(notices()));
        QCOMPARE(cell(0, BenchModel::Packets), QStringLiteral("not seen"));
        QCOMPARE(ui::contents(path("words")),
                 QByteArray{"lo 00:0e:08:00:70:01 127.79.70.1 00:0e:08:00:70:02\n"});
    }

    void anInterfaceThatIsNotThereIsSaid()
    {
        open(QByteArray{inventoryText}.replace("may:", "capture: { interface: eth99 }\n    may:"));
        QVERIFY2(notices().contains(QStringLiteral("eth99")), qPrintable(notices()));
        QCOMPARE(cell(0, BenchModel::Packets), QStringLiteral("not seen"));
        QCOMPARE(cell(1, BenchModel::Packets), QStringLiteral("no capture\nin the inventory"));
    }

    void lookingAgainFindsAnInterfaceThatHasComeMeanwhile()
    {
        if (!qEnvironmentVariableIsSet(networkMark))
            QSKIP("network namespaces are not permitted here");
        open(QByteArray{inventoryText}.replace("may:", "capture: { interface: later0 }\n    may:"));
        QCOMPARE(cell(0, BenchModel::Packets), QStringLiteral("not seen"));
        if (!laysCable("later0"))
            QSKIP("virtual Ethernet is not permitted here");
        key(Qt::Key_L, Qt::ControlModifier);
        QVERIFY(cellSays(0, BenchModel::Packets, "/s"));
        QVERIFY(!notices().contains(QStringLiteral("later0")));
    }

    // --- its tab ---

    void anotherInventoryIsOpenedInTheSameTabForTheSameDaemon()
    {
        ui::write(inventory(), inventoryText);
        serve(inventory());
        open();
        ui::write(path("other.yaml"), QByteArray{inventoryText}.replace("bob", "zoe"));
        part<QAction>("open inventory")->trigger();
        QFileDialog* dialog = nullptr;
        QVERIFY(comesTrue([&] {
            dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
            return dialog != nullptr && dialog->isVisible();
        }));
        dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(path("other.yaml"));
        QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Open),
                          Qt::LeftButton);
        QVERIFY(cellSays(1, BenchModel::Name, "zoe"));
        QVERIFY(cellSays(0, BenchModel::Lease, "free"));
        QCOMPARE(cell(1, BenchModel::Lease), QStringLiteral("the daemon does not know it"));
        QCOMPARE(m_window->findChildren<BenchView*>().size(), 1);
    }

    void theTabIsClosedByKeyboard()
    {
        open();
        key(Qt::Key_W, Qt::ControlModifier);
        QVERIFY(comesTrue([this] { return m_window->findChild<BenchView*>() == nullptr; }));
    }
};

// Goes on in a network namespace of its own, as root there; where that is not permitted, here.
static void enterOwnNetwork(char** words)
{
    if (qEnvironmentVariableIsSet(networkMark))
        return;
    qputenv("PATH", qgetenv("PATH") + ":/usr/sbin:/sbin");
    const QStringList begin{QStringLiteral("--net"), QStringLiteral("sh"), QStringLiteral("-c"),
                            QStringLiteral("ip link set lo up && exec \"$@\""), QStringLiteral("sh")};
    const QStringList users =
        ::geteuid() == 0 ? QStringList{} : QStringList{QStringLiteral("--map-root-user")};
    if (QProcess::execute(QStringLiteral("unshare"), users + begin + QStringList{QStringLiteral("true")}) !=
        0)
        return;
    qputenv(networkMark, "1");
    std::vector<QByteArray> texts{"unshare"};
    for (const QString& word : users + begin)
        texts.push_back(word.toLocal8Bit());
    std::vector<char*> all;
    for (QByteArray& text : texts)
        all.push_back(text.data());
    for (; *words != nullptr; ++words)
        all.push_back(*words);
    all.push_back(nullptr);
    ::execvp("unshare", all.data());
}

int main(int argc, char** argv)
{
    enterOwnNetwork(argv);
    ui::WatchedApplication application{argc, argv};
    BenchTests tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "bench_tests.moc"
