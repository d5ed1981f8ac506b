# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What every program here begins with: a known environment, and a few words to
# speak with. Sourced, never run.

set -eu

TOP=$(cd "${0%/*}/.." && pwd -P)
BUILD=${BUILD:-$TOP/build}

# Whatever the caller had set must not reach the kernel's build, git or apt.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES MAKEFILES GNUMAKEFLAGS \
	KBUILD_OUTPUT O W C M V CROSS_COMPILE KCFLAGS KCPPFLAGS KAFLAGS \
	CFLAGS CPPFLAGS LDFLAGS KCONFIG_CONFIG KCONFIG_ALLCONFIG LOCALVERSION \
	INSTALL_HDR_PATH CC LD AR HOSTCC LLVM LLVM_IAS SUBARCH \
	GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_PREFIX \
	GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_NAMESPACE GIT_QUARANTINE_PATH \
	GIT_CONFIG_PARAMETERS GIT_CONFIG_COUNT GIT_EDITOR GIT_COMMON_DIR \
	GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_AUTHOR_DATE \
	GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE \
	CDPATH GREP_OPTIONS TAR_OPTIONS XZ_OPT PERL5OPT PERL5LIB \
	HARNESS_OPTIONS HARNESS_PERL_SWITCHES TMPDIR ENV BASH_ENV \
	2>/dev/null || :
export LC_ALL=C LANG=C TZ=UTC
# A minimal PATH may lack the directories of the tools an administrator uses.
PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export PATH
# git: no one's habits, hooks or signatures, and no refusal of a checkout that
# belongs to somebody else.
export GIT_CONFIG_GLOBAL="$TOP/config/gitconfig" GIT_CONFIG_SYSTEM=/dev/null \
	GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_PAGER=cat
umask 022
# File descriptors that the caller closed.
[ -e /proc/self/fd/0 ] || exec </dev/null

ME=${0##*/}

say() {
	printf '%s\n' "$*"
}

warn() {
	printf '%s\n' "$*" >&2
}

die() {
	printf '%s: %s\n' "$ME" "$*" >&2
	exit 1
}

case $TOP$BUILD in
*[[:space:]:]*) die "the kernel cannot be built below a directory with blanks or colons: $TOP" ;;
esac

seconds() {
	date +%s
}

# The cache outlives build/: downloads, imported sources, ccache.
cache_dir() {
	for d in "${XDG_CACHE_HOME:-}" "${HOME:+$HOME/.cache}"; do
		case $d in
		/*) ;;
		*) continue ;;
		esac
		d=$d/userfaultfd-backports
		if mkdir -p "$d" 2>/dev/null && [ -w "$d" ]; then
			printf '%s\n' "$d"
			return
		fi
	done
	mkdir -p "$BUILD/cache"
	printf '%s\n' "$BUILD/cache"
}

# need_space DIRECTORY MIB WHAT
need_space() {
	mkdir -p "$1"
	# shellcheck disable=SC2046 # one number
	set -- "$1" "$2" "$3" $(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }')
	[ "${4:-$2}" -ge "$2" ] ||
		die "$3 takes about $2 MiB in $1, where only $4 MiB are free"
}

# Where one guest is built: build/BASE/ARCH, with what makes it different.
guest_dir() {
	printf '%s\n' "$BUILD/$BASE/$ARCH${DEBUG:+-debug}${CONTROL:+-control}"
}

guest_name() {
	printf '%s\n' "$BASE $ARCH${DEBUG:+ debug}${CONTROL:+ control}"
}

# The tree that a guest is built from.
tree_dir() {
	printf '%s\n' "$BUILD/$BASE/${CONTROL:+control-}linux"
}

# The directories of patches that it is made of, in order.
tree_parts() {
	for part in $BASE_PATCHES; do printf 'bases/%s\n' "$part"; done
	[ -n "${CONTROL:-}" ] || for part in $BASE_SERIES; do printf 'series/%s\n' "$part"; done
}

tree_patches() {
	for part in $(tree_parts); do
		for patch in "$TOP/$part"/[0-9]*.patch; do
			[ ! -e "$patch" ] || printf '%s\n' "$patch"
		done
	done
}

# The same, less what other bases have as well: there it is checked patch by
# patch, so here its end is enough.
own_patches() {
	tree_patches | grep "^$TOP/[a-z]*/$BASE/" || :
}

