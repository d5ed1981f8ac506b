#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The program that runs a plan: what it says of programs that end in any way.
# shellcheck disable=SC2015,SC2016 # pass || fail; code in quotes
. "${0%/*}/lib.sh"

gcc -O2 -Wall -Wno-format-truncation -o "$work/plan" "$TOP/guest/plan.c"
cat >"$work/crash" <<'EOF'
#!/bin/sh
kill -SEGV $$
EOF
cat >"$work/leaves" <<'EOF'
#!/bin/sh
setsid sleep 300 &
sleep 0.2
EOF
cat >"$work/late" <<'EOF'
#!/bin/sh
sleep 0.5 &
EOF
cat >"$work/env" <<'EOF'
#!/bin/sh
echo "value $VALUE $1"
printf 'no end of line'
EOF
cat >"$work/forks" <<'EOF'
#!/bin/sh
sleep 301 & sleep 302 & wait
EOF
chmod +x "$work/crash" "$work/leaves" "$work/late" "$work/env" "$work/forks"
cat >"$work/list" <<EOF
# a comment

env tap 20 VALUE=seven $work/env arg
crash plain 20 $work/crash
hangs plain 2 $work/forks
leaves plain 20 $work/leaves
late plain 20 $work/late
absent plain 20 $work/absent
false plain 20 false
EOF
"$work/plan" "$work/list" 3>"$work/result" || echo "status $?" >>"$work/result"
want "a variable and an argument arrive" "$work/result" '^\|value seven arg'
want "a last line without its end is kept" "$work/result" '^\|no end of line$'
want "an exit status is told" "$work/result" '^exit false exit 1 '
want "a signal is told" "$work/result" '^exit crash signal 11 '
want "a limit is told" "$work/result" '^exit hangs limit '
want "what hung is shown" "$work/result" '^\|# left: .*\(sleep\) state'
want "processes left behind are told" "$work/result" '^leak leaves not ok: processes'
want "what is only late is no leak" "$work/result" '^leak late ok'
want "a program that is not there fails" "$work/result" '^exit absent exit 127 '
want "the plan comes to its end" "$work/result" '^plan end$'
# shellcheck disable=SC2009 # pgrep is in no package that this needs
if ps -eo args 2>/dev/null | grep -q '^sleep 30[0-2]'; then fail "nothing is left running"; else pass "nothing is left running"; fi
printf 'broken tap\n' >"$work/list"
if "$work/plan" "$work/list" 3>"$work/result" 2>/dev/null; then fail "a broken line is refused"; else pass "a broken line is refused"; fi
if "$work/plan" "$work/list" 3>&- 2>/dev/null; then fail "no channel for the result is refused"; else pass "no channel for the result is refused"; fi
done_testing
