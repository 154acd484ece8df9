#include "desk/account.hpp"

#include "base/log.hpp"
#include "desk/farewell.hpp"
#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"
#include "desk/pairing.hpp"
#include "desk/session_change.hpp"

namespace belay::desk {
namespace {

// The page that the avatar menu opens (forge/manifest.yml, jira:personalSettingsPage); Forge hands the rest of the path to the page.
Result<std::string> personal_page(const ports::VerifiedCall& call) {
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

json::array asked_permissions() { return {"account", "groups", "contacts", "sessions"}; }

// Sessions live in the provider account that made them. With another one they can neither be followed nor closed, and a create that was asked
// for there must not be asked for here a second time.
Result<void> leave_sessions_behind(const Doors& doors, ports::UnitOfWork& unit, const Caller& caller) {
  for (auto session : unit.sessions().unfinished_of(caller.installation(), caller.account)) {
    if (!session.made && !session.provider_asked) continue;
    const auto event = session.state == support::SessionState::intended ? support::SessionEvent::cancelled : support::SessionEvent::closed;
    const bool edit = settings_of(unit, caller.installation(), doors.words).settings.edit_when_ended;
    BELAY_CHECK(end_session(doors, session, unit, event, audit_entry(doors, caller, "session_left_behind"), edit));
    unit.outbox().erase(session.installation, "session.close", session.id.value);
    session.closing_step = support::Step::failed;
    session.last_error = Error{.code = "account_changed", .cause = "linked to another account", .detail = {{"provider", doors.provider.display_name()}}, .retryable = false, .retry_after = {}};
    if (!unit.sessions().update(session)) return fail_for_now("storage_unavailable", "somebody was faster");
  }
  return {};
}

// Over at once, so that the worker gives it back.
void give_back(const Doors& doors, ports::UnitOfWork& unit, ports::ParkedGrant parked) {
  [[maybe_unused]] const auto taken = unit.links().take_parked(parked.token_hash);
  parked.expires_at = doors.clock.now();
  unit.links().park(parked);
  unit.outbox().put(outbox_row(doors, parked.installation, "grant.expire", parked.token_hash));
}

}  // namespace

Task<Result<ports::ParkedGrant>> Account::fetchable(Caller caller, std::string token_hash) {
  bool given_back = false;
  auto parked = co_await doors_.storage.write<ports::ParkedGrant>([&](ports::UnitOfWork& unit) -> Result<ports::ParkedGrant> {
    auto found = unit.links().parked(token_hash);
    if (!found || found->expires_at <= doors_.clock.now()) return fail("grant_expired", "no such grant, or too late");
    given_back = found->installation != caller.installation() || found->account != caller.account;
    if (!given_back) return std::move(*found);
    // Somebody else's: whoever was talked into this gets their access back.
    give_back(doors_, unit, *found);
    unit.audit().append(audit_entry(doors_, caller, "foreign_grant_refused"));
    return std::move(*found);
  });
  if (!parked) co_return std::unexpected(parked.error());
  if (!given_back) co_return std::move(*parked);
  doors_.work.ring();
  log::warning("foreign_grant_refused", {{"installation", caller.installation().value}, {"trace", caller.trace_id}});
  co_return fail("grant_not_yours", "another account or installation began");
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
  view["scopes"] = asked_permissions();
  if (parked) {
    view["grant"] = json::object{{"account", provider_account_view(parked->at_provider)},
                                 {"licence", licence_view(parked->at_provider.licence, known->settings)},
                                 {"expiresAt", to_iso8601(parked->expires_at)}};
  }
  co_return view;
}

Result<void> Account::may_link(const std::optional<ports::AccountLink>& present) const {
  const json::object detail{{"provider", doors_.provider.display_name()}};
  if (is_linked(present)) return fail("already_linked", "there is a live link", detail);
  if (present && present->ending_since) return fail_for_now("link_ending", "the old link is still being given back", kEndingPause, detail);
  return {};
}

Task<Result<std::string>> Account::start(Caller caller) {
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
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    BELAY_CHECK(still_paired(unit, caller.installation()));
    BELAY_CHECK(may_link(unit.links().find(caller.installation(), caller.account, doors_.provider.name())));
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
  co_return BrowserAnswer{doors_.provider.authorize_url(state, doors_.digests.sha256_base64url(attempt->code_verifier))};
}

Task<Result<std::string>> Account::exchange_and_park(ports::LinkAttempt attempt, std::string code, std::string trace_id) {
  const auto call = installation_call(attempt.installation, std::move(trace_id));
  BELAY_CO_TRY(grant, co_await doors_.provider.exchange(call, std::move(code), attempt.code_verifier));
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
  auto kept = co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    BELAY_CHECK(still_paired(unit, parked.installation));
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
    const bool denied = callback.error == "access_denied";
    log::info("consent_not_given", {{"installation", attempt->installation.value}, {"denied", denied}});
    co_return BrowserAnswer{attempt->return_url + "/problem/" + (denied ? "consent_denied" : "provider_refused")};
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
  const auto token_hash = doors_.digests.sha256_hex(token);
  BELAY_CO_TRY(parked, co_await fetchable(caller, token_hash));
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
    ports::AccountLink link;
    link.id = present ? present->id : LinkId{doors_.random.uuid()};
    link.installation = caller.installation();
    link.account = caller.account;
    link.account_name = person ? person->name : caller.account.value;
    link.provider = provider;
    link.at_provider = parked.at_provider;
    link.grant = parked.grant;
    link.linked_at = link.checked_at = doors_.clock.now();
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

Task<Result<json::object>> Account::look_again(Caller caller) {
  const bool of_their_own = caller.call.page == support::Page::personal || caller.call.page == support::Page::issue_panel;
  if (!of_their_own) co_return fail("forbidden", "not from the personal page or the panel", {{"reason", "wrong_module"}});
  const auto provider = doors_.provider.name();
  const json::object named{{"provider", doors_.provider.display_name()}};
  using Found = std::optional<ports::AccountLink>;
  BELAY_CO_TRY(link, co_await doors_.storage.read<Found>([&](ports::UnitOfWork& unit) -> Result<Found> { return unit.links().find(caller.installation(), caller.account, provider); }));
  if (!is_linked(link)) co_return fail(link && link->expired ? "link_expired" : "not_linked", "nothing to look at", named);
  const auto since = doors_.clock.now() - link->checked_at;
  const bool just_looked = since >= Milliseconds{0} && since < kLookAgainAfter;
  if (!just_looked) {
    BELAY_CO_TRY(at_provider, co_await doors_.provider.account(outside_call(caller, kLongPatience), ports::LinkRef{.installation = caller.installation(), .account = caller.account}));
    BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
      auto present = unit.links().find(caller.installation(), caller.account, provider);
      if (!present || present->id != link->id) return {};   // another one, or none, in the meantime
      present->at_provider = at_provider;
      present->checked_at = doors_.clock.now();
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
    give_back(doors_, unit, std::move(*parked));
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
