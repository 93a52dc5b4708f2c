#include "emulator/profile/profile_reading.hpp"

#include "emulator/profile/aes128gcm.hpp"
#include "emulator/profile/alias_map.hpp"
#include "emulator/profile/gzip.hpp"
#include "emulator/profile/openssl_enc.hpp"
#include "emulator/profile/profile_problems.hpp"
#include "emulator/profile/xml_start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace emulator {

namespace {

constexpr std::size_t cipherBlockBytes = 16;

enum class Seal : std::uint8_t { None, Aes128Gcm, Salted, Headerless };

Seal sealOf(std::string_view file, const ProfileReading& reading)
{
    if (reading.ikm)
        return Seal::Aes128Gcm;
    if (isSalted(file))
        return Seal::Salted;
    const bool mayBeBlocks = !reading.key.empty() && !file.empty() && file.size() % cipherBlockBytes == 0;
    if (mayBeBlocks && !isGzip(file) && !startsLikeXml(file) && hexKey(reading.key))
        return Seal::Headerless;
    return Seal::None;
}

// Whether a key was the right one shows by what comes out: text, or the header of a gzip file.
bool isReadable(std::string_view plain)
{
    constexpr std::size_t gzipFront = 4;
    if (isGzip(plain))
        return plain.size() > gzipFront && plain[2] == 8 && static_cast<unsigned char>(plain[3]) < 0x20;
    if (!startsLikeXml(plain))
        return false;
    constexpr std::size_t looked = 256;
    const std::string_view front = plain.substr(0, looked);
    return isUtf16(plain) || std::none_of(front.begin(), front.end(), isControl);
}

Result<std::string> unlockSalted(std::string_view file, std::string_view key)
{
    if (key.empty())
        return fail(ErrorKind::Corrupt,
                    "the file is encrypted (it begins with Salted__), and there is no --key");
    Error why = fail(ErrorKind::Corrupt, "encrypted with another key, or damaged");
    for (const KeyDigest digest : {KeyDigest::Md5, KeyDigest::Sha256}) {
        Result<std::string> plain = decryptSalted(file, key, digest);
        if (plain.has_value() && isReadable(*plain))
            return plain;
        if (plain.has_error() && plain.error().kind == ErrorKind::Corrupt)
            why = plain.error();
    }
    return fail(why);
}

Result<std::string> unlockAes128Gcm(std::string_view file, std::string_view ikm)
{
    if (ikm.empty())
        return fail(ErrorKind::Corrupt,
                    "Content-Encoding is aes128gcm, and IKM_HTTP_Encrypt_Content is empty");
    const std::vector<std::string> materials = keyingMaterials(ikm);
    Result<std::string> plain = decryptAes128Gcm(file, materials.front());
    for (std::size_t i = 1; i < materials.size() && plain.has_error(); ++i)
        plain = decryptAes128Gcm(file, materials[i]);
    return plain;
}

Result<std::string> unlock(std::string_view file, const ProfileReading& reading, Seal seal)
{
    if (seal == Seal::Aes128Gcm)
        return unlockAes128Gcm(file, *reading.ikm);
    if (seal == Seal::Salted)
        return unlockSalted(file, reading.key);
    Result<std::string> plain = decryptHeaderless(file, *hexKey(reading.key));
    if (plain.has_value() && !isReadable(*plain))
        return fail(ErrorKind::Corrupt, "encrypted with another key, or damaged");
    return plain;
}

}  // namespace

Result<std::string_view> openProfile(std::string_view file, const ProfileReading& reading, std::string& room)
{
    if (file.size() > maxProfileBytes)
        return fail(ErrorKind::TooLarge,
                    fmt::format("profile of {} bytes; at most {} are read", file.size(), maxProfileBytes));
    std::string_view opened = file;
    if (const Seal seal = sealOf(file, reading); seal != Seal::None) {
        Result<std::string> plain = unlock(file, reading, seal);
        if (plain.has_error())
            return fail(plain.error().kind, "not a profile: " + plain.error().detail);
        room = *std::move(plain);
        opened = room;
    }
    if (isGzip(opened)) {
        Result<std::string> plain = gunzip(opened, maxProfileBytes);
        if (plain.has_error())
            return fail(plain.error().kind, "not a profile: " + plain.error().detail);
        if (isSalted(*plain))
            return fail(
                ErrorKind::Corrupt,
                "not a profile: encrypted first and compressed then; phones read the other order only");
        room = *std::move(plain);
        opened = room;
    }
    return opened;
}

Result<std::shared_ptr<const Profile>> readProfile(std::string_view file, const ParameterSchema& schema,
                                                   const ProfileReading& reading)
{
    return readProfile(file, schema, reading, ProblemLimits{});
}

Result<std::shared_ptr<const Profile>> readProfile(std::string_view file, const ParameterSchema& schema,
                                                   const ProfileReading& reading, ProblemLimits limits)
{
    const Result<AliasMap> aliases = AliasMap::parse(reading.aliases);
    if (aliases.has_error())
        return fail(aliases.error());
    std::string room;
    const Result<std::string_view> xml = openProfile(file, reading, room);
    if (xml.has_error())
        return fail(xml.error());
    return parseProfile(*xml, schema, *aliases, limits);
}

std::string readingIdentity(std::string_view file, const ProfileReading& reading)
{
    const Seal seal = sealOf(file, reading);
    if (seal == Seal::None && reading.aliases.empty())
        return {};
    const std::string_view secret = seal == Seal::None        ? std::string_view{}
                                    : seal == Seal::Aes128Gcm ? *reading.ikm
                                                              : reading.key;
    return fmt::format("{}{}:{}{}", static_cast<int>(seal), secret.size(), secret, reading.aliases);
}

}  // namespace emulator
