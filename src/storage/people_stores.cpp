#include "storage/people_stores.hpp"

#include "storage/people_rows.hpp"
#include "storage/stored_error.hpp"

namespace belay::storage {
namespace {

// ---- rosters ----

// One more than is shown: it says that there were more.
constexpr std::size_t kAuthorsKept = ports::kMostRosterAuthors + 1;

constexpr Query kRoster{
    "select complete, next_start, total, top, read_to, read_at, doubted_at, reading from roster where installation_id = :installation"
    " and issue_id = :issue and read_at > 0",
    8};
constexpr Query kHasBegun{"select count(*) from roster where installation_id = :installation and issue_id = :issue", 1};
constexpr Query kAuthors{
    "select account_id, spoke_at, restricted_to, comment_id from roster_author where installation_id = :installation and issue_id = :issue"
    " order by spoke_at desc, account_id, restricted_to",
    4};
constexpr Query kKeepRoster{
    "insert into roster (installation_id, issue_id, complete, next_start, total, top, read_to, read_at, doubted_at, reading)"
    " values (:installation, :issue, :complete, :next_start, :total, :top, :read_to, :read_at, 0, :reading)"
    " on conflict (installation_id, issue_id) do update set"
    " complete = case when roster.reading = excluded.reading then excluded.complete else roster.complete end,"
    " next_start = case when roster.reading = excluded.reading then excluded.next_start else roster.next_start end,"
    " top = case when roster.reading = excluded.reading then excluded.top else roster.top end,"
    " read_to = case when roster.reading = excluded.reading then excluded.read_to else roster.read_to end,"
    " total = excluded.total, read_at = excluded.read_at"};
constexpr Query kBeginRoster{
    "insert into roster (installation_id, issue_id, complete, next_start, total, top, read_to, read_at, doubted_at)"
    " values (:installation, :issue, 0, 0, 0, 0, 0, 0, 0) on conflict (installation_id, issue_id) do nothing"};
constexpr Query kDoubtRoster{"update roster set doubted_at = :at where installation_id = :installation and issue_id = :issue"};
// An older event or page changes nothing.
constexpr Query kKeepAuthor{
    "insert into roster_author (installation_id, issue_id, account_id, restricted_to, spoke_at, comment_id)"
    " values (:installation, :issue, :account, :restricted_to, :spoke_at, :comment)"
    " on conflict (installation_id, issue_id, account_id, restricted_to) do update set spoke_at = excluded.spoke_at, comment_id = excluded.comment_id"
    " where roster_author.spoke_at <= excluded.spoke_at"};
constexpr Query kIsSeenByAll{
    "select count(*) from roster_author where installation_id = :installation and issue_id = :issue and account_id = :account and restricted_to = ''", 1};
constexpr Query kSpokeAgain{
    "update roster_author set spoke_at = :spoke_at, comment_id = :comment where installation_id = :installation and issue_id = :issue and account_id = :account and restricted_to = ''"
    " and spoke_at < :spoke_at_least"};
constexpr Query kAuthorsHeld{"select count(*) from roster_author where installation_id = :installation and issue_id = :issue", 1};
constexpr Query kCutAuthors{
    "delete from roster_author where installation_id = :installation and issue_id = :issue and (account_id, restricted_to) in"
    " (select account_id, restricted_to from roster_author where installation_id = :installation_again and issue_id = :issue_again"
    " order by spoke_at desc, account_id, restricted_to limit :most offset :kept)"};
constexpr Query kForgetComment{"delete from roster_author where installation_id = :installation and issue_id = :issue and comment_id = :comment"};
constexpr Query kForgetElsewhere{
    "delete from roster_author where installation_id = :installation and issue_id = :issue and comment_id = :comment and restricted_to <> :restricted_to"};
constexpr Query kReadAnew{
    "update roster set complete = 0, next_start = 0, read_to = 0, reading = reading + 1"
    " where installation_id = :installation and issue_id = :issue and read_at > 0 and total > :most"};
constexpr Query kEraseAuthors{"delete from roster_author where installation_id = :installation and issue_id = :issue"};
constexpr Query kEraseRoster{"delete from roster where installation_id = :installation and issue_id = :issue"};

// ---- mappings ----

constexpr Query kMappings{"select " BELAY_MAPPING_COLUMNS " from person_mapping where installation_id = :installation and provider = :provider order by person_id", kMappingColumns};
constexpr Query kMapping{
    "select " BELAY_MAPPING_COLUMNS " from person_mapping where installation_id = :installation and person_id = :person and provider = :provider", kMappingColumns};
constexpr Query kKeepMapping{
    "insert into person_mapping (" BELAY_MAPPING_COLUMNS
    ") values (:installation, :person, :provider, :contact, :contact_owner, :contact_user, :contact_name, :address, :mapped_by, :mapped_by_name, :mapped_at)"
    " on conflict (installation_id, person_id, provider) do update set contact_id = excluded.contact_id, contact_owner_id = excluded.contact_owner_id,"
    " contact_user_id = excluded.contact_user_id, contact_name = excluded.contact_name, address = excluded.address, mapped_by = excluded.mapped_by,"
    " mapped_by_name = excluded.mapped_by_name, mapped_at = excluded.mapped_at"};
constexpr Query kEraseMapping{"delete from person_mapping where installation_id = :installation and person_id = :person and provider = :provider"};

// ---- invitations ----

constexpr Query kInvitationsOf{
    "select " BELAY_INVITATION_COLUMNS " from contact_invitation where installation_id = :installation and agent_id = :agent and provider = :provider order by person_id",
    kInvitationColumns};
constexpr Query kInvitation{
    "select " BELAY_INVITATION_COLUMNS
    " from contact_invitation where installation_id = :installation and agent_id = :agent and person_id = :person and provider = :provider",
    kInvitationColumns};
constexpr Query kKeepInvitation{
    "insert into contact_invitation (" BELAY_INVITATION_COLUMNS
    ") values (:installation, :agent, :person, :provider, :issue, :asked_at, :sent_at, :began, :last_error)"
    " on conflict (installation_id, agent_id, person_id, provider) do update set issue_id = excluded.issue_id, asked_at = excluded.asked_at,"
    " sent_at = excluded.sent_at, began = excluded.began, last_error = excluded.last_error"};
constexpr Query kEraseInvitations{"delete from contact_invitation where installation_id = :installation and agent_id = :agent and provider = :provider"};

}  // namespace

ports::PersonMapping mapping_from(Row& row) {
  ports::PersonMapping mapping;
  mapping.installation = row.id<InstallationId>();
  mapping.person = row.id<AccountId>();
  mapping.provider = row.id<ProviderName>();
  mapping.contact = row.id<ContactId>();
  mapping.contact_owner = row.id<ProviderAccountId>();
  mapping.contact_user = row.id<ProviderAccountId>();
  mapping.contact_name = row.text();
  mapping.address = row.text();
  mapping.mapped_by = row.id<AccountId>();
  mapping.mapped_by_name = row.text();
  mapping.mapped_at = row.time();
  return mapping;
}

ports::ContactInvitation invitation_from(Row& row) {
  ports::ContactInvitation invitation;
  invitation.installation = row.id<InstallationId>();
  invitation.agent = row.id<AccountId>();
  invitation.person = row.id<AccountId>();
  invitation.provider = row.id<ProviderName>();
  invitation.issue = row.id<IssueId>();
  invitation.asked_at = row.time();
  invitation.sent_at = row.maybe_time();
  invitation.began = row.flag();
  invitation.last_error = error_from_column(row.maybe_text());
  return invitation;
}

std::optional<ports::Roster> SqlRosters::find(const InstallationId& installation, const IssueId& issue) {
  auto roster = connection_.statement(kRoster).with("installation", installation).with("issue", issue).row([](Row& row) {
    ports::Roster found;
    found.progress.complete = row.flag();
    found.progress.next_start = static_cast<std::size_t>(row.number());
    found.progress.total = static_cast<std::size_t>(row.number());
    found.progress.top = row.time();
    found.progress.read_to = row.time();
    found.progress.read_at = row.time();
    found.doubted_at = row.time();
    found.progress.reading = row.number();
    return found;
  });
  if (!roster) return std::nullopt;
  roster->authors = connection_.statement(kAuthors).with("installation", installation).with("issue", issue).rows([](Row& row) {
    ports::RosterAuthor author;
    author.spoke.account = row.id<AccountId>();
    author.spoke.at = row.time();
    author.restricted_to = row.text();
    author.comment = row.id<CommentId>();
    return author;
  });
  roster->cut = roster->authors.size() > ports::kMostRosterAuthors;
  if (roster->cut) roster->authors.resize(ports::kMostRosterAuthors);
  return roster;
}

void SqlRosters::keep(const InstallationId& installation, const IssueId& issue, const ports::RosterAuthor& author) {
  connection_.statement(kKeepAuthor)
      .with("installation", installation)
      .with("issue", issue)
      .with("account", author.spoke.account)
      .with("restricted_to", author.restricted_to)
      .with("spoke_at", author.spoke.at)
      .with("comment", author.comment)
      .run();
}

void SqlRosters::cut(const InstallationId& installation, const IssueId& issue) {
  const auto held = connection_.statement(kAuthorsHeld).with("installation", installation).with("issue", issue).row([](Row& row) { return static_cast<std::size_t>(row.number()); }).value_or(0);
  if (held <= kAuthorsKept) return;
  connection_.statement(kCutAuthors)
      .with("installation", installation)
      .with("issue", issue)
      .with("installation_again", installation)
      .with("issue_again", issue)
      .with("most", held)
      .with("kept", kAuthorsKept)
      .run();
}

// No touch: nothing is new that anybody is shown.
void SqlRosters::begin(const InstallationId& installation, const IssueId& issue) {
  connection_.statement(kBeginRoster).with("installation", installation).with("issue", issue).run();
}

void SqlRosters::add(const InstallationId& installation, const IssueId& issue, const std::vector<ports::RosterAuthor>& authors, const ports::RosterProgress& progress) {
  connection_.touch(installation);
  connection_.statement(kKeepRoster)
      .with("installation", installation)
      .with("issue", issue)
      .with("complete", progress.complete)
      .with("next_start", progress.next_start)
      .with("total", progress.total)
      .with("top", progress.top)
      .with("read_to", progress.read_to)
      .with("read_at", progress.read_at)
      .with("reading", progress.reading)
      .run();
  for (const auto& author : authors) keep(installation, issue, author);
  cut(installation, issue);
}

void SqlRosters::note(const InstallationId& installation, const IssueId& issue, const ports::RosterAuthor& author) {
  const auto known = connection_.statement(kHasBegun).with("installation", installation).with("issue", issue).row([](Row& row) { return row.number(); });
  if (known.value_or(0) == 0) return;
  connection_.touch(installation);
  keep(installation, issue, author);
  cut(installation, issue);
}

bool SqlRosters::spoke_again(const InstallationId& installation, const IssueId& issue, const ports::RosterAuthor& author) {
  const auto& spoke = author.spoke;
  const auto known = connection_.statement(kIsSeenByAll).with("installation", installation).with("issue", issue).with("account", spoke.account).row([](Row& row) { return row.number(); });
  if (known.value_or(0) == 0) return false;
  connection_.touch(installation);
  connection_.statement(kSpokeAgain)
      .with("spoke_at", spoke.at)
      .with("comment", author.comment)
      .with("installation", installation)
      .with("issue", issue)
      .with("account", spoke.account)
      .with("spoke_at_least", spoke.at)
      .run();
  return true;
}

bool SqlRosters::forget_comment(const InstallationId& installation, const IssueId& issue, const CommentId& comment, const std::optional<std::string>& now_restricted_to) {
  if (comment.empty()) return false;   // of many it is not known
  connection_.touch(installation);
  auto& forget = connection_.statement(now_restricted_to ? kForgetElsewhere : kForgetComment).with("installation", installation).with("issue", issue).with("comment", comment);
  if (now_restricted_to) forget.with("restricted_to", *now_restricted_to);
  return forget.run() > 0;
}

bool SqlRosters::read_anew(const InstallationId& installation, const IssueId& issue, std::size_t most) {
  connection_.touch(installation);
  return connection_.statement(kReadAnew).with("installation", installation).with("issue", issue).with("most", most).run() > 0;
}

void SqlRosters::doubt(const InstallationId& installation, const IssueId& issue, Time at) {
  connection_.touch(installation);
  connection_.statement(kDoubtRoster).with("at", at).with("installation", installation).with("issue", issue).run();
}

void SqlRosters::erase(const InstallationId& installation, const IssueId& issue) {
  connection_.touch(installation);
  connection_.statement(kEraseAuthors).with("installation", installation).with("issue", issue).run();
  connection_.statement(kEraseRoster).with("installation", installation).with("issue", issue).run();
}

std::vector<ports::PersonMapping> SqlMappings::all(const InstallationId& installation, const ProviderName& provider) {
  return connection_.statement(kMappings).with("installation", installation).with("provider", provider).rows(mapping_from);
}

std::optional<ports::PersonMapping> SqlMappings::find(const InstallationId& installation, const AccountId& person, const ProviderName& provider) {
  return connection_.statement(kMapping).with("installation", installation).with("person", person).with("provider", provider).row(mapping_from);
}

void SqlMappings::put(const ports::PersonMapping& mapping) {
  connection_.touch(mapping.installation);
  connection_.statement(kKeepMapping)
      .with("installation", mapping.installation)
      .with("person", mapping.person)
      .with("provider", mapping.provider)
      .with("contact", mapping.contact)
      .with("contact_owner", mapping.contact_owner)
      .with("contact_user", mapping.contact_user)
      .with("contact_name", mapping.contact_name)
      .with("address", mapping.address)
      .with("mapped_by", mapping.mapped_by)
      .with("mapped_by_name", mapping.mapped_by_name)
      .with("mapped_at", mapping.mapped_at)
      .run();
}

bool SqlMappings::erase(const InstallationId& installation, const AccountId& person, const ProviderName& provider) {
  connection_.touch(installation);
  return connection_.statement(kEraseMapping).with("installation", installation).with("person", person).with("provider", provider).run() > 0;
}

std::vector<ports::ContactInvitation> SqlInvitations::of_agent(const InstallationId& installation, const AccountId& agent, const ProviderName& provider) {
  return connection_.statement(kInvitationsOf).with("installation", installation).with("agent", agent).with("provider", provider).rows(invitation_from);
}

std::optional<ports::ContactInvitation> SqlInvitations::find(const InstallationId& installation, const AccountId& agent, const AccountId& person,
                                                             const ProviderName& provider) {
  return connection_.statement(kInvitation).with("installation", installation).with("agent", agent).with("person", person).with("provider", provider).row(invitation_from);
}

void SqlInvitations::put(const ports::ContactInvitation& invitation) {
  connection_.touch(invitation.installation);
  connection_.statement(kKeepInvitation)
      .with("installation", invitation.installation)
      .with("agent", invitation.agent)
      .with("person", invitation.person)
      .with("provider", invitation.provider)
      .with("issue", invitation.issue)
      .with("asked_at", invitation.asked_at)
      .with("sent_at", invitation.sent_at)
      .with("began", invitation.began)
      .with("last_error", to_column(invitation.last_error))
      .run();
}

void SqlInvitations::erase_of_agent(const InstallationId& installation, const AccountId& agent, const ProviderName& provider) {
  connection_.touch(installation);
  connection_.statement(kEraseInvitations).with("installation", installation).with("agent", agent).with("provider", provider).run();
}

}  // namespace belay::storage
