#include "hwbridge/drive/html_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

HtmlPage read(std::string_view html)
{
    emulator::Result<HtmlPage> page = readHtmlPage(html);
    EXPECT_TRUE(page.has_value()) << page.error().detail;
    return page.has_value() ? std::move(page).value() : HtmlPage{};
}

std::vector<std::string> labels(const HtmlPage& page)
{
    std::vector<std::string> labels;
    for (const HtmlForm& form : page.forms) {
        for (const HtmlField& field : form.fields)
            labels.push_back(field.name + "=" + field.label);
    }
    return labels;
}

TEST(HtmlPageTest, ReadsEachKindOfField)
{
    const HtmlPage page = read(R"(<form method=POST action="/go?x">
        <label for=a title=Tip_a>Resync &amp; more:</label><input id=a name=A value="1 &lt; 2" maxlength=9>
        <input type=password name=P><input type=hidden name=H value=secret>
        <select name=S><option>Yes<option value=n selected>No</select>
        <input type=checkbox name=C checked><textarea name=T readonly>two
lines</textarea><input type=submit name=go value=Go><input type=reset></form>)");
    ASSERT_EQ(page.forms.size(), 1u);
    const HtmlForm& form = page.forms.front();
    EXPECT_EQ(form.action, "/go?x");
    EXPECT_TRUE(form.posts);
    ASSERT_EQ(form.fields.size(), 7u);
    EXPECT_EQ(form.fields[0].label, "Resync & more");
    EXPECT_EQ(form.fields[0].hint, "Tip_a");
    EXPECT_EQ(form.fields[0].value, "1 < 2");
    EXPECT_EQ(form.fields[0].longest, 9u);
    EXPECT_EQ(form.fields[1].kind, FieldKind::Password);
    EXPECT_EQ(form.fields[2].kind, FieldKind::Hidden);
    ASSERT_EQ(form.fields[3].choices.size(), 2u);
    EXPECT_EQ(form.fields[3].choices[0].value, "Yes");
    EXPECT_EQ(form.fields[3].chosen()->value, "n");
    EXPECT_EQ(form.fields[3].chosen()->label, "No");
    EXPECT_TRUE(form.fields[4].checked);
    EXPECT_EQ(form.fields[4].value, "on");
    EXPECT_EQ(form.fields[5].value, "two\nlines");
    EXPECT_TRUE(form.fields[5].readOnly);
    EXPECT_EQ(form.fields[6].kind, FieldKind::Submit);
}

TEST(HtmlPageTest, WithoutLabelsTheTextBeforeAFieldIsItsLabel)
{
    const HtmlPage page = read("<form><table><tr><td>Resync On Reset:<td><select "
                               "name=1><option>Yes<option>No</select><td>Resync&nbsp;Periodic:"
                               "<td><input name=2><tr><td><font>Profile  Rule:</font></td><td><input name=3> "
                               "<input name=4></table></form>");
    EXPECT_THAT(labels(page), ElementsAre("1=Resync On Reset", "2=Resync Periodic", "3=Profile Rule", "4="));
}

TEST(HtmlPageTest, ALabelAroundItsFieldNamesIt)
{
    EXPECT_THAT(labels(read("<form><p>other<label>Web <b>Server</b><input name=w></label></form>")),
                ElementsAre("w=Web Server"));
}

TEST(HtmlPageTest, RadioButtonsOfOneNameAreOneField)
{
    const HtmlPage page = read("<form>Enable: <label><input type=radio name=e value=1 checked>Yes</label>"
                               "<label><input type=radio name=e value=0>No</label></form>");
    ASSERT_EQ(page.forms.at(0).fields.size(), 1u);
    const HtmlField& field = page.forms[0].fields[0];
    EXPECT_EQ(field.label, "Enable");
    ASSERT_EQ(field.choices.size(), 2u);
    EXPECT_EQ(field.choices[1].label, "No");
    EXPECT_EQ(field.choices[1].value, "0");
    EXPECT_EQ(field.chosen()->label, "Yes");
}

TEST(HtmlPageTest, AListThatIsNotClosedEndsWhereTheNextBegins)
{
    const HtmlPage page =
        read("<form><select name=1><option value=n>No<select name=2><option value=y>Yes</form>");
    const std::vector<HtmlField>& fields = page.forms.at(0).fields;
    ASSERT_EQ(fields.size(), 2u);
    ASSERT_EQ(fields[0].choices.size(), 1u);
    EXPECT_EQ(fields[0].choices[0].label, "No");
    ASSERT_EQ(fields[1].choices.size(), 1u);
    EXPECT_EQ(fields[1].choices[0].label, "Yes");
}

