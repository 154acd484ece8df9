// For the tests of the door to Jira Cloud: what stands before the Jira of jira/testing.hpp.
#pragma once

#include "jira/cloud/access.hpp"
#include "jira/testing.hpp"

namespace belay::jira::cloud::testing {

using namespace jira::testing;

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
    void insert(const ports::Installation&) override { UnusedUnit::unused(); }
    void update(const ports::Installation&) override { UnusedUnit::unused(); }
    void erase(const InstallationId&) override { UnusedUnit::unused(); }
    void keep_system_token(const InstallationId&, const ports::AppToken&, Time) override { UnusedUnit::unused(); }
    void keep_user_token(const InstallationId&, const AccountId&, const ports::AppToken&) override { UnusedUnit::unused(); }
    std::optional<ports::AppToken> system_token(const InstallationId& id) override { return found(storage.system_tokens, id); }
    std::optional<ports::AppToken> user_token(const InstallationId& id, const AccountId& account) override {
      return found(storage.user_tokens, std::pair(id, account));
    }
    void take_over_tokens(const InstallationId&, const InstallationId&, Time) override { UnusedUnit::unused(); }
    std::size_t erase_expired_tokens(Time) override { return 0; }
    void insert_pairing_code(const std::string&, const std::string&, Time) override { UnusedUnit::unused(); }
    std::optional<PairingCode> pairing_code(const std::string&) override { return std::nullopt; }
    bool use_pairing_code(const std::string&, Time) override { return false; }
    std::vector<Time> failed_pairings(const InstallationId&, Time) override { return {}; }
    void note_failed_pairing(const InstallationId&, Time) override { UnusedUnit::unused(); }
  };

  struct Unit final : UnusedUnit {
    explicit Unit(MemoryStorage& storage) : store(storage) {}
    Installations store;
    ports::InstallationStore& installations() override { return store; }
  };
};

/// Everything from the port down to the wire, for one paired installation "i-1".
struct World : Wire {
  MemoryStorage storage;
  AccessTokens access{runtime.io(), storage, clock};
  Rest rest{client, access, clock};
  InstallationId installation{"i-1"};
  AccountId agent{"agent-1"};

  World() : Wire("/ex/jira/cloud-1") {
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
};

}  // namespace belay::jira::cloud::testing
