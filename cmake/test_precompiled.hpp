// What nearly every unit test uses besides, parsed once. Not included by hand: CMake adds it (room.cmake).
#pragma once

#include "base/precompiled.hpp"

#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>
