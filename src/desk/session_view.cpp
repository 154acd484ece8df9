#include "desk/session_view.hpp"

#include <chrono>

namespace belay::desk {
namespace {

using support::SessionState;
using support::Step;

json::array actions_of(const support::SupportSession& session, const Viewer& viewer) {
  json::array actions;
  if (!viewer.may_act) return actions;
  const bool live = support::is_live(session.state);
  const bool own_customer = session.customer.account && *session.customer.account == viewer.account;
  if (live && viewer.link_usable && !own_customer) {
    actions.emplace_back("connect");
    actions.emplace_back("connect_browser");
  }
  if (live) actions.emplace_back("copy_link");
  if (live) actions.emplace_back("close");
  if (session.state == SessionState::intended) actions.emplace_back("cancel");
  const bool some_step_failed = session.state == SessionState::failed || (live && session.invitation_step == Step::failed) || session.closing_step == Step::failed;
  if (some_step_failed) actions.emplace_back("retry");
  return actions;
}

}  // namespace

json::object error_view(const Error& error, const Catalogue& words) {
  json::object view{{"code", error.code}, {"message", words.text("en", "error." + error.code, error.detail)}};
  if (!error.detail.empty()) {
    auto detail = error.detail;
    detail.erase("maybe_done");  // ours, for the worker
    if (!detail.empty()) view["detail"] = std::move(detail);
  }
  if (error.retry_after) view["retryAfter"] = std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count();
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
  if (session.made) {
    view["code"] = session.made->code.value;
    if (support::is_live(session.state)) view["customerLink"] = session.made->customer_link;
  }
  view["supporter"] = json::object{{"id", session.supporter.value}, {"name", session.supporter_name}};
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
  if (session.last_error) view["error"] = error_view(*session.last_error, words);
  view["actions"] = actions_of(session, viewer);
  return view;
}

}  // namespace belay::desk
