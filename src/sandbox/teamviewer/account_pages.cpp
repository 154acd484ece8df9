// Being somebody at TeamViewer: go online or away, accept an invitation, take an app's access back. And the start page that leads there.
#include "sandbox/teamviewer/pages.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace belay::sandbox::teamviewer {
namespace {

constexpr std::array kPresences{Presence::online, Presence::busy, Presence::away, Presence::offline};

std::string presence_form(const Account& account) {
  std::string choices;
  for (const auto presence : kPresences) {
    choices += fmt::format("<label class=\"choice\"><input type=\"radio\" name=\"presence\" value=\"{}\"{}> {}</label>\n", lower(wire_name(presence)),
                           presence == account.presence ? " checked" : "", wire_name(presence));
  }
  return fmt::format("<form method=\"post\">{}<fieldset><legend>Presence</legend>\n{}<button class=\"main\">Save presence</button></fieldset></form>\n",
                     html::hidden("action", "presence"), choices);
}

std::string apps_list(Scene& scene, const Account& account) {
  std::string list;
  for (const auto& [id, grant] : scene.grants.all()) {
    if (grant.account != account.id || grant.revoked) continue;
    const auto* app = scene.grants.app(grant.client_id);
    const auto name = html::escape(app == nullptr ? grant.client_id : app->name);
    list += fmt::format("<form method=\"post\" class=\"actions\">{}{}<span>{}, since {}</span> <button aria-label=\"Remove access of {}\">Remove access</button></form>\n",
                        html::hidden("action", "remove_access"), html::hidden("grant", id), name, to_iso8601(grant.since), name);
  }
  return list.empty() ? "<p>No app has access.</p>" : list;
}

net::Response show(Scene& scene, const Account& account) {
  return html::page(200, account.name,
                    fmt::format("<dl>\n<dt>E-mail</dt><dd>{}</dd>\n<dt>Licence</dt><dd>{}{}</dd>\n</dl>\n{}<h2>Apps with access</h2>\n{}", html::escape(account.email),
                                html::escape(account.licence.type), account.licence.active ? "" : ", not active", presence_form(account), apps_list(scene, account)));
}

std::string local_part(std::string_view email) { return std::string(email.substr(0, email.find('@'))); }

void accept(Scene& scene, const Invitation& invitation) {
  const auto* account = scene.world.account_with_email(invitation.email);
  if (account == nullptr) {
    const auto id = scene.world.next_id('u');
    Account made{.id = id, .email = invitation.email, .name = invitation.name.empty() ? local_part(invitation.email) : invitation.name, .company = {}, .licence = {}, .features = {}, .picture = {}};
    made.licence.id = random_guid();
    made.licence.type = "Free";
    made.licence.paid = false;
    account = &scene.world.accounts.emplace(id, std::move(made)).first->second;
    scene.note("account.created", id, {{"account", id}}, {}, {{"email", invitation.email}});
  }
  const auto id = scene.world.next_id('c');
  scene.world.contacts.emplace(id, Contact{.id = id, .owner = invitation.owner, .user = account->id, .name = account->name, .email = account->email, .group = invitation.group, .description = {}});
  scene.note("invitation.accepted", account->id, {{"invitation", invitation.id}, {"contact", id}}, {}, {{"inviter", invitation.owner}});
}

}  // namespace

net::Response start_page(Scene& scene) {
  std::string main = "<p>Choose who to be. On the person's page you set their presence and see which apps have access.</p>\n<h2>Accounts</h2>\n<ul>\n";
  for (const auto& [id, account] : scene.world.accounts) {
    main += fmt::format("<li><a href=\"/accounts/{}\">{}</a> <span class=\"quiet\">{} · {} · {}</span></li>\n", html::escape(id), html::escape(account.name),
                        html::escape(account.email), wire_name(account.presence), html::escape(account.licence.type));
  }
  main += "</ul>\n<h2>Invitations that wait for an answer</h2>\n";
  if (scene.world.invitations.empty()) main += "<p>None.</p>";
  for (const auto& [id, invitation] : scene.world.invitations) {
    const auto* owner = scene.world.account(invitation.owner);
    const auto email = html::escape(invitation.email);
    main += fmt::format("<form method=\"post\" action=\"/invitations/{}\" class=\"actions\"><span>{} was invited by {}</span>\n"
                        "<button class=\"main\" name=\"decision\" value=\"accept\" aria-label=\"Accept for {}\">Accept</button>\n"
                        "<button name=\"decision\" value=\"decline\" aria-label=\"Decline for {}\">Decline</button></form>\n",
                        html::escape(id), email, html::escape(owner == nullptr ? invitation.owner : owner->name), email, email);
  }
  return html::page(200, "TeamViewer in the sandbox", main);
}

net::Response account_page(Scene& scene, const net::Request& request, std::string_view account_id) {
  auto* account = scene.world.account(account_id);
  if (account == nullptr) return html::message(404, "This account is not known", "Choose one on the start page.");
  if (request.method != "POST") {
    auto response = show(scene, *account);
    remember_sign_in(response, *account);
    return response;
  }
  const auto form = html::form_of(request);
  const auto action = html::field(form, "action");
  if (action == "presence") {
    const auto presence = presence_from(html::field(form, "presence"));
    if (!presence) return html::message(400, "Choose a presence", "Go back and choose one of the four.");
    account->presence = *presence;
    scene.note("presence.changed", account->id, {{"account", account->id}}, {}, {{"presence", lower(wire_name(*presence))}});
  } else if (action == "remove_access") {
    auto* grant = scene.grants.grant(html::field(form, "grant"));
    if (grant != nullptr && grant->account == account->id) scene.revoke(*grant, "account");
  }
  return html::see_other(request.target);
}

net::Response invitation_answer(Scene& scene, const net::Request& request, std::string_view invitation_id) {
  const auto found = scene.world.invitations.find(std::string(invitation_id));
  if (found == scene.world.invitations.end() || request.method != "POST") return html::message(404, "This invitation is not there any more", "It was answered already, or never sent.");
  const auto decision = html::field(html::form_of(request), "decision");
  if (decision != "accept" && decision != "decline") return html::message(400, "Choose an answer", "Go back and accept or decline.");
  if (decision == "accept") accept(scene, found->second);
  else scene.note("invitation.declined", {}, {{"invitation", found->second.id}}, {}, {{"inviter", found->second.owner}});
  scene.world.invitations.erase(found);
  return html::see_other("/");
}

net::Response picture(const Scene& scene, std::string_view account_digits) {
  const auto* account = scene.world.account(fmt::format("u{}", account_digits));
  if (account == nullptr) return html::message(404, "This account is not known", "There is no picture.");
  const auto initial = account->name.empty() ? std::string("?") : html::escape(account->name.substr(0, static_cast<unsigned char>(account->name.front()) < 0x80 ? 1 : 0));
  net::Response response{.status = 200, .headers = {}, .body = {}};
  response.body = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\"><rect width=\"64\" height=\"64\" fill=\"#44546f\"/>"
                              "<text x=\"32\" y=\"42\" font-family=\"sans-serif\" font-size=\"30\" text-anchor=\"middle\" fill=\"#ffffff\">{}</text></svg>\n",
                              initial);
  response.headers.emplace("Content-Type", "image/svg+xml");
  response.headers.emplace("Cache-Control", "max-age=3600");
  return response;
}

}  // namespace belay::sandbox::teamviewer
