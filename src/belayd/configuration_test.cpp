#include "belayd/configuration.hpp"

#include <map>

#include <doctest/doctest.h>

using namespace belay;
using namespace belay::belayd;

namespace {

using Variables = std::map<std::string, std::string>;

Result<Configuration> read(Variables more) {
  more.insert({{"BELAY_SERVER_PUBLIC_URL", "https://support.example.com"},
               {"BELAY_SECRETS_KEY", "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="},
               {"BELAY_FORGE_APP_IDS", "ari:cloud:ecosystem::app/1"},
               {"BELAY_TEAMVIEWER_CLIENT_ID", "1"},
               {"BELAY_TEAMVIEWER_CLIENT_SECRET", "secret"}});
  return read_configuration(std::nullopt, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = more.find(name);
    if (found == more.end()) return std::nullopt;
    return found->second;
  });
}

}  // namespace

TEST_CASE("the environment alone is a configuration") {
  const auto configuration = read({{"BELAY_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, ::1"}});
  REQUIRE(configuration);
  CHECK(configuration->server.public_url == "https://support.example.com");
  CHECK(configuration->server.trusted_proxies == std::vector<std::string>{"10.0.0.0/8", "::1"});
}

TEST_CASE("what is wrong is said in one line, whatever was given") {
  const auto configuration = read({{"BELAY_SERVER_PUBLIC_URL", "https://support.example.com\nand more\x1b[2J"}});
  REQUIRE_FALSE(configuration);
  CHECK(configuration.error().code == "configuration_invalid");
  CHECK(configuration.error().cause == "BELAY_SERVER_PUBLIC_URL: server.public_url: 'https://support.example.com and more[2J' is not an http or https address");
}
