#include "crypto/jws.hpp"

#include <stdexcept>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "crypto/bytes.hpp"
#include "crypto/digest.hpp"

namespace belay::crypto {
namespace {

constexpr std::size_t kMaxTokenBytes = 16 * 1024;
constexpr std::size_t kUsualTokenStorage = 6 * 1024;
constexpr std::size_t kMaxKeys = 64;
constexpr std::size_t kMaxKidBytes = 256;
constexpr int kLeastBits = 2048;
constexpr int kMostBits = 8192;  // a bigger key only makes every check slow
constexpr std::size_t kMostExponentBytes = 4;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;
using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

// RSASSA-PKCS1-v1_5 with SHA-256, and nothing else.
bool set_rs256(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0 && EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) > 0;
}

Key rsa_public_key(std::string_view modulus, std::string_view exponent) {
  const Number n{BN_bin2bn(bytes_of(modulus), static_cast<int>(modulus.size()), nullptr), &BN_free};
  const Number e{BN_bin2bn(bytes_of(exponent), static_cast<int>(exponent.size()), nullptr), &BN_free};
  const std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> builder{OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free};
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return {nullptr, &EVP_PKEY_free};
  }
  const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters{OSSL_PARAM_BLD_to_param(builder.get()), &OSSL_PARAM_free};
  const KeyContext context{EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr), &EVP_PKEY_CTX_free};
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) <= 0) {
    ERR_clear_error();
    return {nullptr, &EVP_PKEY_free};
  }
  return {key, &EVP_PKEY_free};
}

std::string number_of(const EVP_PKEY* key, const char* name) {
  BIGNUM* found = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &found) != 1) throw std::runtime_error("an RSA key without its numbers");
  const Number number{found, &BN_free};
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(found)), '\0');
  BN_bn2bin(found, bytes_of(bytes));
  return bytes;
}

std::unexpected<Error> unusable(std::string_view rule) { return fail("jwk_unusable", std::string(rule)); }
std::unexpected<Error> malformed(std::string_view part) { return fail("token_malformed", std::string(part)); }

// "use" and "alg" may be absent; when they are there they must say what we do with the key.
bool absent_or(const json::object& jwk, std::string_view member, std::string_view wanted) {
  const auto* found = jwk.if_contains(member);
  return found == nullptr || (found->is_string() && found->get_string() == wanted);
}

// RFC 7517 section 4.3: absent, or a list that holds "verify".
bool may_verify(const json::object& jwk) {
  const auto* found = jwk.if_contains("key_ops");
  if (found == nullptr) return true;
  const auto* list = found->if_array();
  return list != nullptr && std::ranges::any_of(*list, [](const json::value& entry) { return entry.is_string() && entry.get_string() == "verify"; });
}

}  // namespace

struct VerifyingKey::Implementation {
  std::string id;
  Key key{nullptr, &EVP_PKEY_free};
  KeyContext prepared{nullptr, &EVP_PKEY_CTX_free};  // set up for RS256; each check works on a copy of it
};

Result<VerifyingKey> VerifyingKey::from_jwk(const json::object& jwk) {
  const auto kind = json::string_at(jwk, "kty");
  if (!kind || *kind != "RSA") return unusable("kty is not RSA");
  if (!absent_or(jwk, "use", "sig") || !absent_or(jwk, "alg", "RS256") || !may_verify(jwk)) return unusable("not for RS256 signatures");
  const auto id = json::string_at(jwk, "kid");
  if (!id || id->empty() || id->size() > kMaxKidBytes) return unusable("no kid");
  const auto modulus = from_base64url(json::string_at(jwk, "n").value_or(""));
  const auto exponent = from_base64url(json::string_at(jwk, "e").value_or(""));
  if (!modulus || modulus->empty() || modulus->size() > kMostBits / 8) return unusable("n is not base64url, or too long");
  if (!exponent || exponent->empty() || exponent->size() > kMostExponentBytes) return unusable("e is not base64url, or too long");
  const auto last = static_cast<unsigned char>(exponent->back());
  if ((last & 1) == 0 || (exponent->size() == 1 && last < 3)) return unusable("e is even or 1");

  auto implementation = std::make_shared<Implementation>();
  implementation->id = *id;
  implementation->key = rsa_public_key(*modulus, *exponent);
  if (!implementation->key) return unusable("n and e make no RSA key");
  if (EVP_PKEY_get_bits(implementation->key.get()) < kLeastBits) return unusable("fewer than 2048 bits");
  implementation->prepared.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, implementation->key.get(), nullptr));
  if (!implementation->prepared || EVP_PKEY_verify_init(implementation->prepared.get()) <= 0 || !set_rs256(implementation->prepared.get())) {
    ERR_clear_error();
    return unusable("OpenSSL refuses the key");
  }
  VerifyingKey key;
  key.implementation_ = std::move(implementation);
  return key;
}

