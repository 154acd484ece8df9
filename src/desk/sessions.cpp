#include "desk/sessions.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "desk/hand_over.hpp"
#include "desk/help_asks.hpp"
#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"
#include "desk/session_change.hpp"
#include "desk/session_steps.hpp"
#include "support/code_points.hpp"

namespace belay::desk {
namespace {

using support::SessionEvent;
using support::SessionState;
using support::Step;
using support::SupportSession;

constexpr Milliseconds kIdempotencyLife{24 * 3'600'000};

// What can be refused without asking anybody: before Jira is asked, so that a wrong request costs nothing outside.
Result<void> check_shape(const SessionWish& wish) {
  return support::check({.customer = wish.customer,
                         .description = wish.description.value_or(""),
                         .validity = wish.validity.value_or(support::kDefaultValidity),
                         .invitation = wish.invitation.value_or(support::Invitation::none)});
}

// The agent who asked for the same a moment later is told by the answer; who created the session is told by the session. True: it was not known yet.
bool note_joined(SupportSession& session, const Caller& caller, const std::string& name) {
  if (session.creator == caller.account || std::ranges::find(session.joined_by, caller.account, &support::AgentName::account) != session.joined_by.end()) return false;
  session.joined_by.push_back({.account = caller.account, .name = name});
  return true;
}

// The session lives in its creator's account: what is wrong with that is not the caller's to mend.
Error named_after_creator(Error error, const SupportSession& session, const AccountId& viewer) {
  const bool about_link = error.code == "link_expired" || error.code == "not_linked";
  if (about_link && session.creator != viewer) error.detail["agent"] = session.creator_name;
  return error;
}

// What makes two requests with one idempotency key the same.
std::string fingerprint(const ports::Digests& digests, const IssueId& issue, const SessionWish& wish) {
  json::object body;
  body["issue"] = issue.value;
  body["customer"] = wish.customer.account ? wish.customer.account->value : std::string();
  body["name"] = wish.customer.account ? std::string() : wish.customer.name;
  body["email"] = wish.customer.email;
  if (wish.description) body["description"] = *wish.description;
  if (wish.validity) body["validity"] = wish.validity->count();
  if (wish.invitation) body["invitation"] = support::to_string(*wish.invitation);
  return digests.sha256_hex(boost::json::serialize(body));
}

Error wrong_state(const SupportSession& session) {
  return Error{.code = "invalid_state", .cause = {}, .detail = {{"state", support::to_string(session.state)}}, .retryable = false, .retry_after = {}};
}

/// What was accepted with that key; nothing when none was. `idempotency_conflict`, `not_found`.
Result<std::optional<SupportSession>> of_key(ports::UnitOfWork& unit, const Caller& caller, const std::string& key, const std::string& body_hash, Time now) {
  const auto earlier = unit.sessions().keyed(caller.installation(), caller.account, key, now);
  if (!earlier) return std::nullopt;
  if (earlier->body_hash != body_hash) return fail("idempotency_conflict", "the key was used with another body");
  auto session = unit.sessions().find(caller.installation(), earlier->session);
  if (!session) return fail("not_found", "the session of that key was erased");
  return session;
}

}  // namespace

struct Sessions::Inside {
  ports::Ticket ticket;
  Result<void> may_begin;          // `project_off`: only what is open can be ended
  support::Settings settings;
  AdmissionRules rules;
  std::optional<ports::AccountLink> link;
  std::optional<ports::Roster> roster;
  Viewer viewer;
  std::optional<Error> unusable;   // why the caller's link cannot carry a session
};

json::object Sessions::show(const Inside& inside, const SupportSession& session) const {
  return session_view(session, inside.viewer, mail_for(session, doors_.words), doors_.words);
}

Task<Result<Sessions::Inside>> Sessions::let_in(Caller caller) {
  auto known = co_await doors_.storage.read<Inside>([&](ports::UnitOfWork& unit) -> Result<Inside> {
    Inside inside;
    inside.settings = settings_of(unit, caller.installation(), doors_.words).settings;
    inside.rules = admission_rules(unit, caller, inside.settings);
    inside.link = unit.links().find(caller.installation(), caller.account, doors_.provider.name());
    if (caller.call.issue) inside.roster = unit.rosters().find(caller.installation(), *caller.call.issue);
    return inside;
  });
  if (!known) co_return std::unexpected(known.error());
  BELAY_CO_TRY(admitted, co_await admission_.agent(caller, known->rules));
  known->ticket = std::move(admitted.ticket);
  known->may_begin = admitted.may_begin();
  known->unusable = why_unusable(known->link, known->settings, doors_.provider.display_name());
  known->viewer = Viewer{.account = caller.account, .may_act = true, .link_usable = !known->unusable, .may_begin = known->may_begin.has_value()};
  co_return std::move(*known);
}

namespace {

std::unexpected<Error> nobody_there(std::string why) { return refuse_field("customer.id", FieldRule::person_of_the_issue, {}, std::move(why)); }

}  // namespace

// Whoever is on the issue can be its customer: named by the ticket, having commented, or taking part in the request.
Task<Result<support::Person>> Sessions::person_on_issue(Caller caller, Inside inside, AccountId account) {
  for (const auto& named : {inside.ticket.reporter, inside.ticket.assignee}) {
    if (!named || named->id != account) continue;
    // The ticket tells no language. If Jira does not say more now, they are invited in the site's.
    auto whole = co_await doors_.users.user(outside_call(caller, kPatience), account);
    co_return whole ? std::move(*whole) : *named;
  }
  auto takers = co_await issue_people_.look(outside_call(caller, kLongPatience), caller.account, inside.ticket.id, inside.ticket.service_project, inside.roster, Extent::all);
  const auto failure = takers.failure();
  const auto accounts = support::accounts_of(named_people(inside.ticket, std::move(takers)));
  const bool on_issue = std::ranges::find(accounts, account) != accounts.end();
  if (!on_issue && failure) co_return std::unexpected(*failure);   // perhaps among those who did not come
  if (!on_issue) co_return nobody_there("not on the issue");
  auto person = co_await doors_.users.user(outside_call(caller, kLongPatience), account);
  if (!person && person.error().code == "not_found") co_return nobody_there("deleted since");
  co_return person;
}

Task<Result<SupportSession>> Sessions::on_this_issue(Caller caller, SessionId id) {
  BELAY_CO_TRY(session, co_await read_session(doors_, caller.installation(), std::move(id)));
  if (!caller.call.issue || session.issue != *caller.call.issue) co_return fail("not_found", "a session of another issue");
  co_return std::move(session);
}

Task<Result<CreatedSession>> Sessions::create(Caller caller, SessionWish wish) {
  BELAY_CO_CHECK(check_shape(wish));
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(earlier, co_await accepted_before(caller, inside, wish));
  if (earlier) co_return std::move(*earlier);
  BELAY_CO_CHECK(inside.may_begin);
  if (inside.unusable) co_return std::unexpected(*inside.unusable);
  const auto supporter = caller.account;
  co_return co_await make(std::move(caller), std::move(inside), std::move(wish), supporter);
}

Task<Result<CreatedSession>> Sessions::create_for(Caller caller, SessionWish wish, AccountId supporter) {
  BELAY_CO_CHECK(check_shape(wish));
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(earlier, co_await accepted_before(caller, inside, wish));
  if (earlier) co_return std::move(*earlier);
  BELAY_CO_CHECK(inside.may_begin);
  using Link = std::optional<ports::AccountLink>;
  BELAY_CO_TRY(link, co_await doors_.storage.read<Link>([&](ports::UnitOfWork& unit) -> Result<Link> {
    return unit.links().find(caller.installation(), supporter, doors_.provider.name());
  }));
  if (auto unusable = why_unusable(link, inside.settings, doors_.provider.display_name())) {
    if (link) unusable->detail["agent"] = link->account_name;
    co_return std::unexpected(std::move(*unusable));
  }
  inside.link = std::move(link);
  co_return co_await make(std::move(caller), std::move(inside), std::move(wish), std::move(supporter));
}

// Another try of a request whose answer was lost: whatever has changed since, its session is there.
Task<Result<std::optional<CreatedSession>>> Sessions::accepted_before(Caller caller, Inside inside, SessionWish wish) {
  using Found = std::optional<SupportSession>;
  if (wish.idempotency_key.empty()) co_return std::nullopt;
  const auto body_hash = fingerprint(doors_.digests, inside.ticket.id, wish);
  BELAY_CO_TRY(found, co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) { return of_key(unit, caller, wish.idempotency_key, body_hash, doors_.clock.now()); }));
  if (!found) co_return std::nullopt;
  const bool joined = found->creator != caller.account;
  co_return CreatedSession{.session = show(inside, *found), .joined = joined};
}

