// Memory as this program needs it: much at once and for a moment, when a panel of many people is put together.
#pragma once

namespace belay::belayd {

/// Once, before anything else runs. One heap for the thread that does nearly everything and one for most of those of the storage, so that they do not wait for one
/// another at every allocation. What was freed stays for the next panel, up to some megabytes, and the first of it is asked for in large pages: a page fault for each
/// 4 KB of a panel of 300 people is a third of the time that it takes here (docs/decisions/0022). Where the system has no large pages, nothing is lost but that.
void set_up_heap();

}  // namespace belay::belayd
