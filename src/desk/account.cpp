#include "desk/account.hpp"

#include <algorithm>
#include <cctype>

#include "base/log.hpp"
#include "desk/farewell.hpp"
#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"
#include "desk/pairing.hpp"
#include "desk/reports_grant.hpp"
#include "desk/session_change.hpp"
#include "support/report.hpp"

namespace belay::desk {
namespace {

// The page that the avatar menu opens (forge/manifest.yml, jira:personalSettingsPage); Forge hands the rest of the path to the page.
Result<std::string> personal_page(const ports::VerifiedCall& call) {
  if (call.personal_page) return *call.personal_page;
  if (!call.site_url) return fail("forbidden", "the call names no site", {{"reason", "wrong_module"}});
  const auto site = normal_site_url(*call.site_url);
  if (!site) return fail("forbidden", "the call names no plain site", {{"reason", "wrong_module"}});
  // Both ids come as ARIs, ari:cloud:ecosystem::environment/<app>/<environment>; the address has their last parts.
  const auto last_part = [](const std::string& ari) { return ari.substr(ari.rfind('/') + 1); };
  return *site + "/jira/settings/personal/apps/" + last_part(call.app_id) + "/" + last_part(call.environment_id);
}

ports::Call installation_call(const InstallationId& installation, std::string trace_id) {
  return ports::Call{.installation = installation, .trace_id = std::move(trace_id), .deadline = kLongPatience, .api_base_url = {}};
}

// What is being given back takes seconds when the provider answers.
constexpr Milliseconds kEndingPause{10'000};
// Whoever presses the button twice is not asked about twice.
constexpr Milliseconds kLookAgainAfter{10'000};

// What linking asks for, and what was allowed besides.
json::array permissions_of(const std::optional<ports::AccountLink>& link) {
  json::array permissions{"account", "groups", "contacts", "sessions"};
  if (allows_reports(link)) permissions.emplace_back("reports");
  return permissions;
}

// As the API names what is asked for.
std::string_view access_name(ports::Registration registration) { return registration == ports::Registration::reports ? "reports" : "account"; }

constexpr std::size_t kMostTakenUp = 1'000;

// A sweep that found no way in looks once more for what came into being late.
void sweep_again(ports::UnitOfWork& unit, const support::SupportSession& session, Time now) {
  const auto row = session.provider_asked ? unit.outbox().find(session.installation, "session.sweep", session.id.value) : std::nullopt;
  if (row && row->set_aside_at) unit.outbox().take_up(session.installation, row->id, now);
}

// What could not be closed at the provider while nothing was accepted there in this account's name.
Result<void> close_what_stayed_open(const Doors& doors, ports::UnitOfWork& unit, const Caller& caller, const ProviderAccountId& account) {
  const auto now = doors.clock.now();
  for (auto session : unit.sessions().of_agent(caller.installation(), caller.account, kMostTakenUp)) {
    if (session.creator != caller.account || !is_in(session, account)) continue;
    sweep_again(unit, session, now);
    if (session.closing_step != support::Step::failed || !session.made) continue;
    const auto row = unit.outbox().find(caller.installation(), "session.close", session.id.value);
    if (!row && now >= session.valid_until) continue;   // nobody could join it any more
    session.closing_step = support::Step::pending;
    session.last_error.reset();
    if (!unit.sessions().update(session)) return fail_for_now("storage_unavailable", "somebody was faster");
    if (row && row->set_aside_at) unit.outbox().take_up(caller.installation(), row->id, now);
    else unit.outbox().put(outbox_row(doors, caller, "session.close", session.id.value));
  }
  return {};
}

constexpr std::size_t kMostLookedAtAgain = 100;

// Nobody could read their records while nothing was accepted in this account's name.
void look_for_reports_again(const Doors& doors, ports::UnitOfWork& unit, const Caller& caller) {
  const auto now = doors.clock.now();
  for (const auto& session : unit.sessions().of_agent(caller.installation(), caller.account, kMostLookedAtAgain)) {
    const bool unreported = session.state == support::SessionState::closed || session.state == support::SessionState::expired;
    if (!unreported || session.creator != caller.account || !session.ended_at || now >= *session.ended_at + support::kLastReportLook) continue;
    // One that was cancelled while it was made has no row, and nothing to report.
    if (!unit.outbox().find(caller.installation(), "session.report", session.id.value)) continue;
    unit.outbox().put(outbox_row(doors, caller.installation(), "session.report", session.id.value));
  }
}

// Sessions live in the provider account that made them. With another one they can neither be followed nor closed, and a create that was asked
// for there must not be asked for here a second time.
Result<void> leave_sessions_behind(const Doors& doors, ports::UnitOfWork& unit, const Caller& caller) {
  for (auto session : unit.sessions().unfinished_of(caller.installation(), caller.account)) {
    if (!session.made && !session.provider_asked) continue;
    const auto event = session.state == support::SessionState::intended ? support::SessionEvent::cancelled : support::SessionEvent::closed;
    const bool edit = settings_of(unit, caller.installation(), doors.words).settings.edit_when_ended;
    BELAY_CHECK(end_session(doors, session, unit, event, audit_entry(doors, caller, "session_left_behind"), edit));
    unit.outbox().erase(session.installation, "session.close", session.id.value);
    // What was asked for there and never answered may still be made: whoever connects that account again has it looked for.
    if (!session.made) begin_session_sweep(doors, unit, session, Milliseconds{0});
    session.closing_step = session.made ? support::Step::failed : support::Step::none;
    session.last_error = Error{.code = "account_changed", .cause = "linked to another account", .detail = {{"provider", doors.provider.display_name()}}, .retryable = false, .retry_after = {}};
    if (!unit.sessions().update(session)) return fail_for_now("storage_unavailable", "somebody was faster");
  }
  return {};
}

// Why nothing was allowed, as far as the provider said. TeamViewer lets nobody consent to more than their licence gives, in words that are not documented; so
// whoever is refused without a reason is told of both.
std::string_view problem_of(const Account::Callback& callback, ports::Registration registration) {
  if (callback.error != "access_denied") return "provider_refused";
  if (registration == ports::Registration::base) return "consent_denied";
  const auto names = [&](std::string_view word) {
    const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b)); };
    return !std::ranges::search(callback.error_description, word, same).empty();
  };
  return names("license") || names("licence") ? "reports_need_licence" : "reports_denied";
}

}  // namespace

