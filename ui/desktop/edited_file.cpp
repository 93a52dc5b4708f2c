#include "ui/desktop/edited_file.hpp"

#include "ui/desktop/background.hpp"
#include "ui/desktop/text_file.hpp"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>

namespace ui {

using scenarios::ScenarioSource;

namespace {

const char* const newText = R"(scenario: What is to be shown
phones: { model: CP-7832-3PCC }
servers:
  tftp: { files: { basic.txt: "<flat-profile><GPP_A>12345678</GPP_A></flat-profile>" } }
  syslog: {}
steps:
  - power: on
  - browse: /admin/resync?tftp://${tftp}/basic.txt
  - expect: { syslog: "*Successful resync*", within: 5s }
)";

}  // namespace

EditedFile::EditedFile(ScenarioEditor& editor) : QObject{&editor}, m_editor{editor} {}

QString EditedFile::name() const
{
    if (m_untitled)
        return tr("untitled");
    return m_source.embedded ? QString::fromStdString(sourceName(m_source))
                             : QFileInfo{QString::fromStdString(m_source.file)}.fileName();
}

void EditedFile::open(const ScenarioSource& source)
{
    const auto shown = [this, source](const std::string& text) {
        m_untitled = false;
        show(source, text);
    };
    if (source.embedded)
        return shown(std::string{source.text});
    inBackground(
        this,
        [path = QString::fromStdString(source.file)] {
            return readTextFile(path, scenarios::YamlLimits{}.bytes);
        },
        [this, shown](const emulator::Result<std::string>& text) {
            if (text.has_value())
                return shown(*text);
            emit failed(QString::fromStdString(text.error().detail));
        });
}

void EditedFile::beginNew()
{
    ScenarioSource source;
    source.file = QDir::current().filePath(QStringLiteral("untitled.yaml")).toStdString();
    m_untitled = true;
    show(source, newText);
}

void EditedFile::show(const ScenarioSource& source, const std::string& text)
{
    m_source = source;
    m_hasCarriageReturns = text.find("\r\n") != std::string::npos;
    const QString shown = QString::fromStdString(text);
    const bool isText = shown.toStdString() == text;  // else saving would change more than was edited
    m_editor.setReadOnly(source.embedded || !isText);
    m_editor.setTabChangesFocus(m_editor.isReadOnly());
    m_editor.setPlainText(shown);
    if (!isText)
        emit said(tr("%1 is not UTF-8: it can only be read here.").arg(name()));
    emit opened();
}

// --- keeping ---

void EditedFile::save(const std::function<void()>& then)
{
    if (m_untitled || m_editor.isReadOnly())
        return saveAs(then);
    write(QString::fromStdString(m_source.file), then);
}

void EditedFile::saveAs(const std::function<void()>& then)
{
    auto* const dialog = new QFileDialog{&m_editor, tr("Save scenario")};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Scenarios (*.yaml)"), tr("All files (*)")});
    dialog->setDefaultSuffix(QStringLiteral("yaml"));
    dialog->selectFile(m_untitled || m_source.embedded ? name() + QStringLiteral(".yaml") : name());
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, then](const QString& path) { write(path, then); });
    dialog->open();
}

void EditedFile::write(const QString& path, const std::function<void()>& then)
{
    QString text = m_editor.toPlainText();
    if (m_hasCarriageReturns)
        text.replace(u'\n', QStringLiteral("\r\n"));
    const int edits = m_editor.document()->revision();
    inBackground(
        this, [path, text = text.toStdString()] { return writeTextFile(path, text); },
        [this, path, edits, then](const QString& error) {
            if (!error.isEmpty())
                return emit said(error);
            m_source = {path.toStdString(), false, {}};
            m_untitled = false;
            m_editor.setReadOnly(false);
            m_editor.setTabChangesFocus(false);
            m_editor.document()->setModified(m_editor.document()->revision() != edits);
            emit said(tr("Saved %1.").arg(path));
            emit saved(path);
            if (then)
                then();
        });
}

void EditedFile::whenKept(const std::function<void()>& then)
{
    if (!isModified())
        return then();
    auto* const box = new QMessageBox{
        QMessageBox::Question, tr("Unsaved changes"), tr("%1 has changes that are not saved.").arg(name()),
        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, &m_editor};
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setDefaultButton(QMessageBox::Save);
    connect(box, &QMessageBox::finished, this, [this, then](int button) {
        if (button == QMessageBox::Save)
            return save(then);
        if (button != QMessageBox::Discard)
            return;
        m_editor.document()->setModified(false);
        then();
    });
    box->open();
}

}  // namespace ui
