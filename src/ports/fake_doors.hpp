// Doors in memory, for tests of rooms above: a clock that stands still until it is moved, a Jira and a provider that do what the
// test says. What they were asked is kept, so that a test can count effects.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ports/account_reports.hpp"
#include "ports/clock.hpp"
#include "ports/connection_records.hpp"
#include "ports/contacts.hpp"
#include "ports/marks.hpp"
#include "ports/permissions.hpp"
#include "ports/storage.hpp"
#include "ports/support_provider.hpp"
#include "ports/tickets.hpp"
#include "ports/users.hpp"
#include "support/code_points.hpp"

namespace belay::ports {

class FakeClock final : public Clock {
 public:
  Time time = from_millis(1'800'000'000'000);
  [[nodiscard]] Time now() const override { return time; }
};

/// Nobody waits: the test calls the steps itself.
class FakeAlarm final : public Alarm {
 public:
  int rings = 0;
  std::function<void()> on_ring;        ///< what the worker does then, once
  Task<void> wait(Time) override { co_return; }
  void ring() override {
    ++rings;
    if (on_ring) std::exchange(on_ring, nullptr)();
  }
  Task<void> sleep(Milliseconds) override { co_return; }
};

/// Counts up, so that everything made is different and a run repeats.
class FakeRandom final : public Random {
 public:
  std::string bytes(std::size_t count) override {
    std::string made(count, '\0');
    for (auto& byte : made) byte = static_cast<char>(++counter_ * 37);
    return made;
  }
  std::string uuid() override {
    auto number = std::to_string(++counter_);
    return "018f0000-0000-7000-8000-" + std::string(12 - number.size(), '0') + number;
  }

 private:
  unsigned counter_ = 0;
};

/// Readable in place of cryptographic: "hash(x)".
class FakeDigests final : public Digests {
 public:
  [[nodiscard]] std::string sha256_hex(std::string_view bytes) const override { return "hash(" + std::string(bytes) + ")"; }
  [[nodiscard]] std::string base64url(std::string_view bytes) const override {
    std::string text;
    for (const char c : bytes) text += "0123456789abcdef"[static_cast<unsigned char>(c) % 16];
    return text;
  }
  [[nodiscard]] std::string sha256_base64url(std::string_view bytes) const override { return sha256_hex(bytes); }
};

/// Answers to give before the usual ones, oldest first.
template <class T>
class Script {
 public:
  void next(Result<T> answer) { answers_.push_back(std::move(answer)); }
  std::optional<Result<T>> take() {
    if (answers_.empty()) return std::nullopt;
    auto answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

 private:
  std::deque<Result<T>> answers_;
};

class FakeTickets final : public Tickets {
 public:
  struct Comment { CommentId id; IssueId issue; CommentPurpose purpose = CommentPurpose::invitation; SessionId session; int sending = 1; support::Document document; bool edited = false; };

  Ticket known;
  std::vector<Comment> comments;
  std::optional<bool> visible_to_customer;
  std::optional<Error> on_delete;       ///< in place of the effect
  Script<WrittenComment> on_write;      ///< in place of the effect
  std::function<void()> on_group;       ///< the same for the group
  bool lose_next_answer = false;        ///< the effect happens, the answer does not come
  int looks = 0;
  int written = 0;                      ///< how often somebody was told

  std::optional<Error> ticket_down;
  Task<Result<Ticket>> ticket(Call, Actor, IssueId issue) override {
    if (ticket_down) co_return std::unexpected(*ticket_down);
    if (issue != known.id && issue.value != known.key.value) co_return fail("not_found", "another issue");
    co_return known;
  }
  std::vector<CommentPage::Author> authors;      ///< of other people's comments, newest first
  std::vector<support::Person> taking_part;
  bool more_take_part = false;
  std::vector<std::size_t> pages_asked;          ///< where each began
  std::optional<Error> authors_down;
  std::map<std::size_t, Error> page_down;        ///< by where it begins
  std::function<void()> on_page;                 ///< what happens elsewhere when a page is asked for, once
  int participants_asked = 0;
  std::optional<Error> participants_down;
  std::size_t participants_of_a_page = 50;
  int further_asked = 0;
  std::function<Task<void>()> before_further;
  std::optional<Error> further_down;

