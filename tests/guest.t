#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A real guest that hangs, panics, ends early or warns fails its run; and
# nothing is left of QEMU when a run is broken off. GUEST names a guest that
# was built.
# shellcheck disable=SC2015,SC2016 # pass || fail; code in quotes
. "${0%/*}/lib.sh"

if [ -z "${GUEST:-}" ] || [ ! -e "$GUEST/image" ]; then
	echo "1..0 # SKIP no guest was built"
	exit
fi
boot() {
	rm -rf "$work/out"
	LIMIT=$2 "$TOP/scripts/run" "$GUEST" "$work/out" "$1" >"$work/log" 2>&1 || :
	"$TOP/scripts/verdict" "$GUEST" "$work/out" >"$work/tap" 2>&1 || :
}

boot hang 60
want "a guest that hangs fails in time" "$work/tap" '^not ok .*ended in time'
want "a guest that hangs has no end marker" "$work/tap" '^not ok .*end marker'
want "what hung is named" "$work/log" 'no end after 60 s, killed'
want "its log's last lines are shown" "$work/log" 'init process'
want "and its log's path" "$work/log" "$work/out/console"

boot panic 300
want "a guest that panics has no end marker" "$work/tap" '^not ok .*end marker'
want "a guest that panics has no clean log" "$work/tap" '^not ok .*kernel log is clean'
want "the panic is shown" "$work/tap" 'Kernel panic'

boot exit 300
want "a guest that exits early has no end marker" "$work/tap" '^not ok .*end marker'
want "a guest that exits early ran no plan" "$work/tap" '^not ok .*plan was run to its end'
want "QEMU itself saw nothing wrong" "$work/out/status" '^exit 0'

# Broken off: QEMU, which names its directory, must go with the run.
alive() {
	for p in /proc/[0-9]*/cmdline; do
		{ tr '\0' ' ' <"$p"; } 2>/dev/null | grep -q "^qemu-system.*file:$work/out/console" && return 0
	done
	return 1
}
for signal in INT TERM KILL; do
	# A shell starts what runs in its background with SIGINT ignored.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' env LIMIT=300 \
		"$TOP/scripts/run" "$GUEST" "$work/out" hang >"$work/log" 2>&1 &
	pid=$!
	i=0
	while ! alive && [ $i -lt 60 ]; do sleep 0.5; i=$((i + 1)); done
	if ! alive; then fail "SIG$signal: the guest came up" "$work/log"; kill $pid; continue; fi
	kill -$signal $pid
	wait $pid 2>/dev/null || :
	i=0
	while alive && [ $i -lt 20 ]; do sleep 0.5; i=$((i + 1)); done
	if alive; then fail "SIG$signal leaves no QEMU behind"; else pass "SIG$signal leaves no QEMU behind"; fi
done
done_testing
