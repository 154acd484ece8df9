// What TeamViewer's side of the sandbox knows: accounts, groups, contacts, sessions, connection records. Plain values; who may
// do what is decided in the Web API (api.hpp) and on the pages, the OAuth grants lie beside it (grants.hpp).
// Follows TeamViewer's API manual and its OpenAPI document; what surprises in them is listed in docs/sandbox/README.md.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace belay::sandbox::teamviewer {

enum class Presence { online, busy, away, offline };
/// As the API answers it: Online, Busy, Away, Offline.
[[nodiscard]] std::string_view wire_name(Presence presence);
/// From the lower-case word that filters and settings use.
[[nodiscard]] std::optional<Presence> presence_from(std::string_view word);

struct Licence {
  std::string id;                        ///< GUID
  std::string type = "Corporate";
  bool active = true;
  bool paid = true;                      ///< custom_field_has_paid_license
  std::size_t concurrent_sessions = 0;   ///< open, still valid codes at a time; 0: no limit

  /// Connection reports and the list of users need Premium or Corporate.
  [[nodiscard]] bool covers_reports() const;
};

struct Account {
  std::string id;                        ///< u20914478
  std::string email;
  std::string name;
  std::string company;
  std::string language = "en";
  Presence presence = Presence::offline;
  Licence licence;
  std::string features;                  ///< what its client can do; empty: not told to others
  std::string picture;                   ///< GUID of the picture; empty: none
};

struct Group {
  std::string id;                        ///< g318442907
  std::string name;
  std::string owner;                     ///< account
  std::map<std::string, std::string> shared_with;  ///< account -> read | readwrite
};

struct Contact {
  std::string id;                        ///< c77120345
  std::string owner;                     ///< in whose list it is
  std::string user;                      ///< the account behind it; empty: unknown, then offline
  std::string name;
  std::string email;
  std::string group;
  std::string description;
};

struct Invitation {
  std::string id;
  std::string owner;
  std::string group;
  std::string email;
  std::string name;                      ///< as the inviter wrote it; may be empty
  Time sent;
};

/// A supporter who is connected right now.
struct Connection {
  std::string account;
  Time start;
};

struct EndCustomer {
  std::optional<std::string> name;
  std::optional<std::string> email;
};

struct Session {
  std::string code;                      ///< s119-457-589
  std::string secret;                    ///< the last part of the supporter link
  std::int64_t sequence = 0;             ///< order of creation
  std::string creator;                   ///< account
  std::string client_id;                 ///< app that made it
  std::string group;
  std::string assigned = "u0";           ///< u0: nobody
  std::optional<Time> assigned_at;
  std::optional<std::string> waiting_message, description, custom_api, custom_id, custom_module_id, tv_version;
  std::optional<EndCustomer> end_customer;
  std::string type = "Default";
  Time created_at;
  Time valid_until;
  std::optional<Time> closed_at;         ///< closed when set
  bool deleted = false;                  ///< kept as a mark, so that paging may continue after it
  bool online = false;                   ///< the customer is there
  std::vector<Connection> connections;

  [[nodiscard]] bool closed() const { return closed_at.has_value(); }
  [[nodiscard]] bool expired(Time now) const { return now >= valid_until; }
  /// s119457589, as links carry it.
  [[nodiscard]] std::string bare_code() const;
};

struct Feedback {
  std::optional<int> rating;
  std::string comment;
};

/// One connection (GET /reports/connections). What the session said is kept as it was then.
struct ConnectionRecord {
  std::string id;                        ///< GUID; not always one record's own, control may ask for the same again
  std::string user, username;
  std::string device_id, device_name;
  std::string group, group_name;
  Time start;
  std::optional<Time> end;               ///< absent: TeamViewer does not say (yet)
  std::string notes;
  std::string billing_state = "DoNotBill";
  std::optional<Session> session;
  std::optional<std::string> contact;
  std::optional<Feedback> feedback;
  std::optional<Time> visible_at;        ///< instead of the end and the settings' delay
  std::optional<std::string> other_code; ///< printed instead of the session's
  bool basic_dates = false;              ///< this one prints 20261118T091403Z
  bool sparse = false;                   ///< without the members that may be missing

  [[nodiscard]] Time ended() const { return end.value_or(start); }
};

struct Device {
  std::string id, remote_control_id, alias, description, owner, group;
  Presence presence = Presence::offline;
  std::optional<Time> last_seen;
};

/// Finds and numbers things; holds no rule but that identifiers are unique.
class World {
 public:
  std::map<std::string, Account> accounts;
  std::map<std::string, Group> groups;
  std::map<std::string, Contact> contacts;
  std::map<std::string, Invitation> invitations;
  std::map<std::string, Session> sessions;        ///< by code
  std::vector<ConnectionRecord> records;          ///< oldest end first, as add_record keeps them
  std::map<std::string, Device> devices;

  [[nodiscard]] Account* account(std::string_view id);
  [[nodiscard]] const Account* account(std::string_view id) const;
  [[nodiscard]] const Account* account_with_email(std::string_view email) const;
  /// By code as returned (s119-457-589). Deleted ones are not found.
  [[nodiscard]] Session* session(std::string_view code);
  /// By code as links carry it (s119457589).
  [[nodiscard]] Session* session_of_link(std::string_view bare_code);

  Session& add_session(Session session);
  /// Has sessions_around() know whom it was assigned to.
  void note_assignee(const Session& session);
  /// What the account made or was ever assigned to, whether it may still see it or not.
  [[nodiscard]] std::vector<const Session*> sessions_around(std::string_view account) const;

  void add_record(ConnectionRecord record);

  [[nodiscard]] bool sees(const Account& account, const Group& group) const;
  [[nodiscard]] bool writes(const Account& account, const Group& group) const;
  /// The group of that exact name that the account owns or may write to.
  [[nodiscard]] Group* group_named(const Account& account, std::string_view name);
  [[nodiscard]] Group& add_group(const Account& owner, std::string name);
  [[nodiscard]] Presence presence_of(const Contact& contact) const;

  /// A fresh number behind `prefix`, never used before.
  [[nodiscard]] std::string next_id(char prefix);
  /// Notes that an identifier of the seed is taken.
  void reserve(std::string_view id);
  /// s + nine digits in blocks, not used by another session.
  [[nodiscard]] std::string fresh_code() const;
  [[nodiscard]] std::int64_t next_sequence() { return ++sequence_; }

 private:
  std::map<std::string, std::set<std::string>, std::less<>> codes_around_;   // by account
  std::int64_t number_ = 318442900;
  std::int64_t sequence_ = 0;
};

/// Letters and digits from the system's generator.
[[nodiscard]] std::string random_word(std::size_t length);
[[nodiscard]] std::string random_guid();
/// Compares addresses and names as TeamViewer's filters do: ASCII case does not count.
[[nodiscard]] bool same_text(std::string_view a, std::string_view b);
[[nodiscard]] bool contains_text(std::string_view text, std::string_view part);
[[nodiscard]] std::string lower(std::string_view text);

}  // namespace belay::sandbox::teamviewer
