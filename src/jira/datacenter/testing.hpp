// For the tests of the door to Jira Data Center: what stands before the Jira of jira/testing.hpp.
#pragma once

#include "jira/datacenter/access.hpp"
#include "jira/testing.hpp"

namespace belay::jira::datacenter::testing {

using namespace jira::testing;

/// Knows what people's sign-ins gave, and nothing else of the database.
class GrantStorage final : public ports::Storage {
 public:
  std::map<std::pair<InstallationId, AccountId>, ports::JiraGrant> grants;

 protected:
  Task<Result<void>> transact(Mode, std::function<Result<void>(ports::UnitOfWork&)> work) override {
    Unit unit{*this};
    co_return work(unit);
  }

 private:
  struct SignIns final : ports::SignInStore {
    explicit SignIns(GrantStorage& from) : storage(from) {}
    GrantStorage& storage;

    void insert_attempt(const ports::SignInAttempt&) override { UnusedUnit::unused(); }
    std::optional<ports::SignInAttempt> take_attempt(const InstallationId&, const std::string&) override { UnusedUnit::unused(); }
    void insert_code(const ports::SignInCode&) override { UnusedUnit::unused(); }
    std::optional<ports::SignInCode> take_code(const InstallationId&, const std::string&) override { UnusedUnit::unused(); }
    void insert(const ports::SignIn&) override { UnusedUnit::unused(); }
    std::optional<ports::SignIn> find(const InstallationId&, const std::string&) override { UnusedUnit::unused(); }
    void sign_out(const InstallationId& installation, const AccountId& account) override { storage.grants.erase({installation, account}); }
    void sign_out_all(const InstallationId&) override { UnusedUnit::unused(); }
    void erase(const InstallationId&, const std::string&) override { UnusedUnit::unused(); }
    std::optional<ports::JiraGrant> grant(const InstallationId& installation, const AccountId& account) override { return found(storage.grants, std::pair(installation, account)); }
    void put_grant(const InstallationId& installation, const AccountId& account, const ports::JiraGrant& grant) override { storage.grants[{installation, account}] = grant; }
    std::size_t erase_expired(Time) override { return 0; }
  };

  struct Unit final : UnusedUnit {
    explicit Unit(GrantStorage& storage) : store(storage) {}
    SignIns store;
    ports::SignInStore& sign_ins() override { return store; }
  };
};

inline constexpr auto kKeys = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";

/// Everything from the port down to the wire, for one site "acme" on which one agent is signed in. Jira renews no token unless the test says so.
struct World : Wire {
  GrantStorage storage;
  PageTokens tokens{crypto::Sealer::from_key_file(kKeys).value()};
  Sites sites{std::vector<Site>{{.name = "acme", .base_url = jira.base_url(), .client_id = "client-1", .client_secret = "client-secret", .service_token = "service-token", .webhook_secret = "hook-secret"}}};
  OAuth oauth{client, sites, tokens, clock, "https://support.example.com"};
  AccessTokens access{runtime.io(), storage, oauth, sites, clock, Milliseconds{50}};
  Rest rest{client, access, clock, CountedBy::user};
  InstallationId installation = installation_of("acme");
  AccountId agent{"JIRAUSER10100"};

  World() : Wire("") {
    storage.grants[{installation, agent}] = {.access_token = "user-token", .refresh_token = "refresh-token", .expires_at = clock.now() + std::chrono::hours{1}};
    jira.on("POST", "/rest/oauth2/latest/token", {answer(400, json::object{{"error", "invalid_grant"}})});
  }

  [[nodiscard]] ports::Call call() const {
    ports::Call made;
    made.installation = installation;
    made.trace_id = "trace-1";
    made.deadline = Milliseconds{3'000};
    return made;
  }

  /// "POST /rest/api/2/…" of everything that was asked.
  [[nodiscard]] std::vector<std::string> asked() const {
    std::vector<std::string> all;
    for (const auto& request : jira.asked) all.push_back(request.method + ' ' + request.target);
    return all;
  }
};

/// As Jira refuses: its words in `errorMessages`.
inline net::Response refusal(unsigned status, std::string words, net::Headers headers = {}) {
  return answer(status, json::object{{"errorMessages", json::array{words}}, {"errors", json::object{}}}, std::move(headers));
}

/// A page where JSON was asked for, as a proxy or a sign-in before Jira shows it.
inline net::Response page(unsigned status, net::Headers headers = {}) {
  headers.emplace("Content-Type", "text/html;charset=UTF-8");
  return {.status = status, .headers = std::move(headers), .body = "<!DOCTYPE html><html><title>Log in - Jira</title></html>"};
}

/// The server dies with the request in its hands: whether it did what was asked, nobody knows.
inline net::Response silence() { return {.status = 0, .headers = {}, .body = {}}; }

inline net::Response nothing(unsigned status) { return {.status = status, .headers = {}, .body = {}}; }

inline std::string code(const auto& result) { return result ? std::string("ok") : result.error().code; }

inline json::object body_of(const net::Request& request) { return json::parse_object(request.body).value(); }

}  // namespace belay::jira::datacenter::testing