  std::optional<std::vector<CommentPage::Author>> authors_for_app;   ///< where the app does not see what people see

  std::set<IssueId> out_of_sight;
  std::set<IssueId> not_told;                    ///< whether they are
  std::optional<Error> visible_down;
  std::vector<std::vector<IssueId>> visible_asked;

  Task<Result<VisibleIssues>> visible_issues(Call, Actor, std::vector<IssueId> issues) override {
    visible_asked.push_back(issues);
    if (visible_down) co_return std::unexpected(*visible_down);
    VisibleIssues seen;
    for (auto& issue : issues) {
      if (not_told.contains(issue)) seen.unknown.push_back(std::move(issue));
      else if (!out_of_sight.contains(issue)) seen.visible.push_back(std::move(issue));
    }
    co_return seen;
  }
  Task<Result<CommentPage>> comment_authors(Call, Actor actor, IssueId, std::size_t start, std::size_t count) override {
    pages_asked.push_back(start);
    if (on_page) std::exchange(on_page, nullptr)();
    if (authors_down) co_return std::unexpected(*authors_down);
    if (const auto down = page_down.find(start); down != page_down.end()) co_return std::unexpected(down->second);
    const bool as_app = std::holds_alternative<AsApp>(actor);
    auto seen = as_app && authors_for_app ? *authors_for_app : authors;
    std::erase_if(seen, [&](const auto& author) { return !is_readable(actor, author.restricted_to); });
    CommentPage page{.authors = {}, .total = seen.size()};
    for (auto at = start; at < seen.size() && at < start + count; ++at) page.authors.push_back(seen[at]);
    co_return page;
  }
  std::map<AccountId, std::set<std::string>> may_read;   ///< restrictions; who is not in it may read none
  std::vector<std::vector<CommentId>> readable_asked;
  std::optional<Error> readable_down;

  [[nodiscard]] bool is_readable(const Actor& actor, const std::string& restriction) const {
    if (restriction.empty()) return true;
    const auto* user = std::get_if<AsUser>(&actor);
    const auto found = may_read.find(user == nullptr ? AccountId{"the-app"} : user->account);
    return found != may_read.end() && found->second.contains(restriction);
  }
  Task<Result<std::vector<CommentId>>> readable_comments(Call, Actor actor, std::vector<CommentId> asked) override {
    readable_asked.push_back(asked);
    if (readable_down) co_return std::unexpected(*readable_down);
    std::erase_if(asked, [&](const CommentId& id) {
      const auto found = std::ranges::find(authors, id, &CommentPage::Author::comment);
      return found == authors.end() || !is_readable(actor, found->restricted_to);
    });
    co_return asked;
  }
  Task<Result<Participants>> participants(Call, Actor, IssueId) override {
    ++participants_asked;
    if (participants_down) co_return std::unexpected(*participants_down);
    const auto most = std::min(participants_of_a_page, taking_part.size());
    Participants first{.people = {taking_part.begin(), taking_part.begin() + static_cast<std::ptrdiff_t>(most)}, .next = {}};
    if (most < taking_part.size() || more_take_part) first.next = most;
    co_return first;
  }
  Task<Result<Participants>> further_participants(Call, Actor, IssueId, std::size_t start) override {
    ++further_asked;
    if (before_further) co_await before_further();
    if (further_down) co_return std::unexpected(*further_down);
    Participants rest{.people = {taking_part.begin() + static_cast<std::ptrdiff_t>(start), taking_part.end()}, .next = {}};
    if (more_take_part) rest.next = taking_part.size();
    co_return rest;
  }

