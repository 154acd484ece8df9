#include "desk/pairing.hpp"

#include <algorithm>
#include <cctype>

#include "base/log.hpp"
#include "desk/farewell.hpp"

namespace belay::desk {

std::string normal_pairing_code(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    const auto upper = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (upper == ' ' || upper == '-' || upper == '\t' || upper == '\n' || upper == '\r') continue;
    if (upper == 'O') code += '0';
    else if (upper == 'I' || upper == 'L') code += '1';
    else code += upper;
  }
  return code;
}

Result<std::string> normal_site_url(std::string_view url) {
  const auto refuse = [] { return fail("invalid_field", "not the address of a site", {{"field", "site"}}); };
  std::string site(url);
  while (site.ends_with('/')) site.pop_back();
  std::ranges::transform(site, site.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool secure = site.starts_with("https://");
  if (!secure && !site.starts_with("http://")) return refuse();
  const auto authority = site.substr(secure ? 8 : 7);
  const bool plain = !authority.empty() && std::ranges::all_of(authority, [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':'; });
  if (!plain) return refuse();
  return site;
}

json::object installation_view(const ports::Installation& installation) {
  json::object view;
  view["siteUrl"] = installation.site_url;
  view["pairedAt"] = to_iso8601(installation.paired_at);
  if (is_configured(installation)) view["configured"] = true;
  else view["pairedBy"] = json::object{{"id", installation.paired_by.value}, {"name", installation.paired_by_name}};
  if (installation.app_token_received_at) view["appTokenReceivedAt"] = to_iso8601(*installation.app_token_received_at);
  if (installation.app_token_expires_at) view["appTokenExpiresAt"] = to_iso8601(*installation.app_token_expires_at);
  return view;
}

Task<Result<PairingCode>> Pairing::issue_code(std::string site_url, std::string base32) {
  BELAY_CO_TRY(site, normal_site_url(site_url));
  const auto expires_at = doors_.clock.now() + kPairingCodeLife;
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    unit.installations().insert_pairing_code(doors_.digests.sha256_hex(base32), site, expires_at);
    return {};
  }));
  std::string shown;
  for (std::size_t i = 0; i < base32.size(); ++i) {
    if (i != 0 && i % 5 == 0) shown += '-';
    shown += base32[i];
  }
  co_return PairingCode{.shown = shown, .expires_at = expires_at};
}

namespace {

// A site has an app of one environment installed once. If another installation is kept, Forge has given the app a new name since, and nobody has told us
// that the old one went: it would have been erased.
std::optional<ports::Installation> kept_of_site(ports::UnitOfWork& unit, const ports::VerifiedCall& call) {
  auto all = unit.installations().all();
  const auto kept = std::ranges::find_if(all, [&](const ports::Installation& one) {
    return one.cloud_id == call.cloud_id && one.app_id == call.app_id && one.environment_id == call.environment_id && !one.leaving_since;
  });
  return kept == all.end() ? std::nullopt : std::optional(std::move(*kept));
}

}  // namespace