TEST(HtmlPageTest, HeadingsAboveAFieldAreItsTrail)
{
    const HtmlPage page =
        read("<form><h1>Voice &gt; <i>Ext 1</i></h1><fieldset><legend>General:</legend>A<input name=a>"
             "</fieldset>B<input name=b><h1>Voice &gt; User</h1><h2>Display</h2>C<input name=c></form>");
    const std::vector<HtmlField>& fields = page.forms.at(0).fields;
    ASSERT_EQ(fields.size(), 3u);
    EXPECT_THAT(fields[0].trail, ElementsAre("Voice > Ext 1", "General"));
    EXPECT_THAT(fields[1].trail, ElementsAre("Voice > Ext 1"));
    EXPECT_THAT(fields[2].trail, ElementsAre("Voice > User", "Display"));
}

TEST(HtmlPageTest, FieldsBelongToTheFormThatIsOpenWhateverTheTablesSay)
{
    const HtmlPage page =
        read("<table><form action=/a><tr><td>A<td><input name=a></tr></table>"
             "<table><tr><td>B<td><input name=b></table></form>"
             "<input name=outside><form id=second action=/b></form><input name=c form=second>"
             "<input name=d form=nowhere>");
    ASSERT_EQ(page.forms.size(), 2u);
    EXPECT_THAT(labels(page), ElementsAre("a=A", "b=B", "c="));
    EXPECT_EQ(page.forms[1].fields.size(), 1u);
}

TEST(HtmlPageTest, FieldsOfADisabledSetAreDisabled)
{
    const HtmlPage page = read("<form><fieldset disabled><input name=a></fieldset><input name=b></form>");
    EXPECT_TRUE(page.forms.at(0).fields.at(0).disabled);
    EXPECT_FALSE(page.forms[0].fields.at(1).disabled);
}

TEST(HtmlPageTest, ReadsFactsOfTablesAndLists)
{
    const HtmlPage page =
        read("<table><tr><td><b>Product Name:</b></td><td>CP-7832-3PCC</td><td>Serial "
             "Number:</td><td>FCH1</td></tr>"
             "<tr><th>MAC "
             "Address</th><td>00:0e:08:00:00:01</td></tr><tr><td>Field</td><td><input></td></tr></table>"
             "<dl><dt>Firmware<dd>11.3</dl>");
    std::vector<std::string> facts;
    for (const HtmlFact& fact : page.facts)
        facts.push_back(fact.label + "=" + fact.value);
    EXPECT_THAT(facts, ElementsAre("Product Name=CP-7832-3PCC", "Serial Number=FCH1",
                                   "MAC Address=00:0e:08:00:00:01", "Firmware=11.3"));
}

TEST(HtmlPageTest, CellsOfTablesThatOnlyPlaceOtherTablesAreNoFacts)
{
    const HtmlPage page =
        read("<table><tr><td>menu</td><td><table><tr><td>A</td><td>1</td></tr></table></td></tr></table>");
    ASSERT_EQ(page.facts.size(), 1u);
    EXPECT_EQ(page.facts[0].label, "A");
}

TEST(HtmlPageTest, TellsTitleAndFirstNotice)
{
    const HtmlPage page =
        read("<title> Refused </title><script>alert('no')</script><div role=alert><p>Nothing was "
             "changed<p>See <a href=#>there</a></div><div role=status>later</div>");
    EXPECT_EQ(page.title, "Refused");
    EXPECT_EQ(page.notice, "Nothing was changed See there");
    EXPECT_THAT(page.forms, IsEmpty());
}

TEST(HtmlPageTest, BytesThatAreNoUtf8AreReadAsLatin1)
{
    EXPECT_EQ(read("<title>Gr\xFC\xDF"
                   "e</title>")
                  .title,
              "Grüße");
    EXPECT_EQ(read("<title>Grüße</title>").title, "Grüße");
}

TEST(HtmlPageTest, AnythingIsAPage)
{
    for (const std::string_view text :
         {"", "<", "<form", "<form><input name=", "</form></table></td>", "\0\0<input>",
          "<select><option><select></form>", "<!--", "<label for=a><label></label>"})
        EXPECT_TRUE(readHtmlPage(text).has_value()) << text;
}

TEST(HtmlPageTest, DeepAndEndlessPagesAreRefusedSoon)
{
    std::string deep;
    while (deep.size() < maxHtmlBytes - 3)
        deep += "<b>";
    const emulator::Result<HtmlPage> nested = readHtmlPage(deep);
    ASSERT_FALSE(nested.has_value());
    EXPECT_EQ(nested.error().detail, "the page nests deeper than 512 elements");

    std::string many = "<form>";
    for (std::size_t i = 0; i <= maxHtmlFields; ++i)
        many += "<input name=a>";
    ASSERT_FALSE(readHtmlPage(many).has_value());
    EXPECT_EQ(readHtmlPage(many).error().detail, "the page has more than 16384 fields and choices");

    EXPECT_EQ(readHtmlPage(std::string(maxHtmlBytes + 1, ' ')).error().kind, emulator::ErrorKind::TooLarge);
}

}  // namespace
}  // namespace hwbridge
