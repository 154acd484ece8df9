// The pages of the program and its libraries that only the start touched.
#pragma once

namespace belay::belayd {

/// Takes them out of this process's memory: binding some fifty libraries and setting them up reads twice as much of their files as answering requests does.
/// They stay in the system's cache, and whatever is used again is there again at the cost of a page fault. Pages that were written to are not touched.
/// Where the system does not say what is mapped (proc(5), smaps), nothing happens.
void let_go_of_start_up_pages();

}  // namespace belay::belayd
