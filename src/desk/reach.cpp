#include "desk/reach.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "desk/contact_invitation.hpp"
#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"
#include "desk/person_view.hpp"
#include "support/address.hpp"
#include "support/code_points.hpp"

namespace belay::desk {
namespace {

using support::Standing;

constexpr std::size_t kMostContactsShown = 20;
constexpr int kMostInviteTries = 8;
// As long as an invitation keeps its agent from sending another.
constexpr Milliseconds kMostInviteWait{24 * 3'600'000};

std::unexpected<Error> refuse_address(support::AddressFault fault) {
  switch (fault) {
    case support::AddressFault::no_address: break;
    case support::AddressFault::too_long: return refuse_field("address", FieldRule::email_length, {{"limit", support::kLongestAddress}});
    case support::AddressFault::character: return refuse_field("address", FieldRule::email_character);
    case support::AddressFault::domain: return refuse_field("address", FieldRule::email_domain);
  }
  return refuse_field("address", FieldRule::email);
}

std::unexpected<Error> nobody() { return fail("not_found", "nobody of this issue"); }

}  // namespace

struct Reach::Inside {
  ports::Ticket ticket;
  support::Settings settings;
  AdmissionRules rules;
  std::optional<ports::Roster> roster;
  MatchingFacts facts;
};

Task<Result<Reach::Inside>> Reach::let_in(Caller caller) {
  auto known = co_await doors_.storage.read<Inside>([&](ports::UnitOfWork& unit) -> Result<Inside> {
    Inside inside;
    inside.settings = settings_of(unit, caller.installation(), doors_.words).settings;
    inside.rules = admission_rules(unit, caller, inside.settings);
    inside.facts = matching_facts(unit, caller.installation(), caller.account, doors_.provider.name(), inside.settings, doors_.provider.display_name());
    if (caller.call.issue) inside.roster = unit.rosters().find(caller.installation(), *caller.call.issue);
    return inside;
  });
  if (!known) co_return std::unexpected(known.error());
  BELAY_CO_TRY(admitted, co_await admission_.agent(caller, known->rules));
  BELAY_CO_CHECK(admitted.may_begin());
  known->ticket = std::move(admitted.ticket);
  if (known->facts.unusable) co_return std::unexpected(*known->facts.unusable);
  co_return std::move(*known);
}

// Whoever is asked for must be somebody the agent can see there.
Task<Result<support::NamedPeople>> Reach::on_issue(Caller caller, Inside inside, AccountId person) {
  if (person == caller.account) co_return nobody();
  auto takers = co_await issue_people_.look(outside_call(caller, kLongPatience), caller.account, inside.ticket.id, inside.ticket.service_project, inside.roster, Extent::all);
  const auto failure = takers.failure();
  const auto named = named_people(inside.ticket, std::move(takers));
  const auto accounts = support::accounts_of(named);
  if (std::ranges::find(accounts, person) == accounts.end()) {
    if (failure) co_return std::unexpected(*failure);   // perhaps among those who did not come
    co_return nobody();
  }
  co_return only(named, person);
}

// On the issue, and matched as the panel would.
Task<Result<MatchedPerson>> Reach::person_of(Caller caller, Inside inside, AccountId person, Milliseconds patience, Unknown unknown) {
  BELAY_CO_TRY(named, co_await on_issue(caller, inside, person));
  auto matched = co_await matching_.match(caller, std::move(named), inside.facts, patience);
  if (matched.people.empty()) {
    if (matched.people_failure) co_return std::unexpected(*matched.people_failure);
    co_return nobody();
  }
  auto one = std::move(matched.people.front());
  if (one.one.person.former) co_return nobody();   // shown, and that is all
  const bool refuses = unknown == Unknown::is_refused && one.standing == Standing::unknown;
  if (refuses && matched.presence_failure) {
    auto failure = *matched.presence_failure;
    if (failure.code == "not_answered_yet") failure.code = "provider_unreachable";   // and whoever asked does not wait any longer
    co_return std::unexpected(std::move(failure));
  }
  co_return one;
}

// The provider is not asked, so that it may be away.
Task<Result<void>> Reach::check_shown(Caller caller, Inside inside, AccountId person) {
  BELAY_CO_CHECK(co_await on_issue(caller, std::move(inside), person));
  BELAY_CO_TRY(known, co_await matching_.knows(caller, person, kLongPatience));
  if (!known) co_return nobody();
  co_return Result<void>{};
}

// After something that needs nothing of the provider: where they stand is said if it is known.
Task<Result<json::object>> Reach::view(Caller caller, AccountId person) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(one, co_await person_of(caller, inside, person, kPatience, Unknown::is_shown));
  co_return person_view(one, doors_.clock.now());
}

