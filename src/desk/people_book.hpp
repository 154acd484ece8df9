// What Jira says about accounts: name, picture, and which mail address may be used to find them. Kept for seconds to minutes, in memory
// only: addresses are nobody's to store.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/bell.hpp"
#include "base/task_group.hpp"
#include "desk/doors.hpp"

namespace belay::desk {

struct PersonSeen {
  std::optional<support::Person> person;        ///< nothing: Jira does not know the account (any more)
  std::string app_address;                      ///< normal form; given to the app alone, never shown; empty when there is none
  std::string app_address_written;              ///< support::written_form of it; empty when there is none
  bool address_missing = false;                 ///< whether there is one did not come
  Time as_of;
};

struct PeopleSeen {
  std::map<AccountId, PersonSeen> people;       ///< who has no answer yet is not in it
  std::optional<Error> failure;                 ///< of some it is not known, or as of an earlier answer, who they are
  std::optional<Error> addresses_failure;       ///< why somebody's address is missing
  bool late = false;                            ///< something is still being asked
};

class PeopleBook final {
 public:
  explicit PeopleBook(const Doors& doors) : doors_(doors) {}

  /// What another answer of Jira said on its way: comments and issues bring their people along.
  void note(const InstallationId& installation, const support::Person& person);
  /// That it does not know this account (any more).
  void note_gone(const InstallationId& installation, const AccountId& account);

  /// Waits `patience` at most; a question that takes longer goes on, and is known at the next look.
  Task<PeopleSeen> look(InstallationId installation, std::vector<AccountId> accounts, std::string trace_id, Milliseconds patience);

  [[nodiscard]] Time good_until(const InstallationId& installation, const std::vector<AccountId>& accounts) const;
  void forget(const InstallationId& installation);

  /// Drops whom nobody has looked at for nine minutes, on every site. To be called every minute, so that nobody is kept longer than ten.
  void tidy();
  struct Held { std::size_t sites = 0; std::size_t people = 0; };
  [[nodiscard]] Held held() const;

 private:
  void note(const InstallationId& installation, const AccountId& account, std::optional<support::Person> person);
  struct Entry {
    std::optional<support::Person> person;
    std::optional<Time> person_at;              // when Jira said so; nothing: not yet
    std::string app_address;
    std::string app_address_written;
    std::optional<Time> app_address_at;
    Time wanted_at;
    bool asked = false;
    bool asked_address = false;
  };
  struct Site {
    std::map<AccountId, Entry> people;
    std::optional<Time> addresses_failed_at;    // Jira gave the app no addresses: for such a pause nobody asks again
    Milliseconds addresses_pause{};
    std::optional<Error> addresses_failure;     // of one that passes
    Milliseconds addresses_backoff{};           // doubles with every failure in a row that may pass
    std::optional<Error> failure;
    Time failed_at;
    Bell news;
  };

  // How long Jira is believed about somebody.
  struct Pace {
    Milliseconds showing;                       // who shows an address to everybody, and may come to hide it
    Milliseconds others;
    [[nodiscard]] Milliseconds of(const Entry& entry) const { return shows_address(entry) ? showing : others; }
  };
  [[nodiscard]] static bool shows_address(const Entry& entry) { return entry.person && !entry.person->address.empty(); }
  /// What only the app is given is not known of them, and is under way or did not come.
  [[nodiscard]] static bool lacks_address(const Entry& entry, Time now);
  [[nodiscard]] static Pace pace(const Site& site, Time now);
  [[nodiscard]] static bool rests(const Site& site, Time now);
  static void drop_old(Site& site, Time now);
  [[nodiscard]] static bool asks_addresses(const Site& site, Time now);
  static void note_no_addresses(Site& site, const Error& error, Time now);
  Task<void> begin(const InstallationId& installation, Site& site, const std::vector<AccountId>& accounts, const std::string& trace_id);
  Task<void> ask_people(InstallationId installation, std::vector<AccountId> accounts, std::string trace_id, Time begun);
  Task<void> ask_addresses(InstallationId installation, std::vector<AccountId> accounts, std::string trace_id, Time begun);

  const Doors& doors_;
  std::map<InstallationId, Site> sites_;
  TaskGroup questions_;
};

}  // namespace belay::desk
