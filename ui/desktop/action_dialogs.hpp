#pragma once

#include <QStringList>
#include <QWidget>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ui {

// Asks for the rule of a resync or upgrade; `suggestions` are offered. Nothing when it was cancelled.
std::optional<QString> askRule(QWidget* parent, const QString& title, const QStringList& suggestions);

// Asks for parameters, "Name=Value" a line. Nothing when it was cancelled.
using NamedValues = std::vector<std::pair<std::string, std::string>>;
std::optional<NamedValues> askParameters(QWidget* parent, const QString& title);

bool confirmFactoryReset(QWidget* parent, std::size_t phones);

}  // namespace ui