Task<Result<json::object>> Reach::invite(Caller caller, AccountId person) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(one, co_await person_of(caller, inside, person, kLongPatience, Unknown::is_refused));
  if (one.facts.matched_by == support::MatchedBy::app) co_return fail("address_of_app", "given to the app alone");
  if (one.facts.problem) co_return fail("address_not_usable", std::string(support::to_string(*one.facts.problem)));
  if (one.address.empty()) co_return fail("address_not_shared", "no address to invite");
  if (one.facts.contact) co_return person_view(one, doors_.clock.now());   // is one already
  if (one.facts.matched_by == support::MatchedBy::profile) BELAY_CO_CHECK(co_await shown_now(outside_call(caller, kLongPatience), person));
  BELAY_CO_CHECK(co_await not_sent_lately(caller, inside, one));
  auto asked = co_await doors_.storage.write<ports::ContactInvitation>([&](ports::UnitOfWork& unit) -> Result<ports::ContactInvitation> {
    BELAY_CHECK(still_paired(unit, caller.installation()));
    const auto now = doors_.clock.now();
    const auto present = unit.invitations().find(caller.installation(), caller.account, person, doors_.provider.name());
    if (present && is_being_sent(*present)) return *present;
    ports::ContactInvitation fresh{.installation = caller.installation(), .agent = caller.account, .person = person, .provider = doors_.provider.name(),
                                   .issue = inside.ticket.id, .asked_at = now, .sent_at = {}, .began = false, .last_error = {}};
    // One that is gone from the list keeps nobody from sending another, unless it left after the list was read.
    const bool waits = one.facts.invited || !one.as_of || (present && was_sent_since(*present, *one.as_of, now));
    if (present && waits) {
      if (const auto wait = resend_wait(*present, now); wait > Milliseconds{0}) return fail_for_now("resend_too_early", "once a day", wait);
      if (present->sent_at && *present->sent_at < now) fresh.sent_at = present->sent_at;   // since when, until the new one has left
    }
    unit.invitations().put(fresh);
    unit.outbox().put(outbox_row(doors_, caller, "contact.invite", invitation_subject(caller.account, person)));
    auto entry = audit_entry(doors_, caller, present ? "contact_invited_again" : "contact_invited");
    entry.person = person;
    unit.audit().append(entry);
    return fresh;
  });
  if (!asked) co_return std::unexpected(asked.error());
  doors_.work.ring();
  one.invitation = std::make_shared<const ports::ContactInvitation>(*asked);
  one.facts.invited = true;
  one.facts.may_resend = false;
  one.standing = support::standing_of(one.facts);
  one.offer = support::offer_of(one.standing, one.facts);
  co_return person_view(one, doors_.clock.now());
}

