#include "desk/audit_reading.hpp"

#include <algorithm>
#include <array>

#include <boost/json/serialize.hpp>

#include "base/csv.hpp"
#include "desk/cursor.hpp"

namespace belay::desk {
namespace {

constexpr std::size_t kOnOnePage = 50;
// A piece of the file: at about 400 bytes an entry far from the 5 MB that Forge lets through, and soon there.
constexpr std::size_t kInOnePiece = 2'000;
constexpr std::size_t kPieceBytes = 2 * 1024 * 1024;
constexpr std::size_t kMostPeople = 500;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Both stand in one field of the page: an id of ours has hyphens at its places, a code of the provider's has not that many.
bool is_session_id(std::string_view named) { return named.size() == kUuidLength && std::ranges::count(named, '-') == 4; }

std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return capitals;
}

json::object entry_view(const ports::AuditEntry& entry, const std::map<AccountId, std::string>& names) {
  json::object view{{"id", entry.id}, {"at", to_iso8601_millis(entry.at)}, {"action", entry.action}};
  if (entry.actor) view["actor"] = account_view(*entry.actor, names);
  if (entry.issue) {
    json::object issue{{"id", entry.issue->value}};
    if (entry.issue_key) issue["key"] = entry.issue_key->value;
    view["issue"] = std::move(issue);
  }
  if (entry.session) {
    json::object session{{"id", entry.session->value}};
    if (entry.session_code) session["code"] = entry.session_code->value;
    view["session"] = std::move(session);
  }
  if (entry.person) view["person"] = account_view(*entry.person, names);
  if (!entry.peer.empty()) view["peer"] = entry.peer;
  if (!entry.detail.empty()) view["detail"] = entry.detail;
  return view;
}

constexpr std::size_t kColumns = 13;
using Line = std::array<std::string, kColumns>;

// Stable: others read the file by these names. What is new comes last.
Line header() { return {"at", "action", "actor", "actorName", "issue", "issueKey", "session", "sessionCode", "person", "personName", "peer", "detail", "id"}; }

Line line_of(const ports::AuditEntry& entry, const std::map<AccountId, std::string>& names) {
  const auto text = [](const auto& id) { return id ? id->value : std::string(); };
  const auto name = [&](const std::optional<AccountId>& account) {
    const auto found = account ? names.find(*account) : names.end();
    return found == names.end() ? std::string() : found->second;
  };
  return {to_iso8601_millis(entry.at), entry.action, text(entry.actor), name(entry.actor), text(entry.issue), text(entry.issue_key), text(entry.session), text(entry.session_code),
          text(entry.person), name(entry.person), entry.peer, entry.detail.empty() ? std::string() : boost::json::serialize(entry.detail), entry.id};
}

void append(std::string& to, const ports::AuditEntry& entry, const std::map<AccountId, std::string>& names, AuditFormat format) {
  if (format == AuditFormat::csv) return append_csv_line(to, line_of(entry, names));
  to += boost::json::serialize(entry_view(entry, names));
  to += '\n';
}

ports::AuditPlace place_of(const ports::AuditEntry& entry) { return {.at = entry.at, .id = entry.id}; }

void say_names_missing(json::object& view, const AccountNames::Seen& seen) {
  if (seen.failure) view["namesMissing"] = seen.failure->code;
}

}  // namespace

// The log first, which costs nothing; Jira knows what an issue is called since it was moved.
Task<Result<std::optional<IssueId>>> AuditReading::issue_of(Caller caller, std::string named) {
  using Found = std::optional<IssueId>;
  if (std::ranges::all_of(named, is_digit)) co_return Found(IssueId{std::move(named)});
  const IssueKey key{in_capitals(named)};
  BELAY_CO_TRY(logged, co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.audit().issue_of(caller.installation(), key); }));
  if (logged) co_return logged;
  auto ticket = co_await doors_.tickets.ticket(outside_call(caller, kLongPatience), ports::AsApp{}, IssueId{key.value});
  if (ticket) co_return Found(ticket->id);
  if (ticket.error().code == "not_found") co_return Found{};
  co_return std::unexpected(std::move(ticket).error());
}