  Task<Result<WrittenComment>> write_comment(Call, CommentDraft draft) override {
    if (auto scripted = on_write.take()) co_return std::move(*scripted);
    comments.push_back({.id = CommentId{std::to_string(100 + ++written)}, .issue = draft.issue, .purpose = draft.purpose, .session = draft.session, .sending = draft.sending, .document = draft.document});
    if (std::exchange(lose_next_answer, false)) co_return fail_for_now("jira_unreachable", "no answer", std::nullopt, {{"maybe_done", true}});
    co_return WrittenComment{.id = comments.back().id, .created_at = {}, .sending = draft.sending, .visible_to_customer = visible_to_customer};
  }
  Task<Result<std::vector<WrittenComment>>> find_comments(Call, IssueId, CommentPurpose purpose, SessionId session, Time) override {
    ++looks;
    std::vector<WrittenComment> found;
    for (auto comment = comments.rbegin(); comment != comments.rend(); ++comment) {
      if (comment->session == session && comment->purpose == purpose) found.push_back({.id = comment->id, .created_at = {}, .sending = comment->sending, .visible_to_customer = visible_to_customer});
    }
    co_return found;
  }
  Task<Result<void>> edit_comment(Call, IssueId, CommentId comment, support::Document document) override {
    for (auto& one : comments) {
      if (one.id != comment) continue;
      one.document = std::move(document);
      one.edited = true;
      co_return Result<void>{};
    }
    co_return fail("not_found", "no such comment");
  }
  Task<Result<void>> delete_comment(Call, IssueId, CommentId comment) override {
    if (on_delete) co_return std::unexpected(*on_delete);
    std::erase_if(comments, [&](const Comment& one) { return one.id == comment; });
    co_return Result<void>{};
  }
  [[nodiscard]] json::object preview(const support::Document& document) const override {
    previewed = document;
    return {{"paragraphs", document.paragraphs.size()}};
  }
  mutable support::Document previewed;
};

class FakeUsers final : public Users {
 public:
  std::map<AccountId, support::Person> known;
  std::map<AccountId, std::vector<std::string>> groups_of;
  std::optional<Error> down;
  int asked = 0;
  std::function<void()> on_user;        ///< what happens elsewhere meanwhile, once
  Task<Result<support::Person>> user(Call, AccountId account) override {
    ++asked;
    if (on_user) std::exchange(on_user, nullptr)();
    if (down) co_return std::unexpected(*down);
    const auto found = known.find(account);
    if (found == known.end()) co_return fail("not_found", "no such account");
    co_return found->second;
  }
  std::map<std::string, AccountId> owners;   ///< by user token
  Task<Result<support::Person>> owner_of(Call call, std::string user_token) override {
    const auto owner = owners.find(user_token);
    if (owner == owners.end()) co_return fail_for_now("jira_token_missing", "not taken");
    co_return co_await user(std::move(call), owner->second);
  }
  std::map<AccountId, std::string> app_addresses;
  std::optional<Error> addresses_down;
  std::vector<std::vector<AccountId>> people_asked;
  std::vector<std::vector<AccountId>> addresses_asked;
  std::function<Task<void>()> before_answer;     ///< awaited before people are told
  std::function<Task<void>()> before_addresses;  ///< awaited before addresses are told
  Task<Result<std::vector<support::Person>>> people(Call, std::vector<AccountId> accounts) override {
    people_asked.push_back(accounts);
    if (before_answer) co_await before_answer();
    if (down) co_return std::unexpected(*down);
    std::vector<support::Person> found;
    for (const auto& account : accounts) {
      if (const auto person = known.find(account); person != known.end()) found.push_back(person->second);
    }
    co_return found;
  }
  Task<Result<std::map<AccountId, std::string>>> addresses(Call, std::vector<AccountId> accounts) override {
    addresses_asked.push_back(accounts);
    if (before_addresses) co_await before_addresses();
    if (addresses_down) co_return std::unexpected(*addresses_down);
    std::map<AccountId, std::string> found;
    for (const auto& account : accounts) {
      if (const auto address = app_addresses.find(account); address != app_addresses.end()) found.insert(*address);
    }
    co_return found;
  }
  Task<Result<std::vector<std::string>>> groups(Call, AccountId account) override {
    if (down) co_return std::unexpected(*down);
    co_return groups_of[account];
  }
};

class FakePermissions final : public Permissions {
 public:
  std::map<AccountId, support::JiraRights> rights_of;
  Script<support::JiraRights> on_ask;
  int asked = 0;
  Task<Result<support::JiraRights>> rights(Call, AccountId account, std::optional<IssueId>) override {
    ++asked;
    if (auto scripted = on_ask.take()) co_return std::move(*scripted);
    co_return rights_of[account];
  }
  std::map<AccountId, support::JiraRights> project_rights_of;
  std::vector<std::pair<AccountId, ProjectId>> projects_asked;
  Task<Result<support::JiraRights>> project_rights(Call, AccountId account, ProjectId project) override {
    projects_asked.emplace_back(account, std::move(project));
    if (auto scripted = on_ask.take()) co_return std::move(*scripted);
    co_return project_rights_of[account];
  }
  std::vector<std::string> groups;       ///< that the site has
  std::optional<Error> groups_down;
  std::vector<std::pair<AccountId, std::vector<std::string>>> groups_asked;
  Task<Result<std::vector<std::string>>> unknown_groups(Call, AccountId account, std::vector<std::string> names) override {
    groups_asked.emplace_back(std::move(account), names);
    if (groups_down) co_return std::unexpected(*groups_down);
    std::erase_if(names, [&](const std::string& name) { return std::ranges::any_of(groups, [&](const auto& one) { return support::is_same_group(one, name); }); });
    co_return names;
  }
};

class FakeMarks final : public Marks {
 public:
  std::map<std::pair<IssueId, std::string>, json::object> properties;
  std::optional<Error> down;
  Task<Result<void>> set_property(Call, IssueId issue, std::string key, json::object value) override {
    if (down) co_return std::unexpected(*down);
    properties[{std::move(issue), std::move(key)}] = std::move(value);
    co_return Result<void>{};
  }

