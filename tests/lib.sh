# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the bed's own tests share. Sourced by tests/*.t after $0's directory is
# known; a test prints TAP.

set -eu
TOP=$(cd "${0%/*}/.." && pwd -P)
export LC_ALL=C
work=${BUILD:-$TOP/build}/selftest.$$
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

count=0
pass() {
	count=$((count + 1))
	echo "ok $count - $*"
}
# fail NAME [FILE]: shows the end of FILE.
fail() {
	count=$((count + 1))
	echo "not ok $count - $1"
	[ -z "${2:-}" ] || tail -n 30 "$2" | sed 's/^/# /'
}
# want NAME FILE PATTERN: FILE has a line that matches.
want() {
	if grep -q -E -e "$3" "$2"; then pass "$1"; else
		fail "$1" "$2"
		echo "# wanted: $3"
	fi
}
want_not() {
	if grep -q -E -e "$3" "$2"; then fail "$1" "$2"; else pass "$1"; fi
}
skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}
done_testing() {
	echo "1..$count"
}
