// For the tests of this room: a Jira that answers what the test says, over real HTTP, and the doors that stand before it.
#pragma once

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json/serialize.hpp>

#include "jira/cloud/access.hpp"
#include "jira/rest.hpp"
#include "net/runtime.hpp"
#include "net/server.hpp"

namespace belay::jira::cloud::testing {

struct MovedClock final : ports::Clock {
  Time time{std::chrono::seconds{1'800'000'000}};
  [[nodiscard]] Time now() const override { return time; }
};

/// Knows installations and tokens, and nothing else of the database.
class MemoryStorage final : public ports::Storage {
 public:
  std::map<InstallationId, ports::Installation> installations;
  std::map<InstallationId, ports::AppToken> system_tokens;
  std::map<std::pair<InstallationId, AccountId>, ports::AppToken> user_tokens;

 protected:
  Task<Result<void>> transact(Mode, std::function<Result<void>(ports::UnitOfWork&)> work) override {
    Unit unit{*this};
    co_return work(unit);
  }

 private:
  struct Installations final : ports::InstallationStore {
    explicit Installations(MemoryStorage& from) : storage(from) {}
    MemoryStorage& storage;

    std::optional<ports::Installation> find(const InstallationId& id) override { return found(storage.installations, id); }
    std::optional<ports::Installation> find_known_as(const InstallationId&) override { return std::nullopt; }
    std::vector<ports::Installation> all() override { return {}; }
    void insert(const ports::Installation&) override { unused(); }
    void update(const ports::Installation&) override { unused(); }
    void erase(const InstallationId&) override { unused(); }
    void keep_system_token(const InstallationId&, const ports::AppToken&, Time) override { unused(); }
    void keep_user_token(const InstallationId&, const AccountId&, const ports::AppToken&) override { unused(); }
    std::optional<ports::AppToken> system_token(const InstallationId& id) override { return found(storage.system_tokens, id); }
    std::optional<ports::AppToken> user_token(const InstallationId& id, const AccountId& account) override {
      return found(storage.user_tokens, std::pair(id, account));
    }
    void take_over_tokens(const InstallationId&, const InstallationId&, Time) override { unused(); }
    std::size_t erase_expired_tokens(Time) override { return 0; }
    void insert_pairing_code(const std::string&, const std::string&, Time) override { unused(); }
    std::optional<PairingCode> pairing_code(const std::string&) override { return std::nullopt; }
    bool use_pairing_code(const std::string&, Time) override { return false; }
    std::vector<Time> failed_pairings(const InstallationId&, Time) override { return {}; }
    void note_failed_pairing(const InstallationId&, Time) override { unused(); }

    template <class Key, class Value>
    static std::optional<Value> found(const std::map<Key, Value>& map, const Key& key) {
      const auto place = map.find(key);
      if (place == map.end()) return std::nullopt;
      return place->second;
    }
    static void unused() { throw std::logic_error("the door to Jira does not use this"); }
  };

  struct Unit final : ports::UnitOfWork {
    explicit Unit(MemoryStorage& storage) : store(storage) {}
    Installations store;
    ports::InstallationStore& installations() override { return store; }
    ports::LinkStore& links() override { throw std::logic_error("not used"); }
    ports::SessionStore& sessions() override { throw std::logic_error("not used"); }
    ports::SettingsStore& settings() override { throw std::logic_error("not used"); }
    ports::AuditLog& audit() override { throw std::logic_error("not used"); }
    ports::Outbox& outbox() override { throw std::logic_error("not used"); }
    ports::RosterStore& rosters() override { throw std::logic_error("not used"); }
    ports::MappingStore& mappings() override { throw std::logic_error("not used"); }
    ports::InvitationStore& invitations() override { throw std::logic_error("not used"); }
    ports::AskStore& asks() override { throw std::logic_error("not used"); }
    ports::SignInStore& sign_ins() override { throw std::logic_error("not used"); }
    ports::KeptStore& kept() override { throw std::logic_error("not used"); }
  };
};

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
  explicit ScriptedJira(boost::asio::io_context& io)
      : server_(io, net::ServerSettings{}, [this](net::Request request) { return serve(std::move(request)); }) {
    if (!server_.start()) throw std::runtime_error("the scripted Jira did not start");
  }

  /// For requests whose target begins with `target` (behind the installation's address). Said again for the same target, it begins anew.
  void on(std::string method, std::string target, std::vector<net::Response> answers) {
    target.insert(0, kBase);
    on_host(std::move(method), std::move(target), std::move(answers));
  }

  /// For what is Atlassian's and no installation's.
  void on_host(std::string method, std::string target, std::vector<net::Response> answers) {
    std::erase_if(scripts_, [&](const Script& script) { return script.method == method && script.target == target; });
    scripts_.push_back({std::move(method), std::move(target), std::move(answers), 0});
  }

  [[nodiscard]] std::string base_url() const { return origin() + kBase; }
  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }

  std::vector<net::Request> asked;
  std::function<Task<void>()> before_answer;   ///< awaited before each answer

 private:
  static constexpr auto kBase = "/ex/jira/cloud-1";
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

  std::vector<Script> scripts_;
  net::Server server_;
};

/// Everything from the port down to the wire, for one paired installation "i-1".
struct World {
  net::Runtime runtime;
  net::Client client{runtime.io(), {}};
  MovedClock clock;
  MemoryStorage storage;
  ScriptedJira jira{runtime.io()};
  AccessTokens access{runtime.io(), storage, clock};
  Rest rest{client, access, clock};
  InstallationId installation{"i-1"};
  AccountId agent{"agent-1"};

  World() {
    ports::Installation row;
    row.id = installation;
    row.api_base_url = jira.base_url();
    row.paired_at = clock.now() - std::chrono::hours{24};
    storage.installations[installation] = row;
    storage.system_tokens[installation] = {.secret = "app-token", .expires_at = clock.now() + std::chrono::hours{1}};
    storage.user_tokens[std::pair(installation, agent)] = {.secret = "user-token", .expires_at = clock.now() + std::chrono::hours{1}};
  }

  [[nodiscard]] ports::Call call() const {
    ports::Call made;
    made.installation = installation;
    made.trace_id = "trace-1";
    made.deadline = Milliseconds{3'000};
    return made;
  }

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

}  // namespace belay::jira::cloud::testing
