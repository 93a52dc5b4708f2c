#include "ui/desktop/text_file.hpp"

#include <QFile>
#include <QSaveFile>

#include <fmt/format.h>

namespace ui {

using emulator::ErrorKind;
using emulator::Result;

Result<std::string> readTextFile(const QString& path, std::size_t mostBytes)
{
    QFile file{path};
    if (!file.open(QIODevice::ReadOnly))
        return emulator::fail(ErrorKind::NotFound,
                              fmt::format("{}: {}", path.toStdString(), file.errorString().toStdString()));
    const QByteArray text = file.read(static_cast<qint64>(mostBytes) + 1);
    if (static_cast<std::size_t>(text.size()) > mostBytes)
        return emulator::fail(
            ErrorKind::TooLarge,
            fmt::format("{}: found more than {} bytes, expected a text", path.toStdString(), mostBytes));
    return text.toStdString();
}

QString writeTextFile(const QString& path, const std::string& text)
{
    QSaveFile file{path};
    if (file.open(QIODevice::WriteOnly) &&
        file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) &&
        file.commit())
        return {};
    return QStringLiteral("%1: %2").arg(path, file.errorString());
}

}  // namespace ui
