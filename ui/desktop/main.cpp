#include "emulator/base/nearest_word.hpp"
#include "ui/desktop/main_window.hpp"
#include "ui/desktop/quit_on_signal.hpp"
#include "ui/desktop/theme.hpp"
#include "ui/desktop/watched_application.hpp"

#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QImageWriter>
#include <QPixmap>

#include <fmt/format.h>

#include <array>
#include <cstdio>

namespace {

constexpr int usageError = 2;

int refuse(const QString& text)
{
    fmt::print(stderr, "phonerig-desktop: {}\n", text.toStdString());
    return usageError;
}

// With the option that is meant where one is like it.
QString whatIsWrong(const QCommandLineParser& parser)
{
    const QStringList unknown = parser.unknownOptionNames();
    if (unknown.isEmpty())
        return parser.errorText();
    const std::string found = unknown.front().toStdString();
    constexpr std::array<std::string_view, 20> options{
        "phones", "model",      "serve", "attach", "trace", "compare", "scenario", "run", "bench", "socket",
        "for",    "screenshot", "theme", "size",   "list",  "group",   "open",     "tab", "help",  "version"};
    const std::string_view nearest = emulator::nearestWord(found, {options.begin(), options.end()});
    return QString::fromStdString(
        fmt::format("unknown option --{}{}", found,
                    nearest.empty() ? "; see --help" : fmt::format("; did you mean --{}?", nearest)));
}

// PNG unless the name says otherwise.
bool save(const QPixmap& picture, const QString& file)
{
    const bool isSaid =
        QImageWriter::supportedImageFormats().contains(QFileInfo{file}.suffix().toLower().toLatin1());
    return picture.save(file, isSaid ? nullptr : "PNG");
}

}  // namespace

