// The asks for help on one connection.
#pragma once

#include "ports/ask_storage.hpp"
#include "storage/connection.hpp"

namespace belay::storage {

class SqlAsks final : public ports::AskStore {
 public:
  explicit SqlAsks(Connection& connection) : connection_(connection) {}

  std::optional<ports::HelpAsk> open(const InstallationId& installation, const IssueId& issue) override;
  void insert(const ports::HelpAsk& ask) override;
  bool end(const InstallationId& installation, const HelpAskId& id, Time now) override;
  std::vector<Time> asked(const InstallationId& installation, const AccountId& account, Time since) override;
  std::vector<ports::HelpAsk> waiting(const InstallationId& installation, Time since, std::size_t most) override;
  std::vector<ports::HelpAsk> of_account(const InstallationId& installation, const AccountId& account) override;
  void erase_of_issue(const InstallationId& installation, const IssueId& issue) override;
  std::size_t forget(Time before) override;

 private:
  Connection& connection_;
};

}  // namespace belay::storage
