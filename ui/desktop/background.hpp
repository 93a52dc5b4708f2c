#pragma once

#include <QMetaObject>
#include <QPointer>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace ui {

// Does `work` on another thread, then hands what it made to `then` on this one; not when `owner` is gone by then. The
// application waits at its end for work that is under way.
template <class Work, class Then>
void inBackground(QObject* owner, Work work, Then then)
{
    auto* const here = new QObject;  // of this thread, until everything has been handed over
    QThreadPool::globalInstance()->start(
        [here, owner = QPointer<QObject>{owner}, work = std::move(work), then = std::move(then)]() mutable {
            auto made = std::make_shared<decltype(work())>(work());
            QMetaObject::invokeMethod(
                here,
                [here, owner, made, then = std::move(then)]() mutable {
                    here->deleteLater();
                    if (owner)
                        then(std::move(*made));
                },
                Qt::QueuedConnection);
        });
}

}  // namespace ui
