#include "jira/datacenter/projects.hpp"

#include <algorithm>

namespace belay::jira::datacenter {
namespace {

constexpr std::size_t kLongestKey = 255;
constexpr Milliseconds kPatience{10'000};

// Administrators may widen what a key is made of, to this (Jira's "project key pattern").
bool is_key(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= kLongestKey && text.front() >= 'A' && text.front() <= 'Z' && std::ranges::all_of(text, fits);
}

}  // namespace

Task<Result<Project>> Projects::find(InstallationId installation, AccountId account, std::string key) {
  if (!is_key(key)) co_return fail("not_found", "the page names no project");
  RestCall rest_call;
  rest_call.call = ports::Call{.installation = std::move(installation), .trace_id = {}, .deadline = kPatience, .api_base_url = {}};
  rest_call.actor = ports::AsUser{std::move(account)};
  rest_call.path = "/rest/api/2/project/" + key;
  rest_call.name = "jira.project";
  auto body = co_await rest_.send(std::move(rest_call));
  if (!body && body.error().code == "jira_forbidden") co_return fail("not_found", body.error().cause);
  if (!body) co_return std::unexpected(std::move(body).error());
  const auto* project = body->if_object();
  auto id = project == nullptr ? std::nullopt : json::string_at(*project, "id");
  auto present_key = project == nullptr ? std::nullopt : json::string_at(*project, "key");
  if (!id || !present_key) co_return fail_for_now("jira_unreachable", "jira.project: an answer that is no project");
  co_return Project{.id = ProjectId{std::move(*id)}, .key = ProjectKey{std::move(*present_key)}};
}

}  // namespace belay::jira::datacenter
