// What people open in a browser: consent, the customer's and the supporter's session pages, the launch page, the accounts.
// Addresses have the shapes of the real ones (TeamViewer's API manual, chapters 4 and 8).
#pragma once

#include "sandbox/teamviewer/html.hpp"
#include "sandbox/teamviewer/scene.hpp"

namespace belay::sandbox::teamviewer {

[[nodiscard]] net::Response answer_page(Scene& scene, const net::Request& request);

// consent.cpp
[[nodiscard]] net::Response consent_page(Scene& scene, const net::Request& request);
// customer_page.cpp: /v15/s119457589
[[nodiscard]] net::Response customer_page(Scene& scene, const net::Request& request, std::string_view bare_code);
// supporter_page.cpp: /v15/s119457589-<secret> and /Connect/IndexByol
[[nodiscard]] net::Response supporter_page(Scene& scene, const net::Request& request, std::string_view bare_code, std::string_view secret, std::string_view client);
// launch_page.cpp: /contact/<id>/authorization/prompt/mode/control
[[nodiscard]] net::Response launch_page(Scene& scene, const net::Request& request);
// account_pages.cpp
[[nodiscard]] net::Response start_page(Scene& scene);
[[nodiscard]] net::Response account_page(Scene& scene, const net::Request& request, std::string_view account);
[[nodiscard]] net::Response invitation_answer(Scene& scene, const net::Request& request, std::string_view invitation);
[[nodiscard]] net::Response picture(const Scene& scene, std::string_view account_digits);

/// Who signed in on these pages last, if anybody.
[[nodiscard]] const Account* signed_in(const Scene& scene, const net::Request& request);
void remember_sign_in(net::Response& response, const Account& account);

}  // namespace belay::sandbox::teamviewer
