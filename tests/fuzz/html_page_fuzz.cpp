#include "hwbridge/drive/page_parameters.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

// A page of a phone, and its forms filled in: what can be named can be set and sent, and the body is one line of ASCII.
FUZZ_TARGET(html_page)
{
    using namespace hwbridge;
    emulator::Result<HtmlPage> page = readHtmlPage(fuzz::text(data, size));
    if (!page.has_value())
        return 0;
    const PageParameters parameters{std::move(page).value(), "the page"};
    std::size_t filled = 0;
    for (const PageParameter& one : parameters.all()) {
        if (++filled > 16)
            break;
        const emulator::Result<PageParameter> found = parameters.find(one.path);
        if (!found.has_value())
            continue;  // named like another one, or by signs alone
        const std::string value = one.choices.empty() ? "1" : one.choices.front();
        const emulator::Result<FormSubmission> form = parameters.filled({{one.path, value}});
        if (!form.has_value())
            continue;  // read-only, too short a field, or sent otherwise
        fuzz::require(found->writable, "only what can be changed is submitted");
        fuzz::require(
            std::all_of(form->body.begin(), form->body.end(), [](char c) { return c > 0x20 && c < 0x7f; }),
            "a body is one line of ASCII");
    }
    return 0;
}
