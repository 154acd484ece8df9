#include "jira/datacenter/caller_verifier.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace belay::jira::datacenter {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::size_t kMostIdDigits = 20;

using support::Page;

// As the address of each page names it.
constexpr std::array<std::pair<std::string_view, Page>, 5> kPages{
    {{"panel", Page::issue_panel}, {"admin", Page::admin}, {"account", Page::personal}, {"sessions", Page::global}, {"project", Page::project_settings}}};

std::optional<Page> page_named(std::string_view name) {
  const auto found = std::ranges::find(kPages, name, &std::pair<std::string_view, Page>::first);
  return found == kPages.end() ? std::nullopt : std::optional(found->second);
}

// Jira's ids are numbers; anything else names no issue.
std::optional<IssueId> issue_named(std::string_view text) {
  const bool number = !text.empty() && text.size() <= kMostIdDigits && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return number ? std::optional(IssueId{std::string(text)}) : std::nullopt;
}

}  // namespace

bool PageCallerVerifier::is_for(const ports::CallerHeaders& headers) {
  std::string_view text = headers.authorization;
  if (!text.starts_with(kBearer)) return false;
  text.remove_prefix(kBearer.size());
  return text.starts_with(kPageTokenPrefix);
}

Task<Result<ports::VerifiedCall>> PageCallerVerifier::verify(ports::CallerHeaders headers) {
  const auto token = tokens_.read(std::string_view(headers.authorization).substr(kBearer.size()));
  if (!token) co_return fail("signed_out", "unreadable_page_token");
  if (token->expires_at <= clock_.now()) co_return fail("signed_out", "page_token_over");
  const auto* site = sites_.find(token->installation);
  if (site == nullptr) co_return fail("signed_out", "unknown_site");
  const auto page = page_named(headers.page);
  if (!page) co_return fail("signed_out", "unknown_page");
  ports::VerifiedCall call;
  call.installation = token->installation;
  call.api_base_url = site->base_url;
  call.site_url = site->base_url;
  call.personal_page = public_url_ + "/datacenter/" + site->name + "/pages/account/?at=";
  call.environment_type = "PRODUCTION";
  call.principal = token->account;
  call.module_type = "datacenter:" + headers.page;
  call.module_key = site->name;
  call.page = *page;
  if (*page == Page::issue_panel) {
    call.issue = issue_named(headers.issue);
    if (!call.issue) co_return fail("not_found", "the page names no issue");
  }
  if (*page == Page::project_settings) {
    auto project = co_await projects_.find(call.installation, token->account, headers.project);
    // Of none that they see: then it is no page of a project's settings, which the desk says.
    if (!project && project.error().code != "not_found") co_return std::unexpected(std::move(project).error());
    if (project) {
      call.project = std::move(project->id);
      call.project_key = std::move(project->key);
    }
  }
  co_return call;
}

}  // namespace belay::jira::datacenter
