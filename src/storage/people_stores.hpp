// The stores of ports/people_storage.hpp in SQL.
#pragma once

#include "ports/people_storage.hpp"
#include "storage/connection.hpp"

namespace belay::storage {

class SqlRosters final : public ports::RosterStore {
 public:
  explicit SqlRosters(Connection& connection) : connection_(connection) {}

  std::optional<ports::Roster> find(const InstallationId& installation, const IssueId& issue) override;
  void begin(const InstallationId& installation, const IssueId& issue) override;
  void add(const InstallationId& installation, const IssueId& issue, const std::vector<ports::RosterAuthor>& authors, const ports::RosterProgress& progress) override;
  void note(const InstallationId& installation, const IssueId& issue, const ports::RosterAuthor& author) override;
  bool spoke_again(const InstallationId& installation, const IssueId& issue, const ports::RosterAuthor& author) override;
  bool forget_comment(const InstallationId& installation, const IssueId& issue, const CommentId& comment, const std::optional<std::string>& now_restricted_to) override;
  bool read_anew(const InstallationId& installation, const IssueId& issue, std::size_t most) override;
  void doubt(const InstallationId& installation, const IssueId& issue, Time at) override;
  void erase(const InstallationId& installation, const IssueId& issue) override;

 private:
  void keep(const InstallationId& installation, const IssueId& issue, const ports::RosterAuthor& author);
  void cut(const InstallationId& installation, const IssueId& issue);

  Connection& connection_;
};

class SqlMappings final : public ports::MappingStore {
 public:
  explicit SqlMappings(Connection& connection) : connection_(connection) {}

  std::vector<ports::PersonMapping> all(const InstallationId& installation, const ProviderName& provider) override;
  std::optional<ports::PersonMapping> find(const InstallationId& installation, const AccountId& person, const ProviderName& provider) override;
  void put(const ports::PersonMapping& mapping) override;
  bool erase(const InstallationId& installation, const AccountId& person, const ProviderName& provider) override;

 private:
  Connection& connection_;
};

class SqlInvitations final : public ports::InvitationStore {
 public:
  explicit SqlInvitations(Connection& connection) : connection_(connection) {}

  std::vector<ports::ContactInvitation> of_agent(const InstallationId& installation, const AccountId& agent, const ProviderName& provider) override;
  std::optional<ports::ContactInvitation> find(const InstallationId& installation, const AccountId& agent, const AccountId& person, const ProviderName& provider) override;
  void put(const ports::ContactInvitation& invitation) override;
  void erase_of_agent(const InstallationId& installation, const AccountId& agent, const ProviderName& provider) override;

 private:
  Connection& connection_;
};

}  // namespace belay::storage
