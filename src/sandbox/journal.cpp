#include "sandbox/journal.hpp"

#include <boost/json/serialize.hpp>

#include "sandbox/clock.hpp"

namespace belay::sandbox {

std::int64_t Journal::write(Effect effect) {
  const auto sequence = static_cast<std::int64_t>(entries_.size()) + 1;
  entries_.push_back({sequence, clock_.now(), std::move(effect)});
  return sequence;
}

std::string Journal::lines(std::int64_t after) const {
  std::string text;
  for (const auto& [sequence, time, effect] : entries_) {
    if (sequence <= after) continue;
    const json::object line{{"seq", sequence},
                            {"time", to_iso8601(time)},
                            {"party", effect.party},
                            {"kind", effect.kind},
                            {"installation", effect.installation},
                            {"account", effect.account},
                            {"object", effect.object},
                            {"identity", effect.identity},
                            {"more", effect.more}};
    text += boost::json::serialize(line);
    text += '\n';
  }
  return text;
}

}  // namespace belay::sandbox
