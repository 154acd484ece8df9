// The frame of every page that the sandbox's TeamViewer shows: it says plainly that it is a sandbox, loads one stylesheet from its own
// host and no script at all. Light and dark follow the reader's system.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "net/message.hpp"

namespace belay::sandbox::teamviewer::html {

/// For text and for attribute values in double quotes.
[[nodiscard]] std::string escape(std::string_view text);

enum class Forms {
  own_host,      ///< forms go to this host and stay there
  lead_outside,  ///< the answer to a form redirects to another site (consent); browsers hold form-action against redirects too
};

// What the head of every page links to, also on the launch host: answer_page() sends them on to the right host.
inline constexpr std::string_view kToAccounts = "accounts";   ///< the list of accounts
inline constexpr std::string_view kToJira = "back-to-jira";   ///< the start page of the Jira site

/// A whole page. `title` is plain text, `main` is markup whose values have been escaped.
[[nodiscard]] net::Response page(unsigned status, std::string_view title, std::string_view main, Forms forms = Forms::own_host);
/// A page that says one thing: what is wrong and what to do.
[[nodiscard]] net::Response message(unsigned status, std::string_view title, std::string_view text);
/// 303: the browser reads `address` anew.
[[nodiscard]] net::Response see_other(std::string_view address);
[[nodiscard]] net::Response stylesheet();

/// The fields of a posted form, the first of each name; empty when it is no form.
[[nodiscard]] std::map<std::string, std::string> form_of(const net::Request& request);
[[nodiscard]] std::string field(const std::map<std::string, std::string>& form, std::string_view name);

/// <input type="hidden" …>
[[nodiscard]] std::string hidden(std::string_view name, std::string_view value);

}  // namespace belay::sandbox::teamviewer::html
