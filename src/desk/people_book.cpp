#include "desk/people_book.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "desk/remembered.hpp"
#include "support/address.hpp"

namespace belay::desk {
namespace {

// Somebody who hides an address is believed at the next question of a panel, which comes after 8 s.
constexpr Milliseconds kShortestLife{2'000};
constexpr Milliseconds kLongestLife{300'000};
// Jira counts points: one for a call and two for each user that it reads (docs/jira.md). So many an hour and site are spent on
// keeping people true; with more people looked at, each is looked at less often, and those who show no address so many times less often than
// those who do (docs/decisions/0007).
constexpr double kPointsAnHour = 20'000;
constexpr double kOthersLessOften = 8;
constexpr double kPointsOfAPerson = 2;
constexpr double kHour = 3'600'000;
// What the app alone is given does not change with what people show.
constexpr Milliseconds kAddressLife{600'000};
constexpr Milliseconds kNotGrantedLife{600'000};
constexpr Milliseconds kWatched{70'000};
constexpr Milliseconds kKept{540'000};   // ten minutes, less the one between two calls of tidy()
constexpr Milliseconds kAfterFailure{2'000};
// Addresses are one source of several: while Jira does not give them, it is asked less and less often.
constexpr Milliseconds kLongestAfterFailure{60'000};
constexpr Milliseconds kAfterRefusal{60'000};
constexpr Milliseconds kLongestAfterRefusal{600'000};

bool is_young(const std::optional<Time>& at, Time now, Milliseconds life) { return at && *at <= now && now - *at < life; }

// Each is a question of its own: one that hangs or fails keeps nobody of the others back.
std::vector<std::vector<AccountId>> batches_of(const std::vector<AccountId>& accounts) {
  std::vector<std::vector<AccountId>> batches;
  for (const auto& account : accounts) {
    if (batches.empty() || batches.back().size() == ports::kMostAccountsOfACall) batches.emplace_back();
    batches.back().push_back(account);
  }
  return batches;
}

// The other words that Atlassian has for it, 400 and 401, may mean something that passes.
bool is_not_granted(const Error& error) { return error.code == "jira_forbidden" && !error.retryable; }

// Twice as long as the last time.
Milliseconds next_backoff(const Error& error, Milliseconds last) {
  return error.retryable ? std::clamp(2 * last, kAfterFailure, kLongestAfterFailure) : std::clamp(2 * last, kAfterRefusal, kLongestAfterRefusal);
}

}  // namespace

void PeopleBook::note(const InstallationId& installation, const support::Person& person) {
  if (!person.id.empty()) note(installation, person.id, person);
}

void PeopleBook::note_gone(const InstallationId& installation, const AccountId& account) { note(installation, account, std::nullopt); }

void PeopleBook::note(const InstallationId& installation, const AccountId& account, std::optional<support::Person> person) {
  const auto now = doors_.clock.now();
  auto& entry = sites_[installation].people[account];
  if (entry.person_at == now) return;
  entry.person = std::move(person);
  entry.person_at = now;
  entry.wanted_at = std::max(entry.wanted_at, now);
}

PeopleBook::Pace PeopleBook::pace(const Site& site, Time now) {
  double showing = 0;
  double others = 0;
  for (const auto& [account, entry] : site.people) {
    if (now - entry.wanted_at < kWatched) (shows_address(entry) ? showing : others) += 1;
  }
  const auto life = [](double calls, double people, double points_an_hour) {
    const auto needed = std::min((calls + kPointsOfAPerson * people) * kHour / points_an_hour, static_cast<double>(kLongestLife.count()));
    return std::max(Milliseconds{static_cast<std::int64_t>(needed)}, kShortestLife);
  };
  const auto calls = [](double people) { return std::max(1.0, std::ceil(people / static_cast<double>(ports::kMostAccountsOfACall))); };
  const auto same = life(calls(showing + others), showing + others, kPointsAnHour);
  if (same == kShortestLife) return {.showing = same, .others = same};
  const auto fast = life(calls(showing) + calls(others) / kOthersLessOften, showing + others / kOthersLessOften, kPointsAnHour);
  const Milliseconds slow{static_cast<std::int64_t>(kOthersLessOften) * fast.count()};
  if (slow <= kLongestLife) return {.showing = fast, .others = slow};
  // The others are looked at as seldom as may be: what they do not need is left for those who show one.
  const auto of_others = kPointsOfAPerson * others * kHour / static_cast<double>(kLongestLife.count());
  return {.showing = life(calls(showing), showing, std::max(kPointsAnHour - of_others, 1.0)), .others = kLongestLife};
}

// Where the profile shows one, none is waited for.
bool PeopleBook::lacks_address(const Entry& entry, Time now) {
  return !is_young(entry.app_address_at, now, kAddressLife) && !(shows_address(entry) && support::normal_address(entry.person->address));
}

bool PeopleBook::rests(const Site& site, Time now) {
  return site.failure && site.failed_at <= now && now - site.failed_at < site.failure->retry_after.value_or(kAfterFailure);
}

bool PeopleBook::asks_addresses(const Site& site, Time now) { return !is_young(site.addresses_failed_at, now, site.addresses_pause); }

void PeopleBook::note_no_addresses(Site& site, const Error& error, Time now) {
  // A refusal, one of the token too, may be Atlassian's other word for a scope that was not granted: that is no trouble.
  site.addresses_failure = error.retryable && error.code != "jira_token_missing" ? std::optional(error) : std::nullopt;
  if (is_not_granted(error)) {
    site.addresses_backoff = Milliseconds{0};
    site.addresses_pause = kNotGrantedLife;
    // What is not given any more is not kept.
    for (auto& [account, entry] : site.people) {
      entry.app_address.clear();
      entry.app_address_written.clear();
    }
  } else if (asks_addresses(site, now)) {
    site.addresses_backoff = next_backoff(error, site.addresses_backoff);
    site.addresses_pause = std::max(site.addresses_backoff, error.retry_after.value_or(Milliseconds{0}));
  } else {
    // Of questions that were under way together: the longest pause.
    site.addresses_pause = std::max({site.addresses_pause, next_backoff(error, Milliseconds{0}), error.retry_after.value_or(Milliseconds{0})});
  }
  site.addresses_failed_at = now;
}

Task<PeopleSeen> PeopleBook::look(InstallationId installation, std::vector<AccountId> accounts, std::string trace_id, Milliseconds patience) {
  {
    const auto now = doors_.clock.now();
    auto& site = sites_[installation];
    drop_old(site, now);
    for (const auto& account : accounts) site.people[account].wanted_at = now;
    co_await begin(installation, site, accounts, trace_id);
  }
  const auto waits = [&](const Site& site) {
    return std::ranges::any_of(accounts, [&](const auto& account) {
      const auto entry = site.people.find(account);
      return entry != site.people.end() && (entry->second.asked || (entry->second.asked_address && lacks_address(entry->second, doors_.clock.now())));
    });
  };
  const auto end = std::chrono::steady_clock::now() + patience;
  PeopleSeen seen;
  for (;;) {
    const auto site = sites_.find(installation);
    if (site == sites_.end() || !waits(site->second)) break;
    const auto left = std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= Milliseconds{0} || !co_await site->second.news.wait(left)) break;
  }
  const Error waiting{.code = "jira_unreachable", .cause = "still waiting", .detail = {}, .retryable = true, .retry_after = {}};
  const auto site = sites_.find(installation);
  if (site == sites_.end()) co_return seen;
  const auto now = doors_.clock.now();   // what came while this waited is not from the future
  for (const auto& account : accounts) {
    const auto entry = site->second.people.find(account);
    if (entry == site->second.people.end()) continue;
    const auto& one = entry->second;
    const bool asking = one.asked_address && lacks_address(one, now);
    const bool failed = site->second.addresses_failure && lacks_address(one, now);
    if (one.asked) seen.failure = waiting;
    if (asking) seen.addresses_failure = waiting;
    else if (failed && !seen.addresses_failure) seen.addresses_failure = site->second.addresses_failure;
    seen.late = seen.late || one.asked || asking;
    if (!one.person_at) continue;
    auto& person = seen.people[account];
    person = {.person = one.person, .app_address = {}, .app_address_written = {}, .address_missing = asking || failed, .as_of = *one.person_at};
    if (!is_young(one.app_address_at, now, kAddressLife)) continue;
    person.app_address = one.app_address;
    person.app_address_written = one.app_address_written;
  }
  if (site->second.failure) seen.failure = site->second.failure;
  co_return seen;
}

Task<void> PeopleBook::begin(const InstallationId& installation, Site& site, const std::vector<AccountId>& accounts, const std::string& trace_id) {
  const auto now = doors_.clock.now();
  if (rests(site, now)) co_return;
  const auto lives = pace(site, now);
  const bool granted = asks_addresses(site, now);
  std::vector<AccountId> people;
  std::vector<AccountId> addresses;
  for (const auto& account : accounts) {
    const auto& entry = site.people.at(account);
    if (!entry.asked && !is_young(entry.person_at, now, lives.of(entry))) people.push_back(account);
    if (granted && !entry.asked_address && !is_young(entry.app_address_at, now, kAddressLife)) addresses.push_back(account);
  }
  for (const auto& account : people) site.people.at(account).asked = true;
  for (const auto& account : addresses) site.people.at(account).asked_address = true;
  for (auto& batch : batches_of(people)) co_await questions_.start("people", ask_people(installation, std::move(batch), trace_id, now));
  for (auto& batch : batches_of(addresses)) co_await questions_.start("addresses", ask_addresses(installation, std::move(batch), trace_id, now));
}

Task<void> PeopleBook::ask_people(InstallationId installation, std::vector<AccountId> accounts, std::string trace_id, Time begun) {
  const ports::Call call{.installation = installation, .trace_id = trace_id, .deadline = kLongPatience, .api_base_url = {}};
  const auto people = co_await doors_.users.people(call, accounts);
  const auto found = sites_.find(installation);
  if (found == sites_.end()) co_return;
  auto& site = found->second;
  const auto now = doors_.clock.now();
  if (!people) site.failure = people.error(), site.failed_at = now;
  else if (is_failure_past(site.failed_at, begun, now)) site.failure.reset();
  for (const auto& account : accounts) {
    const auto place = site.people.find(account);
    if (place == site.people.end()) continue;
    auto& entry = place->second;
    entry.asked = false;
    if (!people) continue;
    if (entry.person_at && *entry.person_at > begun && *entry.person_at <= now) continue;   // a later question was answered sooner
    const auto told = std::ranges::find(*people, account, &support::Person::id);
    entry.person = told == people->end() ? std::nullopt : std::optional(*told);   // who is not in the answer is not there any more
    entry.person_at = now;
  }
  site.news.ring();
}

Task<void> PeopleBook::ask_addresses(InstallationId installation, std::vector<AccountId> accounts, std::string trace_id, Time begun) {
  const ports::Call call{.installation = installation, .trace_id = trace_id, .deadline = kLongPatience, .api_base_url = {}};
  const auto addresses = co_await doors_.users.addresses(call, accounts);
  const auto found = sites_.find(installation);
  if (found == sites_.end()) co_return;
  auto& site = found->second;
  const auto now = doors_.clock.now();
  // Of no answer nothing is told: then what profiles show has to do.
  if (!addresses) note_no_addresses(site, addresses.error(), now);
  else if (!site.addresses_failed_at || is_failure_past(*site.addresses_failed_at, begun, now)) site.addresses_backoff = Milliseconds{0}, site.addresses_failure.reset();
  for (const auto& account : accounts) {
    const auto entry = site.people.find(account);
    if (entry == site.people.end()) continue;
    entry->second.asked_address = false;
    if (!addresses) continue;
    const auto address = addresses->find(account);
    const std::string_view given = address == addresses->end() ? std::string_view() : address->second;
    entry->second.app_address = support::normal_address(given).value_or("");
    entry->second.app_address_written = support::written_form(given).value_or("");
    entry->second.app_address_at = now;
  }
  site.news.ring();
}

Time PeopleBook::good_until(const InstallationId& installation, const std::vector<AccountId>& accounts) const {
  const auto site = sites_.find(installation);
  if (site == sites_.end()) return Time{};
  const auto lives = pace(site->second, doors_.clock.now());
  auto until = Time::max();
  for (const auto& account : accounts) {
    const auto entry = site->second.people.find(account);
    const bool known = entry != site->second.people.end() && entry->second.person_at;
    until = std::min(until, known ? *entry->second.person_at + lives.of(entry->second) : Time{});
  }
  return until;
}

void PeopleBook::forget(const InstallationId& installation) { sites_.erase(installation); }

void PeopleBook::drop_old(Site& site, Time now) {
  for (auto& [account, entry] : site.people) entry.wanted_at = std::min(entry.wanted_at, now);   // a clock that was set back keeps nobody longer
  std::erase_if(site.people, [now](const auto& entry) { return !entry.second.asked && !entry.second.asked_address && now - entry.second.wanted_at >= kKept; });
}

void PeopleBook::tidy() {
  const auto now = doors_.clock.now();
  for (auto& [installation, site] : sites_) drop_old(site, now);
  std::erase_if(sites_, [now](const auto& entry) { return entry.second.people.empty() && !rests(entry.second, now) && asks_addresses(entry.second, now); });
}

PeopleBook::Held PeopleBook::held() const {
  Held held{.sites = sites_.size(), .people = 0};
  for (const auto& [installation, site] : sites_) held.people += site.people.size();
  return held;
}

}  // namespace belay::desk
