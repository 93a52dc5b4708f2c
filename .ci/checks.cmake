# What `./rig test` checks besides the tests proper, so that ctest's one summary covers it.

add_test(NAME layout_of_code COMMAND "${PROJECT_SOURCE_DIR}/.ci/check-format")
set_tests_properties(layout_of_code PROPERTIES SKIP_RETURN_CODE 77 LABELS layout)

find_program(PHONERIG_PYTHON NAMES python3 REQUIRED)
add_test(NAME requirement_coverage COMMAND ${PHONERIG_PYTHON} "${PROJECT_SOURCE_DIR}/tests/support/coverage_test.py")
add_test(NAME shards COMMAND ${PHONERIG_PYTHON} "${PROJECT_SOURCE_DIR}/tests/support/shards_test.py")
add_test(NAME install_packages COMMAND ${PHONERIG_PYTHON} "${PROJECT_SOURCE_DIR}/tests/support/install_packages_test.py")
set_tests_properties(requirement_coverage shards install_packages PROPERTIES LABELS support)
set_tests_properties(install_packages PROPERTIES SKIP_RETURN_CODE 77)

# The unit tests built with AddressSanitizer and UndefinedBehaviorSanitizer: rig builds them before it runs ctest.
# GCC builds them: clang 14 does not assemble Asio's coroutines with both sanitizers ("difference across sections").
if(NOT PHONERIG_SANITIZE)
    add_test(NAME unit_tests_with_sanitizers COMMAND "${PROJECT_SOURCE_DIR}/.ci/check-sanitizers")
    set_tests_properties(unit_tests_with_sanitizers PROPERTIES SKIP_RETURN_CODE 77 LABELS sanitizers
        PROCESSORS 2 TIMEOUT 1200 COST 1000)
endif()
