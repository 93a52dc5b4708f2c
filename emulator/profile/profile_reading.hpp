#pragma once

#include "emulator/profile/profile.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

// What a rule and a response say about how a file is to be read, beside what its own bytes say.
struct ProfileReading {
    std::string_view key;  // of --key; empty: none
    std::optional<std::string_view>
        ikm;                   // "Content-Encoding: aes128gcm": IKM_HTTP_Encrypt_Content; else nothing
    std::string_view aliases;  // the alias map that --alias names; empty: none
};

// Opens a file as a phone does: its first bytes decide, never its name (PROF-NAME-BASIC).
// Shape:  Encrypted outside, compressed inside, or one of both, or neither. In this order:
//         - with an IKM aes128gcm (RFC 8188), whatever --key says; the IKM is the text itself, or the bytes it stands
//           for in base64 or base64url: the guides do not say which, the authentication tag tells;
//         - "Salted__": AES-256-CBC as `openssl enc -k` makes it, --key is the pass phrase even if it looks like a
//           hexadecimal number. The guides leave the digest open: MD5 is tried, then SHA-256; what comes out must
//           begin like XML or gzip;
//         - with a --key of 64 hexadecimal digits, a file that is neither XML nor gzip and whole blocks long: the key
//           itself, IV of zeros, as `openssl enc -K KEY -iv 0` makes it (our choice: phones know pass phrases only);
//         - then 1f 8b: gzip.
//         A plain file is read as it is even if there is a key. Nothing is opened twice: a file that was encrypted
//         first and compressed then is corrupt (PROF-AES-THEN-GZIP).
// Errors: Corrupt for a missing or wrong key or IKM, bytes cut off, changed or added, and more than maxProfileBytes
//         inside; TooLarge for more than that outside. No error text has anything of a key in it.
// Source: "Cisco IP Phone MPP Administration Guide, Provisioning Scripts", open profile compression and encryption;
//         RFC 8188; PROF-GZIP*, PROF-AES*.
// The XML is in `file` itself where nothing had to be done, else in `room`.
Result<std::string_view> openProfile(std::string_view file, const ProfileReading& reading, std::string& room);

// openProfile, then parseProfile. Errors: of both; Malformed for an alias map that is none.
Result<std::shared_ptr<const Profile>> readProfile(std::string_view file, const ParameterSchema& schema,
                                                   const ProfileReading& reading);

// What of `reading` decides how this file is read: files with the same bytes and the same identity give the same
// profile. Empty for a plain file without aliases, whatever the key.
std::string readingIdentity(std::string_view file, const ProfileReading& reading);

}  // namespace emulator
