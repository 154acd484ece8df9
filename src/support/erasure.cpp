#include "support/erasure.hpp"

#include <algorithm>

namespace belay::support {
namespace {

bool is_another(const AccountId& one, const AccountId& account) { return one != account && !is_erased(one); }

// What agents and customers wrote of the session. Figures and times are about nobody.
void take_out_texts(SupportSession& session) {
  session.description.clear();
  session.notes.clear();
  session.notes_at_provider.clear();
  if (!session.report) return;
  session.report->notes.clear();
  session.report->customer_comment.clear();
}

}  // namespace

bool names(const SupportSession& session, const AccountId& account) {
  return session.creator == account || session.supporter == account || session.customer.account == account ||
         std::ranges::find(session.joined_by, account, &AgentName::account) != session.joined_by.end() ||
         std::ranges::any_of(session.presses, [&](const BeforeConnect& press) { return press.supporter.account == account; });
}

bool is_anothers_too(const SupportSession& session, const AccountId& account) {
  return is_another(session.creator, account) || is_another(session.supporter, account) || (session.customer.account && is_another(*session.customer.account, account)) ||
         std::ranges::any_of(session.joined_by, [&](const AgentName& agent) { return is_another(agent.account, account); }) ||
         std::ranges::any_of(session.presses, [&](const BeforeConnect& press) { return is_another(press.supporter.account, account); });
}

void take_out(SupportSession& session, const AccountId& account) {
  if (!names(session, account)) return;
  session.redacted = true;
  const AccountId nobody{std::string(kErasedAccount)};
  std::erase_if(session.joined_by, [&](const AgentName& agent) { return agent.account == account; });
  // What their press found: whoever had it before has it again, and may have been with the customer all the while.
  std::optional<BeforeConnect> found;
  if (session.supporter == account && !session.presses.empty()) {
    found = std::move(session.presses.back());
    session.presses.pop_back();
  }
  std::erase_if(session.presses, [&](const BeforeConnect& press) { return press.supporter.account == account; });
  if (session.creator == account) {
    session.creator = nobody;
    session.creator_name.clear();
    session.provider_account = {};
  }
  if (session.supporter == account) {
    const bool goes_back = found && is_another(found->supporter.account, account);
    session.supporter = goes_back ? found->supporter.account : session.creator;
    session.supporter_name = goes_back ? found->supporter.name : session.creator_name;
    // Where whoever has it now has not been there, a customer who is must not look attended to.
    if (session.state == SessionState::in_progress && (!goes_back || found->waiting)) session.state = SessionState::customer_present;
  }
  if (session.customer.account == account) {
    session.customer = {};
    take_out_texts(session);
  }
  // The names that the provider's records gave are of its own accounts: which of them is this person's, they do not say.
  if (session.report) session.report->supporters.clear();
  session.last_error.reset();   // may name an agent
}

bool rename(SupportSession& session, const AccountId& account, const std::string& name) {
  bool changed = false;
  const auto say = [&](const AccountId& whose, std::string& place) {
    if (whose != account || place == name) return;
    place = name;
    changed = true;
  };
  say(session.creator, session.creator_name);
  say(session.supporter, session.supporter_name);
  if (session.customer.account && *session.customer.account == account && session.customer.name != fitting_customer_name(name)) {
    session.customer.name = fitting_customer_name(name);
    changed = true;
  }
  for (auto& agent : session.joined_by) say(agent.account, agent.name);
  for (auto& press : session.presses) say(press.supporter.account, press.supporter.name);
  return changed;
}

}  // namespace belay::support
