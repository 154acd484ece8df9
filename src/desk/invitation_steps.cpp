#include "desk/invitation_steps.hpp"

#include "base/log.hpp"
#include "desk/installation_settings.hpp"
#include "desk/invitation_text.hpp"
#include "desk/report_text.hpp"
#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::SessionEvent;
using support::Step;
using support::SupportSession;

constexpr int kMostInviteTries = 10;
// About a day: nobody waits for it, and Jira's token may be missing for hours.
constexpr int kMostNoticeTries = 300;

// A comment that the wrong people can read. Mails have left by then, so the session itself is ended.
bool is_surprise(const SupportSession& session, const ports::WrittenComment& written) {
  if (!written.visible_to_customer) return false;
  return session.invitation == support::Invitation::internal && *written.visible_to_customer;
}

// Meant for the customer, and the team alone can read it: nobody was told of the session.
bool is_hidden(const SupportSession& session, const ports::WrittenComment& written) {
  if (!written.visible_to_customer) return false;
  return session.invitation == support::Invitation::for_customer && !*written.visible_to_customer;
}

// Nothing but the issue can be missing where an invitation is written.
Error about_issue(Error error) {
  if (error.code == "not_found") error.code = "jira_issue_gone";
  return error;
}

constexpr std::string_view kOver = "session_over";   // among ourselves: never leaves this file

std::unexpected<Error> over_before_written() { return fail(std::string(kOver), "the session ended before its invitation was written"); }

Result<InvitationWording> wording_for(const Doors& doors, ports::UnitOfWork& unit, const SupportSession& session, const ports::Ticket& ticket) {
  if (!support::is_live(session.state)) return over_before_written();
  // Moved since it was asked for: everybody who sees the issue would read it.
  if (session.invitation != support::invitation_on(ticket.service_project, session.invitation)) return fail("comment_not_internal", "no internal comments there");
  auto installation = unit.installations().find(session.installation);
  if (!installation) return fail("not_paired", "the installation is gone");
  return InvitationWording{.settings = settings_of(unit, session.installation, doors.words).settings,
                           .project = project_settings_of(unit, session.installation, ticket.project_id).settings,
                           .site_url = std::move(installation->site_url)};
}

std::optional<ports::AppAccess> app_access(ports::UnitOfWork& unit, const InstallationId& installation) {
  const auto row = unit.installations().find(installation);
  const auto token = unit.installations().system_token(installation);
  if (!row || !token) return std::nullopt;
  return ports::AppAccess{.api_base_url = row->api_base_url, .token = token->secret, .expires_at = token->expires_at, .paired_at = row->paired_at};
}

// What session.invite begins from where it is handed over: the session as it was committed with the row.
struct Written { SupportSession session; InvitationFacts facts; InvitationWording wording; std::optional<ports::AppAccess> access; };

}  // namespace

std::any written_at_once(const Doors& doors, ports::UnitOfWork& unit, SupportSession& session, const InvitationFacts& facts) {
  if (!facts.ticket) return {};
  auto wording = wording_for(doors, unit, session, *facts.ticket);
  if (!wording) return {};   // why, the step finds out again
  session.comment_asked = true;
  return Written{.session = session, .facts = facts, .wording = std::move(*wording), .access = app_access(unit, session.installation)};
}

Task<Result<ports::WrittenComment>> InvitationSteps::find_or_write(ports::OutboxRow row, SupportSession session) {
  if (session.comment_asked) {
    BELAY_CO_TRY(found, co_await doors_.tickets.find_comments(step_call(row), session.issue, ports::CommentPurpose::invitation, session.id, session.created_at - kClockDifference));
    std::erase_if(found, [&](const ports::WrittenComment& comment) { return comment.sending != session.sendings; });
    if (!found.empty()) co_return std::move(found.back());  // the oldest: the others, if any, are swept
  }
  if (!support::is_live(session.state) || doors_.clock.now() >= session.valid_until) co_return over_before_written();
  auto facts = co_await reading_.facts(step_call(row), session);
  if (!facts.ticket) co_return std::unexpected(facts.ticket.error());
  std::optional<InvitationWording> wording;
  auto marked = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    BELAY_TRY(words, wording_for(doors_, unit, now, *facts.ticket));
    wording = std::move(words);
    now.comment_asked = true;   // before the request leaves: from here on a restart has to look first
    return {};
  });
  if (!marked) co_return std::unexpected(marked.error());
  co_return co_await write(step_call(row), std::move(session), std::move(facts), std::move(*wording));
}

