// Atlassian's personal data reporting, POST /app/report-accounts/ of its API: facts in docs/personal-data.md. What is to be done about an account
// follows from the world: it was deleted, or it changed after the app says that it last looked.
#include <algorithm>
#include <set>

#include "sandbox/clock.hpp"
#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

constexpr std::size_t kMostAtOnce = 90;
constexpr std::size_t kLongestAccountId = 128;

struct Reported {
  std::string account;
  Time updated_at;
};

net::Response said(unsigned status, std::string_view message) { return json_answer(status, json::object{{"code", status}, {"message", message}}); }

std::optional<Reported> reported_from(const json::value& one) {
  const auto* object = one.if_object();
  if (object == nullptr || object->size() != 2) return std::nullopt;
  const auto account = json::string_at(*object, "accountId");
  const auto updated_at = from_iso8601(json::string_at(*object, "updatedAt").value_or(""));
  if (!account || account->empty() || account->size() > kLongestAccountId || !updated_at) return std::nullopt;
  return Reported{.account = *account, .updated_at = *updated_at};
}

/// 1 to 90 accounts, each once; nothing for anything else.
std::optional<std::vector<Reported>> accounts_in(std::string_view text) {
  const auto body = json::parse_object(text);
  const auto* list = body && body->size() == 1 ? json::array_at(*body, "accounts") : nullptr;
  if (list == nullptr || list->empty() || list->size() > kMostAtOnce) return std::nullopt;
  std::vector<Reported> accounts;
  std::set<std::string> seen;
  for (const auto& one : *list) {
    auto reported = reported_from(one);
    if (!reported || !seen.insert(reported->account).second) return std::nullopt;
    accounts.push_back(std::move(*reported));
  }
  return accounts;
}

std::string_view status_of(const Site& site, const Reported& reported) {
  const auto* person = site.person(reported.account);
  if (person == nullptr) return {};   // of another site, or of nobody
  if (person->deleted) return "closed";
  return person->changed_at && *person->changed_at > reported.updated_at ? "updated" : "";
}

}  // namespace

net::Response Rest::report_accounts(const net::Request& request) {
  if (request.method != "POST") return said(405, "Method Not Allowed");
  const auto header = request.header("authorization");
  const auto token = header && header->starts_with("Bearer ") ? tokens_.valid(header->substr(7)) : std::nullopt;
  const auto* installation = token ? installations_.by_id(token->installation) : nullptr;
  auto* site = installation != nullptr && installation->installed ? sites_.by_cloud(installation->cloud_id) : nullptr;
  if (site == nullptr) return said(401, "Unauthorized");
  if (!token->is_system() || !manifest_.has_scope("report:personal-data")) return said(403, "Unauthorized; scope does not match");
  if (!request.header("content-type").value_or("").starts_with("application/json")) return said(415, "Unsupported Media Type");
  const auto accounts = accounts_in(request.body);
  if (!accounts) return said(400, "accounts: 1 to 90, each once, with accountId and updatedAt");

  const auto now = stage_.clock.now();
  json::array told;
  json::array all;
  json::array early;
  for (const auto& reported : *accounts) {
    all.emplace_back(reported.account);
    auto& last = site->reported[{token->installation, reported.account}];
    if (last && now - *last < std::chrono::days{site->behaviour.account_report_days}) early.emplace_back(reported.account);
    last = now;
    if (const auto status = status_of(*site, reported); !status.empty()) told.push_back(json::object{{"accountId", reported.account}, {"status", status}});
  }
  stage_.journal.write({.party = "jira", .kind = "accounts.reported", .installation = token->installation, .account = site->app_account, .object = {}, .identity = {},
                        .more = {{"accounts", std::move(all)}, {"early", std::move(early)}, {"told", told}}});
  auto answer = told.empty() ? empty_answer(204) : json_answer(200, json::object{{"accounts", std::move(told)}});
  answer.headers.emplace("Cycle-Period", std::to_string(site->behaviour.account_report_days));
  return answer;
}

}  // namespace belay::sandbox::jira_cloud
