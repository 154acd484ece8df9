// The stores on one connection. Each method is one statement or a few; what keeps two callers apart is the transaction
// around them (Database::transact), never a check here.
#pragma once

#include "ports/storage.hpp"
#include "storage/ask_store.hpp"
#include "storage/connection.hpp"
#include "storage/kept_store.hpp"
#include "storage/people_stores.hpp"
#include "storage/seals.hpp"
#include "storage/sign_in_store.hpp"

namespace belay::storage {

class SqlInstallations final : public ports::InstallationStore {
 public:
  SqlInstallations(Connection& connection, const Seals& seals) : connection_(connection), seals_(seals) {}

  std::optional<ports::Installation> find(const InstallationId& id) override;
  std::optional<ports::Installation> find_known_as(const InstallationId& forge) override;
  std::vector<ports::Installation> all() override;
  void insert(const ports::Installation& installation) override;
  void update(const ports::Installation& installation) override;
  void erase(const InstallationId& id) override;
  void keep_system_token(const InstallationId& id, const ports::AppToken& token, Time now) override;
  void keep_user_token(const InstallationId& id, const AccountId& account, const ports::AppToken& token) override;
  std::optional<ports::AppToken> system_token(const InstallationId& id) override;
  std::optional<ports::AppToken> user_token(const InstallationId& id, const AccountId& account) override;
  void take_over_tokens(const InstallationId& newcomer, const InstallationId& id, Time now) override;
  std::size_t erase_expired_tokens(Time now) override;
  void insert_pairing_code(const std::string& code_hash, const std::string& site_url, Time expires_at) override;
  std::optional<PairingCode> pairing_code(const std::string& code_hash) override;
  bool use_pairing_code(const std::string& code_hash, Time now) override;
  std::vector<Time> failed_pairings(const InstallationId& id, Time since) override;
  void note_failed_pairing(const InstallationId& id, Time now) override;

 private:
  void erase_tokens(const InstallationId& id);

  Connection& connection_;
  const Seals& seals_;
};

class SqlLinks final : public ports::LinkStore {
 public:
  SqlLinks(Connection& connection, const Seals& seals) : connection_(connection), seals_(seals) {}

  std::optional<ports::AccountLink> find(const InstallationId& installation, const AccountId& account, const ProviderName& provider) override;
  std::optional<ports::AccountLink> find(const InstallationId& installation, const LinkId& id) override;
  std::vector<ports::AccountLink> all(const InstallationId& installation) override;
  std::vector<ports::LinkedAccount> linked(const InstallationId& installation, const ProviderName& provider) override;
  void put(const ports::AccountLink& link) override;
  void erase(const InstallationId& installation, const LinkId& id) override;
  void insert_attempt(const ports::LinkAttempt& attempt) override;
  std::optional<ports::LinkAttempt> take_attempt(const std::string& state_hash) override;
  std::optional<ports::LinkAttempt> attempt(const std::string& state_hash) override;
  void park(const ports::ParkedGrant& grant) override;
  std::optional<ports::ParkedGrant> parked(const std::string& token_hash) override;
  std::vector<ports::ParkedGrant> all_parked(const InstallationId& installation) override;
  std::optional<ports::ParkedGrant> take_parked(const std::string& token_hash) override;
  std::size_t erase_expired_attempts(Time now) override;

 private:
  [[nodiscard]] ports::AccountLink link_from(Row& row) const;
  [[nodiscard]] ports::LinkAttempt attempt_from(Row& row) const;
  [[nodiscard]] ports::ParkedGrant parked_from(Row& row) const;

  Connection& connection_;
  const Seals& seals_;
};

class SqlSessions final : public ports::SessionStore {
 public:
  explicit SqlSessions(Connection& connection) : connection_(connection) {}

  std::optional<support::SupportSession> find(const InstallationId& installation, const SessionId& id) override;
  std::vector<support::SupportSession> of_issue(const InstallationId& installation, const IssueId& issue) override;
  std::vector<support::SupportSession> of_agent(const InstallationId& installation, const AccountId& agent, std::size_t most) override;
  std::vector<support::SupportSession> unfinished_of(const InstallationId& installation, const AccountId& creator) override;
  std::vector<support::SupportSession> unfinished(const InstallationId& installation) override;
  std::vector<support::SupportSession> most_urgent(const InstallationId& installation, std::size_t most) override;
  void insert(const support::SupportSession& session) override;
  bool update(support::SupportSession& session) override;
  void erase_of_issue(const InstallationId& installation, const IssueId& issue) override;
  std::vector<support::SessionFacts> facts(const InstallationId& installation, const ports::SessionFilter& filter, const std::optional<ports::Place>& after, std::size_t most) override;
  std::vector<ports::SessionLine> lines(const InstallationId& installation, const ports::SessionFilter& filter, const std::optional<ports::Place>& after, std::size_t most) override;
  std::int64_t count(const InstallationId& installation, const ports::SessionFilter& filter) override;
  std::vector<support::SupportSession> naming(const InstallationId& installation, const AccountId& account, const SessionId& after, std::size_t most) override;
  void erase(const InstallationId& installation, const SessionId& id) override;
  std::optional<KeyedRequest> keyed(const InstallationId& installation, const AccountId& account, const std::string& key, Time now) override;
  void insert_keyed(const InstallationId& installation, const AccountId& account, const std::string& key, const KeyedRequest& request, Time expires_at) override;
  std::size_t erase_expired_keys(Time now) override;

