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
#include "ports/jira_sign_in.hpp"
#include "ports/marks.hpp"
#include "ports/permissions.hpp"
#include "ports/storage.hpp"
#include "ports/support_provider.hpp"
#include "ports/tickets.hpp"
#include "ports/users.hpp"
#include "ports/work.hpp"
#include "support/code_points.hpp"

namespace belay::ports {

class FakeClock final : public Clock {
 public:
  Time time = from_millis(1'800'000'000'000);
  [[nodiscard]] Time now() const override { return time; }
};

/// Does nothing by itself: the test calls the steps.
class FakeWork final : public Work {
 public:
  int rings = 0;
  std::function<void()> on_ring;        ///< what the worker does then, once
  std::optional<Lease> free_hand;       ///< nothing: every row waits its turn
  std::vector<OutboxRow> begun;
  void ring() override;
  std::optional<Lease> lease() override { return free_hand; }
  Task<void> begin(OutboxRow row) override;
};

/// Counts up, so that everything made is different and a run repeats.
class FakeRandom final : public Random {
 public:
  std::string bytes(std::size_t count) override;
  std::string uuid() override;

 private:
  unsigned counter_ = 0;
};

/// Neither is cryptographic. Hexadecimal as the real one is, and "hash(x)".
class FakeDigests final : public Digests {
 public:
  [[nodiscard]] std::string sha256_hex(std::string_view bytes) const override;
  [[nodiscard]] std::string base64url(std::string_view bytes) const override;
  [[nodiscard]] std::string sha256_base64url(std::string_view bytes) const override { return "hash(" + std::string(bytes) + ")"; }
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
  bool lose_next_answer = false;        ///< the effect happens, the answer does not come
  std::function<Task<void>()> before_edit;   ///< awaited once a comment is to be edited, once
  int looks = 0;
  int written = 0;                      ///< how often somebody was told

  std::optional<Error> ticket_down;
  Task<Result<Ticket>> ticket(Call, Actor, IssueId issue) override;
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

  std::optional<Error> request_down;
  std::vector<std::pair<AccountId, IssueKey>> requests_asked;   ///< as whom; the app's own token stands as nobody
  Task<Result<Request>> request(Call, Actor actor, IssueKey key) override;

  std::set<IssueId> out_of_sight;
  std::set<IssueId> not_told;                    ///< whether they are
  std::optional<Error> visible_down;
  std::vector<std::vector<IssueId>> visible_asked;
  std::map<IssueId, Headline> headlines;             ///< of issues other than the known one
  [[nodiscard]] Headline headline_of(const IssueId& issue) const;

  Task<Result<VisibleIssues>> visible_issues(Call, Actor, std::vector<IssueId> issues) override;
  Task<Result<CommentPage>> comment_authors(Call, Actor actor, IssueId, std::size_t start, std::size_t count) override;
  std::map<AccountId, std::set<std::string>> may_read;   ///< restrictions; who is not in it may read none
  std::vector<std::vector<CommentId>> readable_asked;
  std::optional<Error> readable_down;

  [[nodiscard]] bool is_readable(const Actor& actor, const std::string& restriction) const;
  Task<Result<std::vector<CommentId>>> readable_comments(Call, Actor actor, std::vector<CommentId> asked) override;
  Task<Result<Participants>> participants(Call, Actor, IssueId) override;
  Task<Result<Participants>> further_participants(Call, Actor, IssueId, std::size_t start) override;

