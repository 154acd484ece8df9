// The part of `belayd doctor` that looks at the Jira Data Center and Server sites of the configuration.
#pragma once

#include "base/task.hpp"
#include "belayd/configuration.hpp"
#include "belayd/doctor_report.hpp"
#include "belayd/wiring.hpp"

namespace belay::belayd {

Task<void> look_at_sites(Report& report, House& house, const Configuration& configuration);

}  // namespace belay::belayd
