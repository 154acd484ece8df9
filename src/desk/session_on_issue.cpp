#include "desk/session_on_issue.hpp"

#include "desk/installation_settings.hpp"

namespace belay::desk {

Task<Result<SessionOnIssue>> session_on_issue(const Doors& doors, ports::OutboxRow row) {
  struct Stored { support::SupportSession session; support::Settings settings; };
  auto stored = co_await doors.storage.read<Stored>([&](ports::UnitOfWork& unit) -> Result<Stored> {
    auto session = unit.sessions().find(row.installation, SessionId{row.subject});
    if (!session) return fail(std::string(kSessionErased), "erased since");
    return Stored{.session = std::move(*session), .settings = settings_of(unit, row.installation, doors.words).settings};
  });
  if (!stored) co_return std::unexpected(stored.error());
  auto [ticket, supporter] = co_await both(doors.tickets.ticket(step_call(row), ports::AsApp{}, stored->session.issue), doors.users.user(step_call(row), stored->session.supporter));
  if (!ticket) co_return std::unexpected(ticket.error());
  co_return SessionOnIssue{.session = std::move(stored->session), .settings = std::move(stored->settings), .ticket = std::move(*ticket), .time_zone = supporter ? supporter->time_zone : std::string()};
}

}  // namespace belay::desk
