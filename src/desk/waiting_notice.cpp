#include "desk/waiting_notice.hpp"

#include "base/log.hpp"
#include "desk/report_text.hpp"
#include "desk/session_change.hpp"
#include "desk/session_on_issue.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::SupportSession;

constexpr int kMostTries = 10;

}  // namespace

Task<StepResult> WaitingNotice::tell(ports::OutboxRow row) {
  auto known = co_await session_on_issue(doors_, row);
  if (!known) {
    if (known.error().code == kSessionErased || !may_pass(known.error()) || row.attempts + 1 >= kMostTries) co_return Done{};
    co_return try_again(known.error());
  }
  const auto& session = known->session;
  // Somebody went there meanwhile, or the customer gave up; and where everybody reads comments there is none for the team.
  if (session.state != SessionState::customer_present || session.waiting_told || !known->ticket.service_project) co_return Done{};

  ports::CommentDraft draft;
  draft.issue = session.issue;
  draft.document = waiting_for_agent(session, known->settings.default_language, known->time_zone, doors_.words);
  draft.audience = ports::Audience::team;
  draft.service_project = true;
  draft.purpose = ports::CommentPurpose::waiting;
  draft.session = session.id;
  // Written before the request leaves. A comment whose answer was lost is not written again: late, or twice, it would only mislead.
  auto marked = co_await change_session(doors_, row.installation, session.id, [](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.waiting_told = true;
    return {};
  });
  if (!marked) co_return try_again(marked.error());
  auto written = co_await doors_.tickets.write_comment(step_call(row), std::move(draft));
  if (written && written->visible_to_customer.value_or(false)) {
    // Nothing secret stands in it, but it was for the team.
    log::error("comment_visible_to_customer", {{"installation", row.installation.value}, {"session", session.id.value}});
    if (auto deleted = co_await doors_.tickets.delete_comment(step_call(row), session.issue, written->id); !deleted) log::warning("comment_not_deleted", log::fields_of(deleted.error()));
  }
  if (written) co_return Done{};
  log::warning("waiting_not_told", log::fields_of(written.error(), {{"installation", row.installation.value}, {"session", session.id.value}}));
  const bool surely_not = !maybe_done(written.error());
  if (!surely_not || !may_pass(written.error()) || row.attempts + 1 >= kMostTries) co_return Done{};
  auto unmarked = co_await change_session(doors_, row.installation, session.id, [](SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.waiting_told = false;
    return {};
  });
  if (!unmarked) co_return Done{};
  co_return try_again(written.error());
}

}  // namespace belay::desk