# tree_id BASE-COMMIT: a name for a tree made of this base and these patches.
tree_id() {
	{
		echo "$1"
		tree_patches | while read -r patch; do
			printf '%s\n' "${patch#"$TOP"/}"
			cat "$patch"
		done
	} | sha256sum | cut -d ' ' -f 1
}

# Every architecture that something is compiled for here: its name, the kernel's
# ARCH, the prefix of its compiler (- where Debian has none), the package that
# brings it, and the options that make a configuration with nothing else one with
# userfaultfd and, where a compiler serves two, the right one of them.
arch_table() {
	cat <<-'EOF'
	alpha      alpha       alpha-linux-gnu-         gcc-alpha-linux-gnu
	arc        arc         arc-linux-gnu-           gcc-arc-linux-gnu
	arm        arm         arm-linux-gnueabi-       gcc-arm-linux-gnueabi      MMU=y ARCH_MULTIPLATFORM=y
	arm64      arm64       aarch64-linux-gnu-       gcc-aarch64-linux-gnu
	csky       csky        -                        -
	hexagon    hexagon     hexagon-linux-musl-      clang,lld,llvm
	ia64       ia64        -                        -
	m68k       m68k        m68k-linux-gnu-          gcc-m68k-linux-gnu         MMU=y M68KCLASSIC=y M68040=y
	microblaze microblaze  -                        -
	mips       mips        mips-linux-gnu-          gcc-mips-linux-gnu
	mips64     mips        mips64-linux-gnuabi64-   gcc-mips64-linux-gnuabi64  MIPS_MALTA=y CPU_MIPS64_R2=y 64BIT=y
	nds32      nds32       -                        -
	nios2      nios2       -                        -
	openrisc   openrisc    or1k-elf-                gcc-or1k-elf
	parisc     parisc      hppa-linux-gnu-          gcc-hppa-linux-gnu
	parisc64   parisc      hppa64-linux-gnu-        gcc-hppa64-linux-gnu       PA8X00=y 64BIT=y
	ppc32      powerpc     powerpc-linux-gnu-       gcc-powerpc-linux-gnu      !PPC64
	ppc64le    powerpc     powerpc64le-linux-gnu-   gcc-powerpc64le-linux-gnu  PPC64=y CPU_LITTLE_ENDIAN=y
	riscv64    riscv       riscv64-linux-gnu-       gcc-riscv64-linux-gnu      MMU=y
	s390x      s390        s390x-linux-gnu-         gcc-s390x-linux-gnu
	sh         sh          sh4-linux-gnu-           gcc-sh4-linux-gnu          MMU=y CPU_SUBTYPE_SH7751R=y
	sparc32    sparc       sparc64-linux-gnu-       gcc-sparc64-linux-gnu      !64BIT
	sparc64    sparc       sparc64-linux-gnu-       gcc-sparc64-linux-gnu      64BIT=y
	um         um          x86_64-linux-gnu-        gcc-x86-64-linux-gnu       64BIT=y
	x86_32     i386        x86_64-linux-gnu-        gcc-x86-64-linux-gnu
	x86_64     x86_64      x86_64-linux-gnu-        gcc-x86-64-linux-gnu       64BIT=y
	xtensa     xtensa      xtensa-lx106-elf-        gcc-xtensa-lx106           MMU=y
	EOF
}

# arch_field NAME N: what arch_table says of NAME in its column N.
arch_field() {
	arch_table | awk -v name="$1" -v n="$2" '$1 == name { print $n }'
}

arch_options() {
	arch_table | awk -v name="$1" '$1 == name { for (i = 5; i <= NF; i++) print $i }'
}

# The kernel's ARCH for $1, and the directory below arch/ that this means.
kernel_arch() {
	arch_field "$1" 2
}

source_arch() {
	case $1 in
	x86_*) printf 'x86\n' ;;
	*) kernel_arch "$1" ;;
	esac
}

