// What the tests of this room stand on: a TeamViewer made of handlers over a real server on loopback, links in memory, a clock to move.
// It shares nothing with the sandbox, so that the two can disagree.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "net/client.hpp"
#include "net/runtime.hpp"
#include "net/server.hpp"
#include "ports/fake_storage.hpp"
#include "teamviewer/provider.hpp"

namespace belay::teamviewer::testing {

struct MovableClock final : ports::Clock {
  Time at = *from_iso8601("2026-11-18T09:14:03Z");
  [[nodiscard]] Time now() const override { return at; }
};

inline net::Response answer(unsigned status, std::string body, std::string type = "application/json") {
  return {.status = status, .headers = {{"Content-Type", std::move(type)}}, .body = std::move(body)};
}
inline net::Response refusal(unsigned status, std::string_view name) { return answer(status, R"({"error":")" + std::string(name) + R"(","error_code":4711,"error_signature":"7c1e"})"); }

template <class T>
std::string code_of(const Result<T>& result) { return result ? "" : result.error().code; }

/// Answers by "METHOD /path"; remembers every request in order.
class Service {
 public:
  using Handler = std::function<Task<net::Response>(net::Request)>;

  explicit Service(boost::asio::io_context& io) : server_(io, {}, [this](net::Request request) { return handle(std::move(request)); }) {}

  std::vector<net::Request> seen;

  void on(const std::string& what, Handler handler) { handlers_[what] = std::move(handler); }
  /// One after the other, the last one again and again.
  void on(const std::string& what, std::vector<net::Response> answers) {
    on(what, [answers, turn = std::make_shared<std::size_t>(0)](net::Request) {
      const auto now = std::min((*turn)++, answers.size() - 1);
      return just(answers[now]);
    });
  }

  static Task<net::Response> just(net::Response response) { co_return response; }

  [[nodiscard]] std::size_t count(std::string_view what) const {
    return static_cast<std::size_t>(std::ranges::count_if(seen, [&](const net::Request& request) { return name_of(request) == what; }));
  }
  [[nodiscard]] const net::Request& last() const { return seen.back(); }

  Result<void> start() { return server_.start(); }
  Task<void> stop() { return server_.drain(std::chrono::seconds{1}); }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

 private:
  static std::string name_of(const net::Request& request) { return request.method + ' ' + request.target.substr(0, request.target.find('?')); }

  Task<net::Response> handle(net::Request request) {
    seen.push_back(request);
    const auto found = handlers_.find(name_of(request));
    if (found == handlers_.end()) return just(refusal(404, "not_found"));
    return found->second(std::move(request));
  }

  std::map<std::string, Handler> handlers_;
  net::Server server_;
};

inline ports::Call a_call() {
  ports::Call call;
  call.installation = InstallationId{"ari:cloud:ecosystem::installation/1"};
  call.trace_id = "trace-1";
  call.deadline = Milliseconds{5'000};
  return call;
}

struct World {
  net::Runtime runtime;
  net::Client client{runtime.io(), {}};
  Service service{runtime.io()};
  ports::FakeStorage storage;
  MovableClock clock;
  ports::Call call = a_call();
  ports::LinkRef mara{.installation = call.installation, .account = AccountId{"712020:mara"}};

  /// One belayd.
  [[nodiscard]] std::unique_ptr<TeamViewer> provider(std::size_t calls_per_minute = Settings{}.calls_per_minute) {
    Settings settings;
    settings.calls_per_minute = calls_per_minute;
    settings.client_id = "412907-exampleClientId";
    settings.client_secret = "example&secret";
    settings.reports_client_id = "412907-reportsClientId";
    settings.reports_client_secret = "reports&secret";
    settings.authorize_url = "https://login.teamviewer.example/oauth2/authorize";
    settings.api_url = service.url();
    settings.redirect_uri = "https://support.example.com/oauth/teamviewer/callback";
    settings.refresh_patience = Milliseconds{400};
    return std::make_unique<TeamViewer>(runtime.io(), client, storage, clock, settings);
  }

  void link(std::string access, std::string refresh) {
    ports::AccountLink row;
    row.id = LinkId{"link-1"};
    row.installation = mara.installation;
    row.account = mara.account;
    row.provider = ProviderName{"teamviewer"};
    row.grant = {.access_token = std::move(access), .refresh_token = std::move(refresh), .expires_at = clock.at + std::chrono::hours{2}};
    storage.store.put(row);
  }
  [[nodiscard]] const ports::AccountLink& stored() const { return storage.store.links.begin()->second; }
};

/// Runs `body` against a started service. The lambda lives until the end.
template <class Body>
void run(Body body) {
  World world;
  const auto main = [&]() -> Task<int> {
    if (!world.service.start()) throw std::runtime_error("the service did not start");
    co_await body(world);
    co_await world.service.stop();
    co_return 0;
  };
  world.runtime.run(main(), nullptr);
}

}  // namespace belay::teamviewer::testing
