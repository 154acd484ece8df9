// What an installation keeps about people, by age and by account: behind the retention, the export and the erase of one account, and the reports to
// Atlassian (docs/personal-data.md). Part of a unit of work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/people_storage.hpp"

namespace belay::ports {

/// Rows, by what they are.
struct KeptCount {
  std::int64_t sessions = 0;
  std::int64_t entries = 0;           ///< of the audit log
  std::int64_t others = 0;            ///< invitations to contacts, lists of who commented, persons tied by hand, asks for help, what was set aside
  [[nodiscard]] std::int64_t total() const { return sessions + entries + others; }
  KeptCount& operator+=(const KeptCount& more) {
    sessions += more.sessions;
    entries += more.entries;
    others += more.others;
    return *this;
  }
  friend bool operator==(const KeptCount&, const KeptCount&) = default;
};

/// An erase that may take long, and how far it is.
struct Erasure {
  InstallationId installation;
  std::string subject;                ///< an account; empty: what is older than the retention
  std::int64_t days = 0;              ///< that retention
  Time began_at;
  std::int64_t to_erase = 0;          ///< rows, as counted when it began
  KeptCount erased;
  std::optional<Time> ended_at;       ///< of a retention; that of an account is forgotten
};

/// What is kept about one account.
struct KeptOfAccount {
  std::int64_t sessions = 0;
  std::int64_t entries = 0;
  std::int64_t mappings = 0;          ///< tied by hand: they, or by them
  std::int64_t invitations = 0;       ///< by them, or of them
  std::int64_t asks = 0;              ///< for help, in the portal
  std::int64_t issues = 0;            ///< on which they commented
  [[nodiscard]] std::int64_t total() const { return sessions + entries + mappings + invitations + asks + issues; }
};

struct CommentedIssue {
  IssueId issue;
  Time spoke_at;                      ///< last
};

/// Somebody whose id is kept, as Atlassian wants to hear of them.
struct StoredAccount {
  AccountId account;
  Time fetched_at;                    ///< nothing that is kept of them was read from Jira before
};

/// How far the reports to Atlassian are.
struct AccountReport {
  Time listed_at;                     ///< when the list of accounts was made last
  std::optional<Time> reported_at;    ///< when Atlassian last answered
  std::int64_t cycle_days = 7;        ///< no account is reported more often
  std::optional<Error> last_error;    ///< gone with the next answer
};

class KeptStore {
 public:
  virtual ~KeptStore() = default;

  // ---- erases under way ----
  [[nodiscard]] virtual std::optional<Erasure> erasure(const InstallationId& installation, const std::string& subject) = 0;
  virtual void put(const Erasure& erasure) = 0;
  /// The accounts that are being erased.
  [[nodiscard]] virtual std::vector<AccountId> being_erased(const InstallationId& installation) = 0;
  virtual void forget_erasure(const InstallationId& installation, const std::string& subject) = 0;

  // ---- by age. What is live, or has work waiting that has to happen outside, is not old. ----
  [[nodiscard]] virtual KeptCount older(const InstallationId& installation, Time before) = 0;
  /// When the oldest of what can be old was written, or ended.
  [[nodiscard]] virtual std::optional<Time> oldest(const InstallationId& installation) = 0;
  /// At most `most` rows. Entries that tell of an erase of this kind go too, and are not counted: they would tell of one another for ever.
  struct ErasedSome {
    KeptCount erased;
    bool more = false;
    std::vector<IssueId> issues;   ///< of which something went that is counted on them
  };
  virtual ErasedSome erase_older(const InstallationId& installation, Time before, std::size_t most) = 0;

  // ---- by account ----
  /// Everybody whose id is kept, and `also`, whom the settings name, in the order of their ids, behind `after`.
  [[nodiscard]] virtual std::vector<AccountId> accounts(const InstallationId& installation, const AccountId& after, std::size_t most, const AccountId& also) = 0;
  [[nodiscard]] virtual KeptOfAccount of_account(const InstallationId& installation, const AccountId& account) = 0;
  [[nodiscard]] virtual std::vector<PersonMapping> mappings_of(const InstallationId& installation, const AccountId& account) = 0;
  /// In the order of the other one's id, behind `after`, by them or (`of_them`) of them.
  [[nodiscard]] virtual std::vector<ContactInvitation> invitations_of(const InstallationId& installation, const AccountId& account, bool of_them, const AccountId& after, std::size_t most) = 0;
  [[nodiscard]] virtual std::vector<CommentedIssue> comments_of(const InstallationId& installation, const AccountId& account, const IssueId& after, std::size_t most) = 0;
  /// Invitations, what was tied by hand, asks for help, who commented: at most `most` rows of each kind.
  virtual std::size_t erase_rows_of(const InstallationId& installation, const AccountId& account, std::size_t most) = 0;
  /// Tokens, keys of requests, dances that have begun, what waits or is set aside for them; who paired the site becomes nobody.
  virtual void erase_traces_of(const InstallationId& installation, const AccountId& account) = 0;
  /// What they are called now, wherever it is kept but in sessions.
  virtual void rename(const InstallationId& installation, const AccountId& account, const std::string& name) = 0;

  // ---- reports to Atlassian ----
  [[nodiscard]] virtual std::optional<AccountReport> report(const InstallationId& installation) = 0;
  virtual void put(const InstallationId& installation, const AccountReport& report) = 0;
  /// What is listed of the accounts behind `after`, up to and with `to` (empty: to the end), is these from now on. One that was erased since it was reported
  /// counts as reported then: it is known by its hash.
  struct Listed { AccountId account; std::string hash; };
  virtual void list(const InstallationId& installation, const AccountId& after, const AccountId& to, const std::vector<Listed>& accounts, Time fetched_at) = 0;
  /// Before the account is erased: when it was reported is remembered by its hash.
  virtual void note_erased(const InstallationId& installation, const Listed& account) = 0;
  /// Those that were reported before then.
  virtual void forget_erased(const InstallationId& installation, Time before) = 0;
  [[nodiscard]] virtual std::int64_t listed(const InstallationId& installation) = 0;
  /// Never reported, or not since; those who wait longest first.
  [[nodiscard]] virtual std::vector<StoredAccount> due(const InstallationId& installation, Time not_since, std::size_t most) = 0;
  virtual void note_reported(const InstallationId& installation, const AccountId& account, Time at) = 0;
  virtual void note_fetched(const InstallationId& installation, const AccountId& account, Time at) = 0;
};

}  // namespace belay::ports
