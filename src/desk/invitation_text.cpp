#include "desk/invitation_text.hpp"

namespace belay::desk {

std::string site_name(const std::string& site_url) {
  const auto scheme = site_url.find("://");
  return scheme == std::string::npos ? site_url : site_url.substr(scheme + 3);
}

void mention_first(support::Document& document, const AccountId& customer, const std::string& name) {
  document.paragraphs.insert(document.paragraphs.begin(), support::Paragraph{support::Mention{customer, name}});
}

support::Document invitation(const support::SupportSession& session, const support::Settings& settings, const ports::Ticket& ticket, const AgentShown& agent,
                             const std::string& site, const Catalogue& words) {
  support::CustomerTextValues values;
  values.session_link = session.made->customer_link;
  values.session_code = session.made->code.value;
  values.valid_until = session.valid_until;
  values.agent_name = agent.name;
  values.agent_time_zone = agent.time_zone;
  if (!session.customer.name.empty()) values.customer_name = session.customer.name;
  values.nobody_name = words.text(session.language, "customer_text.nobody");
  values.issue_key = ticket.key.value;
  values.issue_summary = ticket.summary;
  values.site_name = site;

  auto document = support::render_customer_text(support::customer_text_for(settings, session.language), values);
  const auto& customer = session.customer.account;
  if (session.invitation == support::Invitation::for_customer && customer) {
    mention_first(document, *customer, session.customer.name);
  }
  return document;
}

support::Document ended_notice(const support::SupportSession& session, const std::string& result, const Catalogue& words) {
  const auto* key = session.state == support::SessionState::expired ? "invitation.ended.expired" : "invitation.ended.closed";
  if (session.replaced_by) key = "invitation.ended.replaced";
  support::Document document;
  document.paragraphs.push_back({support::Text{words.text(session.language, key, {{"code", session.made ? session.made->code.value : std::string()}})}});
  if (!result.empty()) document.paragraphs.push_back({support::Text{result}});
  return document;
}

}  // namespace belay::desk
