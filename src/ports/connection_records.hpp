// The door to what became of support sessions: the provider's records of single connections, and the notes on them.
// Only accounts whose user allowed it are asked for (docs/account-link.md, "Bringing results back").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "ports/call.hpp"
#include "ports/support_provider.hpp"

namespace belay::ports {

/// One connection of a supporter to a customer. A session has none when nobody connected, and several when somebody came back.
struct ConnectionRecord {
  RecordId id;
  SessionCode session_code;              ///< as it was asked for, whatever spelling the provider has
  ProviderAccountId user;                ///< who supported; empty: the provider did not say
  std::string user_name;                 ///< as the provider had it then; may be empty
  Time start;
  std::optional<Time> end;               ///< absent: still running, or never told
  std::string notes;                     ///< typed by the supporter, there or here; any length
  std::optional<int> rating;             ///< the customer's; higher is better, the provider does not say of how many
  std::string customer_comment;          ///< beside the rating; written by a stranger, may be empty
};

/// Errors of both: `reports_not_allowed` (this account has no grant that may read records, or the provider does not accept it any more: there is
/// nothing to ask with until its user allows it again; detail.expired = true in the second case), `provider_permission` (the licence does not cover records),
/// and those of SupportProvider but `link_expired`. The account link stays as it is, whatever becomes of this grant.
class ConnectionRecords {
 public:
  virtual ~ConnectionRecords() = default;

  /// All records of the session there are by now, earliest start first, each once. Records come late: minutes after a connection ended, and there is
  /// no telling whether another follows. `from`: when the session was made, by our clock; keeps the search short.
  virtual Task<Result<std::vector<ConnectionRecord>>> of_session(Call call, LinkRef link, SessionCode code, Time from) = 0;

  /// Replaces the record's notes, with the same text as often as it is asked. `not_found`: there is no such record, or none of this account.
  virtual Task<Result<void>> set_notes(Call call, LinkRef link, RecordId record, std::string notes) = 0;
};

}  // namespace belay::ports
