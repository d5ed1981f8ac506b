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

include bases/selftests

# What runs in the guest: the kernel's own tests, then those of the series.
define BASE_PLAN
uffd-unit-tests		plain	600	uffd-unit-tests
guard-regions		tap	300	guard-regions
$(SERIES_PLAN)
endef