// That it is written is written down.
Task<Result<ports::WrittenComment>> InvitationSteps::write(ports::Call call, SupportSession session, InvitationFacts facts, InvitationWording wording) {
  const auto& [ticket, agent] = facts;
  // The agent's zone is a nicety: without it the text says UTC.
  const AgentShown shown{.name = session.supporter_name, .time_zone = agent ? agent->time_zone : std::string()};
  ports::CommentDraft draft;
  draft.issue = session.issue;
  draft.document = invitation(session, support::in_project(wording.settings, wording.project), *ticket, shown, site_name(wording.site_url), doors_.words);
  draft.audience = session.invitation == support::Invitation::internal ? ports::Audience::team : ports::Audience::customer;
  draft.service_project = ticket->service_project;
  draft.session = session.id;
  draft.sending = session.sendings;
  co_return co_await doors_.tickets.write_comment(std::move(call), std::move(draft));
}

Task<StepResult> InvitationSteps::invite(ports::OutboxRow row) {
  if (auto* begun = std::any_cast<Written>(&row.in_hand)) {
    auto [session, facts, wording, access] = std::move(*begun);
    row.in_hand.reset();
    auto call = step_call(row);
    call.app_access = std::move(access);
    auto written = co_await write(std::move(call), session, std::move(facts), std::move(wording));
    co_return co_await settle(std::move(row), std::move(session), std::move(written), false);
  }
  auto session = co_await read_session(doors_, row.installation, SessionId{row.subject});
  if (!session) {
    if (session.error().code == "not_found") co_return Done{};
    co_return try_again(session.error());
  }
  if (session->invitation_step != Step::pending) co_return Done{};
  // By an earlier run, of which it is not known how far it came.
  const bool asked_before = session->comment_asked;
  if (asked_before) {
    const auto swept = co_await is_being_swept(doors_, row.installation, session->id);
    if (!swept) co_return try_again(swept.error());
    if (*swept) co_return LaterAt{doors_.clock.now() + kSweepWait};
  }
  auto written = co_await find_or_write(row, *session);
  co_return co_await settle(std::move(row), std::move(*session), std::move(written), asked_before);
}

Task<StepResult> InvitationSteps::settle(ports::OutboxRow row, SupportSession session, Result<ports::WrittenComment> written, bool asked_before) {
  if (!written) co_return co_await not_written(std::move(row), std::move(session), about_issue(written.error()));
  if (is_surprise(session, *written)) co_return co_await withdraw(std::move(row), std::move(session));
  co_return co_await keep(std::move(row), std::move(session), std::move(*written), asked_before);
}

// The order of the rules: first the session is closed, then the comment deleted. Both are written down before anything is done, since a restart
// that found the comment gone and the session open would invite again.
Task<StepResult> InvitationSteps::withdraw(ports::OutboxRow row, SupportSession session) {
  log::error("comment_visible_to_customer", {{"installation", row.installation.value}, {"session", session.id.value}});
  auto ended = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    now.invitation_step = Step::failed;
    const auto entry = audit_entry(doors_, now.installation, "invitation_withdrawn");
    if (support::is_live(now.state)) BELAY_CHECK(end_session(doors_, now, unit, SessionEvent::closed, entry, false));
    now.last_error = Error{.code = "comment_visibility_surprise", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
    begin_sweep(doors_, unit, now, Milliseconds{0});
    return {};
  });
  if (!ended) co_return try_again(ended.error());
  doors_.work.ring();
  co_return Done{};
}

Task<StepResult> InvitationSteps::keep(ports::OutboxRow row, SupportSession session, ports::WrittenComment written, bool asked_before) {
  auto kept = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    // Only after a try whose answer was never seen can there be a second one; or somebody else kept one while we were slow.
    // The one that was sent before goes at once: the customer has another.
    const bool other_stands = now.comment && *now.comment != written.id;
    if (asked_before || other_stands) begin_sweep(doors_, unit, now, other_stands ? Milliseconds{0} : kLateEffect);
    now.comment = written.id;
    now.invited_at = doors_.clock.now();
    now.invitation_step = Step::done;
    now.last_error.reset();
    if (is_hidden(session, written)) now.last_error = Error{.code = "comment_hidden_from_customer", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
    auto entry = audit_entry(doors_, now.installation, "invitation_written");
    entry.issue = now.issue;
    entry.session = now.id;
    entry.person = now.customer.account;
    unit.audit().append(entry);
    if (support::is_over(now.state) && settings_of(unit, now.installation, doors_.words).settings.edit_when_ended) {
      begin_notice(doors_, unit, now, ports::trace_of(row));
    }
    return {};
  });
  if (!kept) co_return try_again(kept.error());
  doors_.work.ring();
  co_return Done{};
}