// What every new session has in common. `inside.link` is the supporter's.
SupportSession Sessions::begun(const Caller& caller, const Inside& inside, const AccountId& supporter) const {
  SupportSession session;
  session.id = SessionId{doors_.random.uuid()};
  session.installation = caller.installation();
  session.issue = inside.ticket.id;
  session.issue_key = inside.ticket.key;
  session.provider = doors_.provider.name();
  session.creator = session.supporter = supporter;
  session.creator_name = session.supporter_name = inside.link->account_name;
  session.created_at = doors_.clock.now();
  return session;
}

// Asked in the unit of work that writes it down: what is being given back must not get another session.
Result<ports::AccountLink> Sessions::still_there(ports::UnitOfWork& unit, const SupportSession& wanted) const {
  BELAY_CHECK(still_paired(unit, wanted.installation));
  if (auto link = unit.links().find(wanted.installation, wanted.creator, wanted.provider); is_linked(link)) return std::move(*link);
  return fail("not_linked", "disconnected a moment ago", {{"provider", doors_.provider.display_name()}});
}

// `inside.link` is the supporter's, and of use.
Task<Result<CreatedSession>> Sessions::make(Caller caller, Inside inside, SessionWish wish, AccountId supporter) {
  auto wanted = begun(caller, inside, supporter);
  const auto now = wanted.created_at;
  wanted.customer = wish.customer;
  if (const auto& account = wanted.customer.account) {
    if (*account == supporter) co_return refuse_field("customer.id", FieldRule::not_yourself);
    BELAY_CO_TRY(person, co_await person_on_issue(caller, inside, *account));
    wanted.customer.name = support::fitting_customer_name(person.name);
    if (!person.language.empty()) wanted.language = doors_.words.match(person.language, inside.settings.default_language);
  }
  const auto validity = wish.validity.value_or(inside.settings.validity);
  const bool service_project = inside.ticket.service_project;
  wanted.invitation = wish.invitation.value_or(support::invitation_on(service_project, inside.settings.invitation));
  if (wanted.invitation != support::invitation_on(service_project, wanted.invitation)) {
    co_return refuse_field("invitation", FieldRule::service_project);
  }
  wanted.description = wish.description.value_or(support::usual_description(inside.ticket.key, inside.ticket.summary));
  BELAY_CO_CHECK(support::check({.customer = wanted.customer, .description = wanted.description, .validity = validity, .invitation = wanted.invitation}));

  if (wanted.language.empty()) wanted.language = inside.settings.default_language;
  wanted.valid_until = now + validity;
  wanted.invitation_step = wanted.invitation == support::Invitation::none ? Step::none : Step::pending;
  const auto body_hash = fingerprint(doors_.digests, wanted.issue, wish);

  struct Accepted {
    SupportSession session;
    bool joined = false;
    std::optional<ports::OutboxRow> begun;
  };
  const auto lease = doors_.work.lease();
  auto accepted = co_await doors_.storage.write<Accepted>([&](ports::UnitOfWork& unit) -> Result<Accepted> {
    auto& sessions = unit.sessions();
    if (!wish.idempotency_key.empty()) {
      auto earlier = of_key(unit, caller, wish.idempotency_key, body_hash, now);
      if (!earlier) return std::unexpected(std::move(earlier).error());
      if (*earlier) {
        const bool joined = (*earlier)->creator != caller.account;
        return Accepted{.session = std::move(**earlier), .joined = joined, .begun = {}};
      }
    }
    BELAY_TRY(link, still_there(unit, wanted));
    auto of_issue = sessions.of_issue(caller.installation(), wanted.issue);
    const auto same = std::ranges::find_if(of_issue, [&](const SupportSession& session) {
      return support::is_same_wish(session, supporter, wanted.customer, now) || (wish.joins_open && support::is_still_wished(session, supporter, wanted.customer, now));
    });
    const bool joined = same != of_issue.end();
    std::optional<ports::OutboxRow> begun;
    auto fresh = wanted;
    if (!joined) {
      begun = put_leased(unit, outbox_row(doors_, caller, "session.provision", fresh.id.value), lease);
      if (begun) begun->in_hand = asked_at_once(link, group_name(inside.settings, doors_.house), fresh);
      sessions.insert(fresh);
      auto entry = audit_entry(doors_, caller, "session_created");
      entry.session = wanted.id;
      entry.person = wanted.customer.account;
      if (supporter != caller.account) entry.detail = {{"supporter", supporter.value}};
      unit.audit().append(entry);
    } else if (supporter == caller.account && note_joined(*same, caller, inside.link->account_name)) {
      if (!sessions.update(*same)) return fail_for_now("storage_unavailable", "somebody was faster");
      auto entry = audit_entry(doors_, caller, "session_joined");
      entry.session = same->id;
      entry.person = wanted.customer.account;
      unit.audit().append(entry);
    }
    if (wanted.customer.account) end_answered(unit, caller.installation(), wanted.issue, *wanted.customer.account, now);
    const auto& session = joined ? *same : fresh;
    if (!wish.idempotency_key.empty()) {
      sessions.insert_keyed(caller.installation(), caller.account, wish.idempotency_key, {.body_hash = body_hash, .session = session.id}, now + kIdempotencyLife);
    }
    return Accepted{.session = session, .joined = joined, .begun = std::move(begun)};
  });
  if (!accepted) co_return std::unexpected(accepted.error());
  co_await hand_over(doors_, std::move(accepted->begun));
  co_return CreatedSession{.session = show(inside, accepted->session), .joined = accepted->joined};
}

