// Distinct types for the identifiers of the house, so that an account id cannot be handed over as an issue key.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace belay {

/// A string that only compares with its own kind. Holds whatever the outside gave; who reads it from outside checks its shape.
template <class Kind>
struct Id {
  std::string value;

  Id() = default;
  explicit Id(std::string text) : value(std::move(text)) {}

  [[nodiscard]] bool empty() const noexcept { return value.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;
};

/// One Forge app (or Data Center plugin) installed on one Jira site: the tenant. Forge calls it `installationId`.
using InstallationId = Id<struct InstallationKind>;
using AccountId = Id<struct AccountKind>;    // a Jira account
using IssueId = Id<struct IssueIdKind>;      // Jira's numeric id; survives a move between projects
using IssueKey = Id<struct IssueKeyKind>;    // HELP-12; changes when the issue moves
using ProjectId = Id<struct ProjectIdKind>;  // Jira's numeric id; stays when the key is changed
using ProjectKey = Id<struct ProjectKeyKind>;
using CommentId = Id<struct CommentKind>;
using WorklogId = Id<struct WorklogKind>;    // time worked, on an issue
using SessionId = Id<struct SessionKind>;    // our own support session, UUIDv7
using SessionCode = Id<struct SessionCodeKind>;  // the provider's, as returned, hyphens included
using ProviderAccountId = Id<struct ProviderAccountKind>;
using ProviderName = Id<struct ProviderNameKind>;  // "teamviewer", later "builtin"
using ContactId = Id<struct ContactKind>;    // somebody in the contact list of one provider account
using LinkId = Id<struct LinkKind>;          // one account link, UUIDv7
using RecordId = Id<struct RecordKind>;      // one connection in the provider's records
using HelpAskId = Id<struct HelpAskKind>;    // a customer asked for help in the portal, UUIDv7
using OutboxId = Id<struct OutboxKind>;

}  // namespace belay

template <class Kind>
struct std::hash<belay::Id<Kind>> {
  std::size_t operator()(const belay::Id<Kind>& id) const noexcept { return std::hash<std::string>{}(id.value); }
};