# The compiler prefix for $1, empty where the host's own compiler serves.
cross() {
	cr=$(arch_field "$1" 3)
	[ "$cr" = "$(uname -m)-linux-gnu-" ] || printf '%s\n' "$cr"
}

# The compiler for $1. Debian has a GCC for every architecture but this one.
compiler() {
	case $1 in
	hexagon) printf 'clang\n' ;;
	*) printf '%sgcc\n' "$(cross "$1")" ;;
	esac
}

# borrow TREE SOURCE: a working tree of its own that shares the objects of the
# git repository SOURCE. Files keep their times where two commits do not differ,
# which is what spares compiling.
borrow() {
	if [ ! -d "$1/.git" ] || [ "$(cat "$1/.git/objects/info/alternates" 2>/dev/null)" != "$2/.git/objects" ]; then
		rm -rf "$1"
		git init -q "$1"
		printf '%s\n' "$2/.git/objects" >"$1/.git/objects/info/alternates"
	fi
}

jobs() {
	nproc 2>/dev/null || echo 2
}

# Two commands at once would tear each other's files: the second one waits.
# What the first one started holds the lock as well, but none of it outlives it.
build_lock() {
	mkdir -p "$BUILD"
	[ -z "${BUILD_LOCKED:-}" ] || return 0
	exec 9>"$BUILD/.lock"
	if ! flock -n 9; then
		warn "another make is at work in $BUILD; waiting for it"
		flock 9
	fi
	BUILD_LOCKED=1
	export BUILD_LOCKED
}

ticker_pid=
ticker_stop() {
	[ -z "$ticker_pid" ] || kill "$ticker_pid" 2>/dev/null || :
	ticker_pid=
}

# What a program must not leave behind, ended by itself or by a signal.
scratch=
on_exit() {
	ticker_stop
	[ -z "$scratch" ] || rm -rf "$scratch"
}
trap on_exit EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# ticker TEXT [FILE]: says now and then that TEXT goes on, for how long, and
# FILE's last line; in place on a terminal, once a minute elsewhere.
ticker() {
	(
		trap - EXIT HUP INT TERM
		began=$(seconds)
		if [ -t 2 ]; then pause=2; else pause=60; fi
		# $$ is who started this; it may be killed outright.
		while sleep $pause >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
			spent=$(($(seconds) - began))
			if [ -t 2 ]; then
				printf '\r  %-40.40s %4d s  %-.30s\033[K' "$1" $spent \
					"$(tail -n 1 "${2:-/dev/null}" 2>/dev/null | tr -d '\r\033')" >&2
			else
				printf '  %s: %d s so far\n' "$1" $spent >&2
			fi
		done
	) 9>&- &
	ticker_pid=$!
}

show_tail() {
	warn "--- the last lines of $1:"
	tail -n 40 "$1" | cut -c 1-400 >&2
	warn "---"
}

# step TEXT LOG COMMAND...: runs COMMAND with its output in LOG, says how long
# it took, and shows the log's end when it fails.
step() {
	step_text=$1 step_log=$2
	shift 2
	mkdir -p "${step_log%/*}"
	step_began=$(seconds)
	ticker "$step_text" "$step_log"
	step_status=0
	"$@" >"$step_log" 2>&1 </dev/null || step_status=$?
	ticker_stop
	[ ! -t 2 ] || printf '\r\033[K' >&2
	if [ $step_status -ne 0 ]; then
		show_tail "$step_log"
		die "$step_text failed (status $step_status); log: $step_log"
	fi
	printf '  %-46s %4d s\n' "$step_text" $(($(seconds) - step_began))
}

# The environment that a kernel is built in: with ccache, and with nothing of
# the day, the user or the path in the result.
kernel_env() {
	CCACHE_DIR=${CCACHE_DIR:-$(cache_dir)/ccache}
	export CCACHE_DIR CCACHE_BASEDIR="$1" CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=10G
	export KBUILD_BUILD_TIMESTAMP='Fri Jul 14 02:40:00 UTC 2017' \
		KBUILD_BUILD_USER=bed KBUILD_BUILD_HOST=bed KBUILD_BUILD_VERSION=1
	mkdir -p "$CCACHE_DIR"
}

