#include "ui/desktop/scenario_tree.hpp"

#include "ui/desktop/background.hpp"

#include <QDir>
#include <QFileInfo>
#include <QHeaderView>
#include <QVBoxLayout>

namespace ui {

using scenarios::ScenarioSource;

namespace {

struct TreeColumn {
    enum { Name, Title };
};

QString joined(const std::vector<std::string>& words)
{
    QStringList list;
    for (const std::string& word : words)
        list << QString::fromStdString(word);
    return list.join(QStringLiteral(", "));
}

QString tipOf(const ListedScenario& one)
{
    QStringList lines{QString::fromStdString(one.title.empty() ? one.source.file : one.title)};
    if (!one.tags.empty())
        lines << ScenarioTree::tr("tags: %1").arg(joined(one.tags));
    if (!one.covers.empty())
        lines << ScenarioTree::tr("covers: %1").arg(joined(one.covers));
    return lines.join(u'\n');
}

}  // namespace

ScenarioTree::ScenarioTree(QWidget* parent) : QWidget{parent}
{
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("scenario search"));
    m_search->setPlaceholderText(tr("Search: name, title, tag, requirement"));
    m_search->setAccessibleName(tr("Search scenarios"));
    m_search->setClearButtonEnabled(true);
    m_tree = new QTreeWidget;
    m_tree->setObjectName(QStringLiteral("scenarios"));
    m_tree->setAccessibleName(tr("Scenarios"));
    m_tree->setHeaderLabels({tr("Name"), tr("Title")});
    m_tree->setUniformRowHeights(true);
    m_tree->setColumnWidth(TreeColumn::Name, 26 * fontMetrics().averageCharWidth());
    m_library = new QTreeWidgetItem{m_tree, {tr("Library")}};
    m_library->setExpanded(true);
    auto* const column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_search);
    column->addWidget(m_tree, 1);
    connect(m_search, &QLineEdit::textChanged, this, &ScenarioTree::filter);
    connect(m_search, &QLineEdit::returnPressed, m_tree, [this] { m_tree->setFocus(); });
    connect(m_tree, &QTreeWidget::itemClicked, this, &ScenarioTree::choose);
    connect(m_tree, &QTreeWidget::itemActivated, this, &ScenarioTree::choose);
    inBackground(
        this, [] { return listScenarios(scenarios::librarySources()); },
        [this](const std::vector<ListedScenario>& found) { fill(*m_library, found); });
}

void ScenarioTree::add(const QString& path)
{
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i)
        if (m_tree->topLevelItem(i)->toolTip(TreeColumn::Name) == path)
            return;
    const QFileInfo about{path};
    auto* const root = new QTreeWidgetItem{{about.isDir() ? about.fileName() : tr("File")}};
    m_tree->insertTopLevelItem(0, root);
    root->setToolTip(TreeColumn::Name, path);
    root->setExpanded(true);
    using Found = emulator::Result<std::vector<ListedScenario>>;
    inBackground(
        this,
        [path = path.toStdString()]() -> Found {
            auto sources = scenarios::scenarioSources({path});
            if (sources.has_error())
                return sources.error();
            return listScenarios(*sources);
        },
        [this, root](const Found& found) {
            if (found.has_value())
                return fill(*root, *found);
            emit said(QString::fromStdString(found.error().detail));
            delete root;
        });
}

void ScenarioTree::fill(QTreeWidgetItem& root, const std::vector<ListedScenario>& found)
{
    QList<QTreeWidgetItem*> items;
    const bool isFolder = found.size() > 1 || &root == m_library;
    for (const ListedScenario& one : found) {
        auto* const item = new QTreeWidgetItem{
            {QString::fromStdString(one.name),
             one.title.empty() ? tr("(has problems)") : QString::fromStdString(one.title)}};
        for (const int column : {TreeColumn::Name, TreeColumn::Title})
            item->setToolTip(column, tipOf(one));
        m_listed.emplace(item, one);
        items << item;
    }
    root.addChildren(items);
    if (isFolder)
        root.setText(TreeColumn::Title, tr("scenarios: %1").arg(found.size()));
    if (found.size() == mostScenariosListed)
        emit said(tr("Only the first %1 scenarios are listed.").arg(mostScenariosListed));
    filter();
    setCurrent(m_current);
}

void ScenarioTree::filter()
{
    const std::string words = m_search->text().toStdString();
    QTreeWidgetItem* first = nullptr;
    for (const auto& [item, one] : m_listed) {
        item->setHidden(!one.matches(words));
        if (!item->isHidden() &&
            (first == nullptr || item->text(TreeColumn::Name) < first->text(TreeColumn::Name)))
            first = item;
    }
    if (!words.empty() && first != nullptr)
        m_tree->setCurrentItem(first);
}

void ScenarioTree::setCurrent(const std::string& file)
{
    m_current = file;
    m_tree->setCurrentItem(nullptr);
    for (const auto& [item, one] : m_listed)
        if (one.source.file == file)
            m_tree->setCurrentItem(item);
}

void ScenarioTree::focusSearch()
{
    m_search->setFocus();
    m_search->selectAll();
}

void ScenarioTree::choose(QTreeWidgetItem* item)
{
    if (const auto found = m_listed.find(item); found != m_listed.end())
        emit chosen(found->second.source);
}

}  // namespace ui
