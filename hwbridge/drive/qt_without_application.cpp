#include "hwbridge/drive/qt_without_application.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QLoggingCategory>

#include <mutex>

namespace hwbridge {

void useQtWithoutApplication()
{
    static std::once_flag once;
    std::call_once(once, [] {
        if (QCoreApplication::instance() == nullptr)
            QLoggingCategory::setFilterRules(QStringLiteral("qt.core.qobject.connect.warning=false"));
    });
}

}  // namespace hwbridge
