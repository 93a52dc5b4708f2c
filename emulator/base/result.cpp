#include "emulator/base/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace emulator {

void throw_exception_from_error(const Error& error, const boost::source_location& where)
{
    // Only an unchecked .value() comes here: a broken promise of our own code, not an event to handle.
    std::fprintf(stderr, "%s:%u: unchecked error: %s\n", where.file_name(),
                 static_cast<unsigned>(where.line()), error.detail.c_str());
    std::abort();
}

}  // namespace emulator
