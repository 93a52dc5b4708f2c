#include "ui/desktop/phone_front.hpp"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QSignalBlocker>

#include <algorithm>

namespace ui {

namespace {

constexpr int softKeyCount = 4;
constexpr int longestRule = 2048;

QSize pixelsOf(const std::string& display)  // "396x162"
{
    const QStringList parts = QString::fromStdString(display).split(u'x');
    return parts.size() == 2 ? QSize{parts[0].toInt(), parts[1].toInt()} : QSize{396, 162};
}

}  // namespace

PhoneFront::PhoneFront(const scenarios::control::ControlGroup& group, QWidget* parent)
    : QWidget{parent},
      m_entry{&m_display}
{
    setObjectName(QStringLiteral("front"));
    setAccessibleName(tr("Front of the phone"));
    setFocusPolicy(Qt::StrongFocus);
    m_display.setPixels(pixelsOf(group.display));
    m_display.setMinimumSize(m_display.sizeHint());
    m_entry.setEditable(true);
    m_entry.setObjectName(QStringLiteral("entry"));
    m_entry.setAccessibleName(tr("Text typed at the phone"));
    m_entry.lineEdit()->setMaxLength(longestRule);
    m_entry.lineEdit()->setPlaceholderText(tr("tftp://server/file"));
    m_entry.setInsertPolicy(QComboBox::NoInsert);
    m_entry.setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_entry.hide();
    addKeys(group);
    connect(&m_display, &PhoneDisplay::picked, this, &PhoneFront::selectItem);
}

void PhoneFront::addKeys(const scenarios::control::ControlGroup& group)
{
    auto* const grid = new QGridLayout{this};
    grid->setContentsMargins(18, 14, 18, 14);
    auto* const brand = new QLabel{QString::fromStdString(group.description)};
    grid->addWidget(brand, 0, 1, 1, softKeyCount);

    m_hook = new QPushButton{tr("Handset")};
    m_hook->setObjectName(QStringLiteral("hook"));
    m_hook->setCheckable(true);
    m_hook->setAccessibleDescription(tr("lifted when pressed in: line 1 is busy"));
    m_hook->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    grid->addWidget(m_hook, 0, 0, 4, 1);
    connect(m_hook, &QPushButton::clicked, this, [this](bool lifted) { emit hookChanged(1, lifted); });

    grid->addWidget(&m_display, 1, 1, 1, softKeyCount);
    for (int key = 0; key < softKeyCount; ++key) {
        auto* const button = new QPushButton;
        button->setObjectName(QStringLiteral("softkey%1").arg(key + 1));
        button->setAccessibleName(tr("Soft key %1").arg(key + 1));
        button->setMinimumWidth(40);
        button->setFixedHeight(16);
        grid->addWidget(button, 2, 1 + key);
        m_softKeys.push_back(button);
        connect(button, &QPushButton::clicked, this, [this, key] { softKey(key); });
    }

    auto* const row = new QHBoxLayout;
    const auto navigate = [&](const QString& name, const QString& text, const QString& accessible, auto act) {
        auto* const button = new QToolButton;
        button->setObjectName(name);
        button->setText(text);
        button->setAccessibleName(accessible);
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, act);
    };
    row->addStretch();
    navigate(QStringLiteral("back"), QStringLiteral("↶"), tr("Back"), [this] { back(); });
    navigate(QStringLiteral("up"), QStringLiteral("▲"), tr("Up"),
             [this] { m_display.choose(m_display.chosen() - 1); });
    navigate(QStringLiteral("select"), tr("Select"), tr("Select"), [this] { selectChosen(); });
    navigate(QStringLiteral("down"), QStringLiteral("▼"), tr("Down"),
             [this] { m_display.choose(m_display.chosen() + 1); });
    row->addStretch();
    auto* const mute = new QLabel{tr("Mute")};
    row->addWidget(mute);
    m_led = new QWidget;
    m_led->setObjectName(QStringLiteral("led"));
    m_led->setAccessibleName(tr("LED of the mute key"));
    m_led->setFixedSize(26, 26);
    row->addWidget(m_led);
    grid->addLayout(row, 3, 1, 1, softKeyCount);

