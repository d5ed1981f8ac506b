#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What is measured twice has to be the same, and the tables say what was measured.
# shellcheck disable=SC2015 # pass || fail
. "${0%/*}/lib.sh"

compare() {
	"$TOP/scripts/bench-compare" 5.10 x86_64 series "$work/1" "$work/2" >"$work/out" 2>&1
}
printf '%s\n' 'anon write 2000.000 ns/page' 'anon wake 5000.000 ns/wake' \
	'anon populated 4.000 ns/page' 'anon scale-sigbus-2 1.500 ratio' >"$work/1"
sed -e 's/2000/2009/; s/ 4\.000/ 4.900/; s/1\.500/9.999/' "$work/1" >"$work/2"
compare && pass "what is within half a percent is accepted" || fail "what is within half a percent is accepted" "$work/out"
want "instructions, and how far apart they are" "$work/out" '^5\.10,x86_64,series,anon,write,instructions/page,2000\.0,0\.45$'
want "the unit stays" "$work/out" '^5\.10,x86_64,series,anon,wake,instructions/wake,5000\.0,0\.00$'
want_not "ratios are not instructions" "$work/out" 'scale'
sed -e 's/2000/2011/' "$work/1" >"$work/2"
! compare && pass "what is further apart is not" || fail "what is further apart is not" "$work/out"
want "it is named" "$work/out" 'anon write: 2000\.000 and 2011\.000, 0\.55 % apart'
for which in 1 2; do
	other=$((3 - which))
	printf '%s\n' 'anon write 2000.000 ns/page' >"$work/$other"
	printf '%s\n' 'anon write 2000.000 ns/page' 'thp read 10.000 ns/page' >"$work/$which"
	! compare && pass "a line that run $other lacks is an error" || fail "a line that run $other lacks is an error" "$work/out"
	want "the line that run $other lacks is named" "$work/out" 'thp read is in the'
done

mkdir "$work/csv"
{
	echo '# where it comes from'
	echo 'base,arch,kernel,backing,what,unit,value,spread'
	echo '5.10,x86_64,base,anon,write,instructions/page,2000.0,0.00'
	echo '5.10,x86_64,series,anon,write,instructions/page,2003.0,0.00'
	echo '5.10,x86_64,series,anon,copy-poll,instructions/page,9013.5,0.00'
} >"$work/csv/5.10-x86_64.csv"
"$TOP/scripts/bench-report" "$work/csv" >"$work/out" 2>&1 && pass "a report" || fail "a report" "$work/out"
want "the series against the base" "$work/out" 'first write +anon 4K +2000\.0 +2003\.0 +1\.0015$'
want "the largest ratio" "$work/out" 'largest ratio: 1\.0015'
want "a fault against the native one" "$work/out" 'poll\(\) and read\(\) +9014 +4\.50 '
echo '5.10,x86_64,series,anon,something,instructions/page,1.0,0.00' >>"$work/csv/5.10-x86_64.csv"
! "$TOP/scripts/bench-report" "$work/csv" >"$work/out" 2>&1 && pass "what it does not know is an error" || fail "what it does not know is an error" "$work/out"
want "which is named" "$work/out" '5\.10-x86_64\.csv:6: not understood'
done_testing
