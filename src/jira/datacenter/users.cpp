#include "jira/datacenter/users.hpp"

#include "jira/datacenter/person.hpp"
#include "net/message.hpp"

namespace belay::jira::datacenter {
namespace {

RestCall read_as(ports::Call call, ports::Actor actor, std::string path, std::string name) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = std::move(actor);
  rest_call.path = std::move(path);
  rest_call.name = std::move(name);
  return rest_call;
}

std::string user_path(const AccountId& account) { return "/rest/api/2/user?key=" + net::percent_encode(account.value); }

Result<support::Person> person_in(const json::value& body, std::string_view name) {
  auto person = body.is_object() ? person_of(body.get_object()) : std::nullopt;
  if (!person) return fail_for_now("jira_unreachable", std::string(name) + ": an answer without a user");
  return std::move(*person);
}

}  // namespace

Task<Result<support::Person>> DataCenterUsers::user(ports::Call call, AccountId account) {
  BELAY_CO_TRY(body, co_await rest_.send(read_as(std::move(call), ports::AsApp{}, user_path(account), "jira.user")));
  co_return person_in(body, "jira.user");
}

Task<Result<support::Person>> DataCenterUsers::owner_of(ports::Call call, std::string user_token) {
  BELAY_CO_TRY(body, co_await rest_.send(read_as(std::move(call), ports::WithToken{std::move(user_token)}, "/rest/api/2/myself", "jira.myself")));
  co_return person_in(body, "jira.myself");
}

// REST v2 has no call for many.
Task<Result<std::vector<support::Person>>> DataCenterUsers::people(ports::Call call, std::vector<AccountId> accounts) {
  std::vector<std::optional<Result<support::Person>>> answers(accounts.size());
  std::vector<Task<void>> questions;
  for (std::size_t at = 0; at < accounts.size(); ++at) questions.push_back(answer_into(answers[at], user(call, accounts[at])));
  co_await all_of(std::move(questions));
  std::vector<support::Person> people;
  for (auto& answer : answers) {
    if (*answer) people.push_back(std::move(**answer));
    else if ((*answer).error().code != "not_found") co_return std::unexpected(std::move(*answer).error());
  }
  co_return people;
}

Task<Result<std::map<AccountId, std::string>>> DataCenterUsers::addresses(ports::Call call, std::vector<AccountId> accounts) {
  BELAY_CO_TRY(found, co_await people(std::move(call), std::move(accounts)));
  std::map<AccountId, std::string> addresses;
  for (auto& person : found) {
    if (!person.address.empty()) addresses.insert_or_assign(std::move(person.id), std::move(person.address));
  }
  co_return addresses;
}

Task<Result<std::vector<std::string>>> DataCenterUsers::groups(ports::Call call, AccountId account) {
  BELAY_CO_TRY(body, co_await rest_.send(read_as(std::move(call), ports::AsApp{}, user_path(account) + "&expand=groups", "jira.user_groups")));
  const auto* groups = body.is_object() ? json::object_at(body.get_object(), "groups") : nullptr;
  const auto* items = groups == nullptr ? nullptr : json::array_at(*groups, "items");
  if (items == nullptr) co_return fail_for_now("jira_unreachable", "jira.user_groups: an answer without groups");
  std::vector<std::string> names;
  for (const auto& item : *items) {
    if (auto name = item.is_object() ? json::string_at(item.get_object(), "name") : std::nullopt) names.push_back(std::move(*name));
  }
  co_return names;
}

}  // namespace belay::jira::datacenter
