#include "desk/rosters.hpp"

#include <algorithm>
#include <set>

#include "support/restriction.hpp"

namespace belay::desk {
namespace {

constexpr std::size_t kFirstPages = 2;
constexpr std::size_t kPagesAtATime = 4;
// While older pages are read some comments may be deleted, which moves the rest: pages overlap a little.
constexpr std::size_t kOverlap = 5;
// Half a page: some comments may have been written since they were counted.
constexpr std::size_t kSurelyOnAPage = kCommentsOfAPage / 2;
constexpr Milliseconds kReadAnewAfter{10'000};
// By which Jira is asked whether somebody may read what is restricted: more than one, since comments are deleted.
constexpr std::size_t kWitnesses = 3;

void merge(std::vector<ports::RosterAuthor>& into, std::vector<ports::RosterAuthor> more) {
  std::map<std::tuple<AccountId, std::string>, ports::RosterAuthor> latest;
  for (auto* authors : {&into, &more}) {
    for (auto& author : *authors) {
      const auto key = std::tuple(author.spoke.account, author.restricted_to);
      const auto [known, is_new] = latest.try_emplace(key, author);
      if (!is_new && known->second.spoke.at <= author.spoke.at) known->second = std::move(author);
    }
  }
  into.clear();
  for (auto& [key, author] : latest) into.push_back(std::move(author));
}

std::vector<ports::RosterAuthor> authors_of(const ports::CommentPage& page) {
  std::vector<ports::RosterAuthor> all;
  for (const auto& author : page.authors) {
    if (!author.person.app) all.push_back({.spoke = {.account = author.person.id, .at = author.at}, .restricted_to = author.restricted_to, .comment = author.comment});
  }
  std::vector<ports::RosterAuthor> once;
  merge(once, std::move(all));
  return once;
}

std::optional<Time> newest(const ports::CommentPage& page) {
  std::optional<Time> time;
  for (const auto& author : page.authors) time = std::max(time.value_or(author.at), author.at);
  return time;
}

std::optional<Time> oldest(const ports::CommentPage& page) {
  std::optional<Time> time;
  for (const auto& author : page.authors) time = std::min(time.value_or(author.at), author.at);
  return time;
}

// Comments of the very time that reading went to may have come after it.
bool reaches(const ports::CommentPage& page, Time read_to) { return oldest(page).value_or(read_to) < read_to; }

// Who is on everybody's list by a comment that would have to be on this page, and is not, or is restricted there.
std::vector<CommentId> gone_from(const ports::CommentPage& page, const std::vector<ports::RosterAuthor>& known) {
  std::set<CommentId> open;
  for (const auto& author : page.authors) {
    if (author.restricted_to.empty()) open.insert(author.comment);
  }
  const auto bottom = page.total <= page.authors.size() ? std::optional(Time{}) : oldest(page);
  std::vector<CommentId> gone;
  for (const auto& [spoke, restricted_to, comment] : known) {
    if (restricted_to.empty() && !comment.empty() && bottom && spoke.at > *bottom && !open.contains(comment)) gone.push_back(comment);
  }
  return gone;
}

}  // namespace

void take_off(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const IssueId& issue, const CommentId& comment,
              const std::optional<std::string>& now_restricted_to) {
  if (!unit.rosters().forget_comment(installation, issue, comment, now_restricted_to)) return;
  unit.rosters().doubt(installation, issue, doors.clock.now());
  if (!unit.rosters().read_anew(installation, issue, kSurelyOnAPage)) return;
  auto row = outbox_row(doors, installation, "roster.read", issue.value);
  row.due_at += kReadAnewAfter;
  unit.outbox().put(row);
}

bool Rosters::is_known(const std::optional<ports::Roster>& stored) const {
  if (!stored) return false;
  const auto now = doors_.clock.now();
  const auto read_at = stored->progress.read_at;
  return read_at <= now && now - read_at < kRosterLife && stored->doubted_at < read_at;
}

Time Rosters::good_until(const InstallationId& installation, const AccountId& caller, const IssueId& issue, const std::optional<ports::Roster>& stored) const {
  if (!is_known(stored)) return Time{};
  auto until = stored->progress.read_at + kRosterLife;
  for (const auto& author : stored->authors) {
    if (!author.restricted_to.empty()) until = std::min(until, restrictions_.until({{installation, caller, issue}, author.restricted_to}));
  }
  return until;
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

void Rosters::may_read(const Viewer& viewer, const std::vector<ports::RosterAuthor>& shown) {
  for (const auto& author : shown) {
    if (!author.restricted_to.empty()) restrictions_.keep({viewer, author.restricted_to}, true, doors_.clock.now(), kRestrictionsLife);
  }
}

std::vector<support::Spoke> Rosters::seen_by(const Viewer& viewer, const std::vector<ports::RosterAuthor>& authors) const {
  std::map<AccountId, Time> latest;
  for (const auto& [spoke, restricted_to, comment] : authors) {
    if (!restricted_to.empty()) {
      if (restricted_to == support::kUnknownRestriction) continue;   // of several that are not understood none proves another
      const auto* may = restrictions_.find({viewer, restricted_to}, doors_.clock.now());
      if (may == nullptr || !*may) continue;
    }
    auto& at = latest[spoke.account];
    at = std::max(at, spoke.at);
  }
  std::vector<support::Spoke> seen;
  for (const auto& [account, at] : latest) seen.push_back({.account = account, .at = at});
  return seen;
}

Task<Result<void>> Rosters::learn_restrictions(ports::Call call, Viewer viewer, const std::vector<ports::RosterAuthor>& all) {
  std::vector<ports::RosterAuthor> authors;
  std::ranges::copy_if(all, std::back_inserter(authors), [&](const auto& author) { return !author.restricted_to.empty() && restrictions_.find({viewer, author.restricted_to}, doors_.clock.now()) == nullptr; });
  if (authors.empty()) co_return Result<void>{};
  std::ranges::sort(authors, std::greater{}, [](const auto& author) { return author.spoke.at; });
  std::map<std::string, std::vector<CommentId>> witnesses;
  std::vector<CommentId> asked;
  for (auto& author : authors) {
    auto& some = witnesses[author.restricted_to];
    if (author.comment.empty() || some.size() == kWitnesses) continue;
    some.push_back(author.comment);
    asked.push_back(std::move(author.comment));
  }
  std::vector<CommentId> readable;
  if (!asked.empty()) {
    BELAY_CO_TRY(told, co_await doors_.tickets.readable_comments(std::move(call), ports::AsUser{std::get<AccountId>(viewer)}, std::move(asked)));
    readable = std::move(told);
  }
  for (const auto& [restriction, comments] : witnesses) {
    const bool may = std::ranges::any_of(comments, [&](const auto& comment) { return std::ranges::find(readable, comment) != readable.end(); });
    restrictions_.keep({viewer, restriction}, may, doors_.clock.now(), kRestrictionsLife);
  }
  co_return Result<void>{};
}

Task<Result<void>> Rosters::keep(InstallationId installation, IssueId issue, RosterNow now) {
  if (!now.fresh) co_return Result<void>{};
  const auto progress = *now.fresh;
  co_return co_await doors_.storage.write_unforced<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto paired = unit.installations().find(installation);
    if (!paired || paired->leaving_since) return {};
    for (const auto& comment : now.gone) take_off(doors_, unit, installation, issue, comment);   // before: what is restricted since comes back by what was read
    unit.rosters().add(installation, issue, now.read, progress);
    if (!progress.complete) unit.outbox().put(outbox_row(doors_, installation, "roster.read", issue.value));
    return {};
  });
}

// Before the pages are asked for: an event about a comment that is written meanwhile would else be of an issue that nobody knows.
Task<Result<void>> Rosters::begin(InstallationId installation, IssueId issue) {
  co_return co_await doors_.storage.write_unforced<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto paired = unit.installations().find(installation);
    if (paired && !paired->leaving_since) unit.rosters().begin(installation, issue);
    return {};
  });
}

