#include "crypto/seal.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"

namespace belay::crypto {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kKeyIdCharacters = 8;
constexpr std::string_view kVersion = "v1";

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

// Shown in the envelope, so it must tell nothing about the key: the head of a hash over it, bound to this use.
std::string key_id_of(std::string_view key) {
  return hex(sha256(std::string("belay key id\n").append(key))).substr(0, kKeyIdCharacters);
}

// What is authenticated beside the text: version and key id too, so that an envelope cannot be relabelled.
std::string associated_data(std::string_view key_id, std::string_view context) {
  std::string data{kVersion};
  data.append(".").append(key_id).append(".").append(context);
  return data;
}

std::string encrypt(const unsigned char* key, std::string_view nonce, std::string_view plain, std::string_view associated) {
  const CipherContext context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  std::string out(plain.size() + kTagBytes, '\0');
  int length = 0;
  const bool done = context && EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key, bytes_of(nonce)) == 1 &&
                    EVP_EncryptUpdate(context.get(), nullptr, &length, bytes_of(associated), static_cast<int>(associated.size())) == 1 &&
                    EVP_EncryptUpdate(context.get(), bytes_of(out), &length, bytes_of(plain), static_cast<int>(plain.size())) == 1 &&
                    EVP_EncryptFinal_ex(context.get(), bytes_of(out) + length, &length) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, bytes_of(out) + plain.size()) == 1;
  if (!done) throw std::runtime_error("AES-256-GCM failed");
  return out;
}

std::optional<std::string> decrypt(const unsigned char* key, std::string_view nonce, std::string_view boxed, std::string_view associated) {
  const auto text = boxed.substr(0, boxed.size() - kTagBytes);
  std::string tag{boxed.substr(text.size())};
  const CipherContext context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  std::string out(text.size() + kTagBytes, '\0');
  int length = 0;
  const bool opened = context && EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key, bytes_of(nonce)) == 1 &&
                      EVP_DecryptUpdate(context.get(), nullptr, &length, bytes_of(associated), static_cast<int>(associated.size())) == 1 &&
                      EVP_DecryptUpdate(context.get(), bytes_of(out), &length, bytes_of(text), static_cast<int>(text.size())) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
                      EVP_DecryptFinal_ex(context.get(), bytes_of(out) + length, &length) == 1;
  if (!opened) return std::nullopt;
  out.resize(text.size());
  return out;
}

// "v1.<key id>.<nonce>.<box>" taken apart.
struct Envelope {
  std::string_view key_id;
  std::string_view nonce;
  std::string_view box;
};

std::optional<Envelope> parse_envelope(std::string_view sealed) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto dot = sealed.find('.');
    parts.push_back(sealed.substr(0, dot));
    if (dot == std::string_view::npos) break;
    sealed.remove_prefix(dot + 1);
  }
  if (parts.size() != 4 || parts[0] != kVersion) return std::nullopt;
  return Envelope{parts[1], parts[2], parts[3]};
}

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kSpace = " \t\r";
  const auto first = line.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kSpace) - first + 1);
}

std::unexpected<Error> bad_key_line(std::size_t number, std::string_view rule) {
  return fail("key_file_invalid", "line " + std::to_string(number) + ": " + std::string(rule), {{"line", number}, {"rule", rule}});
}

}  // namespace

Result<Sealer> Sealer::from_key_file(std::string_view text) {
  Sealer sealer;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const auto bytes = from_base64(line);
    if (!bytes || bytes->size() != kKeyBytes) return bad_key_line(number, "base64 of 32 bytes");
    Key key{.id = key_id_of(*bytes), .bytes = {bytes->begin(), bytes->end()}};
    for (const auto& other : sealer.keys_) {
      if (other.id == key.id) return bad_key_line(number, "same key twice");
    }
    sealer.keys_.push_back(std::move(key));
  }
  if (sealer.keys_.empty()) return bad_key_line(number, "no key in the file");
  return sealer;
}

std::string Sealer::seal(std::string_view plain, std::string_view context) const {
  const auto& key = keys_.front();
  const auto nonce = random_bytes(kNonceBytes);
  const auto box = encrypt(key.bytes.data(), nonce, plain, associated_data(key.id, context));
  std::string sealed{kVersion};
  sealed.append(".").append(key.id).append(".").append(base64url(nonce)).append(".").append(base64url(box));
  return sealed;
}

Result<std::string> Sealer::open(std::string_view sealed, std::string_view context) const {
  const auto envelope = parse_envelope(sealed);
  if (!envelope) return fail("seal_broken", "not a sealed value");
  const auto nonce = from_base64url(envelope->nonce);
  const auto box = from_base64url(envelope->box);
  if (!nonce || nonce->size() != kNonceBytes || !box || box->size() < kTagBytes) return fail("seal_broken", "sealed value cut or altered");
  for (const auto& key : keys_) {
    if (key.id != envelope->key_id) continue;
    auto plain = decrypt(key.bytes.data(), *nonce, *box, associated_data(key.id, context));
    if (!plain) return fail("seal_broken", "sealed value altered, or of another row");
    return std::move(*plain);
  }
  return fail("seal_unknown_key", "sealed with a key that is not in the key file");
}

}  // namespace belay::crypto
