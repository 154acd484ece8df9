// The tokens of account links: read from the store for each call, refreshed once when they have expired or were refused, and stored before they
// are used. A link holds one grant of each registration; each has a LinkTokens of its own, and neither touches the other's.
//
// TeamViewer may give a new refresh token with each refresh and spend the old one (docs/teamviewer.md, "Linking"). So in one process only one refresh of a
// link runs at a time, and of two processes the one that comes too late finds the tokens that the other has stored.
#pragma once

#include <optional>
#include <string>

#include "net/single_flight.hpp"
#include "ports/storage.hpp"
#include "teamviewer/oauth.hpp"

namespace belay::teamviewer {

class LinkTokens final {
 public:
  /// All of them outlive it, and it outlives the last run of `io`: a refresh under way belongs to nobody who waits for it.
  LinkTokens(boost::asio::io_context& io, OAuth& oauth, ports::Storage& storage, const ports::Clock& clock, const Settings& settings, ports::Registration registration);

  /// One that is good as far as TeamViewer said how long it would be: renewed before, where that time is over. `not_linked`, `link_expired`;
  /// `reports_not_allowed` where the link has no such grant.
  Task<Result<std::string>> access_token(ports::LinkRef link, std::string trace_id, Until until);

  /// What is good now that `stale` was refused. `link_expired`: the user has to consent again, and the grant is marked so.
  Task<Result<std::string>> renewed(ports::LinkRef link, std::string stale, std::string trace_id, Until until);

  /// Marks the grant as refused, unless it has other tokens by now.
  Task<Result<void>> expire(ports::LinkRef link, std::string stale);

 private:
  /// The one grant of a link that is meant here.
  struct Held { ports::Grant grant; bool expired = false; };
  [[nodiscard]] std::optional<Held> held_in(const ports::AccountLink& link) const;
  void hold_in(ports::AccountLink& link, Held held) const;

  Task<Result<Held>> read(ports::LinkRef link);
  Task<Result<std::string>> renew(ports::LinkRef link, std::string stale, std::string trace_id);
  Task<Result<std::string>> wait_for_other_process(ports::LinkRef link, std::string stale);
  Task<Result<std::string>> store(ports::LinkRef link, std::string stale, ports::Grant fresh, std::string trace_id);

  OAuth& oauth_;
  ports::Storage& storage_;
  const ports::Clock& clock_;
  const Settings& settings_;
  const ports::Registration registration_;
  net::SingleFlight<Result<std::string>> flights_;
  net::SingleFlight<Result<Held>> reads_;
};

/// Key of a link's grant in this room: for limits, which TeamViewer counts for each token, and single flight.
[[nodiscard]] std::string key_of(const ports::LinkRef& link, ports::Registration registration);

}  // namespace belay::teamviewer
