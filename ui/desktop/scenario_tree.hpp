#pragma once

#include "ui/desktop/checked_scenario.hpp"

#include <QLineEdit>
#include <QTreeWidget>
#include <QWidget>

#include <map>
#include <vector>

namespace ui {

// The scenarios there are: the library, and the files or folders that were opened. Reads them on another thread.
class ScenarioTree : public QWidget {
    Q_OBJECT
public:
    explicit ScenarioTree(QWidget* parent = nullptr);

    // Lists what is below a folder, or one file.
    void add(const QString& path);
    // Marks the entry of that file; none: nothing is marked.
    void setCurrent(const std::string& file);
    void focusSearch();

    QTreeWidget& tree() { return *m_tree; }

signals:
    void chosen(const scenarios::ScenarioSource& source);
    void said(const QString& text);

private:
    void fill(QTreeWidgetItem& root, const std::vector<ListedScenario>& found);
    void filter();
    void choose(QTreeWidgetItem* item);

    QLineEdit* m_search;
    QTreeWidget* m_tree;
    QTreeWidgetItem* m_library;
    std::map<QTreeWidgetItem*, ListedScenario> m_listed;
    std::string m_current;
};

}  // namespace ui