// To the same mailbox: for somebody else whose address it is, too, and by another agent with the same account at the provider.
Task<Result<void>> Reach::not_sent_lately(Caller caller, Inside inside, MatchedPerson one) {
  const auto now = doors_.clock.now();
  // Of one that the list does not show, though it would have to by now, nobody has to wait for the next: it was withdrawn or declined.
  const auto counts = [&](const ports::ContactInvitation& invitation) {
    if (!keeps_waiting(invitation, now)) return false;
    return one.facts.invited || !one.as_of || is_being_sent(invitation) || was_sent_since(invitation, *one.as_of, now);
  };
  std::vector<ports::ContactInvitation> waiting;
  std::vector<AccountId> others;
  for (const auto& invitation : inside.facts.invitations) {
    const bool is_own_row = invitation.agent == caller.account && invitation.person == one.one.person.id;   // invite() reads it where it writes it
    if (is_own_row || !counts(invitation)) continue;
    waiting.push_back(invitation);
    if (invitation.person != one.one.person.id) others.push_back(invitation.person);
  }
  if (waiting.empty()) co_return Result<void>{};
  std::vector<AccountId> same;
  if (!others.empty()) same = co_await matching_.at_address(caller, one.address, std::move(others), inside.facts, kPatience);
  same.push_back(one.one.person.id);
  for (const auto& invitation : waiting) {
    if (std::ranges::find(same, invitation.person) == same.end()) continue;
    co_return fail_for_now("resend_too_early", "once a day", std::max(Milliseconds{1'000}, resend_wait(invitation, now)));
  }
  co_return Result<void>{};
}

Task<StepResult> Reach::send_invitation(ports::OutboxRow row) {
  const auto invited = invited_by(row.subject);
  if (!invited) co_return GiveUp{Error{.code = "internal_error", .cause = "a subject without a person", .detail = {}, .retryable = false, .retry_after = {}}};
  const auto& [agent, person] = *invited;
  const auto provider = doors_.provider.name();
  struct Known { std::optional<ports::ContactInvitation> invitation; MatchingFacts facts; std::string group; };
  auto known = co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    const auto settings = settings_of(unit, row.installation, doors_.words).settings;
    return Known{.invitation = unit.invitations().find(row.installation, agent, person, provider),
                 .facts = matching_facts(unit, row.installation, agent, provider, settings, doors_.provider.display_name()),
                 .group = group_name(settings, doors_.house)};
  });
  if (!known) co_return try_again(known.error());
  if (!known->invitation || !is_being_sent(*known->invitation)) co_return Done{};

  auto sent = co_await send(row, *known->invitation, known->facts, known->group);
  // Too many calls in this minute: nothing failed.
  const auto tried_at = doors_.clock.now();
  const bool waits = !sent && sent.error().code == "provider_rate_limited" && sent.error().retry_after && tried_at - known->invitation->asked_at < kMostInviteWait;
  if (waits) co_return LaterAt{tried_at + *sent.error().retry_after};
  const bool give_up = !sent && (!may_pass(sent.error()) || row.attempts + 1 >= kMostInviteTries);
  if (!sent && !give_up) co_return try_again(sent.error());
  auto noted = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto present = unit.invitations().find(row.installation, agent, person, provider);
    if (!present) return {};
    if (sent) present->sent_at = std::max(doors_.clock.now(), present->asked_at);   // also by a clock that was set back meanwhile
    present->last_error = sent ? std::nullopt : std::optional(sent.error());
    unit.invitations().put(*present);
    if (sent) return {};
    // That it was asked for stands there already, and reads as if it had been done.
    auto entry = audit_entry(doors_, row.installation, "contact_not_invited");
    entry.person = person;
    entry.issue = present->issue;
    entry.detail = {{"why", sent.error().code}};
    unit.audit().append(entry);
    return {};
  });
  if (!noted) co_return try_again(noted.error());
  if (!sent) log::warning("contact_not_invited", log::fields_of(sent.error()));
  if (known->facts.agent) contacts_.doubt(row.installation, known->facts.agent->at_provider.id);
  co_return Done{};
}

// Asked of Jira now, not from memory: whoever hid their address a moment ago is not told to anybody.
Task<Result<std::string>> Reach::shown_now(ports::Call call, AccountId person) {
  const auto installation = call.installation;
  BELAY_CO_TRY(now, co_await matching_.person_now(std::move(call), std::move(person)));
  const auto address = now ? support::as_written(now->address) : std::nullopt;
  if (!address) {
    doors_.changes.note(installation);   // panels still offer it
    co_return fail("address_not_shared", "hidden since it was looked at");
  }
  co_return *address;
}

Task<Result<void>> Reach::note_began(ports::ContactInvitation invitation, bool began) {
  co_return co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto present = unit.invitations().find(invitation.installation, invitation.agent, invitation.person, invitation.provider);
    if (!present) return fail("not_found", "gone with the link");
    present->began = began;
    unit.invitations().put(*present);
    return {};
  });
}

