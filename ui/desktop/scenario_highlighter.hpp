#pragma once

#include <QColor>
#include <QHash>
#include <QString>
#include <QSyntaxHighlighter>

namespace ui {

// Colours of words in a scenario, for the light or dark ground that they stand on.
struct ScenarioColours {
    explicit ScenarioColours(const QPalette& palette);

    QColor verb;         // of a step
    QColor expectation;  // what one looks at
    QColor key;          // any other word of the format
    QColor text;         // in quotes
    QColor macro;        // ${...}
    QColor comment;
    QColor problem;
    QColor good;
    QColor doubtful;
};

// Colours a scenario's text: YAML, and the words that `phonerig explain` knows. Block scalars are left as they are.
class ScenarioHighlighter : public QSyntaxHighlighter {
    Q_OBJECT
public:
    // Beyond so many letters a text stays without colours: our choice, ten times the longest of the library.
    static constexpr int mostLetters = 100'000;

    ScenarioHighlighter(QTextDocument* document, const QPalette& palette);
    void setColours(const ScenarioColours& colours);

protected:
    void highlightBlock(const QString& text) override;

private:
    enum class Kind { Verb, Expectation, Key };

    void highlightKeys(const QString& text);
    void highlightScalars(const QString& text);
    QColor colourOf(Kind kind) const;

    QHash<QString, Kind> m_words;
    ScenarioColours m_colours;
};

}  // namespace ui