Task<Result<RosterNow>> Rosters::look_first(ports::Call call, Viewer viewer) {
  const auto asked_at = doors_.clock.now();   // before: what happens meanwhile may not be in the answer
  const auto issue = std::get<IssueId>(viewer);
  BELAY_CO_CHECK(co_await begin(std::get<InstallationId>(viewer), issue));
  const ports::Actor actor = ports::AsUser{std::get<AccountId>(viewer)};
  auto [first, second] = co_await both(doors_.tickets.comment_authors(call, actor, issue, 0, kCommentsOfAPage), doors_.tickets.comment_authors(call, actor, issue, kCommentsOfAPage, kCommentsOfAPage));
  if (!first) co_return std::unexpected(std::move(first).error());
  RosterNow now;
  now.read = authors_of(*first);
  if (second) merge(now.read, authors_of(*second));
  may_read(viewer, now.read);
  now.authors = seen_by(viewer, now.read);
  now.complete = first->total <= (second ? kFirstPages : 1) * kCommentsOfAPage;
  // The worker begins at the newest comment: what the app may read is another list, in which the caller's pages have no place.
  now.fresh = ports::RosterProgress{.complete = now.complete, .next_start = 0, .total = first->total, .top = {}, .read_to = now.complete ? newest(*first).value_or(Time{}) : Time{}, .read_at = asked_at};
  co_return now;
}

