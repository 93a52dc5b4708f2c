#include "hwbridge/bench/saved_page.hpp"

namespace hwbridge {

using emulator::Result;

std::vector<SavedParameter> savedParameters(const PageParameters& page)
{
    std::vector<SavedParameter> saved;
    for (const PageParameter& shown : page.all()) {
        if (shown.secret || !shown.writable)
            continue;
        const Result<PageParameter> found = page.find(shown.path);
        if (found.has_value() && found->path == shown.path)
            saved.push_back({shown.path, shown.value});
    }
    return saved;
}

Result<std::map<std::string, std::string>> shownOtherwise(const PageParameters& page,
                                                          const std::vector<SavedParameter>& wanted,
                                                          bool withSecrets)
{
    std::map<std::string, std::string> wrong;
    for (const SavedParameter& one : wanted) {
        const Result<PageParameter> shown = page.find(one.name);
        if (shown.has_error())
            return shown.error();
        if (shown->secret ? !withSecrets : shown->value == one.value)
            continue;
        const Result<FormSubmission> then = page.filled({{one.name, one.value}});
        if (then.has_error())
            return then.error();
        // A choice may be named by its value instead of its label: what would be sent tells.
        const Result<FormSubmission> now = page.filled({{one.name, shown->value}});
        if (shown->secret || now.has_error() || now->body != then->body)
            wrong.emplace(one.name, one.value);
    }
    return wrong;
}

}  // namespace hwbridge
