// Small pure pieces: encodings, hashes, randomness, comparison in constant time. OpenSSL EVP underneath.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace belay::crypto {

/// RFC 4648 section 5, without padding. Decoding refuses padding, other characters and non-zero trailing bits.
[[nodiscard]] std::string base64url(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);
/// RFC 4648 section 4, with padding.
[[nodiscard]] std::string base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
[[nodiscard]] std::string hex(std::string_view bytes);

/// 32 raw bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view bytes);
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

/// `count` bytes from the system's generator. Throws if there is none: nothing safe can be done then.
[[nodiscard]] std::string random_bytes(std::size_t count);
/// RFC 9562 version 7: sorts by time.
[[nodiscard]] std::string uuid_v7(std::int64_t unix_millis, std::string_view ten_random_bytes);
[[nodiscard]] bool is_uuid(std::string_view text);
/// Crockford base32, upper case, no I L O U: for codes a person reads aloud.
[[nodiscard]] std::string base32_crockford(std::string_view bytes);

}  // namespace belay::crypto