Task<Result<json::array>> Sessions::of_issue(Caller caller) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  auto found = co_await doors_.storage.read<std::vector<SupportSession>>([&](ports::UnitOfWork& unit) -> Result<std::vector<SupportSession>> {
    return unit.sessions().of_issue(caller.installation(), inside.ticket.id);
  });
  if (!found) co_return std::unexpected(found.error());
  json::array shown;
  for (const auto& session : *found) shown.push_back(show(inside, session));
  co_return shown;
}

Task<Result<json::object>> Sessions::one(Caller caller, SessionId id) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(session, co_await on_this_issue(caller, std::move(id)));
  co_return show(inside, session);
}

Task<Result<std::string>> Sessions::connect(Caller caller, SessionId id, Client client) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(session, co_await on_this_issue(caller, id));
  if (session.customer.account && *session.customer.account == caller.account) co_return std::unexpected(refused(support::Refusal::own_session));
  BELAY_CO_CHECK(inside.may_begin);
  if (inside.unusable) co_return std::unexpected(*inside.unusable);
  if (!support::is_live(session.state) || !session.made) co_return std::unexpected(wrong_state(session));

  const ports::LinkRef creator{.installation = session.installation, .account = session.creator};
  auto there = co_await doors_.provider.session(outside_call(caller, kLongPatience), creator, session.made->code);
  const bool gone = (there && !there->open) || (!there && there.error().code == "not_found");
  if (!there && !gone) co_return std::unexpected(named_after_creator(there.error(), session, caller.account));
  auto url = there ? (client == Client::browser ? there->browser_link : there->supporter_link) : std::string();
  // Before anything is taken over: a provider may leave a link out.
  if (!gone && url.empty()) co_return fail("provider_refused", "the answer has no link for this client", {{"provider", doors_.provider.display_name()}});

  auto changed = co_await change_session(doors_, caller.installation(), id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    if (!support::is_live(now.state)) return std::unexpected(wrong_state(now));
    if (gone) return end_session(doors_, now, unit, SessionEvent::closed, audit_entry(doors_, caller.installation(), "session_closed_at_provider"), inside.settings.edit_when_ended);
    auto entry = audit_entry(doors_, caller, now.supporter == caller.account ? "session_connected" : "session_taken_over");
    entry.session = now.id;
    entry.person = now.customer.account;
    unit.audit().append(entry);
    return support::connect(now, {.account = caller.account, .name = inside.link->account_name}, doors_.clock.now());
  });
  if (!changed) co_return std::unexpected(changed.error());
  if (gone) {
    doors_.work.ring();
    co_return std::unexpected(wrong_state(*changed));
  }
  co_return url;
}

