# One folder, one library: phonerig_folder(emulator_base LINKS fmt::fmt) makes a static library of every
# source of the current folder. Headers are included from the top: #include "emulator/base/result.hpp".
#
# What nearly every source includes is read once, by the folder that HEADERS names; by default emulator_trace. Folders
# below it lack Boost.JSON's flags, which these headers look at, and say emulator_base.
function(phonerig_folder name)
    cmake_parse_arguments(FOLDER "" "HEADERS" "LINKS" ${ARGN})
    if(NOT FOLDER_HEADERS)
        set(FOLDER_HEADERS emulator_trace)
    endif()
    file(GLOB sources CONFIGURE_DEPENDS *.cpp)
    if(sources)
        add_library(${name} STATIC ${sources})
        target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
        target_link_libraries(${name} PUBLIC ${FOLDER_LINKS})
        if(NOT name STREQUAL FOLDER_HEADERS)
            target_precompile_headers(${name} REUSE_FROM ${FOLDER_HEADERS})
        else()
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
