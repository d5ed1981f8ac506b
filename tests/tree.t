#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Trees and series, on a kernel of three files: tree after export is a fixed
# point, patches that do not apply, stacked bases, and sources given by KSRC.
# shellcheck disable=SC2015,SC2016 # pass || fail; code in quotes
. "${0%/*}/lib.sh"

# A copy of the bed with a base and series of its own.
bed=$work/bed
mkdir -p "$bed"
cp -R "$TOP/Makefile" "$TOP/scripts" "$TOP/config" "$bed/"
mkdir -p "$bed/bases" "$bed/series/9.8"
for base in 9.8 9.8-bare; do
	cat >"$bed/bases/$base.mk" <<-EOF
	BASE_KERNEL = 9.8
	BASE_PACKAGE = linux-source-9.8
	BASE_SUITE = nosuch
	BASE_VERSION = 9.8.7-1
	BASE_SELFTESTS = tools
	BASE_PATCHES =
	BASE_SERIES = 9.8
	EOF
done
sed -i 's/^BASE_PATCHES.*/BASE_PATCHES = 9.8-bare/; s/^BASE_SERIES.*/BASE_SERIES = 9.8-bare 9.8/' "$bed/bases/9.8-bare.mk"
cp "$bed/bases/9.8.mk" "$bed/bases/5.10.mk"

ksrc=$work/linux-9.8.7
mkdir -p "$ksrc/mm" "$ksrc/virt"
printf 'VERSION = 9\nPATCHLEVEL = 8\nSUBLEVEL = 7\n' >"$ksrc/Makefile"
seq 1 40 >"$ksrc/mm/a.c"
seq 1 40 >"$ksrc/mm/b.c"
(cd "$work" && tar -cJf linux.tar.xz linux-9.8.7)

# What the make that runs this was told of bases is not for the copy.
unset BASE ARCH DEBUG BASES ARCHES KSRC
m() {
	(cd "$bed" && env -u BUILD XDG_CACHE_HOME="$work/cache" make --no-print-directory "$@") >"$work/log" 2>&1
}
g() {
	GIT_CONFIG_GLOBAL=$TOP/config/gitconfig git -C "$bed/build/9.8/linux" "$@"
}
sum() {
	(cd "$bed" && find series bases -name '*.patch' | sort | xargs sha256sum) | sha256sum
}

m help && pass "help" || fail "help" "$work/log"
want "help lists every target" "$work/log" 'make native'
m BASE=1.2 || :
want "an unknown BASE is named, with those there are" "$work/log" "unknown BASE '1.2'; there is: .*9.8-bare"
m ARCH=vax || :
want "an unknown ARCH is named, with those there are" "$work/log" "unknown ARCH 'vax'; there is: x86_64 arm64"
m test BASES="9.8 nope" || :
want "an unknown name in BASES is named" "$work/log" "unknown BASE 'nope'"
if [ -e "$bed/build" ]; then fail "bad input makes nothing"; else pass "bad input makes nothing"; fi

m tree BASE=9.8 KSRC="$work/absent" || :
want "KSRC that is not there" "$work/log" "there is no $work/absent"
sed -i 's/^PATCHLEVEL.*/PATCHLEVEL = 6/' "$ksrc/Makefile"
m tree BASE=9.8 KSRC="$ksrc" || :
want "KSRC of the wrong version" "$work/log" 'is Linux 9.6.7, but BASE=9.8 wants Linux 9.8$'
if [ -e "$bed/build/9.8/linux" ]; then fail "no half-made tree"; else pass "no half-made tree"; fi
sed -i 's/^PATCHLEVEL.*/PATCHLEVEL = 8/' "$ksrc/Makefile"

