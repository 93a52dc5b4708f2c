#include "ui/desktop/scenario_highlighter.hpp"

#include "scenarios/engine/vocabulary.hpp"

#include <QRegularExpression>
#include <QTextDocument>

namespace ui {

namespace {

QString wordText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

// The blanks in front of a line's first letter.
int indentOf(const QString& text)
{
    int indent = 0;
    while (indent < text.size() && text[indent] == u' ')
        ++indent;
    return indent;
}

}  // namespace

ScenarioColours::ScenarioColours(const QPalette& palette)
{
    const bool dark = palette.color(QPalette::Base).lightness() < 128;
    const auto either = [dark](QRgb onLight, QRgb onDark) {
        return QColor::fromRgba(dark ? onDark : onLight);
    };
    verb = either(0xff1f5fa8, 0xff7fb2f0);
    expectation = either(0xff7b3fa0, 0xffc792ea);
    key = either(0xff0b6e75, 0xff6cc5cc);
    text = either(0xff2e7031, 0xff9ccc8a);
    macro = either(0xffa1520a, 0xffe8a862);
    comment = either(0xff6b7079, 0xff8a9099);
    problem = either(0xffb3261e, 0xffff8a80);
    good = either(0xff2e7d32, 0xff81c784);
    doubtful = either(0xff9a6a00, 0xffe0b95a);
}

ScenarioHighlighter::ScenarioHighlighter(QTextDocument* document, const QPalette& palette)
    : QSyntaxHighlighter{document},
      m_colours{palette}
{
    const auto add = [this](std::span<const scenarios::KeyWord> keys) {
        for (const scenarios::KeyWord& key : keys)
            m_words.insert(wordText(key.name), Kind::Key);
    };
    add(scenarios::stepKeys());
    add(scenarios::expectationKeys());
    for (const scenarios::Word& word : scenarios::vocabulary())
        add(word.keys);
    for (const scenarios::Word& word : scenarios::vocabulary())
        m_words.insert(wordText(word.name), word.kind == scenarios::WordKind::Step    ? Kind::Verb
                                            : word.kind == scenarios::WordKind::Topic ? Kind::Expectation
                                                                                      : Kind::Key);
}

void ScenarioHighlighter::setColours(const ScenarioColours& colours)
{
    m_colours = colours;
    rehighlight();
}

QColor ScenarioHighlighter::colourOf(Kind kind) const
{
    switch (kind) {
    case Kind::Verb:
        return m_colours.verb;
    case Kind::Expectation:
        return m_colours.expectation;
    case Kind::Key:
        break;
    }
    return m_colours.key;
}

// A line's state: the indent of the line that began a block scalar ("text: |") plus one; 0 outside of any.
void ScenarioHighlighter::highlightBlock(const QString& text)
{
    setCurrentBlockState(0);
    if (document()->characterCount() > mostLetters)
        return;
    const int indent = indentOf(text);
    const int block = previousBlockState();
    if (block > 0 && (indent >= block || indent == text.size())) {
        setCurrentBlockState(block);
        return setFormat(0, static_cast<int>(text.size()), m_colours.text);
    }
    highlightKeys(text);
    highlightScalars(text);
    static const QRegularExpression begins{QStringLiteral("[:-]\\s+[|>][+-]?\\s*(#.*)?$")};
    if (begins.match(text).hasMatch())
        setCurrentBlockState(indent + 1);
}

// Words in front of a colon: verbs stand out.
void ScenarioHighlighter::highlightKeys(const QString& text)
{
    static const QRegularExpression keys{QStringLiteral("([A-Za-z_][A-Za-z_ ]*?)\\s*:(?=\\s|$)")};
    for (auto match = keys.globalMatch(text); match.hasNext();) {
        const QRegularExpressionMatch one = match.next();
        const auto word = m_words.constFind(one.captured(1));
        if (word == m_words.constEnd())
            continue;
        QTextCharFormat format;
        format.setForeground(colourOf(*word));
        if (*word != Kind::Key)
            format.setFontWeight(QFont::Bold);
        setFormat(static_cast<int>(one.capturedStart(1)), static_cast<int>(one.capturedLength(1)), format);
    }
}

void ScenarioHighlighter::highlightScalars(const QString& text)
{
    // What is in quotes, or a comment: whatever begins first.
    static const QRegularExpression parts{
        QStringLiteral("\"(?:[^\"\\\\]|\\\\.)*\"?|'[^']*'?|(?:^|(?<=\\s))#.*$")};
    static const QRegularExpression macros{QStringLiteral("\\$\\{[^}]*\\}")};
    for (auto match = parts.globalMatch(text); match.hasNext();) {
        const QRegularExpressionMatch one = match.next();
        setFormat(static_cast<int>(one.capturedStart()), static_cast<int>(one.capturedLength()),
                  one.captured().startsWith(u'#') ? m_colours.comment : m_colours.text);
    }
    for (auto match = macros.globalMatch(text); match.hasNext();) {
        const QRegularExpressionMatch one = match.next();
        setFormat(static_cast<int>(one.capturedStart()), static_cast<int>(one.capturedLength()),
                  m_colours.macro);
    }
}

}  // namespace ui