Task<Result<RosterNow>> Rosters::look_again(ports::Call call, Viewer viewer, ports::Roster stored) {
  const auto asked_at = doors_.clock.now();
  const ports::Actor actor = ports::AsUser{std::get<AccountId>(viewer)};
  auto [page, learnt] = co_await both(doors_.tickets.comment_authors(call, actor, std::get<IssueId>(viewer), 0, kCommentsOfAPage), learn_restrictions(call, viewer, stored.authors));
  RosterNow now;
  now.cut = stored.cut;
  if (!page) {   // who had spoken by then is known
    now.failure = std::move(page).error();
    now.complete = stored.progress.complete;
    now.authors = seen_by(viewer, stored.authors);
    co_return now;
  }
  if (!learnt) now.failure = std::move(learnt).error();
  now.read = authors_of(*page);
  may_read(viewer, now.read);
  now.gone = gone_from(*page, stored.authors);
  std::erase_if(stored.authors, [&](const auto& author) { return author.restricted_to.empty() && std::ranges::find(now.gone, author.comment) != now.gone.end(); });
  merge(stored.authors, now.read);
  now.authors = seen_by(viewer, stored.authors);
  auto progress = stored.progress;
  progress.read_at = asked_at;
  if (progress.complete) {
    progress.total = page->total;
    if (page->total > kCommentsOfAPage && !reaches(*page, progress.read_to)) progress.complete = false;   // events about more than a page were lost
    else progress.read_to = std::max(progress.read_to, newest(*page).value_or(Time{}));
  }
  now.complete = progress.complete;
  now.fresh = progress;
  co_return now;
}

Task<Result<RosterNow>> Rosters::look(ports::Call call, AccountId caller, IssueId issue, const std::optional<ports::Roster>& stored) {
  const std::pair asked{call.installation, issue};
  const Viewer viewer{call.installation, std::move(caller), std::move(issue)};
  auto now = co_await look_at(std::move(call), viewer, stored);
  // Else the reader would be told for ever that older comments are still being read.
  if (const auto* refusal = refused_.find(asked, doors_.clock.now()); refusal != nullptr && now && !now->complete && !now->failure) now->failure = *refusal;
  co_return now;
}

