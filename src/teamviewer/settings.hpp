// What the configuration says about TeamViewer ([teamviewer] in belay.toml) and the times this room keeps by itself.
#pragma once

#include <string>

#include "base/time.hpp"

namespace belay::teamviewer {

struct Settings {
  std::string client_id;
  std::string client_secret;
  std::string reports_client_id;       ///< of the registration that may read connection records; empty: there is none
  std::string reports_client_secret;
  std::string authorize_url = "https://login.teamviewer.com/oauth2/authorize";
  std::string api_url = "https://webapi.teamviewer.com";   ///< origin, no slash at its end
  std::string redirect_uri;                                ///< byte for byte as registered: <public_url>/oauth/teamviewer/callback
  std::string launch_url = "https://start.teamviewer.com";  ///< origin, no slash at its end
  std::size_t calls_per_minute = 40;   ///< of one function with one token, since TeamViewer limits just that and does not say how much
  Milliseconds first_pause{10'000};    ///< after the first "rate limit reached" of a function; doubles with each further one
  Milliseconds longest_pause{300'000};
  Milliseconds blocked_pause{600'000}; ///< no call at all after "blocked": more of them would only prolong it
  Milliseconds refresh_patience{2'000};  ///< how long another process may need to store the tokens it has just got
};

}  // namespace belay::teamviewer