m tree BASE=9.8 KSRC="$ksrc" && pass "a tree from a directory, without a series" || fail "a tree from a directory, without a series" "$work/log"
base=$(g rev-parse base)
rm -rf "$bed/build"
m tree BASE=9.8 KSRC="$work/linux.tar.xz" && pass "a tree from a tarball" || fail "a tree from a tarball" "$work/log"
(cd "$ksrc" && export GIT_CONFIG_GLOBAL="$TOP/config/gitconfig" && git init -q . && git add -A && git commit -q -m x)
echo junk >"$ksrc/not-committed"
rm -rf "$bed/build"
m tree BASE=9.8 KSRC="$ksrc" && pass "a tree from a git repository" || fail "a tree from a git repository" "$work/log"
if [ "$(g rev-parse "base^{tree}")" = "$(g rev-parse "$base^{tree}" 2>/dev/null)" ] && [ "$(g rev-parse base)" = "$base" ]; then
	pass "they all give the same commit"
else
	fail "they all give the same commit" "$work/log"
fi
m tree BASE=9.8 KSRC="$work/linux.tar.xz" && pass "the tree is made anew where nothing of it would be lost" || fail "remake" "$work/log"

# Two commits become two patches, and those the same two commits.
sed -i 's/^20$/twenty/' "$bed/build/9.8/linux/mm/a.c"
g commit -q -a -m 'mm: a: spell twenty

The message.' --author='Some One <one@example.org>' --date='2020-01-02 03:04:05 +0100'
echo new >"$bed/build/9.8/linux/mm/c.c"
g add mm/c.c
g commit -q -m 'mm: add c' --date='2020-01-03 03:04:05 +0100'
printf 'a cover letter\n' >"$bed/series/9.8/0000-cover-letter.txt"
m export BASE=9.8 && pass "export" || fail "export" "$work/log"
want "export tells what it wrote" "$work/log" 'series/9.8: 2 patches, 2 changed'
want "a patch has its name and author" "$bed/series/9.8/0001-mm-a-spell-twenty.patch" '^From: Some One <one@example.org>'
want "the cover letter stays" "$bed/series/9.8/0000-cover-letter.txt" 'a cover letter'
want_not "no commit of this machine in a patch" "$bed/series/9.8/0001-mm-a-spell-twenty.patch" "$(g rev-parse HEAD~1)"
before=$(sum)
m export BASE=9.8
want "export again changes nothing" "$work/log" ' 0 changed'
m tree BASE=9.8 KSRC="$work/linux.tar.xz"
rm -rf "$bed/build"
m tree BASE=9.8 KSRC="$work/linux.tar.xz" || fail "tree" "$work/log"
head=$(g rev-parse HEAD)
m export BASE=9.8
want "export of a new tree changes nothing" "$work/log" ' 0 changed'
if [ "$before" = "$(sum)" ]; then pass "tree after export is a fixed point"; else fail "tree after export is a fixed point"; fi
rm -rf "$bed/build"
(GIT_COMMITTER_NAME=x GIT_AUTHOR_NAME=y HOME=$work/home GIT_DIR=/nowhere m tree BASE=9.8 KSRC="$work/linux.tar.xz")
if [ "$(g rev-parse HEAD)" = "$head" ]; then pass "the same commits, whoever makes them"; else fail "the same commits, whoever makes them" "$work/log"; fi

# Work in the tree is safe.
echo more >>"$bed/build/9.8/linux/mm/b.c"
m tree BASE=9.8 KSRC="$work/linux.tar.xz" && pass "a tree with changes is left alone" || fail "a tree with changes is left alone" "$work/log"
want "the change is still there" "$bed/build/9.8/linux/mm/b.c" '^more$'
sed -i 's/^+twenty/+TWENTY/' "$bed/series/9.8/0001-mm-a-spell-twenty.patch"
m tree BASE=9.8 KSRC="$work/linux.tar.xz" && fail "series and tree both changed: refused" || pass "series and tree both changed: refused"
want "with what to do" "$work/log" "make export BASE=9.8"
m export BASE=9.8 && fail "uncommitted changes are not exported" || pass "uncommitted changes are not exported"
g checkout -q -f .
m tree BASE=9.8 KSRC="$work/linux.tar.xz" && pass "a changed series is applied anew" || fail "a changed series is applied anew" "$work/log"
want "with its change" "$bed/build/9.8/linux/mm/a.c" '^TWENTY$'
m distclean && pass "distclean removes a tree that is all in series/" || fail "distclean" "$work/log"

