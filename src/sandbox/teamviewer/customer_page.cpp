// The page behind the link in the invitation. One button: Join makes the session online, Leave ends that.
#include "sandbox/teamviewer/pages.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

#include <fmt/format.h>

namespace belay::sandbox::teamviewer {
namespace {

ConnectionRecord* last_record(Scene& scene, const Session& session) {
  for (auto& record : scene.world.records | std::views::reverse) {
    if (record.session && record.session->code == session.code) return &record;
  }
  return nullptr;
}

std::string name_of(const Scene& scene, std::string_view id) {
  const auto* account = scene.world.account(id);
  return account == nullptr ? std::string("Your supporter") : account->name;
}

std::string helper_name(const Scene& scene, const Session& session) { return name_of(scene, session.assigned == "u0" ? session.creator : session.assigned); }

std::string form(std::string_view action, std::string_view label, bool main) {
  return fmt::format("<form method=\"post\" class=\"actions\">{}<button class=\"large{}\">{}</button></form>", html::hidden("action", action), main ? " main" : "", label);
}

/// How it was: goes into the report of the last connection.
std::string feedback_form(Scene& scene, const Session& session) {
  const auto* record = last_record(scene, session);
  if (record == nullptr) return {};
  if (record->feedback && record->feedback->rating) return "<p>Thank you for your rating.</p>";
  std::string choices;
  for (int rating = 5; rating >= 1; --rating) {
    choices += fmt::format("<label class=\"choice\"><input type=\"radio\" name=\"rating\" value=\"{0}\" required> {0} of 5</label>\n", rating);
  }
  return fmt::format("<form method=\"post\">{}<fieldset><legend>How was it?</legend>\n{}<label class=\"field\">Comment <textarea name=\"comment\" rows=\"2\" maxlength=\"1000\"></textarea></label>"
                     "<button>Send rating</button></fieldset></form>",
                     html::hidden("action", "rate"), choices);
}

net::Response show(Scene& scene, const Session& session) {
  const auto code = fmt::format("<p class=\"quiet\">Session code <code>{}</code></p>\n", session.code);
  if (session.closed()) {
    return html::page(200, "This session has ended", code + "<p>If you still need help, answer on your ticket.</p>\n" + feedback_form(scene, session));
  }
  if (session.online) {
    std::string who;
    for (const auto& connection : session.connections) {
      who += fmt::format("<p class=\"state\">{} is connected.</p>\n", html::escape(name_of(scene, connection.account)));
    }
    if (who.empty()) who = fmt::format("<p>{} knows that you are here. Wait until they connect.</p>\n", html::escape(helper_name(scene, session)));
    return html::page(200, "You have joined the session", code + who + form("leave", "Leave", false));
  }
  if (session.expired(scene.now())) {
    return html::page(200, "This session has expired", code + "<p>Ask for a new invitation on your ticket.</p>\n" + feedback_form(scene, session));
  }
  const auto waiting = session.waiting_message ? fmt::format("<p dir=\"auto\">{}</p>\n", html::escape(*session.waiting_message)) : std::string();
  return html::page(200, fmt::format("{} wants to help you", helper_name(scene, session)),
                    code + waiting + "<p>The real page would start a small program here. In the sandbox, joining makes the session online. Nothing starts by itself.</p>\n" +
                        form("join", "Join", true) + feedback_form(scene, session));
}

void rate(Scene& scene, const Session& session, const std::map<std::string, std::string>& given) {
  auto* record = last_record(scene, session);
  const auto text = html::field(given, "rating");
  int rating = 0;
  std::from_chars(text.data(), text.data() + text.size(), rating);
  if (record == nullptr || rating < 1 || rating > 5) return;
  record->feedback = Feedback{.rating = rating, .comment = html::field(given, "comment")};
  scene.note("feedback.given", {}, {{"session", session.code}, {"record", record->id}}, {}, {{"rating", rating}});
}

}  // namespace

net::Response customer_page(Scene& scene, const net::Request& request, std::string_view bare_code) {
  auto* session = scene.world.session_of_link(bare_code);
  if (session == nullptr) return html::message(404, "This session is not known", "Check the link in your invitation, or ask for a new one on your ticket.");
  if (request.method != "POST") return show(scene, *session);

  const auto form = html::form_of(request);
  const auto action = html::field(form, "action");
  if (action == "join") {
    if (session->closed() || (session->expired(scene.now()) && !session->online)) {
      auto refused = show(scene, *session);
      refused.status = 409;
      return refused;
    }
    scene.join(*session);
  } else if (action == "leave") {
    scene.leave(*session);
  } else if (action == "rate") {
    rate(scene, *session, form);
  }
  return html::see_other(request.target);
}

}  // namespace belay::sandbox::teamviewer