  Task<Result<WrittenComment>> write_comment(Call, CommentDraft draft) override;
  Task<Result<std::vector<WrittenComment>>> find_comments(Call, IssueId, CommentPurpose purpose, SessionId session, Time) override;
  Task<Result<void>> edit_comment(Call, IssueId, CommentId comment, support::Document document) override;
  Task<Result<void>> delete_comment(Call, IssueId, CommentId comment) override;
  [[nodiscard]] json::object preview(const support::Document& document) const override;
  mutable support::Document previewed;
};

class FakeUsers final : public Users {
 public:
  std::map<AccountId, support::Person> known;
  std::map<AccountId, std::vector<std::string>> groups_of;
  std::optional<Error> down;
  int asked = 0;
  std::function<void()> on_user;        ///< what happens elsewhere meanwhile, once
  Task<Result<support::Person>> user(Call, AccountId account) override;
  std::map<std::string, AccountId> owners;   ///< by user token
  Task<Result<support::Person>> owner_of(Call call, std::string user_token) override;
  std::map<AccountId, std::string> app_addresses;
  std::optional<Error> addresses_down;
  std::vector<std::vector<AccountId>> people_asked;
  std::vector<std::vector<AccountId>> addresses_asked;
  std::function<Task<void>()> before_answer;     ///< awaited before people are told
  std::function<Task<void>()> before_addresses;  ///< awaited before addresses are told
  Task<Result<std::vector<support::Person>>> people(Call, std::vector<AccountId> accounts) override;
  Task<Result<std::map<AccountId, std::string>>> addresses(Call, std::vector<AccountId> accounts) override;
  Task<Result<std::vector<std::string>>> groups(Call, AccountId account) override;
};

class FakePermissions final : public Permissions {
 public:
  std::map<AccountId, support::JiraRights> rights_of;
  Script<support::JiraRights> on_ask;
  int asked = 0;
  Task<Result<support::JiraRights>> rights(Call, AccountId account, std::optional<IssueId>) override;
  std::map<AccountId, support::JiraRights> project_rights_of;
  std::vector<std::pair<AccountId, ProjectId>> projects_asked;
  Task<Result<support::JiraRights>> project_rights(Call, AccountId account, ProjectId project) override;
  Task<Result<support::JiraRights>> service_rights(Call, AccountId account, ProjectId project) override;
  std::vector<std::string> groups;       ///< that the site has
  std::optional<Error> groups_down;
  std::vector<std::pair<AccountId, std::vector<std::string>>> groups_asked;
  Task<Result<std::vector<std::string>>> unknown_groups(Call, AccountId account, std::vector<std::string> names) override;
};

class FakeMarks final : public Marks {
 public:
  std::map<std::pair<IssueId, std::string>, json::object> properties;
  std::optional<Error> down;
  Task<Result<void>> set_property(Call, IssueId issue, std::string key, json::object value) override;

  struct Worklog { WorklogId id; WorklogDraft draft; bool as_app = false; };
  std::vector<Worklog> worklogs;
  int written = 0;
  std::optional<Error> on_worklog;      ///< whoever asks for one to be written
  bool users_may = true;                ///< Jira takes the supporter's own token
  bool app_may = true;                  ///< and the app's
  bool users_see = true;                ///< the supporter sees the issue: else it has nothing to be changed
  bool lose_next_answer = false;        ///< the effect happens, the answer does not come
  Task<Result<WorklogId>> write_worklog(Call, Actor actor, WorklogDraft draft) override;
  Task<Result<std::vector<WorklogId>>> find_worklogs(Call, IssueId, SessionId session, Time) override;
  Task<Result<void>> delete_worklog(Call, Actor actor, IssueId, WorklogId worklog) override;
  Task<Result<void>> change_worklog(Call, Actor, WorklogId worklog, WorklogDraft draft) override;

 private:
  [[nodiscard]] Result<void> may(const Actor& actor) const;
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

  [[nodiscard]] const std::vector<ContactAt>& list_of(const LinkRef& link) const;

  Task<void> prepare(Call, LinkRef link) override;
  Task<Result<ContactsFound>> contacts_at(Call, LinkRef link, std::vector<std::string> addresses) override;
  Task<Result<support::Contact>> contact(Call, LinkRef link, ContactId id) override;
  Task<Result<std::vector<support::Contact>>> contacts_named(Call, LinkRef link, std::string text) override;
  Task<Result<void>> invite(Call, LinkRef, std::string address, std::string) override;
  [[nodiscard]] Result<std::string> launch_url(const ContactId& contact, support::LaunchMode mode) const override;
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

