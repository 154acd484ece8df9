#include "desk/session_steps.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "desk/hand_over.hpp"
#include "desk/installation_settings.hpp"
#include "desk/invitation_steps.hpp"
#include "desk/link_state.hpp"
#include "desk/report_sweep.hpp"
#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

using support::SessionEvent;
using support::SessionState;
using support::Step;
using support::SupportSession;

// With the worker's doubling pauses, eight tries last about eight minutes: long enough for a restart at the provider, short enough
// that an agent who waits is told.
constexpr int kMostProvisionTries = 8;
// About a day: a session that is said to be closed should not stay open there because nobody answered for an hour.
constexpr int kMostCloseTries = 300;
// When the sweep looks: a request that was on its way when we gave up on its answer has arrived by then.
constexpr std::array<Milliseconds, 3> kSweepAfter{kLateEffect, Milliseconds{120'000}, Milliseconds{600'000}};
// While the session is being closed the look waits, the longer the longer that takes.
constexpr Milliseconds kShortestWait{2'000};
constexpr Milliseconds kLongestWait{300'000};
constexpr Milliseconds kMomentForFacts{25};
// Nobody has read the invitation before.
constexpr Milliseconds kUntilSomebodyComes{5'000};

SessionId subject(const ports::OutboxRow& row) { return SessionId{row.subject}; }

Error account_changed(const Doors& doors) {
  return Error{.code = "account_changed", .cause = "asked for in another account at the provider", .detail = {{"provider", doors.provider.display_name()}}, .retryable = false, .retry_after = {}};
}

// Written before the request leaves: from here on a restart has to look first.
void mark_asked(SupportSession& session, const ProviderAccountId& account) {
  session.provider_asked = true;
  session.provider_account = account;
}

std::optional<ProviderPlace> known_place(const std::optional<ports::AccountLink>& link, const std::string& group) {
  if (!is_linked(link) || link->group_name != group || link->group_id.empty()) return std::nullopt;
  return ProviderPlace{.group_id = link->group_id, .account = link->at_provider.id};
}

ports::LinkRef creator_of(const SupportSession& session) { return {.installation = session.installation, .account = session.creator}; }

// What session.provision begins from where it is handed over: as it was committed with the row.
struct Wish { SupportSession session; ProviderPlace place; ports::Grant grant; };

}  // namespace

std::any asked_at_once(const ports::AccountLink& link, const std::string& group, SupportSession& session) {
  const auto place = known_place(link, group);
  if (!place) return {};
  mark_asked(session, place->account);
  return Wish{.session = session, .place = *place, .grant = link.grant};
}

Task<Result<SessionSteps::Known>> SessionSteps::know(ports::OutboxRow row) {
  co_return co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    auto session = unit.sessions().find(row.installation, subject(row));
    if (!session) return fail("not_found", "no session of that id");
    auto link = unit.links().find(row.installation, session->creator, session->provider);
    return Known{.session = std::move(*session), .group = group_name(settings_of(unit, row.installation, doors_.words).settings, doors_.house), .link = std::move(link)};
  });
}

Task<StepResult> SessionSteps::provision(ports::OutboxRow row) {
  if (auto* wish = std::any_cast<Wish>(&row.in_hand)) {
    auto [session, place, grant] = std::move(*wish);
    row.in_hand.reset();
    // The session first: what its invitation is written from has the time that it takes.
    std::optional<Result<ports::ProviderSession>> made;
    std::vector<Task<void>> together;
    together.push_back(answer_into(made, make(row, session, std::move(place), std::move(grant))));
    together.push_back(begin_reading(row, session));
    co_await all_of(std::move(together));
    if (!*made) co_return co_await not_made(std::move(row), made->error(), false);
    co_return co_await keep(std::move(row), std::move(**made), Asking::first);
  }
  auto known = co_await know(row);
  if (!known) {
    if (known.error().code == "not_found") co_return Done{};  // erased with its issue
    co_return try_again(known.error());
  }
  if (known->session.state != SessionState::intended) co_return Done{};
  const bool asked_before = known->session.provider_asked;
  if (asked_before) {
    const auto swept = co_await is_being_swept(doors_, row.installation, known->session.id);
    if (!swept) co_return try_again(swept.error());
    if (*swept) co_return LaterAt{doors_.clock.now() + kSweepWait};
  }
  auto had = co_await find_or_create(row, std::move(*known));
  if (!had) co_return co_await not_made(std::move(row), had.error(), asked_before);
  co_return co_await keep(std::move(row), std::move(had->session), had->asking);
}

