#include "belayd/serve.hpp"

#include <cstdio>
#include <thread>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "belayd/exit.hpp"
#include "belayd/heap.hpp"
#include "belayd/sole_instance.hpp"
#include "belayd/start_up_pages.hpp"
#include "belayd/state_files.hpp"
#include "belayd/wiring.hpp"
#include "belayd/words.hpp"
#include "gateway/problem.hpp"
#include "net/server.hpp"

namespace belay::belayd {
namespace {

// Requests under way get this long to end; Forge would wait 25 s at most.
constexpr std::chrono::milliseconds kDrainPatience{10'000};
constexpr std::chrono::milliseconds kEndOfTheRest{2'000};
constexpr std::chrono::milliseconds kSettled{1'000};

constexpr std::size_t kLongestWebhook = 4 * 1024 * 1024;

net::ServerSettings api_server(const Configuration& configuration, const Catalogue& words) {
  const auto address = *listen_address(configuration.server.listen);
  net::ServerSettings settings;
  settings.address = address.host;
  settings.port = address.port;
  settings.trusted_proxies = configuration.server.trusted_proxies;
  // An issue with all its fields, as a Jira Data Center tells of it. Of the body its issue's id is read.
  settings.limits.max_long_body = kLongestWebhook;
  settings.takes_long_body = gateway::is_webhook;
  const bool secure = configuration.server.public_url.starts_with("https://");
  settings.refuse = [&words, secure, limits = settings.limits](unsigned, std::string_view reason) {
    auto response = gateway::server_refusal(reason, limits, words);
    gateway::add_safety_headers(response, secure);
    return response;
  };
  return settings;
}

net::ServerSettings admin_server(const Configuration& configuration) {
  const auto address = *listen_address(configuration.server.admin_listen);
  net::ServerSettings settings;
  settings.address = address.host;
  settings.port = address.port;
  settings.refuse = [](unsigned status, std::string_view reason) {
    auto response = gateway::json_answer(status, {{"code", "invalid_request"}, {"message", reason}});
    return response;
  };
  return settings;
}

net::Response text_answer(unsigned status, std::string body) {
  net::Response response;
  response.status = status;
  response.headers.emplace("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = std::move(body);
  return response;
}

// Looked at when asked, so that what is read is true now.
Task<net::Response> metrics(House& house, const net::Server* api, const SystemClock& clock) {
  auto counts = co_await static_cast<ports::Storage&>(house.database()).read<ports::Outbox::Counts>([&](ports::UnitOfWork& unit) -> Result<ports::Outbox::Counts> {
    return unit.outbox().counts(clock.now());
  });
  if (counts) {
    house.metrics().gauge("belay_outbox_due", static_cast<double>(counts->due));
    house.metrics().gauge("belay_outbox_waiting", static_cast<double>(counts->waiting));
    house.metrics().gauge("belay_outbox_set_aside", static_cast<double>(counts->set_aside));
  }
  house.metrics().gauge("belay_open_connections", static_cast<double>(api->open_connections()));
  co_return text_answer(200, house.metrics().text());
}

Task<net::Response> answer_admin(House& house, const net::Server* api, const SystemClock& clock, bool needs_keys, bool& draining, net::Request request) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads || request.path.size() != 1) co_return gateway::json_answer(404, {{"code", "not_found"}, {"message", "healthz, readyz or metrics"}});
  const auto& name = request.path.front();
  if (name == "healthz") co_return gateway::json_answer(200, {{"alive", true}});
  if (name == "metrics") co_return co_await metrics(house, api, clock);
  if (name != "readyz") co_return gateway::json_answer(404, {{"code", "not_found"}, {"message", "healthz, readyz or metrics"}});
  if (draining) co_return gateway::json_answer(503, {{"ready", false}, {"why", "draining"}});
  const auto answered = co_await house.database().ping();
  if (!answered) co_return gateway::json_answer(503, {{"ready", false}, {"why", answered.error().code}});
  if (needs_keys && !house.keys().current()) co_return gateway::json_answer(503, {{"ready", false}, {"why", "no_forge_keys"}});
  co_return gateway::json_answer(200, {{"ready", true}});
}

std::string address_text(const std::string& listen, std::uint16_t port) {
  const auto host = listen.substr(0, listen.rfind(':'));
  return fmt::format("{}:{}", host, port);
}

// With SQLite no other instance can be alive (SoleInstance): what a killed one had leased is free again at once.
Task<Result<void>> free_old_leases(House& house) {
  if (house.database().engine() != storage::Engine::sqlite) co_return Result<void>{};
  co_return co_await static_cast<ports::Storage&>(house.database()).write<void>([](ports::UnitOfWork& unit) -> Result<void> {
    unit.outbox().release_all();
    return {};
  });
}

struct Serving {
  House& house;
  net::Runtime& runtime;
  net::Server& api;
  net::Server& admin;
  net::Signal& end;
  bool& draining;
  std::jthread& beside;
};

Task<void> run_worker(House& house, bool& ended, net::Signal& signal) {
  co_await house.worker().run();
  ended = true;
  signal.notify();
}

// Not at once: whoever waits for the start waits for no page twice. And beside what is asked by then: it takes some milliseconds.
Task<void> settle_down(std::jthread& beside) {
  boost::asio::steady_timer settled(co_await boost::asio::this_coro::executor, kSettled);
  co_await settled.async_wait(boost::asio::use_awaitable);
  beside = std::jthread(let_go_of_start_up_pages);
}

Task<int> serve_until_signal(Serving serving, const Configuration& configuration) {
  if (auto freed = co_await free_old_leases(serving.house); !freed) co_return refuse(freed.error());
  if (auto known = co_await serving.house.know_sites(); !known) co_return refuse(known.error());
  if (configuration.serves_cloud()) serving.house.keys().read_cache();
  if (auto started = serving.api.start(); !started) co_return refuse(started.error());
  if (auto started = serving.admin.start(); !started) co_return refuse(started.error());

  bool worker_ended = false;
  net::Signal worker_end(serving.runtime.io());
  if (configuration.serves_cloud()) serving.runtime.spawn("keys", serving.house.keep_keys_fresh());
  serving.runtime.spawn("tidy", serving.house.keep_tidy());
  serving.runtime.spawn("settle down", settle_down(serving.beside));
  serving.runtime.spawn("worker", run_worker(serving.house, worker_ended, worker_end));

  const boost::json::object ready{{"listen", address_text(configuration.server.listen, serving.api.port())},
                                  {"admin_listen", address_text(configuration.server.admin_listen, serving.admin.port())}};
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"ready", ready}}));
  std::fflush(stdout);
  log::info("serving", ready);

