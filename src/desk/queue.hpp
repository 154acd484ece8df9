// The agents' page among the queues of a service project: its requests that somebody waits on, then those with open support sessions
// (docs/access.md, "The queue page").
#pragma once

#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "desk/polling.hpp"

namespace belay::desk {

class Queue final {
 public:
  Queue(const Doors& doors, Admission& admission, Polling& polling) : doors_(doors), admission_(admission), polling_(polling) {}

  /// As {now, requests, missing}, with {cut} where there are more, {projectOff} where remote support is switched off: the requests of the project that the caller may see
  /// now. Who waits longest comes first, then the newest session. For agents of the project alone. Errors: those of Admission::queue_agent.
  Task<Result<json::object>> list(Caller caller);

 private:
  struct Known;   // what our own database says

  Task<Result<Known>> know(Caller caller);

  const Doors& doors_;
  Admission& admission_;
  Polling& polling_;
};

}  // namespace belay::desk
