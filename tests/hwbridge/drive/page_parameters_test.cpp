#include "hwbridge/drive/page_parameters.hpp"

#include "hwbridge/drive/form_encoding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using emulator::ErrorKind;
using emulator::Result;
using testing::ElementsAre;

// A page as an older phone might have it: fields are named by numbers, and only what is shown tells them apart.
constexpr std::string_view html = R"(
<form action="/admin/submit" method="post"><input type=hidden name=session value="a b">
<h2>Ext 1</h2><table><tr><td>Line Enable:<td><select name=5356><option value=1 selected>yes<option value=0>no</select>
<td>Display Name:<td><input name=5420 value="J&ouml;rg"></table>
<h2>Ext 2</h2><table><tr><td>Line Enable:<td><select name=6356><option value=1>yes<option value=0>no</select></table>
<h2>System</h2><label for=u title=Proxy_Username>Username</label><input id=u name=7 maxlength=4>
<label for=p>Password</label><input id=p name=P8 type=password>
<label for=b>Web Server</label><input id=b name=9 type=checkbox value=1>
<label for=r>Serial</label><input id=r name=10 readonly value=X>
<label for=t>Notes</label><textarea id=t name=11></textarea>
<button type=submit name=do value=save>Submit All Changes</button><button type=submit name=do value=cancel>Undo</button>
</form><form method=post action=/other><label>Rule<input name=url></label></form>)";

PageParameters aPage(std::string_view text = html)
{
    return {readHtmlPage(text).value(), "the page /advanced of CP7832-1"};
}

std::string body(const std::map<std::string, std::string>& values)
{
    const Result<FormSubmission> form = aPage().filled(values);
    return form.has_value() ? form->body : form.error().detail;
}

std::string why(const std::map<std::string, std::string>& values)
{
    const Result<FormSubmission> form = aPage().filled(values);
    return form.has_value() ? "taken" : form.error().detail;
}

TEST(PageParametersTest, NamesAreComparedByTheirWords)
{
    EXPECT_EQ(nameWords("Use_Auto_Discovery__WPAD_"), nameWords("Use Auto Discovery (WPAD):"));
    EXPECT_EQ(nameWords("Line_Enable_1_"), "line_enable_1");
    EXPECT_EQ(nameWords("Auth_Resync-Reboot_1_"), nameWords("auth resync reboot 1"));
}

TEST(PageParametersTest, AParameterIsFoundByWhatThePageShows)
{
    const PageParameters page = aPage();
    EXPECT_EQ(page.find("Display Name")->value, "Jörg");
    EXPECT_EQ(page.find("display_name")->path, "Ext 1 > Display Name");
    EXPECT_EQ(page.find("Line_Enable_1_")->value, "yes");
    EXPECT_EQ(page.find("Ext 2 > Line Enable")->path, "Ext 2 > Line Enable");
    EXPECT_EQ(page.find("Proxy_Username")->name, "Username");
    EXPECT_EQ(page.find("Web Server")->value, "No");
    EXPECT_TRUE(page.find("Password")->secret);
    EXPECT_FALSE(page.find("Serial")->writable);
    EXPECT_THAT(page.find("Line_Enable_2_")->choices, ElementsAre("yes", "no"));
    EXPECT_EQ(page.all().size(), 9u);
}

TEST(PageParametersTest, TheNamesOfFieldsAreNotLookedAt)
{
    EXPECT_FALSE(aPage().find("5356").has_value());
}

TEST(PageParametersTest, AMissingParameterIsNamedWithPageAndNearestName)
{
    const Result<PageParameter> found = aPage().find("Display_Nam");
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().kind, ErrorKind::NotFound);
    EXPECT_EQ(found.error().detail,
              "the page /advanced of CP7832-1 shows no 'Display_Nam'; the nearest name is "
              "'Display Name'");
    EXPECT_EQ(aPage().find("Zzz").error().detail,
              "the page /advanced of CP7832-1 shows no 'Zzz', nor a name like it");
    EXPECT_EQ(aPage("<p>Set Password</p>").find("GPP_A").error().detail,
              "the page /advanced of CP7832-1 shows no 'GPP_A', nor any other field to fill in");
}