Task<Result<Pairing::Paired>> Pairing::use_code(Caller caller, std::string site, std::string code, std::string admin_name) {
  const auto now = doors_.clock.now();
  const auto hash = doors_.digests.sha256_hex(normal_pairing_code(code));
  std::optional<Error> refusal;   // returned after the commit: a wrong try has to be counted
  auto paired = co_await doors_.storage.write<Paired>([&](ports::UnitOfWork& unit) -> Result<Paired> {
    refusal.reset();
    auto& installations = unit.installations();
    const auto refuse = [&refusal](Error error) { refusal = std::move(error); return Paired{}; };
    if (const auto present = installations.find_known_as(caller.installation())) {
      if (present->leaving_since) return fail_for_now("unpairing", "still being unpaired", Milliseconds{10'000});
      return fail("already_paired", "paired");
    }
    // Those of the last hour; one that is an hour old counts no more.
    const auto tries = installations.failed_pairings(caller.installation(), now - kWrongCodeWindow + Milliseconds{1});
    if (tries.size() >= kMostWrongCodes) {
      const auto first_that_counts = tries[tries.size() - kMostWrongCodes];
      return fail_for_now("pairing_attempts_exceeded", "too many wrong codes", first_that_counts + kWrongCodeWindow - now);
    }
    const auto known = installations.pairing_code(hash);
    const bool other_site = known && known->site_url != site;
    if (!known || other_site || known->used_at) {
      installations.note_failed_pairing(caller.installation(), now);
      return refuse({.code = "pairing_code_invalid", .cause = other_site ? "another site's" : known ? "used" : "unknown", .detail = {}, .retryable = false, .retry_after = {}});
    }
    if (known->expires_at <= now) {
      installations.note_failed_pairing(caller.installation(), now);
      return refuse({.code = "pairing_code_expired", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}});
    }
    if (!installations.use_pairing_code(hash, now)) return fail("pairing_code_invalid", "used a moment ago");
    const auto kept = kept_of_site(unit, caller.call);
    auto fresh = kept.value_or(ports::Installation{});
    if (!kept) fresh.id = caller.installation();
    fresh.known_as = caller.installation();
    fresh.cloud_id = caller.call.cloud_id;
    fresh.site_url = site;
    fresh.api_base_url = caller.call.api_base_url;
    fresh.app_id = caller.call.app_id;
    fresh.environment_id = caller.call.environment_id;
    fresh.paired_at = now;
    fresh.paired_by = caller.account;
    fresh.paired_by_name = admin_name;
    if (caller.call.system_token) {
      fresh.app_token_received_at = now;
      fresh.app_token_expires_at = caller.call.system_token->expires_at;
    }
    auto entry = audit_entry(doors_, caller, kept ? "paired_anew" : "paired");
    entry.installation = fresh.id;
    if (kept) {
      installations.update(fresh);
      installations.take_over_tokens(caller.installation(), fresh.id, now);
    } else {
      installations.insert(fresh);
    }
    unit.audit().append(entry);
    return Paired{.installation = std::move(fresh), .anew = kept.has_value()};
  });
  if (!paired) co_return std::unexpected(paired.error());
  if (refusal) co_return std::unexpected(*refusal);
  co_return std::move(*paired);
}

Task<Result<json::object>> Pairing::pair(Caller caller, std::string code) {
  if (auto may = co_await admission_.admin(caller, caller.call.api_base_url); !may) {
    // It came with the call: the end of an earlier pairing has taken it along.
    const bool taken_along = may.error().code == "jira_token_missing" && caller.call.user_token;
    if (taken_along) co_return fail_for_now("unpairing", "its tokens went a moment ago", Milliseconds{1'000});
    co_return std::unexpected(std::move(may).error());
  }
  auto site = normal_site_url(caller.call.site_url.value_or(""));
  if (!site) co_return fail("forbidden", "the call names no site", {{"reason", "wrong_module"}});
  auto call = outside_call(caller, kPatience);
  call.api_base_url = caller.call.api_base_url;
  auto person = co_await doors_.users.user(call, caller.account);
  BELAY_CO_TRY(paired, co_await use_code(caller, std::move(*site), std::move(code), person ? person->name : caller.account.value));
  const auto& installation = paired.installation;
  // Who may what was found out with the rights of the app that went.
  if (paired.anew) admission_.forget(installation.id);
  doors_.work.ring();   // what waited for a token of the app
  log::info("installation_paired", {{"installation", installation.id.value}, {"known_as", installation.known_as.value}, {"site", installation.site_url}, {"trace", caller.trace_id}});
  co_return json::object{{"paired", true}, {"anew", paired.anew}, {"installation", installation_view(installation)}};
}

Task<Result<json::object>> Pairing::unpair(Caller caller) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto installation = unit.installations().find(caller.installation());
    if (!installation || installation->leaving_since) return {};
    // It would be there again with the next start: the operator takes it out of the configuration.
    if (is_configured(*installation)) return std::unexpected(refused(support::Refusal::wrong_module));
    begin_leaving(doors_, unit, std::move(*installation), audit_entry(doors_, caller, "unpaired"));
    return {};
  }));
  admission_.forget(caller.installation());
  doors_.work.ring();
  log::info("installation_unpaired", {{"installation", caller.installation().value}, {"trace", caller.trace_id}});
  co_return json::object{{"paired", false}};
}

Task<Result<void>> Pairing::unpair_configured(InstallationId id) {
  co_return co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto installation = unit.installations().find(id);
    if (!installation || !is_configured(*installation)) return fail("not_found", "no such site is kept");
    if (!installation->leaving_since) begin_leaving(doors_, unit, std::move(*installation), audit_entry(doors_, id, "unpaired"));
    return {};
  });
}

}  // namespace belay::desk
