// A session that is over, with the records that its provider has of it.
#pragma once

#include "desk/stage_test.hpp"

namespace belay::desk {

inline constexpr Milliseconds kMinute{60'000};

struct Reporting : Stage {
  SessionId id = begun();

  SessionId begun() {
    records.allowed.insert(agent);
    SessionWish wish;
    wish.customer.account = reporter;
    auto made = opened(wish);
    clock.time += 30 * kMinute;
    return made;
  }
  void come(bool online = true) {
    provider.sessions.front().online = online;
    poll();
  }
  void end(std::string notes = {}) {
    REQUIRE(run(sessions->close(caller(agent), id, TypedNotes{.notes = std::move(notes)})));
    close_step(id);
  }
  /// As the worker does it, two minutes later.
  void end_and_look(std::string notes = {}) {
    end(std::move(notes));
    clock.time += 2 * kMinute;
    look();
  }
  ports::ConnectionRecord& record(std::string notes, Milliseconds from, std::optional<Milliseconds> length) {
    ports::ConnectionRecord one;
    one.id = RecordId{"record " + std::to_string(records.records.size())};
    one.session_code = read(id).made->code;
    one.user_name = "Ada at work";
    one.start = clock.now() + from;
    if (length) one.end = one.start + *length;
    one.notes = std::move(notes);
    return records.records.emplace_back(one);
  }
  void forget(const std::string& kind) {
    write([&](ports::UnitOfWork& unit) { unit.outbox().erase(installation, kind, id.value); });
  }
  void put_off(const std::string& kind) {
    write([&](ports::UnitOfWork& unit) {
      auto there = unit.outbox().find(installation, kind, id.value);
      if (!there) return;
      there->due_at = clock.now() + 24 * 60 * kMinute;
      unit.outbox().erase(installation, kind, id.value);
      unit.outbox().put(*there);
    });
  }
  bool is_due(const std::string& kind) {
    const auto there = asked(kind, id.value);
    return there && there->due_at <= clock.now();
  }
  StepResult look() { return run(report_look->look(row("session.report", id.value))); }
  StepResult write_back(int attempts = 0) { return run(report_writing->write_back(row("session.report_back", id.value, attempts))); }
  StepResult book(int attempts = 0) { return run(worklog_writing->book(row("session.worklog", id.value, attempts))); }
  StepResult tell() { return run(waiting_notice->tell(row("session.waiting", id.value))); }
  Milliseconds until_next(const StepResult& result) {
    REQUIRE(is<LaterAt>(result));
    return std::get<LaterAt>(result).due_at - *read(id).ended_at;
  }
  std::vector<std::string> written_for(ports::CommentPurpose purpose) {
    std::vector<std::string> texts;
    for (const auto& comment : tickets.comments) {
      if (comment.purpose == purpose) texts.push_back(support::to_plain_text(comment.document));
    }
    return texts;
  }
  std::vector<std::string> reported() { return written_for(ports::CommentPurpose::report); }
};

}  // namespace belay::desk
