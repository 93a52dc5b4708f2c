#pragma once

#include "scenarios/library/scenario_source.hpp"
#include "ui/desktop/scenario_editor.hpp"

#include <QObject>

#include <functional>

namespace ui {

// The file whose text is in the editor: opened, saved, and not lost. Those of the library are for reading; a copy of one
// can be saved. Files are read and written on another thread.
class EditedFile : public QObject {
    Q_OBJECT
public:
    explicit EditedFile(ScenarioEditor& editor);

    const scenarios::ScenarioSource& source() const { return m_source; }
    QString name() const;  // "ex-tftp-resync", "mine.yaml"
    bool isModified() const { return m_editor.document()->isModified(); }
    bool isUntitled() const { return m_untitled; }

    void open(const scenarios::ScenarioSource& source);
    void beginNew();
    // Calls `then` when that has been done; not when the user thinks better of it, or it fails.
    void save(const std::function<void()>& then = {});
    void saveAs(const std::function<void()>& then = {});
    // Asks what is to become of changes; at once when there are none.
    void whenKept(const std::function<void()>& then);

signals:
    void opened();
    void saved(const QString& path);
    void said(const QString& text);
    void failed(const QString& why);  // nothing was opened

private:
    void show(const scenarios::ScenarioSource& source, const std::string& text);
    void write(const QString& path, const std::function<void()>& then);

    ScenarioEditor& m_editor;
    scenarios::ScenarioSource m_source;
    bool m_untitled = true;
    bool m_hasCarriageReturns = false;  // a file keeps the line ends that it has
};

}  // namespace ui
