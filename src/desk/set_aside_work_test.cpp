#include "desk/set_aside_work.hpp"

#include "desk/contact_invitation.hpp"
#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

const Error kTrouble{.code = "provider_unreachable", .cause = "no answer", .detail = {{"provider", "TeamViewer"}, {"maybe_done", true}}, .retryable = true, .retry_after = Milliseconds{3'600'000}};

struct WorkStage : Stage {
  /// As the worker does when a step gives up.
  OutboxId set_aside(const std::string& kind, const std::string& subject, const Error& error = kTrouble) {
    OutboxId id;
    write([&](ports::UnitOfWork& unit) {
      auto row = outbox_row(*doors, installation, kind, subject);
      row.due_at = Time{};   // before all others
      unit.outbox().erase(installation, kind, subject);
      unit.outbox().put(row);
      const auto taken = unit.outbox().claim("worker", clock.now(), Milliseconds{60'000}, 1);
      REQUIRE(taken.size() == 1);
      REQUIRE(taken[0].id == row.id);
      unit.outbox().set_aside(row.id, "worker", clock.now(), error);
      id = row.id;
    });
    return id;
  }
  json::array listed() {
    auto answered = run(set_aside_work->list(admin_caller()));
    REQUIRE_MESSAGE(answered, answered.error().code);
    return answered->at("work").as_array();
  }
  json::object the_one() {
    const auto work = listed();
    REQUIRE(work.size() == 1);
    return work[0].as_object();
  }
  void retry(const OutboxId& id) {
    const auto answered = run(set_aside_work->retry(admin_caller(), id));
    REQUIRE_MESSAGE(answered, answered.error().code);
  }
  /// The row is there, and a worker takes it now.
  bool is_due(const std::string& kind, const std::string& subject) {
    const auto row = asked(kind, subject);
    return row && !row->set_aside_at && row->due_at <= clock.now() && row->attempts == 0 && !row->last_error;
  }
  SessionId made() {
    const auto id = create();
    provision(id);
    return id;
  }
  void change(const SessionId& id, const std::function<void(support::SupportSession&)>& change) {
    REQUIRE(run(change_session(*doors, installation, id, [&](support::SupportSession& now, ports::UnitOfWork&) -> Result<void> {
      change(now);
      return {};
    })));
  }
};

TEST_CASE("what was set aside is shown to Jira admins on the admin page alone, with what it is about and why") {
  WorkStage stage;
  CHECK(stage.listed().empty());
  const auto id = stage.made();
  const auto row = stage.set_aside("session.close", id.value);
  auto elsewhere = stage.admin_caller();
  elsewhere.call.page = support::Page::issue_panel;
  for (const auto& caller : {elsewhere, stage.caller_on(support::Page::admin, stage.colleague)}) {
    CHECK(code_of(stage.run(stage.set_aside_work->list(caller))) == "forbidden");
    CHECK(code_of(stage.run(stage.set_aside_work->retry(caller, row))) == "forbidden");
  }
  const auto item = stage.the_one();
  CHECK(item.at("kind") == "session.close");
  CHECK(std::string(item.at("setAsideAt").as_string()) == to_iso8601(stage.clock.now()));
  CHECK(item.at("tries") == 1);
  CHECK(item.at("issue") == json::object{{"id", "10001"}, {"key", "HELP-1"}});
  CHECK(item.at("session") == json::object{{"id", id.value}, {"code", stage.read(id).made->code.value}});
  CHECK(item.at("agent") == json::object{{"id", "agent"}, {"name", "Name of agent"}});
  const auto& error = item.at("error").as_object();
  CHECK(error.at("code") == "provider_unreachable");
  CHECK(error.at("outcome") == "gave_up");
  CHECK(error.at("detail") == json::object{{"provider", "TeamViewer"}});
  CHECK_MESSAGE(!error.contains("retryAfter"), "that was of the last try");
}

TEST_CASE("each kind says what it is about, also when that is gone") {
  WorkStage stage;
  const auto about = [&](const char* kind, const std::string& subject, const char* what) {
    const auto row = stage.set_aside(kind, subject);
    const auto item = stage.the_one();
    stage.write([&](ports::UnitOfWork& unit) { unit.outbox().erase(stage.installation, kind, subject); });
    return item.contains(what) ? std::string(item.at(what).at("id").as_string()) : std::string();
  };
  const auto id = stage.made();
  for (const auto* kind : {"session.provision", "session.close", "session.sweep", "session.invite", "session.notice"}) CHECK(about(kind, id.value, "session") == id.value);
  for (const auto* kind : {"roster.read", "issue.property", "issue.gone"}) CHECK(about(kind, "10001", "issue") == "10001");
  CHECK(about("contact.invite", "agent|reporter", "person") == "reporter");
  CHECK(about("contact.invite", "agent|reporter", "agent") == "agent");
  CHECK(about("contact.invite", "nobody", "agent").empty());
  CHECK(about("account.poll", "agent", "agent") == "agent");
  CHECK(about("link.check", "agent", "agent") == "agent");
  CHECK(about("link.end", "link-agent", "agent") == "agent");
  CHECK(about("link.end", "gone", "agent").empty());
  CHECK(about("grant.expire", "hash", "agent").empty());
  CHECK(about("session.close", "018f0000-0000-7000-8000-00000000ffff", "issue").empty());
}

TEST_CASE("a link of another agent's is theirs to mend") {
  WorkStage stage;
  auto caller = stage.caller_on(support::Page::admin, stage.colleague);
  stage.permissions.rights_of[stage.colleague].administer = true;
  stage.set_aside("session.close", stage.made().value, fail("link_expired", "revoked", {{"provider", "TeamViewer"}}).error());
  CHECK_FALSE(stage.the_one().at("error").at("detail").as_object().contains("agent"));
  const auto read = stage.run(stage.set_aside_work->list(caller));
  REQUIRE(read);
  const auto& error = read->at("work").as_array()[0].at("error").as_object();
  CHECK(error.at("detail").at("agent") == "Name of agent");
  CHECK_MESSAGE(!error.contains("outcome"), "refused for good");
}

TEST_CASE("try again: due at once, noted in the log with the admin's name, and gone from the list") {
  WorkStage stage;
  const auto row = stage.set_aside("issue.property", "10001");
  stage.work.rings = 0;
  stage.retry(row);
  CHECK(stage.listed().empty());
  CHECK(stage.is_due("issue.property", "10001"));
  CHECK(stage.work.rings == 1);
  std::vector<ports::AuditEntry> log;
  stage.write([&](ports::UnitOfWork& unit) { log = unit.audit().newest(stage.installation, 1); });
  REQUIRE(log.size() == 1);
  CHECK(log[0].action == "work_retried");
  CHECK(log[0].actor == stage.agent);
  CHECK(log[0].issue == IssueId{"10001"});
  CHECK(log[0].detail == json::object{{"kind", "issue.property"}});

  CHECK(code_of(stage.run(stage.set_aside_work->retry(stage.admin_caller(), row))) == "not_set_aside");
  CHECK(code_of(stage.run(stage.set_aside_work->retry(stage.admin_caller(), OutboxId{"018f0000-0000-7000-8000-00000000ffff"}))) == "not_found");
  auto of_another = stage.admin_caller();
  of_another.call.installation = InstallationId{"ari:cloud:ecosystem::installation/2"};
  CHECK(code_of(stage.run(stage.set_aside_work->retry(of_another, row))) == "not_found");
}

TEST_CASE("session.close runs again: the session is closed at the provider") {
  WorkStage stage;
  const auto id = stage.made();
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
  stage.provider.down = kTrouble;
  REQUIRE(is<GiveUp>(stage.close_step(id, 299)));
  REQUIRE(stage.read(id).closing_step == support::Step::failed);
  stage.retry(stage.set_aside("session.close", id.value));
  CHECK(stage.is_due("session.close", id.value));
  stage.provider.down.reset();
  CHECK(is<Done>(stage.close_step(id)));
  CHECK(stage.read(id).closing_step == support::Step::done);
}

TEST_CASE("session.notice runs again: the invitation is edited") {
  WorkStage stage;
  const auto id = stage.made();
  stage.invite(id);
  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
  stage.close_step(id);
  stage.change(id, [](support::SupportSession& now) { now.notice_step = support::Step::failed; });
  stage.retry(stage.set_aside("session.notice", id.value));
  CHECK(stage.is_due("session.notice", id.value));
  CHECK(is<Done>(stage.notice(id)));
  CHECK(stage.read(id).notice_step == support::Step::done);
}

TEST_CASE("session.invite runs again, while the session can be joined") {
  WorkStage stage;
  const auto id = stage.made();
  stage.change(id, [](support::SupportSession& now) {
    now.invitation_step = support::Step::failed;
    now.last_error = kTrouble;
  });
  stage.retry(stage.set_aside("session.invite", id.value));
  CHECK(stage.read(id).invitation_step == support::Step::pending);
  CHECK_FALSE(stage.read(id).last_error);
  CHECK(is<Done>(stage.invite(id)));
  CHECK(stage.read(id).invitation_step == support::Step::done);

  REQUIRE(stage.run(stage.sessions->close(stage.caller(stage.agent), id, std::nullopt)));
  stage.change(id, [](support::SupportSession& now) { now.invitation_step = support::Step::failed; });
  stage.retry(stage.set_aside("session.invite", id.value));
  CHECK_MESSAGE(stage.read(id).invitation_step == support::Step::failed, "nobody is invited to what is over");
}

TEST_CASE("session.provision runs again, though its session had failed: for as long as it was to last") {
  WorkStage stage;
  const auto id = stage.create();
  stage.provider.down = fail("provider_refused", "no", {{"provider", "TeamViewer"}}).error();
  stage.provision(id);
  const auto before = stage.read(id);
  REQUIRE(before.state == support::SessionState::failed);
  stage.clock.time += Milliseconds{3'600'000};
  stage.retry(stage.set_aside("session.provision", id.value));
  stage.provider.down.reset();
  CHECK(stage.read(id).state == support::SessionState::intended);
  CHECK(stage.read(id).valid_until == before.valid_until + Milliseconds{3'600'000});
  CHECK(is<Done>(stage.provision(id)));
  CHECK(stage.read(id).state == support::SessionState::open);
}

TEST_CASE("contact.invite runs again: what it had given up on is being sent") {
  WorkStage stage;
  const auto provider = stage.provider.name();
  stage.write([&](ports::UnitOfWork& unit) {
    unit.invitations().put({.installation = stage.installation, .agent = stage.agent, .person = stage.reporter, .provider = provider, .issue = IssueId{"10001"},
                            .asked_at = stage.clock.now(), .sent_at = {}, .began = false, .last_error = kTrouble});
  });
  stage.retry(stage.set_aside("contact.invite", "agent|reporter"));
  CHECK(stage.is_due("contact.invite", "agent|reporter"));
  stage.write([&](ports::UnitOfWork& unit) { CHECK(is_being_sent(*unit.invitations().find(stage.installation, stage.agent, stage.reporter, provider))); });
}

TEST_CASE("every other kind goes on from what is there: it is due, and nothing stands in its way") {
  WorkStage stage;
  const auto id = stage.made();
  for (const auto& [kind, subject] : std::vector<std::pair<std::string, std::string>>{
           {"session.sweep", id.value}, {"roster.read", "10001"}, {"issue.property", "10001"}, {"issue.gone", "10002"}, {"account.poll", "agent"}, {"link.check", "agent"},
           {"link.end", "link-agent"}, {"grant.expire", "hash"}, {"contact.invite", "nobody"}, {"session.close", "018f0000-0000-7000-8000-00000000ffff"}, {"of.tomorrow", "x"}}) {
    CAPTURE(kind);
    stage.retry(stage.set_aside(kind, subject));
    CHECK(stage.is_due(kind, subject));
  }
  CHECK(stage.read(id).state == support::SessionState::open);
}

TEST_CASE("a full list says that there is more") {
  WorkStage stage;
  for (int i = 0; i < 101; ++i) stage.set_aside("issue.property", std::to_string(20'000 + i));
  const auto answered = stage.run(stage.set_aside_work->list(stage.admin_caller()));
  REQUIRE(answered);
  CHECK(answered->at("work").as_array().size() == 100);
  CHECK(answered->at("more") == true);
  const auto settings = stage.run(stage.administration->settings(stage.admin_caller()));
  REQUIRE(settings);
  for (const auto& line : settings->at("health").as_array()) CHECK((line.at("check").as_string() != "work" || !line.at("ok").as_bool()));
}

}  // namespace
}  // namespace belay::desk
