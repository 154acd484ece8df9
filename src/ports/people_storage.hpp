// The stores behind the people of an issue: who has spoken, who was tied by hand, who was invited. Part of a unit of work.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "support/people.hpp"

namespace belay::ports {

/// When somebody last wrote under one restriction. Whoever may read that comment may read all of them.
struct RosterAuthor {
  support::Spoke spoke;
  std::string restricted_to;                   ///< as CommentPage::Author has it
  CommentId comment;                           ///< the last of them; empty when it is not known
  friend bool operator==(const RosterAuthor&, const RosterAuthor&) = default;
};

/// How far the comments of an issue have been read. One reading goes from the newest to the oldest, or to where the one before it began.
struct RosterProgress {
  bool complete = false;                       ///< the last reading has come to its end
  std::size_t next_start = 0;                  ///< where it goes on
  std::size_t total = 0;                       ///< comments of the issue, as Jira said last
  Time top;                                    ///< the newest comment when it began
  Time read_to;                                ///< everything written before has been read
  Time read_at;                                ///< when the newest page was asked for last
  std::int64_t reading = 0;                    ///< how often it began anew (RosterStore::read_anew)
};

/// Of one issue, once for each restriction they wrote under. At a few hundred bytes each, a roster takes less than 3 MB.
inline constexpr std::size_t kMostRosterAuthors = 5'000;

struct Roster {
  RosterProgress progress;
  Time doubted_at;                             ///< somebody may have come on the list then
  std::vector<RosterAuthor> authors;           ///< newest first, at most kMostRosterAuthors
  bool cut = false;                            ///< there were more: who spoke longest ago is left out
};

class RosterStore {
 public:
  virtual ~RosterStore() = default;
  [[nodiscard]] virtual std::optional<Roster> find(const InstallationId& installation, const IssueId& issue) = 0;
  /// Comments are about to be read for the first time: from now on what is heard about them is kept for the roster that is added. Until
  /// then there is none to find. Nothing happens where one is, or was begun.
  virtual void begin(const InstallationId& installation, const IssueId& issue) = 0;
  /// Adds authors, keeps the later time of each, and replaces the progress, unless reading began anew since: then only `read_at`. Doubts stay.
  virtual void add(const InstallationId& installation, const IssueId& issue, const std::vector<RosterAuthor>& authors, const RosterProgress& progress) = 0;
  /// Somebody spoke, by an event. Nothing happens to an issue whose comments nobody began to read.
  virtual void note(const InstallationId& installation, const IssueId& issue, const RosterAuthor& author) = 0;
  /// Somebody whom everybody sees on the list wrote a comment that everybody may read: only time and comment are new, if they are. False when they are not there.
  virtual bool spoke_again(const InstallationId& installation, const IssueId& issue, const RosterAuthor& author) = 0;
  /// A comment is gone, or may from now on only be read by those of `now_restricted_to`: whose last one it was is taken off the list of everybody else.
  /// Whether they wrote others is for the next reading to say. False: it was nobody's.
  virtual bool forget_comment(const InstallationId& installation, const IssueId& issue, const CommentId& comment, const std::optional<std::string>& now_restricted_to = {}) = 0;
  /// All comments are to be read once more, from the newest. What is on the list stays. False: nobody read them yet, or there are no more than `most`.
  virtual bool read_anew(const InstallationId& installation, const IssueId& issue, std::size_t most) = 0;
  /// What was asked for before `at` does not say all any more.
  virtual void doubt(const InstallationId& installation, const IssueId& issue, Time at) = 0;
  virtual void erase(const InstallationId& installation, const IssueId& issue) = 0;
};

/// To a contact, or to an address.
struct PersonMapping {
  InstallationId installation;
  AccountId person;
  ProviderName provider;
  ContactId contact;                           ///< empty when tied to an address
  ProviderAccountId contact_owner;             ///< in whose contact list that id means something
  ProviderAccountId contact_user;              ///< finds the same contact in another list; empty when the provider did not say
  std::string contact_name;
  std::string address;                         ///< empty when tied to a contact
  AccountId mapped_by;
  std::string mapped_by_name;
  Time mapped_at;
};

class MappingStore {
 public:
  virtual ~MappingStore() = default;
  [[nodiscard]] virtual std::vector<PersonMapping> all(const InstallationId& installation, const ProviderName& provider) = 0;
  [[nodiscard]] virtual std::optional<PersonMapping> find(const InstallationId& installation, const AccountId& person, const ProviderName& provider) = 0;
  virtual void put(const PersonMapping& mapping) = 0;
  virtual bool erase(const InstallationId& installation, const AccountId& person, const ProviderName& provider) = 0;
};

struct ContactInvitation {
  InstallationId installation;
  AccountId agent;
  AccountId person;
  ProviderName provider;
  IssueId issue;                               ///< where it was asked for
  Time asked_at;
  std::optional<Time> sent_at;                 ///< the last one that left; before asked_at while another is on its way
  bool began = false;                          ///< the provider may have been asked: a restart looks first
  std::optional<Error> last_error;             ///< it was given up
};

class InvitationStore {
 public:
  virtual ~InvitationStore() = default;
  [[nodiscard]] virtual std::vector<ContactInvitation> of_agent(const InstallationId& installation, const AccountId& agent, const ProviderName& provider) = 0;
  [[nodiscard]] virtual std::optional<ContactInvitation> find(const InstallationId& installation, const AccountId& agent, const AccountId& person, const ProviderName& provider) = 0;
  virtual void put(const ContactInvitation& invitation) = 0;
  virtual void erase_of_agent(const InstallationId& installation, const AccountId& agent, const ProviderName& provider) = 0;
};

}  // namespace belay::ports
