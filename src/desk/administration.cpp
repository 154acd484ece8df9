#include "desk/administration.hpp"

#include <algorithm>

#include "desk/allowed_groups.hpp"
#include "desk/farewell.hpp"
#include "desk/installation_settings.hpp"
#include "desk/invitation_text.hpp"
#include "desk/link_state.hpp"
#include "desk/pairing.hpp"
#include "desk/reports_grant.hpp"
#include "desk/retention.hpp"
#include "desk/session_view.hpp"
#include "support/customer_text.hpp"

namespace belay::desk {
namespace {

// Forge's scheduled trigger comes hourly; one missed hour is no alarm.
constexpr Milliseconds kTickExpected{2 * 3'600'000};
constexpr Milliseconds kRegistrationLife{60'000};
// Where the agent of the preview lives: the real comment has the real one's.
constexpr std::string_view kExampleZone = "Europe/Paris";

json::object health_line(std::string_view check, bool ok, std::string_view code = {}) {
  json::object line{{"check", check}, {"ok", ok}};
  if (!ok && !code.empty()) line["code"] = code;
  return line;
}

template <class T>
json::object health_line(std::string_view check, const Result<T>& answered, const Catalogue& words) {
  if (answered) return health_line(check, true);
  auto line = health_line(check, false, answered.error().code);
  const auto shown = error_view(answered.error(), words);
  if (const auto* detail = shown.if_contains("detail")) line["detail"] = *detail;
  return line;
}

json::array problems_view(const std::vector<support::TextProblem>& problems) {
  json::array view;
  for (const auto& problem : problems) {
    json::object one{{"code", support::to_string(problem.code)}, {"offset", problem.offset}, {"length", problem.length}};
    if (!problem.name.empty()) one["name"] = problem.name;
    view.push_back(std::move(one));
  }
  return view;
}

std::unexpected<Error> another_is_stored(const SettingsNow& present) {
  return fail("settings_changed", "another version is stored", {{"version", present.version}});
}

}  // namespace

Task<Result<void>> Administration::ask_provider(Caller caller) {
  auto link = co_await doors_.storage.read<std::optional<ports::AccountLink>>([&](ports::UnitOfWork& unit) -> Result<std::optional<ports::AccountLink>> {
    return unit.links().find(caller.installation(), caller.account, doors_.provider.name());
  });
  auto call = outside_call(caller, kPatience);
  // With the admin's own link the whole way is walked; nobody else's is used for a look.
  if (link && is_linked(*link) && !(*link)->expired) co_return co_await doors_.provider.ping(std::move(call), {.installation = caller.installation(), .account = caller.account});
  if (const auto* known = registration_.find(caller.installation(), doors_.clock.now())) co_return *known;
  auto answered = co_await doors_.provider.check_registration(std::move(call), ports::Registration::base);
  registration_.keep(caller.installation(), answered, doors_.clock.now(), kRegistrationLife);
  co_return answered;
}

Task<json::array> Administration::health(Caller caller, ports::Installation installation, bool work_set_aside, std::optional<Error> not_reported) {
  const auto now = doors_.clock.now();
  json::array lines;
  lines.push_back(health_line("storage", true));  // we are reading from it
  if (is_configured(installation)) {
    lines.push_back(health_line("work", !work_set_aside));
    const auto [account, provider] = co_await both(doors_.users.user(outside_call(caller, kPatience), caller.account), ask_provider(caller));
    lines.push_back(health_line("jira", account, doors_.words));
    lines.push_back(health_line("provider", provider, doors_.words));
    co_return lines;
  }
  const bool token_alive = installation.app_token_expires_at && *installation.app_token_expires_at > now;
  lines.push_back(health_line("app_token", token_alive, "jira_token_missing"));
  const bool ticking = installation.last_tick_at && now - *installation.last_tick_at < kTickExpected;
  const bool young = now - installation.paired_at < kTickExpected;
  auto tick = health_line("hourly_tick", ticking || young);
  if (!ticking && young) tick["pending"] = true;   // the first one is yet to come
  lines.push_back(std::move(tick));
  lines.push_back(health_line("work", !work_set_aside));
  lines.push_back(health_line("account_reports", not_reported ? Result<void>(std::unexpected(*not_reported)) : Result<void>{}, doors_.words));
  const auto [person, provider] = co_await both(doors_.users.user(outside_call(caller, kPatience), caller.account), ask_provider(caller));
  if (token_alive) lines.push_back(health_line("jira", person, doors_.words));
  lines.push_back(health_line("provider", provider, doors_.words));
  co_return lines;
}

Task<Result<json::object>> Administration::settings_view(Caller caller) {
  struct Known { SettingsNow now; std::optional<ports::Installation> installation; bool work_set_aside = false; std::optional<Error> not_reported; };
  auto known = co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    return Known{.now = settings_of(unit, caller.installation(), doors_.words), .installation = unit.installations().find(caller.installation()),
                 .work_set_aside = unit.outbox().count_set_aside(caller.installation()) > 0,
                 .not_reported = unit.kept().report(caller.installation()).value_or(ports::AccountReport{}).last_error};
  });
  if (!known) co_return std::unexpected(known.error());
  if (!known->installation) co_return fail("not_paired", "the installation is gone");
  auto view = support::to_json(known->now.settings);
  view["version"] = known->now.version;
  view["installation"] = installation_view(*known->installation);
  view["health"] = co_await health(caller, *known->installation, known->work_set_aside, known->not_reported);
  json::object texts;
  for (const auto& [language, text] : default_settings(doors_.words).customer_text) texts[language] = text;
  view["defaults"] = json::object{{"customerText", std::move(texts)}, {"teamviewerGroup", doors_.house.default_group}};
  co_return view;
}

