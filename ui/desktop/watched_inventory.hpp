#pragma once

#include "hwbridge/bench/inventory.hpp"

#include <QFileSystemWatcher>
#include <QObject>
#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace ui {

// Where the inventory is when nobody says so: bench.yaml in the current folder.
QString usualInventoryPath();

// The inventory in a file, read on another thread, and again whenever the file changes on disk.
class WatchedInventory : public QObject {
    Q_OBJECT
public:
    explicit WatchedInventory(QObject* parent = nullptr);

    void open(const QString& path);  // absolute
    // Reads it once more; changed() comes whether it is another one or not.
    void readAgain();

    const QString& path() const { return m_path; }
    // Nothing: it is unreadable or wrong, and problems() says why, a line each.
    const std::optional<hwbridge::Inventory>& inventory() const { return m_reading.inventory; }
    const std::vector<std::string>& problems() const { return m_reading.problems; }

signals:
    void changed();

private:
    struct Reading {
        std::string text;
        std::optional<hwbridge::Inventory> inventory;
        std::vector<std::string> problems;
    };
    static Reading readFile(const QString& path);
    void watchFile();
    void read();
    void take(Reading reading);

    QString m_path;
    Reading m_reading;
    bool m_isReading = false;
    bool m_mustReadAgain = false;
    bool m_isWanted = false;  // what is read next is told whether it is another one or not
    QFileSystemWatcher m_files{this};
};

}  // namespace ui
