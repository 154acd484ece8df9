#include "desk/session_view.hpp"

#include <chrono>

#include "desk/steps.hpp"
#include "support/customer_text.hpp"
#include "support/document.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;

json::array actions_of(const support::SupportSession& session, const Viewer& viewer) {
  json::array actions;
  if (!viewer.may_act) return actions;
  const bool live = support::is_live(session.state);
  const bool own_customer = session.customer.account && *session.customer.account == viewer.account;
  if (live && viewer.may_begin && viewer.link_usable && !own_customer) {
    actions.emplace_back("connect");
    actions.emplace_back("connect_browser");
  }
  if (live && viewer.may_begin) actions.emplace_back("copy_link");
  if (support::can_be_replaced(session) && viewer.may_begin && viewer.link_usable && !own_customer) actions.emplace_back("replace");
  if (viewer.may_begin && support::may_send_again_at(session)) actions.emplace_back("send_again");
  if (support::takes_notes(session.state)) actions.emplace_back("note");
  if (live) actions.emplace_back("close");
  if (session.state == SessionState::intended) actions.emplace_back("cancel");
  const bool some_beginning_failed = session.state == SessionState::failed || (live && session.invitation_step == Step::failed);
  if ((viewer.may_begin && some_beginning_failed) || session.closing_step == Step::failed) actions.emplace_back("retry");
  return actions;
}

}  // namespace

std::optional<Mail> mail_for(const support::SupportSession& session, const Catalogue& words) {
  if (!support::is_live(session.state) || !session.made || session.customer.account || session.customer.nobody()) return std::nullopt;
  const support::Moment valid_until{session.valid_until, support::time_in_zones(session.valid_until, {})};   // with its day: a mail is read later
  const json::object values{{"issue", session.issue_key.value},
                            {"name", session.customer.name},
                            {"link", session.made->customer_link},
                            {"code", session.made->code.value},
                            {"validUntil", support::to_plain_text({{{valid_until}}})},
                            {"agent", session.supporter_name}};
  return Mail{.to = session.customer.email, .subject = words.text(session.language, "mail.subject", values), .body = words.text(session.language, "mail.body", values)};
}

namespace {

// How things stand with a step whose last try failed; nothing when the session itself was refused for good.
std::string_view outcome_of(const support::SupportSession& session, const Error& error) {
  if (support::is_live(session.state) && session.invitation_step == Step::failed) return "not_invited";
  if (session.closing_step == Step::failed) return "not_closed";
  if (support::is_live(session.state) && session.sendings > 1 && session.invitation_step == Step::done) return "not_sent_again";
  if (!error.retryable) return {};
  const bool goes_on = session.session_step == Step::pending || session.invitation_step == Step::pending || session.closing_step == Step::pending;
  if (!goes_on) return "gave_up";
  return maybe_done(error) ? "unknown" : "waiting";
}

void say_outcome(json::object& view, const Error& error, std::string_view outcome, const Catalogue& words) {
  view["outcome"] = outcome;
  const auto reason = "error.reason." + error.code;
  if (words.has("en", reason)) view["message"] = words.text("en", reason, error.detail) + " " + words.text("en", "error.outcome." + std::string(outcome), error.detail);
}

// A step's error is read long after the try: when the next one is due is not said, but that there is one.
json::object step_error_view(const support::SupportSession& session, const AccountId& viewer, const Catalogue& words) {
  auto error = *session.last_error;
  // A link that is of no use is the creator's to mend, whoever reads this.
  if ((error.code == "link_expired" || error.code == "not_linked") && session.creator != viewer) error.detail["agent"] = session.creator_name;
  // What is open elsewhere may be on an issue that this reader may not see.
  if (error.code == "licence_limit_reached" && session.creator != viewer) {
    error.detail.erase("sessionCode");
    error.detail.erase("issueKey");
  }
  error.retry_after.reset();
  auto view = error_view(error, words);
  const auto outcome = outcome_of(session, error);
  if (!outcome.empty()) say_outcome(view, error, outcome, words);
  return view;
}

}  // namespace

