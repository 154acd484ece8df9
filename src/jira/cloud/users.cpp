#include "jira/cloud/users.hpp"

#include <algorithm>
#include <span>

#include <boost/json/monotonic_resource.hpp>

#include "jira/cloud/person.hpp"
#include "net/message.hpp"

namespace belay::jira::cloud {
namespace {

RestCall read_as_app(ports::Call call, std::string path, std::string name) {
  RestCall rest_call;
  rest_call.call = std::move(call);
  rest_call.actor = ports::AsApp{};
  rest_call.path = std::move(path);
  rest_call.name = std::move(name);
  return rest_call;
}

}  // namespace

Task<Result<support::Person>> CloudUsers::user(ports::Call call, AccountId account) {
  auto path = "/rest/api/3/user?accountId=" + net::percent_encode(account.value);
  BELAY_CO_TRY(body, co_await rest_.send(read_as_app(std::move(call), std::move(path), "jira.user")));
  auto person = body.is_object() ? person_of(body.get_object()) : std::nullopt;
  if (!person) co_return fail_for_now("jira_unreachable", "jira.user: an answer without an account");
  co_return std::move(*person);
}

Task<Result<support::Person>> CloudUsers::owner_of(ports::Call call, std::string user_token) {
  auto question = read_as_app(std::move(call), "/rest/api/3/myself", "jira.myself");
  question.actor = ports::WithToken{std::move(user_token)};
  BELAY_CO_TRY(body, co_await rest_.send(std::move(question)));
  auto person = body.is_object() ? person_of(body.get_object()) : std::nullopt;
  if (!person) co_return fail_for_now("jira_unreachable", "jira.myself: an answer without an account");
  co_return std::move(*person);
}

namespace {

constexpr auto kMostOfACall = ports::kMostAccountsOfACall;

std::string account_query(std::span<const AccountId> accounts) {
  std::string query;
  for (const auto& account : accounts) query += (query.empty() ? "?accountId=" : "&accountId=") + net::percent_encode(account.value);
  return query;
}

// All batches at once; the first failure is the failure of all.
template <class Answer, class Ask>
Task<Result<std::vector<Answer>>> in_batches(std::vector<AccountId> accounts, Ask ask) {
  std::vector<std::optional<Result<Answer>>> answers((accounts.size() + kMostOfACall - 1) / kMostOfACall);
  std::vector<Task<void>> questions;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto batch = std::span(accounts).subspan(i * kMostOfACall, std::min(kMostOfACall, accounts.size() - i * kMostOfACall));
    questions.push_back(answer_into(answers[i], ask(account_query(batch))));
  }
  co_await all_of(std::move(questions));
  std::vector<Answer> all;
  for (auto& answer : answers) {
    if (!*answer) co_return std::unexpected(std::move(*answer).error());
    all.push_back(std::move(**answer));
  }
  co_return all;
}

}  // namespace

Task<Result<std::vector<support::Person>>> CloudUsers::people(ports::Call call, std::vector<AccountId> accounts) {
  boost::json::monotonic_resource room;
  const auto ask = [&](const std::string& query) {
    auto question = read_as_app(call, "/rest/api/3/user/bulk" + query + "&maxResults=200", "jira.users");
    question.reading.storage = &room;
    return rest_.send(std::move(question));
  };
  BELAY_CO_TRY(pages, co_await in_batches<json::value>(std::move(accounts), ask));
  std::vector<support::Person> people;
  for (const auto& page : pages) {
    const auto* values = page.is_object() ? json::array_at(page.get_object(), "values") : nullptr;
    if (values == nullptr) co_return fail_for_now("jira_unreachable", "jira.users: an answer without users");
    // Who is left out counts as deleted: half an answer must not pass for a whole one.
    if (!json::bool_at(page.get_object(), "isLast").value_or(true)) co_return fail_for_now("jira_unreachable", "jira.users: not all that were asked for");
    for (const auto& user : *values) {
      if (auto person = user.is_object() ? person_of(user.get_object()) : std::nullopt) people.push_back(std::move(*person));
    }
  }
  co_return people;
}

Task<Result<std::map<AccountId, std::string>>> CloudUsers::addresses(ports::Call call, std::vector<AccountId> accounts) {
  const auto ask = [this, &call](const std::string& query) { return rest_.send(read_as_app(call, "/rest/api/3/user/email/bulk" + query, "jira.user_emails")); };
  BELAY_CO_TRY(pages, co_await in_batches<json::value>(std::move(accounts), ask));
  std::map<AccountId, std::string> addresses;
  for (const auto& page : pages) {
    if (!page.is_array()) co_return fail_for_now("jira_unreachable", "jira.user_emails: an answer that is no list");
    for (const auto& entry : page.get_array()) {
      if (!entry.is_object()) continue;
      auto account = json::string_at(entry.get_object(), "accountId");
      auto address = json::string_at(entry.get_object(), "email");
      if (account && !account->empty() && address && !address->empty()) addresses.insert_or_assign(AccountId{std::move(*account)}, std::move(*address));
    }
  }
  co_return addresses;
}

Task<Result<std::vector<std::string>>> CloudUsers::groups(ports::Call call, AccountId account) {
  auto path = "/rest/api/3/user/groups?accountId=" + net::percent_encode(account.value);
  BELAY_CO_TRY(body, co_await rest_.send(read_as_app(std::move(call), std::move(path), "jira.user_groups")));
  if (!body.is_array()) co_return fail_for_now("jira_unreachable", "jira.user_groups: an answer that is no list");
  std::vector<std::string> names;
  for (const auto& group : body.get_array()) {
    if (!group.is_object()) continue;
    if (auto name = json::string_at(group.get_object(), "name")) names.push_back(std::move(*name));
  }
  co_return names;
}

}  // namespace belay::jira::cloud
