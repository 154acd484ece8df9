#include "desk/contact_book.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ranges>
#include <utility>

#include "base/log.hpp"
#include "desk/remembered.hpp"
#include "support/address.hpp"

namespace belay::desk {
namespace {

// A panel asks every 8 s: with this, what it shows is at most 10 s old.
constexpr Milliseconds kShortestLife{2'000};
constexpr Milliseconds kMinute{60'000};
// Of the calls that a minute has, so many may be made at once, for panels that open; the rest comes evenly, so that a minute never begins
// with all of them and ends with none.
constexpr double kAtOnce = 0.25;
// Nobody looked for so long: not kept fresh any more, and forgotten somewhat later: a minute before it has to be, since that is how often tidy() is called.
constexpr Milliseconds kWatched{70'000};
constexpr Milliseconds kKept{540'000};
// A provider that does not answer is not asked by every panel that looks.
constexpr Milliseconds kAfterFailure{2'000};
// An address that the provider takes for none will not become one soon.
constexpr Milliseconds kRefusedLife{600'000};
// A question that is under way for less says nothing about the provider.
constexpr Milliseconds kSlow{1'000};
// With more contacts the whole list is asked for once in a while only, and each who is tied by hand alone: it would be too much to read every few seconds.
constexpr std::size_t kMostListed = 500;
constexpr Milliseconds kTooLong{600'000};
constexpr std::size_t kMostBooks = 5'000;

template <class Map>
std::size_t watched(const Map& entries, Time now) {
  return static_cast<std::size_t>(std::ranges::count_if(entries, [now](const auto& entry) { return now - entry.second.wanted_at < kWatched; }));
}

// What was seen under the forms of one address; nothing where a form has no answer yet. Who is known under one need not be under the others.
std::optional<Sight> together(const std::vector<const Sight*>& sights) {
  const Sight* contact = nullptr;
  const Sight* refused = nullptr;
  Sight nobody{.contact = {}, .invited = false, .refused = false, .as_of = Time::max()};
  bool all = true;
  for (const auto* sight : sights) {
    if (sight == nullptr) {
      all = false;
      continue;
    }
    if (sight->refused) {
      refused = sight;
      continue;
    }
    if (sight->contact && (contact == nullptr || sight->as_of > contact->as_of)) contact = sight;
    nobody.invited = nobody.invited || sight->invited;
    nobody.as_of = std::min(nobody.as_of, sight->as_of);
  }
  if (contact != nullptr) return Sight{.contact = contact->contact, .invited = nobody.invited, .refused = false, .as_of = contact->as_of};
  if (!all) return std::nullopt;
  if (refused != nullptr && nobody.as_of == Time::max()) return *refused;
  return nobody;
}

}  // namespace

double ContactBook::at_once() const { return std::max(1.0, std::floor(kAtOnce * static_cast<double>(doors_.house.calls_per_minute))); }

double ContactBook::a_minute() const { return std::max(0.5, static_cast<double>(doors_.house.calls_per_minute) - at_once()); }

bool ContactBook::reads_list(const Book& book, Time now) { return !book.too_long_at || *book.too_long_at > now || now - *book.too_long_at >= kTooLong; }

// So long that the even part of a minute's calls suffices for everybody who is watched in this account.
Milliseconds ContactBook::life(const Book& book, Time now) const {
  const auto tied = watched(book.contacts, now);
  const auto calls = (watched(book.addresses, now) + ports::kMostAddressesOfACall - 1) / ports::kMostAddressesOfACall + (reads_list(book, now) ? std::min<std::size_t>(tied, 1) : tied);
  const Milliseconds needed{static_cast<std::int64_t>(static_cast<double>(kMinute.count()) * static_cast<double>(calls) / a_minute())};
  return std::max(kShortestLife, needed);
}

void ContactBook::reckon(Book& book, Time now) const {
  if (book.calls < 0) book.calls = at_once();
  else if (now > book.reckoned_at) book.calls = std::min(at_once(), book.calls + static_cast<double>((now - book.reckoned_at).count()) * a_minute() / static_cast<double>(kMinute.count()));
  book.reckoned_at = now;
}

// After trouble: nobody asks until the provider may have recovered, or as long as it said.
bool ContactBook::rests(const Book& book, Time now) {
  return book.failure && book.failed_at <= now && now - book.failed_at < book.failure->retry_after.value_or(kAfterFailure);
}

Milliseconds ContactBook::life_of(const Sight& sight, Milliseconds life) { return sight.refused ? kRefusedLife : life; }

bool ContactBook::is_due(const Entry& entry, Milliseconds life, Time now) {
  if (entry.asked) return false;
  if (!entry.sight || (entry.doubted && !entry.sight->refused)) return true;
  return entry.sight->as_of > now || now - entry.sight->as_of >= life_of(*entry.sight, life);   // a clock that was set back does not make it last
}

std::vector<ContactBook::Form> ContactBook::forms_of(const ContactsWanted& wanted) {
  std::vector<Form> forms;
  for (const auto& address : wanted.addresses) {
    forms.push_back({.address = address, .text = address});
    const auto written = wanted.written.find(address);
    if (written == wanted.written.end()) continue;
    for (const auto& text : written->second) forms.push_back({.address = address, .text = text});
  }
  return forms;
}

std::map<std::string, Sight> ContactBook::sights_of(const Book& book, const std::vector<Form>& forms) {
  std::map<std::string, std::vector<const Sight*>> by_form;
  for (const auto& form : forms) {
    const auto entry = book.addresses.find(form);
    by_form[form.address].push_back(entry != book.addresses.end() && entry->second.sight ? &*entry->second.sight : nullptr);
  }
  std::map<std::string, Sight> sights;
  for (const auto& [address, seen] : by_form) {
    if (auto sight = together(seen)) sights.emplace(address, std::move(*sight));
  }
  return sights;
}

bool ContactBook::waits(const Book& book, const Sought& sought, std::chrono::steady_clock::time_point by) const {
  const auto asked = [by](const auto& entries, const auto& key) {
    const auto found = entries.find(key);
    return found != entries.end() && found->second.asked && found->second.asked_since <= by;
  };
  return std::ranges::any_of(sought.forms, [&](const auto& form) { return asked(book.addresses, form); }) ||
         std::ranges::any_of(sought.wanted.contacts, [&](const auto& contact) { return asked(book.contacts, contact); });
}

// None of them was dropped meanwhile.
bool ContactBook::holds(const Book& book, const Sought& sought) {
  return std::ranges::all_of(sought.forms, [&](const auto& form) { return book.addresses.contains(form); }) &&
         std::ranges::all_of(sought.wanted.contacts, [&](const auto& contact) { return book.contacts.contains(contact); });
}

void ContactBook::make_room(Time now) {
  if (books_.size() < kMostBooks) return;
  std::erase_if(books_, [now](const auto& entry) {
    const auto old = [now](const auto& one) { return !one.second.asked && now - one.second.wanted_at >= kWatched; };
    return std::ranges::all_of(entry.second.addresses, old) && std::ranges::all_of(entry.second.contacts, old);
  });
}

Task<ContactsSeen> ContactBook::look(ContactsWanted wanted, Milliseconds patience, Rounds rounds) {
  const auto now = doors_.clock.now();
  make_room(now);
  const Owner owner{wanted.link.installation, wanted.owner};
  auto forms = forms_of(wanted);
  const auto sought = std::make_shared<const Sought>(std::move(wanted), std::move(forms));
  const auto end = std::chrono::steady_clock::now() + patience;
  drop_old(books_[owner], now);
  auto by = std::chrono::steady_clock::time_point::max();
  for (;;) {
    // Anew each time: while this waited the installation may have been forgotten.
    auto& book = books_[owner];
    for (const auto& form : sought->forms) book.addresses[form].wanted_at = now;
    for (const auto& contact : sought->wanted.contacts) book.contacts[contact].wanted_at = now;
    const bool begun = co_await begin(owner, book, sought);
    const auto left = std::chrono::duration_cast<Milliseconds>(end - std::chrono::steady_clock::now());
    // Whoever has to wait for a call of the next minute is known at the next look.
    if (left <= Milliseconds{0}) break;
    if (rounds == Rounds::one) by = std::min(by, std::chrono::steady_clock::now());
    if (waits(book, *sought, by)) {
      if (!co_await book.news.wait(left)) break;
    } else if (!begun) {
      break;
    }
  }
  ContactsSeen seen;
  const auto found = books_.find(owner);
  if (found == books_.end()) co_return seen;
  const auto& book = found->second;
  seen.by_address = sights_of(book, sought->forms);
  for (const auto& contact : sought->wanted.contacts) {
    if (const auto entry = book.contacts.find(contact); entry != book.contacts.end() && entry->second.sight) seen.by_contact[contact] = *entry->second.sight;
  }
  seen.life = life(book, doors_.clock.now());
  seen.failure = book.failure ? book.failure : why_not_seen(book, *sought);
  co_return seen;
}

// Where nothing failed: the answer is not there yet, or no call was left to ask.
std::optional<Error> ContactBook::why_not_seen(const Book& book, const Sought& sought) const {
  std::optional<std::chrono::steady_clock::time_point> since;
  bool unseen = false;
  const auto look_at = [&](const auto& entries, const auto& key) {
    const auto found = entries.find(key);
    if (found == entries.end()) return;
    if (found->second.asked) since = std::min(since.value_or(found->second.asked_since), found->second.asked_since);
    else if (!found->second.sight) unseen = true;
  };
  for (const auto& form : sought.forms) look_at(book.addresses, form);
  for (const auto& contact : sought.wanted.contacts) look_at(book.contacts, contact);
  Error why{.code = {}, .cause = "still waiting", .detail = {{"provider", doors_.provider.display_name()}}, .retryable = true, .retry_after = {}};
  if (since) {
    why.code = std::chrono::steady_clock::now() - *since < kSlow ? "not_answered_yet" : "provider_unreachable";
    return why;
  }
  if (!unseen) return std::nullopt;
  why.code = "provider_rate_limited";
  why.cause = "no call left for who was never seen";
  why.retry_after = Milliseconds{static_cast<std::int64_t>(std::ceil(std::max(0.0, 1 - book.calls) * static_cast<double>(kMinute.count()) / a_minute()))};
  return why;
}

void ContactBook::note(const InstallationId& installation, const ProviderAccountId& owner, const support::Contact& contact) {
  const auto found = books_.find(Owner{installation, owner});
  if (found == books_.end()) return;
  const auto take = [&, now = doors_.clock.now()](auto& entries) {
    for (auto& [key, entry] : entries) {
      if (!entry.sight || !entry.sight->contact || entry.sight->contact->id != contact.id) continue;
      entry.sight->contact = contact;
      entry.sight->as_of = now;
    }
  };
  take(found->second.addresses);
  take(found->second.contacts);
}

// Who has never been seen comes first, then whoever was seen longest ago; the forms of one address stay together.
std::vector<ContactBook::Form> ContactBook::due_of(const Book& book, const std::vector<Form>& forms, Milliseconds life, Time now) {
  std::vector<std::pair<Time, std::size_t>> places;
  for (std::size_t place = 0; place < forms.size(); ++place) {
    const auto& entry = book.addresses.at(forms[place]);
    if (is_due(entry, life, now)) places.emplace_back(entry.sight && !entry.doubted ? entry.sight->as_of : Time::min(), place);
  }
  std::ranges::sort(places);
  std::vector<Form> due;
  for (const auto& [seen_at, place] : places) due.push_back(forms[place]);
  return due;
}

// In the order in which they are due; each with as many as it may be asked for together with.
std::vector<std::vector<ContactBook::Form>> ContactBook::calls_for(const Book& book, const std::vector<Form>& due) {
  std::vector<std::vector<Form>> calls;
  std::map<std::size_t, std::size_t> open;   // by how many it takes: the one with room
  for (const auto& form : due) {
    const auto most = book.addresses.at(form).most_together;
    const auto [place, fresh] = open.try_emplace(most, calls.size());
    if (!fresh && calls[place->second].size() == most) place->second = calls.size();
    if (place->second == calls.size()) calls.emplace_back();
    calls[place->second].push_back(form);
  }
  return calls;
}

void ContactBook::note_refused(Book& book, const std::vector<Form>& batch, Time now) {
  for (const auto& form : batch) {
    const auto entry = book.addresses.find(form);
    if (entry == book.addresses.end()) continue;
    entry->second.asked = false;
    entry->second.most_together = (batch.size() + 1) / 2;
    if (batch.size() == 1) entry->second.sight = Sight{.contact = std::nullopt, .invited = false, .refused = true, .as_of = now};
  }
}

Task<bool> ContactBook::begin(const Owner& owner, Book& book, std::shared_ptr<const Sought> sought) {
  const auto now = doors_.clock.now();
  if (rests(book, now)) co_return false;
  reckon(book, now);
  const auto long_as = life(book, now);

  auto batches = calls_for(book, due_of(book, sought->forms, long_as, now));
  batches.resize(std::min(batches.size(), static_cast<std::size_t>(book.calls)));
  book.calls -= static_cast<double>(batches.size());
  const auto is_suspect = [&](const Form& form) { return book.addresses.at(form).most_together < ports::kMostAddressesOfACall; };
  const auto roomy = std::ranges::find_if(batches, [&](const auto& batch) { return batch.size() < ports::kMostAddressesOfACall && !is_suspect(batch.front()); });
  if (roomy != batches.end()) {
    // What else is watched and will be due soon comes along where there is room: it would cost a call of its own a moment later.
    std::set<Form> going;
    for (const auto& form : batches | std::views::join) going.insert(form);
    std::vector<Form> others;
    for (const auto& [form, entry] : book.addresses) {
      if (now - entry.wanted_at < kWatched && !is_suspect(form) && !going.contains(form)) others.push_back(form);
    }
    const auto soon = due_of(book, others, long_as / 2, now);
    std::ranges::copy(soon | std::views::take(ports::kMostAddressesOfACall - roomy->size()), std::back_inserter(*roomy));
  }
  auto questions = questions_for_tied(book, sought->wanted.contacts, long_as, now);
  questions.resize(std::min(questions.size(), static_cast<std::size_t>(book.calls)));
  book.calls -= static_cast<double>(questions.size());
  const auto goes = [since = std::chrono::steady_clock::now()](Entry& entry) {
    entry.asked = true;
    entry.asked_since = since;
    entry.doubted_meanwhile = false;
  };
  for (const auto& form : batches | std::views::join) goes(book.addresses.at(form));
  for (const auto& contact : questions | std::views::join) goes(book.contacts.at(contact));
  const bool begun = !batches.empty() || !questions.empty();
  for (auto& batch : batches) co_await questions_.start("contacts_at", ask_addresses(owner, sought, std::move(batch), now));
  for (auto& keys : questions) co_await questions_.start("contacts", ask_contacts(owner, sought, std::move(keys), now));
  co_return begun;
}

// One alone, or all in one call; then whoever else is tied and will be due soon comes along for nothing.
std::vector<std::vector<ContactKey>> ContactBook::questions_for_tied(const Book& book, const std::vector<ContactKey>& contacts, Milliseconds life, Time now) {
  std::set<ContactKey> due;
  for (const auto& contact : contacts) {
    if (is_due(book.contacts.at(contact), life, now)) due.insert(contact);
  }
  if (due.empty()) return {};
  std::vector<std::vector<ContactKey>> questions;
  const bool one_by_one = !reads_list(book, now);
  std::erase_if(due, [&](const ContactKey& contact) {
    const bool alone = one_by_one || book.contacts.at(contact).alone;
    if (alone) questions.push_back({contact});
    return alone;
  });
  if (due.empty()) return questions;
  for (const auto& [contact, entry] : book.contacts) {
    if (now - entry.wanted_at < kWatched && !entry.alone && is_due(entry, life / 2, now)) due.insert(contact);
  }
  questions.emplace_back(due.begin(), due.end());
  return questions;
}

void ContactBook::note_outcome(Book& book, std::optional<Error> failure, Time begun, Time now) {
  if (failure) {
    book.failure = std::move(failure);
    book.failed_at = now;
  } else if (book.failure && is_failure_past(book.failed_at, begun, now)) {
    book.failure.reset();
  }
}

Task<void> ContactBook::ask_addresses(Owner owner, std::shared_ptr<const Sought> sought, std::vector<Form> batch, Time begun) {
  const auto& wanted = sought->wanted;
  const ports::Call call{.installation = wanted.link.installation, .trace_id = wanted.trace_id, .deadline = kLongPatience, .api_base_url = {}};
  std::vector<std::string> addresses;
  for (const auto& form : batch) addresses.push_back(form.text);
  auto found = co_await doors_.contacts.contacts_at(call, wanted.link, std::move(addresses));
  const auto place = books_.find(owner);
  if (place == books_.end()) co_return;
  auto& book = place->second;
  const auto now = doors_.clock.now();
  if (!found && found.error().code == "address_not_usable") {
    note_outcome(book, std::nullopt, begun, now);   // it answers
    note_refused(book, batch, now);
    if (holds(book, *sought)) co_await begin(owner, book, sought);   // smaller calls, whether anybody waits or not
    if (const auto still = books_.find(owner); still != books_.end()) still->second.news.ring();
    co_return;
  }
  note_outcome(book, found ? std::nullopt : std::optional(found.error()), begun, now);
  std::multimap<std::string, Sight*> sights;   // by the normal form
  for (const auto& form : batch) {
    const auto entry = book.addresses.find(form);
    if (entry == book.addresses.end()) continue;
    entry->second.asked = false;
    if (!found) continue;
    entry->second.doubted = std::exchange(entry->second.doubted_meanwhile, false);
    entry->second.most_together = ports::kMostAddressesOfACall;
    sights.emplace(form.address, &entry->second.sight.emplace(Sight{.contact = std::nullopt, .invited = false, .refused = false, .as_of = now}));
  }
  if (found) {
    // Whichever form it was that the provider knows: in our normal form all are one.
    const auto seen_at = [&](const std::string& address) {
      const auto normal = support::normal_address(address);
      const auto [begin, end] = sights.equal_range(normal.value_or(""));
      return std::ranges::subrange(begin, end) | std::views::values;
    };
    for (const auto& one : found->contacts) {
      for (auto* sight : seen_at(one.address)) sight->contact = one.contact;
    }
    for (const auto& invited : found->invited) {
      for (auto* sight : seen_at(invited)) sight->invited = true;
    }
  }
  book.news.ring();
}

// In a list that is too long to be read, those with the name that a colleague knows them by.
ContactBook::Way ContactBook::way_to(const Book& book, const std::vector<ContactKey>& keys, Time now) {
  if (keys.size() > 1) return WholeList{};
  const auto& key = keys.front();
  if (!key.id.empty()) return ById{key.id};
  if (const auto entry = book.contacts.find(key); entry != book.contacts.end() && entry->second.found_as) return ById{*entry->second.found_as};
  return reads_list(book, now) ? Way{WholeList{}} : Way{ByName{key.name}};
}

Task<Result<std::vector<support::Contact>>> ContactBook::contacts_by(ports::Call call, ports::LinkRef link, Way way) {
  if (const auto* name = std::get_if<ByName>(&way)) co_return co_await doors_.contacts.contacts_named(call, link, name->name);
  const auto* one = std::get_if<ById>(&way);
  if (one == nullptr) co_return co_await doors_.contacts.contacts_named(call, link, "");
  std::vector<support::Contact> found;
  auto contact = co_await doors_.contacts.contact(call, link, one->id);
  if (contact) found.push_back(std::move(*contact));
  else if (contact.error().code != "not_found") co_return std::unexpected(std::move(contact).error());
  co_return found;
}

Task<void> ContactBook::ask_contacts(Owner owner, std::shared_ptr<const Sought> sought, std::vector<ContactKey> keys, Time begun) {
  const auto& wanted = sought->wanted;
  const ports::Call call{.installation = wanted.link.installation, .trace_id = wanted.trace_id, .deadline = kLongPatience, .api_base_url = {}};
  auto place = books_.find(owner);
  if (place == books_.end()) co_return;
  const auto way = way_to(place->second, keys, begun);
  const auto contacts = co_await contacts_by(call, wanted.link, way);
  place = books_.find(owner);
  if (place == books_.end()) co_return;
  auto& book = place->second;
  const auto now = doors_.clock.now();
  note_outcome(book, contacts ? std::nullopt : std::optional(contacts.error()), begun, now);
  const bool whole = std::holds_alternative<WholeList>(way);
  if (contacts && whole && contacts->size() > kMostListed) book.too_long_at = now;
  for (const auto& key : keys) {
    const auto entry = book.contacts.find(key);
    if (entry == book.contacts.end()) continue;
    entry->second.asked = false;
    if (!contacts) continue;
    const auto found = std::ranges::find_if(*contacts, [&](const support::Contact& one) { return key.id.empty() ? one.user == key.user : one.id == key.id; });
    entry->second.doubted = std::exchange(entry->second.doubted_meanwhile, false);
    const bool was_gone = entry->second.sight && !entry->second.sight->contact;
    const bool is_there = found != contacts->end();
    // No end of a list is documented. Still: that somebody is gone, their own page has to say too; should it know better, lists are not to be trusted.
    if (entry->second.alone && is_there) book.too_long_at = now;
    entry->second.alone = whole && !is_there && !was_gone && !key.id.empty();
    // Of whom only the id in this list is gone, the next look may find another.
    const bool lost = key.id.empty() && std::holds_alternative<ById>(way) && !is_there;
    if (key.id.empty()) entry->second.found_as = is_there ? std::optional(found->id) : std::nullopt;
    if (entry->second.alone || lost) {
      entry->second.doubted = true;
      continue;
    }
    entry->second.sight = Sight{.contact = found == contacts->end() ? std::nullopt : std::optional(*found), .invited = false, .refused = false, .as_of = now};
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
    const bool known = entry != entries.end() && entry->second.sight && (!entry->second.doubted || entry->second.sight->refused);
    until = std::min(until, known ? entry->second.sight->as_of + life_of(*entry->second.sight, long_as) : Time{});
  };
  for (const auto& form : forms_of(wanted)) narrow(book.addresses, form);
  for (const auto& contact : wanted.contacts) narrow(book.contacts, contact);
  return until;
}

void ContactBook::doubt(const InstallationId& installation, const ProviderAccountId& owner) {
  const auto found = books_.find(Owner{installation, owner});
  if (found == books_.end()) return;
  for (auto& [form, entry] : found->second.addresses) entry.doubted = entry.doubted_meanwhile = true;
  for (auto& [contact, entry] : found->second.contacts) entry.doubted = entry.doubted_meanwhile = true;
}

void ContactBook::forget(const InstallationId& installation) {
  std::erase_if(books_, [&](const auto& entry) { return entry.first.first == installation; });
}

void ContactBook::drop_old(Book& book, Time now) {
  const auto drop = [now](auto& entries) {
    for (auto& [key, entry] : entries) entry.wanted_at = std::min(entry.wanted_at, now);   // a clock that was set back keeps nobody longer
    std::erase_if(entries, [now](const auto& entry) { return !entry.second.asked && now - entry.second.wanted_at >= kKept; });
  };
  drop(book.addresses);
  drop(book.contacts);
}

void ContactBook::tidy() {
  const auto now = doors_.clock.now();
  for (auto& [owner, book] : books_) drop_old(book, now);
  // The calls of its minute are whole again by now: what is left is a pause that the provider asked for.
  std::erase_if(books_, [now](const auto& entry) { return entry.second.addresses.empty() && entry.second.contacts.empty() && !rests(entry.second, now); });
}

ContactBook::Held ContactBook::held() const {
  Held held{.books = books_.size(), .sights = 0};
  for (const auto& [owner, book] : books_) held.sights += book.addresses.size() + book.contacts.size();
  return held;
}

}  // namespace belay::desk