  Task<Result<std::vector<ConnectionRecord>>> of_session(Call, LinkRef link, SessionCode code, Time from) override;
  Task<Result<void>> set_notes(Call, LinkRef link, RecordId record, std::string notes) override;

 private:
  [[nodiscard]] std::optional<Error> why_not(const LinkRef& link) const;
};

class FakeProvider final : public SupportProvider {
 public:
  std::vector<ProviderSession> sessions;
  std::vector<Grant> revoked;
  std::optional<Error> down;            ///< every call with a link answers this
  Script<ProviderSession> on_create;    ///< in place of the effect
  std::function<void()> before_answer;  ///< what happens elsewhere before a scripted answer, once
  std::function<Task<void>()> before_create;   ///< awaited before a session is made
  std::function<void()> on_list;        ///< what happens elsewhere when the list is asked for, once
  std::function<void()> on_group;       ///< the same for the group
  bool lose_next_answer = false;        ///< the effect happens, the answer does not come
  int looks = 0;
  int creates = 0;
  int lists = 0;
  ProviderAccount granted = eligible();                ///< who consents
  bool has_reports = false;             ///< the server has that registration
  std::set<SessionCode> elsewhere;      ///< of another account than the one that is connected now: not in its list
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
  [[nodiscard]] std::string authorize_url(Registration registration, std::string state, std::string challenge) const override;
  Task<Result<Grant>> exchange(Call, Registration registration, std::string code, std::string) override;
  Task<Result<void>> revoke(Call, Grant grant) override;
  Task<Result<ProviderAccount>> account_of(Call, Grant) override;
  Task<Result<void>> check_registration(Call, Registration) override;
  Task<Result<void>> ping(Call, LinkRef) override;
  Task<Result<ProviderAccount>> account(Call, LinkRef) override;
  Task<Result<std::string>> group(Call, LinkRef, std::string name) override;
  Task<Result<ProviderSession>> create_session(Call, LinkRef, SessionDraft draft) override;
  Task<Result<std::vector<ProviderSession>>> find_sessions(Call, LinkRef, SessionId ours) override;
  Task<Result<std::vector<ProviderSession>>> open_sessions(Call, LinkRef) override;
  Task<Result<ProviderSession>> session(Call, LinkRef, SessionCode code) override;
  Task<Result<void>> close_session(Call, LinkRef, SessionCode code) override;

  [[nodiscard]] static ProviderAccount eligible();
};

/// Knows which accounts were closed or changed, by the test's word.
class FakeAccountReports final : public AccountReports {
 public:
  std::map<AccountId, AccountChange> changes;
  std::optional<Error> down;
  AccountId not_taken;                        ///< a list with them is refused as a whole
  std::optional<std::int64_t> cycle_days;
  std::vector<std::vector<StoredAccount>> reports;

  Task<Result<AccountReportAnswer>> report(Call, std::vector<StoredAccount> accounts) override;
};

/// One site, "acme", that takes every code and every webhook signed "good".
struct FakeJiraSignIn final : JiraSignIn {
  InstallationId installation{"datacenter:acme"};
  [[nodiscard]] std::optional<JiraSite> site(std::string_view name) const override {
    return name == "acme" ? std::optional(JiraSite{.installation = installation, .base_url = "https://jira.example.com", .origin = "https://jira.example.com", .oauth = true}) : std::nullopt;
  }
  [[nodiscard]] std::string authorize_url(const InstallationId&, const std::string& state, const std::string&) const override { return "https://jira.example.com/authorize?state=" + state; }
  Task<Result<JiraGrant>> exchange(Call, std::string, std::string) override { co_return JiraGrant{.access_token = "access", .refresh_token = "refresh", .expires_at = {}}; }
  [[nodiscard]] bool is_signed(const InstallationId&, std::string_view, std::string_view signature) const override { return signature == "good"; }
  [[nodiscard]] std::string page_token(const InstallationId&, const AccountId& account, Time) const override { return "page-token of " + account.value; }
};

}  // namespace belay::ports
