#pragma once

#include "emulator/web/web_view.hpp"

#include <string>
#include <string_view>

namespace emulator {

// What stands around the content of every page: header with the phone's identity, links of the page level,
// navigation. No script, no outside files; readable in light and dark, by keyboard, and on narrow screens.
// Tabs are shown by their address fragment (":target"), so that edits on several tabs are submitted at once.
struct PageLayout {
    const Phone& phone;
    WebView view;
    std::string_view title;
    std::string_view
        shownTab;  // id of the tab shown while the address names none; empty: a page without tabs
};

// From the doctype to the opened <main>.
std::string beginPage(const PageLayout& layout, std::size_t expectedBytes);
void endPage(std::string& out);

// A page that says one thing: "Not found". `body` is HTML.
std::string noticePage(const Phone& phone, WebView view, std::string_view title, std::string_view body);

}  // namespace emulator
