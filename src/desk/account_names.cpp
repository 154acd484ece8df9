#include "desk/account_names.hpp"

#include "support/erasure.hpp"

namespace belay::desk {
namespace {

constexpr Milliseconds kNamesLife{5 * 60'000};

}  // namespace

Task<AccountNames::Seen> AccountNames::look(Caller caller, std::set<AccountId> accounts) {
  Seen seen;
  std::vector<AccountId> unknown;
  for (const auto& account : accounts) {
    if (support::is_erased(account)) continue;   // nobody whom Jira could know
    const auto* known = names_.find({caller.installation(), account}, doors_.clock.now());
    if (known == nullptr) unknown.push_back(account);
    else if (!known->empty()) seen.names.emplace(account, *known);
  }
  if (unknown.empty()) co_return seen;
  auto people = co_await doors_.users.people(outside_call(caller, kLongPatience), unknown);
  if (!people) {
    seen.failure = std::move(people).error();
    co_return seen;
  }
  for (auto& person : *people) seen.names.insert_or_assign(person.id, std::move(person.name));
  for (const auto& account : unknown) {
    const auto found = seen.names.find(account);
    names_.keep({caller.installation(), account}, found == seen.names.end() ? std::string() : found->second, doors_.clock.now(), kNamesLife);
  }
  co_return seen;
}

void AccountNames::forget(const InstallationId& installation) {
  names_.forget_if([&](const auto& key) { return key.first == installation; });
}

json::object account_view(const AccountId& account, const std::map<AccountId, std::string>& names) {
  json::object view{{"id", account.value}};
  if (const auto name = names.find(account); name != names.end()) view["name"] = name->second;
  return view;
}

}  // namespace belay::desk