// Not idempotent, and reported as a refusal where the mail went out: what counts is what the list says.
Task<Result<void>> Reach::send(ports::OutboxRow row, ports::ContactInvitation invitation, MatchingFacts facts, std::string group) {
  if (facts.unusable) co_return std::unexpected(*facts.unusable);
  Caller caller{.call = {}, .account = invitation.agent, .trace_id = {}, .peer = {}};
  caller.call.installation = row.installation;
  support::NamedPeople named;
  named.participants = {invitation.person};
  const auto matched = co_await matching_.match(caller, named, facts, kStepPatience);
  if (matched.people.empty()) {
    if (matched.people_failure) co_return std::unexpected(*matched.people_failure);
    co_return fail("not_found", "Jira does not know the person any more");
  }
  const auto& one = matched.people.front();
  if (one.facts.problem) co_return fail("address_not_usable", std::string(support::to_string(*one.facts.problem)));
  if (one.address.empty() || one.facts.matched_by == support::MatchedBy::app) co_return fail("address_not_shared", "hidden since it was asked for");
  auto written = one.written;
  if (one.facts.matched_by == support::MatchedBy::profile) {
    BELAY_CO_TRY(shown, co_await shown_now(step_call(row), invitation.person));
    written = shown;
  }
  // As it is written, and as it is compared where that is another: an invitation may stand on the list in either form.
  std::vector<std::string> addresses{written};
  if (support::written_form(written)) addresses.push_back(support::normal_address(written).value_or(""));
  const ports::LinkRef link{.installation = row.installation, .account = invitation.agent};
  auto listed = co_await doors_.contacts.contacts_at(step_call(row), link, addresses);
  if (!listed && listed.error().code == "address_not_usable" && addresses.size() > 1) {   // the provider takes none that is not ASCII, say
    addresses.erase(addresses.begin());
    listed = co_await doors_.contacts.contacts_at(step_call(row), link, addresses);
  }
  BELAY_CO_TRY(before, std::move(listed));
  if (!before.contacts.empty()) {
    const auto& contact = before.contacts.front().contact;
    // As the panel has it (matching.cpp): an invitation would reach somebody else.
    if (!one.user.empty() && !contact.user.empty() && contact.user != one.user) co_return fail("address_not_usable", "the contact with it is another account");
    co_return Result<void>{};   // a contact already
  }
  // An earlier run may have done it. An invitation that stood before that cannot be told from it: then it is not sent once more.
  if (invitation.began && !before.invited.empty()) co_return Result<void>{};
  BELAY_CO_TRY(group_id, co_await doors_.provider.group(step_call(row), link, group));
  BELAY_CO_CHECK(co_await note_began(invitation, true));
  auto sent = co_await doors_.contacts.invite(step_call(row), link, addresses.front(), group_id);
  if (sent || maybe_done(sent.error())) co_return sent;
  // The list tells nothing of the new one where an invitation stood before: then a refusal is one.
  if (sent.error().code == "provider_refused" && before.invited.empty()) {
    BELAY_CO_TRY(after, co_await doors_.contacts.contacts_at(step_call(row), link, addresses));
    if (!after.contacts.empty() || !after.invited.empty()) co_return Result<void>{};
  }
  BELAY_CO_CHECK(co_await note_began(invitation, false));   // it was refused: nothing went out
  co_return sent;
}

Task<Result<support::Contact>> Reach::contact_now(Caller caller, MatchedPerson one) {
  if (!one.facts.contact) co_return fail("not_found", "no contact");
  co_return co_await doors_.contacts.contact(outside_call(caller, kPatience), {.installation = caller.installation(), .account = caller.account}, one.facts.contact->id);
}