Task<Result<json::object>> Administration::settings(Caller caller) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  co_return co_await settings_view(std::move(caller));
}

Task<Result<json::object>> Administration::change_settings(Caller caller, std::int64_t version, json::object wanted) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  BELAY_CO_TRY(checked, support::settings_from_json(wanted));
  // Whose page is behind is told that, and not what Jira has to say about it.
  BELAY_CO_TRY(before, co_await doors_.storage.read<support::Settings>([&](ports::UnitOfWork& unit) -> Result<support::Settings> {
    auto present = settings_of(unit, caller.installation(), doors_.words);
    if (present.version != version) return another_is_stored(present);
    // One that was chosen before may have disconnected since, and must not stand in the way of other changes.
    const auto& named = checked.default_supporter;
    const bool is_new = !named.empty() && named != present.settings.default_supporter;
    if (is_new && !is_linked(unit.links().find(caller.installation(), named, doors_.provider.name()))) return refuse_field("defaultSupporter", FieldRule::linked_account);
    return std::move(present.settings);
  }));
  BELAY_CO_CHECK(co_await check_groups(doors_, caller, checked.allowed_groups, std::move(before.allowed_groups)));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    const auto present = settings_of(unit, caller.installation(), doors_.words);
    if (!unit.settings().put(caller.installation(), support::to_json(checked), version)) {
      return another_is_stored(present);
    }
    unit.audit().append(audit_entry(doors_, caller, "settings_changed"));
    if (checked.retention_days != present.settings.retention_days) begin_retention(doors_, unit, caller.installation(), caller.trace_id);
    return {};
  }));
  doors_.work.ring();
  co_return co_await settings_view(std::move(caller));
}

Task<Result<json::object>> Administration::preview(Caller caller, std::string text, std::string language) {
  if (caller.call.page == support::Page::project_settings) BELAY_CO_CHECK(co_await admission_.project_admin(caller));
  else BELAY_CO_CHECK(co_await admission_.admin(caller));
  const auto languages = doors_.words.languages();
  if (std::ranges::find(languages, language) == languages.end()) {
    co_return refuse_field("language", FieldRule::choice, {{"choices", json::array(languages.begin(), languages.end())}});
  }
  support::CustomerTextValues values;
  const auto sample = doors_.provider.sample();
  values.session_link = sample.customer_link;
  values.session_code = sample.code.value;
  values.valid_until = doors_.clock.now() + support::kDefaultValidity;
  values.agent_name = doors_.words.text(language, "customer_text.example.agent");
  values.agent_time_zone = kExampleZone;
  values.customer_name = doors_.words.text(language, "customer_text.example.customer");
  values.nobody_name = doors_.words.text(language, "customer_text.nobody");
  values.issue_key = "HELP-12";
  values.issue_summary = doors_.words.text(language, "customer_text.example.summary");
  values.site_name = caller.call.site_url ? caller.call.site_url->substr(caller.call.site_url->find("://") + 3) : std::string();
  auto document = support::render_customer_text(text, values);
  mention_first(document, AccountId{"example"}, *values.customer_name);
  co_return json::object{{"document", doors_.tickets.preview(document)},
                         {"problems", problems_view(support::check_customer_text(text))}};
}

Task<Result<json::object>> Administration::links_view(Caller caller) {
  struct Known { support::Settings settings; std::vector<ports::AccountLink> links; std::vector<std::size_t> open; };
  auto known = co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    Known found{.settings = settings_of(unit, caller.installation(), doors_.words).settings, .links = unit.links().all(caller.installation()), .open = {}};
    std::erase_if(found.links, [](const ports::AccountLink& link) { return link.ending_since.has_value(); });
    std::ranges::sort(found.links, {}, &ports::AccountLink::account_name);
    for (const auto& link : found.links) found.open.push_back(unit.sessions().unfinished_of(caller.installation(), link.account).size());
    return found;
  });
  if (!known) co_return std::unexpected(known.error());
  json::array view;
  for (std::size_t i = 0; i < known->links.size(); ++i) {
    const auto& link = known->links[i];
    json::object account{{"name", link.at_provider.name}};
    if (!link.at_provider.email.empty()) account["email"] = link.at_provider.email;
    view.push_back(json::object{{"id", link.id.value},
                                {"account", json::object{{"id", link.account.value}, {"name", link.account_name}}},
                                {"provider", link.provider.value},
                                {"providerAccount", std::move(account)},
                                {"linkedAt", to_iso8601(link.linked_at)},
                                {"licence", licence_view(std::optional(link), known->settings)},
                                {"reports", reports_view(doors_, link)},
                                {"openSessions", known->open[i]}});
    if (link.expired) view.back().as_object()["expired"] = true;
  }
  co_return json::object{{"links", std::move(view)}};
}

Task<Result<json::object>> Administration::links(Caller caller) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  co_return co_await links_view(std::move(caller));
}

Task<Result<json::object>> Administration::unlink(Caller caller, LinkId id) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    auto link = unit.links().find(caller.installation(), id);
    if (!link) return fail("not_found", "no link of that id");
    if (link->ending_since) return {};
    auto entry = audit_entry(doors_, caller, "link_ended_by_admin");
    entry.person = link->account;
    begin_ending(doors_, unit, std::move(*link), entry);
    return {};
  }));
  doors_.work.ring();
  co_return co_await links_view(std::move(caller));
}

}  // namespace belay::desk
