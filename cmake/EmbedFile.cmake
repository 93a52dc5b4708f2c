# phonerig_embed(target symbol names...): compiles data files into the program as string views, so that it
# needs no installed files. Each file NAME becomes one entry of the array that the function SYMBOL returns, in the form of
# emulator/base/embedded_file.hpp. SYMBOL is in the namespace fixtures unless it names another: hwbridge::compareFiles.
function(phonerig_embed target symbol)
    set(namespace fixtures)
    if(symbol MATCHES "^(.*)::(.*)$")
        set(namespace "${CMAKE_MATCH_1}")
        set(symbol "${CMAKE_MATCH_2}")
    endif()
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${symbol}.cpp")
    set(inputs ${ARGN})
    list(TRANSFORM inputs PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
    string(REPLACE ";" "," listing "${ARGN}")
    add_custom_command(OUTPUT "${output}"
        COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${output}" "-DSYMBOL=${symbol}" "-DNAMESPACE=${namespace}" "-DFOLDER=${CMAKE_CURRENT_SOURCE_DIR}"
            "-DFILES=${listing}" -P "${PROJECT_SOURCE_DIR}/cmake/WriteEmbedded.cmake"
        DEPENDS ${inputs} "${PROJECT_SOURCE_DIR}/cmake/WriteEmbedded.cmake" VERBATIM)
    target_sources(${target} PRIVATE "${output}")
endfunction()
