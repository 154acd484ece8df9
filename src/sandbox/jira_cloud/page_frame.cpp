#include "sandbox/jira_cloud/page_frame.hpp"

#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

std::string choice(std::string_view name, std::string_view value, std::string_view label, bool chosen) {
  return "<button type=\"submit\" name=\"" + std::string(name) + "\" value=\"" + std::string(value) + "\" class=\"menu-item\" aria-pressed=\"" + (chosen ? "true" : "false") + "\">" +
         std::string(label) + "</button>";
}

std::string avatar_menu(const PageFrame& frame) {
  const auto& person = *frame.person;
  std::string menu = "<details class=\"menu\" id=\"avatar-menu\"><summary aria-label=\"Your profile and settings\" title=\"Your profile and settings\">" + picture(person.account_id, 32) +
                     "</summary><div class=\"menu-body\"><p class=\"menu-name\"><bdi>" + escape_html(person.name) + "</bdi></p>";
  menu += "<a class=\"menu-item\" href=\"/manage-profile/profile-and-visibility\">Profile and visibility</a>";
  if (!frame.personal_page.empty()) menu += "<a class=\"menu-item\" href=\"" + escape_html(frame.personal_page) + "\">" + escape_html(frame.personal_title) + "</a>";
  menu += "<form method=\"post\" action=\"/_profile\"><input type=\"hidden\" name=\"back\" value=\"" + escape_html(frame.here) + "\"><p class=\"menu-heading\" id=\"menu-theme\">Theme</p><div role=\"group\" aria-labelledby=\"menu-theme\">" +
          choice("theme", "light", "Light", person.theme != "dark") + choice("theme", "dark", "Dark", person.theme == "dark") +
          "</div><p class=\"menu-heading\" id=\"menu-language\">Language</p><div role=\"group\" aria-labelledby=\"menu-language\">" + choice("locale", "en-US", "English", !person.locale.starts_with("fr")) +
          choice("locale", "fr-FR", "<span lang=\"fr\">Français</span>", person.locale.starts_with("fr")) + "</div></form>";
  menu += "<a class=\"menu-item\" href=\"/login?dest=" + net::percent_encode(frame.here) + "\">Switch account</a></div></details>";
  return menu;
}

std::string top_bar(const PageFrame& frame) {
  std::string bar = "<header class=\"bar\"><a class=\"brand\" href=\"/\"><span class=\"brand-mark\" aria-hidden=\"true\"></span>" + escape_html(frame.site->name) + "</a><nav aria-label=\"Site\"><a href=\"/issues/\">Work</a>";
  if (frame.admin) bar += "<a href=\"/plugins/servlet/upm\">Manage apps</a>";
  bar += "<a href=\"/\">How this works</a></nav>";
  if (frame.person != nullptr) bar += avatar_menu(frame);
  return bar + "</header>";
}

}  // namespace

net::Response page(const PageFrame& frame) {
  const std::string mode = frame.person == nullptr ? "light" : frame.person->theme == "dark" ? "dark" : "light";
  std::string html = "<!doctype html>\n<html lang=\"en\" data-color-mode=\"" + mode + "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" +
                     escape_html(frame.title) + " - " + escape_html(frame.site->name) +
                     "</title><link rel=\"stylesheet\" href=\"/_assets/jira.css\"><link rel=\"icon\" href=\"/_assets/icon.svg\"><script type=\"module\" src=\"/_assets/jira.js\"></script></head><body>" + top_bar(frame) +
                     "<main class=\"" + frame.kind + "\">" + frame.main + "</main><div id=\"flags\" role=\"status\" aria-live=\"polite\"></div></body></html>\n";
  auto answer = text_answer(frame.status, "text/html;charset=UTF-8", std::move(html));
  answer.headers.emplace("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src " + frame.forge +
                                                        "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  answer.headers.emplace("X-Content-Type-Options", "nosniff");
  return answer;
}

std::string notice(std::string_view heading, std::string_view sentence) { return "<h1>" + escape_html(heading) + "</h1><p>" + escape_html(sentence) + "</p>"; }

std::string picture(std::string_view account_id, int size) {
  const auto side = std::to_string(size);
  return "<img class=\"avatar\" alt=\"\" width=\"" + side + "\" height=\"" + side + "\" src=\"/avatars/" + net::percent_encode(account_id) + "\">";
}

}  // namespace belay::sandbox::jira_cloud
