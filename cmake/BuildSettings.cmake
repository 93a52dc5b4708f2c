# Compiler, linker and cache settings shared by every target.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

option(PHONERIG_WERROR "Treat warnings as errors" OFF)
option(PHONERIG_FUZZ "Build the fuzz targets for libFuzzer; takes clang" OFF)
set(PHONERIG_SANITIZE "" CACHE STRING "Sanitizers: empty, address (with undefined) or thread")

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
    -Woverloaded-virtual -Wimplicit-fallthrough)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # At -O3 GCC 12 to 14 take the lengths of inlined std::string and std::to_chars operations for impossible ones, in nine
    # places where a literal meets a string, zlib's rest is taken off a size, or a number goes into a buffer.
    add_compile_options("$<$<CONFIG:Release>:-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-array-bounds>")
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
        # GCC 12 and 13 warn of std::variant, std::optional and std::string in optimised code where nothing is wrong
        # (GCC bugs 105562, 105651, 109561).
        add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)
    endif()
endif()
if(CMAKE_UNITY_BUILD)
    # Builds that nobody changes a file and builds again: the sources of a folder are compiled together, so that headers
    # are read once. A name of an anonymous namespace is then seen by its neighbours: it has to be unique in its folder.
    set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)
    add_compile_options($<$<CONFIG:Debug>:-g1>)  # lines for reports; the names of all variables took a quarter of the time
    add_compile_options($<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-subobject-linkage>)  # of anonymous namespaces outside of the main file
endif()
if(PHONERIG_WERROR)
    add_compile_options(-Werror)
endif()

if(PHONERIG_SANITIZE STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
    if(PHONERIG_FUZZ)
        add_compile_options(-fsanitize=fuzzer-no-link)
    endif()
elseif(PHONERIG_SANITIZE STREQUAL "thread")
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)
elseif(PHONERIG_SANITIZE)
    message(FATAL_ERROR "PHONERIG_SANITIZE is '${PHONERIG_SANITIZE}'; expected empty, address or thread")
endif()

# For a folder that reads no bytes from outside by itself: leaves out the checks that double the time its headers take to
# compile under UBSan. A null pointer ends under AddressSanitizer too.
macro(phonerig_sanitize_less)
    if(PHONERIG_SANITIZE STREQUAL "address")
        add_compile_options(-fno-sanitize=null,alignment,vptr,object-size)
    endif()
endmacro()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    # A precompiled header is found again only if ccache may overlook its time stamps.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE_PROGRAM})
endif()

# The fastest linker that is there and can be trusted. mold before 2.4 never ended on one of our programs, and others that it
# wrote did not start: "cannot apply additional memory protection after relocation" (mold issue 1151).
function(phonerig_choose_linker)
    find_program(MOLD_PROGRAM mold)
    find_program(LLD_PROGRAM ld.lld)
    find_program(GOLD_PROGRAM ld.gold)
    if(MOLD_PROGRAM)
        execute_process(COMMAND "${MOLD_PROGRAM}" --version OUTPUT_VARIABLE version)
        string(REGEX MATCH "[0-9]+\\.[0-9.]+" version "${version}")
    endif()
    if(MOLD_PROGRAM AND version VERSION_GREATER_EQUAL 2.4)
        set(linker mold)
    elseif(LLD_PROGRAM)
        set(linker lld)
    elseif(GOLD_PROGRAM)
        set(linker gold)
    else()
        return()
    endif()
    message(STATUS "Linker: ${linker}")
    add_link_options(-fuse-ld=${linker})
endfunction()
phonerig_choose_linker()
