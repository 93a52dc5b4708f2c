#include "hwbridge/drive/xml_leaves.hpp"

#include <gtest/gtest.h>

namespace hwbridge {
namespace {

std::string listed(std::string_view xml)
{
    const emulator::Result<std::vector<XmlLeaf>> leaves = readXmlLeaves(xml);
    if (!leaves.has_value())
        return leaves.error().detail;
    std::string text;
    for (const XmlLeaf& leaf : leaves.value())
        text += leaf.name + "=" + leaf.value + ";";
    return text;
}

TEST(XmlLeavesTest, ListsTheElementsThatHoldNoOthers)
{
    EXPECT_EQ(
        listed(
            "<flat-profile><router-configuration><A ua=\"na\"> 1 </A><B/></router-configuration>\n<C>x &amp; "
            "y</C><!-- <D></D> --></flat-profile>"),
        "A=1;B=;C=x & y;");
}

TEST(XmlLeavesTest, WhatIsNoXmlIsSaidWithItsPlace)
{
    EXPECT_EQ(listed("<a>\n<b></a>"), "no XML as phones write it: mismatched tag at line 2, column 6");
    EXPECT_EQ(listed("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"),
              "no XML as phones write it: a document type declaration at line 1, column 13");
    std::string deep;
    for (int i = 0; i < 100; ++i)
        deep += "<a>";
    EXPECT_EQ(listed(deep), "no XML as phones write it: more than 64 levels at line 1, column 196");
    EXPECT_EQ(readXmlLeaves(std::string(maxXmlBytes + 1, ' ')).error().kind, emulator::ErrorKind::TooLarge);
}

}  // namespace
}  // namespace hwbridge
