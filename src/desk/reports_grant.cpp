#include "desk/reports_grant.hpp"

#include "desk/farewell.hpp"
#include "desk/link_state.hpp"

namespace belay::desk {

bool allows_reports(const std::optional<ports::AccountLink>& link) {
  return link && !link->ending_since && link->reports && !link->reports->expired;
}

json::object reports_view(const Doors& doors, const std::optional<ports::AccountLink>& link) {
  json::object view{{"available", doors.provider.has(ports::Registration::reports)}, {"allowed", allows_reports(link)}};
  if (!link || link->ending_since || !link->reports) return view;
  view["since"] = to_iso8601(link->reports->since);
  if (link->reports->expired) view["expired"] = true;
  return view;
}

Result<void> may_allow_reports(const Doors& doors, const std::optional<ports::AccountLink>& link) {
  const json::object detail{{"provider", doors.provider.display_name()}};
  if (!doors.provider.has(ports::Registration::reports)) return fail("reports_not_available", "no such registration on this server", detail);
  if (!link || link->ending_since) return fail("not_linked", "there is no link to bring results back for", detail);
  if (link->expired) return fail("link_expired", "whose account it is cannot be compared with a dead link", detail);
  if (allows_reports(link)) return fail("reports_already_allowed", "there is a live grant", detail);
  return {};
}

bool is_of_other_account(const std::optional<ports::AccountLink>& link, const ports::ParkedGrant& parked) {
  return parked.grant.registration == ports::Registration::reports && link && !link->ending_since && link->at_provider.id != parked.at_provider.id;
}

void take_back_reports(const Doors& doors, ports::UnitOfWork& unit, ports::AccountLink& link) {
  if (!link.reports) return;
  ports::ParkedGrant parked;
  parked.token_hash = doors.digests.sha256_hex(doors.random.bytes(32));   // of a token that nobody has
  parked.installation = link.installation;
  parked.account = link.account;
  parked.grant = link.reports->grant;
  parked.at_provider = link.at_provider;
  link.reports.reset();
  begin_giving_back(doors, unit, std::move(parked));
}

}  // namespace belay::desk
