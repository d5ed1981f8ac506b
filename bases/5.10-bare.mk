# SPDX-License-Identifier: GPL-2.0
#
# 5.10 without UFFD_FEATURE_SIGBUS and with one retry for each fault: what
# kernels from 4.11 to 5.6 do. No suite of Debian still has one of those.

include bases/5.10.mk

BASE_PATCHES	= 5.10-bare
BASE_SERIES	= 5.10-bare 5.10

# What has to fail or skip on this base without the series. mlock() is not
# among it: it has always tried again by itself.
define BASE_CONTROL
uffd-retry:retry.*_user.woken
uffd-retry:retry.*_read.woken
uffd-retry:retry.*_write.woken
uffd-retry:retry.*_process_vm.woken
uffd-retry:retry.*_proc_mem.woken
uffd-retry:retry.*_futex.woken
uffd-retry:retry.*_futex_op.woken
uffd-retry:retry.*_io_submit.woken
uffd-retry:retry.*_vmsplice.woken
uffd-retry:threads.*.woken
uffd-sigbus:*
endef
