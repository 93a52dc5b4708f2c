# Writes OUTPUT, a C++ source that defines NAMESPACE::SYMBOL, the contents of FILES below FOLDER.
# String literals are cut into pieces: compilers limit the length of one literal.
string(REPLACE "," ";" FILES "${FILES}")
set(text "#include \"emulator/base/embedded_file.hpp\"\n\n#include <array>\n#include <span>\n\nnamespace ${NAMESPACE} {\n")
set(entries "")
foreach(name ${FILES})
    file(READ "${FOLDER}/${name}" bytes HEX)
    string(LENGTH "${bytes}" length)
    math(EXPR count "${length} / 2")
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
    string(MAKE_C_IDENTIFIER "${name}" id)
    string(APPEND text "static constexpr std::array<char, ${count}> s_${id} = {${bytes}};\n")
    string(APPEND entries "    {\"${name}\", {s_${id}.data(), s_${id}.size()}},\n")
endforeach()
list(LENGTH FILES count)
string(APPEND text "static constexpr std::array<emulator::EmbeddedFile, ${count}> s_all{{\n${entries}}};\n"
    "std::span<const emulator::EmbeddedFile> ${SYMBOL}()\n{\n    return s_all;\n}\n}\n")
file(WRITE "${OUTPUT}" "${text}")
