#include "ui/desktop/action_dialogs.hpp"

#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui {

namespace {

// A title's question above `field`, OK and Cancel below it.
class QuestionDialog : public QDialog {
public:
    QuestionDialog(QWidget* parent, const QString& title, const QString& question, QWidget& field)
        : QDialog{parent}
    {
        setWindowTitle(title);
        auto* const label = new QLabel{question};
        label->setBuddy(&field);
        auto* const buttons = new QDialogButtonBox{QDialogButtonBox::Ok | QDialogButtonBox::Cancel};
        connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
        connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
        auto* const column = new QVBoxLayout{this};
        column->addWidget(label);
        column->addWidget(&field);
        column->addWidget(buttons);
        resize(560, sizeHint().height());
        field.setFocus();
    }
};

}  // namespace

std::optional<QString> askRule(QWidget* parent, const QString& title, const QStringList& suggestions)
{
    auto* const field = new QComboBox;
    field->setObjectName(QStringLiteral("rule"));
    field->setEditable(true);
    field->addItem(QString{});
    field->addItems(suggestions);
    field->setAccessibleName(QObject::tr("URL or rule"));
    field->lineEdit()->setPlaceholderText(QObject::tr("empty: what the phone's own rules say"));
    QuestionDialog dialog{parent, title, QObject::tr("&URL or rule, such as tftp://192.0.2.1/basic.txt:"),
                          *field};
    if (dialog.exec() != QDialog::Accepted)
        return std::nullopt;
    return field->currentText().trimmed();
}

std::optional<NamedValues> askParameters(QWidget* parent, const QString& title)
{
    auto* const field = new QPlainTextEdit;
    field->setObjectName(QStringLiteral("parameters to submit"));
    field->setAccessibleName(QObject::tr("Parameters"));
    field->setPlaceholderText(QStringLiteral("GPP_A=12345678"));
    field->setTabChangesFocus(true);
    QuestionDialog dialog{parent, title, QObject::tr("&Parameters, Name=Value, one on each line:"), *field};
    for (;;) {
        if (dialog.exec() != QDialog::Accepted)
            return std::nullopt;
        NamedValues values;
        QString wrong;
        for (const QString& line : field->toPlainText().split(u'\n', Qt::SkipEmptyParts)) {
            const qsizetype equals = line.indexOf(u'=');
            if (equals <= 0)
                wrong = line;
            else
                values.emplace_back(line.left(equals).trimmed().toStdString(),
                                    line.mid(equals + 1).toStdString());
        }
        if (wrong.isEmpty() && !values.empty())
            return values;
        QMessageBox::warning(&dialog, title,
                             wrong.isEmpty()
                                 ? QObject::tr("Expected at least one line such as GPP_A=12345678.")
                                 : QObject::tr("Found \"%1\", expected Name=Value.").arg(wrong));
    }
}

bool confirmFactoryReset(QWidget* parent, std::size_t phones)
{
    QMessageBox box{
        QMessageBox::Warning, QObject::tr("Factory reset"),
        QObject::tr("%n phone(s) forget every parameter and reboot.", nullptr, static_cast<int>(phones)),
        QMessageBox::Cancel, parent};
    QPushButton* const reset = box.addButton(QObject::tr("&Reset"), QMessageBox::DestructiveRole);
    box.exec();
    return box.clickedButton() == reset;
}

}  // namespace ui
