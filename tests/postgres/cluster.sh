#!/bin/bash
# A private PostgreSQL cluster for tests: made in a temporary directory, reachable by loopback and by a socket in there,
# gone when standard input ends. So whoever started it takes it along, even by crashing.
#
#   tests/postgres/cluster.sh [--durable]
#   tests/postgres/cluster.sh --make FOLDER
#
# --make: an empty cluster in FOLDER and no server. Who starts many names that folder, from the root, in BELAY_TEST_POSTGRES: they begin as copies of it.
# Prints one line of JSON when it is ready: {"url":"postgresql://belay@127.0.0.1:PORT/belay","socket":"DIR","port":PORT}
# Then obeys lines on standard input and answers each with one line: stop, start (same port), crash (immediate stop).
# Exit status 3, with the reason on standard error: PostgreSQL is not installed.
# --durable keeps fsync on; without it commits are not written through, which tests do not need.
set -u

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
  echo "PostgreSQL is not installed (package postgresql)" >&2
  exit 3
fi

# The server refuses to run as root.
as_server=()
if [ "$(id -u)" = 0 ]; then
  account=postgres
  id "$account" >/dev/null 2>&1 || account=nobody
  as_server=(setpriv --reuid "$account" --regid "$(id -g "$account")" --clear-groups)
fi

make_cluster() { # folder, which the account may write
  "${as_server[@]}" "$bin/initdb" -D "$1" -U belay --auth=trust --no-sync --encoding=UTF8 --locale=C.UTF-8 --no-instructions
}
if [ "${1:-}" = "--make" ]; then
  mkdir -p "${2:?FOLDER}" && folder=$(realpath -- "$2") || exit 1
  [ "$(id -u)" = 0 ] && chown "$account" "$folder"
  cd "$folder" && make_cluster "$folder" </dev/null
  exit
fi

durable=off
[ "${1:-}" = "--durable" ] && durable=on

directory=$(mktemp -d "${TMPDIR:-/tmp}/belay-pg.XXXXXX") || exit 1
[ "$(id -u)" = 0 ] && chown "$account" "$directory"
server=

stop_server() { # signal
  [ -n "$server" ] || return 0
  kill "-$1" "$server" 2>/dev/null
  wait "$server" 2>/dev/null
  server=
}
clean_up() {
  stop_server QUIT
  rm -rf "$directory"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

start_server() { # port
  # Standard input stays ours: the server must not hold it open.
  (cd "$directory" && exec "${as_server[@]}" "$bin/postgres" -D "$directory/data" -k "$directory" -p "$1" -h 127.0.0.1 \
    -c fsync=$durable -c synchronous_commit=on -c full_page_writes=$durable -c max_connections=60 -c shared_buffers=32MB \
    -c logging_collector=off) </dev/null >>"$directory/log" 2>&1 &
  server=$!
  local tries
  for tries in $(seq 300); do
    kill -0 "$server" 2>/dev/null || { wait "$server"; server=; return 1; }
    "$bin/pg_isready" -q -h "$directory" -p "$1" && return 0
    sleep 0.05
  done
  return 1
}

cd "$directory" || exit 1
copy_or_make() {
  if [ -n "${BELAY_TEST_POSTGRES:-}" ]; then cp -a "$BELAY_TEST_POSTGRES" "$directory/data"; else make_cluster "$directory/data"; fi
}
if ! copy_or_make >"$directory/initdb" 2>&1 </dev/null; then
  cat "$directory/initdb" >&2
  exit 1
fi

port=
for _ in 1 2 3 4 5 6 7 8; do
  candidate=$((20000 + RANDOM % 12000))
  if start_server "$candidate"; then
    port=$candidate
    break
  fi
done
if [ -z "$port" ]; then
  tail -5 "$directory/log" >&2
  exit 1
fi
"$bin/createdb" -h "$directory" -p "$port" -U belay belay </dev/null || exit 1
echo "{\"url\":\"postgresql://belay@127.0.0.1:$port/belay\",\"socket\":\"$directory\",\"port\":$port}"

while read -r command; do
  case $command in
    stop) stop_server INT && echo stopped ;;
    crash) stop_server QUIT && echo stopped ;;
    start) if start_server "$port"; then echo started; else echo failed; fi ;;
    *) echo "unknown command" ;;
  esac
done