// What Jira and the provider say of this person now counts, for every panel, and not what was seen a moment ago. Where one of them says nothing, that does.
Task<Result<MatchedPerson>> Reach::as_they_are(Caller caller, Inside inside, MatchedPerson one) {
  auto [there, known] = co_await both(contact_now(caller, one), matching_.person_now(outside_call(caller, kPatience), one.one.person.id));
  const auto is_as_seen = [&seen = one.one.person](const std::optional<support::Person>& now) { return now && now->address == seen.address && now->active == seen.active; };
  if (known && !is_as_seen(*known)) {
    // An address was hidden or changed, an account closed: whom that leads to is another question.
    doors_.changes.note(caller.installation());
    BELAY_CO_TRY(anew, co_await person_of(caller, inside, one.one.person.id, kLongPatience, Unknown::is_refused));
    if (anew.facts.contact && (!one.facts.contact || anew.facts.contact->id != one.facts.contact->id)) there = co_await contact_now(caller, anew);
    one = std::move(anew);
  }
  if (!one.facts.contact) co_return one;
  co_return as_provider_says(caller, inside.facts.agent->at_provider.id, std::move(one), there);
}

Result<MatchedPerson> Reach::as_provider_says(const Caller& caller, const ProviderAccountId& owner, MatchedPerson one, const Result<support::Contact>& there) {
  const bool is_another = there && !one.user.empty() && !there->user.empty() && there->user != one.user;
  if (is_another || (!there && there.error().code == "not_found")) {
    contacts_.doubt(caller.installation(), owner);
    return fail("contact_gone", "taken off the list, or somebody else");
  }
  if (!there) return one;
  contacts_.note(caller.installation(), owner, *there);
  if (*there != *one.facts.contact) doors_.changes.note(caller.installation());   // what panels were told is old
  one.facts.contact = *there;
  one.facts.reachable = true;
  one.standing = support::standing_of(one.facts);
  return one;
}

Task<Result<std::string>> Reach::launch(Caller caller, AccountId person, support::LaunchMode mode) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_TRY(seen, co_await person_of(caller, inside, person, kLongPatience, Unknown::is_refused));
  BELAY_CO_TRY(one, co_await as_they_are(caller, inside, std::move(seen)));
  // It is offered for a contact: this one is none any more, whoever noticed it first.
  if (one.standing == Standing::not_contact) co_return fail("contact_gone", "not on the list");
  const bool reachable = one.standing == Standing::online || one.standing == Standing::busy || one.standing == Standing::away;
  if (!reachable || !one.facts.contact) co_return fail("not_reachable", "not there now", {{"standing", support::to_string(one.standing)}});
  const auto& contact = *one.facts.contact;
  if (contact.supported && std::ranges::find(*contact.supported, mode) == contact.supported->end()) {
    co_return fail("mode_not_supported", "the contact's client cannot", {{"mode", support::to_string(mode)}, {"provider", doors_.provider.display_name()}});
  }
  BELAY_CO_TRY(url, doors_.contacts.launch_url(contact.id, mode));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto entry = audit_entry(doors_, caller, "launched");
    entry.person = person;
    entry.detail = {{"mode", support::to_string(mode)}};
    unit.audit().append(entry);
    if (inside.settings.count_on_issue) unit.outbox().put(outbox_row(doors_, caller, "issue.property", inside.ticket.id.value));
    return {};
  }));
  doors_.work.ring();
  co_return url;
}

Task<StepResult> Reach::write_property(ports::OutboxRow row) {
  const IssueId issue{row.subject};
  bool kept_here = false;
  auto counted = co_await doors_.storage.read<json::object>([&](ports::UnitOfWork& unit) -> Result<json::object> {
    const auto sessions = unit.sessions().of_issue(row.installation, issue);
    kept_here = !sessions.empty() && !unit.outbox().find(row.installation, "issue.gone", issue.value);
    std::chrono::seconds connected{0};
    std::optional<Time> last;
    for (const auto& session : sessions) {
      if (session.report) connected += session.report->connected;
      if (session.ended_at && session.made) last = std::max(last.value_or(*session.ended_at), *session.ended_at);
    }
    json::object property{{"sessions", std::ranges::count_if(sessions, [](const auto& session) { return session.made.has_value(); })},
                          {"open", std::ranges::count_if(sessions, [](const auto& session) { return support::is_live(session.state); })},
                          {"minutes", std::chrono::floor<std::chrono::minutes>(connected).count()}};
    if (last) property["last"] = to_iso8601(*last);
    if (!settings_of(unit, row.installation, doors_.words).settings.count_on_issue) return property;
    const auto launches = unit.audit().tally(row.installation, issue, "launched");
    property["launches"] = launches.count;
    if (launches.last) property["lastLaunch"] = to_iso8601(*launches.last);
    return property;
  });
  if (!counted) co_return try_again(counted.error());
  auto written = co_await doors_.marks.set_property(step_call(row), issue, "belay", std::move(*counted));
  if (written) co_return Done{};
  if (!kept_here && written.error().code == "not_found") co_return Done{};
  auto error = out_of_sight(std::move(written).error());
  if (!may_pass(error)) co_return GiveUp{std::move(error)};
  co_return try_again(std::move(error));
}