Task<StepResult> InvitationSteps::not_written(ports::OutboxRow row, SupportSession session, Error error) {
  const bool over = error.code == kOver;
  const bool give_up = over || !error.retryable || row.attempts + 1 >= kMostInviteTries;
  auto noted = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    if (over) {
      now.invitation_step = now.comment ? Step::done : Step::none;
      if (now.comment_asked) begin_sweep(doors_, unit, now, kLateEffect);
      return {};
    }
    now.last_error = error;
    if (!give_up) return {};
    // What was sent before stands, and can be followed.
    const bool other_stands = now.comment.has_value();
    now.invitation_step = other_stands ? Step::done : Step::failed;
    // A comment that stands although no answer came would never be corrected: it is taken away, as far as it is found.
    if (now.comment_asked) begin_sweep(doors_, unit, now, kLateEffect);
    auto entry = audit_entry(doors_, now.installation, "invitation_failed");
    entry.issue = now.issue;
    entry.session = now.id;
    entry.detail = {{"code", error.code}};
    unit.audit().append(entry);
    return {};
  });
  if (!noted) co_return try_again(noted.error());
  if (!give_up) co_return try_again(std::move(error));
  // As with the session: a refusal is for the agent, what did not pass in all that time is for the admin as well.
  if (error.retryable && noted->invitation_step == Step::failed) co_return GiveUp{std::move(error)};
  co_return Done{};
}

// What came of the session, where it is to be read there. That nobody connected is for the team: it stands there only where the team has no other place.
Task<Result<std::string>> InvitationSteps::result_for(ports::OutboxRow row, SupportSession session) {
  if (!session.report) co_return std::string();
  auto sentence = report_for_customer(session, doors_.words);
  BELAY_CO_TRY(settings, co_await doors_.storage.read<support::Settings>(
                             [&](ports::UnitOfWork& unit) -> Result<support::Settings> { return settings_of(unit, row.installation, doors_.words).settings; }));
  if (settings.report == support::ReportPlace::none) co_return std::string();
  const bool nobody = session.report->nobody();
  if (settings.report == support::ReportPlace::invitation && !nobody) co_return sentence;
  BELAY_CO_TRY(ticket, co_await doors_.tickets.ticket(step_call(row), ports::AsApp{}, session.issue));
  const bool here = support::report_place_on(ticket.service_project, settings.report) == support::ReportPlace::invitation;
  co_return here && !(nobody && ticket.service_project) ? sentence : std::string();
}

namespace {

// While the edit was under way there came something else to say, or another comment to say it in.
bool is_asked_again(const SupportSession& now, const SupportSession& as_read) {
  return now.notice_step == Step::pending && (now.report != as_read.report || now.comment != as_read.comment);
}

}  // namespace

Task<StepResult> InvitationSteps::notice(ports::OutboxRow row) {
  auto session = co_await read_session(doors_, row.installation, SessionId{row.subject});
  if (!session) {
    if (session.error().code == "not_found") co_return Done{};
    co_return try_again(session.error());
  }
  if (session->notice_step != Step::pending || !session->comment) co_return Done{};
  const auto result = co_await result_for(row, *session);
  if (!result && may_pass(result.error()) && row.attempts + 1 < kMostNoticeTries) co_return try_again(result.error());
  auto edited = co_await doors_.tickets.edit_comment(step_call(row), session->issue, *session->comment, ended_notice(*session, result.value_or(""), doors_.words));
  // Somebody deleted the comment: nothing left to correct. Unless it is the issue that the app may not see.
  const bool gone = !edited && edited.error().code == "not_found";
  if (gone) {
    if (auto ticket = co_await doors_.tickets.ticket(step_call(row), ports::AsApp{}, session->issue); !ticket) co_return co_await not_noticed(std::move(row), std::move(*session), out_of_sight(std::move(ticket).error()));
  }
  const bool said_nowhere = gone && session->report && (!result || !result->empty());
  if (!edited && !gone) co_return co_await not_noticed(std::move(row), std::move(*session), edited.error());
  bool changed_since = false;   // what it says, or where it stands
  auto noted = co_await change_session(doors_, row.installation, session->id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    changed_since = is_asked_again(now, *session);
    if (changed_since) return {};
    now.notice_step = Step::done;
    if (gone && now.comment == session->comment) now.comment.reset();
    // What was to stand in it is for the team to read, where they have comments of their own.
    if (said_nowhere) begin_report(doors_, unit, now, ports::trace_of(row));
    return {};
  });
  if (!noted) co_return try_again(noted.error());
  if (changed_since) co_return LaterAt{doors_.clock.now()};
  if (said_nowhere) doors_.work.ring();
  co_return Done{};
}

Task<StepResult> InvitationSteps::not_noticed(ports::OutboxRow row, SupportSession session, Error error) {
  if (error.retryable && row.attempts + 1 < kMostNoticeTries) co_return try_again(std::move(error));
  bool changed_since = false;
  auto noted = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    changed_since = is_asked_again(now, session);
    if (!changed_since) now.notice_step = Step::failed;
    return {};
  });
  if (!noted) co_return noted.error().code == "not_found" ? StepResult{Done{}} : try_again(noted.error());
  if (changed_since) co_return LaterAt{doors_.clock.now()};
  co_return GiveUp{std::move(error)};
}

}  // namespace belay::desk
