// The frame around every page of the site: head, top bar with the avatar menu, content security policy. No inline script or style.
#pragma once

#include <string>
#include <string_view>

#include "net/message.hpp"
#include "sandbox/jira_cloud/site.hpp"

namespace belay::sandbox::jira_cloud {

struct PageFrame {
  std::string title;
  std::string main;               ///< HTML
  std::string kind = "plain";     ///< class of <main>
  unsigned status = 200;
  // The top bar.
  const Site* site = nullptr;
  const Person* person = nullptr; ///< nobody: no avatar menu
  bool admin = false;
  std::string personal_page;      ///< address of the app's personal settings page; empty: none
  std::string personal_title;
  std::string forge;              ///< origin that may be framed
  std::string here;               ///< path and query of this page, to come back to
};

[[nodiscard]] net::Response page(const PageFrame& frame);
/// A page with one heading and one sentence.
[[nodiscard]] std::string notice(std::string_view heading, std::string_view sentence);
/// <img> of a person's picture; decoration, because the name stands beside it.
[[nodiscard]] std::string picture(std::string_view account_id, int size);

}  // namespace belay::sandbox::jira_cloud
