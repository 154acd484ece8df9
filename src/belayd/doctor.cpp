#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include <fmt/format.h>

#include "belayd/commands.hpp"
#include "belayd/doctor_report.hpp"
#include "belayd/doctor_sites.hpp"
#include "belayd/exit.hpp"
#include "belayd/state_files.hpp"
#include "belayd/wiring.hpp"
#include "belayd/words.hpp"
#include "crypto/digest.hpp"
#include "jira/cloud/caller_verifier.hpp"
#include "jira/datacenter/sites.hpp"

namespace belay::belayd {
namespace {

// A token lives 25 s and half a minute of difference is allowed; more than this would refuse good ones.
constexpr std::chrono::seconds kMostClockDifference{20};

constexpr std::string_view kEarlierKey =
    "Put the earlier key back, as a line below the newest one, into [secrets] key_file, and restart belayd. What was altered comes back with a copy of the database only.";

void look_at_keys(Report& report, storage::Database& database) {
  const auto unopenable = database.count_unopenable();
  if (unopenable && *unopenable == 0) report.fine("keys", "sealed values open");
  else if (unopenable) report.wrong("keys", fmt::format("{} not open with the keys in the key file", *unopenable == 1 ? "1 value does" : fmt::format("{} values do", *unopenable)), kEarlierKey);
  else report.wrong("keys", unopenable.error().cause, "The sealed values could not be read: see [storage] url in the configuration.");
}

// Nothing of such a site ends by itself.
void look_at_kept_sites(Report& report, storage::Database& database, const Configuration& configuration) {
  const auto kept = database.installations();
  if (!kept) return report.wrong("sites", kept.error().cause, "The sites could not be read: see [storage] url in the configuration.");
  for (const auto& installation : *kept) {
    const auto name = jira::datacenter::name_of(installation.id);
    if (name.empty() || installation.leaving_since || std::ranges::any_of(configuration.datacenters, [&](const auto& site) { return site.name == name; })) continue;
    report.wrong(fmt::format("jira {}", name), fmt::format("is kept, but [datacenter.{}] is not in the configuration", name), fmt::format("Put the section back, or end what people have open there and erase the rest: belayd unpair --datacenter {}", name));
  }
}

bool may_write(const std::filesystem::path& place) { return ::access(place.c_str(), W_OK) == 0; }

// SQLite makes files of its own beside the database, so the folder must be ours too. False: said, and there is nothing more to look at.
bool look_at_sqlite_file(Report& report, const std::filesystem::path& file) {
  const auto folder = std::filesystem::absolute(file).parent_path();
  if (!std::filesystem::is_directory(folder)) {
    report.wrong("database", fmt::format("there is no folder {}", folder.string()), "Make it, for the user that runs belayd, or see [storage] url in the configuration.");
    return false;
  }
  const bool there = std::filesystem::exists(file);
  for (const auto& place : {folder, file}) {
    if ((place == file && !there) || may_write(place)) continue;
    report.wrong("database", fmt::format("{} may not be written", place.string()), "Give it to the user that runs belayd, or see [storage] url in the configuration.");
    return false;
  }
  // A database that is not there yet is made by `serve`, not by a look.
  if (!there) report.fine("database", "not there yet; `belayd serve` makes it");
  return there;
}

void look_at_database(Report& report, const Configuration& configuration) {
  if (const auto file = sqlite_file(configuration); file && !look_at_sqlite_file(report, *file)) return;
  auto database = open_database(configuration);
  if (!database) {
    report.wrong("database", database.error().cause.empty() ? database.error().code : database.error().cause, "See [storage] url and [secrets] key_file in the configuration.");
    return;
  }
  auto state = (*database)->inspect();
  if (!state) {
    report.wrong("database", state.error().cause, "A newer Belay has used this database, or a migration was changed: install that version, or restore a backup.");
  } else if (!state->pending.empty()) {
    report.fine("database", fmt::format("schema {} of {}; `belayd serve` brings it forward by itself", state->stored, state->known));
  } else {
    report.fine("database", fmt::format("schema {}", state->stored));
    look_at_keys(report, **database);
    look_at_kept_sites(report, **database, configuration);
  }
}

// Beside a SQLite database it is fine where that is, and what is wrong with the folder has been said.
void look_at_key_file(Report& report, const Configuration& configuration) {
  const std::filesystem::path file(configuration.forge.jwks_cache);
  if (const auto sqlite = sqlite_file(configuration); sqlite && sqlite->parent_path() == file.parent_path()) return;
  constexpr std::string_view mend = "Name a file in a folder that the user who runs belayd may write, as [forge] jwks_cache in the configuration.";
  if (file.empty()) return report.wrong("key file", "the key set is kept nowhere: a start during an outage of Atlassian's locks everybody out", mend);
  auto folder = std::filesystem::absolute(file).parent_path();
  while (!std::filesystem::exists(folder) && folder.has_relative_path()) folder = folder.parent_path();   // the rest belayd makes
  if (std::filesystem::is_directory(folder) && may_write(folder)) report.fine("key file", file.string());
  else report.wrong("key file", fmt::format("{} cannot be written: {} is no folder of ours", file.string(), folder.string()), mend);
}

// The key set's server says what time it is; no other clock is needed.
void look_at_clock(Report& report, const net::OutboundResponse& answer) {
  const auto theirs = answer.date();
  if (!theirs) {
    report.fine("clock", "not compared: the key set came without a Date");
    return;
  }
  const auto difference = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()) - std::chrono::seconds{*theirs};
  if (std::chrono::abs(difference) > kMostClockDifference) {
    report.wrong("clock", fmt::format("differs from Atlassian's by {} s", difference.count()), "Tokens live 25 seconds: keep the machine's time by NTP.");
  } else {
    report.fine("clock", fmt::format("within {} s of Atlassian's", std::chrono::abs(difference).count() + 1));
  }
}

Task<void> look_at_keys_and_clock(Report& report, House& house, const Configuration& configuration) {
  net::OutboundRequest request;
  request.url = configuration.forge.jwks_url;
  request.name = "forge.jwks";
  request.idempotent = true;
  auto answer = co_await house.client().send(std::move(request));
  if (!answer) {
    report.wrong("key set", configuration.forge.jwks_url + " cannot be reached", "belayd needs it to check who is calling. Allow this address through the firewall or proxy.");
    co_return;
  }
  const auto keys = answer->status == 200 ? crypto::KeySet::parse(answer->body) : fail("jwks_invalid", "not served");
  constexpr std::string_view mend = "belayd needs it to check who is calling. See [forge] jwks_url in the configuration, and what a proxy on the way answers in its place.";
  if (answer->status != 200) report.wrong("key set", fmt::format("{} answered {}", configuration.forge.jwks_url, answer->status), mend);
  else if (!keys || keys->size() == 0) report.wrong("key set", "no usable key set at " + configuration.forge.jwks_url, mend);
  else report.fine("key set", keys->size() == 1 ? std::string("1 key") : fmt::format("{} keys", keys->size()));
  look_at_clock(report, *answer);
}

// Any answer will do: what may be asked there, only the tokens of an installation tell.
Task<void> look_at_jira(Report& report, House& house, const Configuration& configuration) {
  for (const auto& origin : jira::cloud::origins_of(configuration.forge.api_hosts)) {
    net::OutboundRequest request;
    request.url = origin + "/";
    request.name = "jira.reachable";
    request.idempotent = true;
    request.retry_rate_limited = false;
    if (auto answer = co_await house.client().send(std::move(request)); answer) report.fine("jira", origin + " answers");
    else report.wrong("jira", origin + " cannot be reached", "belayd writes comments and reads tickets there. Allow this address through the firewall or proxy, or see [forge] api_hosts.");
  }
}

// One of the two apps in TeamViewer's Management Console, and the keys it is named by.
struct RegistrationShown {
  ports::Registration registration;
  std::string_view what;
  std::string_view keys;
};

// False: there is nobody to ask more.
Task<bool> look_at_registration(Report& report, House& house, RegistrationShown shown) {
  auto known = co_await house.provider().check_registration(ports::Call{.installation = {}, .trace_id = {}, .deadline = Milliseconds{10'000}, .api_base_url = {}}, shown.registration);
  if (known) {
    report.fine(shown.what, "client id and secret are accepted");
  } else if (known.error().retryable) {
    report.wrong(shown.what, "does not answer", "See [teamviewer] api_url, and allow it through the firewall or proxy.");
    co_return false;
  } else if (known.error().cause.starts_with("404")) {
    report.wrong(shown.what, "is not at this address", "See [teamviewer] api_url in the configuration.");
    co_return false;
  } else {
    report.wrong(shown.what, "refuses the client id or secret", fmt::format("Compare [teamviewer] {} with the app in TeamViewer's Management Console.", shown.keys));
  }
  co_return true;
}

Task<void> look_at_teamviewer(Report& report, House& house) {
  const RegistrationShown base{.registration = ports::Registration::base, .what = "teamviewer", .keys = "client_id and client_secret_file"};
  const RegistrationShown reports{.registration = ports::Registration::reports, .what = "reports", .keys = "reports_client_id and reports_client_secret_file"};
  if (!co_await look_at_registration(report, house, base)) co_return;
  // Without a second app results do not come back: a choice, and nothing wrong.
  if (house.provider().has(ports::Registration::reports)) co_await look_at_registration(report, house, reports);
  else report.fine(reports.what, "no registration for connection records; results of sessions do not come back to tickets");
}

// A folder of its own that goes with it.
class Scratch {
 public:
  Scratch() : folder_(std::filesystem::temp_directory_path() / ("belay-doctor-" + crypto::hex(crypto::random_bytes(8)))) { std::filesystem::create_directories(folder_); }
  ~Scratch() {
    std::error_code ignored;   // a folder that stays is no reason to fail
    std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

Task<int> examine(Report& report, House& house, const Configuration& configuration) {
  if (configuration.serves_cloud()) {
    co_await look_at_keys_and_clock(report, house, configuration);
    co_await look_at_jira(report, house, configuration);
  }
  co_await look_at_sites(report, house, configuration);
  co_await look_at_teamviewer(report, house);
  co_return report.problems() == 0 ? kFine : kFailed;
}

}  // namespace

int doctor(const Configuration& configuration, const Environment& environment) {
  Report report;
  report.fine("configuration", "read");  // an unreadable one has ended the program before
  auto moved = test_clock(configuration, environment);
  if (!moved) report.wrong("clock", moved.error().cause, "Take BELAY_TEST_CLOCK out of the environment.");
  look_at_database(report, configuration);
  if (configuration.serves_cloud()) look_at_key_file(report, configuration);
  auto words = load_words();
  if (!words) report.wrong("words", words.error().cause, "This program is damaged: install it again.");
  // What is asked of others needs no database of ours: an empty one serves, so that a broken one hides nothing else.
  const Scratch scratch;
  auto with_scratch = configuration;
  with_scratch.storage.url = "sqlite:" + (scratch.folder() / "belay.db").string();
  auto database = open_database(with_scratch);
  if (!moved || !database || !words) return kFailed;
  const SystemClock clock(*moved);
  net::Runtime runtime;
  House house(configuration, runtime, clock, std::move(*database), {}, std::move(*words));
  return runtime.run(examine(report, house, configuration), [] {});
}

}  // namespace belay::belayd
