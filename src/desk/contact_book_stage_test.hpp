// A desk whose contact book is looked into, the gate at which a test holds what is under way, and people by number.
#pragma once

#include "desk/contact_book.hpp"
#include "desk/stage_test.hpp"

namespace belay::desk {

using support::Presence;

constexpr Milliseconds kPatient{10'000};
const Error kAway{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};

inline Error slow_down(Milliseconds after) { return {.code = "provider_rate_limited", .cause = {}, .detail = {}, .retryable = true, .retry_after = after}; }

inline std::string address(std::size_t n) { return "person-" + std::to_string(n) + "@example.com"; }

inline std::vector<std::string> addresses(std::size_t count, std::size_t from = 0) {
  std::vector<std::string> all;
  for (std::size_t n = from; n < from + count; ++n) all.push_back(address(n));
  return all;
}

inline ports::ContactAt contact_at(std::string at, std::string id, Presence presence = Presence::online, std::string user = {}, std::string name = "A contact") {
  return {.address = std::move(at), .contact = {.id = ContactId{std::move(id)}, .user = ProviderAccountId{std::move(user)}, .name = std::move(name), .picture = {}, .presence = presence, .supported = {}}};
}

struct BookDesk : Stage {
  // As many calls as anybody may wish for, but where a test says otherwise.
  explicit BookDesk(std::size_t calls_a_minute = 100'000) { doors->house.calls_per_minute = calls_a_minute; }

  ContactsWanted wanted(std::vector<std::string> at, std::vector<ContactKey> contacts_by_id = {}) const {
    return {.link = {.installation = installation, .account = agent}, .owner = ProviderAccountId{"u1"}, .addresses = std::move(at), .contacts = std::move(contacts_by_id), .trace_id = "trace"};
  }
  ContactsSeen look(ContactsWanted what, Milliseconds patience = kPatient) { return run(contact_book->look(std::move(what), patience)); }
  ContactsSeen look(std::vector<std::string> at) { return look(wanted(std::move(at))); }
  [[nodiscard]] std::size_t calls() const { return contacts.asked.size(); }
  void pass(Milliseconds time) { clock.time += time; }
};

// Nobody gets past before it is opened.
class Gate {
 public:
  Task<void> pass() {
    ++waiting_;
    while (!open_) co_await bell_.wait(kPatient);
  }
  void open() {
    open_ = true;
    bell_.ring();
  }
  [[nodiscard]] int waiting() const { return waiting_; }

 private:
  Bell bell_;
  bool open_ = false;
  int waiting_ = 0;
};

inline std::function<Task<void>()> at(Gate& gate) {
  return [&gate] { return gate.pass(); };
}

inline Task<void> look_into(BookDesk& desk, std::optional<ContactsSeen>& seen, ContactsWanted wanted, Milliseconds patience) {
  seen = co_await desk.contact_book->look(std::move(wanted), patience);
}

// Written with the accent apart, which is not the normal form.
inline std::string accented(std::size_t n) { return "ren\xC3\xA9-" + std::to_string(n) + "@example.com"; }
inline std::string apart(std::size_t n) { return "rene\xCC\x81-" + std::to_string(n) + "@example.com"; }

inline ContactsWanted both_forms(const BookDesk& desk, std::size_t count) {
  auto wanted = desk.wanted({});
  for (std::size_t n = 0; n < count; ++n) {
    wanted.addresses.push_back(accented(n));
    wanted.written[accented(n)].insert(apart(n));
  }
  return wanted;
}

// The most calls of any minute that began after `from`.
inline std::size_t most_in_a_minute(const std::vector<Time>& calls, Time from = Time{}) {
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < calls.size(); ++last) {
    while (calls[last] - calls[first] >= Milliseconds{60'000}) ++first;
    if (calls[first] >= from) most = std::max(most, last - first + 1);
  }
  return most;
}

// Panels that stay open for some minutes, each with people of its own, and each asks every eight seconds.
struct Crowd {
  explicit Crowd(std::size_t calls_a_minute) : desk(calls_a_minute) {}
  BookDesk desk;
  std::vector<Time> calls;

  void look(std::size_t people_of_each, std::size_t panel, std::vector<ContactKey> by_hand = {}) {
    const auto made = [this] { return desk.calls() + desk.contacts.names_asked.size() + desk.contacts.looked_at.size(); };
    const auto before = made();
    desk.look(desk.wanted(addresses(people_of_each, panel * people_of_each), std::move(by_hand)), Milliseconds{0});
    for (auto call = before; call < made(); ++call) calls.push_back(desk.clock.now());
  }
  void stay_open(std::size_t panels, std::size_t people_of_each, std::int64_t minutes) {
    const auto end = desk.clock.now() + Milliseconds{minutes * 60'000};
    const Milliseconds step{8'000 / static_cast<std::int64_t>(panels)};
    for (std::size_t panel = 0; desk.clock.now() < end; panel = (panel + 1) % panels) {
      look(people_of_each, panel);
      desk.pass(step);
    }
  }
  // How old the oldest is of what is known, and whether all are.
  std::pair<Milliseconds, bool> age(std::size_t people) {
    const auto seen = desk.look(desk.wanted(addresses(people)), Milliseconds{0});
    Milliseconds oldest{0};
    for (const auto& [at, sight] : seen.by_address) oldest = std::max(oldest, Milliseconds{desk.clock.now() - sight.as_of});
    return {oldest, seen.by_address.size() == people};
  }
};

}  // namespace belay::desk
