#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# An option that a kernel does not take stops the build, and is named.
# shellcheck disable=SC2015,SC2016 # pass || fail; code in quotes
. "${0%/*}/lib.sh"

tree=${GUEST:+${GUEST%/*}/linux}
if [ -z "$tree" ] || [ ! -d "$tree" ]; then
	echo "1..0 # SKIP no tree was made"
	exit
fi
mkdir -p "$work/bed/scripts" "$work/out"
cp "$TOP/scripts/lib.sh" "$work/bed/scripts/"
printf 'CONFIG_64BIT=y\nCONFIG_MMU=y\nCONFIG_NO_SUCH_OPTION=y\n# CONFIG_SYSFS is not set\nCONFIG_NUMA_BALANCING=y\n' >"$work/fragment"
cat >"$work/bed/scripts/try" <<'EOF'
#!/bin/sh
. "${0%/*}/lib.sh"
kernel_env "$1"
configure "$1" "$2" "$3" "$4"
EOF
status=0
arch=$(cat "$GUEST/arch")
BUILD=$work/bed/build sh "$work/bed/scripts/try" "$tree" "$work/out" "$arch" "$work/fragment" >"$work/log" 2>&1 || status=$?
if [ $status -ne 0 ]; then pass "an option that is not taken stops the build"; else fail "an option that is not taken stops the build" "$work/log"; fi
want "it is named" "$work/log" 'CONFIG_NO_SUCH_OPTION=y'
want "and all of them are" "$work/log" 'CONFIG_NUMA_BALANCING=y'
want_not "what was taken is not" "$work/log" 'CONFIG_64BIT=y|CONFIG_SYSFS'
printf 'CONFIG_64BIT=y\nCONFIG_SYSFS=y\n' >"$work/fragment"
BUILD=$work/bed/build sh "$work/bed/scripts/try" "$tree" "$work/out" "$arch" "$work/fragment" >"$work/log" 2>&1 &&
	pass "a configuration that is as asked goes on" || fail "a configuration that is as asked goes on" "$work/log"
done_testing
