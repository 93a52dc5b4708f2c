#pragma once

#include "ui/desktop/checked_scenario.hpp"
#include "ui/desktop/scenario_highlighter.hpp"

#include <QPlainTextEdit>

#include <vector>

namespace ui {

// A scenario's text with line numbers, coloured words and underlined problems. Says what a word means, or what is wrong
// with a line, when the mouse rests there.
class ScenarioEditor : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit ScenarioEditor(QWidget* parent = nullptr);

    void showProblems(std::vector<CheckedScenario::Problem> problems);
    // From 1. What is beyond the text is its end.
    void goTo(std::size_t line, std::size_t column = 1);
    std::size_t currentLine() const { return static_cast<std::size_t>(textCursor().blockNumber()) + 1; }

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void showMarks();
    void paintNumbers(QPaintEvent& event);
    void placeNumbers();
    QString helpAt(const QPoint& point) const;

    ScenarioHighlighter* m_highlighter;
    QWidget* m_numbers;
    std::vector<CheckedScenario::Problem> m_problems;
};

}  // namespace ui
