#include "belayd/doctor_sites.hpp"

#include "jira/datacenter/examination.hpp"
#include "support/code_points.hpp"

namespace belay::belayd {
namespace {

using jira::datacenter::Examination;
using jira::datacenter::Examined;
using jira::datacenter::Version;

// Personal access tokens came with the first, incoming links with the second.
constexpr Version kOldest{8, 14};
constexpr Version kOldestWithLinks{8, 22};

struct Looked {
  Report& report;
  const Configuration::DataCenter& site;
  std::string what;   // begins each line
};

std::string text_of(const Version& version) { return fmt::format("{}.{}", version.major, version.minor); }

// False: there is nobody to ask more.
bool look_at_answer(const Looked& looked, const Examined& found) {
  const auto& [report, site, what] = looked;
  if (!found.unreachable.empty()) {
    const bool certificate = found.unreachable.contains("certificate") || found.unreachable.contains("SSL");
    report.wrong(what, fmt::format("{} cannot be reached: {}", site.base_url, support::to_one_line(found.unreachable)),
                 certificate ? fmt::format("Name the certificate of the authority that signed Jira's as [datacenter.{}] ca_file.", site.name) : "Allow this address through the firewall or proxy, or see base_url.");
    return false;
  }
  if (!found.leads_to.empty()) {
    report.wrong(what, fmt::format("{} leads to {}", site.base_url, support::to_one_line(found.leads_to)), "Belay follows nobody with a token. Give base_url as people see Jira, and let a sign-in page in front of Jira pass /rest/.");
    return false;
  }
  if (!found.version) {
    report.wrong(what, fmt::format("{} answered {}, and not as Jira does", site.base_url, found.status), "See base_url, and what a proxy on the way answers in Jira's place. A context path belongs to it: https://intranet.example.com/jira.");
    return false;
  }
  if (*found.version < kOldest) {
    report.wrong(what, fmt::format("Jira {} is too old", text_of(*found.version)), fmt::format("Belay works from Jira {} on, which has personal access tokens.", text_of(kOldest)));
    return false;
  }
  report.fine(what, fmt::format("Jira {} answers", text_of(*found.version)));
  return true;
}

void look_at_address(const Looked& looked, const Examined& found) {
  if (found.base_url.empty() || found.base_url == looked.site.base_url) return;
  looked.report.wrong(looked.what, fmt::format("Jira calls itself {}", support::to_one_line(found.base_url)), "Pages of Jira at another address than base_url may not show Belay. Give both the same one: base_url here, or Jira's own in Administration > System > General configuration.");
}

void look_at_service_token(const Looked& looked, const Examined& found) {
  if (!found.service_account.empty()) return looked.report.fine(looked.what, fmt::format("writes as {}", support::to_one_line(found.service_account)));
  looked.report.wrong(looked.what, "refuses the service token", fmt::format("Make a personal access token as the account that Belay is to write as, and give it as [datacenter.{}] service_token_file.", looked.site.name));
}

void look_at_link(const Looked& looked, const Examined& found) {
  const auto& [report, site, what] = looked;
  if (site.client_id.empty()) return report.fine(what, "people type in personal access tokens");
  if (*found.version < kOldestWithLinks) return report.wrong(what, fmt::format("Jira {} has no incoming links", text_of(*found.version)), fmt::format("They came with {}. Take client_id and client_secret out: people then type in personal access tokens.", text_of(kOldestWithLinks)));
  if (found.client_accepted) return report.fine(what, "client id and secret are accepted");
  report.wrong(what, "refuses the client id or secret", fmt::format("Compare [datacenter.{}] client_id and client_secret_file with the incoming link: Administration > Applications > Application links.", site.name));
}

}  // namespace

Task<void> look_at_sites(Report& report, House& house, const Configuration& configuration) {
  for (const auto& site : configuration.datacenters) {
    const Looked looked{.report = report, .site = site, .what = "jira " + site.name};
    const auto found = co_await house.examine(site.name);
    if (!look_at_answer(looked, found)) continue;
    look_at_address(looked, found);
    look_at_service_token(looked, found);
    look_at_link(looked, found);
  }
}

}  // namespace belay::belayd