Task<Result<ports::ParkedGrant>> Account::fetchable(Caller caller, std::string token_hash) {
  struct Look { ports::ParkedGrant parked; std::optional<std::string> refused; };
  auto look = co_await doors_.storage.write<Look>([&](ports::UnitOfWork& unit) -> Result<Look> {
    auto found = unit.links().parked(token_hash);
    if (!found || found->expires_at <= doors_.clock.now()) return fail("grant_expired", "no such grant, or too late");
    Look seen{.parked = std::move(*found), .refused = std::nullopt};
    if (seen.parked.installation != caller.installation() || seen.parked.account != caller.account) seen.refused = "grant_not_yours";
    else if (is_of_other_account(unit.links().find(caller.installation(), caller.account, doors_.provider.name()), seen.parked)) seen.refused = "reports_other_account";
    if (!seen.refused) return seen;
    // Somebody else's: whoever was talked into this gets their access back.
    begin_giving_back(doors_, unit, seen.parked);
    unit.audit().append(audit_entry(doors_, caller, "foreign_grant_refused"));
    return seen;
  });
  if (!look) co_return std::unexpected(look.error());
  if (!look->refused) co_return std::move(look->parked);
  doors_.work.ring();
  log::warning("foreign_grant_refused", {{"installation", caller.installation().value}, {"reason", *look->refused}, {"trace", caller.trace_id}});
  if (*look->refused == "reports_other_account") co_return reports_of_other_account();
  co_return fail("grant_not_yours", "another account or installation began");
}

std::unexpected<Error> Account::reports_of_other_account() const {
  return fail("reports_other_account", "not the account of the link", {{"provider", doors_.provider.display_name()}});
}

Task<Result<json::object>> Account::show(Caller caller, std::optional<std::string> grant) {
  if (caller.call.page != support::Page::personal) co_return fail("forbidden", "not from the personal page", {{"reason", "wrong_module"}});
  std::optional<ports::ParkedGrant> parked;
  if (grant) {
    BELAY_CO_TRY(found, co_await fetchable(caller, doors_.digests.sha256_hex(*grant)));
    parked = std::move(found);
  }
  co_return co_await view(std::move(caller), std::move(parked));
}

