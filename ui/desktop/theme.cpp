#include "ui/desktop/theme.hpp"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>

namespace ui {

namespace {

QPalette darkPalette()
{
    const QColor window{0x2b, 0x2d, 0x30};
    const QColor base{0x1e, 0x1f, 0x22};
    const QColor text{0xdf, 0xe1, 0xe5};
    const QColor faint{0x86, 0x8a, 0x91};
    QPalette palette{window};
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, window);
    palette.setColor(QPalette::Button, {0x3a, 0x3d, 0x41});
    palette.setColor(QPalette::Mid, {0x55, 0x59, 0x60});
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
        palette.setColor(role, text);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, faint);
    palette.setColor(QPalette::ToolTipBase, window);
    palette.setColor(QPalette::PlaceholderText, faint);
    palette.setColor(QPalette::Highlight, {0x2e, 0x5f, 0xa3});
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, {0x6b, 0xa6, 0xf0});
    return palette;
}

QPalette lightPalette()
{
    QPalette palette{QColor{0xf3, 0xf4, 0xf6}};
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::AlternateBase, {0xf7, 0xf8, 0xfa});
    palette.setColor(QPalette::Mid, {0xb8, 0xbc, 0xc4});
    palette.setColor(QPalette::Highlight, {0x2f, 0x6f, 0xc4});
    palette.setColor(QPalette::HighlightedText, Qt::white);
    return palette;
}

}  // namespace

void apply(Theme theme)
{
    if (theme == Theme::System) {
        QApplication::setPalette(QApplication::style()->standardPalette());
        return;
    }
    // Native styles have no colours but the desktop's own.
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(theme == Theme::Dark ? darkPalette() : lightPalette());
}

}  // namespace ui
