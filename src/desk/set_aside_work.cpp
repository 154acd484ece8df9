#include "desk/set_aside_work.hpp"

#include <algorithm>

#include "desk/contact_invitation.hpp"
#include "desk/session_change.hpp"
#include "desk/session_view.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;
using support::SupportSession;

constexpr std::size_t kMostShown = 100;

bool is_about_session(const ports::OutboxRow& row) { return row.kind.starts_with("session."); }

// What a row is about, as far as that is still there.
struct About {
  std::optional<IssueId> issue;
  std::optional<IssueKey> issue_key;
  std::optional<SessionId> session;
  std::optional<SessionCode> code;
  std::optional<AccountId> agent;                ///< in whose provider account it is done
  std::optional<AccountId> person;
};

About about_session(ports::UnitOfWork& unit, const ports::OutboxRow& row) {
  About about;
  about.session = SessionId{row.subject};
  const auto session = unit.sessions().find(row.installation, *about.session);
  if (!session) return about;
  about.issue = session->issue;
  about.issue_key = session->issue_key;
  if (session->made) about.code = session->made->code;
  about.agent = session->creator;
  about.person = session->customer.account;
  return about;
}

About about_issue(ports::UnitOfWork& unit, const ports::OutboxRow& row) {
  About about;
  about.issue = IssueId{row.subject};
  about.issue_key = unit.audit().key_of(row.installation, *about.issue);
  return about;
}

About about_of(ports::UnitOfWork& unit, const ports::OutboxRow& row) {
  if (is_about_session(row)) return about_session(unit, row);
  if (row.kind == "roster.read" || row.kind == "issue.property" || row.kind == "issue.gone" || row.kind == "issue.check") return about_issue(unit, row);
  About about;
  if (row.kind == "account.poll" || row.kind == "link.check") about.agent = AccountId{row.subject};
  if (row.kind == "account.erase" || row.kind == "account.refresh") about.person = AccountId{row.subject};
  if (row.kind == "link.end") {
    if (const auto link = unit.links().find(row.installation, LinkId{row.subject})) about.agent = link->account;
  }
  if (row.kind == "contact.invite") {
    if (const auto invited = invited_by(row.subject)) {
      about.agent = invited->agent;
      about.person = invited->person;
    }
  }
  return about;   // grants and installations have no more to say
}

// A link that is of no use is that agent's to mend, whoever reads this.
Error told_to(const AccountId& viewer, Error error, const About& about, const std::map<AccountId, std::string>& names) {
  if (!about.agent || *about.agent == viewer || (error.code != "link_expired" && error.code != "not_linked")) return error;
  const auto name = names.find(*about.agent);
  error.detail["agent"] = name == names.end() ? about.agent->value : name->second;
  return error;
}

json::object view_of(const ports::OutboxRow& row, const About& about, const std::map<AccountId, std::string>& names, const AccountId& viewer, const Catalogue& words) {
  json::object view{{"id", row.id.value}, {"kind", row.kind}, {"setAsideAt", to_iso8601(*row.set_aside_at)}, {"tries", row.attempts}};
  if (about.issue) {
    json::object issue{{"id", about.issue->value}};
    if (about.issue_key) issue["key"] = about.issue_key->value;
    view["issue"] = std::move(issue);
  }
  if (about.session) {
    json::object session{{"id", about.session->value}};
    if (about.code) session["code"] = about.code->value;
    view["session"] = std::move(session);
  }
  if (about.agent) view["agent"] = account_view(*about.agent, names);
  if (about.person) view["person"] = account_view(*about.person, names);
  if (row.last_error) view["error"] = given_up_view(told_to(viewer, *row.last_error, about, names), words);
  return view;
}