bool VerifyingKey::verifies(std::string_view message, std::string_view signature) const {
  const KeyContext context{EVP_PKEY_CTX_dup(implementation_->prepared.get()), &EVP_PKEY_CTX_free};
  if (!context) throw std::runtime_error("OpenSSL gives no context");
  const auto digest = sha256(message);
  const bool good = EVP_PKEY_verify(context.get(), bytes_of(signature), signature.size(), bytes_of(digest), digest.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

const std::string& VerifyingKey::id() const { return implementation_->id; }

Result<KeySet> KeySet::parse(std::string_view text) {
  const auto invalid = [](std::string_view rule) { return fail("jwks_invalid", std::string(rule)); };
  const auto document = json::parse_object(text);
  if (!document) return invalid("not a JSON object without duplicate members");
  const auto* entries = json::array_at(*document, "keys");
  if (entries == nullptr) return invalid("no array \"keys\"");
  if (entries->size() > kMaxKeys) return invalid("more than 64 keys");
  KeySet set;
  for (const auto& entry : *entries) {
    const auto* jwk = entry.if_object();
    if (jwk == nullptr) return invalid("a key that is not an object");
    auto key = VerifyingKey::from_jwk(*jwk);
    if (!key) continue;  // of another kind or too weak: as if it were not there
    if (set.find(key->id()) != nullptr) return invalid("two keys with one kid");
    set.keys_.push_back(std::move(*key));
  }
  return set;
}

const VerifyingKey* KeySet::find(std::string_view kid) const {
  const auto found = std::ranges::find_if(keys_, [kid](const VerifyingKey& key) { return key.id() == kid; });
  return found == keys_.end() ? nullptr : &*found;
}

Result<ParsedToken> parse_token(std::string_view compact) {
  if (compact.size() > kMaxTokenBytes) return malformed("more than 16 KiB");
  const auto first = compact.find('.');
  const auto second = first == std::string_view::npos ? first : compact.find('.', first + 1);
  if (second == std::string_view::npos || compact.find('.', second + 1) != std::string_view::npos) return malformed("not three parts");
  const auto header = from_base64url(compact.substr(0, first));
  const auto payload = from_base64url(compact.substr(first + 1, second - first - 1));
  auto signature = from_base64url(compact.substr(second + 1));
  if (!header || header->empty()) return malformed("header is not base64url");
  if (!payload || payload->empty()) return malformed("payload is not base64url");
  if (!signature || signature->empty()) return malformed("signature is not base64url");
  // A token is read once for every call: one piece of memory for all that is in it.
  const auto storage = boost::json::make_shared_resource<boost::json::monotonic_resource>(kUsualTokenStorage);
  auto header_object = json::parse_object(*header, storage);
  if (!header_object) return malformed("header is not a JSON object");
  auto payload_object = json::parse_object(*payload, storage);
  if (!payload_object) return malformed("payload is not a JSON object");
  return ParsedToken{.signing_input = compact.substr(0, second),
                     .signature = std::move(*signature),
                     .header = std::move(*header_object),
                     .payload = std::move(*payload_object)};
}

struct SigningKey::Implementation {
  std::string id;
  Key key{nullptr, &EVP_PKEY_free};
};

SigningKey SigningKey::generate(std::string kid) {
  auto implementation = std::make_shared<Implementation>();
  implementation->id = std::move(kid);
  implementation->key.reset(EVP_RSA_gen(kLeastBits));
  if (!implementation->key) throw std::runtime_error("OpenSSL makes no RSA key");
  SigningKey key;
  key.implementation_ = std::move(implementation);
  return key;
}

Result<SigningKey> SigningKey::from_pem(std::string kid, std::string_view pem) {
  const Memory memory{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
  auto implementation = std::make_shared<Implementation>();
  implementation->id = std::move(kid);
  implementation->key.reset(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr) : nullptr);
  ERR_clear_error();
  if (!implementation->key || EVP_PKEY_is_a(implementation->key.get(), "RSA") != 1) return fail("key_unusable", "not a PEM of a private RSA key");
  SigningKey key;
  key.implementation_ = std::move(implementation);
  return key;
}

std::string SigningKey::to_pem() const {
  const Memory memory{BIO_new(BIO_s_mem()), &BIO_free};
  if (!memory || PEM_write_bio_PrivateKey(memory.get(), implementation_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    throw std::runtime_error("OpenSSL writes no PEM");
  }
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string SigningKey::sign(const json::object& payload, json::object more_header) const {
  json::object header{{"alg", "RS256"}, {"kid", implementation_->id}, {"typ", "JWT"}};
  for (auto& member : more_header) header.insert_or_assign(member.key(), std::move(member.value()));
  auto token = base64url(boost::json::serialize(header));
  token.append(".").append(base64url(boost::json::serialize(payload)));

  const KeyContext context{EVP_PKEY_CTX_new_from_pkey(nullptr, implementation_->key.get(), nullptr), &EVP_PKEY_CTX_free};
  const auto digest = sha256(token);
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(implementation_->key.get())), '\0');
  auto size = signature.size();
  if (!context || EVP_PKEY_sign_init(context.get()) <= 0 || !set_rs256(context.get()) ||
      EVP_PKEY_sign(context.get(), bytes_of(signature), &size, bytes_of(digest), digest.size()) <= 0) {
    throw std::runtime_error("RS256 signing failed");
  }
  signature.resize(size);
  return token.append(".").append(base64url(signature));
}

json::object SigningKey::public_jwk() const {
  return {{"kty", "RSA"},
          {"use", "sig"},
          {"alg", "RS256"},
          {"kid", implementation_->id},
          {"n", base64url(number_of(implementation_->key.get(), OSSL_PKEY_PARAM_RSA_N))},
          {"e", base64url(number_of(implementation_->key.get(), OSSL_PKEY_PARAM_RSA_E))}};
}

const std::string& SigningKey::id() const { return implementation_->id; }

}  // namespace belay::crypto
