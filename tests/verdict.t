#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The verdict: every way in which a run can go wrong must fail it.
# shellcheck disable=SC2015,SC2016 # pass || fail; code in quotes
. "${0%/*}/lib.sh"

dir=$work/guest
mkdir -p "$dir"
echo x86_64 >"$dir/arch"
printf 'one tap 10 one\ntwo plain 10 two\n' >"$dir/plan"
printf '# comment\n* one:may.skip* for the test\n' >"$dir/skips"

good() {
	rm -rf "$work/out"
	mkdir "$work/out"
	cat >"$work/out/result" <<-'EOF'
	guest start
	program one tap
	|TAP version 13
	|1..3
	|# Starting 3 tests from 3 test cases.
	|#  RUN           first.works ...
	|#            OK  first.works
	|ok 1 first.works
	|#  RUN           may.skip ...
	|ok 2 # SKIP there is no such feature
	|#  RUN           third.works ...
	|ok 3 third.works
	|# PASSED: 3 / 3 tests passed.
	leak one ok
	exit one exit 0 1
	program two plain
	|fine
	leak two ok
	exit two exit 0 2
	plan end
	guest kmemleak 0
	guest taint 0
	guest end
	EOF
	cat >"$work/out/console" <<-'EOF'
	[    0.000000] Linux version 5.10.262 (bed@bed) #1 SMP
	[    0.100000] Run /init as init process
	[    1.000000] guest: |WARNING: this line is a program's, not the kernel's
	[    2.000000] reboot: Restarting system
	EOF
	echo "exit 0 3" >"$work/out/status"
}
judge() {
	"$TOP/scripts/verdict" "$dir" "$work/out" >"$work/tap" 2>&1 || echo "verdict: status $?" >>"$work/tap"
}
edit() {
	sed "$2" "$work/out/$1" >"$work/edited"
	mv "$work/edited" "$work/out/$1"
}
# fails WHAT PATTERN: the run as it is now fails, with a line like PATTERN.
fails() {
	judge
	want "fails: $1" "$work/tap" "^not ok .*$2"
}

good
judge
want_not "a good run passes" "$work/tap" '^not ok|^verdict'
want "a skip bears the name of its test" "$work/tap" '^ok [0-9]+ - one:may.skip # SKIP there is no such feature'
want "a plain program is one test" "$work/tap" '^ok [0-9]+ - two$'

good; edit result 's/^|ok 3 third/|not ok 3 third/; s/exit one exit 0/exit one exit 1/'; fails "a test that failed" 'one:third.works'
good; edit result '/^|ok 3/d'; fails "a test that did not report" 'one: every test reported'
good; edit result '/^|1\.\.3/d'; fails "a program without a plan" 'one: every test reported'
good; edit result 's/^|ok 3/|ok 7/'; fails "numbers out of order" 'one: every test reported'
good; edit result 's/exit one exit 0/exit one exit 1/'; fails "an exit status that says otherwise" 'one: every test reported'
good; edit result 's/exit one exit 0/exit one signal 11/'; fails "a program that crashed" 'one: every test reported'
good; edit result 's/exit one exit 0/exit one limit/'; fails "a program at its limit" 'one: every test reported'
good; edit result '/^|ok 3/d; s/exit one exit 0/exit one limit/'; judge
want "a program at its limit: in which test" "$work/tap" '^# ended by limit 1; it was in third.works$'
good; edit result 's/^|ok 3 third.works/|Bail out! no memory/'; fails "a program that bailed out" 'one: every test reported'
good; edit result 's/exit two exit 0/exit two exit 1/'; fails "a plain program that failed" '- two$'
good; edit result 's/exit two exit 0/exit two signal 9/'; fails "a plain program that was killed" '- two$'
good; edit result 's/exit two exit 0/exit two exit 4/'; fails "a plain program that may not skip" '- two$'
good; edit result 's/^|ok 1 first.works/|ok 1 # SKIP for no reason/'; fails "a skip that is not listed" 'one:first.works'
good; edit result '/two/d'; fails "a program that was never started" 'two: every test reported'
good; edit result '/^exit two/,$d'; fails "a guest that ended within a program" 'two: every test reported'
good; edit result 's/^leak one ok/leak one not ok: processes/'; fails "processes left behind" 'one: nothing left behind'
good; edit result '/^plan end/d'; fails "a plan that did not end" 'plan was run to its end'
good; edit result '/^guest end/d'; fails "no end marker" 'end marker'
good; edit result '/^guest end/d'; printf '[    2.1] guest: guest end\n' >>"$work/out/console"; fails "an end marker in the wrong place" 'end marker'
good; : >"$work/out/result"; fails "an empty result" 'end marker'
good; edit result 's/^guest taint 0/guest taint 512/'; fails "a tainted kernel" 'not tainted'
good; edit result '/^guest taint/d'; fails "a taint that was not told" 'not tainted'
good; edit result 's/^guest kmemleak 0/guest kmemleak 2/'; fails "a kmemleak report" 'kmemleak'
good; echo "limit 1200" >"$work/out/status"; fails "a guest at its limit" 'ended in time'
good; echo "exit 1 3" >"$work/out/status"; fails "a QEMU that failed" 'ended in time'
good; rm "$work/out/status"; fails "a run without status" 'ended in time'
good; edit console '2a [    0.500000] kmemleak: 15 new suspected memory leaks' && edit console '3a [    0.900000] guest: program one tap'
judge
want_not "leaks of the boot do not fail it" "$work/tap" '^not ok|^verdict'
good; : >"$work/out/console"; fails "a log without a kernel" 'kernel log is clean'

