// What the contact lists of linked provider accounts say about the people whom agents look at: who is there, who was invited.
//
// One book for each provider account, never shared between accounts: presence is told to whoever is in a list. How often the provider is
// asked does not depend on how many panels are open: what somebody looked at a moment ago is known, what is being asked is waited for, and
// a question takes along whatever else of this account is due.
//
// One address that the provider takes for none makes it refuse the whole call. Those of such a call are asked for again in calls half as large,
// apart from the others, until the guilty one stands alone: that is remembered for a while, and nobody else's standing is lost by it. Those calls follow
// from one another also when nobody waits for them.
//
// Contacts whom somebody was tied to by hand have no address that the provider would tell. One is asked for by id; several, or one whose id in this list is
// not known, are one call for the whole list, unless that is very long (docs/decisions/0008).
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/bell.hpp"
#include "base/task_group.hpp"
#include "desk/doors.hpp"
#include "ports/contacts.hpp"

namespace belay::desk {

/// What was seen, and when. No contact and no invitation: the provider knows nobody there.
struct Sight {
  std::optional<support::Contact> contact;
  bool invited = false;
  bool refused = false;                         ///< the provider takes the address for none
  Time as_of;
};

/// A contact of this account by its id; or, without an id, the one behind which this user stands: somebody else's contact list has other ids for the same
/// people, and may have other names.
struct ContactKey {
  ContactId id;
  ProviderAccountId user;
  std::string name;
  friend auto operator<=>(const ContactKey&, const ContactKey&) = default;
};

struct ContactsSeen {
  std::map<std::string, Sight> by_address;      ///< by support::normal_address; what has no answer yet is not in it
  std::map<ContactKey, Sight> by_contact;
  Milliseconds life{};                          ///< what was seen less long ago is as good as an answer of now
  /// The last question came to nothing. `not_answered_yet`: it was given no time. `provider_rate_limited` also where no call is left for who was never seen.
  std::optional<Error> failure;
};

struct ContactsWanted {
  ports::LinkRef link;
  ProviderAccountId owner;                      ///< the link's account at the provider
  std::vector<std::string> addresses;           ///< normal ones
  std::map<std::string, std::set<std::string>> written = {};   ///< other forms of these, by the normal one, to be asked for too
  std::vector<ContactKey> contacts;
  std::string trace_id;
};

/// For how many questions that follow from one another a look waits. A panel has time for one: what becomes of its answers is known at the next look.
enum class Rounds { one, all };

class ContactBook final {
 public:
  explicit ContactBook(const Doors& doors) : doors_(doors) {}

  /// Waits `patience` at most for what is not known or too old; a question that takes longer goes on, and is known at the next look.
  Task<ContactsSeen> look(ContactsWanted wanted, Milliseconds patience, Rounds rounds = Rounds::all);

  /// Until when looking again would give the same from memory.
  [[nodiscard]] Time good_until(const ContactsWanted& wanted) const;

  /// The provider said this of one of the account's contacts just now.
  void note(const InstallationId& installation, const ProviderAccountId& owner, const support::Contact& contact);

  /// The next look asks anew: somebody was invited, or a launch found the contact gone.
  void doubt(const InstallationId& installation, const ProviderAccountId& owner);
  void forget(const InstallationId& installation);

  /// Drops whom nobody has looked at for nine minutes, in every book. To be called every minute, so that nobody is kept longer than ten.
  void tidy();
  struct Held { std::size_t books = 0; std::size_t sights = 0; };
  [[nodiscard]] Held held() const;

 private:
  // An address in one of the forms in which the provider is asked for it.
  struct Form {
    std::string address;                        // the normal form: whose it is
    std::string text;
    friend auto operator<=>(const Form&, const Form&) = default;
  };
  // What somebody looks for, worked out once for all who read it.
  struct Sought {
    ContactsWanted wanted;
    std::vector<Form> forms;
  };
  struct Entry {
    std::optional<Sight> sight;
    Time wanted_at;
    bool asked = false;                         // under way
    std::chrono::steady_clock::time_point asked_since;
    bool alone = false;                         // the list did not have this contact: it is asked for by id, whether it is gone
    std::optional<ContactId> found_as;          // in this list, of a key without an id
    bool doubted = false;
    bool doubted_meanwhile = false;             // while it was asked
    std::size_t most_together = ports::kMostAddressesOfACall;   // fewer: a call with it was refused, and whose fault that was is not known yet
  };
  struct Book {
    std::map<Form, Entry> addresses;
    std::map<ContactKey, Entry> contacts;
    std::optional<Error> failure;
    Time failed_at;
    std::optional<Time> too_long_at;            // the whole list was read, and is not worth reading again for a while
    double calls = -1;                          // that may be made now; below zero: not reckoned yet
    Time reckoned_at;
    Bell news;
  };
  using Owner = std::pair<InstallationId, ProviderAccountId>;

  [[nodiscard]] static Milliseconds life_of(const Sight& sight, Milliseconds life);
  [[nodiscard]] static bool is_due(const Entry& entry, Milliseconds life, Time now);
  [[nodiscard]] static bool rests(const Book& book, Time now);
  [[nodiscard]] double at_once() const;
  [[nodiscard]] double a_minute() const;
  void reckon(Book& book, Time now) const;
  [[nodiscard]] static bool reads_list(const Book& book, Time now);
  [[nodiscard]] Milliseconds life(const Book& book, Time now) const;
  [[nodiscard]] std::optional<Error> why_not_seen(const Book& book, const Sought& sought) const;
  /// False where there was nothing to ask, or no call left for it.
  Task<bool> begin(const Owner& owner, Book& book, std::shared_ptr<const Sought> sought);
  [[nodiscard]] static std::vector<std::vector<ContactKey>> questions_for_tied(const Book& book, const std::vector<ContactKey>& contacts, Milliseconds life, Time now);
  Task<void> ask_addresses(Owner owner, std::shared_ptr<const Sought> sought, std::vector<Form> batch, Time begun);
  Task<void> ask_contacts(Owner owner, std::shared_ptr<const Sought> sought, std::vector<ContactKey> keys, Time begun);
  static void note_outcome(Book& book, std::optional<Error> failure, Time begun, Time now);
  // How contacts are asked for: each way is one call.
  struct ById { ContactId id; };
  struct ByName { std::string name; };
  struct WholeList {};
  using Way = std::variant<ById, ByName, WholeList>;
  [[nodiscard]] static Way way_to(const Book& book, const std::vector<ContactKey>& keys, Time now);
  Task<Result<std::vector<support::Contact>>> contacts_by(ports::Call call, ports::LinkRef link, Way way);
  [[nodiscard]] static std::vector<Form> forms_of(const ContactsWanted& wanted);
  [[nodiscard]] static std::vector<Form> due_of(const Book& book, const std::vector<Form>& forms, Milliseconds life, Time now);
  [[nodiscard]] static std::vector<std::vector<Form>> calls_for(const Book& book, const std::vector<Form>& due);
  static void note_refused(Book& book, const std::vector<Form>& batch, Time now);
  [[nodiscard]] static std::map<std::string, Sight> sights_of(const Book& book, const std::vector<Form>& forms);
  /// For what has been asked by then.
  [[nodiscard]] bool waits(const Book& book, const Sought& sought, std::chrono::steady_clock::time_point by) const;
  [[nodiscard]] static bool holds(const Book& book, const Sought& sought);
  static void drop_old(Book& book, Time now);
  void make_room(Time now);

  const Doors& doors_;
  std::map<Owner, Book> books_;
  TaskGroup questions_;
};

}  // namespace belay::desk
