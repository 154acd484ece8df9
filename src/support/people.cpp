#include "support/people.hpp"

#include <algorithm>

namespace belay::support {
namespace {

struct Named {
  AccountId account;
  std::vector<Role> roles;
};

class NamedOnce {
 public:
  void add(const AccountId& account, Role role) {
    if (account.empty()) return;
    const auto [place, fresh] = places_.try_emplace(account, all_.size());
    if (fresh) all_.push_back({.account = account, .roles = {}});
    auto& roles = all_[place->second].roles;
    if (std::ranges::find(roles, role) == roles.end()) roles.push_back(role);
  }
  [[nodiscard]] std::vector<Named> take() { return std::move(all_); }

 private:
  std::vector<Named> all_;
  std::map<AccountId, std::size_t> places_;
};

std::vector<Named> named_on(const NamedPeople& issue) {
  NamedOnce named;
  named.add(issue.reporter, Role::reporter);
  if (issue.request) named.add(issue.reporter, Role::customer);
  named.add(issue.assignee, Role::assignee);
  auto commenters = issue.commenters;
  std::ranges::sort(commenters, [](const Spoke& a, const Spoke& b) { return a.at != b.at ? a.at > b.at : a.account < b.account; });
  for (const auto& spoke : commenters) named.add(spoke.account, Role::commenter);
  for (const auto& account : issue.participants) named.add(account, Role::participant);
  return named.take();
}

}  // namespace

std::string_view to_string(Role role) {
  switch (role) {
    case Role::reporter: return "reporter";
    case Role::assignee: return "assignee";
    case Role::commenter: return "commenter";
    case Role::participant: return "participant";
    case Role::customer: return "customer";
  }
  return "commenter";
}

std::vector<AccountId> accounts_of(const NamedPeople& issue) {
  std::vector<AccountId> accounts;
  for (auto& named : named_on(issue)) accounts.push_back(std::move(named.account));
  return accounts;
}

std::vector<IssuePerson> people_of(const NamedPeople& issue, const std::map<AccountId, Person>& known) {
  std::vector<IssuePerson> people;
  for (auto& named : named_on(issue)) {
    const auto found = known.find(named.account);
    if (found == known.end() || found->second.app) continue;
    people.push_back({.person = found->second, .roles = std::move(named.roles)});
  }
  return people;
}

}  // namespace belay::support