while read -r line; do
	good
	printf '[    1.500000] %s\n' "$line" >>"$work/out/console"
	fails "in the log: $line" 'kernel log is clean'
done <<'EOF'
BUG: kernel NULL pointer dereference, address: 0000000000000008
kernel BUG at mm/userfaultfd.c:100!
WARNING: CPU: 1 PID: 77 at mm/hugetlb.c:4321 hugetlb_fault+0x1/0x2
WARNING: possible circular locking dependency detected
WARNING: possible recursive locking detected
WARNING: suspicious RCU usage
WARNING: bad unlock balance detected!
WARNING: inconsistent lock state
Oops: 0000 [#1] PREEMPT SMP
Internal error: Oops: 96000004 [#1] PREEMPT SMP
Unable to handle kernel NULL pointer dereference at virtual address 8
general protection fault, probably for non-canonical address: 0000 [#1]
Kernel panic - not syncing: Attempted to kill init!
BUG: KASAN: use-after-free in handle_userfault+0x10/0x20
BUG: sleeping function called from invalid context at mm/slab.h:1
BUG: scheduling while atomic: uffd/77/0x00000002
BUG: Bad page state in process uffd pfn:12345
BUG: Bad page map in process uffd pte:1 pmd:2
BUG: Bad rss-counter state mm:1 type:MM_ANONPAGES val:1
BUG: non-zero pgtables_bytes on freeing mm: 4096
INFO: task uffd:77 blocked for more than 122 seconds.
rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
rcu: INFO: rcu_preempt self-detected stall on CPU
rcu: rcu_preempt kthread starved for 1000 jiffies!
watchdog: BUG: soft lockup - CPU#0 stuck for 120s! [uffd:77]
BUG: workqueue lockup - pool cpus=0
unreferenced object 0xffff888004a1c000 (size 192):
kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
refcount_t: underflow; use-after-free.
list_del corruption, ffff8880 next is LIST_POISON1
uffd: page allocation failure: order:0, mode:0xcc0
Out of memory: Killed process 77 (uffd)
Call Trace:
EOF

# The control: what is listed must fail or skip without the series.
printf 'one:third.* one:may.skip\n' >"$dir/control"
good; judge
want "control: a listed test that passes fails the run" "$work/tap" '^not ok .*control one:third'
want "control: a listed test that skips is as it should be" "$work/tap" '^ok .*control one:may.skip'
good; edit result 's/^|ok 3 third/|not ok 3 third/; s/exit one exit 0/exit one exit 1/'; judge
want_not "control: listed tests that fail are as they should be" "$work/tap" '^not ok'
good; edit result '/one/,/^exit one/d'; judge
want "control: a listed test that was not run fails the run" "$work/tap" '^not ok .*control one:third'
good; edit result 's/^|ok 3 third/|not ok 3 third/; s/exit one exit 0/exit one exit 1/'
echo '[ 1.5] kernel BUG at mm/x.c:1!' >>"$work/out/console"; judge
want "control: its kernel's log must be clean as well" "$work/tap" '^not ok .*kernel log'
done_testing