  struct Worklog { WorklogId id; WorklogDraft draft; bool as_app = false; };
  std::vector<Worklog> worklogs;
  int written = 0;
  bool users_may = true;                ///< Jira takes the supporter's own token
  std::function<void()> on_group;       ///< the same for the group
  bool lose_next_answer = false;        ///< the effect happens, the answer does not come
  Task<Result<WorklogId>> write_worklog(Call, Actor actor, WorklogDraft draft) override {
    const bool as_app = std::holds_alternative<AsApp>(actor);
    if (!as_app && !users_may) co_return fail("jira_token_missing", "no token of the user");
    worklogs.push_back({.id = WorklogId{std::to_string(500 + ++written)}, .draft = std::move(draft), .as_app = as_app});
    if (std::exchange(lose_next_answer, false)) co_return fail_for_now("jira_unreachable", "no answer", std::nullopt, {{"maybe_done", true}});
    co_return worklogs.back().id;
  }
  Task<Result<std::vector<WorklogId>>> find_worklogs(Call, IssueId, SessionId session, Time) override {
    std::vector<WorklogId> found;
    for (const auto& one : worklogs) {
      if (one.draft.session == session) found.push_back(one.id);
    }
    co_return found;
  }
  Task<Result<void>> delete_worklog(Call, Actor actor, IssueId, WorklogId worklog) override {
    const auto found = std::ranges::find(worklogs, worklog, &Worklog::id);
    if (found == worklogs.end()) co_return fail("not_found", "no such worklog");
    if (found->as_app != std::holds_alternative<AsApp>(actor)) co_return fail("jira_refused", "somebody else's");
    worklogs.erase(found);
    co_return Result<void>{};
  }
  Task<Result<void>> change_worklog(Call, Actor, WorklogId worklog, WorklogDraft draft) override {
    const auto found = std::ranges::find(worklogs, worklog, &Worklog::id);
    if (found == worklogs.end()) co_return fail("not_found", "no such worklog");
    found->draft = std::move(draft);
    co_return Result<void>{};
  }
};

/// One agent's contact list, or, in `lists`, that of each.
class FakeContacts final : public Contacts {
 public:
  std::vector<ContactAt> list;
  std::map<AccountId, std::vector<ContactAt>> lists;
  std::vector<std::string> invitations;
  std::set<std::string> not_taken;      ///< addresses that the provider takes for none
  std::optional<Error> down;
  std::optional<Error> contact_down;    ///< of looking at one contact only
  std::optional<Error> will_not_invite; ///< in place of the effect
  std::optional<Error> on_invite;       ///< answered although the invitation went out, as TeamViewer does
  std::function<void()> after_invite;   ///< once, when it went out and before anybody is told: may throw, as a process that is killed
  std::function<Task<void>()> before_answer;   ///< awaited before contacts are told
  std::vector<AccountId> prepared;      ///< whose calls were told to be coming
  std::vector<std::vector<std::string>> asked;
  std::vector<ContactId> looked_at;
  ContactId left_out_of_lists;          ///< as by a provider that ends lists early
  std::vector<std::string> names_asked;
  int invites = 0;