# A patch that does not apply.
sed -i 's/^ 19$/ nineteen/' "$bed/series/9.8/0001-mm-a-spell-twenty.patch"
m tree BASE=9.8 KSRC="$work/linux.tar.xz" && fail "a patch that does not apply fails" || pass "a patch that does not apply fails"
want "it names patch, version and file" "$work/log" 'series/9.8/0001-mm-a-spell-twenty.patch does not apply to Linux 9.8.7 .*: mm/a.c:'
want "and the way on" "$work/log" 'am --continue'
m tree BASE=9.8 KSRC="$work/linux.tar.xz" || :
want "a second try tells that it is not finished" "$work/log" 'in the middle of a git am'
sed -i 's/^20$/zwanzig/' "$bed/build/9.8/linux/mm/a.c"
g add mm/a.c
g am --continue >/dev/null 2>&1 || :
m tree BASE=9.8 KSRC="$work/linux.tar.xz"
want "what was mended by hand is kept" "$work/log" 'was finished by hand'
m export BASE=9.8
want "and exported" "$bed/series/9.8/0001-mm-a-spell-twenty.patch" '^\+zwanzig'

# A base that is another one with patches, and a series below the other's.
mkdir -p "$bed/bases/9.8-bare" "$bed/series/9.8-bare"
printf 'a cover letter\n' >"$bed/series/9.8-bare/0000-cover-letter.txt"
patch_line() {
	cat <<-EOF
	From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
	From: Some One <one@example.org>
	Date: Thu, 2 Jan 2020 03:04:05 +0100
	Subject: [PATCH] mm: b: $1 becomes $2

	---
	diff --git a/mm/b.c b/mm/b.c
	--- a/mm/b.c
	+++ b/mm/b.c
	@@ -1,1 +1,1 @@
	-$1
	+$2
	EOF
}
patch_line 1 bare | sed 's/^@@.*/@@ -1,4 +1,4 @@/; $a\ 2\n 3\n 4' >"$bed/bases/9.8-bare/0001-a.patch"
patch_line bare uno | sed 's/^@@.*/@@ -1,4 +1,4 @@/; $a\ 2\n 3\n 4' >"$bed/series/9.8-bare/0001-b.patch"
m tree BASE=9.8-bare KSRC="$work/linux.tar.xz" && pass "a stacked base" || fail "a stacked base" "$work/log"
if [ "$(GIT_CONFIG_GLOBAL=$TOP/config/gitconfig git -C "$bed/build/9.8-bare/linux" rev-list --count base..HEAD)" = 4 ]; then
	pass "it has the patches of all"
else
	fail "it has the patches of all" "$work/log"
fi
(CONTROL=1 m tree BASE=9.8-bare KSRC="$work/linux.tar.xz") || fail "the control tree" "$work/log"
want "the control has the base's patches only" "$bed/build/9.8-bare/control-linux/mm/b.c" '^bare$'
m export BASE=9.8-bare || fail "export of a stacked base" "$work/log"
m export BASE=9.8-bare
want "its own series is exported" "$work/log" 'series/9.8-bare: 1 patches, 0 changed'
want "and its base" "$work/log" 'bases/9.8-bare: 1 patches, 0 changed'
want_not "but not the other's series" "$work/log" 'series/9.8:'

# A cache that cannot be had.
rm -rf "$bed/build"
(unset HOME; cd "$bed" && env -u BUILD -u XDG_CACHE_HOME -u HOME DEBIAN_MIRROR=file:///nowhere make --no-print-directory tree BASE=9.8) >"$work/log" 2>&1 || :
want "a mirror that does not have it" "$work/log" 'no linux-source-9.8 in nosuch'
if [ -e "$bed/build/9.8/linux" ]; then fail "no half-made tree after a failed download"; else pass "no half-made tree after a failed download"; fi
if [ -d "$bed/build/cache" ]; then pass "without HOME the cache is in build/"; else fail "without HOME the cache is in build/" "$work/log"; fi
done_testing
