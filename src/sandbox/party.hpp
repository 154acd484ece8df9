// One of the outside services that the sandbox plays: Jira Cloud, Jira Data Center, Forge, TeamViewer. Each keeps its own state and answers its
// own requests; everything they have in common lies around them and is not their business:
//
// - server/router decides by host and path which party a request is for (on 127.0.0.1 by path alone), and records API calls;
// - server/faults answers, delays, holds or drops in their place, before the effect (handle() is not called) or after it (handle() has
//   run, its answer is kept back), so a party needs no code for faults;
// - control/ reads and changes a party's state through state() and change().
//
// All of it runs on one thread; what handle() awaits must end by itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "net/message.hpp"

namespace belay::sandbox {

class Clock;
class Journal;

/// The base URLs of the running sandbox, without a slash at the end. Known before any request comes, not while parties are built.
/// A Jira that the company runs itself, by a ticket of it, for the start page.
struct OwnJira {
  std::string title;                 ///< "Harbour Print Works, Data Center 11.3.0"
  std::string ticket;                ///< an address that signs in who has it
};

struct Addresses {
  std::uint16_t port = 0;
  std::string site;                  ///< http://jira.localhost:PORT
  std::string forge;                 ///< http://forge.localhost:PORT
  std::string jira_api;              ///< http://api.localhost:PORT; under it /ex/jira/<cloudId>
  std::string teamviewer;            ///< http://teamviewer.localhost:PORT: sign-in, consent (/oauth2/authorize), customer and other pages
  std::string teamviewer_api;        ///< http://webapi.teamviewer.localhost:PORT; under it /api/v1
  std::string teamviewer_launch;     ///< http://start.teamviewer.localhost:PORT: what https://start.teamviewer.com is
  std::string control;               ///< http://127.0.0.1:PORT/_control
  std::vector<OwnJira> own_jiras{};
};

/// What every party is handed; it outlives them.
struct Stage {
  Clock& clock;
  Journal& journal;
  const Addresses& addresses;
};

class Party {
 public:
  Party() = default;
  Party(const Party&) = delete;
  Party& operator=(const Party&) = delete;
  virtual ~Party() = default;

  /// As the journal, the recording and fault rules name it: "jira", "datacenter", "forge", "teamviewer".
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Answers one request; an exception becomes a 500 and is logged. Which host was asked is in `request.host` (127.0.0.1 when a caller
  /// cannot resolve *.localhost; then only API paths arrive here).
  virtual Task<net::Response> handle(net::Request request) = 0;

  /// This party's part of `GET control/state`, as docs/sandbox/state.schema.json has it.
  [[nodiscard]] virtual json::object state() const = 0;

  /// Its part of `PUT control/state`: only the members given change. Error `invalid_field` or `unknown_field`; then nothing has changed.
  virtual Result<void> change(json::object patch) = 0;
};

}  // namespace belay::sandbox
