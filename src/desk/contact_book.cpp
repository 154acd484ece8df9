#include "desk/contact_book.hpp"

#include <algorithm>
#include <chrono>

#include "base/log.hpp"
#include "support/address.hpp"

namespace belay::desk {
namespace {

// A panel asks every 8 s: with this, what it shows is at most 10 s old.
constexpr Milliseconds kShortestLife{2'000};
constexpr Milliseconds kMinute{60'000};
// Of the calls that a minute has, so many are for keeping known ones fresh; the rest is for panels that open.
constexpr double kForKeeping = 0.8;
// Nobody looked for so long: not kept fresh any more, and forgotten somewhat later.
constexpr Milliseconds kWatched{70'000};
constexpr Milliseconds kKept{600'000};
// A provider that does not answer is not asked by every panel that looks.
constexpr Milliseconds kAfterFailure{2'000};
constexpr std::size_t kMostBooks = 5'000;

template <class Map>
std::size_t watched(const Map& entries, Time now) {
  return static_cast<std::size_t>(std::ranges::count_if(entries, [now](const auto& entry) { return now - entry.second.wanted_at < kWatched; }));
}

}  // namespace

// So long that the calls of a minute suffice for everybody who is watched in this account.
Milliseconds ContactBook::life(const Book& book, Time now) const {
  const auto calls = (watched(book.addresses, now) + ports::kMostAddressesOfACall - 1) / ports::kMostAddressesOfACall + watched(book.contacts, now);
  const auto a_minute = std::max(1.0, kForKeeping * static_cast<double>(doors_.house.calls_per_minute));
  const Milliseconds needed{static_cast<std::int64_t>(static_cast<double>(kMinute.count() * static_cast<std::int64_t>(calls)) / a_minute)};
  return std::max(kShortestLife, needed);
}

// After trouble: nobody asks until the provider may have recovered, or as long as it said.
bool ContactBook::rests(const Book& book, Time now) {
  return book.failure && book.failed_at <= now && now - book.failed_at < book.failure->retry_after.value_or(kAfterFailure);
}

bool ContactBook::is_due(const Entry& entry, Milliseconds life, Time now) {
  if (entry.asked) return false;
  if (!entry.sight || entry.doubted) return true;
  return entry.sight->as_of > now || now - entry.sight->as_of >= life;   // a clock that was set back does not make it last
}

bool ContactBook::waits(const Book& book, const ContactsWanted& wanted) const {
  const auto asked = [](const auto& entries, const auto& key) {
    const auto found = entries.find(key);
    return found != entries.end() && found->second.asked;
  };
  return std::ranges::any_of(wanted.addresses, [&](const auto& address) { return asked(book.addresses, address); }) ||
         std::ranges::any_of(wanted.contacts, [&](const auto& contact) { return asked(book.contacts, contact); });
}

void ContactBook::tidy(Time now) {
  if (books_.size() < kMostBooks) return;
  std::erase_if(books_, [now](const auto& entry) {
    const auto old = [now](const auto& one) { return !one.second.asked && now - one.second.wanted_at >= kWatched; };
    return std::ranges::all_of(entry.second.addresses, old) && std::ranges::all_of(entry.second.contacts, old);
  });
}

Task<ContactsSeen> ContactBook::look(ContactsWanted wanted, Milliseconds patience) {
  const auto now = doors_.clock.now();
  tidy(now);
  const Owner owner{wanted.link.installation, wanted.owner};
  {
    auto& book = books_[owner];
    for (const auto& address : wanted.addresses) book.addresses[address].wanted_at = now;
    for (const auto& contact : wanted.contacts) book.contacts[contact].wanted_at = now;
    co_await begin(owner, book, wanted);
  }
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    // Found anew each time: while this waited the installation may have gone.
    const auto found = books_.find(owner);
    if (found == books_.end() || !waits(found->second, wanted)) break;
    const auto left = std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= Milliseconds{0} || !co_await found->second.news.wait(left)) break;
  }
  ContactsSeen seen;
  const auto found = books_.find(owner);
  if (found == books_.end()) co_return seen;
  const auto& book = found->second;
  for (const auto& address : wanted.addresses) {
    if (const auto entry = book.addresses.find(address); entry != book.addresses.end() && entry->second.sight) seen.by_address[address] = *entry->second.sight;
  }
  for (const auto& contact : wanted.contacts) {
    if (const auto entry = book.contacts.find(contact); entry != book.contacts.end() && entry->second.sight) seen.by_contact[contact] = *entry->second.sight;
  }
  seen.failure = book.failure;
  if (!seen.failure && waits(book, wanted)) seen.failure = Error{.code = "provider_unreachable", .cause = "still waiting", .detail = {{"provider", doors_.provider.display_name()}}, .retryable = true, .retry_after = {}};
  co_return seen;
}

Task<void> ContactBook::begin(const Owner& owner, Book& book, const ContactsWanted& wanted) {
  const auto now = doors_.clock.now();
  std::erase_if(book.addresses, [now](const auto& entry) { return !entry.second.asked && now - entry.second.wanted_at >= kKept; });
  std::erase_if(book.contacts, [now](const auto& entry) { return !entry.second.asked && now - entry.second.wanted_at >= kKept; });
  if (rests(book, now)) co_return;
  const auto long_as = life(book, now);
  std::vector<std::string> due;
  for (const auto& address : wanted.addresses) {
    if (is_due(book.addresses.at(address), long_as, now)) due.push_back(address);
  }
  // What else is watched and due comes along where there is room: it would cost a call of its own a moment later.
  if (due.size() % ports::kMostAddressesOfACall != 0) {
    const std::set<std::string> own(wanted.addresses.begin(), wanted.addresses.end());
    for (const auto& [address, entry] : book.addresses) {
      if (due.size() % ports::kMostAddressesOfACall == 0) break;
      if (now - entry.wanted_at < kWatched && is_due(entry, long_as, now) && !own.contains(address)) due.push_back(address);
    }
  }
  std::vector<ContactKey> due_contacts;
  for (const auto& contact : wanted.contacts) {
    if (is_due(book.contacts.at(contact), long_as, now)) due_contacts.push_back(contact);
  }
  for (const auto& address : due) book.addresses.at(address).asked = true;
  for (const auto& contact : due_contacts) book.contacts.at(contact).asked = true;
  for (std::size_t at = 0; at < due.size(); at += ports::kMostAddressesOfACall) {
    const auto most = std::min(ports::kMostAddressesOfACall, due.size() - at);
    std::vector<std::string> batch(due.begin() + static_cast<std::ptrdiff_t>(at), due.begin() + static_cast<std::ptrdiff_t>(at + most));
    co_await questions_.start("contacts_at", ask_addresses(owner, wanted, std::move(batch)));
  }
  for (const auto& contact : due_contacts) co_await questions_.start("contact", ask_contact(owner, wanted, contact));
}

Task<void> ContactBook::ask_addresses(Owner owner, ContactsWanted wanted, std::vector<std::string> batch) {
  const ports::Call call{.installation = wanted.link.installation, .trace_id = wanted.trace_id, .deadline = kLongPatience, .api_base_url = {}};
  auto found = co_await doors_.contacts.contacts_at(call, wanted.link, batch);
  const auto place = books_.find(owner);
  if (place == books_.end()) co_return;
  auto& book = place->second;
  const auto now = doors_.clock.now();
  if (found) book.failure.reset();
  else book.failure = std::move(found).error();
  if (book.failure) book.failed_at = now;
  for (const auto& address : batch) {
    const auto entry = book.addresses.find(address);
    if (entry == book.addresses.end()) continue;
    entry->second.asked = false;
    if (!found) continue;
    entry->second.doubted = false;
    entry->second.sight = Sight{.contact = std::nullopt, .invited = false, .as_of = now};
  }
  if (found) {
    for (auto& one : found->contacts) {
      const auto address = support::normal_address(one.address);
      const auto entry = address ? book.addresses.find(*address) : book.addresses.end();
      if (entry != book.addresses.end() && entry->second.sight) entry->second.sight->contact = std::move(one.contact);
    }
    for (const auto& invited : found->invited) {
      const auto address = support::normal_address(invited);
      const auto entry = address ? book.addresses.find(*address) : book.addresses.end();
      if (entry != book.addresses.end() && entry->second.sight) entry->second.sight->invited = true;
    }
  }
  book.news.ring();
}

Task<Result<support::Contact>> ContactBook::contact_of(ports::Call call, ports::LinkRef link, ContactKey key) {
  if (!key.id.empty()) co_return co_await doors_.contacts.contact(call, link, key.id);
  BELAY_CO_TRY(named, co_await doors_.contacts.contacts_named(call, link, key.name));
  const auto found = std::ranges::find(named, key.user, &support::Contact::user);
  if (found == named.end()) co_return fail("not_found", "nobody of that name is this user");
  co_return std::move(*found);
}

Task<void> ContactBook::ask_contact(Owner owner, ContactsWanted wanted, ContactKey key) {
  const ports::Call call{.installation = wanted.link.installation, .trace_id = wanted.trace_id, .deadline = kLongPatience, .api_base_url = {}};
  auto contact = co_await contact_of(call, wanted.link, key);
  const auto place = books_.find(owner);
  if (place == books_.end()) co_return;
  auto& book = place->second;
  const auto now = doors_.clock.now();
  const bool gone = !contact && contact.error().code == "not_found";
  if (contact || gone) book.failure.reset();
  else book.failure = contact.error();
  if (book.failure) book.failed_at = now;
  if (const auto entry = book.contacts.find(key); entry != book.contacts.end()) {
    entry->second.asked = false;
    if (contact || gone) {
      entry->second.doubted = false;
      entry->second.sight = Sight{.contact = contact ? std::optional(*contact) : std::nullopt, .invited = false, .as_of = now};
    }
  }
  book.news.ring();
}

Time ContactBook::good_until(const ContactsWanted& wanted) const {
  const auto found = books_.find(Owner{wanted.link.installation, wanted.owner});
  if (found == books_.end()) return Time{};
  const auto& book = found->second;
  const auto long_as = life(book, doors_.clock.now());
  auto until = Time::max();
  const auto narrow = [&](const auto& entries, const auto& key) {
    const auto entry = entries.find(key);
    const bool known = entry != entries.end() && entry->second.sight && !entry->second.doubted;
    until = std::min(until, known ? entry->second.sight->as_of + long_as : Time{});
  };
  for (const auto& address : wanted.addresses) narrow(book.addresses, address);
  for (const auto& contact : wanted.contacts) narrow(book.contacts, contact);
  return until;
}

void ContactBook::doubt(const InstallationId& installation, const ProviderAccountId& owner) {
  const auto found = books_.find(Owner{installation, owner});
  if (found == books_.end()) return;
  for (auto& [address, entry] : found->second.addresses) entry.doubted = true;
  for (auto& [contact, entry] : found->second.contacts) entry.doubted = true;
}

void ContactBook::forget(const InstallationId& installation) {
  std::erase_if(books_, [&](const auto& entry) { return entry.first.first == installation; });
}

}  // namespace belay::desk
