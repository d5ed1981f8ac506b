# SPDX-License-Identifier: GPL-2.0
#
# Linux 5.10 as Debian 11 carries it.

BASE_KERNEL	= 5.10
BASE_PACKAGE	= linux-source-5.10
BASE_SUITE	= bullseye-security
BASE_VERSION	= 5.10.262-1
BASE_SELFTESTS	= tools/testing/selftests/vm

# Directories of patches under bases/ that make the base, and under series/
# that are tested on it, in order.
BASE_PATCHES	=
BASE_SERIES	= 5.10

include bases/selftests

# What runs in the guest: the kernel's own tests, then those of the series.
define BASE_PLAN
userfaultfd-anon	plain	300	userfaultfd anon 16 2
userfaultfd-hugetlb	plain	300	userfaultfd hugetlb 32 2 /dev/hugepages/userfaultfd
userfaultfd-shmem	plain	300	userfaultfd shmem 16 2
$(SERIES_PLAN)
endef
