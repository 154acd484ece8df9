#include "ports/fake_doors.hpp"

namespace belay::ports {

void FakeWork::ring() {
  ++rings;
  if (on_ring) std::exchange(on_ring, nullptr)();
}

Task<void> FakeWork::begin(OutboxRow row) {
  begun.push_back(std::move(row));
  co_return;
}

std::string FakeRandom::bytes(std::size_t count) {
  std::string made(count, '\0');
  for (auto& byte : made) byte = static_cast<char>(++counter_ * 37);
  return made;
}

std::string FakeRandom::uuid() {
  auto number = std::to_string(++counter_);
  return "018f0000-0000-7000-8000-" + std::string(12 - number.size(), '0') + number;
}

std::string FakeDigests::sha256_hex(std::string_view bytes) const {
  auto number = static_cast<unsigned long long>(std::hash<std::string_view>{}(bytes));
  std::string text(64, '0');
  for (std::size_t at = 0; number > 0; ++at, number /= 16) text[at] = "0123456789abcdef"[number % 16];
  return text;
}

std::string FakeDigests::base64url(std::string_view bytes) const {
  std::string text;
  for (const char c : bytes) text += "0123456789abcdef"[static_cast<unsigned char>(c) % 16];
  return text;
}

Task<Result<Ticket>> FakeTickets::ticket(Call, Actor, IssueId issue) {
  if (ticket_down) co_return std::unexpected(*ticket_down);
  if (issue != known.id && issue.value != known.key.value) co_return fail("not_found", "another issue");
  co_return known;
}

Task<Result<Request>> FakeTickets::request(Call, Actor actor, IssueKey key) {
  const auto* user = std::get_if<AsUser>(&actor);
  requests_asked.emplace_back(user == nullptr ? AccountId{} : user->account, key);
  if (request_down) co_return std::unexpected(*request_down);
  if (key != known.key || out_of_sight.contains(known.id)) co_return fail("not_found", "no request for this actor");
  co_return Request{.id = known.id, .key = known.key, .project_id = known.project_id};
}

Headline FakeTickets::headline_of(const IssueId& issue) const {
  if (const auto other = headlines.find(issue); other != headlines.end()) return other->second;
  return {.id = issue, .key = known.key, .project = known.project_id, .summary = known.summary};
}

Task<Result<VisibleIssues>> FakeTickets::visible_issues(Call, Actor, std::vector<IssueId> issues) {
  visible_asked.push_back(issues);
  if (visible_down) co_return std::unexpected(*visible_down);
  VisibleIssues seen;
  for (auto& issue : issues) {
    if (not_told.contains(issue)) seen.unknown.push_back(std::move(issue));
    else if (!out_of_sight.contains(issue)) seen.visible.push_back(headline_of(issue));
  }
  co_return seen;
}

Task<Result<CommentPage>> FakeTickets::comment_authors(Call, Actor actor, IssueId, std::size_t start, std::size_t count) {
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

bool FakeTickets::is_readable(const Actor& actor, const std::string& restriction) const {
  if (restriction.empty()) return true;
  const auto* user = std::get_if<AsUser>(&actor);
  const auto found = may_read.find(user == nullptr ? AccountId{"the-app"} : user->account);
  return found != may_read.end() && found->second.contains(restriction);
}

Task<Result<std::vector<CommentId>>> FakeTickets::readable_comments(Call, Actor actor, std::vector<CommentId> asked) {
  readable_asked.push_back(asked);
  if (readable_down) co_return std::unexpected(*readable_down);
  std::erase_if(asked, [&](const CommentId& id) {
    const auto found = std::ranges::find(authors, id, &CommentPage::Author::comment);
    return found == authors.end() || !is_readable(actor, found->restricted_to);
  });
  co_return asked;
}

Task<Result<Participants>> FakeTickets::participants(Call, Actor, IssueId) {
  ++participants_asked;
  if (participants_down) co_return std::unexpected(*participants_down);
  const auto most = std::min(participants_of_a_page, taking_part.size());
  Participants first{.people = {taking_part.begin(), taking_part.begin() + static_cast<std::ptrdiff_t>(most)}, .next = {}};
  if (most < taking_part.size() || more_take_part) first.next = most;
  co_return first;
}

Task<Result<Participants>> FakeTickets::further_participants(Call, Actor, IssueId, std::size_t start) {
  ++further_asked;
  if (before_further) co_await before_further();
  if (further_down) co_return std::unexpected(*further_down);
  Participants rest{.people = {taking_part.begin() + static_cast<std::ptrdiff_t>(start), taking_part.end()}, .next = {}};
  if (more_take_part) rest.next = taking_part.size();
  co_return rest;
}

Task<Result<WrittenComment>> FakeTickets::write_comment(Call, CommentDraft draft) {
  if (auto scripted = on_write.take()) co_return std::move(*scripted);
  comments.push_back({.id = CommentId{std::to_string(100 + ++written)}, .issue = draft.issue, .purpose = draft.purpose, .session = draft.session, .sending = draft.sending, .document = draft.document});
  if (std::exchange(lose_next_answer, false)) co_return fail_for_now("jira_unreachable", "no answer", std::nullopt, {{"maybe_done", true}});
  co_return WrittenComment{.id = comments.back().id, .created_at = {}, .sending = draft.sending, .visible_to_customer = visible_to_customer};
}

Task<Result<std::vector<WrittenComment>>> FakeTickets::find_comments(Call, IssueId, CommentPurpose purpose, SessionId session, Time) {
  ++looks;
  std::vector<WrittenComment> found;
  for (auto comment = comments.rbegin(); comment != comments.rend(); ++comment) {
    if (comment->session == session && comment->purpose == purpose) found.push_back({.id = comment->id, .created_at = {}, .sending = comment->sending, .visible_to_customer = visible_to_customer});
  }
  co_return found;
}

Task<Result<void>> FakeTickets::edit_comment(Call, IssueId, CommentId comment, support::Document document) {
  if (before_edit) co_await std::exchange(before_edit, nullptr)();
  for (auto& one : comments) {
    if (one.id != comment) continue;
    one.document = std::move(document);
    one.edited = true;
    co_return Result<void>{};
  }
  co_return fail("not_found", "no such comment");
}

Task<Result<void>> FakeTickets::delete_comment(Call, IssueId, CommentId comment) {
  if (on_delete) co_return std::unexpected(*on_delete);
  std::erase_if(comments, [&](const Comment& one) { return one.id == comment; });
  co_return Result<void>{};
}

json::object FakeTickets::preview(const support::Document& document) const {
  previewed = document;
  return {{"paragraphs", document.paragraphs.size()}};
}

Task<Result<support::Person>> FakeUsers::user(Call, AccountId account) {
  ++asked;
  if (on_user) std::exchange(on_user, nullptr)();
  if (down) co_return std::unexpected(*down);
  const auto found = known.find(account);
  if (found == known.end()) co_return fail("not_found", "no such account");
  co_return found->second;
}

Task<Result<support::Person>> FakeUsers::owner_of(Call call, std::string user_token) {
  const auto owner = owners.find(user_token);
  if (owner == owners.end()) co_return fail_for_now("jira_token_missing", "not taken");
  co_return co_await user(std::move(call), owner->second);
}

Task<Result<std::vector<support::Person>>> FakeUsers::people(Call, std::vector<AccountId> accounts) {
  people_asked.push_back(accounts);
  if (before_answer) co_await before_answer();
  if (down) co_return std::unexpected(*down);
  std::vector<support::Person> found;
  for (const auto& account : accounts) {
    if (const auto person = known.find(account); person != known.end()) found.push_back(person->second);
  }
  co_return found;
}

Task<Result<std::map<AccountId, std::string>>> FakeUsers::addresses(Call, std::vector<AccountId> accounts) {
  addresses_asked.push_back(accounts);
  if (before_addresses) co_await before_addresses();
  if (addresses_down) co_return std::unexpected(*addresses_down);
  std::map<AccountId, std::string> found;
  for (const auto& account : accounts) {
    if (const auto address = app_addresses.find(account); address != app_addresses.end()) found.insert(*address);
  }
  co_return found;
}

Task<Result<std::vector<std::string>>> FakeUsers::groups(Call, AccountId account) {
  if (down) co_return std::unexpected(*down);
  co_return groups_of[account];
}

Task<Result<support::JiraRights>> FakePermissions::rights(Call, AccountId account, std::optional<IssueId>) {
  ++asked;
  if (auto scripted = on_ask.take()) co_return std::move(*scripted);
  co_return rights_of[account];
}

Task<Result<support::JiraRights>> FakePermissions::project_rights(Call, AccountId account, ProjectId project) {
  projects_asked.emplace_back(account, std::move(project));
  if (auto scripted = on_ask.take()) co_return std::move(*scripted);
  co_return project_rights_of[account];
}

Task<Result<support::JiraRights>> FakePermissions::service_rights(Call call, AccountId account, ProjectId project) { return project_rights(std::move(call), std::move(account), std::move(project)); }

Task<Result<std::vector<std::string>>> FakePermissions::unknown_groups(Call, AccountId account, std::vector<std::string> names) {
  groups_asked.emplace_back(std::move(account), names);
  if (groups_down) co_return std::unexpected(*groups_down);
  std::erase_if(names, [&](const std::string& name) { return std::ranges::any_of(groups, [&](const auto& one) { return support::is_same_group(one, name); }); });
  co_return names;
}

Task<Result<void>> FakeMarks::set_property(Call, IssueId issue, std::string key, json::object value) {
  if (down) co_return std::unexpected(*down);
  properties[{std::move(issue), std::move(key)}] = std::move(value);
  co_return Result<void>{};
}

Result<void> FakeMarks::may(const Actor& actor) const {
  if (std::holds_alternative<AsUser>(actor) && !users_see) return fail("not_found", "no issue that they see");
  if (std::holds_alternative<AsUser>(actor)) return users_may ? Result<void>{} : fail_for_now("jira_token_missing", "no token of the user");
  return app_may ? Result<void>{} : fail("jira_forbidden", "not the app");
}

Task<Result<WorklogId>> FakeMarks::write_worklog(Call, Actor actor, WorklogDraft draft) {
  const bool as_app = std::holds_alternative<AsApp>(actor);
  if (on_worklog) co_return std::unexpected(*on_worklog);
  BELAY_CO_CHECK(may(actor));
  worklogs.push_back({.id = WorklogId{std::to_string(500 + ++written)}, .draft = std::move(draft), .as_app = as_app});
  if (std::exchange(lose_next_answer, false)) co_return fail_for_now("jira_unreachable", "no answer", std::nullopt, {{"maybe_done", true}});
  co_return worklogs.back().id;
}

Task<Result<std::vector<WorklogId>>> FakeMarks::find_worklogs(Call, IssueId, SessionId session, Time) {
  std::vector<WorklogId> found;
  for (const auto& one : worklogs) {
    if (one.draft.session == session) found.push_back(one.id);
  }
  co_return found;
}

Task<Result<void>> FakeMarks::delete_worklog(Call, Actor actor, IssueId, WorklogId worklog) {
  const auto found = std::ranges::find(worklogs, worklog, &Worklog::id);
  if (found == worklogs.end() || (!users_see && std::holds_alternative<AsUser>(actor))) co_return fail("not_found", "no such worklog");
  if (found->as_app != std::holds_alternative<AsApp>(actor)) co_return fail("jira_refused", "somebody else's");
  worklogs.erase(found);
  co_return Result<void>{};
}

Task<Result<void>> FakeMarks::change_worklog(Call, Actor actor, WorklogId worklog, WorklogDraft draft) {
  BELAY_CO_CHECK(may(actor));
  const auto found = std::ranges::find(worklogs, worklog, &Worklog::id);
  if (found == worklogs.end()) co_return fail("not_found", "no such worklog");
  found->draft = std::move(draft);
  co_return Result<void>{};
}

const std::vector<ContactAt>& FakeContacts::list_of(const LinkRef& link) const {
  const auto own = lists.find(link.account);
  return own == lists.end() ? list : own->second;
}

Task<void> FakeContacts::prepare(Call, LinkRef link) {
  prepared.push_back(link.account);
  co_return;
}

Task<Result<ContactsFound>> FakeContacts::contacts_at(Call, LinkRef link, std::vector<std::string> addresses) {
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

Task<Result<support::Contact>> FakeContacts::contact(Call, LinkRef link, ContactId id) {
  looked_at.push_back(id);
  if (before_answer) co_await before_answer();
  if (contact_down) co_return std::unexpected(*contact_down);
  if (down) co_return std::unexpected(*down);
  for (const auto& one : list_of(link)) {
    if (one.contact.id == id) co_return one.contact;
  }
  co_return fail("not_found", "no such contact");
}

Task<Result<std::vector<support::Contact>>> FakeContacts::contacts_named(Call, LinkRef link, std::string text) {
  names_asked.push_back(text);
  if (before_answer) co_await before_answer();
  if (down) co_return std::unexpected(*down);
  std::vector<support::Contact> found;
  for (const auto& one : list_of(link)) {
    if (one.contact.name.contains(text) && one.contact.id != left_out_of_lists) found.push_back(one.contact);
  }
  co_return found;
}

Task<Result<void>> FakeContacts::invite(Call, LinkRef, std::string address, std::string) {
  if (down) co_return std::unexpected(*down);
  if (will_not_invite) co_return std::unexpected(*will_not_invite);
  ++invites;
  if (std::ranges::find(invitations, address) == invitations.end()) invitations.push_back(address);
  if (after_invite) std::exchange(after_invite, nullptr)();
  if (on_invite) co_return std::unexpected(*on_invite);
  co_return Result<void>{};
}

Result<std::string> FakeContacts::launch_url(const ContactId& contact, support::LaunchMode mode) const {
  return "https://start.example/" + contact.value + '/' + std::string(support::to_string(mode));
}

Task<Result<std::vector<ConnectionRecord>>> FakeConnectionRecords::of_session(Call, LinkRef link, SessionCode code, Time from) {
  asked.emplace_back(code, from);
  if (auto refused = why_not(link)) co_return std::unexpected(std::move(*refused));
  std::vector<ConnectionRecord> found;
  std::ranges::copy_if(records, std::back_inserter(found), [&](const ConnectionRecord& one) { return one.session_code == code && one.start >= from; });
  std::ranges::sort(found, {}, &ConnectionRecord::start);
  co_return found;
}

Task<Result<void>> FakeConnectionRecords::set_notes(Call, LinkRef link, RecordId record, std::string notes) {
  if (auto refused = why_not(link)) co_return std::unexpected(std::move(*refused));
  if (const auto refusal = will_not_note.find(record); refusal != will_not_note.end()) co_return std::unexpected(refusal->second);
  const auto found = std::ranges::find(records, record, &ConnectionRecord::id);
  if (found == records.end()) co_return fail("not_found", "no such record");
  noted.emplace_back(std::move(record), notes);
  found->notes = std::move(notes);
  co_return Result<void>{};
}

std::optional<Error> FakeConnectionRecords::why_not(const LinkRef& link) const {
  if (!allowed.contains(link.account)) return fail("reports_not_allowed", "as the test asked").error();
  return down;
}

std::string FakeProvider::authorize_url(Registration registration, std::string state, std::string challenge) const {
  const std::string_view client = registration == Registration::reports ? "reports&" : "";
  return "https://provider.example/authorize?" + std::string(client) + "state=" + state + "&challenge=" + challenge;
}

Task<Result<Grant>> FakeProvider::exchange(Call, Registration registration, std::string code, std::string) {
  co_return Grant{.access_token = "access " + code, .refresh_token = "refresh " + code, .expires_at = Time::max(), .registration = registration};
}

Task<Result<void>> FakeProvider::revoke(Call, Grant grant) {
  if (down) co_return std::unexpected(*down);
  revoked.push_back(std::move(grant));
  co_return Result<void>{};
}

Task<Result<ProviderAccount>> FakeProvider::account_of(Call, Grant) {
  if (down) co_return std::unexpected(*down);
  co_return granted;
}

Task<Result<void>> FakeProvider::check_registration(Call, Registration) {
  ++registration_checks;
  if (down) co_return std::unexpected(*down);
  co_return Result<void>{};
}

Task<Result<void>> FakeProvider::ping(Call, LinkRef) {
  ++pings;
  if (down) co_return std::unexpected(*down);
  co_return Result<void>{};
}

Task<Result<ProviderAccount>> FakeProvider::account(Call, LinkRef) {
  if (down) co_return std::unexpected(*down);
  co_return granted;
}

Task<Result<std::string>> FakeProvider::group(Call, LinkRef, std::string name) {
  if (down) co_return std::unexpected(*down);
  if (on_group) std::exchange(on_group, nullptr)();
  ++group_looks;
  co_return "g-" + name;
}

Task<Result<ProviderSession>> FakeProvider::create_session(Call, LinkRef, SessionDraft draft) {
  if (down) co_return std::unexpected(*down);
  if (auto scripted = on_create.take()) {
    if (before_answer) std::exchange(before_answer, nullptr)();
    co_return std::move(*scripted);
  }
  if (before_create) co_await before_create();
  ++creates;
  const auto code = "s100-000-" + std::to_string(100 + creates);
  sessions.push_back({.code = SessionCode{code}, .ours = draft.id, .open = true, .online = false, .customer_link = "https://get.example/" + code,
                      .supporter_link = "https://get.example/" + code + "-secret", .browser_link = "https://web.example/" + code + "-secret",
                      .created_at = from_millis(1'800'000'000'000 + creates), .valid_until = draft.valid_until});
  if (std::exchange(lose_next_answer, false)) co_return fail_for_now("provider_unreachable", "no answer", std::nullopt, {{"maybe_done", true}});
  co_return sessions.back();
}

Task<Result<std::vector<ProviderSession>>> FakeProvider::find_sessions(Call, LinkRef, SessionId ours) {
  ++looks;
  if (down) co_return std::unexpected(*down);
  std::vector<ProviderSession> found;
  std::ranges::copy_if(sessions, std::back_inserter(found), [&](const ProviderSession& one) { return one.open && one.ours == ours; });
  co_return found;
}

Task<Result<std::vector<ProviderSession>>> FakeProvider::open_sessions(Call, LinkRef) {
  ++lists;
  if (on_list) std::exchange(on_list, nullptr)();
  if (down) co_return std::unexpected(*down);
  std::vector<ProviderSession> found;
  std::ranges::copy_if(sessions, std::back_inserter(found), [this](const auto& one) { return one.open && !elsewhere.contains(one.code); });
  co_return found;
}

Task<Result<ProviderSession>> FakeProvider::session(Call, LinkRef, SessionCode code) {
  if (down) co_return std::unexpected(*down);
  if (const auto refusal = will_not_show.find(code); refusal != will_not_show.end()) co_return std::unexpected(refusal->second);
  const auto found = std::ranges::find(sessions, code, &ProviderSession::code);
  if (found == sessions.end()) co_return fail("not_found", "no such code");
  co_return *found;
}

Task<Result<void>> FakeProvider::close_session(Call, LinkRef, SessionCode code) {
  if (down) co_return std::unexpected(*down);
  if (const auto refusal = will_not_close.find(code); refusal != will_not_close.end()) co_return std::unexpected(refusal->second);
  for (auto& one : sessions) {
    if (one.code == code) one.open = false;
  }
  co_return Result<void>{};
}

ProviderAccount FakeProvider::eligible() {
  return {.id = ProviderAccountId{"u1"}, .name = "Agent at the provider", .email = {}, .company = {}, .picture = {}, .licence = {.type = "Corporate", .active = true, .paid = true}};
}

Task<Result<AccountReportAnswer>> FakeAccountReports::report(Call, std::vector<StoredAccount> accounts) {
  reports.push_back(accounts);
  if (down) co_return std::unexpected(*down);
  if (std::ranges::find(accounts, not_taken, &StoredAccount::account) != accounts.end()) co_return fail("jira_refused", "status 400", {{"status", 400}});
  AccountReportAnswer answer{.changes = {}, .cycle_days = cycle_days};
  for (const auto& stored : accounts) {
    if (const auto change = changes.find(stored.account); change != changes.end()) answer.changes.emplace_back(*change);
  }
  co_return answer;
}

}  // namespace belay::ports
