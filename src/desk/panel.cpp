#include "desk/panel.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "desk/help_asks.hpp"
#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"
#include "desk/person_view.hpp"
#include "desk/session_view.hpp"
#include "desk/sessions.hpp"

namespace belay::desk {
namespace {

using support::SupportSession;

// Answers kept. With more open panels than this they are put together anew.
constexpr std::size_t kMostMade = 2'000;
// Of these the words, for pages that do not have them; an open page only has to hear that nothing changed.
constexpr std::size_t kMostTexts = 200;
// More would be on every panel of a ticket that has had support for months.
constexpr std::size_t kMostEarlier = 20;
// Of all rounds together: what has not come by then is said to be missing, and known at the next question.
constexpr Milliseconds kPanelPatience{1'700};
// Of it, for comments and participants: where they hang, who the ticket names is still looked up.
constexpr Milliseconds kTakersPatience{1'200};

json::object missing(std::string_view what, const Error& why, std::optional<Time> as_of = std::nullopt) {
  json::object line{{"what", what}, {"why", why.code}};
  if (as_of) line["asOf"] = to_iso8601(*as_of);
  if (why.code == "provider_rate_limited" && why.retry_after) line["retryAfter"] = std::chrono::ceil<std::chrono::seconds>(*why.retry_after).count();
  return line;
}

// No failure, and nothing that passes: an issue with more people than are shown.
json::object left_out(std::string_view what, std::size_t shown) { return {{"what", what}, {"why", "too_many_people"}, {"shown", shown}}; }

bool is_certain(const Asked& asked) { return asked.rights && asked.ticket && asked.groups && asked.project; }

// The likeliest first: who reported the issue, then who works on it; never the agent.
json::array likely_customers(const std::vector<MatchedPerson>& people, const AccountId& agent) {
  json::array ids;
  for (const auto& person : people) {
    if (person.one.person.id != agent && person.one.person.active) ids.emplace_back(person.one.person.id.value);
  }
  return ids;
}

}  // namespace

struct Panel::Known {
  support::Settings settings;
  AdmissionRules rules;
  std::optional<ports::AccountLink> link;
  std::vector<SupportSession> sessions;
  std::vector<AccountId> followed;        // whose sessions here are live
  std::optional<Error> poll_failure;      // the provider did not answer for one of them
  std::optional<ports::Roster> roster;
  MatchingFacts matching;
  std::optional<ports::HelpAsk> asked_for_help;
};

struct Panel::Seen {
  Asked asked;
  bool may_act = false;
  bool off = false;                       // switched off in the project: an agent sees what is open, and can end it
  MatchedPeople people;
  bool complete = true;                   // every comment has been read
  bool participants_late = false;         // more take part, and are being read
  bool commenters_cut = false;            // more spoke than are kept
  std::optional<std::size_t> first_participants;   // there are more than these
  std::optional<Error> commenters_failure;
  std::optional<Error> participants_failure;
  Time good_until;
};

// Whoever has to sign in again is told so, and not that this or that is missing: the page asks them.
std::optional<Error> Panel::signed_out(const Seen& seen) {
  const auto& asked = seen.asked;
  const auto failure_of = [](const auto& answer) { return answer ? std::nullopt : std::optional(answer.error()); };
  for (auto failure : {failure_of(asked.rights), failure_of(asked.ticket), failure_of(asked.groups), seen.commenters_failure, seen.participants_failure}) {
    if (failure && failure->code == "signed_out") return failure;
  }
  return std::nullopt;
}

Task<Result<Panel::Known>> Panel::know(Caller caller) {
  auto read = co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    Known known;
    known.settings = settings_of(unit, caller.installation(), doors_.words).settings;
    known.rules = admission_rules(unit, caller, known.settings);
    known.link = unit.links().find(caller.installation(), caller.account, doors_.provider.name());
    known.roster = unit.rosters().find(caller.installation(), *caller.call.issue);
    known.matching = matching_facts(unit, caller.installation(), caller.account, doors_.provider.name(), known.settings, doors_.provider.display_name());
    known.sessions = unit.sessions().of_issue(caller.installation(), *caller.call.issue);
    if (known.settings.customers_may_ask) known.asked_for_help = waiting_on(unit, caller.installation(), *caller.call.issue, doors_.clock.now());
    for (const auto& session : known.sessions) {
      if (!support::is_live(session.state) || std::ranges::find(known.followed, session.creator) != known.followed.end()) continue;
      known.followed.push_back(session.creator);
    }
    return known;
  });
  if (!read) co_return read;
  // Here and not above: what stands above runs on a thread of the storage's.
  for (const auto& creator : read->followed) {
    if (auto failure = polling_.failure_of(caller.installation(), creator)) read->poll_failure = std::move(failure);
  }
  co_return read;
}

Task<Panel::Seen> Panel::see(Caller caller, const Known& known, Rounds rounds, std::chrono::steady_clock::time_point end) {
  const auto left = [&] { return std::max(Milliseconds{1}, std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now())); };
  const auto issue = *caller.call.issue;
  const bool may_be_request = caller.call.service_project.value_or(true);
  std::optional<Asked> answered;
  std::optional<Takers> looked;
  std::vector<Task<void>> first;
  first.push_back(answer_into(answered, admission_.ask(caller, known.rules, left())));
  first.push_back(answer_into(looked, issue_people_.look(outside_call(caller, std::min(left(), kTakersPatience)), caller.account, issue, may_be_request, known.roster, Extent::first_page)));
  // The provider is asked last of all: by then its token is good.
  if (!known.matching.unusable) first.push_back(doors_.contacts.prepare(outside_call(caller, left()), {.installation = caller.installation(), .account = caller.account}));
  co_await all_of(std::move(first));
  auto& takers = *looked;

