// What an invitation is written from besides its session, read at Jira while the session is still being made at the provider: then the comment follows
// the session with no call between them.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "base/bell.hpp"
#include "base/task_group.hpp"
#include "desk/doors.hpp"
#include "desk/remembered.hpp"
#include "support/session.hpp"

namespace belay::desk {

struct InvitationFacts {
  Result<ports::Ticket> ticket;
  Result<support::Person> agent;   ///< who created the session
};

class InvitationReading final {
 public:
  explicit InvitationReading(const Doors& doors) : doors_(doors) {}

  /// Begins to read, and waits for nothing. Not for an internal invitation: whether its issue still has comments that only the team reads is asked right
  /// before it is written.
  Task<void> begin(ports::Call call, support::SupportSession session);
  /// What was begun and is read by now, or within `patience`; nothing: ask for facts().
  Task<std::optional<InvitationFacts>> soon(InstallationId installation, SessionId session, Milliseconds patience);
  /// What was begun a moment ago, once it is there; else what is read now. Each reading is told once: whoever tries again reads again.
  Task<InvitationFacts> facts(ports::Call call, support::SupportSession session);

  /// Drops what nobody asked for. To be called every minute.
  void tidy() { begun_.tidy(doors_.clock.now()); }

 private:
  using Key = std::pair<InstallationId, SessionId>;
  struct Reading {
    std::optional<InvitationFacts> facts;
    bool is_over = false;
    Bell ended;
  };

  Task<InvitationFacts> read(ports::Call call, support::SupportSession session);
  Task<void> read_into(std::shared_ptr<Reading> reading, ports::Call call, support::SupportSession session);

  const Doors& doors_;
  Remembered<Key, std::shared_ptr<Reading>> begun_;
  TaskGroup readings_;
};

}  // namespace belay::desk
