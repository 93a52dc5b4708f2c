#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>

namespace emulator {

// What a caller may react to. The phone's retry rules and LED patterns hang on it.
enum class ErrorKind : std::uint8_t {
    Malformed,     // text or bytes that do not follow their grammar
    Unsupported,   // understood, but not emulated; the detail names it
    Unresolvable,  // a server name without an address
    Unreachable,   // nobody answers at that address or port
    TimedOut,      // somebody should have answered by now
    Refused,       // an answer that says no
    NotFound,      // the server has no such file
    Corrupt,       // a file that is not what it should be
    TooLarge,      // beyond a stated limit
};

struct Error {
    ErrorKind kind;
    std::string detail;  // for a person: what was read, where, and what was expected
};

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Error>;

inline Error fail(ErrorKind kind, std::string detail)
{
    return Error{kind, std::move(detail)};
}

inline const Error& fail(const Error& error)
{
    return error;
}

}  // namespace emulator
