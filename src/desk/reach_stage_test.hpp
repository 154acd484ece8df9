// A desk with somebody on the issue whom the agent may reach: Ana, who shows her address, and a provider that reports invitations as TeamViewer does.
#pragma once

#include "desk/reach.hpp"
#include "desk/stage_test.hpp"

namespace belay::desk {

inline constexpr Milliseconds kDay{24 * 3'600'000};

[[nodiscard]] inline Error error(std::string code, bool retryable = false) { return {.code = std::move(code), .cause = {}, .detail = {}, .retryable = retryable, .retry_after = {}}; }

struct ReachStage : Stage {
  const AccountId ana{"ana"};
  const std::string address = "ana@example.com";
  const IssueId issue{"10001"};

  ReachStage() {
    shows(ana, address);
    users.known[reporter] = person(reporter, "");
    tickets.known.assignee = person(ana, address);
    contacts.on_invite = error("provider_refused");   // although it went out
  }

  static support::Person person(const AccountId& id, const std::string& at) {
    support::Person made;
    made.id = id;
    made.name = "Name of " + id.value;
    made.address = at;
    return made;
  }
  void shows(const AccountId& who, const std::string& at) { users.known[who] = person(who, at); }
  void listed(const std::string& at, const std::string& id, support::Presence presence = support::Presence::online, std::optional<std::vector<support::LaunchMode>> modes = {}, const std::string& user = {}) {
    contacts.list.push_back({.address = at, .contact = {.id = ContactId{id}, .user = ProviderAccountId{user}, .name = "Name of " + id, .picture = {}, .presence = presence, .supported = std::move(modes)}});
  }
  void pass(Milliseconds time) { clock.time += time; }

  Result<json::object> ask_to_invite(const AccountId& who) { return run(reach->invite(caller(agent), who)); }
  Result<json::object> ask_to_invite() { return ask_to_invite(ana); }
  StepResult send(int attempts = 0) { return send_for(agent, ana, attempts); }
  StepResult send_for(const AccountId& whose, const AccountId& who, int attempts = 0) {
    return run(reach->send_invitation(row("contact.invite", whose.value + "|" + who.value, attempts)));
  }
  bool is_to_be_sent() { return is_asked_for("contact.invite", "agent|ana"); }
  std::optional<ports::ContactInvitation> invitation() {
    std::optional<ports::ContactInvitation> found;
    write([&](ports::UnitOfWork& unit) { found = unit.invitations().find(installation, agent, ana, provider.name()); });
    return found;
  }
  // As the worker leaves it: the row is gone.
  void settled() {
    write([&](ports::UnitOfWork& unit) { unit.outbox().erase(installation, "contact.invite", "agent|ana"); });
  }
  void invited() {
    REQUIRE(ask_to_invite());
    CHECK(is<Done>(send()));
    settled();
  }

  Result<std::string> launch(support::LaunchMode mode = support::LaunchMode::chat) { return run(reach->launch(caller(agent), ana, mode)); }
  json::object seen(const AccountId& whose, const AccountId& who) {
    const auto shown = run(panel->show(caller(whose), ""));
    REQUIRE(shown);
    const auto answer = json::parse_object(*shown);
    for (const auto& one : answer->at("people").as_array()) {
      if (one.at("id").as_string() == who.value) return one.as_object();
    }
    return {};
  }
  std::string standing() {
    const auto one = seen(agent, ana);
    return one.contains("standing") ? std::string(one.at("standing").as_string()) : std::string("not shown");
  }
  std::vector<ports::AuditEntry> audit() {
    std::vector<ports::AuditEntry> entries;
    write([&](ports::UnitOfWork& unit) { entries = unit.audit().newest(installation, 100); });
    return entries;
  }
  void unlinked() {
    change_link(agent, [&](ports::AccountLink& link) { link.ending_since = clock.now(); });
  }
  void second_agent() {
    link(colleague);
    change_link(colleague, [](ports::AccountLink& link) { link.at_provider.id = ProviderAccountId{"u2"}; });
  }
};

}  // namespace belay::desk