Task<Result<json::object>> Reach::map_to_contact(Caller caller, AccountId person, ContactId contact) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  const ports::LinkRef link{.installation = caller.installation(), .account = caller.account};
  auto found = co_await doors_.contacts.contact(outside_call(caller, kLongPatience), link, contact);
  if (!found && found.error().code == "not_found") co_return refuse_field("contact", FieldRule::own_contact);
  if (!found) co_return std::unexpected(found.error());
  ports::PersonMapping mapping;
  mapping.person = person;
  mapping.contact = found->id;
  mapping.contact_owner = inside.facts.agent->at_provider.id;
  mapping.contact_user = found->user;
  mapping.contact_name = found->name;
  co_return co_await keep_mapping(std::move(caller), std::move(inside), std::move(mapping));
}

Task<Result<json::object>> Reach::map_to_address(Caller caller, AccountId person, std::string address) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  if (const auto fault = support::address_fault(address)) co_return refuse_address(*fault);
  ports::PersonMapping mapping;
  mapping.person = person;
  mapping.address = support::as_written(address).value_or("");
  co_return co_await keep_mapping(std::move(caller), std::move(inside), std::move(mapping));
}

Task<Result<json::object>> Reach::keep_mapping(Caller caller, Inside inside, ports::PersonMapping mapping) {
  const auto person = mapping.person;
  BELAY_CO_CHECK(co_await check_shown(caller, inside, person));
  mapping.installation = caller.installation();
  mapping.provider = doors_.provider.name();
  mapping.mapped_by = caller.account;
  mapping.mapped_by_name = inside.facts.agent->account_name;
  mapping.mapped_at = doors_.clock.now();
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    BELAY_CHECK(still_paired(unit, caller.installation()));
    unit.mappings().put(mapping);
    auto entry = audit_entry(doors_, caller, "person_mapped");
    entry.person = person;
    entry.detail = {{"to", mapping.address.empty() ? "contact" : "address"}};
    unit.audit().append(entry);
    return {};
  }));
  co_return co_await view(std::move(caller), person);
}

Task<Result<json::object>> Reach::unmap(Caller caller, AccountId person) {
  BELAY_CO_TRY(inside, co_await let_in(caller));
  BELAY_CO_CHECK(co_await check_shown(caller, std::move(inside), person));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    if (!unit.mappings().erase(caller.installation(), person, doors_.provider.name())) return {};
    auto entry = audit_entry(doors_, caller, "person_unmapped");
    entry.person = person;
    unit.audit().append(entry);
    return {};
  }));
  co_return co_await view(std::move(caller), person);
}

Task<Result<json::object>> Reach::contacts(Caller caller, std::string search) {
  BELAY_CO_CHECK(co_await let_in(caller));
  const ports::LinkRef link{.installation = caller.installation(), .account = caller.account};
  BELAY_CO_TRY(found, co_await doors_.contacts.contacts_named(outside_call(caller, kLongPatience), link, std::move(search)));
  std::ranges::sort(found, {}, &support::Contact::name);
  json::array shown;
  for (const auto& contact : found) {
    if (shown.size() == kMostContactsShown) break;
    json::object one{{"id", contact.id.value}, {"name", contact.name}, {"presence", support::to_string(contact.presence)}};
    if (!contact.picture.empty()) one["picture"] = contact.picture;
    shown.push_back(std::move(one));
  }
  const bool more = found.size() > shown.size();
  co_return json::object{{"contacts", std::move(shown)}, {"more", more}};
}

}  // namespace belay::desk