json::object error_view(const Error& error, const Catalogue& words) {
  const auto seconds = error.retry_after ? std::optional(std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count()) : std::nullopt;
  const auto key = "error." + error.code;
  const auto of_another = key + ".of_another";   // for an error that is another agent's to mend
  json::object view{{"code", error.code}, {"message", words.text("en", error.detail.contains("agent") && words.has("en", of_another) ? of_another : key, error.detail)}};
  if (!error.detail.empty()) {
    auto detail = error.detail;
    detail.erase("maybe_done");  // ours, for the worker
    if (!detail.empty()) view["detail"] = std::move(detail);
  }
  if (seconds) view["retryAfter"] = *seconds;
  return view;
}

json::object given_up_view(Error error, const Catalogue& words) {
  const bool tried_long = may_pass(error);
  error.retry_after.reset();   // that was of the last try
  auto view = error_view(error, words);
  const auto reason = "error.reason." + error.code;
  if (tried_long) say_outcome(view, error, "gave_up", words);
  else if (words.has("en", reason)) view["message"] = words.text("en", reason, error.detail);
  return view;
}

json::object session_view(const support::SupportSession& session, const Viewer& viewer, const std::optional<Mail>& mail, const Catalogue& words) {
  json::object view;
  view["id"] = session.id.value;
  view["issueKey"] = session.issue_key.value;
  view["state"] = support::to_string(session.state);
  view["validUntil"] = to_iso8601(session.valid_until);
  view["createdAt"] = to_iso8601(session.created_at);
  if (session.ended_at) view["endedAt"] = to_iso8601(*session.ended_at);
  if (session.customer_since) view["customerSince"] = to_iso8601(*session.customer_since);
  if (session.replaces) view["replaces"] = session.replaces->value;
  if (session.replaced_by) view["replacedBy"] = session.replaced_by->value;
  // For the team, as whoever may act on the issue is.
  if (viewer.may_act && !session.notes.empty()) view["notes"] = session.notes;
  if (viewer.may_act && session.report) {
    auto report = support::to_json(*session.report);
    if (support::is_unrecorded(session)) report["unrecorded"] = true;
    view["report"] = std::move(report);
  }
  if (session.made) {
    view["code"] = session.made->code.value;
    // Whose rights were not asked for is not given the way in.
    if (support::is_live(session.state) && viewer.may_act) view["customerLink"] = session.made->customer_link;
  }
  view["supporter"] = json::object{{"id", session.supporter.value}, {"name", session.supporter_name}};
  if (session.creator != session.supporter) view["takenOverFrom"] = json::object{{"id", session.creator.value}, {"name", session.creator_name}};
  if (!session.joined_by.empty()) {
    json::array agents;
    for (const auto& agent : session.joined_by) agents.push_back(json::object{{"id", agent.account.value}, {"name", agent.name}});
    view["joinedBy"] = std::move(agents);
  }
  if (!session.customer.nobody()) {
    json::object customer{{"name", session.customer.name}};
    if (session.customer.account) customer["id"] = session.customer.account->value;
    view["customer"] = std::move(customer);
  }
  view["description"] = session.description;
  view["invitation"] = support::to_string(session.invitation);
  if (mail) {
    json::object shown{{"subject", mail->subject}, {"body", mail->body}};
    if (!mail->to.empty()) shown["to"] = mail->to;
    view["mail"] = std::move(shown);
  }
  view["steps"] = json::object{{"session", support::to_string(session.session_step)},
                               {"invitation", support::to_string(session.invitation_step)},
                               {"closing", support::to_string(session.closing_step)}};
  if (session.last_error) view["error"] = step_error_view(session, viewer.account, words);
  view["actions"] = actions_of(session, viewer);
  return view;
}

json::object without_issue(json::object view, IssueHidden why) {
  json::object course{{"issueHidden", why == IssueHidden::out_of_sight ? "out_of_sight" : "unknown"}, {"description", ""}, {"actions", json::array{}}};
  // What is not named here says something of the issue, or of its people, or is a way in.
  for (const auto* name : {"id", "state", "validUntil", "createdAt", "endedAt", "supporter", "invitation", "steps"}) {
    if (auto* member = view.if_contains(name)) course[name] = std::move(*member);
  }
  return course;
}

}  // namespace belay::desk