  [[nodiscard]] const std::vector<ContactAt>& list_of(const LinkRef& link) const {
    const auto own = lists.find(link.account);
    return own == lists.end() ? list : own->second;
  }

  Task<void> prepare(Call, LinkRef link) override {
    prepared.push_back(link.account);
    co_return;
  }
  Task<Result<ContactsFound>> contacts_at(Call, LinkRef link, std::vector<std::string> addresses) override {
    asked.push_back(addresses);
    if (before_answer) co_await before_answer();
    if (down) co_return std::unexpected(*down);
    if (std::ranges::any_of(addresses, [&](const auto& one) { return not_taken.contains(one); })) co_return fail("address_not_usable", "400");
    ContactsFound found;
    // Exact but for case, as the provider's filter.
    const auto wanted = [&](const std::string& address) { return std::ranges::any_of(addresses, [&](const auto& one) { return support::same_ignoring_case(one, address); }); };
    std::ranges::copy_if(list_of(link), std::back_inserter(found.contacts), [&](const ContactAt& one) { return wanted(one.address); });
    std::ranges::copy_if(invitations, std::back_inserter(found.invited), wanted);
    co_return found;
  }
  Task<Result<support::Contact>> contact(Call, LinkRef link, ContactId id) override {
    looked_at.push_back(id);
    if (before_answer) co_await before_answer();
    if (contact_down) co_return std::unexpected(*contact_down);
    if (down) co_return std::unexpected(*down);
    for (const auto& one : list_of(link)) {
      if (one.contact.id == id) co_return one.contact;
    }
    co_return fail("not_found", "no such contact");
  }
  Task<Result<std::vector<support::Contact>>> contacts_named(Call, LinkRef link, std::string text) override {
    names_asked.push_back(text);
    if (before_answer) co_await before_answer();
    if (down) co_return std::unexpected(*down);
    std::vector<support::Contact> found;
    for (const auto& one : list_of(link)) {
      if (one.contact.name.contains(text) && one.contact.id != left_out_of_lists) found.push_back(one.contact);
    }
    co_return found;
  }
  Task<Result<void>> invite(Call, LinkRef, std::string address, std::string) override {
    if (down) co_return std::unexpected(*down);
    if (will_not_invite) co_return std::unexpected(*will_not_invite);
    ++invites;
    if (std::ranges::find(invitations, address) == invitations.end()) invitations.push_back(address);
    if (after_invite) std::exchange(after_invite, nullptr)();
    if (on_invite) co_return std::unexpected(*on_invite);
    co_return Result<void>{};
  }
  [[nodiscard]] Result<std::string> launch_url(const ContactId& contact, support::LaunchMode mode) const override {
    return "https://start.example/" + contact.value + '/' + std::string(support::to_string(mode));
  }
};

/// Connection records of all accounts; `allowed` says whose may be read.
class FakeConnectionRecords final : public ConnectionRecords {
 public:
  std::vector<ConnectionRecord> records;
  std::set<AccountId> allowed;
  std::optional<Error> down;
  std::map<RecordId, Error> will_not_note;
  std::vector<std::pair<SessionCode, Time>> asked;              ///< codes, and from when on
  std::vector<std::pair<RecordId, std::string>> noted;          ///< oldest first, repetitions too