  Seen seen{.asked = std::move(*answered), .may_act = false, .off = false, .people = {}, .complete = true, .participants_late = false, .commenters_cut = false, .first_participants = {}, .commenters_failure = {}, .participants_failure = {}, .good_until = {}};
  const bool certain = is_certain(seen.asked);
  seen.may_act = certain && !Admission::why_not_agent(caller, seen.asked, known.settings.allowed_groups);
  seen.off = seen.may_act && !seen.asked.project->enabled;
  if (!seen.may_act || seen.off) {
    seen.good_until = seen.asked.good_until;
    co_return seen;
  }
  const bool really_request = seen.asked.ticket->service_project;
  // The token was wrong about the project: they are read now, and are on the next answer.
  if (really_request && !may_be_request) IssuePeople::take(takers, co_await issue_people_.participants(outside_call(caller, kLongPatience), caller.account, issue, Extent::known));
  seen.commenters_failure = takers.commenters_failure;
  if (really_request) seen.participants_failure = takers.participants_failure;
  seen.complete = takers.roster.complete;
  seen.participants_late = really_request && takers.participants_late;
  seen.commenters_cut = takers.roster.cut;
  if (really_request && takers.participants_cut) seen.first_participants = takers.participants.size();
  const bool reads_on = takers.roster.fresh && !takers.roster.fresh->complete;
  // Who spoke is written down while it is asked who they are.
  std::optional<Result<void>> kept;
  std::optional<MatchedPeople> matched;
  std::vector<Task<void>> second;
  second.push_back(answer_into(kept, rosters_.keep(caller.installation(), issue, takers.roster)));
  second.push_back(answer_into(matched, matching_.match(caller, named_people(*seen.asked.ticket, std::move(takers)), known.matching, left(), rounds)));
  co_await all_of(std::move(second));
  if (!*kept) log::warning("roster_not_kept", log::fields_of(kept->error()));
  if (*kept && reads_on) doors_.work.ring();   // who spoke earlier is read once this panel has asked all it has to: not in its way
  seen.people = std::move(*matched);
  seen.good_until = std::min(seen.asked.good_until, seen.people.good_until);
  if (!seen.complete || seen.participants_late || seen.commenters_failure || seen.participants_failure) seen.good_until = Time{};
  else if (known.roster) seen.good_until = std::min(seen.good_until, issue_people_.good_until(caller.installation(), caller.account, issue, really_request, known.roster));
  co_return seen;
}