Task<Result<json::object>> Sessions::stay(Caller caller, SessionId id) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_CHECK(co_await on_this_issue(caller, id));
  auto changed = co_await change_session(doors_, caller.installation(), id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    if (!support::has_pressed(now, caller.account)) return {};
    BELAY_CHECK(support::stay(now, caller.account, doors_.clock.now()));
    auto entry = audit_entry(doors_, caller, "session_not_opened");
    entry.session = now.id;
    unit.audit().append(entry);
    return {};
  });
  if (!changed) co_return std::unexpected(changed.error());
  co_return show(inside, *changed);
}

Task<Result<json::object>> Sessions::close(Caller caller, SessionId id, std::optional<TypedNotes> notes) {
  if (notes) BELAY_CO_CHECK(check(*notes));
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(session, co_await on_this_issue(caller, id));
  const auto is_closed = [](SessionState state) { return state == SessionState::closed || state == SessionState::reported; };
  if (is_closed(session.state) && !notes) co_return show(inside, session);

  auto changed = co_await change_session(doors_, caller.installation(), id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    // Over meanwhile, by somebody else, at the provider, or since its time has passed: what was typed is kept all the same.
    if (notes && support::is_over(now.state) && now.state != SessionState::failed) return note_session(doors_, caller, now, unit, *notes);
    if (is_closed(now.state)) return {};
    if (!support::is_live(now.state)) return std::unexpected(wrong_state(now));
    if (notes) BELAY_CHECK(note_session(doors_, caller, now, unit, *notes));
    return end_session(doors_, now, unit, SessionEvent::closed, audit_entry(doors_, caller, "session_closed"), inside.settings.edit_when_ended, caller.trace_id);
  });
  if (!changed) co_return std::unexpected(changed.error());
  doors_.work.ring();
  co_return show(inside, *changed);
}

