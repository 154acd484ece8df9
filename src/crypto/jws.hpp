// RS256 signatures as Forge uses them: reading a JWK set (RFC 7517), checking and making compact JWS (RFC 7515, 7518).
// The algorithm is fixed here, never read from the token.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace belay::crypto {

/// An RSA public key that can check signatures. 2048 bits or more.
class VerifyingKey final {
 public:
  /// From a JWK: kty RSA, use absent or "sig", alg absent or "RS256", n and e. Error `jwk_unusable`.
  static Result<VerifyingKey> from_jwk(const json::object& jwk);
  [[nodiscard]] bool verifies(std::string_view message, std::string_view signature) const;
  [[nodiscard]] const std::string& id() const;

 private:
  struct Implementation;
  std::shared_ptr<const Implementation> implementation_;
};

/// A JWK set. Keys of another kind are skipped; two keys with one kid make the set unusable (`jwks_invalid`).
class KeySet final {
 public:
  static Result<KeySet> parse(std::string_view text);
  [[nodiscard]] const VerifyingKey* find(std::string_view kid) const;
  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  std::vector<VerifyingKey> keys_;
};

/// A compact JWS taken apart, nothing checked yet but its shape.
struct ParsedToken {
  std::string_view signing_input;  ///< header.payload as sent: part of the text that was parsed, which must outlive it
  std::string signature;           ///< decoded
  json::object header;
  json::object payload;
};
/// At most 16 KiB, three non-empty base64url parts, header and payload JSON objects without duplicate members.
/// Error `token_malformed` whose cause says which part.
[[nodiscard]] Result<ParsedToken> parse_token(std::string_view compact);

/// A private RSA key, for the sandbox and for tests: mints RS256 tokens and shows its JWK.
class SigningKey final {
 public:
  static SigningKey generate(std::string kid);
  static Result<SigningKey> from_pem(std::string kid, std::string_view pem);
  [[nodiscard]] std::string to_pem() const;
  [[nodiscard]] std::string sign(const json::object& payload, json::object more_header = {}) const;
  [[nodiscard]] json::object public_jwk() const;
  [[nodiscard]] const std::string& id() const;

 private:
  struct Implementation;
  std::shared_ptr<const Implementation> implementation_;
};

}  // namespace belay::crypto
