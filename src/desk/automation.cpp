#include "desk/automation.hpp"

#include "base/log.hpp"
#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"

namespace belay::desk {
namespace {

// Who is nobody's supporter and can be helped. Apps report issues, too.
std::optional<AccountId> usual_customer(const ports::Ticket& ticket, const AccountId& supporter) {
  const auto& reporter = ticket.reporter;
  if (!reporter || reporter->app || !reporter->active || reporter->id == supporter) return std::nullopt;
  return reporter->id;
}

}  // namespace

Task<Result<Caller>> Automation::actor_of(ports::VerifiedCall call, std::string trace_id, std::string peer) {
  if (!call.user_token) co_return fail("actor_unknown", "no user token came with the call");
  Caller caller{.call = std::move(call), .account = {}, .trace_id = std::move(trace_id), .peer = std::move(peer)};
  caller.until = std::chrono::steady_clock::now() + kRulePatience;
  if (caller.call.principal) {
    caller.account = *caller.call.principal;
    co_return caller;
  }
  auto owner = co_await doors_.users.owner_of(outside_call(caller, kRulePatience), caller.call.user_token->secret);
  if (!owner && owner.error().code == "jira_token_missing") co_return fail("actor_unknown", "Jira does not take the user token");
  if (!owner) co_return std::unexpected(owner.error());
  caller.account = owner->id;
  // What follows is asked with it.
  BELAY_CO_CHECK(co_await doors_.storage.write<void>([&](ports::UnitOfWork& unit) -> Result<void> {
    BELAY_CHECK(still_paired(unit, caller.installation()));
    unit.installations().keep_user_token(caller.installation(), caller.account, *caller.call.user_token);
    return {};
  }));
  co_return caller;
}

Task<Result<AccountId>> Automation::supporter_of(InstallationId installation, std::optional<support::Person> assignee) {
  co_return co_await doors_.storage.read<AccountId>([&](ports::UnitOfWork& unit) -> Result<AccountId> {
    if (assignee) {
      const auto link = unit.links().find(installation, assignee->id, doors_.provider.name());
      if (link && !link->ending_since) return assignee->id;
    }
    auto named = settings_of(unit, installation, doors_.words).settings.default_supporter;
    if (named.empty()) return fail("no_supporter", "no link of the assignee, and nobody named", {{"provider", doors_.provider.display_name()}});
    return named;
  });
}

Task<Result<json::object>> Automation::create_session(ports::VerifiedCall call, std::string trace_id, std::string peer, RuleWish wish) {
  BELAY_CO_TRY(caller, co_await actor_of(std::move(call), std::move(trace_id), std::move(peer)));
  // Jira takes a key where an id is wanted, but not everywhere.
  BELAY_CO_TRY(ticket, co_await doors_.tickets.ticket(outside_call(caller, kRulePatience), ports::AsUser{caller.account}, IssueId{wish.issue}));
  caller.call.page = support::Page::automation;
  caller.call.issue = ticket.id;
  caller.call.issue_key = ticket.key;
  caller.call.project = ticket.project_id;
  BELAY_CO_TRY(supporter, co_await supporter_of(caller.installation(), ticket.assignee));
  SessionWish session;
  // Whoever a rule names by a smart value may be the supporter on this very issue: then it is for nobody in particular, as when it names nobody.
  const bool names_another = wish.customer && *wish.customer != supporter;
  session.customer.account = names_another ? std::move(wish.customer) : usual_customer(ticket, supporter);
  session.description = std::move(wish.description);
  session.validity = wish.validity;
  session.invitation = wish.invitation;
  session.joins_open = true;
  BELAY_CO_TRY(created, co_await sessions_.create_for(std::move(caller), std::move(session), supporter));
  co_return json::object{{"sessionId", created.session.at("id")}, {"supporter", created.session.at("supporter").at("name")}, {"joined", created.joined}};
}

Task<std::string> Automation::language_of(InstallationId installation) {
  auto language = co_await doors_.storage.read<std::string>([&](ports::UnitOfWork& unit) -> Result<std::string> { return settings_of(unit, installation, doors_.words).settings.default_language; });
  co_return language ? std::move(*language) : std::string("en");
}

}  // namespace belay::desk