  while (!co_await serving.end.wait(std::chrono::hours{1})) {}
  log::info("draining");
  serving.draining = true;
  serving.house.worker().stop();
  co_await serving.api.drain(kDrainPatience);
  if (!worker_ended) co_await worker_end.wait(kDrainPatience);
  co_await serving.admin.drain(std::chrono::milliseconds{500});
  // What still waits for somebody outside is told that nobody will answer, and ends before the house goes that it looks at.
  serving.house.client().stop();
  if (!worker_ended) co_await worker_end.wait(kEndOfTheRest);
  co_await serving.api.drain(kEndOfTheRest);
  log::info("stopped");
  co_return kFine;
}

}  // namespace

int serve(const Configuration& configuration, const Environment& environment) {
  set_up_heap();
  auto moved = test_clock(configuration, environment);
  if (!moved) return refuse(moved.error(), kMisconfigured);
  auto words = load_words();
  if (!words) return refuse(words.error());
  const SystemClock clock(*moved);
  auto database = open_database(configuration);
  if (!database) return refuse(database.error());
  const auto alone = SoleInstance::of(sqlite_file(configuration));
  if (!alone) return refuse(alone.error());
  auto migrated = (*database)->migrate(clock.now());
  if (!migrated) return refuse(migrated.error());
  for (const auto& file : migrated->applied) log::info("migrated", {{"file", file}});

  net::Runtime runtime;
  gateway::PageFiles pages;
  if (!configuration.server.pages.empty()) {
    auto read = gateway::PageFiles::read(configuration.server.pages);
    if (!read) return refuse(read.error(), kMisconfigured);
    pages = std::move(*read);
  }
  House house(configuration, runtime, clock, std::move(*database), std::move(pages), std::move(*words));
  bool draining = false;
  net::Server api(runtime.io(), api_server(configuration, house.words()), [&house](net::Request request) { return house.gateway().handle(std::move(request)); });
  net::Server admin(runtime.io(), admin_server(configuration), [&](net::Request request) { return answer_admin(house, &api, clock, configuration.serves_cloud(), draining, std::move(request)); });
  net::Signal end(runtime.io());
  std::jthread beside;
  const Serving serving{.house = house, .runtime = runtime, .api = api, .admin = admin, .end = end, .draining = draining, .beside = beside};
  return runtime.run(serve_until_signal(serving, configuration), [&end] { end.notify(); });
}

}  // namespace belay::belayd
