#include "desk/personal_data.hpp"

#include <algorithm>

#include "base/field_rule.hpp"
#include "desk/account_erasing.hpp"
#include "desk/account_file.hpp"
#include "desk/installation_settings.hpp"
#include "desk/link_state.hpp"
#include "support/erasure.hpp"

namespace belay::desk {
namespace {

constexpr std::size_t kOnOnePage = 500;

std::optional<ports::AccountLink> link_of(ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account, const ProviderName& provider) {
  return unit.links().find(installation, account, provider);
}

// What of the site itself names them.
json::array named_as(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account) {
  json::array named;
  if (const auto site = unit.installations().find(installation); site && site->paired_by == account) named.emplace_back("pairing");
  if (settings_of(unit, installation, doors.words).settings.default_supporter == account) named.emplace_back("default_supporter");
  return named;
}

struct Known { ports::KeptOfAccount kept; bool linked = false; std::size_t open = 0; std::optional<ports::Erasure> erasing; json::array named = {}; };

Known known_of(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account) {
  return {.kept = unit.kept().of_account(installation, account),
          .linked = is_linked(link_of(unit, installation, account, doors.provider.name())),
          .open = unit.sessions().unfinished_of(installation, account).size(),
          .erasing = unit.kept().erasure(installation, account.value),
          .named = named_as(doors, unit, installation, account)};
}

json::object data_view(const AccountId& account, const Known& known, const AccountNames::Seen& seen) {
  const auto& kept = known.kept;
  json::object view{{"account", account_view(account, seen.names)},
                    {"linked", known.linked},
                    {"openSessions", known.open},
                    {"kept", json::object{{"sessions", kept.sessions}, {"entries", kept.entries}, {"mappings", kept.mappings}, {"invitations", kept.invitations}, {"asks", kept.asks}, {"issues", kept.issues}}}};
  if (!known.named.empty()) view["namedAs"] = known.named;
  if (known.erasing) view["erasing"] = json::object{{"erased", known.erasing->erased.total()}, {"toErase", known.erasing->to_erase}, {"since", to_iso8601(known.erasing->began_at)}};
  if (seen.failure) view["namesMissing"] = seen.failure->code;
  return view;
}

}  // namespace

std::vector<AccountId> accounts_kept(const Doors& doors, ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& after, std::size_t most) {
  return unit.kept().accounts(installation, after, most, settings_of(unit, installation, doors.words).settings.default_supporter);
}

Task<Result<json::object>> PersonalData::accounts(Caller caller, AccountId after) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  struct Known { std::vector<AccountId> accounts; std::optional<ports::AccountReport> report; };
  BELAY_CO_TRY(known, co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    return Known{.accounts = accounts_kept(doors_, unit, caller.installation(), after, kOnOnePage + 1), .report = unit.kept().report(caller.installation())};
  }));
  const bool more = known.accounts.size() > kOnOnePage;
  if (more) known.accounts.pop_back();
  const auto seen = co_await names_.look(std::move(caller), std::set<AccountId>(known.accounts.begin(), known.accounts.end()));
  json::array accounts;
  for (const auto& account : known.accounts) accounts.push_back(account_view(account, seen.names));
  json::object view{{"accounts", std::move(accounts)}};
  if (more) view["next"] = known.accounts.back().value;
  if (known.report && known.report->reported_at) view["reportedAt"] = to_iso8601(*known.report->reported_at);
  if (known.report && known.report->last_error) view["notReported"] = known.report->last_error->code;
  if (seen.failure) view["namesMissing"] = seen.failure->code;
  co_return view;
}

Task<Result<json::object>> PersonalData::view(Caller caller, AccountId account) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  if (account.empty() || support::is_erased(account)) co_return fail("not_found", "no account");
  BELAY_CO_TRY(known, co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> { return known_of(doors_, unit, caller.installation(), account); }));
  const auto seen = co_await names_.look(std::move(caller), {account});
  co_return data_view(account, known, seen);
}

Task<Result<json::object>> PersonalData::file(Caller caller, AccountId account, std::string cursor) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  if (account.empty() || support::is_erased(account)) co_return fail("not_found", "no account");
  const auto place = file_place_from(cursor);
  if (!place) co_return refuse_field("cursor", FieldRule::cursor);
  const auto made_at = doors_.clock.now();
  co_return co_await doors_.storage.read<json::object>([&](ports::UnitOfWork& unit) -> Result<json::object> {
    auto piece = account_file_piece(unit, caller.installation(), account, doors_.provider.name(), *place, made_at);
    json::object view{{"text", std::move(piece.text)}, {"count", piece.count}};
    if (cursor.empty()) view["total"] = unit.kept().of_account(caller.installation(), account).total();
    if (piece.next) view["next"] = to_cursor(*piece.next);
    return view;
  });
}

Task<Result<json::object>> PersonalData::erase(Caller caller, AccountId account) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  if (account.empty() || support::is_erased(account)) co_return fail("not_found", "no account");
  // The answer is read where the erase begins: the worker, which may be awake with other work, sees the row no sooner.
  BELAY_CO_TRY(known, co_await doors_.storage.write<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    auto known = known_of(doors_, unit, caller.installation(), account);
    const auto links = unit.links().all(caller.installation());
    const bool has_link = std::ranges::find(links, account, &ports::AccountLink::account) != links.end();   // also one that has expired
    if (!known.erasing && !has_link && known.named.empty() && known.kept.total() == 0) return known;
    const auto row = unit.outbox().find(caller.installation(), "account.erase", account.value);
    if (!known.erasing || (row && row->set_aside_at)) unit.audit().append(audit_entry(doors_, caller, "account_erase_asked"));   // of whom is not said: that would stay
    begin_erasing(doors_, unit, caller.installation(), account, EraseWish::admin, caller.trace_id);
    known.erasing = unit.kept().erasure(caller.installation(), account.value);
    return known;
  }));
  doors_.work.ring();
  const auto seen = co_await names_.look(std::move(caller), {account});
  co_return data_view(account, known, seen);
}

}  // namespace belay::desk
