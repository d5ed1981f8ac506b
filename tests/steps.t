#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What the steps say when they fail, and the report.
# shellcheck disable=SC2015,SC2016 # pass || fail; code in quotes
. "${0%/*}/lib.sh"

mkdir -p "$work/bed/scripts"
cp "$TOP/scripts/lib.sh" "$TOP/scripts/report" "$work/bed/scripts/"
try() {
	printf '#!/bin/sh\n. "${0%%/*}/lib.sh"\n%s\n' "$1" >"$work/bed/scripts/try"
	status=0
	BUILD=$work/bed/build sh "$work/bed/scripts/try" >"$work/log" 2>&1 || status=$?
	echo "status $status" >>"$work/log"
}

try 'step "a long step" "$BUILD/log/x.log" sh -c "echo the reason; exit 3"'
want "a failed step shows its log's end" "$work/log" '^the reason$'
want "and where the log is" "$work/log" "a long step failed \(status 3\); log: $work/bed/build/log/x.log"
want "and fails" "$work/log" '^status 1$'
try 'step "a step" "$BUILD/log/x.log" true; say done'
want "a step tells its time" "$work/log" 'a step +[0-9]+ s'
try 'need_space "$BUILD" 999999999 "this"'
want "too little disk says how much" "$work/log" 'this takes about 999999999 MiB in .*, where only [0-9]+ MiB are free'
(MAKEFLAGS=j9 GIT_DIR=/nowhere try 'echo "left: ${MAKEFLAGS:-}${GIT_DIR:-}${CFLAGS:-}."')
want "nothing of the caller's make and git is left" "$work/log" '^left: \.$'
(exec <&-; try 'cat; echo still here')
want "a closed standard input does no harm" "$work/log" '^still here$'
(unset HOME XDG_CACHE_HOME; try 'cache_dir')
want "without HOME there is a cache" "$work/log" "^$work/bed/build/cache$"
(XDG_CACHE_HOME=/proc/nowhere HOME=/proc/nowhere try 'cache_dir')
want "a HOME that cannot be written is passed over" "$work/log" "^$work/bed/build/cache$"
mkdir -p "$work/bed/build"
(exec 9>"$work/bed/build/.lock" && flock 9 && sleep 2) &
sleep 0.5
(unset BUILD_LOCKED; try 'build_lock; say got it')
want "a second make says that it waits" "$work/log" 'another make is at work'
want "and goes on when the first is done" "$work/log" '^got it$'

mkdir "$work/taps"
printf 'ok 1 - one: a\nnot ok 2 - one: b\n# the reason\nok 3 - two: c # SKIP no\n1..3\n' >"$work/taps/x.tap"
status=0
"$TOP/scripts/report" "$work/taps" >"$work/log" 2>&1 || status=$?
tail -n 1 "$work/log" >"$work/last"
want "the last line has the totals alone" "$work/last" '^1 passed, 1 failed, 1 skipped$'
want "what failed is shown" "$work/log" 'x: one: b'
want "with its reason" "$work/log" '# the reason'
if [ $status -ne 0 ]; then pass "a failure fails the report"; else fail "a failure fails the report"; fi
printf 'ok 1 - one: a\n1..2\n' >"$work/taps/x.tap"
status=0
"$TOP/scripts/report" "$work/taps" >"$work/log" 2>&1 || status=$?
if [ $status -ne 0 ]; then pass "a result that did not come fails the report"; else fail "a missing result" "$work/log"; fi
: >"$work/taps/x.tap"
status=0
"$TOP/scripts/report" "$work/taps" >"$work/log" 2>&1 || status=$?
if [ $status -ne 0 ]; then pass "an empty run fails the report"; else fail "an empty run fails the report" "$work/log"; fi
done_testing
