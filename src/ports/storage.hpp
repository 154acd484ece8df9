// The door to the database: stores under one unit of work. Store methods are called inside Storage::write or read, on a
// thread of the storage's own, in one transaction; they throw on a broken database, and return values otherwise.
//
// The installation is the first key of everything: no method reaches across tenants but those that say so.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "ports/ask_storage.hpp"
#include "ports/caller_verifier.hpp"
#include "ports/kept_storage.hpp"
#include "ports/people_storage.hpp"
#include "ports/place.hpp"
#include "ports/sign_in_storage.hpp"
#include "ports/support_provider.hpp"
#include "support/session.hpp"
#include "support/session_figures.hpp"
#include "support/settings.hpp"

namespace belay::ports {

// ---- installations, pairing, Jira's tokens ----

struct Installation {
  InstallationId id;                             ///< for ever: everything that is kept stands under it
  InstallationId known_as;                       ///< what Forge calls it now: another name once the app was installed anew. Empty when inserted: `id`
  std::string cloud_id;
  std::string site_url;
  std::string api_base_url;
  std::string app_id;
  std::string environment_id;
  Time paired_at;
  AccountId paired_by;
  std::string paired_by_name;
  std::optional<Time> leaving_since;             ///< unpaired or uninstalled; its farewell is under way
  std::optional<Time> app_token_received_at;
  std::optional<Time> app_token_expires_at;
  std::optional<Time> last_tick_at;
};

/// The operator named it in the configuration, as every Jira Data Center: nobody paired it, and no Forge app stands behind it.
[[nodiscard]] inline bool is_configured(const Installation& installation) { return installation.paired_by.empty(); }

class InstallationStore {
 public:
  virtual ~InstallationStore() = default;
  [[nodiscard]] virtual std::optional<Installation> find(const InstallationId& id) = 0;
  [[nodiscard]] virtual std::optional<Installation> find_known_as(const InstallationId& forge) = 0;
  [[nodiscard]] virtual std::vector<Installation> all() = 0;   ///< across tenants: for the worker and doctor
  virtual void insert(const Installation& installation) = 0;
  virtual void update(const Installation& installation) = 0;
  /// With everything that belongs to it, the audit log included.
  virtual void erase(const InstallationId& id) = 0;

  // Tokens that came with verified calls; sealed; also for installations that are not paired yet (the call that pairs needs them).
  virtual void keep_system_token(const InstallationId& id, const AppToken& token, Time now) = 0;
  virtual void keep_user_token(const InstallationId& id, const AccountId& account, const AppToken& token) = 0;
  [[nodiscard]] virtual std::optional<AppToken> system_token(const InstallationId& id) = 0;
  [[nodiscard]] virtual std::optional<AppToken> user_token(const InstallationId& id, const AccountId& account) = 0;
  /// What came while the installation that Forge calls `newcomer` was not paired becomes `id`'s, whose own tokens end: they were those of an app that is gone.
  virtual void take_over_tokens(const InstallationId& newcomer, const InstallationId& id, Time now) = 0;
  /// Across tenants: forgets tokens that ended before `now`.
  virtual std::size_t erase_expired_tokens(Time now) = 0;