  Task<Result<std::vector<ConnectionRecord>>> of_session(Call, LinkRef link, SessionCode code, Time from) override {
    asked.emplace_back(code, from);
    if (auto refused = why_not(link)) co_return std::unexpected(std::move(*refused));
    std::vector<ConnectionRecord> found;
    std::ranges::copy_if(records, std::back_inserter(found), [&](const ConnectionRecord& one) { return one.session_code == code && one.start >= from; });
    std::ranges::sort(found, {}, &ConnectionRecord::start);
    co_return found;
  }
  Task<Result<void>> set_notes(Call, LinkRef link, RecordId record, std::string notes) override {
    if (auto refused = why_not(link)) co_return std::unexpected(std::move(*refused));
    if (const auto refusal = will_not_note.find(record); refusal != will_not_note.end()) co_return std::unexpected(refusal->second);
    const auto found = std::ranges::find(records, record, &ConnectionRecord::id);
    if (found == records.end()) co_return fail("not_found", "no such record");
    noted.emplace_back(std::move(record), notes);
    found->notes = std::move(notes);
    co_return Result<void>{};
  }

 private:
  [[nodiscard]] std::optional<Error> why_not(const LinkRef& link) const {
    if (!allowed.contains(link.account)) return fail("reports_not_allowed", "as the test asked").error();
    return down;
  }
};

class FakeProvider final : public SupportProvider {
 public:
  std::vector<ProviderSession> sessions;
  std::vector<Grant> revoked;
  std::optional<Error> down;            ///< every call with a link answers this
  Script<ProviderSession> on_create;    ///< in place of the effect
  std::function<void()> before_answer;  ///< what happens elsewhere before a scripted answer, once
  std::function<void()> on_list;        ///< what happens elsewhere when the list is asked for, once
  std::function<void()> on_group;       ///< the same for the group
  bool lose_next_answer = false;        ///< the effect happens, the answer does not come
  int looks = 0;
  int creates = 0;
  int lists = 0;
  ProviderAccount granted = eligible();                ///< who consents
  bool has_reports = false;             ///< the server has that registration
  std::map<SessionCode, Error> will_not_close;
  std::map<SessionCode, Error> will_not_show;
  int group_looks = 0;
  int registration_checks = 0;
  int pings = 0;

  [[nodiscard]] std::size_t live() const { return static_cast<std::size_t>(std::ranges::count_if(sessions, &ProviderSession::open)); }

