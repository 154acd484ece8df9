#include "jira/cloud/users.hpp"

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
