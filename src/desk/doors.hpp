// What every use case is given: the doors of the house, and who is calling.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "base/catalogue.hpp"
#include "desk/changes.hpp"
#include "ports/account_reports.hpp"
#include "ports/bus.hpp"
#include "ports/caller_verifier.hpp"
#include "ports/clock.hpp"
#include "ports/connection_records.hpp"
#include "ports/contacts.hpp"
#include "ports/marks.hpp"
#include "ports/permissions.hpp"
#include "ports/storage.hpp"
#include "ports/support_provider.hpp"
#include "ports/tickets.hpp"
#include "ports/users.hpp"
#include "ports/work.hpp"

namespace belay::desk {

/// Fixed facts of this server that use cases mention.
struct House {
  std::string public_url;           ///< origin
  std::string default_group;        ///< configuration's provider group; an admin's setting wins
  std::size_t calls_per_minute = 40; ///< that one function of the provider takes in the name of one account
  Milliseconds look_patience{800};  ///< how long a page's answer waits for news of its sessions: what comes later is on the next one
  Milliseconds facts_life{2'000};   ///< how long facts are believed that another instance may have changed; long where there is none
};

struct Doors {
  ports::Storage& storage;
  ports::Tickets& tickets;
  ports::Users& users;
  ports::Permissions& permissions;
  ports::Marks& marks;
  ports::SupportProvider& provider;
  ports::Contacts& contacts;
  ports::ConnectionRecords& records;
  ports::AccountReports& account_reports;
  const ports::Clock& clock;
  ports::Random& random;
  ports::Digests& digests;
  ports::Work& work;                ///< told when the outbox has something new
  const Catalogue& words;
  Changes& changes;
  House house;
};

/// How long a page waits for Jira or the provider before it is told what is missing.
inline constexpr Milliseconds kPatience{2'000};
/// A use case that changes something may take longer.
inline constexpr Milliseconds kLongPatience{10'000};
/// For everything that one call asks outside, in however many rounds. Forge gives up after 25 s, and its own way to us and the check of the token are in that.
inline constexpr Milliseconds kWholePatience{20'000};

/// A verified caller with a principal: an agent or an admin on one of our pages.
struct Caller {
  ports::VerifiedCall call;
  AccountId account;
  std::string trace_id;
  std::string peer;                 ///< address the call came from; in Cloud that of Atlassian
  std::chrono::steady_clock::time_point until = std::chrono::steady_clock::now() + kWholePatience;   ///< nothing outside is waited for any longer

  [[nodiscard]] const InstallationId& installation() const { return call.installation; }
};

/// `most`, or what is left of the caller's whole patience; never nothing, so that what comes too late fails as any other call does.
[[nodiscard]] inline Milliseconds patience_of(const Caller& caller, Milliseconds most) {
  const auto left = std::chrono::duration_cast<Milliseconds>(caller.until - std::chrono::steady_clock::now());
  return std::min(most, std::max(left, Milliseconds{1}));
}

[[nodiscard]] inline ports::Call outside_call(const Caller& caller, Milliseconds deadline) {
  return ports::Call{.installation = caller.installation(), .trace_id = caller.trace_id, .deadline = patience_of(caller, deadline), .api_base_url = {}};
}

/// For the audit log: a fresh entry by this caller, now.
[[nodiscard]] ports::AuditEntry audit_entry(const Doors& doors, const Caller& caller, std::string action);
/// By Belay itself.
[[nodiscard]] ports::AuditEntry audit_entry(const Doors& doors, const InstallationId& installation, std::string action);

/// A row for the outbox, due now. What comes of it carries the trace, to the other side and into the log; empty: nobody's.
[[nodiscard]] ports::OutboxRow outbox_row(const Doors& doors, const InstallationId& installation, std::string kind, std::string subject, const std::string& trace_id = {});
/// The same, wanted by a caller.
[[nodiscard]] ports::OutboxRow outbox_row(const Doors& doors, const Caller& caller, std::string kind, std::string subject);
/// The same, following from another row.
[[nodiscard]] ports::OutboxRow outbox_row(const Doors& doors, const ports::OutboxRow& from, std::string kind, std::string subject);

}  // namespace belay::desk
