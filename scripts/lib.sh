# shellcheck shell=bash
# What run, test and bench/run share: installing, and saying what happens. Sourced by bash; no effect by itself.

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Is a Debian package (or a provider of its name) installed?
has_package() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Each line: a Debian package, then a command or file that stands for it ("-": ask dpkg).
needs_to_run() {
  cat <<'LIST'
g++ g++
cmake cmake
ninja-build ninja
nodejs node
npm npm
ca-certificates -
libssl-dev /usr/include/openssl/ssl.h
zlib1g-dev /usr/include/zlib.h
libsqlite3-dev /usr/include/sqlite3.h
libsqlitecpp-dev /usr/include/SQLiteCpp/SQLiteCpp.h
libspdlog-dev /usr/include/spdlog/spdlog.h
libfmt-dev /usr/include/fmt/format.h
nlohmann-json3-dev /usr/include/nlohmann/json.hpp
libcli11-dev /usr/include/CLI/CLI.hpp
libtomlplusplus-dev /usr/include/toml++/toml.h
libcurl4-openssl-dev curl-config
LIST
}
needs_to_test() {
  needs_to_run
  cat <<'LIST'
ccache ccache
clang clang++
clang-format clang-format
clang-tidy clang-tidy
libclang-rt-14-dev -
llvm llvm-symbolizer
libgtest-dev /usr/include/gtest/gtest.h
libgmock-dev /usr/include/gmock/gmock.h
git git
curl curl
chromium chromium
fonts-noto-cjk -
LIST
}

# install_packages FUNCTION: installs what of FUNCTION's list is missing; silent and quick when nothing is.
install_packages() {
  local missing=() package proof
  while read -r package proof; do
    case $proof in
      -) has_package "$package" || missing+=("$package") ;;
      /*) [ -e "$proof" ] || missing+=("$package") ;;
      *) command -v "$proof" >/dev/null || missing+=("$package") ;;
    esac
  done < <("$1")
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || die "these Debian packages, or what they hold, are missing: ${missing[*]}"
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "as root, please: apt-get install --no-install-recommends ${missing[*]}"
    root=(sudo)
  fi
  say "  installing: ${missing[*]}"
  watched "${root[@]}" apt-get -q update
  watched "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"
}

# npm's packages as package-lock.json has them; nothing when they were installed from this very file.
install_npm() {
  local lock
  lock=$(sha256sum <package-lock.json)
  [ "$(cat node_modules/.naru-lock 2>/dev/null)" = "$lock" ] && return
  local version
  version=$(node -p 'process.versions.node.split(".")[0]')
  [ "$version" -ge 18 ] || die "Node.js 18 or later is needed, this is $(node --version)"
  say "  npm packages (node_modules)"
  watched npm ci --ignore-scripts --no-audit --no-fund
  echo "$lock" >node_modules/.naru-lock
}

# watched COMMAND...: its output goes to a log; every ten seconds one line says how far it is. When it fails the
# log is shown and so is the command, and the result is its exit code.
watched() {
  mkdir -p build/logs
  local log
  log=$(mktemp build/logs/XXXXXX.log)
  "$@" >"$log" 2>&1 </dev/null &
  local job=$! waited=0 last='' line
  trap 'kill "$job" 2>/dev/null' INT TERM
  while kill -0 "$job" 2>/dev/null; do
    sleep 0.2
    waited=$((waited + 1))
    [ $((waited % 50)) -eq 0 ] || continue
    line=$(tail -n 1 "$log" | cut -c 1-100)
    [ "$line" = "$last" ] || say "    $line"
    last=$line
  done
  local code=0
  wait "$job" || code=$?
  trap - INT TERM
  if [ "$code" -ne 0 ]; then
    say "  failed ($code): $*"
    grep -v -E '^\[[0-9]+/[0-9]+\] ' "$log" | tail -n 300 >&2
  fi
  [ "$code" -ne 0 ] || mv "$log" build/logs/last.log
  return "$code"
}

# configure PRESET OPTION...: configures when there is no build folder yet, or one with other options.
configure() {
  local preset=$1 option
  shift
  for option in "$@"; do
    grep -q "^${option%%=*}:[A-Z]*=${option#*=}$" "build/$preset/CMakeCache.txt" 2>/dev/null || rm -f "build/$preset/build.ninja"
  done
  [ -f "build/$preset/build.ninja" ] || watched cmake --preset "$preset" "${@/#/-D}"
}
