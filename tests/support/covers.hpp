#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

// Names the requirements that the running test proves, by their ids in docs/requirements.yaml.
// Shape:  COVERS("WEB-RESYNC-CMD", "RSYNC-ON-RESET-YES"); anywhere in a test body, once or several times. The ids
//         become the property "covers" of the test's XML result ("A,B", each once, in the order named).
// Errors: an id that docs/requirements.yaml does not list fails `./rig coverage`, not the test.
// A test that fails or skips proves nothing. Name an id only where breaking that clause in the code would turn
// this test red.
#define COVERS(...) ::tests::recordCovered({__VA_ARGS__})

namespace tests {

// Adds ids to what the running test has named so far: RecordProperty alone would keep only the last call's.
inline void recordCovered(std::initializer_list<std::string_view> ids)
{
    constexpr const char* key = "covers";
    const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
    if (test == nullptr) {
        ADD_FAILURE() << "COVERS outside a test: no test would be named as the proof";
        return;
    }
    std::string named;
    const ::testing::TestResult& result = *test->result();
    for (int i = 0; i < result.test_property_count(); ++i) {
        if (std::string_view{result.GetTestProperty(i).key()} == key)
            named = result.GetTestProperty(i).value();
    }
    for (const std::string_view id : ids) {
        const std::string element = std::string{','}.append(id).append(1, ',');
        if ((',' + named + ',').find(element) == std::string::npos)
            named.append(named.empty() ? "" : ",").append(id);
    }
    ::testing::Test::RecordProperty(key, named);
}

}  // namespace tests
