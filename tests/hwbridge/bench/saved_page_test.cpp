#include "hwbridge/bench/saved_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hwbridge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

PageParameters page()
{
    return {readHtmlPage(
                "<form method=post><h2>Ext 1</h2><label>Name <input name=1 value=one></label>"
                "<label>Secret <input type=password name=2 value='****'></label>"
                "<label>Fixed <input name=3 value=three readonly></label>"
                "<h2>Ext 2</h2><label>Name <input name=4 value=two></label>"
                "<label>On <select name=5><option value=1>Yes<option value=0 selected>No</select></label>"
                "<h2>Twice</h2><label>Same <input name=6></label><label>Same <input name=7></label>"
                "</form>")
                .value(),
            "the page"};
}

TEST(SavedPageTest, SavesWhatCanBePutBackByItsPath)
{
    EXPECT_THAT(savedParameters(page()),
                ElementsAre(SavedParameter{"Ext 1 > Name", "one"}, SavedParameter{"Ext 2 > Name", "two"},
                            SavedParameter{"Ext 2 > On", "No"}));
}

TEST(SavedPageTest, TellsWhatIsShownOtherwise)
{
    const auto wrong =
        shownOtherwise(page(), {{"Ext 1 > Name", "one"}, {"Ext 2 > Name", "2"}, {"Ext 2 > On", "0"}}, false);
    ASSERT_TRUE(wrong.has_value()) << wrong.error().detail;
    EXPECT_THAT(*wrong, ElementsAre(Pair("Ext 2 > Name", "2")));
}

TEST(SavedPageTest, SecretsAreShownOtherwiseWhenAskedFor)
{
    const std::vector<SavedParameter> wanted{{"Secret", "word"}};
    EXPECT_THAT(shownOtherwise(page(), wanted, false).value(), IsEmpty());
    EXPECT_THAT(shownOtherwise(page(), wanted, true).value(), ElementsAre(Pair("Secret", "word")));
}

}  // namespace
}  // namespace hwbridge