Task<Result<json::object>> Account::view(Caller caller, std::optional<ports::ParkedGrant> parked) {
  struct Known { support::Settings settings; std::optional<ports::AccountLink> link; std::size_t open_sessions = 0; };
  auto known = co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    return Known{.settings = settings_of(unit, caller.installation(), doors_.words).settings,
                 .link = unit.links().find(caller.installation(), caller.account, doors_.provider.name()),
                 .open_sessions = unit.sessions().unfinished_of(caller.installation(), caller.account).size()};
  });
  if (!known) co_return std::unexpected(known.error());
  auto person = co_await doors_.users.user(outside_call(caller, kPatience), caller.account);

  const auto& link = known->link;
  json::object view;
  view["linked"] = is_linked(link);
  if (link && link->expired && !link->ending_since) view["linkExpired"] = true;
  view["provider"] = doors_.provider.name().value;
  json::object jira{{"id", caller.account.value}, {"name", person ? person->name : link ? link->account_name : caller.account.value}};
  if (person && !person->picture.empty()) jira["picture"] = person->picture;
  view["jira"] = std::move(jira);
  if (link && !link->ending_since) {
    view["account"] = provider_account_view(link->at_provider);
    view["licence"] = licence_view(link->at_provider.licence, known->settings);
    view["linkedAt"] = to_iso8601(link->linked_at);
  }
  view["openSessions"] = known->open_sessions;
  view["scopes"] = permissions_of(link);
  view["reports"] = reports_view(doors_, link);
  if (parked) {
    view["grant"] = json::object{{"account", provider_account_view(parked->at_provider)},
                                 {"licence", licence_view(parked->at_provider.licence, known->settings)},
                                 {"access", access_name(parked->grant.registration)},
                                 {"expiresAt", to_iso8601(parked->expires_at)}};
  }
  co_return view;
}

Result<void> Account::may_ask(const std::optional<ports::AccountLink>& present, ports::Registration registration) const {
  return registration == ports::Registration::reports ? may_allow_reports(doors_, present) : may_link(present);
}

Result<void> Account::may_link(const std::optional<ports::AccountLink>& present) const {
  const json::object detail{{"provider", doors_.provider.display_name()}};
  if (is_linked(present)) return fail("already_linked", "there is a live link", detail);
  if (present && present->ending_since) return fail_for_now("link_ending", "the old link is still being given back", kEndingPause, detail);
  return {};
}

Task<Result<std::string>> Account::start(Caller caller, ports::Registration registration) {
  if (caller.call.page != support::Page::personal) co_return fail("forbidden", "not from the personal page", {{"reason", "wrong_module"}});
  BELAY_CO_TRY(page, personal_page(caller.call));
  const auto state = doors_.digests.base64url(doors_.random.bytes(32));
  ports::LinkAttempt attempt;
  attempt.state_hash = doors_.digests.sha256_hex(state);
  attempt.installation = caller.installation();
  attempt.account = caller.account;
  attempt.code_verifier = doors_.digests.base64url(doors_.random.bytes(48));  // RFC 7636 4.1: 43 to 128 characters
  attempt.return_url = page;
  attempt.expires_at = doors_.clock.now() + kAttemptLife;
  attempt.registration = registration;
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    BELAY_CHECK(still_paired(unit, caller.installation()));
    BELAY_CHECK(may_ask(unit.links().find(caller.installation(), caller.account, doors_.provider.name()), registration));
    unit.links().insert_attempt(attempt);
    return {};
  }));
  co_return doors_.house.public_url + "/oauth/" + doors_.provider.name().value + "/start?state=" + state;
}

Task<Result<BrowserAnswer>> Account::begin_consent(std::string state) {
  auto attempt = co_await doors_.storage.read<ports::LinkAttempt>([&](ports::UnitOfWork& unit) -> Result<ports::LinkAttempt> {
    auto found = unit.links().attempt(doors_.digests.sha256_hex(state));
    if (!found || found->expires_at <= doors_.clock.now()) return fail("oauth_state_invalid", "unknown or old state");
    return std::move(*found);
  });
  if (!attempt) co_return std::unexpected(attempt.error());
  co_return BrowserAnswer{doors_.provider.authorize_url(attempt->registration, state, doors_.digests.sha256_base64url(attempt->code_verifier))};
}