    auto* const lines = new QGridLayout;
    const auto count = static_cast<int>(std::min(group.lineKeys, group.lines));
    for (int line = 1; line <= count; ++line) {
        auto* const key = new QPushButton{tr("Line %1").arg(line)};
        key->setObjectName(QStringLiteral("line%1").arg(line));
        key->setCheckable(true);
        constexpr int perColumn = 8;
        lines->addWidget(key, (line - 1) % perColumn, (line - 1) / perColumn);
        m_lineKeys.push_back(key);
        connect(key, &QPushButton::clicked, this, [this, line](bool busy) { emit hookChanged(line, busy); });
    }
    grid->addLayout(lines, 1, 1 + softKeyCount, 3, 1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void PhoneFront::showDetails(const scenarios::control::Details& details)
{
    const auto busy = [&](int line) {
        return std::find(details.busyLines.begin(), details.busyLines.end(),
                         static_cast<std::uint64_t>(line)) != details.busyLines.end();
    };
    m_hook->setChecked(busy(1));
    for (std::size_t i = 0; i < m_lineKeys.size(); ++i)
        m_lineKeys[i]->setChecked(busy(static_cast<int>(i) + 1));
    if (details.display.title.empty())
        m_path.clear();
    if (m_path.isEmpty())
        showDisplay(details.display);
}

void PhoneFront::showDisplay(const scenarios::control::ShownDisplay& display)
{
    if (display.refused)
        m_path.clear();
    const bool tookText = m_display.shown().takesText;
    m_display.show(display);
    for (std::size_t i = 0; i < m_softKeys.size(); ++i) {
        const bool there = i < display.softKeys.size();
        m_softKeys[i]->setEnabled(there);
        m_softKeys[i]->setAccessibleName(there ? QString::fromStdString(display.softKeys[i])
                                               : tr("Soft key %1").arg(i + 1));
    }
    m_entry.setVisible(display.takesText);
    placeEntry();
    if (display.takesText && !tookText) {
        m_entry.clearEditText();
        m_entry.setFocus();
    }
}

void PhoneFront::setSuggestions(const QStringList& rules)
{
    const QString typed = m_entry.currentText();
    m_entry.clear();
    m_entry.addItems(rules);
    m_entry.setEditText(typed);
}

void PhoneFront::setLed(bool lit, bool blinks)
{
    if (lit == m_isLit && blinks == m_blinks)
        return;
    m_isLit = lit;
    m_blinks = blinks;
    m_led->setAccessibleDescription(lit ? tr("lit") : tr("dark"));
    update(m_led->geometry());
}

void PhoneFront::placeEntry()
{
    m_entry.setGeometry(m_display.entryRect());
}

void PhoneFront::selectItem(int item)
{
    m_display.choose(item);
    selectChosen();
}

void PhoneFront::selectChosen()
{
    if (m_display.chosen() < 0)
        return;
    m_path << QString::fromStdString(m_display.shown().items[static_cast<std::size_t>(m_display.chosen())]);
    emit pressed(m_path, {});
}

void PhoneFront::back()
{
    if (m_path.isEmpty())
        return;
    m_path.removeLast();
    emit pressed(m_path, {});
}

void PhoneFront::softKey(int key)
{
    const auto& keys = m_display.shown().softKeys;
    if (static_cast<std::size_t>(key) >= keys.size())
        return;
    m_path << QString::fromStdString(keys[static_cast<std::size_t>(key)]);
    emit pressed(m_path, m_display.shown().takesText ? m_entry.currentText() : QString{});
}

void PhoneFront::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Up:
        return m_display.choose(m_display.chosen() - 1);
    case Qt::Key_Down:
        return m_display.choose(m_display.chosen() + 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return selectChosen();
    case Qt::Key_Escape:
        return back();
    case Qt::Key_F1:
    case Qt::Key_F2:
    case Qt::Key_F3:
    case Qt::Key_F4:
        return softKey(event->key() - Qt::Key_F1);
    default:
        QWidget::keyPressEvent(event);
    }
}

void PhoneFront::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(palette().color(QPalette::Mid));
    painter.setBrush(palette().color(QPalette::AlternateBase));
    painter.drawRoundedRect(rect().adjusted(1, 1, -2, -2), 16, 16);
    const QRect led = m_led->geometry().adjusted(5, 5, -5, -5);
    painter.setPen(QPen{m_blinks ? QColor{0xc0, 0x20, 0x20} : palette().color(QPalette::Mid), 1.6});
    painter.setBrush(m_isLit ? QColor{0xff, 0x2a, 0x2a} : QColor{Qt::transparent});
    painter.drawEllipse(led);
}

void PhoneFront::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeEntry();
}

}  // namespace ui