  // Pairing codes: stored hashed, for one site, one use.
  virtual void insert_pairing_code(const std::string& code_hash, const std::string& site_url, Time expires_at) = 0;
  struct PairingCode { std::string site_url; Time expires_at; std::optional<Time> used_at; };
  [[nodiscard]] virtual std::optional<PairingCode> pairing_code(const std::string& code_hash) = 0;
  /// False when it had been used: of two at the same time one wins.
  virtual bool use_pairing_code(const std::string& code_hash, Time now) = 0;
  /// When an installation tried in vain, from `since` on, the oldest first; also of installations that are not paired.
  [[nodiscard]] virtual std::vector<Time> failed_pairings(const InstallationId& id, Time since) = 0;
  virtual void note_failed_pairing(const InstallationId& id, Time now) = 0;
};

// ---- account links ----

/// A second grant of the linked account at the provider, for Registration::reports.
struct ReportsGrant {
  Grant grant;                                   ///< opened; sealed in the table
  Time since;                                    ///< when the user allowed it
  bool expired = false;                          ///< the provider refused it: the user has to allow it again
};

struct AccountLink {
  LinkId id;
  InstallationId installation;
  AccountId account;
  std::string account_name;                      ///< cached, for the admin's list
  ProviderName provider;
  ProviderAccount at_provider;
  Grant grant;                                   ///< opened; sealed in the table
  Time linked_at;
  Time checked_at;                               ///< licence and identity last read from the provider
  bool expired = false;                          ///< the provider refused it, or its tokens do not open: the user has to link again
  bool unreadable = false;                       ///< its tokens do not open with the keys at hand; put() leaves them as they are, until the key is back
  std::optional<Time> ending_since;              ///< being given back: counts as not linked
  std::string group_name;                        ///< group the id below belongs to
  std::string group_id;
  std::optional<ReportsGrant> reports;           ///< goes with the link
};

/// An OAuth dance that has begun: who began it and how to go on.
struct LinkAttempt {
  std::string state_hash;
  InstallationId installation;
  AccountId account;
  std::string code_verifier;                     ///< sealed in the table
  std::string return_url;                        ///< the personal page of that Jira site
  Time expires_at;
  Registration registration = Registration::base;   ///< what consent is asked for
};

/// A grant the provider gave, parked until the one who began comes to fetch it.
struct ParkedGrant {
  std::string token_hash;
  InstallationId installation;
  AccountId account;
  Grant grant;                                   ///< sealed in the table
  ProviderAccount at_provider;
  Time expires_at;
};

/// Somebody who linked an account themselves: whose it is at the provider.
struct LinkedAccount {
  AccountId account;
  ProviderAccountId id;
  std::string email;
};

class LinkStore {
 public:
  virtual ~LinkStore() = default;
  [[nodiscard]] virtual std::optional<AccountLink> find(const InstallationId& installation, const AccountId& account, const ProviderName& provider) = 0;
  [[nodiscard]] virtual std::optional<AccountLink> find(const InstallationId& installation, const LinkId& id) = 0;
  [[nodiscard]] virtual std::vector<AccountLink> all(const InstallationId& installation) = 0;
  /// Of the links that are neither given back nor refused by the provider; no token is opened.
  [[nodiscard]] virtual std::vector<LinkedAccount> linked(const InstallationId& installation, const ProviderName& provider) = 0;
  /// Inserts, or replaces the link of this account at this provider (same row id kept by the caller).
  virtual void put(const AccountLink& link) = 0;
  virtual void erase(const InstallationId& installation, const LinkId& id) = 0;

  virtual void insert_attempt(const LinkAttempt& attempt) = 0;
  /// Finds and erases: a state works once.
  [[nodiscard]] virtual std::optional<LinkAttempt> take_attempt(const std::string& state_hash) = 0;
  [[nodiscard]] virtual std::optional<LinkAttempt> attempt(const std::string& state_hash) = 0;
  virtual void park(const ParkedGrant& grant) = 0;
  [[nodiscard]] virtual std::optional<ParkedGrant> parked(const std::string& token_hash) = 0;
  [[nodiscard]] virtual std::vector<ParkedGrant> all_parked(const InstallationId& installation) = 0;
  /// Finds and erases: a parked grant is fetched once.
  [[nodiscard]] virtual std::optional<ParkedGrant> take_parked(const std::string& token_hash) = 0;
  /// Across tenants. Parked grants are not touched: each has an outbox row that gives it back.
  virtual std::size_t erase_expired_attempts(Time now) = 0;
};

// ---- support sessions ----

/// Sessions by when they were asked for.
struct SessionFilter {
  Time from;                                     ///< then, or later
  Time before;                                   ///< earlier than that
  std::optional<AccountId> agent = {};           ///< whose it is now
  std::optional<ProjectKey> project = {};        ///< of the issue's key as it was then
};

/// A session as a line of a list.
struct SessionLine {
  support::SessionFacts facts;
  IssueId issue;
  std::optional<SessionCode> code;
  std::optional<AccountId> customer;
  std::string customer_name;                     ///< as the session has it
  std::optional<Time> ended_at;
};

class SessionStore {
 public:
  virtual ~SessionStore() = default;
  [[nodiscard]] virtual std::optional<support::SupportSession> find(const InstallationId& installation, const SessionId& id) = 0;
  [[nodiscard]] virtual std::vector<support::SupportSession> of_issue(const InstallationId& installation, const IssueId& issue) = 0;  ///< newest first
  /// Created or taken over: all that are not over, however many; then those that are, until there are `most` in all. Each newest first.
  [[nodiscard]] virtual std::vector<support::SupportSession> of_agent(const InstallationId& installation, const AccountId& agent, std::size_t most) = 0;
  /// Not over, and in this account at the provider: what polling follows and unlinking closes.
  [[nodiscard]] virtual std::vector<support::SupportSession> unfinished_of(const InstallationId& installation, const AccountId& creator) = 0;
  [[nodiscard]] virtual std::vector<support::SupportSession> unfinished(const InstallationId& installation) = 0;
  /// Not over: those whose customer is there first, the longest first; then the others, newest first.
  [[nodiscard]] virtual std::vector<support::SupportSession> most_urgent(const InstallationId& installation, std::size_t most) = 0;
  virtual void insert(const support::SupportSession& session) = 0;
  /// Writes when the stored version is still `session.version`, and adds one to it. False: somebody was faster, read again.
  [[nodiscard]] virtual bool update(support::SupportSession& session) = 0;
  virtual void erase_of_issue(const InstallationId& installation, const IssueId& issue) = 0;
  /// In which the account has a part, in the order of their ids, behind `after`.
  [[nodiscard]] virtual std::vector<support::SupportSession> naming(const InstallationId& installation, const AccountId& account, const SessionId& after, std::size_t most) = 0;
  virtual void erase(const InstallationId& installation, const SessionId& id) = 0;