 private:
  Connection& connection_;
};

class SqlSettings final : public ports::SettingsStore {
 public:
  explicit SqlSettings(Connection& connection) : connection_(connection) {}

  std::optional<Stored> find(const InstallationId& installation) override;
  bool put(const InstallationId& installation, const json::object& document, std::int64_t expected_version) override;
  std::optional<Stored> find(const InstallationId& installation, const ProjectId& project) override;
  bool put(const InstallationId& installation, const ProjectId& project, const json::object& document, std::int64_t expected_version) override;

 private:
  Connection& connection_;
};

class SqlAuditLog final : public ports::AuditLog {
 public:
  explicit SqlAuditLog(Connection& connection) : connection_(connection) {}

  void append(const ports::AuditEntry& entry) override;
  std::vector<ports::AuditEntry> page(const InstallationId& installation, const ports::AuditFilter& filter, const std::optional<ports::AuditPlace>& after, std::size_t most) override;
  std::int64_t count(const InstallationId& installation, const ports::AuditFilter& filter) override;
  Accounts accounts(const InstallationId& installation, std::size_t most) override;
  std::optional<IssueId> issue_of(const InstallationId& installation, const IssueKey& key) override;
  std::optional<IssueKey> key_of(const InstallationId& installation, const IssueId& issue) override;
  std::optional<SessionId> session_of(const InstallationId& installation, const SessionCode& code) override;
  Tally tally(const InstallationId& installation, const IssueId& issue, const std::string& action) override;
  std::vector<ports::AuditEntry> newest(const InstallationId& installation, std::size_t most) override;
  std::vector<ports::AuditEntry> naming(const InstallationId& installation, const AccountId& account, const std::optional<ports::AuditPlace>& after, std::size_t most) override;
  std::size_t take_out(const InstallationId& installation, const AccountId& account, std::size_t most) override;

 private:
  Connection& connection_;
};

class SqlOutbox final : public ports::Outbox {
 public:
  explicit SqlOutbox(Connection& connection) : connection_(connection) {}

  void put(const ports::OutboxRow& row) override;
  void replace(const ports::OutboxRow& row) override;
  bool put_leased(const ports::OutboxRow& row, const ports::Lease& lease) override;
  std::vector<ports::OutboxRow> claim(const std::string& owner, Time now, Milliseconds lease, std::size_t most) override;
  bool extend(const OutboxId& id, const std::string& owner, Time until) override;
  void finish(const OutboxId& id, const std::string& owner) override;
  void again(const OutboxId& id, const std::string& owner, Time due_at, const std::optional<Error>& error) override;
  void set_aside(const OutboxId& id, const std::string& owner, Time now, const Error& error) override;
  std::optional<Time> next_due() override;
  void clock_set_back(Time now, Milliseconds by, Milliseconds lease) override;
  void hasten(const InstallationId& installation, const std::string& kind, const std::string& subject, Time due_at) override;
  std::optional<ports::OutboxRow> find(const InstallationId& installation, const std::string& kind, const std::string& subject) override;
  void erase(const InstallationId& installation, const std::string& kind, const std::string& subject) override;
  std::optional<ports::OutboxRow> find(const InstallationId& installation, const OutboxId& id) override;
  std::vector<ports::OutboxRow> all_set_aside(const InstallationId& installation, std::size_t most) override;
  std::size_t count_set_aside(const InstallationId& installation) override;
  bool take_up(const InstallationId& installation, const OutboxId& id, Time due_at) override;
  void release_all() override;
  Counts counts(Time now) override;

 private:
  Connection& connection_;
};

class SqlUnitOfWork final : public ports::UnitOfWork {
 public:
  SqlUnitOfWork(Connection& connection, const Seals& seals)
      : installations_(connection, seals), links_(connection, seals), sessions_(connection), settings_(connection), audit_(connection), outbox_(connection),
        rosters_(connection), mappings_(connection), invitations_(connection), asks_(connection), sign_ins_(connection, seals), kept_(connection) {}

  ports::InstallationStore& installations() override { return installations_; }
  ports::LinkStore& links() override { return links_; }
  ports::SessionStore& sessions() override { return sessions_; }
  ports::SettingsStore& settings() override { return settings_; }
  ports::AuditLog& audit() override { return audit_; }
  ports::Outbox& outbox() override { return outbox_; }
  ports::RosterStore& rosters() override { return rosters_; }
  ports::MappingStore& mappings() override { return mappings_; }
  ports::InvitationStore& invitations() override { return invitations_; }
  ports::AskStore& asks() override { return asks_; }
  ports::SignInStore& sign_ins() override { return sign_ins_; }
  ports::KeptStore& kept() override { return kept_; }

 private:
  SqlInstallations installations_;
  SqlLinks links_;
  SqlSessions sessions_;
  SqlSettings settings_;
  SqlAuditLog audit_;
  SqlOutbox outbox_;
  SqlRosters rosters_;
  SqlMappings mappings_;
  SqlInvitations invitations_;
  SqlAsks asks_;
  SqlSignIns sign_ins_;
  SqlKept kept_;
};

}  // namespace belay::storage
