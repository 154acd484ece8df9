#include "sandbox/teamviewer/html.hpp"

#include <fmt/format.h>

namespace belay::sandbox::teamviewer::html {
namespace {

constexpr std::string_view kStylesheet = R"css(:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f7f8f9; --text: #172b4d; --quiet: #44546f; --line: #8590a2; --accent: #0c66e4; --on-accent: #ffffff;
  --good: #216e4e; --notice: #e9f2ff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #1d2125; --raised: #22272b; --text: #c7d1db; --quiet: #9fadbc; --line: #738496; --accent: #579dff; --on-accent: #1d2125;
    --good: #7ee2b8; --notice: #1c2b41;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header { background: var(--notice); padding: 8px 24px; font-size: 14px; }
header p { margin: 0; }
main { max-width: 640px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; line-height: 1.25; margin: 16px 0; }
h2 { font-size: 18px; line-height: 1.3; margin: 24px 0 8px; }
a { color: var(--accent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; }
dt { color: var(--quiet); }
dd { margin: 0; }
fieldset { border: 1px solid var(--line); border-radius: 6px; padding: 12px 16px; margin: 16px 0; }
.choice { display: block; padding: 4px 0; }
.quiet { color: var(--quiet); }
.state { font-weight: 600; color: var(--good); }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 16px 0; }
button { font: inherit; font-weight: 600; padding: 8px 20px; border-radius: 4px; border: 1px solid var(--line); background: var(--raised); color: var(--text); cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.large { font-size: 20px; padding: 14px 40px; }
textarea, select, input[type="text"] { font: inherit; width: 100%; padding: 8px; border: 1px solid var(--line); border-radius: 4px; background: var(--ground); color: var(--text); }
label.field { display: block; margin: 12px 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font-family: ui-monospace, monospace; }
)css";

constexpr std::string_view kPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

}  // namespace

std::string escape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += c;
    }
  }
  return result;
}

net::Response page(unsigned status, std::string_view title, std::string_view main, Forms forms) {
  net::Response response{.status = status, .headers = {}, .body = {}};
  response.body = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0} · Sandbox TeamViewer</title>\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/assets/sandbox.css\">\n</head>\n<body>\n"
      "<header><p><strong>Sandbox: plays TeamViewer.</strong> Nothing here leaves this machine. <a href=\"/{2}\">Accounts</a> · <a href=\"/{3}\">Back to Jira</a></p></header>\n"
      "<main>\n<h1>{0}</h1>\n{1}\n</main>\n</body>\n</html>\n",
      escape(title), main, kToAccounts, kToJira);
  response.headers.emplace("Content-Type", "text/html; charset=utf-8");
  response.headers.emplace("Content-Security-Policy", fmt::format("{}{}", kPolicy, forms == Forms::own_host ? "; form-action 'self'" : ""));
  response.headers.emplace("Cache-Control", "no-store");
  // Not no-referrer: the browser would then send Origin: null with forms, and the check of the origin could not tell.
  response.headers.emplace("Referrer-Policy", "same-origin");
  response.headers.emplace("X-Content-Type-Options", "nosniff");
  return response;
}

net::Response message(unsigned status, std::string_view title, std::string_view text) {
  return page(status, title, fmt::format("<p>{}</p>", escape(text)));
}

net::Response see_other(std::string_view address) {
  net::Response response{.status = 303, .headers = {}, .body = {}};
  response.headers.emplace("Location", address);
  response.headers.emplace("Cache-Control", "no-store");
  return response;
}

net::Response stylesheet() {
  net::Response response{.status = 200, .headers = {}, .body = std::string(kStylesheet)};
  response.headers.emplace("Content-Type", "text/css; charset=utf-8");
  response.headers.emplace("Cache-Control", "max-age=60");
  return response;
}

std::map<std::string, std::string> form_of(const net::Request& request) {
  std::map<std::string, std::string> form;
  for (auto& [name, value] : net::form_decode(request.body).value_or(std::vector<std::pair<std::string, std::string>>{})) form.emplace(name, value);
  return form;
}

std::string field(const std::map<std::string, std::string>& form, std::string_view name) {
  const auto found = form.find(std::string(name));
  return found == form.end() ? std::string() : found->second;
}

std::string hidden(std::string_view name, std::string_view value) {
  return fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", escape(name), escape(value));
}

}  // namespace belay::sandbox::teamviewer::html