  // For reports. Newest first, at most `most`; what a page costs does not grow with the pages before.
  [[nodiscard]] virtual std::vector<support::SessionFacts> facts(const InstallationId& installation, const SessionFilter& filter, const std::optional<Place>& after, std::size_t most) = 0;
  [[nodiscard]] virtual std::vector<SessionLine> lines(const InstallationId& installation, const SessionFilter& filter, const std::optional<Place>& after, std::size_t most) = 0;
  [[nodiscard]] virtual std::int64_t count(const InstallationId& installation, const SessionFilter& filter) = 0;

  struct KeyedRequest { std::string body_hash; SessionId session; };
  [[nodiscard]] virtual std::optional<KeyedRequest> keyed(const InstallationId& installation, const AccountId& account, const std::string& key, Time now) = 0;
  virtual void insert_keyed(const InstallationId& installation, const AccountId& account, const std::string& key, const KeyedRequest& request, Time expires_at) = 0;
  virtual std::size_t erase_expired_keys(Time now) = 0;   ///< across tenants
};

// ---- settings ----

class SettingsStore {
 public:
  virtual ~SettingsStore() = default;
  struct Stored { json::object document; std::int64_t version = 0; };
  [[nodiscard]] virtual std::optional<Stored> find(const InstallationId& installation) = 0;
  /// Version 0 means "nothing stored yet". False: another version is stored.
  [[nodiscard]] virtual bool put(const InstallationId& installation, const json::object& document, std::int64_t expected_version) = 0;

