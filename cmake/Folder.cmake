# One folder, one library: phonerig_folder(emulator_base LINKS fmt::fmt) makes a static library of every
# source of the current folder. Headers are included from the top: #include "emulator/base/result.hpp".
function(phonerig_folder name)
    cmake_parse_arguments(FOLDER "" "" "LINKS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS *.cpp)
    if(sources)
        add_library(${name} STATIC ${sources})
        target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
        target_link_libraries(${name} PUBLIC ${FOLDER_LINKS})
        if(NOT CMAKE_UNITY_BUILD)
            # What nearly every source includes: reading it took most of its compile time.
            target_precompile_headers(${name} PRIVATE <algorithm> <chrono> <functional> <memory> <optional> <string>
                <string_view> <variant> <vector> <boost/container/small_vector.hpp> <boost/system/result.hpp>
                <fmt/format.h>)
        endif()
    else()
        add_library(${name} INTERFACE)
        target_include_directories(${name} INTERFACE "${PROJECT_SOURCE_DIR}")
        target_link_libraries(${name} INTERFACE ${FOLDER_LINKS})
    endif()
endfunction()
