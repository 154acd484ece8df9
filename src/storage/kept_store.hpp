// The store of ports/kept_storage.hpp in SQL.
#pragma once

#include "ports/kept_storage.hpp"
#include "storage/connection.hpp"

namespace belay::storage {

class SqlKept final : public ports::KeptStore {
 public:
  explicit SqlKept(Connection& connection) : connection_(connection) {}

  std::optional<ports::Erasure> erasure(const InstallationId& installation, const std::string& subject) override;
  void put(const ports::Erasure& erasure) override;
  std::vector<AccountId> being_erased(const InstallationId& installation) override;
  void forget_erasure(const InstallationId& installation, const std::string& subject) override;

  ports::KeptCount older(const InstallationId& installation, Time before) override;
  std::optional<Time> oldest(const InstallationId& installation) override;
  ErasedSome erase_older(const InstallationId& installation, Time before, std::size_t most) override;

  std::vector<AccountId> accounts(const InstallationId& installation, const AccountId& after, std::size_t most, const AccountId& also) override;
  ports::KeptOfAccount of_account(const InstallationId& installation, const AccountId& account) override;
  std::vector<ports::PersonMapping> mappings_of(const InstallationId& installation, const AccountId& account) override;
  std::vector<ports::ContactInvitation> invitations_of(const InstallationId& installation, const AccountId& account, bool of_them, const AccountId& after, std::size_t most) override;
  std::vector<ports::CommentedIssue> comments_of(const InstallationId& installation, const AccountId& account, const IssueId& after, std::size_t most) override;
  std::size_t erase_rows_of(const InstallationId& installation, const AccountId& account, std::size_t most) override;
  void erase_traces_of(const InstallationId& installation, const AccountId& account) override;
  void rename(const InstallationId& installation, const AccountId& account, const std::string& name) override;

  std::optional<ports::AccountReport> report(const InstallationId& installation) override;
  void put(const InstallationId& installation, const ports::AccountReport& report) override;
  void list(const InstallationId& installation, const AccountId& after, const AccountId& to, const std::vector<Listed>& accounts, Time fetched_at) override;
  void note_erased(const InstallationId& installation, const Listed& account) override;
  void forget_erased(const InstallationId& installation, Time before) override;
  std::int64_t listed(const InstallationId& installation) override;
  std::vector<ports::StoredAccount> due(const InstallationId& installation, Time not_since, std::size_t most) override;
  void note_reported(const InstallationId& installation, const AccountId& account, Time at) override;
  void note_fetched(const InstallationId& installation, const AccountId& account, Time at) override;

 private:
  Connection& connection_;
};

}  // namespace belay::storage