  // The same for what one project decided.
  [[nodiscard]] virtual std::optional<Stored> find(const InstallationId& installation, const ProjectId& project) = 0;
  [[nodiscard]] virtual bool put(const InstallationId& installation, const ProjectId& project, const json::object& document, std::int64_t expected_version) = 0;
};

// ---- audit log ----

struct AuditEntry {
  std::string id;                      ///< UUIDv7
  InstallationId installation;
  Time at;
  std::optional<AccountId> actor;      ///< absent: Belay itself
  std::string action;                  ///< stable: session_created, session_closed, link_made …
  std::optional<IssueId> issue;
  std::optional<SessionId> session;
  std::optional<AccountId> person;     ///< whom it concerned
  std::string peer;                    ///< where the call came from, when known
  json::object detail;                 ///< no token, no link, no chat
  std::optional<IssueKey> issue_key = {};        ///< as it was then; the id is what counts
  std::optional<SessionCode> session_code = {};  ///< read only: of the session, as far as it is known
};

/// Which entries; whatever is absent does not count.
struct AuditFilter {
  std::optional<Time> from = {};                 ///< then, or later
  std::optional<Time> before = {};               ///< earlier than that
  bool by_belay = false;                         ///< those of Belay itself, without an actor
  std::optional<AccountId> actor = {};
  std::optional<std::string> action = {};
  std::optional<IssueId> issue = {};
  std::optional<SessionId> session = {};
  std::optional<AccountId> person = {};
};

using AuditPlace = Place;

/// Append-only. What goes, goes with its installation or by its age (kept_storage.hpp); an account that is erased leaves its entries, without its id
/// (docs/decisions/0012-an-erased-account-leaves-its-entries.md).
class AuditLog {
 public:
  virtual ~AuditLog() = default;
  /// An entry without the issue's key gets that of its session, or the last one that the log has for the issue.
  virtual void append(const AuditEntry& entry) = 0;
  /// Newest first, at most `most`. What it costs does not grow with the pages before.
  [[nodiscard]] virtual std::vector<AuditEntry> page(const InstallationId& installation, const AuditFilter& filter, const std::optional<AuditPlace>& after, std::size_t most) = 0;
  [[nodiscard]] virtual std::int64_t count(const InstallationId& installation, const AuditFilter& filter) = 0;
  /// Everybody who did something, and everybody whom something concerned, by id; at most `most` of either.
  struct Accounts { std::vector<AccountId> actors; std::vector<AccountId> people; };
  [[nodiscard]] virtual Accounts accounts(const InstallationId& installation, std::size_t most) = 0;
  /// By what the log itself knows: an issue that was moved has its new key once something was done on it since.
  [[nodiscard]] virtual std::optional<IssueId> issue_of(const InstallationId& installation, const IssueKey& key) = 0;
  [[nodiscard]] virtual std::optional<IssueKey> key_of(const InstallationId& installation, const IssueId& issue) = 0;
  /// Also of a session that is erased. The newest, if a code came twice.
  [[nodiscard]] virtual std::optional<SessionId> session_of(const InstallationId& installation, const SessionCode& code) = 0;
  /// How often this happened on the issue, and when last.
  struct Tally { std::int64_t count = 0; std::optional<Time> last; };
  [[nodiscard]] virtual Tally tally(const InstallationId& installation, const IssueId& issue, const std::string& action) = 0;
  [[nodiscard]] virtual std::vector<AuditEntry> newest(const InstallationId& installation, std::size_t most) = 0;
  /// That name the account in whatever way, the oldest first, behind `after`.
  [[nodiscard]] virtual std::vector<AuditEntry> naming(const InstallationId& installation, const AccountId& account, const std::optional<AuditPlace>& after, std::size_t most) = 0;
  /// At most `most` of these stay, without the id. How many they were; none: it is in no entry any more.
  virtual std::size_t take_out(const InstallationId& installation, const AccountId& account, std::size_t most) = 0;
};

// ---- outbox ----

/// One thing that has to happen outside. Rows leave when their step is done; what keeps failing is set aside with the reason.
struct OutboxRow {
  OutboxId id;
  InstallationId installation;
  std::string kind;                    ///< names the step: session.provision, session.invite, session.close, account.poll …
  std::string subject;                 ///< what it is about: a session id, an account id
  json::object payload;
  Time due_at;
  int attempts = 0;                    ///< tries that ended without success
  std::optional<Time> leased_until;
  std::string leased_by;
  std::optional<Time> set_aside_at;
  std::optional<Error> last_error;
  std::any in_hand{};                  ///< of a row that the process which wrote it begins, for the first time: what its step begins from. Not stored, empty otherwise
};

/// Trace id of the call that wanted this row; empty when none did.
[[nodiscard]] inline std::string trace_of(const OutboxRow& row) { return json::string_at(row.payload, "trace").value_or(""); }

/// Whose a row is until then: nobody else begins it.
struct Lease {
  std::string owner;
  Time until;
};

class Outbox {
 public:
  virtual ~Outbox() = default;
  /// One row per installation, kind and subject: if there is one that is not set aside, it is kept and made due at the earlier of both times;
  /// one that is set aside is replaced.
  virtual void put(const OutboxRow& row) = 0;
  /// For work that begins anew, with another payload and at another time, also later. One that is leased keeps its holder, who goes on with what it
  /// was given; the new payload and time are those of its next run, which there is.
  virtual void replace(const OutboxRow& row) = 0;
  /// For a row that is begun as soon as it is committed, without being claimed. False: there is one already; then it is put(), and nobody's by this call.
  virtual bool put_leased(const OutboxRow& row, const Lease& lease) = 0;
  /// Across tenants. Leases at most `most` rows that are due and not leased, the oldest first.
  [[nodiscard]] virtual std::vector<OutboxRow> claim(const std::string& owner, Time now, Milliseconds lease, std::size_t most) = 0;
  /// False: the lease was lost.
  virtual bool extend(const OutboxId& id, const std::string& owner, Time until) = 0;
  /// The row goes away. Only its lease holder may do it; if put() asked for it again in the meantime it stays and is due.
  virtual void finish(const OutboxId& id, const std::string& owner) = 0;
  /// Due again at `due_at`; the lease is given up. With an error: one try more, and the error is kept. Without: tries and error start anew.
  virtual void again(const OutboxId& id, const std::string& owner, Time due_at, const std::optional<Error>& error) = 0;
  virtual void set_aside(const OutboxId& id, const std::string& owner, Time now, const Error& error) = 0;
  /// The earliest time anything is due; nothing when the outbox is empty.
  [[nodiscard]] virtual std::optional<Time> next_due() = 0;
  /// The clock was set back by that much and now says `now`: what was to come is as far away as it was, and no lease lasts longer than `lease`.
  virtual void clock_set_back(Time now, Milliseconds by, Milliseconds lease) = 0;
  /// Brings an existing row forward; nothing happens when there is none.
  virtual void hasten(const InstallationId& installation, const std::string& kind, const std::string& subject, Time due_at) = 0;
  [[nodiscard]] virtual std::optional<OutboxRow> find(const InstallationId& installation, const std::string& kind, const std::string& subject) = 0;
  virtual void erase(const InstallationId& installation, const std::string& kind, const std::string& subject) = 0;