Task<Result<std::string>> Account::exchange_and_park(ports::LinkAttempt attempt, std::string code, std::string trace_id) {
  const auto call = installation_call(attempt.installation, std::move(trace_id));
  BELAY_CO_TRY(grant, co_await doors_.provider.exchange(call, attempt.registration, std::move(code), attempt.code_verifier));
  const auto token = doors_.digests.base64url(doors_.random.bytes(32));
  ports::ParkedGrant parked;
  parked.token_hash = doors_.digests.sha256_hex(token);
  parked.installation = attempt.installation;
  parked.account = attempt.account;
  parked.grant = grant;
  auto account = co_await doors_.provider.account_of(call, grant);
  parked.expires_at = doors_.clock.now();
  if (account) {
    parked.at_provider = *account;
    parked.expires_at += kParkedLife;
  }
  // Parked even when it is of no use: then already over, so that the worker gives it back.
  bool of_other_account = false;
  auto kept = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    BELAY_CHECK(still_paired(unit, parked.installation));
    of_other_account = account && is_of_other_account(unit.links().find(parked.installation, parked.account, doors_.provider.name()), parked);
    if (of_other_account) parked.expires_at = doors_.clock.now();
    unit.links().park(parked);
    auto row = outbox_row(doors_, parked.installation, "grant.expire", parked.token_hash);
    row.due_at = parked.expires_at;
    unit.outbox().put(row);
    return {};
  });
  if (!kept) {
    // Nobody will find it here: it is given back at once, as far as that goes.
    if (auto revoked = co_await doors_.provider.revoke(call, grant); !revoked) log::error("grant_lost", log::fields_of(revoked.error(), {{"installation", attempt.installation.value}}));
    co_return std::unexpected(kept.error());
  }
  doors_.work.ring();
  if (!account) co_return std::unexpected(account.error());
  if (of_other_account) co_return reports_of_other_account();
  co_return token;
}

Task<Result<BrowserAnswer>> Account::come_back(Callback callback) {
  auto attempt = co_await doors_.storage.write<ports::LinkAttempt>([&](ports::UnitOfWork& unit) -> Result<ports::LinkAttempt> {
    auto found = unit.links().take_attempt(doors_.digests.sha256_hex(callback.state));
    if (!found || found->expires_at <= doors_.clock.now()) return fail("oauth_state_invalid", "unknown, used or old state");
    return std::move(*found);
  });
  if (!attempt) co_return std::unexpected(attempt.error());
  if (!callback.error.empty()) {
    const auto problem = problem_of(callback, attempt->registration);
    log::info("consent_not_given", {{"installation", attempt->installation.value}, {"problem", problem}});
    co_return BrowserAnswer{attempt->return_url + "/problem/" + std::string(problem)};
  }
  auto token = co_await exchange_and_park(*attempt, std::move(callback.code), {});
  if (!token) {
    log::warning("grant_not_parked", log::fields_of(token.error(), {{"installation", attempt->installation.value}}));
    co_return BrowserAnswer{attempt->return_url + "/problem/" + token.error().code};
  }
  co_return BrowserAnswer{attempt->return_url + "/finish/" + *token};
}

Task<Result<json::object>> Account::finish(Caller caller, std::string token) {
  if (caller.call.page != support::Page::personal) co_return fail("forbidden", "not from the personal page", {{"reason", "wrong_module"}});
  auto token_hash = doors_.digests.sha256_hex(token);
  BELAY_CO_TRY(parked, co_await fetchable(caller, token_hash));
  if (parked.grant.registration == ports::Registration::reports) co_return co_await finish_reports(std::move(caller), std::move(token_hash));
  auto person = co_await doors_.users.user(outside_call(caller, kPatience), caller.account);
  const auto provider = doors_.provider.name();

  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto present = unit.links().find(caller.installation(), caller.account, provider);
    BELAY_CHECK(still_paired(unit, caller.installation()));
    BELAY_CHECK(may_link(present));
    // Looked at again: from its end on the worker may be giving it back.
    const auto taken = unit.links().take_parked(token_hash);
    if (!taken || taken->expires_at <= doors_.clock.now()) return fail("grant_expired", "fetched a moment ago, or too late");
    if (present && present->at_provider.id != taken->at_provider.id) BELAY_CHECK(leave_sessions_behind(doors_, unit, caller));
    BELAY_CHECK(close_what_stayed_open(doors_, unit, caller, taken->at_provider.id));
    if (present && present->at_provider.id == taken->at_provider.id) look_for_reports_again(doors_, unit, caller);
    ports::AccountLink link;
    link.id = present ? present->id : LinkId{doors_.random.uuid()};
    link.installation = caller.installation();
    link.account = caller.account;
    link.account_name = person ? person->name : caller.account.value;
    link.provider = provider;
    link.at_provider = parked.at_provider;
    link.grant = parked.grant;
    link.linked_at = link.checked_at = doors_.clock.now();
    if (present && present->reports) {
      // Leave to read the records of one account is of no use with another.
      link.reports = present->reports;
      if (present->at_provider.id != link.at_provider.id) take_back_reports(doors_, unit, link);
    }
    unit.links().put(link);
    unit.outbox().erase(caller.installation(), "grant.expire", token_hash);
    unit.outbox().put(outbox_row(doors_, caller.installation(), "link.check", caller.account.value));   // now for the group, then daily
    // Sessions of the old, expired link at the same provider account can be followed again.
    unit.outbox().put(outbox_row(doors_, caller.installation(), "account.poll", caller.account.value));
    unit.audit().append(audit_entry(doors_, caller, "link_made"));
    return {};
  }));
  doors_.work.ring();
  co_return co_await show(caller, std::nullopt);
}

