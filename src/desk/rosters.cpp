#include "desk/rosters.hpp"

#include <algorithm>
#include <map>

namespace belay::desk {
namespace {

constexpr std::size_t kFirstPages = 2;
constexpr std::size_t kPagesAtATime = 4;
// While older pages are read some comments may be deleted, which moves the rest: pages overlap a little.
constexpr std::size_t kOverlap = 5;

void merge(std::vector<support::Spoke>& into, const std::vector<support::Spoke>& more) {
  std::map<AccountId, Time> latest;
  for (const auto& spoke : into) latest[spoke.account] = std::max(latest[spoke.account], spoke.at);
  for (const auto& spoke : more) latest[spoke.account] = std::max(latest[spoke.account], spoke.at);
  into.clear();
  for (const auto& [account, at] : latest) into.push_back({.account = account, .at = at});
}

std::vector<support::Spoke> spoken(const ports::CommentPage& page) {
  std::vector<support::Spoke> all;
  for (const auto& author : page.authors) {
    if (!author.person.app) all.push_back({.account = author.person.id, .at = author.at});
  }
  std::vector<support::Spoke> once;
  merge(once, all);
  return once;
}

}  // namespace

bool Rosters::is_known(const std::optional<ports::Roster>& stored) const {
  if (!stored) return false;
  const auto now = doors_.clock.now();
  return stored->progress.read_at <= now && now - stored->progress.read_at < kRosterLife;
}

// The authors come with their names, pictures and what their profiles show to everybody: nobody has to ask for them again.
Task<Result<ports::CommentPage>> Rosters::page_as_app(ports::Call call, IssueId issue, std::size_t start) {
  const auto installation = call.installation;
  auto read = co_await doors_.tickets.comment_authors(std::move(call), ports::AsApp{}, std::move(issue), start, kCommentsOfAPage);
  if (read) {
    for (const auto& author : read->authors) people_.note(installation, author.person);
  }
  co_return read;
}

Task<Result<void>> Rosters::keep(InstallationId installation, IssueId issue, RosterNow now) {
  if (!now.fresh) co_return Result<void>{};
  const auto progress = *now.fresh;
  auto kept = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto paired = unit.installations().find(installation);
    if (!paired || paired->leaving_since) return {};
    unit.rosters().add(installation, issue, now.authors, progress);
    if (!progress.complete) unit.outbox().put(outbox_row(doors_, installation, "roster.read", issue.value));
    return {};
  });
  if (kept && !progress.complete) doors_.work.ring();
  co_return kept;
}

Task<Result<RosterNow>> Rosters::look(ports::Call call, AccountId caller, IssueId issue, std::optional<ports::Roster> stored) {
  if (is_known(stored)) co_return RosterNow{.authors = stored->authors, .complete = stored->progress.complete, .fresh = {}};
  const ports::Actor actor = ports::AsUser{caller};
  // The worker begins at the newest comment: what the app may read is another list, in which the caller's pages have no place.
  ports::RosterProgress progress{.complete = false, .next_start = 0, .read_at = doors_.clock.now()};
  RosterNow now;
  if (stored) {
    BELAY_CO_TRY(newest, co_await doors_.tickets.comment_authors(call, actor, issue, 0, kCommentsOfAPage));
    now.authors = stored->authors;
    merge(now.authors, spoken(newest));
    progress.complete = stored->progress.complete;
    progress.next_start = stored->progress.next_start;
  } else {
    auto [first, second] = co_await both(doors_.tickets.comment_authors(call, actor, issue, 0, kCommentsOfAPage),
                                         doors_.tickets.comment_authors(call, actor, issue, kCommentsOfAPage, kCommentsOfAPage));
    if (!first) co_return std::unexpected(std::move(first).error());
    now.authors = spoken(*first);
    if (second) merge(now.authors, spoken(*second));
    progress.complete = first->total <= (second ? kFirstPages : 1) * kCommentsOfAPage;
  }
  now.complete = progress.complete;
  now.fresh = progress;
  co_return now;
}

Task<StepResult> Rosters::read(ports::OutboxRow row) {
  const IssueId issue{row.subject};
  using Found = std::optional<ports::Roster>;
  auto stored = co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.rosters().find(row.installation, issue); });
  if (!stored) co_return try_again(stored.error());
  if (!*stored || (*stored)->progress.complete) co_return Done{};

  auto progress = (*stored)->progress;
  const auto start = progress.next_start > kOverlap ? progress.next_start - kOverlap : 0;
  std::vector<std::optional<Result<ports::CommentPage>>> pages(kPagesAtATime);
  std::vector<Task<void>> questions;
  for (std::size_t i = 0; i < pages.size(); ++i) questions.push_back(answer_into(pages[i], page_as_app(step_call(row), issue, start + i * kCommentsOfAPage)));
  co_await all_of(std::move(questions));

  std::vector<support::Spoke> authors;
  std::size_t total = 0;
  std::size_t pages_read = 0;
  std::optional<Error> failure;
  for (auto& read : pages) {
    if (!*read) {
      failure = (*read).error();
      break;
    }
    merge(authors, spoken(**read));
    total = std::max(total, (*read)->total);
    ++pages_read;
  }
  if (failure && failure->code == "not_found") co_return Done{};
  if (pages_read > 0) progress.next_start = start + pages_read * kCommentsOfAPage;   // else the overlap would walk back with every failure
  progress.complete = !failure && progress.next_start >= total;
  auto kept = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto present = unit.rosters().find(row.installation, issue);
    if (!present) return {};   // the issue was deleted meanwhile
    progress.read_at = present->progress.read_at;
    unit.rosters().add(row.installation, issue, authors, progress);
    return {};
  });
  if (!kept) co_return try_again(kept.error());
  if (failure) co_return may_pass(*failure) ? try_again(*failure) : StepResult{GiveUp{*failure}};
  if (progress.complete) co_return Done{};
  co_return LaterAt{doors_.clock.now()};
}

}  // namespace belay::desk
