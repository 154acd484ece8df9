// The Forge Invocation Token comes from whoever reaches the port: whatever the bytes, verifying answers and never accepts what no key signed.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crypto/digest.hpp"
#include "crypto/invocation_token.hpp"

using namespace belay;
using namespace belay::crypto;

namespace {

const KeySet& keys() {
  static const KeySet set = [] {
    const json::array list{json::value(SigningKey::generate("main").public_jwk())};
    return KeySet::parse(boost::json::serialize(json::object{{"keys", list}})).value();
  }();
  return set;
}

const TokenRules& rules() {
  static const TokenRules made{.app_ids = {"ari:cloud:ecosystem::app/1"}, .environments = {"PRODUCTION"}};
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const Time now{std::chrono::seconds{1'800'000'000}};
  if (verify(text, keys(), rules(), now)) std::abort();
  // The bytes as payload, so that the fuzzer need not learn base64: only the signature stands between it and the claims.
  const auto crafted = base64url(R"({"alg":"RS256","kid":"main"})") + "." + base64url(text) + ".AAAA";
  if (verify(crafted, keys(), rules(), now)) std::abort();
  return 0;
}