Task<Result<json::object>> Account::finish_reports(Caller caller, std::string token_hash) {
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto link = unit.links().find(caller.installation(), caller.account, doors_.provider.name());
    BELAY_CHECK(still_paired(unit, caller.installation()));
    BELAY_CHECK(may_allow_reports(doors_, link));
    auto taken = unit.links().take_parked(token_hash);
    if (!taken || taken->expires_at <= doors_.clock.now()) return fail("grant_expired", "fetched a moment ago, or too late");
    if (is_of_other_account(link, *taken)) return reports_of_other_account();
    link->reports = ports::ReportsGrant{.grant = std::move(taken->grant), .since = doors_.clock.now(), .expired = false};
    unit.links().put(*link);
    unit.outbox().erase(caller.installation(), "grant.expire", token_hash);
    look_for_reports_again(doors_, unit, caller);
    unit.audit().append(audit_entry(doors_, caller, "reports_allowed"));
    return {};
  }));
  doors_.work.ring();
  co_return co_await show(caller, std::nullopt);
}

Task<Result<json::object>> Account::take_reports_back(Caller caller) {
  if (caller.call.page != support::Page::personal) co_return fail("forbidden", "not from the personal page", {{"reason", "wrong_module"}});
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto link = unit.links().find(caller.installation(), caller.account, doors_.provider.name());
    if (!link || link->ending_since || !link->reports) return {};
    take_back_reports(doors_, unit, *link);
    unit.links().put(*link);
    unit.audit().append(audit_entry(doors_, caller, "reports_taken_back"));
    return {};
  }));
  doors_.work.ring();
  co_return co_await show(caller, std::nullopt);
}

Task<Result<json::object>> Account::look_again(Caller caller) {
  const bool of_their_own = caller.call.page == support::Page::personal || caller.call.page == support::Page::issue_panel;
  if (!of_their_own) co_return fail("forbidden", "not from the personal page or the panel", {{"reason", "wrong_module"}});
  const auto provider = doors_.provider.name();
  const json::object named{{"provider", doors_.provider.display_name()}};
  using Found = std::optional<ports::AccountLink>;
  BELAY_CO_TRY(link, co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.links().find(caller.installation(), caller.account, provider); }));
  if (!is_linked(link)) co_return fail(link && link->expired ? "link_expired" : "not_linked", "nothing to look at", named);
  const auto asked_at = doors_.clock.now();
  const auto since = asked_at - link->checked_at;
  const bool just_looked = since >= Milliseconds{0} && since < kLookAgainAfter;
  if (!just_looked) {
    BELAY_CO_TRY(at_provider, co_await doors_.provider.account(outside_call(caller, kLongPatience), ports::LinkRef{.installation = caller.installation(), .account = caller.account}));
    BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
      auto present = unit.links().find(caller.installation(), caller.account, provider);
      if (!present || present->id != link->id) return {};   // another one, or none, in the meantime
      note_looked(*present, at_provider, asked_at);
      unit.links().put(*present);
      return {};
    }));
  }
  co_return co_await view(caller, std::nullopt);
}

Task<Result<json::object>> Account::decline(Caller caller, std::string token) {
  if (caller.call.page != support::Page::personal) co_return fail("forbidden", "not from the personal page", {{"reason", "wrong_module"}});
  const auto token_hash = doors_.digests.sha256_hex(token);
  BELAY_CO_CHECK(co_await fetchable(caller, token_hash));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto parked = unit.links().parked(token_hash);
    if (!parked) return fail("grant_expired", "fetched a moment ago");
    begin_giving_back(doors_, unit, std::move(*parked));
    unit.audit().append(audit_entry(doors_, caller, "grant_declined"));
    return {};
  }));
  doors_.work.ring();
  co_return co_await show(caller, std::nullopt);
}

Task<Result<json::object>> Account::disconnect(Caller caller) {
  if (caller.call.page != support::Page::personal) co_return fail("forbidden", "not from the personal page", {{"reason", "wrong_module"}});
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto link = unit.links().find(caller.installation(), caller.account, doors_.provider.name());
    if (!link || link->ending_since) return {};
    begin_ending(doors_, unit, *link, audit_entry(doors_, caller, "link_ended"));
    return {};
  }));
  doors_.work.ring();
  co_return co_await show(caller, std::nullopt);
}

}  // namespace belay::desk
