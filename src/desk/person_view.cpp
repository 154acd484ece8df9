#include "desk/person_view.hpp"

#include <chrono>

#include "desk/contact_invitation.hpp"

namespace belay::desk {
namespace {

using support::Standing;

constexpr Milliseconds kAgeStep{10'000};

bool shows_presence(const MatchedPerson& person) { return person.as_of && person.facts.contact; }

}  // namespace

json::object person_view(const MatchedPerson& person, Time now) {
  const auto& who = person.one.person;
  json::object view{{"id", who.id.value}, {"name", who.name}};
  if (who.former) view["former"] = true;
  if (!who.picture.empty()) view["picture"] = who.picture;
  json::array roles;
  for (const auto role : person.one.roles) roles.emplace_back(support::to_string(role));
  view["roles"] = std::move(roles);
  view["standing"] = support::to_string(person.standing);
  if (person.facts.contact) view["presence"] = support::to_string(person.facts.contact->presence);
  // Said only when it is older than a panel's own pace, in steps: a number that changes every second would be news every second.
  if (shows_presence(person)) {
    if (const auto steps = (now - *person.as_of) / kAgeStep; steps > 0) view["presenceAge"] = std::chrono::duration_cast<std::chrono::seconds>(steps * kAgeStep).count();
  }
  if (person.facts.matched_by && person.standing != Standing::self) view["matchedBy"] = support::to_string(*person.facts.matched_by);
  if (person.facts.problem) view["addressProblem"] = support::to_string(*person.facts.problem);
  if (person.mapping) {
    view["mapping"] = json::object{{"to", person.mapping->address.empty() ? person.mapping->contact_name : person.mapping->address},
                                   {"by", json::object{{"id", person.mapping->mapped_by.value}, {"name", person.mapping->mapped_by_name}}},
                                   {"at", to_iso8601(person.mapping->mapped_at)}};
  }
  if (person.invitation) {
    json::object invitation;
    if (person.invitation->sent_at) invitation["sentAt"] = to_iso8601(*person.invitation->sent_at);
    invitation["state"] = person.invitation->last_error ? "failed" : is_being_sent(*person.invitation) ? "pending" : "sent";
    if (const auto& error = person.invitation->last_error) {
      invitation["why"] = error->code;
      if (const auto said = json::string_at(error->detail, "said")) invitation["said"] = *said;
    }
    view["invitation"] = std::move(invitation);
  }
  json::array actions;
  for (const auto action : person.offer.actions) actions.emplace_back(support::to_string(action));
  view["actions"] = std::move(actions);
  json::array disabled;
  for (const auto& one : person.offer.disabled) disabled.push_back(json::object{{"action", support::to_string(one.action)}, {"reason", one.reason}});
  view["disabled"] = std::move(disabled);
  return view;
}

Time same_until(const MatchedPerson& person, Time now) {
  if (!shows_presence(person)) return Time::max();
  return *person.as_of + ((now - *person.as_of) / kAgeStep + 1) * kAgeStep;
}

}  // namespace belay::desk