  // What was set aside, for the admin.
  [[nodiscard]] virtual std::optional<OutboxRow> find(const InstallationId& installation, const OutboxId& id) = 0;
  /// The latest first, at most `most`.
  [[nodiscard]] virtual std::vector<OutboxRow> all_set_aside(const InstallationId& installation, std::size_t most) = 0;
  [[nodiscard]] virtual std::size_t count_set_aside(const InstallationId& installation) = 0;
  /// Due at `due_at`; tries and error start anew. False: it is not set aside, or not there.
  virtual bool take_up(const InstallationId& installation, const OutboxId& id, Time due_at) = 0;

  /// For SQLite, where no other instance can be alive: leases left by a process that was killed are given up.
  virtual void release_all() = 0;
  struct Counts { std::size_t due = 0; std::size_t waiting = 0; std::size_t set_aside = 0; };
  [[nodiscard]] virtual Counts counts(Time now) = 0;
};

class UnitOfWork {
 public:
  virtual ~UnitOfWork() = default;
  virtual InstallationStore& installations() = 0;
  virtual LinkStore& links() = 0;
  virtual SessionStore& sessions() = 0;
  virtual SettingsStore& settings() = 0;
  virtual AuditLog& audit() = 0;
  virtual Outbox& outbox() = 0;
  virtual RosterStore& rosters() = 0;
  virtual MappingStore& mappings() = 0;
  virtual InvitationStore& invitations() = 0;
  virtual AskStore& asks() = 0;
  virtual SignInStore& sign_ins() = 0;
  virtual KeptStore& kept() = 0;
};

/// Runs units of work. Errors besides those of the work itself: `storage_unavailable` (retryable), `overloaded` (the queue is full, retryable).
class Storage {
 public:
  virtual ~Storage() = default;

  /// One transaction: committed when `work` returns a value, rolled back when it returns an error or throws. Serialised enough that what
  /// was read in it still holds at commit; the engine may run `work` again, so it must only touch the unit of work and what it returns.
  template <class T>
  Task<Result<T>> write(std::function<Result<T>(UnitOfWork&)> work) { return run<T>(Mode::write, std::move(work)); }

  /// The same, for what may be gone after a power cut, though never after the end of this process alone: not forced to the disk.
  template <class T>
  Task<Result<T>> write_unforced(std::function<Result<T>(UnitOfWork&)> work) { return run<T>(Mode::write_unforced, std::move(work)); }

  template <class T>
  Task<Result<T>> read(std::function<Result<T>(UnitOfWork&)> work) { return run<T>(Mode::read, std::move(work)); }

  enum class Mode { read, write, write_unforced };

 protected:
  virtual Task<Result<void>> transact(Mode mode, std::function<Result<void>(UnitOfWork&)> work) = 0;

 private:
  template <class T>
  Task<Result<T>> run(Mode mode, std::function<Result<T>(UnitOfWork&)> work) {
    std::optional<Result<T>> answer;
    auto into_answer = [&answer, &work](UnitOfWork& unit) -> Result<void> {
      answer.emplace(work(unit));
      if (!*answer) return std::unexpected(answer->error());
      return {};
    };
    auto done = co_await transact(mode, std::move(into_answer));
    if (!done) co_return std::unexpected(std::move(done).error());
    co_return std::move(*answer);
  }
};

}  // namespace belay::ports
