# SPDX-License-Identifier: GPL-2.0
#
# Linux 7.3 as Debian 13 carries it in its backports.

BASE_KERNEL	= 7.3
BASE_PACKAGE	= linux-source-7.3
BASE_SUITE	= trixie-backports
BASE_VERSION	= 7.3.4-1~bpo13+1
BASE_SELFTESTS	= tools/testing/selftests/mm

# Directories of patches under bases/ that make the base, and under series/
# that are tested on it, in order.
BASE_PATCHES	=
BASE_SERIES	= 7.3

# What runs in the guest, in order:
#   name, kind (tap or plain), seconds it may take, [VARIABLE=value...] command
# A line whose program the tree does not have (yet) is left out; a program of
# the series that no line names stops the build.
define BASE_PLAN
uffd-unit-tests		plain	600	uffd-unit-tests
guard-regions		tap	300	guard-regions
uffd-minor		tap	600	uffd-minor
uffd-minor-race		tap	900	UFFD_TEST_STEPS=10 uffd-minor-race
uffd-user-mode		tap	300	uffd-user-mode
uffd-retry		tap	900	UFFD_TEST_STEPS=10 uffd-retry
uffd-vma-lock		tap	600	UFFD_TEST_STEPS=20 uffd-vma-lock
uffd-sigbus		tap	900	UFFD_TEST_STEPS=10 uffd-sigbus
madv-userfault		tap	600	madv-userfault
madv-userfault-race	tap	900	UFFD_TEST_STEPS=25 madv-userfault-race
madv-userfault-demand	tap	300	madv-userfault-demand
madv-userfault-volatile	tap	300	madv-userfault-volatile
endef

# The same with DEBUG=1, where everything takes longer: the words that are
# put before the command of a line, behind its own.
BASE_DEBUG_ENV	= UFFD_TEST_STEPS=20