Task<Result<json::object>> Sessions::cancel(Caller caller, SessionId id) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(session, co_await on_this_issue(caller, id));
  auto changed = co_await change_session(doors_, caller.installation(), session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    BELAY_CHECK(end_session(doors_, now, unit, SessionEvent::cancelled, audit_entry(doors_, caller, "session_cancelled"), inside.settings.edit_when_ended, caller.trace_id));
    now.invitation_step = Step::none;
    // A create may be on its way to the provider: whatever turns up there under our id is closed.
    if (now.provider_asked) begin_session_sweep(doors_, unit, now, Milliseconds{0});
    return {};
  });
  if (!changed) co_return std::unexpected(changed.error());
  doors_.work.ring();
  co_return show(inside, *changed);
}

Task<Result<json::object>> Sessions::retry(Caller caller, SessionId id) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(session, co_await on_this_issue(caller, id));
  const auto send_again = [this](SupportSession& now) -> Result<void> {
    const auto from = support::may_send_again_at(now);
    if (!from) return std::unexpected(wrong_state(now));
    const auto present = doors_.clock.now();
    const auto wait = *from - present;
    const bool waits = wait > Milliseconds{0} && wait <= support::kBetweenSendings;   // longer only where the clock was set back
    if (waits) return fail_for_now("invited_recently", "", std::chrono::ceil<Milliseconds>(wait), {{"minutes", support::kBetweenSendings.count()}});
    now.invitation_step = Step::pending;
    ++now.sendings;
    return {};
  };
  auto changed = co_await change_session(doors_, caller.installation(), session.id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    const bool ends = now.state != SessionState::failed && now.closing_step == Step::failed;
    if (!ends) BELAY_CHECK(inside.may_begin);
    bool again = false;
    if (now.state == SessionState::failed) {
      BELAY_CHECK(make_again(doors_, now));
      BELAY_CHECK(take_place_again(unit, now));
      unit.outbox().put(outbox_row(doors_, caller, "session.provision", now.id.value));
      if (now.customer.account) end_answered(unit, now.installation, now.issue, *now.customer.account, doors_.clock.now());
    } else if (support::is_live(now.state) && now.invitation_step == Step::failed) {
      now.invitation_step = Step::pending;
      unit.outbox().put(outbox_row(doors_, caller, "session.invite", now.id.value));
    } else if (now.closing_step == Step::failed) {
      now.closing_step = Step::pending;
      unit.outbox().put(outbox_row(doors_, caller, "session.close", now.id.value));
    } else {
      BELAY_CHECK(send_again(now));
      again = true;
      unit.outbox().put(outbox_row(doors_, caller, "session.invite", now.id.value));
    }
    now.last_error.reset();
    auto entry = audit_entry(doors_, caller, again ? "invitation_sent_again" : "session_retried");
    entry.session = now.id;
    if (again) entry.person = now.customer.account;
    unit.audit().append(entry);
    return {};
  });
  if (!changed) co_return std::unexpected(changed.error());
  doors_.work.ring();
  co_return show(inside, *changed);
}