Task<Result<ProviderPlace>> SessionSteps::place_of(ports::OutboxRow row, Known known) {
  if (auto place = known_place(known.link, known.group)) co_return std::move(*place);
  const auto& [session, wanted, link] = known;
  const json::object provider{{"provider", doors_.provider.display_name()}};
  if (!link || link->ending_since) co_return fail("not_linked", "the creator's link is gone", provider);
  if (link->expired) co_return fail("link_expired", "the creator's link is not accepted any more", provider);
  const auto account = link->at_provider.id;
  BELAY_CO_TRY(group_id, co_await doors_.provider.group(step_call(row), creator_of(session), wanted));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto now = unit.links().find(session.installation, session.creator, session.provider);
    if (!now) return {};
    now->group_name = wanted;
    now->group_id = group_id;
    unit.links().put(*now);
    return {};
  }));
  co_return ProviderPlace{.group_id = std::move(group_id), .account = account};
}

Task<Result<SessionSteps::Had>> SessionSteps::find_or_create(ports::OutboxRow row, Known known) {
  const auto session = known.session;
  BELAY_CO_TRY(place, co_await place_of(row, std::move(known)));
  if (session.provider_asked) {
    // What was asked for in another account can be neither found nor made from this one.
    if (!is_in(session, place.account)) co_return std::unexpected(account_changed(doors_));
    // An earlier try may have reached the provider. The oldest one found is kept, so that two looks choose alike.
    BELAY_CO_TRY(found, co_await doors_.provider.find_sessions(step_call(row), creator_of(session), session.id));
    if (!found.empty()) {
      const auto oldest = std::ranges::min_element(found, {}, [](const ports::ProviderSession& one) { return std::pair(one.created_at.value_or(Time::max()), one.code); });
      co_return Had{.session = *oldest, .asking = Asking::found};
    }
  }
  // After a long stop: the provider would make it, and the customer would be invited to something that is over.
  if (doors_.clock.now() >= session.valid_until) co_return fail("validity_over", "not made before its time had passed");
  co_await begin_reading(row, session);
  if (!session.provider_asked) {
    auto marked = co_await change_session(doors_, row.installation, session.id, [&](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
      if (now.state != SessionState::intended) return fail("invalid_state", "cancelled in the meantime");
      mark_asked(now, place.account);
      return {};
    });
    if (!marked) co_return std::unexpected(marked.error());
  }
  BELAY_CO_TRY(made, co_await make(std::move(row), session, std::move(place)));
  co_return Had{.session = std::move(made), .asking = session.provider_asked ? Asking::again : Asking::first};
}

Task<void> SessionSteps::begin_reading(ports::OutboxRow row, SupportSession session) {
  if (session.invitation_step == Step::pending) co_await invitation_reading_.begin(step_call(row), std::move(session));
}

// That it is asked for is written down.
Task<Result<ports::ProviderSession>> SessionSteps::make(ports::OutboxRow row, SupportSession session, ProviderPlace place, std::optional<ports::Grant> grant) {
  ports::SessionDraft draft{.id = session.id, .group_id = place.group_id, .description = session.description, .customer = session.customer, .valid_until = session.valid_until};
  auto link = creator_of(session);
  link.known = std::move(grant);
  auto made = co_await doors_.provider.create_session(step_call(row), std::move(link), std::move(draft));
  if (made || made.error().code != "not_found") co_return made;
  // Of what was sent only the group can be gone: the next try looks for it by its name, and makes it where there is none.
  BELAY_CO_CHECK(co_await forget_group(session));
  co_return fail_for_now("provider_refused", "the group is gone", std::nullopt, {{"provider", doors_.provider.display_name()}});
}

