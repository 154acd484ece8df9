#include "desk/help_asks.hpp"

#include <algorithm>

#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"

namespace belay::desk {
namespace {

bool is_over(const ports::HelpAsk& ask, Time now) { return ask.ended_at || now - ask.asked_at >= kAskLife; }

ports::AuditEntry entry_on(const Doors& doors, const Caller& caller, const ports::Request& request, std::string action) {
  auto entry = audit_entry(doors, caller, std::move(action));
  entry.issue = request.id;
  entry.issue_key = request.key;
  entry.person = caller.account;
  return entry;
}

Error too_often(Time again_at, Time now) {
  return {.code = "asked_too_often", .cause = {}, .detail = {{"most", kMostAsksADay}}, .retryable = true, .retry_after = std::chrono::ceil<Milliseconds>(again_at - now)};
}

}  // namespace

std::optional<ports::HelpAsk> waiting_on(ports::UnitOfWork& unit, const InstallationId& installation, const IssueId& issue, Time now) {
  auto ask = unit.asks().open(installation, issue);
  return ask && !is_over(*ask, now) ? std::move(ask) : std::nullopt;
}

void end_answered(ports::UnitOfWork& unit, const InstallationId& installation, const IssueId& issue, const AccountId& customer, Time now) {
  if (const auto ask = unit.asks().open(installation, issue); ask && ask->customer == customer) unit.asks().end(installation, ask->id, now);
}

Asking asking_of(const Doors& doors, ports::UnitOfWork& unit, const Caller& caller, const ports::Request& request) {
  const auto now = doors.clock.now();
  Asking asking;
  asking.allowed = settings_of(unit, caller.installation(), doors.words).settings.customers_may_ask &&
                   project_settings_of(unit, caller.installation(), request.project_id).settings.enabled;
  if (asking.allowed) asking.waiting = waiting_on(unit, caller.installation(), request.id, now);   // switched off, nobody of the team sees them
  const auto asked = unit.asks().asked(caller.installation(), caller.account, now - kAskLife);
  if (asked.size() >= kMostAsksADay) asking.again_at = asked[asked.size() - kMostAsksADay] + kAskLife;
  return asking;
}

json::object asking_view(const Asking& asking, const AccountId& viewer) {
  json::object view{{"offered", asking.allowed && !asking.waiting && !asking.again_at}};
  if (asking.waiting) {
    view["since"] = to_iso8601(asking.waiting->asked_at);
    view["own"] = asking.waiting->customer == viewer;
  } else if (asking.allowed && asking.again_at) {
    view["againAt"] = to_iso8601(*asking.again_at);
  }
  return view;
}

// Whoever shares an organisation with the customer may see their request, and an agent could not make a session for them.
Task<Result<support::Person>> HelpAsks::customer_of(Caller caller, ports::Request request) {
  const auto as_app = [&] { return outside_call(caller, kLongPatience); };
  auto [person, issue] = co_await both(doors_.users.user(as_app(), caller.account),
                                       both(doors_.tickets.ticket(as_app(), ports::AsApp{}, request.id), doors_.tickets.participants(as_app(), ports::AsApp{}, request.id)));
  auto& [ticket, first] = issue;
  if (!person) co_return std::unexpected(person.error());
  const auto takes_part = [&](const std::vector<support::Person>& people) { return std::ranges::find(people, caller.account, &support::Person::id) != people.end(); };
  if (ticket && ticket->reporter && ticket->reporter->id == caller.account) co_return std::move(*person);
  if (first && takes_part(first->people)) co_return std::move(*person);
  if (!ticket) co_return std::unexpected(ticket.error());
  if (!first) co_return std::unexpected(first.error());
  if (first->next) {
    BELAY_CO_TRY(others, co_await doors_.tickets.further_participants(as_app(), ports::AsApp{}, request.id, *first->next));
    if (takes_part(others.people)) co_return std::move(*person);
  }
  co_return std::unexpected(refused(support::Refusal::not_on_request));
}

Task<Result<json::object>> HelpAsks::ask(Caller caller) {
  BELAY_CO_TRY(request, co_await admission_.request(caller));
  BELAY_CO_TRY(before, co_await doors_.storage.read<Asking>([&](ports::UnitOfWork& unit) -> Result<Asking> { return asking_of(doors_, unit, caller, request); }));
  if (!before.allowed) co_return fail("asking_off", "not switched on");
  if (before.waiting) co_return asking_view(before, caller.account);
  if (before.again_at) co_return std::unexpected(too_often(*before.again_at, doors_.clock.now()));
  BELAY_CO_TRY(customer, co_await customer_of(caller, request));
  co_return co_await doors_.storage.write<json::object>([&](ports::UnitOfWork& unit) -> Result<json::object> {
    BELAY_CHECK(still_paired(unit, caller.installation()));
    auto asking = asking_of(doors_, unit, caller, request);
    if (!asking.allowed) return fail("asking_off", "switched off meanwhile");
    if (asking.waiting) return asking_view(asking, caller.account);
    const auto now = doors_.clock.now();
    if (asking.again_at) return std::unexpected(too_often(*asking.again_at, now));
    // Made a moment ago, before their page showed it: it is the answer to this one.
    const auto sessions = unit.sessions().of_issue(caller.installation(), request.id);
    if (std::ranges::any_of(sessions, [&](const auto& session) { return session.customer.account == caller.account && !support::is_over(session.state); })) return asking_view(asking, caller.account);
    auto& asks = unit.asks();
    // One that nobody answered within its day is still in the place of the next.
    if (const auto old = asks.open(caller.installation(), request.id)) asks.end(caller.installation(), old->id, now);
    ports::HelpAsk ask{.id = HelpAskId{doors_.random.uuid()}, .installation = caller.installation(), .issue = request.id, .customer = caller.account, .customer_name = customer.name, .asked_at = now, .ended_at = {}};
    asks.insert(ask);
    unit.audit().append(entry_on(doors_, caller, request, "help_asked"));
    asking.waiting = std::move(ask);
    return asking_view(asking, caller.account);
  });
}

Task<Result<json::object>> HelpAsks::withdraw(Caller caller) {
  BELAY_CO_TRY(request, co_await admission_.request(caller));
  co_return co_await doors_.storage.write<json::object>([&](ports::UnitOfWork& unit) -> Result<json::object> {
    auto asking = asking_of(doors_, unit, caller, request);
    if (asking.waiting && asking.waiting->customer == caller.account) {
      unit.asks().end(caller.installation(), asking.waiting->id, doors_.clock.now());
      unit.audit().append(entry_on(doors_, caller, request, "help_withdrawn"));
      asking.waiting.reset();
    }
    return asking_view(asking, caller.account);
  });
}

Task<Result<bool>> HelpAsks::dismiss(Caller caller, HelpAskId id) {
  using Rules = AdmissionRules;
  BELAY_CO_TRY(rules, co_await doors_.storage.read<Rules>([&](ports::UnitOfWork& unit) -> Result<Rules> {
    return admission_rules(unit, caller, settings_of(unit, caller.installation(), doors_.words).settings);
  }));
  BELAY_CO_TRY(admitted, co_await admission_.agent(caller, rules));
  co_return co_await doors_.storage.write<bool>([&](ports::UnitOfWork& unit) -> Result<bool> {
    const auto ask = waiting_on(unit, caller.installation(), admitted.ticket.id, doors_.clock.now());
    if (!ask || ask->id != id) return false;
    unit.asks().end(caller.installation(), ask->id, doors_.clock.now());
    auto entry = audit_entry(doors_, caller, "help_dismissed");
    entry.person = ask->customer;
    unit.audit().append(entry);
    return true;
  });
}

}  // namespace belay::desk
