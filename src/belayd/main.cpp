// belayd: the server of Belay. `belayd --help` says what it can do.
#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include "base/log.hpp"
#include "belayd/commands.hpp"
#include "belayd/exit.hpp"
#include "belayd/serve.hpp"

namespace {

using namespace belay;
using namespace belay::belayd;

std::optional<std::string> from_environment(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> names_of_variables() {
  std::vector<std::string> names;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view given(*variable);
    names.emplace_back(given.substr(0, given.find('=')));
  }
  return names;
}

log::Level level_of(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warning") return log::Level::warning;
  if (name == "error") return log::Level::error;
  return log::Level::info;
}

}  // namespace

int main(int count, char** words) {
  CLI::App app{"Remote support inside the ticket: the server of Belay."};
  app.require_subcommand(1);
  std::string file;
  std::string site;
  bool only_look = false;
  const auto* config = app.add_option("--config", file, "belay.toml; without it the environment alone counts");
  app.fallthrough();
  auto* serve_command = app.add_subcommand("serve", "Serve. Migrates the database by itself");
  auto* migrate_command = app.add_subcommand("migrate", "Bring the database's schema forward");
  migrate_command->add_flag("--check", only_look, "Only say what would be done");
  auto* pair_command = app.add_subcommand("pair", "Print a one-use code that pairs a Jira site with this server");
  pair_command->add_option("--site", site, "Address of the site, such as https://acme.atlassian.net")->required();
  auto* unpair_command = app.add_subcommand("unpair", "End a Jira Data Center or Server that is no longer in the configuration");
  unpair_command->add_option("--datacenter", site, "Its name there, such as acme of [datacenter.acme]")->required();
  auto* doctor_command = app.add_subcommand("doctor", "Look whether everything is in order, and say what to mend");
  for (auto* command : app.get_subcommands({})) command->footer("--config FILE names belay.toml; without it the environment alone counts.");
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kFine : kMisconfigured;
  }

  auto configuration = read_configuration(config->count() == 0 ? std::nullopt : std::optional<std::filesystem::path>(file), from_environment);
  if (!configuration) {
    fmt::print(stderr, "belayd: {}\n", configuration.error().cause);
    return kMisconfigured;
  }
  log::set_level(level_of(configuration->log.level));
  if (*serve_command) {
    for (const auto& name : unknown_variables(names_of_variables())) log::warning("unknown_variable", {{"name", name}});
  }
  if (*serve_command) return serve(*configuration, from_environment);
  if (*migrate_command) return migrate(*configuration, only_look);
  if (*pair_command) return pair(*configuration, from_environment, site);
  if (*unpair_command) return unpair(*configuration, from_environment, site);
  if (*doctor_command) return doctor(*configuration, from_environment);
  return kMisconfigured;
}
