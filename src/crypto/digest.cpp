#include "crypto/digest.hpp"

#include <array>
#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "crypto/bytes.hpp"

namespace belay::crypto {
namespace {

constexpr std::string_view kUrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kPlainAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::uint8_t kNoDigit = 0xff;
constexpr std::size_t kSha256Bytes = 32;

consteval std::array<std::uint8_t, 256> digits_of(std::string_view alphabet) {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return digits;
}

constexpr auto kUrlDigits = digits_of(kUrlAlphabet);
constexpr auto kPlainDigits = digits_of(kPlainAlphabet);

unsigned byte_at(std::string_view bytes, std::size_t index) { return static_cast<unsigned char>(bytes[index]); }

// `bits` per character, most significant first; the last character is filled up with zero bits.
std::string encode_bits(std::string_view bytes, std::string_view alphabet, unsigned bits) {
  std::string text;
  text.reserve((bytes.size() * 8 + bits - 1) / bits + 3);
  const unsigned mask = (1u << bits) - 1;
  unsigned held = 0;
  unsigned count = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    held = ((held << 8) | byte_at(bytes, i)) & 0xffffu;
    count += 8;
    while (count >= bits) {
      count -= bits;
      text.push_back(alphabet[(held >> count) & mask]);
    }
  }
  if (count > 0) text.push_back(alphabet[(held << (bits - count)) & mask]);
  return text;
}

// Without padding. Trailing bits that say nothing must be zero, so that every value has one text only.
std::optional<std::string> decode_base64(std::string_view text, const std::array<std::uint8_t, 256>& digits) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.resize(text.size() / 4 * 3 + (text.size() % 4 == 0 ? 0 : text.size() % 4 - 1));
  // Four characters are three bytes; a digit that is none has its two highest bits set, and so has whatever it is joined with.
  const auto whole = text.size() / 4 * 4;
  const auto* in = bytes_of(text);
  auto* out = bytes_of(bytes);
  std::uint32_t all = 0;
  for (const auto* end = in + whole; in != end; in += 4, out += 3) {
    const std::uint32_t a = digits[in[0]], b = digits[in[1]], c = digits[in[2]], d = digits[in[3]];
    all |= a | b | c | d;
    const auto three = (a << 18) | (b << 12) | (c << 6) | d;
    out[0] = static_cast<unsigned char>(three >> 16);
    out[1] = static_cast<unsigned char>(three >> 8);
    out[2] = static_cast<unsigned char>(three);
  }
  if ((all & 0xc0u) != 0) return std::nullopt;
  unsigned held = 0;
  unsigned count = 0;
  for (const char c : text.substr(whole)) {
    const auto digit = digits[static_cast<unsigned char>(c)];
    if (digit == kNoDigit) return std::nullopt;
    held = ((held << 6) | digit) & 0xffffu;
    count += 6;
    if (count >= 8) {
      count -= 8;
      *out++ = static_cast<unsigned char>((held >> count) & 0xffu);
    }
  }
  if ((held & ((1u << count) - 1)) != 0) return std::nullopt;
  return bytes;
}

// Fetched once: looking an algorithm up costs more than hashing a short text.
const EVP_MD* sha256_algorithm() {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm{EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
  if (!algorithm) throw std::runtime_error("OpenSSL has no SHA-256");
  return algorithm.get();
}

}  // namespace

std::string base64url(std::string_view bytes) { return encode_bits(bytes, kUrlAlphabet, 6); }

std::optional<std::string> from_base64url(std::string_view text) { return decode_base64(text, kUrlDigits); }

std::string base64(std::string_view bytes) {
  auto text = encode_bits(bytes, kPlainAlphabet, 6);
  while (text.size() % 4 != 0) text.push_back('=');
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return decode_base64(text, kPlainDigits);
}

std::string base32_crockford(std::string_view bytes) { return encode_bits(bytes, kCrockford, 5); }

std::string hex(std::string_view bytes) { return encode_bits(bytes, kHex, 4); }

std::string sha256(std::string_view bytes) {
  // One state per thread: OpenSSL would make and destroy one for each text.
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> state{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  std::string digest(kSha256Bytes, '\0');
  if (!state || EVP_DigestInit_ex2(state.get(), sha256_algorithm(), nullptr) != 1 || EVP_DigestUpdate(state.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(state.get(), bytes_of(digest), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string code(kSha256Bytes, '\0');
  if (HMAC(sha256_algorithm(), key.data(), static_cast<int>(key.size()), bytes_of(bytes), bytes.size(), bytes_of(code), nullptr) == nullptr) {
    throw std::runtime_error("HMAC-SHA-256 failed");
  }
  return code;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(bytes_of(bytes), static_cast<int>(count)) != 1) throw std::runtime_error("the system gives no random bytes");
  return bytes;
}

std::string uuid_v7(std::int64_t unix_millis, std::string_view ten_random_bytes) {
  if (ten_random_bytes.size() != 10) throw std::invalid_argument("uuid_v7 wants ten random bytes");
  std::string bytes;
  for (int shift = 40; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((unix_millis >> shift) & 0xff));
  bytes.append(ten_random_bytes);
  bytes[6] = static_cast<char>(0x70 | (byte_at(bytes, 6) & 0x0f));
  bytes[8] = static_cast<char>(0x80 | (byte_at(bytes, 8) & 0x3f));
  auto text = hex(bytes);
  for (const std::size_t place : {std::size_t{8}, std::size_t{13}, std::size_t{18}, std::size_t{23}}) text.insert(place, 1, '-');
  return text;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : kHex.find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace belay::crypto
