// The small pieces of Forge: the manifest, the tokens' life, the page's head.
#include <cstdlib>

#include <doctest/doctest.h>

#include "sandbox/clock.hpp"
#include "sandbox/forge/access_tokens.hpp"
#include "sandbox/forge/manifest.hpp"
#include "sandbox/forge/resources.hpp"

namespace belay::sandbox::forge {
namespace {

class StandingClock final : public Clock {
 public:
  Time time = *from_iso8601("2026-11-18T09:14:03Z");
  [[nodiscard]] Time now() const override { return time; }
};

TEST_CASE("the real manifest is read: the panel's endpoint asks for both tokens, titles are translated") {
  const char* source = std::getenv("BELAY_SOURCE_DIR");
  if (source == nullptr) {
    MESSAGE("skipped: BELAY_SOURCE_DIR is not set");
    return;
  }
  const auto manifest = Manifest::read(std::filesystem::path(source) / "forge/manifest.yml");
  REQUIRE_MESSAGE(manifest, (manifest ? "" : manifest.error().cause));
  const auto panels = manifest->of_type("jira:issueContext");
  REQUIRE(panels.size() == 1);
  const auto* endpoint = manifest->endpoint(panels[0]->endpoint);
  REQUIRE(endpoint != nullptr);
  CHECK(endpoint->system_token);
  CHECK(endpoint->user_token);
  CHECK(manifest->has_scope("read:app-system-token"));
  CHECK(title_of(*panels[0], "en-US") != panels[0]->key);
  CHECK_FALSE(title_of(*panels[0], "fr-FR").empty());
  CHECK(manifest->remote(endpoint->remote)->configurable);
}

TEST_CASE("an access token is handed out again while half its life is left, and then a new one") {
  StandingClock clock;
  AccessTokens tokens{clock};
  const auto first = tokens.hand_out("i", "a").text;
  clock.time += std::chrono::hours{1};
  CHECK(tokens.hand_out("i", "a").text == first);
  CHECK(tokens.hand_out("i", "").text != first);
  clock.time += std::chrono::minutes{61};
  CHECK(tokens.hand_out("i", "a").text != first);
  CHECK(tokens.valid(first));
  clock.time += std::chrono::hours{2};
  CHECK_FALSE(tokens.valid(first));
}

TEST_CASE("a revoked token is worth nothing and a new one is handed out") {
  StandingClock clock;
  AccessTokens tokens{clock};
  const auto first = tokens.hand_out("i", "a").text;
  const auto other = tokens.hand_out("i", "b").text;
  CHECK(tokens.revoke("i", "a") == 1);
  CHECK_FALSE(tokens.valid(first));
  CHECK(tokens.valid(other));
  CHECK(tokens.hand_out("i", "a").text != first);
}

TEST_CASE("the bridge comes before the page's own scripts") {
  const auto html = with_bridge("<!doctype html><html><head data-x><script src=\"a.js\"></script></head></html>");
  CHECK(html.find("/_bridge/bridge.js") < html.find("a.js"));
  CHECK(html.find("/_bridge/bridge.js") > html.find("<head data-x>"));
}

}  // namespace
}  // namespace belay::sandbox::forge