Task<Result<void>> SessionSteps::forget_group(SupportSession session) {
  co_return co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto link = unit.links().find(session.installation, session.creator, session.provider);
    if (!link) return {};
    link->group_id.clear();
    unit.links().put(*link);
    return {};
  });
}

// What a power cut takes of this the next try finds again at the provider, where it was asked for before; so it need not be forced to the disk while
// the customer's invitation waits. That one may have left by then, and is looked for too: by the step that invites, and by the sweep where there is none.
Task<StepResult> SessionSteps::keep(ports::OutboxRow row, ports::ProviderSession made, Asking asking) {
  const bool asked_before = asking != Asking::first;
  const auto lease = doors_.work.lease();
  // Without a hand free they are left for the step, when it comes. With one they are worth a moment: what is written down with them need not be written
  // down once more before the comment, which cannot be written without them.
  std::optional<InvitationFacts> facts;
  if (lease && !asked_before) facts = co_await invitation_reading_.soon(row.installation, subject(row), kMomentForFacts);
  std::optional<ports::OutboxRow> invite;
  auto kept = co_await change_session(doors_, row.installation, subject(row), [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    invite.reset();
    if (now.made) {
      // An earlier run of this very step wrote it. With another code: a run that was thought dead made a second one.
      if (now.made->code != made.code) begin_session_sweep(doors_, unit, now, Milliseconds{0});
      return {};
    }
    now.made = support::ProviderSide{.code = made.code, .customer_link = made.customer_link, .created_at = made.created_at.value_or(doors_.clock.now())};
    if (made.valid_until) now.valid_until = *made.valid_until;
    now.session_step = Step::done;
    now.last_error.reset();
    // Only after a try whose answer was never seen can there be a second one.
    if (asked_before) begin_session_sweep(doors_, unit, now, kLateEffect);
    if (now.state != SessionState::intended) {
      // Cancelled while the request was under way: it exists now, so it has to be closed.
      now.closing_step = Step::pending;
      unit.outbox().put(outbox_row(doors_, row, "session.close", now.id.value));
      return {};
    }
    BELAY_CHECK(support::apply(now, SessionEvent::made, doors_.clock.now()));
    if (now.invitation_step == Step::pending) {
      invite = put_leased(unit, outbox_row(doors_, row, "session.invite", now.id.value), lease);
      if (asked_before) now.comment_asked = true;
      // One that stands there would have the link of the session that was lost: it is not taken for this one's, and the sweep deletes it.
      if (asking == Asking::again) ++now.sendings;
      if (!asked_before && invite && facts) invite->in_hand = written_at_once(doors_, unit, now, *facts);
    }
    auto poll = outbox_row(doors_, now.installation, "account.poll", now.creator.value);
    poll.due_at += kUntilSomebodyComes;
    unit.outbox().put(poll);
    unit.outbox().put(outbox_row(doors_, row, "issue.property", now.issue.value));
    auto entry = audit_entry(doors_, now.installation, "session_made");
    entry.issue = now.issue;
    entry.session = now.id;
    unit.audit().append(entry);
    return {};
  }, asked_before ? Commit::forced : Commit::unforced);
  if (!kept) co_return try_again(kept.error());
  co_await hand_over(doors_, std::move(invite));
  co_return Done{};
}

namespace {

// The provider does not say which session stands in the way: the oldest of this agent that still runs is the likeliest.
void name_what_is_open(ports::UnitOfWork& unit, const SupportSession& refused, Error& error) {
  const auto unfinished = unit.sessions().unfinished_of(refused.installation, refused.creator);
  const SupportSession* oldest = nullptr;
  for (const auto& one : unfinished) {
    if (one.made && (oldest == nullptr || one.created_at < oldest->created_at)) oldest = &one;
  }
  if (oldest == nullptr) return;
  error.detail["sessionCode"] = oldest->made->code.value;
  error.detail["issueKey"] = oldest->issue_key.value;
}

}  // namespace

