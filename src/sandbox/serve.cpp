#include "sandbox/serve.hpp"

#include <charconv>
#include <fstream>
#include <iostream>
#include <sstream>

#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "net/client.hpp"
#include "net/runtime.hpp"
#include "net/server.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/control/control.hpp"
#include "sandbox/forge/forge.hpp"
#include "sandbox/jira_cloud/jira_cloud.hpp"
#include "sandbox/jira_cloud/seed.hpp"
#include "sandbox/jira_datacenter/jira_datacenter.hpp"
#include "sandbox/jira_datacenter/seed.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/server/answers.hpp"
#include "sandbox/server/router.hpp"
#include "sandbox/teamviewer/make.hpp"

namespace belay::sandbox {
namespace {

// Comments, pages' calls (500 KB) and TeamViewer's texts all fit; nobody sends more than that.
constexpr std::size_t kLargestBody = 1024 * 1024;
constexpr std::chrono::milliseconds kPatienceAtEnd{500};

Result<json::object> read_seed(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail("seed_invalid", file.string() + ": cannot be read");
  std::ostringstream text;
  text << in.rdbuf();
  auto parsed = json::parse_object(text.str());
  if (!parsed) return fail("seed_invalid", file.string() + ": " + parsed.error().cause);
  return parsed;
}

forge::Environment read_environment(const json::object& seed) {
  forge::Environment environment{.id = "9b3f1c52-6d08-4e7a-b1c4-52d7f0a9e613", .type = "PRODUCTION", .version = "1.0.0", .app_name = "Belay"};
  if (const auto* app = json::object_at(seed, "app")) {
    environment.id = json::string_at(*app, "environmentId").value_or(environment.id);
    environment.type = json::string_at(*app, "environmentType").value_or(environment.type);
    environment.version = json::string_at(*app, "version").value_or(environment.version);
    environment.app_name = json::string_at(*app, "name").value_or(environment.app_name);
  }
  return environment;
}

Result<void> read_sites(const json::object& seed, const std::string& app_name, Time now, jira_cloud::Sites& sites, forge::Installations& installations) {
  const auto* list = json::array_at(seed, "sites");
  if (list == nullptr || list->empty()) return fail("seed_invalid", "the seed has no sites");
  for (const auto& one : *list) {
    if (!one.is_object()) return fail("seed_invalid", "a site is no object");
    BELAY_TRY(seeded, jira_cloud::read_site(one.get_object(), app_name, now));
    sites.all.push_back(std::move(seeded.site));
    installations.all.push_back(std::move(seeded.installation));
  }
  return {};
}

Addresses addresses_at(std::uint16_t port) {
  const auto colon = ":" + std::to_string(port);
  return {.port = port,
          .site = {},
          .forge = "http://forge.localhost" + colon,
          .jira_api = "http://api.localhost" + colon,
          .teamviewer = "http://teamviewer.localhost" + colon,
          .teamviewer_api = "http://webapi.teamviewer.localhost" + colon,
          .teamviewer_launch = "http://start.teamviewer.localhost" + colon,
          .control = "http://127.0.0.1" + colon + "/_control"};
}

net::ServerSettings server_settings(const ListenAddress& listen) {
  net::ServerSettings settings;
  settings.address = listen.address;
  settings.port = listen.port;
  settings.limits.max_body = kLargestBody;
  settings.refuse = [](unsigned status, std::string_view reason) { return json_answer(status, json::object{{"message", reason}}); };
  return settings;
}

/// Says that it is ready, and serves until a signal comes. Said any earlier, a signal sent in answer would find nobody who hears it.
Task<int> run_until(net::Signal& stop, forge::Events& events, net::Server& server, std::string ready) {
  std::cout << ready << std::endl;
  while (!co_await stop.wait(std::chrono::hours{1})) {
  }
  events.stop();
  co_await server.drain(kPatienceAtEnd);
  co_return 0;
}

}  // namespace

Result<ListenAddress> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  std::uint16_t port = 0;
  if (colon != std::string_view::npos) {
    const auto digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error == std::errc{} && end == digits.data() + digits.size() && !digits.empty()) {
      const auto host = text.substr(0, colon);
      if (host == "127.0.0.1" || host == "localhost") return ListenAddress{"127.0.0.1", port};
      if (host == "[::1]") return ListenAddress{"::1", port};
    }
  }
  return fail("listen_invalid", "--listen " + std::string(text) + ": the sandbox listens on loopback only, as 127.0.0.1:PORT");
}

Result<int> serve(const ServeOptions& options) {
  BELAY_TRY(listen, parse_listen(options.listen));
  BELAY_TRY(seed, read_seed(options.seed));
  BELAY_TRY(manifest, forge::Manifest::read(options.manifest));
  const auto environment = read_environment(seed);
  BELAY_TRY(keys, forge::KeyRing::begin(options.signing_key));

  Clock clock{clock_file_from_environment()};
  Journal journal{clock};
  Addresses addresses;
  const Stage stage{clock, journal, addresses};
  jira_cloud::Sites sites;
  forge::Installations installations;
  BELAY_CHECK(read_sites(seed, environment.app_name, clock.now(), sites, installations));

  net::Runtime runtime;
  net::ClientSettings client_settings;
  client_settings.user_agent = "Forge-Remote";
  net::Client client{runtime.io(), client_settings};
  forge::Forge forge{stage, runtime, client, std::move(manifest), environment, std::move(keys), std::move(installations), sites, options.pages};
  jira_cloud::JiraCloud jira{stage, sites, forge};
  BELAY_TRY(datacenters, jira_datacenter::read_sites(seed, clock.now()));
  BELAY_TRY(plugins, jira_datacenter::Plugin::read_all(options.plugins, datacenters));
  net::ClientSettings webhook_settings;
  webhook_settings.user_agent = "Atlassian HttpClient unknown / JIRA";
  net::Client webhook_client{runtime.io(), webhook_settings};
  jira_datacenter::JiraDataCenter datacenter{stage, runtime, webhook_client, std::move(datacenters), std::move(plugins)};
  const auto* teamviewer_seed = json::object_at(seed, "teamviewer");
  BELAY_TRY(teamviewer, make_teamviewer(stage, teamviewer_seed == nullptr ? json::object{} : *teamviewer_seed));

  Faults faults{runtime.io()};
  Recording recording{clock};
  Control control{stage, jira, datacenter, forge, *teamviewer, sites, faults, recording};
  Router router{jira, datacenter, forge, *teamviewer, control, faults, recording};
  net::Server server{runtime.io(), server_settings(listen), [&router](net::Request request) { return router.handle(std::move(request)); }};
  BELAY_CHECK(server.start());

  addresses = addresses_at(server.port());
  for (auto& site : sites.all) site.url = "http://" + site.host + ":" + std::to_string(server.port());
  addresses.site = sites.all.front().url;
  datacenter.know_port(server.port());
  addresses.own_jiras = datacenter.own_jiras();
  if (!options.remote_url.empty()) {
    for (auto& installation : forge.installations.all) {
      for (const auto& remote : forge.manifest.remotes) {
        if (remote.configurable) BELAY_CHECK(forge.set_remote(installation, remote.key, options.remote_url));
      }
    }
  }

  net::Signal stop{runtime.io()};
  runtime.spawn("forge_events", forge.events.run());
  return runtime.run(run_until(stop, forge.events, server, boost::json::serialize(control.ready())), [&stop] { stop.notify(); });
}

}  // namespace belay::sandbox
