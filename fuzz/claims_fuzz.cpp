// What a well signed token may still say: the bytes are the payload, signed by the key in the set. The claims are read without harm, and
// what is accepted names an installation, a cloud and an allowed app.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crypto/digest.hpp"
#include "crypto/invocation_token.hpp"

using namespace belay;
using namespace belay::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto signing = SigningKey::generate("main");
  static const auto set = KeySet::parse(boost::json::serialize(json::object{{"keys", json::array{json::value(signing.public_jwk())}}})).value();
  static const TokenRules rules{.app_ids = {"ari:cloud:ecosystem::app/1"}, .environments = {"PRODUCTION"}};

  const auto payload = json::parse_object({reinterpret_cast<const char*>(data), size});
  if (!payload) return 0;
  const auto call = verify(signing.sign(*payload), set, rules, Time{std::chrono::seconds{1'800'000'000}});
  if (!call) return 0;
  const bool sound = call->app_id == rules.app_ids.front() && !call->installation.empty() && !call->cloud_id.empty() &&
                     call->api_base_url.ends_with("/ex/jira/" + call->cloud_id) && call->environment_type == "PRODUCTION";
  if (!sound) std::abort();
  return 0;
}