Task<StepResult> SessionSteps::not_made(ports::OutboxRow row, Error error, bool asked_before) {
  if (error.code == "invalid_state") co_return Done{};  // cancelled in the meantime; the sweep looks after it
  const bool give_up = !error.retryable || row.attempts + 1 >= kMostProvisionTries;
  auto noted = co_await change_session(doors_, row.installation, subject(row), [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    if (now.state != SessionState::intended) return {};
    if (error.code == "licence_limit_reached") name_what_is_open(unit, now, error);
    now.last_error = error;
    if (!give_up) return {};
    BELAY_CHECK(support::apply(now, SessionEvent::gave_up, doors_.clock.now()));
    BELAY_CHECK(give_place_back(unit, now));
    now.session_step = Step::failed;
    if (now.invitation_step == Step::pending) now.invitation_step = Step::none;
    // What was refused at the first asking has not been made, and is looked for all the same.
    if (asked_before || maybe_done(error)) begin_session_sweep(doors_, unit, now, kLateEffect);
    else if (now.provider_asked) begin_sweep(doors_, unit, now, kLateEffect);
    auto entry = audit_entry(doors_, now.installation, "session_failed");
    entry.issue = now.issue;
    entry.session = now.id;
    entry.detail = {{"code", error.code}};
    unit.audit().append(entry);
    return {};
  });
  if (!noted) co_return try_again(noted.error());
  if (!give_up) co_return try_again(std::move(error));
  // A refusal is for the agent to mend, who reads it on the issue. What did not pass in all that time is for the admin as well.
  if (error.retryable && noted->state == SessionState::failed) co_return GiveUp{std::move(error)};
  co_return Done{};
}

Task<StepResult> SessionSteps::close(ports::OutboxRow row) {
  auto session = co_await read_session(doors_, row.installation, subject(row));
  if (!session) {
    if (session.error().code == "not_found") co_return Done{};
    co_return try_again(session.error());
  }
  if (session->closing_step != Step::pending || !session->made) co_return Done{};
  auto closed = co_await still_same_account(*session);
  if (closed) closed = co_await doors_.provider.close_session(step_call(row), creator_of(*session), session->made->code);
  const bool give_up = !closed && (!may_pass(closed.error()) || row.attempts + 1 >= kMostCloseTries);
  auto noted = co_await change_session(doors_, row.installation, session->id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    if (now.closing_step != Step::pending) return {};  // another step closed it in the meantime
    // What went wrong with the invitation stays to be read: it is why the session was closed.
    const bool other_word = now.invitation_step == Step::failed;
    if (closed) now.closing_step = Step::done;
    else if (give_up) now.closing_step = Step::failed;
    if (closed && !other_word) now.last_error.reset();
    if (closed && now.notice_step == Step::pending) begin_notice(doors_, unit, now, ports::trace_of(row));
    if (!closed && (give_up || !other_word)) now.last_error = closed.error();
    return {};
  });
  if (!noted) co_return try_again(noted.error());
  if (closed) {
    doors_.work.ring();
    co_return Done{};
  }
  if (give_up) co_return GiveUp{closed.error()};
  co_return try_again(closed.error());
}

// A code that is not known in another account would look as if the session had been closed.
Task<Result<void>> SessionSteps::still_same_account(SupportSession session) {
  BELAY_CO_TRY(elsewhere, co_await lives_elsewhere(doors_, std::move(session)));
  if (elsewhere) co_return std::unexpected(account_changed(doors_));
  co_return Result<void>{};
}

Task<Result<void>> SessionSteps::sweep_provider(ports::OutboxRow row, SupportSession session) {
  BELAY_CO_CHECK(co_await still_same_account(session));
  BELAY_CO_TRY(found, co_await doors_.provider.find_sessions(step_call(row), creator_of(session), session.id));
  // Read after the look: what was made since then is not among `found`. What is found may be adopted by nobody while this runs (is_being_swept),
  // so that nothing we keep is ever closed here.
  BELAY_CO_TRY(now, co_await read_session(doors_, row.installation, session.id));
  if (now.state == SessionState::intended) co_return Result<void>{};
  for (const auto& one : found) {
    if (now.made && one.code == now.made->code) continue;  // the one we kept, or the one session.close closes
    BELAY_CO_CHECK(co_await doors_.provider.close_session(step_call(row), creator_of(session), one.code));
    BELAY_CO_CHECK(co_await journal(doors_, session, "second_session_closed"));
  }
  co_return Result<void>{};
}