Task<Result<RosterNow>> Rosters::look_at(ports::Call call, Viewer viewer, const std::optional<ports::Roster>& stored) {
  if (!stored) co_return co_await look_first(std::move(call), viewer);
  if (!is_known(stored)) co_return co_await look_again(std::move(call), viewer, *stored);
  auto learnt = co_await learn_restrictions(std::move(call), viewer, stored->authors);
  RosterNow now;
  if (!learnt) now.failure = std::move(learnt).error();
  now.complete = stored->progress.complete;
  now.cut = stored->cut;
  now.authors = seen_by(viewer, stored->authors);
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
  const auto left = progress.total > start ? progress.total - start : 0;
  std::vector<std::optional<Result<ports::CommentPage>>> pages(std::clamp((left + kCommentsOfAPage - 1) / kCommentsOfAPage, std::size_t{1}, kPagesAtATime));
  std::vector<Task<void>> questions;
  for (std::size_t i = 0; i < pages.size(); ++i) questions.push_back(answer_into(pages[i], page_as_app(step_call(row), issue, start + i * kCommentsOfAPage)));
  co_await all_of(std::move(questions));

  std::vector<ports::RosterAuthor> authors;
  std::size_t pages_read = 0;
  std::optional<Time> read_back_to;
  std::optional<Error> failure;
  bool met = false;   // what was read before
  for (auto& read : pages) {
    if (!*read) {
      failure = (*read).error();
      break;
    }
    const auto& page = **read;
    merge(authors, authors_of(page));
    if (start == 0 && pages_read == 0) progress.top = newest(page).value_or(Time{});
    progress.total = page.total;
    met = met || reaches(page, progress.read_to);
    if (const auto bottom = oldest(page)) read_back_to = bottom;
    ++pages_read;
  }
  const std::pair asked{row.installation, issue};
  refused_.forget(asked);
  if (failure && !may_pass(*failure)) {
    // Of an issue that the app may not see Jira says what it says of one that is gone. Whoever still looks at it sees it.
    auto refusal = *failure;
    if (refusal.code == "not_found") refusal.code = "jira_forbidden";
    refused_.keep(asked, std::move(refusal), doors_.clock.now(), kRosterLife);
  }
  if (failure && failure->code == "not_found") co_return Done{};
  if (pages_read > 0) progress.next_start = start + pages_read * kCommentsOfAPage;   // else the overlap would walk back with every failure
  const auto come_to_the_end = [&] {
    progress.complete = true;
    progress.next_start = 0;
    progress.read_to = std::max(progress.read_to, progress.top);
  };
  if (!failure && (met || progress.next_start >= progress.total)) come_to_the_end();
  auto kept = co_await doors_.storage.write_unforced<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto present = unit.rosters().find(row.installation, issue);
    if (!present) return {};   // the issue was deleted meanwhile
    progress.read_at = present->progress.read_at;
    unit.rosters().add(row.installation, issue, authors, progress);
    // Whoever is on older pages alone spoke before all who are kept.
    const auto held = unit.rosters().find(row.installation, issue);
    if (failure || progress.complete || !held || !held->cut || read_back_to > held->authors.back().spoke.at) return {};
    come_to_the_end();
    unit.rosters().add(row.installation, issue, {}, progress);
    return {};
  });
  if (!kept) co_return try_again(kept.error());
  if (failure) co_return may_pass(*failure) ? try_again(*failure) : StepResult{GiveUp{*failure}};
  if (progress.complete) co_return Done{};
  co_return LaterAt{doors_.clock.now()};
}

void Rosters::tidy() {
  restrictions_.tidy(doors_.clock.now());
  refused_.tidy(doors_.clock.now());
}

void Rosters::forget(const InstallationId& installation) {
  restrictions_.forget_if([&](const Restricted& key) { return std::get<InstallationId>(key.first) == installation; });
  refused_.forget_if([&](const auto& key) { return key.first == installation; });
}

}  // namespace belay::desk