Task<Result<CreatedSession>> Sessions::replace(Caller caller, SessionId id, std::optional<std::chrono::minutes> validity) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(old, co_await on_this_issue(caller, id));
  BELAY_CO_CHECK(inside.may_begin);
  if (inside.unusable) co_return std::unexpected(*inside.unusable);
  if (old.customer.account && *old.customer.account == caller.account) co_return std::unexpected(refused(support::Refusal::own_session));

  auto wanted = begun(caller, inside, caller.account);
  wanted.customer = old.customer;
  wanted.description = old.description;
  wanted.language = old.language;
  // Where the issue was moved since, nobody can be kept from reading what was the team's.
  wanted.invitation = support::invitation_on(inside.ticket.service_project, old.invitation);
  wanted.invitation_step = wanted.invitation == support::Invitation::none ? Step::none : Step::pending;
  wanted.replaces = old.id;
  const auto chosen = validity.value_or(inside.settings.validity);
  wanted.valid_until = wanted.created_at + chosen;
  BELAY_CO_CHECK(support::check({.customer = wanted.customer, .description = wanted.description, .validity = chosen, .invitation = wanted.invitation}));

  bool joined = false;
  auto shown = wanted;
  auto changed = co_await change_session(doors_, caller.installation(), id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    joined = false;
    shown = wanted;
    if (now.replaced_by) {
      if (auto earlier = unit.sessions().find(now.installation, *now.replaced_by); earlier && !support::is_over(earlier->state)) {
        joined = true;
        shown = std::move(*earlier);
        return {};
      }
    }
    if (now.state != SessionState::open) return std::unexpected(wrong_state(now));
    BELAY_CHECK(still_there(unit, wanted));
    unit.sessions().insert(wanted);
    unit.outbox().put(outbox_row(doors_, caller, "session.provision", wanted.id.value));
    now.replaced_by = wanted.id;
    auto entry = audit_entry(doors_, caller, "session_replaced");
    entry.session = now.id;
    entry.person = now.customer.account;
    entry.detail = {{"by", wanted.id.value}};
    unit.audit().append(entry);
    return {};
  });
  if (!changed) co_return std::unexpected(changed.error());
  doors_.work.ring();
  co_return CreatedSession{.session = show(inside, shown), .joined = joined};
}

Task<Result<json::object>> Sessions::write_notes(Caller caller, SessionId id, TypedNotes notes) {
  BELAY_CO_CHECK(check(notes));
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_CHECK(co_await on_this_issue(caller, id));
  auto changed = co_await change_session(doors_, caller.installation(), id, [&](SupportSession& now, ports::UnitOfWork& unit) -> Result<void> {
    if (!support::takes_notes(now.state)) return std::unexpected(wrong_state(now));
    return note_session(doors_, caller, now, unit, notes);
  });
  if (!changed) co_return std::unexpected(changed.error());
  doors_.work.ring();
  co_return show(inside, *changed);
}

}  // namespace belay::desk