Task<Result<void>> SessionSteps::sweep_comments(ports::OutboxRow row, SupportSession session) {
  // Of a session that was asked for and is not known to have been made, a power cut may have taken that, and that the invitation left.
  const bool is_lost = session.provider_asked && !session.made;
  if (!session.comment_asked && !is_lost) co_return Result<void>{};
  BELAY_CO_TRY(found, co_await doors_.tickets.find_comments(step_call(row), session.issue, ports::CommentPurpose::invitation, session.id, session.created_at - kClockDifference));
  BELAY_CO_TRY(now, co_await read_session(doors_, row.installation, session.id));
  // An invitation that was withdrawn goes after its session is closed, not before.
  if (now.invitation_step == Step::pending || now.closing_step == Step::pending) co_return Result<void>{};
  for (const auto& comment : found) {
    if (now.comment && comment.id == *now.comment) continue;
    auto deleted = co_await doors_.tickets.delete_comment(step_call(row), session.issue, comment.id);
    if (!deleted && deleted.error().code == "not_found") continue;
    if (!deleted) co_return deleted;
    BELAY_CO_CHECK(co_await journal(doors_, session, "second_comment_deleted"));
  }
  co_return Result<void>{};
}

Task<Result<void>> SessionSteps::say_that_comment_stays(SupportSession session) {
  auto said = co_await change_session(doors_, session.installation, session.id, [](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    if (now.last_error && now.last_error->code == "comment_visibility_surprise") now.last_error->code = "comment_not_deleted";
    return {};
  });
  if (!said) co_return std::unexpected(std::move(said).error());
  co_return Result<void>{};
}

Task<StepResult> SessionSteps::sweep(ports::OutboxRow row) {
  auto session = co_await read_session(doors_, row.installation, subject(row));
  if (!session) {
    if (session.error().code == "not_found") co_return Done{};
    co_return try_again(session.error());
  }
  auto provider = co_await sweep_provider(row, *session);
  auto comments = co_await sweep_comments(row, *session);
  auto report = co_await sweep_report(doors_, row, *session);
  if (!provider && may_pass(provider.error())) co_return try_again(provider.error());
  if (!comments && may_pass(comments.error())) co_return try_again(comments.error());
  if (!report && may_pass(report.error())) co_return try_again(report.error());
  // Any other refusal: the issue is gone, and with it what could be swept there. A comment that has to go and may not is said.
  if (!comments) {
    if (auto said = co_await say_that_comment_stays(*session); !said && said.error().code != "not_found") co_return try_again(said.error());
  }
  auto now = co_await read_session(doors_, row.installation, session->id);
  if (!now) co_return now.error().code == "not_found" ? StepResult{Done{}} : try_again(now.error());
  if (now->state == SessionState::intended) co_return LaterAt{doors_.clock.now() + kLateEffect};

  const auto given = json::integer_at(row.payload, "from");
  const auto begun = given ? from_millis(*given) : session->created_at;
  if (begun > doors_.clock.now()) {   // the clock was set back since
    auto anew = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
      begin_sweep(doors_, unit, *session, kSweepAfter.front());
      return {};
    });
    if (!anew) co_return try_again(anew.error());
    co_return Done{};   // of this one: the row is due again
  }
  if (now->closing_step == Step::pending) co_return LaterAt{doors_.clock.now() + std::clamp((doors_.clock.now() - begun) / 4, kShortestWait, kLongestWait)};
  for (const auto after : kSweepAfter) {
    if (begun + after > doors_.clock.now()) co_return LaterAt{begun + after};
  }
  // A link that was ended took along what it could close (farewell.hpp). With one that is merely refused, what came late waits until that account is
  // connected again: the admin reads of it, and the connecting takes it up.
  if (!provider && second_session_since(row) && provider.error().code != "not_linked") co_return GiveUp{provider.error()};
  co_return Done{};
}

}  // namespace belay::desk