int main(int argc, char** argv)
{
    ui::WatchedApplication application{argc, argv};
    QApplication::setApplicationName(QStringLiteral("phonerig-desktop"));
    QApplication::setApplicationVersion(QStringLiteral(PHONERIG_VERSION));

    using Option = QCommandLineOption;
    const Option phones{QStringLiteral("phones"), QStringLiteral("How many phones to emulate; default 16."),
                        QStringLiteral("N"), QStringLiteral("16")};
    const Option model{QStringLiteral("model"), QStringLiteral("Which model; default CP-7832-3PCC."),
                       QStringLiteral("MODEL")};
    const Option serve{QStringLiteral("serve"), QStringLiteral("Starts the rig's servers over this folder."),
                       QStringLiteral("DIR")};
    const Option attach{QStringLiteral("attach"),
                        QStringLiteral("Looks at a running phonerig up --control SOCKET instead."),
                        QStringLiteral("SOCKET")};
    const Option trace{QStringLiteral("trace"),
                       QStringLiteral("Opens a trace (NDJSON) or a capture. No engine is started then."),
                       QStringLiteral("F")};
    const Option compare{QStringLiteral("compare"),
                         QStringLiteral("Compares two of them: --compare A B. No engine is started then."),
                         QStringLiteral("A")};
    const Option scenario{
        QStringLiteral("scenario"),
        QStringLiteral("Opens a scenario: a file, a folder, or a name of the library. No engine is "
                       "started then."),
        QStringLiteral("PATH")};
    const Option target{QStringLiteral("run"),
                        QStringLiteral("With --scenario: runs it there: sim, net, bench:NAME or twin:NAME."),
                        QStringLiteral("TARGET")};
    const Option bench{
        QStringLiteral("bench"),
        QStringLiteral("Opens a bench: the phones of an inventory. No engine is started then."),
        QStringLiteral("PATH")};
    const Option socket{
        QStringLiteral("socket"),
        QStringLiteral(
            "With --bench: where its daemon answers; default: $XDG_RUNTIME_DIR/phonerig-bench.sock."),
        QStringLiteral("PATH")};
    const Option lasting{
        QStringLiteral("for"),
        QStringLiteral(
            "Quits so long after every phone is known, or the file is shown and run; with --screenshot 5 "
            "unless given."),
        QStringLiteral("SECONDS")};
    const Option screenshot{QStringLiteral("screenshot"),
                            QStringLiteral("Saves what the window shows in this file (PNG), then quits."),
                            QStringLiteral("F")};
    const Option theme{QStringLiteral("theme"), QStringLiteral("system, light or dark."),
                       QStringLiteral("THEME"), QStringLiteral("system")};
    const Option size{QStringLiteral("size"), QStringLiteral("Of the window; default 1200x800."),
                      QStringLiteral("WxH")};
    const Option list{QStringLiteral("list"), QStringLiteral("Begins with the list instead of tiles.")};
    const Option group{QStringLiteral("group"),
                       QStringLiteral("Groups by model, firmware, state, led or result."),
                       QStringLiteral("COLUMN")};
    const Option open{QStringLiteral("open"), QStringLiteral("Opens phone K, counted from 1."),
                      QStringLiteral("K")};
    const Option tab{QStringLiteral("tab"), QStringLiteral("With --open: parameters, timeline or schedules."),
                     QStringLiteral("TAB"), QStringLiteral("parameters")};
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral(
        "A window on a fleet of emulated phones.\n\nExamples:\n"
        "  phonerig-desktop --phones 100 --serve profiles         a fleet and its servers\n"
        "  phonerig-desktop --attach /tmp/engine.sock             one that runs: phonerig up --control "
        "SOCKET\n"
        "  phonerig-desktop --trace phones.pcapng                 what a trace or capture holds\n"
        "  phonerig-desktop --compare a.ndjson b.ndjson           where two of them differ\n"
        "  phonerig-desktop --scenario ex-tftp-resync             a scenario, to read, change and run\n"
        "  phonerig-desktop --bench bench.yaml                    real phones, and who has them\n"
        "  phonerig-desktop --screenshot fleet.png --for 10       a picture, without a screen"));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({phones, model, serve, attach, trace, compare, scenario, target, bench, socket, lasting,
                       screenshot, theme, size, list, group, open, tab});
    parser.addPositionalArgument(QStringLiteral("OPTION"),
                                 QStringLiteral("Behind --: more options of phonerig up."),
                                 QStringLiteral("[-- OPTION...]"));
    if (!parser.parse(QApplication::arguments()))
        return refuse(whatIsWrong(parser));
    if (parser.isSet(QStringLiteral("help")))
        parser.showHelp();
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();
    ui::quitOnSignal();

    const QStringList words = parser.positionalArguments();
    if (parser.isSet(compare) && words.size() != 1)
        return refuse(
            QStringLiteral("--compare: found %1 file(s), expected two: --compare A B").arg(words.size() + 1));
    if (parser.isSet(target) && !parser.isSet(scenario))
        return refuse(QStringLiteral("--run: found no --scenario, expected one to run"));
    if (parser.isSet(socket) && !parser.isSet(bench))
        return refuse(QStringLiteral("--socket: found no --bench, expected one beside it"));
    const QString colours = parser.value(theme);
    if (colours == QStringLiteral("light") || colours == QStringLiteral("dark"))
        ui::apply(colours == QStringLiteral("dark") ? ui::Theme::Dark : ui::Theme::Light);
    else if (colours != QStringLiteral("system"))
        return refuse(QStringLiteral("--theme: found %1, expected system, light or dark").arg(colours));
    bool isNumber = true;
    const double seconds = parser.isSet(lasting) ? parser.value(lasting).toDouble(&isNumber) : 5.0;
    if (!isNumber || seconds < 0 || seconds > 1e6)
        return refuse(
            QStringLiteral("--for: found %1, expected a number of seconds").arg(parser.value(lasting)));
    const uint opened = parser.isSet(open) ? parser.value(open).toUInt(&isNumber) : 0;
    if (!isNumber || (parser.isSet(open) && opened == 0))
        return refuse(
            QStringLiteral("--open: found %1, expected a phone's number from 1 on").arg(parser.value(open)));

    if (!ui::PhoneView::tabNames().contains(parser.value(tab)))
        return refuse(QStringLiteral("--tab: found %1, expected one of %2")
                          .arg(parser.value(tab), ui::PhoneView::tabNames().join(QStringLiteral(", "))));

    ui::MainWindow window;
    if (parser.isSet(size)) {
        const QStringList sides = parser.value(size).split(u'x');
        const QSize wanted{sides.value(0).toInt(), sides.value(1).toInt()};
        if (sides.size() != 2 || wanted.isEmpty() || wanted.width() > 10'000 || wanted.height() > 10'000)
            return refuse(
                QStringLiteral("--size: found %1, expected WxH such as 1600x1000").arg(parser.value(size)));
        window.resize(wanted);
    }
    if (parser.isSet(list))
        window.fleet().setMode(ui::FleetView::Mode::List);
    if (parser.isSet(group)) {
        const std::optional<ui::Column> column = ui::columnNamed(parser.value(group).toStdString());
        if (!column)
            return refuse(QStringLiteral("--group: found %1, expected model, firmware, state, led or result")
                              .arg(parser.value(group)));
        window.setGroup(column);
    }
    if (parser.isSet(screenshot) || parser.isSet(lasting))
        QObject::connect(
            &window, &ui::MainWindow::troubled, &window,
            [](const QString& why) { QApplication::exit(refuse(why)); }, Qt::QueuedConnection);
    const bool onFiles =
        parser.isSet(trace) || parser.isSet(compare) || parser.isSet(scenario) || parser.isSet(bench);
    if (onFiles && !parser.isSet(attach)) {
        window.beWithoutEngine();
    } else if (parser.isSet(attach)) {
        window.attach(parser.value(attach));
    } else {
        QStringList options{QStringLiteral("--phones"),   parser.value(phones),
                            QStringLiteral("--web-port"), QStringLiteral("0"),
                            QStringLiteral("--sip-port"), QStringLiteral("0")};
        if (parser.isSet(model))
            options << QStringLiteral("--model") << parser.value(model);
        if (parser.isSet(serve))
            options << QStringLiteral("--serve") << parser.value(serve);
        options << words;
        window.startEngine(QDir{QApplication::applicationDirPath()}.filePath(QStringLiteral("phonerig")),
                           options, parser.value(serve));
    }
    int result = 0;
    for (const QString& file : parser.values(trace))
        window.openTrace(file);
    if (parser.isSet(compare))
        window.compare(parser.value(compare), words.front());
    if (parser.isSet(scenario)) {
        ui::ScenarioView* const view = window.openScenario(parser.value(scenario));
        if (parser.isSet(target))
            view->runWhenOpened(parser.value(target));
    }
    if (parser.isSet(bench))
        window.openBench(parser.value(bench), parser.value(socket));
    if (parser.isSet(screenshot) || parser.isSet(lasting))
        QObject::connect(
            &window, onFiles ? &ui::MainWindow::fileShown : &ui::MainWindow::allKnown, &window, [&] {
                QTimer::singleShot(static_cast<int>(seconds * 1000), &window, [&] {
                    if (parser.isSet(screenshot) && !save(window.grab(), parser.value(screenshot)))
                        result = refuse(
                            QStringLiteral("--screenshot: cannot write %1").arg(parser.value(screenshot)));
                    QApplication::exit(result);
                });
            });
    if (opened > 0)
        QObject::connect(&window, &ui::MainWindow::allKnown, &window, [&] {
            if (opened <= window.rows().size())
                window.openPhone(opened - 1)->showTab(parser.value(tab));
        });
    window.show();
    if (!onFiles)
        window.fleet().setFocus();
    return QApplication::exec();
}
