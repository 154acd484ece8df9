// Everything that TeamViewer's endpoints and pages work on, and the changes that both can cause: a customer joins, a supporter
// connects, a session ends. Each change is written into the journal here, once, whoever caused it.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "sandbox/clock.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/party.hpp"
#include "sandbox/teamviewer/grants.hpp"
#include "sandbox/teamviewer/settings.hpp"
#include "sandbox/teamviewer/world.hpp"

namespace belay::sandbox::teamviewer {

/// Counts calls per function and token over a sliding window.
class RateMeter {
 public:
  /// True when one more call is within the limit; it is then counted.
  bool allow(std::string_view function, std::string_view token, const RateLimit& limit, Time now);
  void forget() { calls_.clear(); }

 private:
  std::map<std::pair<std::string, std::string>, std::deque<Time>> calls_;
};

/// What tells a session from others beside its code: the text that whoever made it keeps there.
[[nodiscard]] json::object identity_of(const Session& session);

struct Scene {
  Stage stage;
  World world{};
  Grants grants{};
  Settings settings{};
  RateMeter meter{};

  [[nodiscard]] Time now() const { return stage.clock.now(); }

  /// One line of the journal in TeamViewer's name.
  void note(std::string_view kind, std::string_view account, json::object object, json::object identity = {}, json::object more = {});

  /// As the API prints times: whole seconds, in the spelling that the settings ask for, or in the basic one.
  [[nodiscard]] std::string wire_time(Time time, bool basic = false) const;

  // Links in the shapes of the real ones, on the sandbox's own hosts.
  [[nodiscard]] std::string customer_link(const Session& session) const;
  [[nodiscard]] std::string supporter_link(const Session& session) const;
  [[nodiscard]] std::string browser_link(const Session& session, const Account* supporter) const;
  /// Ends in the literal [size]. Empty when there is no picture.
  [[nodiscard]] std::string picture_url(const Account& account) const;

  // What happens to sessions. Callers have checked that it may.
  void join(Session& session);
  void leave(Session& session);
  void connect(Session& session, const Account& supporter, std::string_view client);
  void disconnect(Session& session, const Account& supporter, std::string notes);
  /// `by`: "api" or the page it was done on. Ends running connections, the customer is gone afterwards.
  void close(Session& session, std::string_view by, std::string_view account);
  void reopen(Session& session, std::string_view account);
  /// Open and still valid sessions that count against the account's licence.
  [[nodiscard]] std::size_t live_sessions(std::string_view account) const;

  /// The tokens of a grant are worth nothing afterwards. `by`: "app", "account" or "control".
  void revoke(Grant& grant, std::string_view by);
};

}  // namespace belay::sandbox::teamviewer
