#include <stdexcept>

#include <boost/json/serialize.hpp>

#include "storage/failure.hpp"
#include "storage/stored_error.hpp"
#include "storage/stores.hpp"

namespace belay::storage {
namespace {

#define BELAY_SESSION_COLUMNS \
  "installation_id, id, issue_id, issue_key, provider, creator_id, creator_name, supporter_id, supporter_name," \
  " customer_id, customer_name, customer_email, description, invitation, language, state, created_at, valid_until, ended_at," \
  " code, customer_link, made_at, comment_id, session_step, invitation_step, closing_step, notice_step," \
  " provider_asked, comment_asked, last_error, notes, joined_by, provider_account_id,"\
  " customer_since, first_came_at, first_connected_at, waited, sendings, invited_at, replaces_id, replaced_by_id, before_connect,"\
  " notes_at_provider, waiting_told, report, report_step, report_comment_id, report_asked, worklog_id, worklog_asked, redacted, version"
constexpr int kColumns = 52;

constexpr Query kFind{"select " BELAY_SESSION_COLUMNS " from support_session where installation_id = :installation and id = :id", kColumns};
constexpr Query kOfIssue{
    "select " BELAY_SESSION_COLUMNS " from support_session where installation_id = :installation and issue_id = :issue"
    " order by created_at desc, id desc", kColumns};
constexpr Query kUnfinishedOfAgent{
    "select " BELAY_SESSION_COLUMNS " from support_session where installation_id = :installation"
    " and (creator_id = :agent or supporter_id = :agent) and ended_at is null order by created_at desc, id desc", kColumns};
constexpr Query kEndedOfAgent{
    "select " BELAY_SESSION_COLUMNS " from support_session where installation_id = :installation"
    " and (creator_id = :agent or supporter_id = :agent) and ended_at is not null order by created_at desc, id desc limit :most", kColumns};
constexpr Query kUnfinishedOf{
    "select " BELAY_SESSION_COLUMNS " from support_session where installation_id = :installation and creator_id = :creator"
    " and ended_at is null order by created_at, id", kColumns};
constexpr Query kUnfinished{
    "select " BELAY_SESSION_COLUMNS " from support_session where installation_id = :installation and ended_at is null order by created_at, id", kColumns};
constexpr Query kMostUrgent{
    "select " BELAY_SESSION_COLUMNS " from support_session where installation_id = :installation and ended_at is null"
    " order by customer_since is null, customer_since, created_at desc, id desc limit :most", kColumns};

// What reports add up of a result, so that they need not read the whole of it (session_figures.cpp).
constexpr Query kInsert{
    "insert into support_session (" BELAY_SESSION_COLUMNS ", report_connections, report_seconds, report_rating"
    ") values (:installation, :id, :issue_id, :issue_key, :provider, :creator_id, :creator_name, :supporter_id, :supporter_name,"
    " :customer_id, :customer_name, :customer_email, :description, :invitation, :language, :state, :created_at, :valid_until, :ended_at,"
    " :code, :customer_link, :made_at, :comment_id, :session_step, :invitation_step, :closing_step, :notice_step,"
    " :provider_asked, :comment_asked, :last_error, :notes, :joined_by, :provider_account_id,"
    " :customer_since, :first_came_at, :first_connected_at, :waited, :sendings, :invited_at, :replaces_id, :replaced_by_id, :before_connect,"
    " :notes_at_provider, :waiting_told, :report, :report_step, :report_comment_id, :report_asked, :worklog_id, :worklog_asked, :redacted, :version,"
    " :report_connections, :report_seconds, :report_rating)"};

// Without what most indexes stand on: each would be written anew, also where nothing of it changed. That is seldom, and done by kPlace.
constexpr Query kUpdate{
    "update support_session set issue_key = :issue_key, provider = :provider,"
    " creator_name = :creator_name, supporter_name = :supporter_name,"
    " customer_name = :customer_name, customer_email = :customer_email, description = :description, invitation = :invitation,"
    " language = :language, state = :state, valid_until = :valid_until, ended_at = :ended_at, code = :code,"
    " customer_link = :customer_link, made_at = :made_at, comment_id = :comment_id, session_step = :session_step,"
    " invitation_step = :invitation_step, closing_step = :closing_step, notice_step = :notice_step, provider_asked = :provider_asked,"
    " comment_asked = :comment_asked, last_error = :last_error, notes = :notes, joined_by = :joined_by, provider_account_id = :provider_account_id,"
    " customer_since = :customer_since, first_came_at = :first_came_at, first_connected_at = :first_connected_at, waited = :waited, sendings = :sendings,"
    " invited_at = :invited_at, replaces_id = :replaces_id, replaced_by_id = :replaced_by_id, before_connect = :before_connect,"
    " notes_at_provider = :notes_at_provider, waiting_told = :waiting_told, report = :report, report_step = :report_step,"
    " report_comment_id = :report_comment_id, report_asked = :report_asked, worklog_id = :worklog_id, worklog_asked = :worklog_asked, redacted = :redacted,"
    " report_connections = :report_connections, report_seconds = :report_seconds, report_rating = :report_rating, version = version + 1"
    " where installation_id = :installation and id = :id and version = :version"};
constexpr Query kPlace{
    "update support_session set issue_id = :issue_id, creator_id = :creator_id, supporter_id = :supporter_id, customer_id = :customer_id,"
    " created_at = :created_at where installation_id = :installation and id = :id and (issue_id is distinct from :issue_id"
    " or creator_id is distinct from :creator_id or supporter_id is distinct from :supporter_id or customer_id is distinct from :customer_id"
    " or created_at is distinct from :created_at)"};

constexpr Query kEraseKeysOfIssue{
    "delete from keyed_request where installation_id = :installation and session_id in"
    " (select id from support_session where installation_id = :installation and issue_id = :issue)"};
constexpr Query kEraseOfIssue{"delete from support_session where installation_id = :installation and issue_id = :issue"};

// Who joined, and who supported before, stand in JSON.
#define BELAY_SESSION_NAMES \
  " where installation_id = :installation and id > :after and (creator_id = :account or supporter_id = :account or customer_id = :account" \
  " or ((joined_by <> '[]' or before_connect is not null) and (joined_by like :quoted escape '!' or before_connect like :quoted escape '!')))"
constexpr Query kNaming{"select " BELAY_SESSION_COLUMNS " from support_session" BELAY_SESSION_NAMES " order by id limit :most", kColumns};
constexpr Query kErase{"delete from support_session where installation_id = :installation and id = :id"};

constexpr Query kKeyed{
    "select body_hash, session_id from keyed_request where installation_id = :installation and account_id = :account"
    " and request_key = :key and expires_at > :now", 2};
// One that ended is in the way only until somebody uses the key anew.
constexpr Query kInsertKeyed{
    "insert into keyed_request (installation_id, account_id, request_key, body_hash, session_id, expires_at)"
    " values (:installation, :account, :key, :body_hash, :session, :expires_at)"
    " on conflict (installation_id, account_id, request_key) do update set body_hash = excluded.body_hash,"
    " session_id = excluded.session_id, expires_at = excluded.expires_at"};
constexpr Query kEraseExpiredKeys{"delete from keyed_request where expires_at <= :now"};

template <class T>
T known(std::optional<T> value, const char* column) {
  if (!value) throw Failure{Error{.code = "storage_unavailable", .cause = std::string("support_session holds an unknown ") + column, .detail = {}, .retryable = false, .retry_after = {}}};
  return *value;
}

std::vector<support::AgentName> agents_from(const std::string& column) {
  std::vector<support::AgentName> agents;
  const auto parsed = json::parse_or_null(column);
  if (!parsed.is_array()) throw Failure{Error{.code = "storage_unavailable", .cause = "support_session holds agents that are no list", .detail = {}, .retryable = false, .retry_after = {}}};
  for (const auto& item : parsed.get_array()) {
    if (const auto* agent = item.if_object()) agents.push_back({.account = AccountId{json::string_at(*agent, "id").value_or("")}, .name = json::string_at(*agent, "name").value_or("")});
  }
  return agents;
}

std::string agents_column(const std::vector<support::AgentName>& agents) {
  json::array list;
  for (const auto& agent : agents) list.push_back(json::object{{"id", agent.account.value}, {"name", agent.name}});
  return boost::json::serialize(list);
}

support::BeforeConnect press_from(const json::object& before) {
  return {.supporter = {.account = AccountId{json::string_at(before, "id").value_or("")}, .name = json::string_at(before, "name").value_or("")},
          .waiting = json::bool_at(before, "waiting").value_or(false),
          .first = json::bool_at(before, "first").value_or(false),
          .at = from_millis(json::integer_at(before, "at").value_or(0)),
          .there_since = Milliseconds{json::integer_at(before, "thereSince").value_or(0)}};
}

// One object where an older Belay wrote it. What does not read is left out: then nobody goes back.
std::vector<support::BeforeConnect> presses_from(const std::optional<std::string>& column) {
  std::vector<support::BeforeConnect> presses;
  if (!column) return presses;
  const auto parsed = json::parse_or_null(*column);
  if (parsed.is_object()) presses.push_back(press_from(parsed.get_object()));
  if (!parsed.is_array()) return presses;
  for (const auto& press : parsed.get_array()) {
    if (press.is_object()) presses.push_back(press_from(press.get_object()));
  }
  return presses;
}

std::optional<std::string> presses_column(const std::vector<support::BeforeConnect>& presses) {
  if (presses.empty()) return std::nullopt;
  json::array list;
  for (const auto& press : presses) {
    list.push_back(json::object{{"id", press.supporter.account.value}, {"name", press.supporter.name}, {"waiting", press.waiting}, {"first", press.first}, {"at", to_millis(press.at)}, {"thereSince", press.there_since.count()}});
  }
  return boost::json::serialize(list);
}

std::optional<support::SessionReport> report_from(const std::optional<std::string>& column) {
  if (!column) return std::nullopt;
  const auto parsed = json::parse_or_null(*column);
  return parsed.is_object() ? support::report_from_json(parsed.get_object()) : std::nullopt;
}

std::optional<std::string> report_column(const std::optional<support::SessionReport>& report) {
  if (!report) return std::nullopt;
  return boost::json::serialize(support::to_json(*report));
}

std::optional<support::ProviderSide> made_from(Row& row) {
  auto code = row.maybe_id<SessionCode>();
  auto link = row.maybe_text();
  const auto made_at = row.maybe_time();
  if (!code || !link || !made_at) return std::nullopt;   // the table allows all or none
  return support::ProviderSide{.code = std::move(*code), .customer_link = std::move(*link), .created_at = *made_at};
}

support::SupportSession session_from(Row& row) {
  support::SupportSession session;
  session.installation = row.id<InstallationId>();
  session.id = row.id<SessionId>();
  session.issue = row.id<IssueId>();
  session.issue_key = row.id<IssueKey>();
  session.provider = row.id<ProviderName>();
  session.creator = row.id<AccountId>();
  session.creator_name = row.text();
  session.supporter = row.id<AccountId>();
  session.supporter_name = row.text();
  session.customer.account = row.maybe_id<AccountId>();
  session.customer.name = row.text();
  session.customer.email = row.text();
  session.description = row.text();
  session.invitation = known(support::invitation_from(row.text()), "invitation");
  session.language = row.text();
  session.state = known(support::session_state_from(row.text()), "state");
  session.created_at = row.time();
  session.valid_until = row.time();
  session.ended_at = row.maybe_time();
  session.made = made_from(row);
  session.comment = row.maybe_id<CommentId>();
  session.session_step = known(support::step_from(row.text()), "session_step");
  session.invitation_step = known(support::step_from(row.text()), "invitation_step");
  session.closing_step = known(support::step_from(row.text()), "closing_step");
  session.notice_step = known(support::step_from(row.text()), "notice_step");
  session.provider_asked = row.flag();
  session.comment_asked = row.flag();
  session.last_error = error_from_column(row.maybe_text());
  session.notes = row.text();
  session.joined_by = agents_from(row.text());
  session.provider_account = row.id<ProviderAccountId>();
  session.customer_since = row.maybe_time();
  session.first_came_at = row.maybe_time();
  session.first_connected_at = row.maybe_time();
  session.waited = Milliseconds{row.number()};
  session.sendings = static_cast<int>(row.number());
  session.invited_at = row.maybe_time();
  session.replaces = row.maybe_id<SessionId>();
  session.replaced_by = row.maybe_id<SessionId>();
  session.presses = presses_from(row.maybe_text());
  session.notes_at_provider = row.text();
  session.waiting_told = row.flag();
  session.report = report_from(row.maybe_text());
  session.report_step = known(support::step_from(row.text()), "report_step");
  session.report_comment = row.maybe_id<CommentId>();
  session.report_asked = row.flag();
  session.worklog = row.maybe_id<WorklogId>();
  session.worklog_asked = row.flag();
  session.redacted = row.flag();
  session.version = row.number();
  return session;
}

// By what it is found.
void bind_place(Statement& statement, const support::SupportSession& session) {
  statement.with("issue_id", session.issue)
      .with("creator_id", session.creator)
      .with("supporter_id", session.supporter)
      .with("customer_id", session.customer.account)
      .with("created_at", session.created_at);
}

// Everything else but its version, in the order of the table.
void bind_content(Statement& statement, const support::SupportSession& session) {
  statement.with("issue_key", session.issue_key)
      .with("provider", session.provider)
      .with("creator_name", session.creator_name)
      .with("supporter_name", session.supporter_name)
      .with("customer_name", session.customer.name)
      .with("customer_email", session.customer.email)
      .with("description", session.description)
      .with("invitation", support::to_string(session.invitation))
      .with("language", session.language)
      .with("state", support::to_string(session.state))
      .with("valid_until", session.valid_until)
      .with("ended_at", session.ended_at);
  const auto& made = session.made;
  statement.with("code", made ? std::optional(made->code) : std::nullopt)
      .with("customer_link", made ? std::optional(made->customer_link) : std::nullopt)
      .with("made_at", made ? std::optional(made->created_at) : std::nullopt)
      .with("comment_id", session.comment)
      .with("session_step", support::to_string(session.session_step))
      .with("invitation_step", support::to_string(session.invitation_step))
      .with("closing_step", support::to_string(session.closing_step))
      .with("notice_step", support::to_string(session.notice_step))
      .with("provider_asked", session.provider_asked)
      .with("comment_asked", session.comment_asked)
      .with("last_error", to_column(session.last_error))
      .with("notes", session.notes)
      .with("joined_by", agents_column(session.joined_by))
      .with("provider_account_id", session.provider_account)
      .with("customer_since", session.customer_since)
      .with("first_came_at", session.first_came_at)
      .with("first_connected_at", session.first_connected_at)
      .with("waited", session.waited.count())
      .with("sendings", session.sendings)
      .with("invited_at", session.invited_at)
      .with("replaces_id", session.replaces)
      .with("replaced_by_id", session.replaced_by)
      .with("before_connect", presses_column(session.presses))
      .with("notes_at_provider", session.notes_at_provider)
      .with("waiting_told", session.waiting_told)
      .with("report", report_column(session.report))
      .with("report_step", support::to_string(session.report_step))
      .with("report_comment_id", session.report_comment)
      .with("report_asked", session.report_asked)
      .with("worklog_id", session.worklog)
      .with("worklog_asked", session.worklog_asked)
      .with("redacted", session.redacted);
}

// A result without an end has a length that nobody knows.
void bind_figures(Statement& statement, const std::optional<support::SessionReport>& report) {
  using Number = std::optional<std::int64_t>;
  statement.with("report_connections", report ? Number(report->connections) : Number())
      .with("report_seconds", report && report->ended ? Number(report->connected.count()) : Number())
      .with("report_rating", report && report->rating ? Number(*report->rating) : Number());
}

}  // namespace

std::optional<support::SupportSession> SqlSessions::find(const InstallationId& installation, const SessionId& id) {
  return connection_.statement(kFind).with("installation", installation).with("id", id).row(session_from);
}

std::vector<support::SupportSession> SqlSessions::of_issue(const InstallationId& installation, const IssueId& issue) {
  return connection_.statement(kOfIssue).with("installation", installation).with("issue", issue).rows(session_from);
}

std::vector<support::SupportSession> SqlSessions::of_agent(const InstallationId& installation, const AccountId& agent, std::size_t most) {
  auto sessions = connection_.statement(kUnfinishedOfAgent).with("installation", installation).with("agent", agent).rows(session_from);
  if (sessions.size() >= most) return sessions;
  auto ended = connection_.statement(kEndedOfAgent).with("installation", installation).with("agent", agent).with("most", most - sessions.size()).rows(session_from);
  sessions.insert(sessions.end(), std::make_move_iterator(ended.begin()), std::make_move_iterator(ended.end()));
  return sessions;
}

std::vector<support::SupportSession> SqlSessions::unfinished_of(const InstallationId& installation, const AccountId& creator) {
  return connection_.statement(kUnfinishedOf).with("installation", installation).with("creator", creator).rows(session_from);
}

std::vector<support::SupportSession> SqlSessions::unfinished(const InstallationId& installation) {
  return connection_.statement(kUnfinished).with("installation", installation).rows(session_from);
}

std::vector<support::SupportSession> SqlSessions::most_urgent(const InstallationId& installation, std::size_t most) {
  return connection_.statement(kMostUrgent).with("installation", installation).with("most", most).rows(session_from);
}

void SqlSessions::insert(const support::SupportSession& session) {
  connection_.touch(session.installation);
  auto& statement = connection_.statement(kInsert).with("installation", session.installation).with("id", session.id);
  bind_place(statement, session);
  bind_content(statement, session);
  statement.with("version", session.version);
  bind_figures(statement, session.report);
  statement.run();
}

bool SqlSessions::update(support::SupportSession& session) {
  connection_.touch(session.installation);
  auto& statement = connection_.statement(kUpdate);
  bind_content(statement, session);
  bind_figures(statement, session.report);
  const auto changed = statement.with("installation", session.installation).with("id", session.id).with("version", session.version).run();
  if (changed == 0) return false;
  ++session.version;
  auto& place = connection_.statement(kPlace).with("installation", session.installation).with("id", session.id);
  bind_place(place, session);
  place.run();
  return true;
}

void SqlSessions::erase_of_issue(const InstallationId& installation, const IssueId& issue) {
  connection_.touch(installation);
  connection_.statement(kEraseKeysOfIssue).with("installation", installation).with("issue", issue).run();
  connection_.statement(kEraseOfIssue).with("installation", installation).with("issue", issue).run();
}

std::vector<support::SupportSession> SqlSessions::naming(const InstallationId& installation, const AccountId& account, const SessionId& after, std::size_t most) {
  return connection_.statement(kNaming)
      .with("installation", installation)
      .with("after", after)
      .with("account", account)
      .with("quoted", quoted_somewhere(account.value))
      .with("most", most)
      .rows(session_from);
}

void SqlSessions::erase(const InstallationId& installation, const SessionId& id) {
  connection_.touch(installation);
  connection_.statement(kErase).with("installation", installation).with("id", id).run();
}

std::optional<ports::SessionStore::KeyedRequest> SqlSessions::keyed(const InstallationId& installation, const AccountId& account, const std::string& key,
                                                                   Time now) {
  return connection_.statement(kKeyed).with("installation", installation).with("account", account).with("key", key).with("now", now).row([](Row& row) {
    KeyedRequest request;
    request.body_hash = row.text();
    request.session = row.id<SessionId>();
    return request;
  });
}

void SqlSessions::insert_keyed(const InstallationId& installation, const AccountId& account, const std::string& key, const KeyedRequest& request,
                               Time expires_at) {
  connection_.statement(kInsertKeyed)
      .with("installation", installation)
      .with("account", account)
      .with("key", key)
      .with("body_hash", request.body_hash)
      .with("session", request.session)
      .with("expires_at", expires_at)
      .run();
}

std::size_t SqlSessions::erase_expired_keys(Time now) { return connection_.statement(kEraseExpiredKeys).with("now", now).run(); }

}  // namespace belay::storage