// A step that gave up has noted so where it looks first, and would find nothing to do. False: nothing has to change.
Result<bool> begin_again(const Doors& doors, const std::string& kind, SupportSession& session) {
  if (kind == "session.provision" && session.state == SessionState::failed) {
    BELAY_CHECK(make_again(doors, session));
  } else if (kind == "session.invite" && support::is_live(session.state) && session.invitation_step == Step::failed) {
    session.invitation_step = Step::pending;
  } else if (kind == "session.close" && session.closing_step == Step::failed) {
    session.closing_step = Step::pending;
  } else if (kind == "session.notice" && session.notice_step == Step::failed) {
    session.notice_step = Step::pending;
    return true;   // what is said of the session is not about this
  } else {
    return false;
  }
  session.last_error.reset();
  return true;
}

Result<void> begin_session_again(const Doors& doors, ports::UnitOfWork& unit, const ports::OutboxRow& row) {
  auto session = unit.sessions().find(row.installation, SessionId{row.subject});
  if (!session) return {};   // erased with its issue: the step sees that, and is done
  BELAY_TRY(changed, begin_again(doors, row.kind, *session));
  if (row.kind == "session.provision") BELAY_CHECK(take_place_again(unit, *session));
  if (changed && !unit.sessions().update(*session)) return fail_for_now("storage_unavailable", "somebody was faster");
  return {};
}

// The others look at what is there at the moment, and go on from it: nothing stands in their way.
Result<void> make_ready(const Doors& doors, ports::UnitOfWork& unit, const ports::OutboxRow& row) {
  if (is_about_session(row)) return begin_session_again(doors, unit, row);
  if (row.kind != "contact.invite") return {};
  const auto invited = invited_by(row.subject);
  if (!invited) return {};
  auto invitation = unit.invitations().find(row.installation, invited->agent, invited->person, doors.provider.name());
  if (!invitation || !invitation->last_error) return {};
  invitation->last_error.reset();
  unit.invitations().put(*invitation);
  return {};
}

}  // namespace

Task<Result<json::object>> SetAsideWork::view(Caller caller) {
  struct Known { std::vector<ports::OutboxRow> rows; std::vector<About> about; };
  auto known = co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    Known found{.rows = unit.outbox().all_set_aside(caller.installation(), kMostShown + 1), .about = {}};
    for (const auto& row : found.rows) found.about.push_back(about_of(unit, row));
    return found;
  });
  if (!known) co_return std::unexpected(known.error());
  std::set<AccountId> named;
  for (const auto& about : known->about) {
    if (about.agent) named.insert(*about.agent);
    if (about.person) named.insert(*about.person);
  }
  const auto seen = co_await names_.look(caller, std::move(named));
  json::array work;
  for (std::size_t i = 0; i < std::min(known->rows.size(), kMostShown); ++i) work.push_back(view_of(known->rows[i], known->about[i], seen.names, caller.account, doors_.words));
  json::object view{{"work", std::move(work)}, {"more", known->rows.size() > kMostShown}};
  if (seen.failure) view["namesMissing"] = seen.failure->code;
  co_return view;
}

Task<Result<json::object>> SetAsideWork::list(Caller caller) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  co_return co_await view(std::move(caller));
}

Task<Result<json::object>> SetAsideWork::retry(Caller caller, OutboxId id) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto row = unit.outbox().find(caller.installation(), id);
    if (!row) return fail("not_found", "no row of that id");
    if (!row->set_aside_at) return fail("not_set_aside", "somebody was faster");
    const auto about = about_of(unit, *row);
    BELAY_CHECK(make_ready(doors_, unit, *row));
    if (!unit.outbox().take_up(caller.installation(), id, doors_.clock.now())) return fail("not_set_aside", "somebody was faster");
    auto entry = audit_entry(doors_, caller, "work_retried");
    entry.issue = about.issue;
    entry.issue_key = about.issue_key;
    entry.session = about.session;
    entry.person = about.person ? about.person : about.agent;
    entry.detail = {{"kind", row->kind}};
    unit.audit().append(entry);
    return {};
  }));
  doors_.work.ring();
  co_return co_await view(std::move(caller));
}

}  // namespace belay::desk