Task<Result<std::optional<ports::AuditFilter>>> AuditReading::filter_of(Caller caller, AuditQuestion question) {
  using Filter = std::optional<ports::AuditFilter>;
  ports::AuditFilter filter{.from = question.from, .before = question.to, .action = question.action};
  filter.by_belay = question.actor == kBelayItself;
  if (question.actor && !filter.by_belay) filter.actor = AccountId{*question.actor};
  if (question.person) filter.person = AccountId{*question.person};
  if (question.session && is_session_id(*question.session)) {
    filter.session = SessionId{*question.session};
  } else if (question.session) {
    const SessionCode code{*question.session};
    using Found = std::optional<SessionId>;
    BELAY_CO_TRY(session, co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.audit().session_of(caller.installation(), code); }));
    if (!session) co_return Filter{};
    filter.session = std::move(session);
  }
  if (question.issue) {
    BELAY_CO_TRY(issue, co_await issue_of(caller, *question.issue));
    if (!issue) co_return Filter{};
    filter.issue = std::move(issue);
  }
  co_return Filter(std::move(filter));
}

Task<Result<AuditReading::Page>> AuditReading::read(Caller caller, AuditQuestion question, std::size_t most, Counting counting) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  BELAY_CO_TRY(filter, co_await filter_of(caller, question));
  if (!filter) co_return Page{.entries = {}, .more = false, .total = counting == Counting::yes ? std::optional<std::int64_t>(0) : std::nullopt, .seen = {}};
  auto page = co_await doors_.storage.read<Page>([&](ports::UnitOfWork& unit) -> Result<Page> {
    Page read;
    read.entries = unit.audit().page(caller.installation(), *filter, question.after, most + 1);   // one more tells whether there are more
    read.more = read.entries.size() > most;
    if (read.more) read.entries.pop_back();
    if (counting == Counting::yes) read.total = unit.audit().count(caller.installation(), *filter);
    return read;
  });
  if (!page) co_return page;
  std::set<AccountId> named;
  for (const auto& entry : page->entries) {
    if (entry.actor) named.insert(*entry.actor);
    if (entry.person) named.insert(*entry.person);
  }
  page->seen = co_await names_.look(caller, std::move(named));
  co_return page;
}

Task<Result<json::object>> AuditReading::entries(Caller caller, AuditQuestion question) {
  BELAY_CO_TRY(page, co_await read(std::move(caller), std::move(question), kOnOnePage, Counting::no));
  json::array entries;
  for (const auto& entry : page.entries) entries.push_back(entry_view(entry, page.seen.names));
  json::object view{{"entries", std::move(entries)}};
  if (page.more) view["next"] = to_cursor(place_of(page.entries.back()));
  say_names_missing(view, page.seen);
  co_return view;
}

Task<Result<json::object>> AuditReading::file(Caller caller, AuditQuestion question, AuditFormat format) {
  const bool first = !question.after;
  BELAY_CO_TRY(page, co_await read(std::move(caller), std::move(question), kInOnePiece, first ? Counting::yes : Counting::no));
  std::string text;
  if (first && format == AuditFormat::csv) append_csv_line(text, header());
  std::size_t count = 0;
  for (const auto& entry : page.entries) {
    if (text.size() >= kPieceBytes) break;
    append(text, entry, page.seen.names, format);
    ++count;
  }
  const bool more = page.more || count < page.entries.size();
  json::object view{{"text", std::move(text)}, {"count", count}};
  if (more) view["next"] = to_cursor(place_of(page.entries.at(count - 1)));
  if (page.total) view["total"] = *page.total;
  say_names_missing(view, page.seen);
  co_return view;
}

Task<Result<json::object>> AuditReading::people(Caller caller) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  using Accounts = ports::AuditLog::Accounts;
  BELAY_CO_TRY(accounts, co_await doors_.storage.read<Accounts>([&](ports::UnitOfWork& unit) -> Result<Accounts> { return unit.audit().accounts(caller.installation(), kMostPeople); }));
  std::set<AccountId> named(accounts.actors.begin(), accounts.actors.end());
  named.insert(accounts.people.begin(), accounts.people.end());
  const auto seen = co_await names_.look(std::move(caller), std::move(named));
  const auto view_of = [&](const std::vector<AccountId>& some) {
    json::array view;
    for (const auto& account : some) view.push_back(account_view(account, seen.names));
    return view;
  };
  json::object view{{"actors", view_of(accounts.actors)}, {"people", view_of(accounts.people)}};
  say_names_missing(view, seen);
  co_return view;
}

}  // namespace belay::desk
