// A storage in memory, for tests of rooms that only need account links: the other stores throw, because a test that reaches them
// wants the real storage. A unit of work that fails is rolled back.
#pragma once

#include <map>
#include <stdexcept>
#include <utility>

#include "ports/storage.hpp"

namespace belay::ports {

class FakeLinkStore final : public LinkStore {
 public:
  std::map<std::pair<InstallationId, AccountId>, AccountLink> links;
  std::map<std::string, LinkAttempt> attempts;
  std::map<std::string, ParkedGrant> grants;

  std::optional<AccountLink> find(const InstallationId& installation, const AccountId& account, const ProviderName& provider) override {
    const auto found = links.find({installation, account});
    if (found == links.end() || found->second.provider != provider) return std::nullopt;
    return found->second;
  }
  std::optional<AccountLink> find(const InstallationId& installation, const LinkId& id) override {
    for (const auto& [key, link] : links) {
      if (key.first == installation && link.id == id) return link;
    }
    return std::nullopt;
  }
  std::vector<AccountLink> all(const InstallationId& installation) override {
    std::vector<AccountLink> found;
    for (const auto& [key, link] : links) {
      if (key.first == installation) found.push_back(link);
    }
    return found;
  }
  std::vector<LinkedAccount> linked(const InstallationId& installation, const ProviderName& provider) override {
    std::vector<LinkedAccount> found;
    for (const auto& [key, link] : links) {
      if (key.first == installation && link.provider == provider && !link.expired && !link.ending_since) found.push_back({.account = link.account, .id = link.at_provider.id, .email = link.at_provider.email});
    }
    return found;
  }
  void put(const AccountLink& link) override { links[{link.installation, link.account}] = link; }
  void erase(const InstallationId& installation, const LinkId& id) override {
    std::erase_if(links, [&](const auto& entry) { return entry.first.first == installation && entry.second.id == id; });
  }

  void insert_attempt(const LinkAttempt& attempt) override { attempts[attempt.state_hash] = attempt; }
  std::optional<LinkAttempt> take_attempt(const std::string& state_hash) override { return take(attempts, state_hash); }
  std::optional<LinkAttempt> attempt(const std::string& state_hash) override { return look(attempts, state_hash); }
  void park(const ParkedGrant& grant) override { grants[grant.token_hash] = grant; }
  std::optional<ParkedGrant> parked(const std::string& token_hash) override { return look(grants, token_hash); }
  std::vector<ParkedGrant> all_parked(const InstallationId& installation) override {
    std::vector<ParkedGrant> found;
    for (const auto& [hash, grant] : grants) {
      if (grant.installation == installation) found.push_back(grant);
    }
    return found;
  }
  std::optional<ParkedGrant> take_parked(const std::string& token_hash) override { return take(grants, token_hash); }
  std::size_t erase_expired_attempts(Time now) override {
    return std::erase_if(attempts, [&](const auto& entry) { return entry.second.expires_at <= now; });
  }

 private:
  template <class Value>
  static std::optional<Value> look(const std::map<std::string, Value>& from, const std::string& key) {
    const auto found = from.find(key);
    if (found == from.end()) return std::nullopt;
    return found->second;
  }
  template <class Value>
  static std::optional<Value> take(std::map<std::string, Value>& from, const std::string& key) {
    auto value = look(from, key);
    from.erase(key);
    return value;
  }
};

class FakeStorage final : public Storage, public UnitOfWork {
 public:
  FakeLinkStore store;
  int writes = 0;
  /// So many units of work fail from now on, as when the disk is full.
  int failures_to_come = 0;

 private:
  Task<Result<void>> transact(Mode mode, std::function<Result<void>(UnitOfWork&)> work) override {
    if (failures_to_come > 0) {
      --failures_to_come;
      co_return fail_for_now("storage_unavailable", "as the test asked");
    }
    if (mode == Mode::write) ++writes;
    const auto before = store;
    auto done = work(*this);
    if (!done) store = before;
    co_return done;
  }

  InstallationStore& installations() override { throw std::logic_error("FakeStorage keeps links only"); }
  LinkStore& links() override { return store; }
  SessionStore& sessions() override { throw std::logic_error("FakeStorage keeps links only"); }
  SettingsStore& settings() override { throw std::logic_error("FakeStorage keeps links only"); }
  AuditLog& audit() override { throw std::logic_error("FakeStorage keeps links only"); }
  Outbox& outbox() override { throw std::logic_error("FakeStorage keeps links only"); }
  RosterStore& rosters() override { throw std::logic_error("FakeStorage keeps links only"); }
  MappingStore& mappings() override { throw std::logic_error("FakeStorage keeps links only"); }
  InvitationStore& invitations() override { throw std::logic_error("FakeStorage keeps links only"); }
  AskStore& asks() override { throw std::logic_error("FakeStorage keeps links only"); }
  SignInStore& sign_ins() override { throw std::logic_error("FakeStorage keeps links only"); }
  KeptStore& kept() override { throw std::logic_error("FakeStorage keeps links only"); }
};

}  // namespace belay::ports