TEST(PageParametersTest, ANameOfSeveralIsRefusedWithTheirPaths)
{
    EXPECT_EQ(
        why({{"Line Enable", "no"}}),
        "the page /advanced of CP7832-1 shows 'Line Enable' 2 times; say which: 'Ext 1 > Line Enable' or "
        "'Ext 2 > Line Enable'");
}

TEST(PageParametersTest, TheWholeFormIsSentAsABrowserSendsIt)
{
    EXPECT_EQ(body({{"Display Name", "Grüße & Co"}}),
              "session=a+b&5356=1&5420=Gr%C3%BC%C3%9Fe+%26+Co&6356=1&7=&P8=&10=X&11=&do=save");
    EXPECT_EQ(body({{"Line_Enable_1_", "no"},
                    {"Line_Enable_2_", "0"},
                    {"Web Server", "Yes"},
                    {"Notes", "a\nb\r\nc"}}),
              "session=a+b&5356=0&5420=J%C3%B6rg&6356=0&7=&P8=&9=1&10=X&11=a%0D%0Ab%0D%0Ac&do=save");
    EXPECT_EQ(aPage().filled({{"Rule", "tftp://x/y"}})->action, "/other");
    EXPECT_EQ(body({{"Rule", "tftp://x/y"}}), "url=tftp%3A%2F%2Fx%2Fy");
}

TEST(PageParametersTest, DisabledFieldsAndUntickedRadioButtonsAreNotSent)
{
    const PageParameters page =
        aPage("<form method=post>A<input name=a><input name=b disabled>C<input type=radio name=c "
              "value=1></form>");
    EXPECT_EQ(page.filled({{"A", "1"}})->body, "a=1");
    EXPECT_EQ(page.filled({{"C", "1"}})->body, "a=&c=1");
}

TEST(PageParametersTest, WhatAPageCannotTakeIsRefusedBeforeItIsSent)
{
    EXPECT_EQ(
        why({{"Line_Enable_1_", "maybe"}}),
        "the page /advanced of CP7832-1: 'Ext 1 > Line Enable' has no choice 'maybe', expected yes or no");
    EXPECT_EQ(
        why({{"Serial", "Y"}}),
        "the page /advanced of CP7832-1: 'System > Serial' is shown, but the page lets nobody change it");
    EXPECT_EQ(why({{"Username", "admin"}}),
              "the page /advanced of CP7832-1: 'System > Username' takes 4 letters, but the value has 5");
    EXPECT_EQ(why({{"Web Server", "on"}}),
              "the page /advanced of CP7832-1: 'System > Web Server' is a box to tick: expected Yes or No");
    EXPECT_EQ(why({{"Display Name", "a\nb"}}),
              "the page /advanced of CP7832-1: 'Ext 1 > Display Name' is one line of "
              "text, but the value has several");
    EXPECT_EQ(why({{"Display Name", "a"}, {"Rule", "b"}}),
              "the page /advanced of CP7832-1 has 'Rule' in another form than the other values; submit them "
              "one after "
              "another");
    EXPECT_EQ(why({}), "no value to submit was given, expected at least one");
    EXPECT_EQ(aPage("<form>A<input name=a></form>").filled({{"A", "1"}}).error().kind,
              ErrorKind::Unsupported);
}

TEST(FormEncodingTest, ARuleInAnAddressIsDecodedToItself)
{
    EXPECT_EQ(encodedQuery("tftp://192.0.2.1/$MA.cfg"), "tftp://192.0.2.1/$MA.cfg");
    EXPECT_EQ(encodedQuery("[--key a+b%] http://h/?x=1&y#z"),
              "%5B--key%20a%2Bb%25%5D%20http://h/?x=1%26y%23z");
}

}  // namespace
}  // namespace hwbridge