  [[nodiscard]] ProviderName name() const override { return ProviderName{"teamviewer"}; }
  [[nodiscard]] std::string display_name() const override { return "TeamViewer"; }
  [[nodiscard]] SessionSample sample() const override { return {.code = SessionCode{"sample-code"}, .customer_link = "https://provider.example/sample"}; }
  [[nodiscard]] bool has(Registration registration) const override { return registration == Registration::base || has_reports; }
  [[nodiscard]] std::string authorize_url(Registration registration, std::string state, std::string challenge) const override {
    const std::string_view client = registration == Registration::reports ? "reports&" : "";
    return "https://provider.example/authorize?" + std::string(client) + "state=" + state + "&challenge=" + challenge;
  }
  Task<Result<Grant>> exchange(Call, Registration registration, std::string code, std::string) override {
    co_return Grant{.access_token = "access " + code, .refresh_token = "refresh " + code, .expires_at = Time::max(), .registration = registration};
  }
  Task<Result<void>> revoke(Call, Grant grant) override {
    if (down) co_return std::unexpected(*down);
    revoked.push_back(std::move(grant));
    co_return Result<void>{};
  }
  Task<Result<ProviderAccount>> account_of(Call, Grant) override {
    if (down) co_return std::unexpected(*down);
    co_return granted;
  }
  Task<Result<void>> check_registration(Call, Registration) override {
    ++registration_checks;
    if (down) co_return std::unexpected(*down);
    co_return Result<void>{};
  }
  Task<Result<void>> ping(Call, LinkRef) override {
    ++pings;
    if (down) co_return std::unexpected(*down);
    co_return Result<void>{};
  }
  Task<Result<ProviderAccount>> account(Call, LinkRef) override {
    if (down) co_return std::unexpected(*down);
    co_return granted;
  }
  Task<Result<std::string>> group(Call, LinkRef, std::string name) override {
    if (down) co_return std::unexpected(*down);
    if (on_group) std::exchange(on_group, nullptr)();
    ++group_looks;
    co_return "g-" + name;
  }
  Task<Result<ProviderSession>> create_session(Call, LinkRef, SessionDraft draft) override {
    if (down) co_return std::unexpected(*down);
    if (auto scripted = on_create.take()) {
      if (before_answer) std::exchange(before_answer, nullptr)();
      co_return std::move(*scripted);
    }
    ++creates;
    const auto code = "s100-000-" + std::to_string(100 + creates);
    sessions.push_back({.code = SessionCode{code}, .ours = draft.id, .open = true, .online = false, .customer_link = "https://get.example/" + code,
                        .supporter_link = "https://get.example/" + code + "-secret", .browser_link = "https://web.example/" + code + "-secret",
                        .created_at = from_millis(1'800'000'000'000 + creates), .valid_until = draft.valid_until});
    if (std::exchange(lose_next_answer, false)) co_return fail_for_now("provider_unreachable", "no answer", std::nullopt, {{"maybe_done", true}});
    co_return sessions.back();
  }
  Task<Result<std::vector<ProviderSession>>> find_sessions(Call, LinkRef, SessionId ours) override {
    ++looks;
    if (down) co_return std::unexpected(*down);
    std::vector<ProviderSession> found;
    std::ranges::copy_if(sessions, std::back_inserter(found), [&](const ProviderSession& one) { return one.open && one.ours == ours; });
    co_return found;
  }
  Task<Result<std::vector<ProviderSession>>> open_sessions(Call, LinkRef) override {
    ++lists;
    if (on_list) std::exchange(on_list, nullptr)();
    if (down) co_return std::unexpected(*down);
    std::vector<ProviderSession> found;
    std::ranges::copy_if(sessions, std::back_inserter(found), &ProviderSession::open);
    co_return found;
  }
  Task<Result<ProviderSession>> session(Call, LinkRef, SessionCode code) override {
    if (down) co_return std::unexpected(*down);
    if (const auto refusal = will_not_show.find(code); refusal != will_not_show.end()) co_return std::unexpected(refusal->second);
    const auto found = std::ranges::find(sessions, code, &ProviderSession::code);
    if (found == sessions.end()) co_return fail("not_found", "no such code");
    co_return *found;
  }
  Task<Result<void>> close_session(Call, LinkRef, SessionCode code) override {
    if (down) co_return std::unexpected(*down);
    if (const auto refusal = will_not_close.find(code); refusal != will_not_close.end()) co_return std::unexpected(refusal->second);
    for (auto& one : sessions) {
      if (one.code == code) one.open = false;
    }
    co_return Result<void>{};
  }

  [[nodiscard]] static ProviderAccount eligible() {
    return {.id = ProviderAccountId{"u1"}, .name = "Agent at the provider", .email = {}, .company = {}, .picture = {}, .licence = {.type = "Corporate", .active = true, .paid = true}};
  }
};

/// Knows which accounts were closed or changed, by the test's word.
class FakeAccountReports final : public AccountReports {
 public:
  std::map<AccountId, AccountChange> changes;
  std::optional<Error> down;
  std::optional<std::int64_t> cycle_days;
  std::vector<std::vector<StoredAccount>> reports;

  Task<Result<AccountReportAnswer>> report(Call, std::vector<StoredAccount> accounts) override {
    reports.push_back(accounts);
    if (down) co_return std::unexpected(*down);
    AccountReportAnswer answer{.changes = {}, .cycle_days = cycle_days};
    for (const auto& stored : accounts) {
      if (const auto change = changes.find(stored.account); change != changes.end()) answer.changes.emplace_back(*change);
    }
    co_return answer;
  }
};

}  // namespace belay::ports
