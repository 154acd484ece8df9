#include "belayd/commands.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include <fmt/format.h>

#include "base/log.hpp"
#include "belayd/exit.hpp"
#include "belayd/web_address.hpp"
#include "belayd/wiring.hpp"
#include "belayd/words.hpp"
#include "crypto/digest.hpp"
#include "support/code_points.hpp"

namespace belay::belayd {
namespace {

// As a token names the site: a code for another spelling would fit none.
Result<std::string> site_of(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (const auto fault = fault_of_url(text, Shape::origin)) {
    return fail("configuration_invalid", support::to_one_line(fmt::format("--site: {}; it is the address of your Jira site, such as https://acme.atlassian.net", *fault)));
  }
  return normal_origin(text);
}

Task<int> issue_code(House& house, std::string site) {
  auto code = co_await house.pairing().issue_code(std::move(site), crypto::base32_crockford(crypto::random_bytes(13)).substr(0, 20));
  if (!code) co_return refuse(code.error());
  fmt::print("{}\n", code->shown);
  fmt::print(stderr, "Enter this code on Belay's admin page in Jira. It works once, within {} minutes.\n", std::chrono::floor<std::chrono::minutes>(desk::kPairingCodeLife).count());
  co_return kFine;
}

Task<int> begin_unpairing(House& house, std::string name) {
  auto begun = co_await house.pairing().unpair_configured(jira::datacenter::installation_of(name));
  if (!begun && begun.error().code == "not_found") co_return refuse(fail("not_found", support::to_one_line(fmt::format("nothing is kept of a site '{}'", name))).error());
  if (!begun) co_return refuse(begun.error());
  fmt::print("'belayd serve' ends what is open there, gives back what people connected, and erases the rest.\n");
  co_return kFine;
}

// Runs one question on a house that is there for it alone.
template <class Ask>
int ask_house(const Configuration& configuration, const Environment& environment, Ask ask) {
  auto moved = test_clock(configuration, environment);
  if (!moved) return refuse(moved.error(), kMisconfigured);
  auto words = load_words();
  if (!words) return refuse(words.error());
  const SystemClock clock(*moved);
  auto database = open_database(configuration);
  if (!database) return refuse(database.error());
  if (auto migrated = (*database)->migrate(clock.now()); !migrated) return refuse(migrated.error());
  net::Runtime runtime;
  House house(configuration, runtime, clock, std::move(*database), {}, std::move(*words));
  return runtime.run(ask(house), [] {});
}

}  // namespace

int migrate(const Configuration& configuration, bool only_look) {
  auto database = open_database(configuration);
  if (!database) return refuse(database.error());
  if (only_look) {
    auto state = (*database)->inspect();
    if (!state) return refuse(state.error());
    fmt::print("schema {} of {}\n", state->stored, state->known);
    for (const auto& file : state->pending) fmt::print("pending: {}\n", file);
    return kFine;
  }
  auto migrated = (*database)->migrate(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()));
  if (!migrated) return refuse(migrated.error());
  for (const auto& file : migrated->applied) fmt::print("applied: {}\n", file);
  fmt::print("schema {}\n", migrated->to);
  return kFine;
}

int pair(const Configuration& configuration, const Environment& environment, const std::string& address) {
  auto site = site_of(address);
  if (!site) return refuse(site.error(), kMisconfigured);
  return ask_house(configuration, environment, [&](House& house) { return issue_code(house, *site); });
}

int unpair(const Configuration& configuration, const Environment& environment, const std::string& name) {
  for (const auto& site : configuration.datacenters) {
    if (site.name == name) return refuse(fail("configuration_invalid", fmt::format("take [datacenter.{}] out of the configuration and restart belayd first", name)).error(), kMisconfigured);
  }
  return ask_house(configuration, environment, [&](House& house) { return begin_unpairing(house, name); });
}

}  // namespace belay::belayd
