// For the tests of this room: a Jira that answers what the test says, over real HTTP. What stands before it is each adapter's own: cloud/testing.hpp,
// datacenter/testing.hpp.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json/serialize.hpp>

#include "jira/rest.hpp"
#include "net/client.hpp"
#include "net/runtime.hpp"
#include "net/server.hpp"
#include "ports/storage.hpp"

namespace belay::jira::testing {

struct MovedClock final : ports::Clock {
  Time time{std::chrono::seconds{1'800'000'000}};
  [[nodiscard]] Time now() const override { return time; }
};

/// A unit of work of a database in which the door to Jira reads nothing; those that it does read are overridden.
struct UnusedUnit : ports::UnitOfWork {
  ports::InstallationStore& installations() override { unused(); }
  ports::LinkStore& links() override { unused(); }
  ports::SessionStore& sessions() override { unused(); }
  ports::SettingsStore& settings() override { unused(); }
  ports::AuditLog& audit() override { unused(); }
  ports::Outbox& outbox() override { unused(); }
  ports::RosterStore& rosters() override { unused(); }
  ports::MappingStore& mappings() override { unused(); }
  ports::InvitationStore& invitations() override { unused(); }
  ports::AskStore& asks() override { unused(); }
  ports::SignInStore& sign_ins() override { unused(); }
  ports::KeptStore& kept() override { unused(); }

  [[noreturn]] static void unused() { throw std::logic_error("the door to Jira does not use this"); }
};

template <class Key, class Value>
std::optional<Value> found(const std::map<Key, Value>& map, const Key& key) {
  const auto place = map.find(key);
  return place == map.end() ? std::nullopt : std::optional<Value>(place->second);
}

inline net::Response answer(unsigned status, std::string body, net::Headers headers = {}) {
  headers.emplace("Content-Type", "application/json");
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}
inline net::Response answer(unsigned status, const json::value& body, net::Headers headers = {}) {
  return answer(status, boost::json::serialize(body), std::move(headers));
}

/// A Jira whose answers the test gives in order; the last one stays. What it was asked is kept.
class ScriptedJira {
 public:
  /// `base`: the path of the site's address; none in Data Center.
  ScriptedJira(boost::asio::io_context& io, std::string base)
      : base_(std::move(base)), server_(io, net::ServerSettings{}, [this](net::Request request) { return serve(std::move(request)); }) {
    if (!server_.start()) throw std::runtime_error("the scripted Jira did not start");
  }

  /// For requests whose target begins with `target` (behind the site's address). Said again for the same target, it begins anew.
  void on(std::string method, std::string target, std::vector<net::Response> answers) {
    target.insert(0, base_);
    on_host(std::move(method), std::move(target), std::move(answers));
  }

  /// For what is Atlassian's and no installation's.
  void on_host(std::string method, std::string target, std::vector<net::Response> answers) {
    std::erase_if(scripts_, [&](const Script& script) { return script.method == method && script.target == target; });
    scripts_.push_back({std::move(method), std::move(target), std::move(answers), 0});
  }

  [[nodiscard]] std::string base_url() const { return origin() + base_; }
  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

  std::vector<net::Request> asked;
  std::function<Task<void>()> before_answer;   ///< awaited before each answer

 private:
  struct Script {
    std::string method;
    std::string target;
    std::vector<net::Response> answers;
    std::size_t next;
  };

  Task<net::Response> serve(net::Request request) {
    asked.push_back(request);
    if (before_answer) co_await before_answer();
    for (auto& script : scripts_) {
      if (script.method != request.method || !request.target.starts_with(script.target)) continue;
      const auto place = std::min(script.next, script.answers.size() - 1);
      ++script.next;
      co_return script.answers[place];
    }
    co_return answer(404, std::string(R"({"errorMessages":["nothing scripted"]})"));
  }

  std::string base_;
  std::vector<Script> scripts_;
  net::Server server_;
};

/// The wire and the time.
struct Wire {
  net::Runtime runtime;
  net::Client client{runtime.io(), {}};
  MovedClock clock;
  ScriptedJira jira;

  explicit Wire(std::string base) : jira(runtime.io(), std::move(base)) {}

  /// Runs one task to its end.
  template <class Value>
  Value wait_for(Task<Value> task) {
    std::optional<Value> value;
    runtime.run(store(value, std::move(task)), nullptr);
    return std::move(*value);
  }

 private:
  template <class Value>
  static Task<int> store(std::optional<Value>& value, Task<Value> task) {
    value.emplace(co_await std::move(task));
    co_return 0;
  }
};

}  // namespace belay::jira::testing