json::object Panel::view(const Caller& caller, const Known& known, const Seen& seen, Time made_at) const {
  const auto& asked = seen.asked;
  const auto& unusable = known.matching.unusable;
  const auto refusal = Admission::why_not_agent(caller, asked, known.settings.allowed_groups);
  const bool certain = is_certain(asked);
  const bool may_act = seen.may_act;
  json::array lines;

  json::object issue;
  issue["id"] = caller.call.issue->value;
  issue["key"] = asked.ticket ? asked.ticket->key.value : caller.call.issue_key.value_or(IssueKey{}).value;
  // The ticket may be remembered from somebody else's look: it is shown to who may see the issue, as far as Jira said so.
  const bool may_see = asked.ticket && asked.rights && asked.rights->browse;
  issue["summary"] = may_see ? asked.ticket->summary : std::string();

  json::object viewer{{"id", caller.account.value}, {"linked", is_linked(known.link)}, {"provider", doors_.provider.name().value}};
  if (known.link && !known.link->ending_since) {
    if (known.link->expired) viewer["linkExpired"] = true;
    viewer["account"] = provider_account_view(known.link->at_provider);
    viewer["name"] = known.link->account_name;
  }
  viewer["licence"] = licence_view(known.link, known.settings);
  viewer["mayAct"] = may_act;
  if (certain && refusal) viewer["reason"] = support::to_string(*refusal);

  for (const auto* error : {asked.rights ? nullptr : &asked.rights.error(), asked.ticket ? nullptr : &asked.ticket.error(), asked.groups ? nullptr : &asked.groups.error()}) {
    if (error == nullptr) continue;
    lines.push_back(missing("people", *error));
    lines.push_back(missing("sessions", *error));   // whether they may be shown is not known
    break;
  }
  json::array shown_people;
  for (const auto& person : seen.people.people) shown_people.push_back(person_view(person, made_at));
  if (const auto& failure = seen.people.people_failure) lines.push_back(missing("people", *failure, seen.people.people_as_of));
  if (const auto& failure = seen.people.addresses_failure) lines.push_back(missing("addresses", *failure));
  if (const auto& failure = seen.commenters_failure) lines.push_back(missing("commenters", *failure));
  if (const auto& failure = seen.participants_failure) lines.push_back(missing("participants", *failure));
  if (seen.commenters_cut) lines.push_back(left_out("commenters", ports::kMostRosterAuthors));
  if (seen.first_participants) lines.push_back(left_out("participants", *seen.first_participants));
  // Asked to slow down, or slow: what is shown ages, and says so itself. Of whom nothing is shown, the panel has to say it.
  if (const auto& failure = seen.people.presence_failure) {
    const bool away = is_away(*failure);
    if (seen.people.presence_lacks && !away) lines.push_back(missing("presence", *failure));
    else if (away) lines.push_back(missing("presence", *failure, seen.people.presence_as_of));
  }

  json::array shown_sessions;
  std::size_t over = 0;
  if (may_act) {
    const Viewer looking{.account = caller.account, .may_act = true, .link_usable = !unusable, .may_begin = !seen.off};
    for (const auto& session : known.sessions) {
      // Of those that are over the newest: the others are a question of their own (GET /v1/sessions).
      if (support::is_over(session.state) && ++over > kMostEarlier) continue;
      shown_sessions.push_back(session_view(session, looking, mail_for(session, doors_.words), doors_.words));
    }
    if (known.poll_failure) lines.push_back(missing("session_state", *known.poll_failure));
  }

  json::object answer;
  answer["issue"] = std::move(issue);
  answer["viewer"] = std::move(viewer);
  if (seen.off) answer["projectOff"] = true;
  answer["people"] = std::move(shown_people);
  answer["more"] = may_act && ((!seen.complete && !seen.commenters_failure) || seen.participants_late);
  answer["sessions"] = std::move(shown_sessions);
  if (may_act && !seen.off && known.asked_for_help) {
    const auto& ask = *known.asked_for_help;
    answer["askedForHelp"] = json::object{{"id", ask.id.value}, {"customer", json::object{{"id", ask.customer.value}, {"name", ask.customer_name}}}, {"since", to_iso8601(ask.asked_at)}};
  }
  if (over > kMostEarlier) answer["earlierSessions"] = over - kMostEarlier;
  answer["missing"] = std::move(lines);
  const bool service_project = may_see && asked.ticket->service_project;
  json::array invitations;
  for (const auto invitation : support::invitations_on(service_project)) invitations.push_back(json::value(support::to_string(invitation)));
  answer["defaults"] = json::object{{"description", may_see ? support::usual_description(asked.ticket->key, asked.ticket->summary) : std::string()},
                                    {"validityMinutes", known.settings.validity.count()},
                                    {"invitation", support::to_string(support::invitation_on(service_project, known.settings.invitation))},
                                    {"invitations", std::move(invitations)},
                                    {"customers", likely_customers(seen.people.people, caller.account)}};
  return answer;
}

Task<void> Panel::watch(InstallationId installation, std::vector<AccountId> creators) {
  for (const auto& creator : creators) {
    if (!polling_.watch(installation, creator)) continue;
    // Best effort: the slow pace finds the news too, later.
    if (auto hastened = co_await polling_.hasten(installation, creator); !hastened) log::warning("poll_not_hastened", log::fields_of(hastened.error()));
  }
}

