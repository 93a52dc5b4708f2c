#include "ui/desktop/watched_inventory.hpp"

#include "hwbridge/bench/bench_defaults.hpp"
#include "ui/desktop/background.hpp"
#include "ui/desktop/text_file.hpp"

#include <QDir>
#include <QFileInfo>

namespace ui {

QString usualInventoryPath()
{
    return QDir::current().filePath(
        QString::fromLatin1(hwbridge::usualInventory.data(), hwbridge::usualInventory.size()));
}

WatchedInventory::WatchedInventory(QObject* parent) : QObject{parent}
{
    connect(&m_files, &QFileSystemWatcher::fileChanged, this, &WatchedInventory::read);
    connect(&m_files, &QFileSystemWatcher::directoryChanged, this, &WatchedInventory::read);
}

void WatchedInventory::open(const QString& path)
{
    m_path = path;
    readAgain();
}

void WatchedInventory::readAgain()
{
    m_isWanted = true;
    read();
}

// The file, and its folder: whoever writes a file anew often puts another one in its place.
void WatchedInventory::watchFile()
{
    const QStringList wanted{m_path, QFileInfo{m_path}.path()};
    const QStringList watched = m_files.files() + m_files.directories();
    for (const QString& path : watched)
        if (!wanted.contains(path))
            m_files.removePath(path);
    for (const QString& path : wanted)
        if (!watched.contains(path) && QFileInfo::exists(path))
            m_files.addPath(path);
}

void WatchedInventory::read()
{
    watchFile();
    if (std::exchange(m_isReading, true)) {
        m_mustReadAgain = true;
        return;
    }
    inBackground(
        this, [path = m_path] { return readFile(path); },
        [this](Reading reading) {
            m_isReading = false;
            if (std::exchange(m_mustReadAgain, false))
                return read();
            take(std::move(reading));
        });
}

WatchedInventory::Reading WatchedInventory::readFile(const QString& path)
{
    Reading reading;
    emulator::Result<std::string> text = readTextFile(path, hwbridge::longestInventory);
    if (text.has_error()) {
        reading.problems.push_back(text.error().detail + "; expected an inventory of a bench");
        return reading;
    }
    hwbridge::InventoryReading read = hwbridge::readInventory(path.toStdString(), *text);
    reading.text = std::move(*text);
    reading.inventory = std::move(read.inventory);
    reading.problems = std::move(read.problems);
    return reading;
}

void WatchedInventory::take(Reading reading)
{
    const bool isNew = reading.text != m_reading.text || reading.problems != m_reading.problems;
    if (!std::exchange(m_isWanted, false) && !isNew)
        return;
    m_reading = std::move(reading);
    emit changed();
}

}  // namespace ui
