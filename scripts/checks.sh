# shellcheck shell=bash
# The checks of ./test. Each prints its findings to stderr and sets `passed` and `failed`; run_checks adds them up.
# Sourced by bash, after lib.sh.

total_passed=0 total_failed=0
state=build/checks

# run_checks LINE...: "name|says|inputs|command"; the last line of the output has the totals.
run_checks() {
  mkdir -p "$state"
  local line name says inputs command number=0
  for line in "$@"; do
    number=$((number + 1))
    IFS='|' read -r name says inputs command <<<"$line"
    name=${name// /} says=${says%"${says##*[! ]}"}
    [ -z "$only" ] || [[ ",$only,install," == *",$name,"* ]] || continue
    run_check "[$number/$#]" "$name" "$says" "$inputs" "$command"
    # Without what is needed nothing else can be right.
    if [ "$name" = install ] && [ "$failed" -gt 0 ]; then break; fi
  done
  echo "$total_passed passed, $total_failed failed"
  [ "$total_failed" -eq 0 ]
}

run_check() {
  local at=$1 name=$2 says=$3 inputs=$4 command=$5 key='' before
  passed=0 failed=0
  if [ -n "${inputs// /}" ]; then
    # shellcheck disable=SC2086 # a list
    key=$(fingerprint $inputs)
    before=$(cat "$state/$name" 2>/dev/null)
    if [ -z "$force" ] && [ "${before% *}" = "$key" ]; then
      passed=${before##* }
      total_passed=$((total_passed + passed))
      say "$at $says: unchanged, $passed passed before"
      return
    fi
  fi
  say "$at $says"
  local began=$SECONDS words
  IFS=' ' read -r -a words <<<"$command"
  [ -d "$state/$name" ] || rm -f "$state/$name"  # the tidy check keeps a folder of stamps
  "${words[@]}"
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  say "    $passed passed, $failed failed ($((SECONDS - began)) s)"
  # shellcheck disable=SC2086
  if [ "$failed" -eq 0 ] && [ -n "$key" ] && [ "$key" = "$(fingerprint $inputs)" ]; then
    echo "$key $passed" >"$state/$name"
  fi
}

# One number for the content of what a check depends on: code, web, tree.
fingerprint() {
  local folders=() kind
  for kind in "$@"; do
    case $kind in
      code) folders+=(src include apps examples tests fuzz cmake CMakeLists.txt CMakePresets.json .clang-format) ;;
      web) folders+=(web) ;;
      docs) folders+=(README.md docs examples tests/docs tests/interop tests/browser tests/app) ;;
      tree) folders+=(src include apps examples tests/layers) ;;
    esac
  done
  { find "${folders[@]}" package-lock.json scripts test -type f -print0 | sort -z | xargs -0 sha256sum
    uname -r; g++ --version; clang++ --version; node --version; } 2>&1 | sha256sum | cut -c 1-40
}

count() { if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi; }

check_install() {
  # In a subshell: what it dies of is counted here.
  (install_packages needs_to_test && install_npm) || failed=1
}

check_layers() {
  count node tests/layers/check.mjs >&2
  count watched node --test tests/layers/layers_test.mjs
}

sources() { find src include apps examples tests fuzz bench -name '*.[hc]pp' -not -path '*/node_modules/*' "$@"; }

check_docs() {
  count node tests/docs/check.mjs >&2
}

check_format() {
  local wrong
  wrong=$(sources -print0 | xargs -0 -r -n 20 -P 2 clang-format --dry-run --Werror 2>&1 |
    sed -n 's/^ *\([^ :]*\):[0-9]*:.*error:.*/\1/p' | sort -u)
  if [ -z "$wrong" ]; then passed=1; return; fi
  failed=1
  say "$wrong" $'\n    clang-format -i puts them right'
}

check_build() {
  local preset=$1
  shift
  count build "$preset" "$@"
}
build() {
  local preset=$1
  shift
  configure "$preset" NARU_TESTS=ON && calmly "$preset" ninja -C "build/$preset" -k 20 "$@"
}

check_headers() {
  count build release naru_headers
  count build asan naru_headers
}

# The sanitizers of these compilers fail at random where addresses have more than 28 random bits.
calmly() {
  if [ "$1" != release ] && setarch --addr-no-randomize true 2>/dev/null; then
    shift
    watched setarch --addr-no-randomize "$@"
  else
    shift
    watched "$@"
  fi
}

check_sanitizer() {
  local preset=$1 labels=$3 targets
  IFS=, read -r -a targets <<<"$2"
  check_build "$preset" "${targets[@]}"
  [ "$failed" -gt 0 ] || check_ctest "$preset" "$labels"
}