Task<void> Panel::look_at_sessions(Who who) {
  const auto found = made_.find(who);
  if (found == made_.end() || found->second.followed.empty()) co_return;
  co_await polling_.look_now(std::get<InstallationId>(who), found->second.followed, doors_.house.look_patience);
}

bool Panel::is_good(const Who& who, const Made& made) const {
  const auto now = doors_.clock.now();
  const bool young = made.at <= now && now < made.until;   // a clock that was set back does not make it last
  return young && made.number == doors_.changes.of(std::get<InstallationId>(who));
}

const Panel::Made* Panel::still_good(const Who& who, const std::string& since) const {
  const auto found = made_.find(who);
  if (found == made_.end() || !is_good(who, found->second)) return nullptr;
  return found->second.version == since || !found->second.text.empty() ? &found->second : nullptr;
}

void Panel::keep(const Who& who, Made made) {
  if (made_.size() >= kMostMade) tidy();
  if (made_.size() >= kMostMade) made_.clear();
  made.make = ++makes_;
  with_text_.emplace_back(who, made.make);
  made_.insert_or_assign(who, std::move(made));
  if (with_text_.size() <= kMostTexts) return;
  const auto& [whose, make] = with_text_.front();
  if (const auto oldest = made_.find(whose); oldest != made_.end() && oldest->second.make == make) std::string().swap(oldest->second.text);   // with its memory
  with_text_.pop_front();
}

void Panel::forget(const InstallationId& installation) {
  const auto is_of_it = [&](const auto& entry) { return std::get<InstallationId>(entry.first) == installation; };
  std::erase_if(made_, is_of_it);
  std::erase_if(with_text_, is_of_it);
}

void Panel::tidy() {
  std::erase_if(made_, [this](const auto& entry) { return !is_good(entry.first, entry.second); });
  std::erase_if(with_text_, [this](const auto& one) {
    const auto made = made_.find(one.first);
    return made == made_.end() || made->second.make != one.second;
  });
}

std::string Panel::told(const Made& made, const std::string& since) const {
  if (made.version == since) return R"({"changed":false,"version":")" + made.version + "\"}";
  return made.text + R"(,"now":")" + to_iso8601(doors_.clock.now()) + "\"}";
}

Task<Result<std::string>> Panel::show(Caller caller, std::string since) {
  if (caller.call.page != support::Page::issue_panel || !caller.call.issue) co_return std::unexpected(refused(support::Refusal::wrong_module));
  const Who who{caller.installation(), caller.account, *caller.call.issue};
  const auto end = std::chrono::steady_clock::now() + kPanelPatience;
  if (!since.empty()) co_await look_at_sessions(who);
  if (const auto* made = still_good(who, since)) {
    auto answer = told(*made, since);
    co_await watch(caller.installation(), made->followed);
    co_return answer;
  }

  Made made;
  made.number = doors_.changes.of(caller.installation());   // before the facts are read
  made.at = doors_.clock.now();
  made.until = made.at + doors_.house.facts_life;
  BELAY_CO_TRY(known, co_await know(caller));
  // A page that opens has waited for two rounds by now; one that is open has most of them in memory, and what changes has to be on it soon.
  const auto seen = co_await see(caller, known, since.empty() ? Rounds::one : Rounds::all, end);
  if (auto failure = signed_out(seen)) co_return std::unexpected(std::move(*failure));
  const auto& asked = seen.asked;
  if (asked.rights && !asked.rights->browse) co_return fail("not_found", "the caller may not see the issue");
  if (!asked.ticket && asked.ticket.error().code == "not_found") co_return std::unexpected(asked.ticket.error());
  if (!asked.project) co_return std::unexpected(asked.project.error());

  const auto made_at = doors_.clock.now();
  const auto answer = view(caller, known, seen, made_at);
  made.text = boost::json::serialize(answer);
  made.version = doors_.digests.sha256_hex(made.text).substr(0, 32);
  made.text.pop_back();
  made.text += R"(,"changed":true,"version":")" + made.version + '"';
  if (answer.at("viewer").at("mayAct").as_bool()) made.followed = known.followed;   // who sees no sessions need not have them polled
  made.until = std::min(made.until, seen.good_until);
  if (known.asked_for_help) made.until = std::min(made.until, known.asked_for_help->asked_at + kAskLife);
  for (const auto& person : seen.people.people) made.until = std::min(made.until, same_until(person, made_at));
  auto text = told(made, since);
  auto followed = made.followed;
  keep(who, std::move(made));
  co_await watch(caller.installation(), std::move(followed));
  co_return text;
}

}  // namespace belay::desk
