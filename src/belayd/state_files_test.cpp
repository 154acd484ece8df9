#include "belayd/state_files.hpp"

#include <map>

#include <doctest/doctest.h>

using namespace belay;
using namespace belay::belayd;

namespace {

std::string place(const std::string& storage_url, const std::map<std::string, std::string>& variables, const std::string& jwks_url = "https://keys.example/jwks.json") {
  Configuration configuration;
  configuration.storage.url = storage_url;
  configuration.forge.jwks_url = jwks_url;
  return usual_key_file(configuration, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }).string();
}

constexpr auto kPostgres = "postgresql://db.example/belay";

}  // namespace

TEST_CASE("the key set is kept beside a SQLite database, else in the service's folder for state, else in the user's") {
  CHECK(place("sqlite:/var/lib/belay/belay.db", {{"STATE_DIRECTORY", "/var/lib/other"}}) == "/var/lib/belay/forge-keys.json");
  const std::map<std::string, std::string> of_user{{"XDG_STATE_HOME", "/home/ada/state"}, {"HOME", "/home/ada"}};
  auto of_service = of_user;
  of_service["STATE_DIRECTORY"] = "/var/lib/belay:/var/lib/more";
  CHECK(place(kPostgres, of_service).starts_with("/var/lib/belay/forge-keys-"));
  CHECK(place(kPostgres, of_user).starts_with("/home/ada/state/belay/forge-keys-"));
  CHECK(place(kPostgres, {{"HOME", "/home/ada"}}).starts_with("/home/ada/.local/state/belay/forge-keys-"));
}

TEST_CASE("a folder that is no whole path is none, and without one the key set is kept nowhere") {
  CHECK(place(kPostgres, {{"STATE_DIRECTORY", "belay"}, {"XDG_STATE_HOME", "state"}, {"HOME", ""}}).empty());
  CHECK(place(kPostgres, {}).empty());
}

TEST_CASE("servers that share a folder for state and read the keys elsewhere do not share the file") {
  const std::map<std::string, std::string> variables{{"STATE_DIRECTORY", "/var/lib/belay"}};
  CHECK(place(kPostgres, variables) == place(kPostgres, variables));
  CHECK(place(kPostgres, variables) != place(kPostgres, variables, "https://other.example/jwks.json"));
}