# check_ctest PRESET LABELS [OPTION...]: runs the tests, counts each. A test that was skipped has failed in CI.
check_ctest() {
  local preset=$1 labels=$2 report=$PWD/build/checks/$1.xml skipped
  shift 2
  rm -f "$report"
  calmly "$preset" ctest --test-dir "build/$preset" -L "$labels" -j "$(nproc)" --output-on-failure --no-tests=error \
    --output-junit "$report" "$@"
  local code=$? tests wrong
  tests=$(attribute tests "$report") wrong=$(attribute failures "$report")
  skipped=$(($(attribute skipped "$report") + $(attribute disabled "$report")))
  if [ "$tests" -eq 0 ]; then failed=$((failed + 1)); return; fi
  [ "$skipped" -eq 0 ] || say "    $skipped skipped: $(skipped_names "$report")"
  [ -z "${CI:-}" ] || wrong=$((wrong + skipped))
  [ "$code" -eq 0 ] || [ "$wrong" -gt 0 ] || wrong=1
  passed=$((passed + tests - $(attribute failures "$report") - skipped))
  failed=$((failed + wrong))
}
attribute() { sed -n "0,/<\/testsuite>/s/.*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" 2>/dev/null | head -n 1 | grep . || echo 0; }
skipped_names() { grep -E 'status="(notrun|disabled)"' "$1" | sed 's/.*<testcase name="\([^"]*\)".*/\1/' | head -20 | tr '\n' ' '; }

# check_tidy changed|all: a source file is looked at once for each content of it (and of .clang-tidy).
check_tidy() {
  local list=build/checks/tidy-files file
  [ -f build/asan/compile_commands.json ] || configure asan NARU_TESTS=ON || { failed=1; return; }
  mkdir -p build/checks/tidy
  : >"$list"
  while read -r file; do
    if [ -z "$force" ] && is_tidy "$file"; then passed=$((passed + 1)); else echo "$file" >>"$list"; fi
  done < <(tidy_files "$1")
  [ -s "$list" ] || return
  say "    $(wc -l <"$list") files, $passed more have not changed"
  while read -r file; do rm -f "$(tidy_stamp "$file")"; done <"$list"
  watched xargs -a "$list" -P "$(nproc)" -n 1 scripts/tidy-one
  while read -r file; do count is_tidy "$file"; done <"$list"
}

# With `changed`: what differs from the main branch, or on it from the commit before; all, where that is unknown.
# A header is looked at through the source file of its name, where there is one.
tidy_files() {
  local base='' file
  if [ "$1" = changed ]; then
    base=$(git merge-base HEAD origin/main 2>/dev/null)
    [ -n "$base" ] && [ "$base" != "$(git rev-parse HEAD)" ] || base=$(git rev-parse -q --verify HEAD~1 2>/dev/null)
  fi
  if [ -z "$base" ]; then
    sources -not -path 'bench/*'
  else
    { git diff --name-only --diff-filter=d "$base"; git ls-files --others --exclude-standard; } |
      grep -E '^(src|include|apps|examples|tests|fuzz)/.*\.[hc]pp$'
  fi | while read -r file; do
    [ ! -f "${file%.hpp}.cpp" ] || file=${file%.hpp}.cpp
    echo "$file"
  done | sort -u | spare_tests "$1"
}
# Where nearly everything has changed, what is only for the tests is left to --long.
spare_tests() {
  if [ "$1" = changed ] && [ "$(tee build/checks/tidy-changed | wc -l)" -gt 100 ]; then
    grep -v -E '^(tests|fuzz)/' build/checks/tidy-changed
  elif [ "$1" = changed ]; then
    cat build/checks/tidy-changed
  else
    cat
  fi
}
is_tidy() { [ "$(cat "$(tidy_stamp "$1")" 2>/dev/null)" = "$(tidy_key "$1")" ]; }
tidy_stamp() { echo "build/checks/tidy/${1//\//%}"; }
tidy_key() { cat "$1" "${1%.cpp}.hpp" .clang-tidy 2>/dev/null | sha256sum; }

# Each kind of test on the build that the ordinary checks spare.
check_other_ways() {
  check_build release all
  check_build asan all
  [ "$failed" -eq 0 ] || return
  check_ctest release 'unit|contract'
  check_ctest asan 'interop|browser'
}

check_repeat() {
  NARU_LONG=1 check_ctest asan 'unit|contract'
  check_ctest tsan threads --repeat until-fail:5
}

# The ordinary tests have twenty thousand.
check_hopping() {
  check_build release naru-fixture
  count env NARU_FIXTURE="$PWD/build/release/naru-fixture" LOOPS=2 MESSAGES=1000000 node tests/interop/hopping.mjs >&2
}

# As many targets at a time as there are cores.
check_fuzz() {
  local names name
  count build_fuzzers
  [ "$failed" -eq 0 ] || return
  names=$(basename -s .cpp fuzz/*.cpp)
  echo "$names" >build/fuzz/names
  # shellcheck disable=SC2154 # set by ./test
  watched xargs -a build/fuzz/names -P "$(nproc)" -n 1 scripts/fuzz-one "$fuzz_seconds"
  for name in $names; do
    count test -f "build/fuzz/$name.passed"
  done
}
build_fuzzers() { configure fuzz NARU_FUZZ=ON && watched ninja -C build/fuzz fuzz/all; }

check_bench() { count watched bench/run; }
