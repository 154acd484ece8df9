#include "desk/invitation_reading.hpp"

namespace belay::desk {
namespace {

// The provider may take its time with the session; an issue that was moved meanwhile must not be taken for what it was.
constexpr Milliseconds kLife{15'000};

}  // namespace

Task<InvitationFacts> InvitationReading::read(ports::Call call, support::SupportSession session) {
  auto [ticket, agent] = co_await both(doors_.tickets.ticket(call, ports::AsApp{}, session.issue), doors_.users.user(call, session.supporter));
  co_return InvitationFacts{.ticket = std::move(ticket), .agent = std::move(agent)};
}

Task<void> InvitationReading::read_into(std::shared_ptr<Reading> reading, ports::Call call, support::SupportSession session) {
  struct End {
    Reading& reading;
    ~End() {
      reading.is_over = true;
      reading.ended.ring();
    }
  };
  const End end{*reading};   // also when it throws
  reading->facts = co_await read(std::move(call), std::move(session));
}

Task<void> InvitationReading::begin(ports::Call call, support::SupportSession session) {
  if (session.invitation != support::Invitation::for_customer) co_return;
  const Key key{session.installation, session.id};
  const auto now = doors_.clock.now();
  if (begun_.find(key, now) != nullptr) co_return;
  auto reading = std::make_shared<Reading>();
  begun_.keep(key, reading, now, kLife);
  co_await readings_.start("read what an invitation is written from", read_into(std::move(reading), std::move(call), std::move(session)));
}

Task<std::optional<InvitationFacts>> InvitationReading::soon(InstallationId installation, SessionId session, Milliseconds patience) {
  const Key key{std::move(installation), std::move(session)};
  const auto* begun = begun_.find(key, doors_.clock.now());
  const auto reading = begun == nullptr ? nullptr : *begun;
  if (reading && !reading->is_over) co_await reading->ended.wait(patience);
  if (!reading || !reading->facts || !reading->facts->ticket) co_return std::nullopt;
  begun_.forget(key);
  co_return std::move(*reading->facts);
}

Task<InvitationFacts> InvitationReading::facts(ports::Call call, support::SupportSession session) {
  const Key key{session.installation, session.id};
  const auto* begun = begun_.find(key, doors_.clock.now());
  const auto reading = begun == nullptr ? nullptr : *begun;
  begun_.forget(key);
  if (reading && !reading->is_over) co_await reading->ended.wait(call.deadline);
  if (reading && reading->facts && reading->facts->ticket) co_return std::move(*reading->facts);
  co_return co_await read(std::move(call), std::move(session));
}

}  // namespace belay::desk
