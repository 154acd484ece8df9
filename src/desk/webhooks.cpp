#include "desk/webhooks.hpp"

#include <algorithm>
#include <cctype>

#include "base/log.hpp"

namespace belay::desk {
namespace {

constexpr std::size_t kMostDigits = 20;
constexpr std::size_t kMostLogged = 64;

// "10001" of ".../rest/api/2/issue/10001/comment/10203": of comments the address alone says where they stand.
std::string issue_in_address(std::string_view address) {
  constexpr std::string_view before = "/issue/";
  constexpr std::string_view after = "/comment/";
  const auto end = address.rfind(after);
  const auto begin = end == std::string_view::npos ? end : address.rfind(before, end);
  return begin == std::string_view::npos ? std::string() : std::string(address.substr(begin + before.size(), end - begin - before.size()));
}

IssueId issue_of(const json::object& payload) {
  std::string id;
  if (const auto* issue = json::object_at(payload, "issue")) id = json::string_at(*issue, "id").value_or("");
  else if (const auto* comment = json::object_at(payload, "comment")) id = issue_in_address(json::string_at(*comment, "self").value_or(""));
  const bool number = !id.empty() && id.size() <= kMostDigits && std::ranges::all_of(id, [](unsigned char c) { return std::isdigit(c) != 0; });
  return number ? IssueId{std::move(id)} : IssueId{};
}

}  // namespace

Task<Result<void>> Webhooks::hear(std::string name, std::string body, std::string signature, json::object payload) {
  const auto site = jira_.site(name);
  if (!site) co_return fail("not_found", "no such site");
  if (!jira_.is_signed(site->installation, body, signature)) co_return fail("webhook_refused", "not signed by the site's secret");
  const auto event = json::string_at(payload, "webhookEvent").value_or("");
  const auto issue = issue_of(payload);
  log::info("webhook", {{"installation", site->installation.value}, {"told", event.substr(0, kMostLogged)}});
  if (issue.empty()) co_return Result<void>{};
  admission_.forget_ticket(site->installation, issue);
  const auto now = doors_.clock.now();
  auto heard = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.rosters().doubt(site->installation, issue, now);
    if (event == "jira:issue_deleted") unit.outbox().put(outbox_row(doors_, site->installation, "issue.check", issue.value));
    return {};
  });
  if (heard && event == "jira:issue_deleted") doors_.work.ring();
  co_return heard;
}

Task<StepResult> Webhooks::check(ports::OutboxRow row) {
  const auto ticket = co_await doors_.tickets.ticket(step_call(row), ports::AsApp{}, IssueId{row.subject});
  if (ticket) co_return Done{};
  // One that the service account may not see is still there.
  if (ticket.error().code == "not_found" && ticket.error().detail.contains("hidden")) co_return Done{};
  if (ticket.error().code != "not_found") co_return try_again(ticket.error());
  auto noted = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.outbox().put(outbox_row(doors_, row, "issue.gone", row.subject));
    return {};
  });
  if (!noted) co_return try_again(noted.error());
  doors_.work.ring();
  co_return Done{};
}

}  // namespace belay::desk