# kernel_make TREE OUTPUT ARCH ARGUMENT...
kernel_make() {
	km_tree=$1 km_out=$2 km_arch=$3
	shift 3
	km_cc=$(compiler "$km_arch")
	[ "$km_cc" != clang ] || set -- LLVM=1 LLVM_IAS=1 "$@"
	! command -v ccache >/dev/null || km_cc="ccache $km_cc"
	make -C "$km_tree" O="$km_out" ARCH="$(kernel_arch "$km_arch")" \
		CROSS_COMPILE="$(cross "$km_arch")" CC="$km_cc" LOCALVERSION= \
		-j"$(jobs)" "$@"
}

# configure TREE OUTPUT ARCH FRAGMENT...: a configuration over tinyconfig, in
# which every option that was asked for is really set.
configure() {
	cf_tree=$1 cf_out=$2 cf_arch=$3
	shift 3
	mkdir -p "$cf_out"
	cat "$@" >"$cf_out/asked.new"
	cf_id=$(cat "$cf_out/asked.new" "$cf_tree/Makefile" | cat - "$cf_tree/mm/Kconfig" "$cf_tree/init/Kconfig" "$cf_tree/arch/$(source_arch "$cf_arch")/Kconfig" 2>/dev/null | sha256sum)
	if [ -f "$cf_out/.config" ] && [ "$(cat "$cf_out/asked.id" 2>/dev/null)" = "$cf_id" ]; then
		rm "$cf_out/asked.new"
		return
	fi
	rm -f "$cf_out/asked.id"
	if ! { kernel_make "$cf_tree" "$cf_out" "$cf_arch" -s tinyconfig &&
		cat "$cf_out/asked.new" >>"$cf_out/.config" &&
		kernel_make "$cf_tree" "$cf_out" "$cf_arch" -s olddefconfig; } >"$cf_out/config.log" 2>&1; then
		show_tail "$cf_out/config.log"
		die "the kernel of $cf_tree cannot be configured; log: $cf_out/config.log"
	fi
	mv "$cf_out/asked.new" "$cf_out/asked"
	# The last word on an option counts, as it does for kconfig.
	cf_missing=$(awk '
		function name(line) {
			sub(/^# /, "", line); sub(/[= ].*/, "", line); return line
		}
		!/^(# )?CONFIG_/ { next }
		FNR == NR { asked[name($0)] = $0; order[++n] = name($0); next }
		{ is[name($0)] = $0 }
		END {
			for (i = 1; i <= n; i++) {
				o = order[i]
				if (seen[o]++)
					continue
				want = asked[o]
				if (want ~ /^#/ && !(o in is))
					continue
				if (is[o] != want)
					print "  " want " (is: " (o in is ? is[o] : "not there") ")"
			}
		}' "$cf_out/asked" "$cf_out/.config")
	if [ -n "$cf_missing" ]; then
		warn "options asked for in config/ that the kernel of $cf_tree does not take:"
		warn "$cf_missing"
		die "the configuration is not what was asked for"
	fi
	echo "$cf_id" >"$cf_out/asked.id"
}

# What the host can spare, in MiB: the smaller of what is free and of what the
# control group allows.
host_memory() {
	hm=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
	for f in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
		max=$(cat "$f" 2>/dev/null || echo max)
		case $max in
		*[!0-9]* | '' | ??????????????????*) ;;
		*) [ $((max / 1048576)) -ge "$hm" ] || hm=$((max / 1048576)) ;;
		esac
	done
	printf '%s\n' "${hm:-4608}"
}

# TAP for the checks: result NAME FILE passes when FILE is empty, and shows it
# when it is not.
tap_count=0
result() {
	tap_count=$((tap_count + 1))
	if [ -s "$2" ]; then
		echo "not ok $tap_count - $1"
		head -n 60 "$2" | cut -c 1-300 | sed 's/^/# /'
	else
		echo "ok $tap_count - $1"
	fi
}

skip_result() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}
