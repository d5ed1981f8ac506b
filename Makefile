# SPDX-License-Identifier: GPL-2.0
#
# The one entry point. Every step is a program in scripts/ that reads what the
# step before it wrote under build/.

BASE	?= 5.10
ARCH	?= x86_64
DEBUG	?=

all_bases  := $(sort $(patsubst bases/%.mk,%,$(wildcard bases/*.mk)))
all_arches := x86_64 arm64
# Not tested by default, nor as far as the others.
more_arches := riscv64 s390x

BASES	?= $(all_bases)
ARCHES	?= $(all_arches)

define valid
$(foreach v,$(2),$(if $(filter $(v),$(3)),,$(error unknown $(1) '$(v)'; there is: $(3))))
endef

# "make DEBUG=0" means no.
override DEBUG := $(filter-out 0 n no,$(DEBUG))

ifneq ($(words $(BASE)) $(words $(ARCH)),1 1)
$(error BASE and ARCH take one name each; "make test BASES=... ARCHES=..." takes several)
endif
$(call valid,BASE,$(BASE) $(BASES),$(all_bases))
$(call valid,ARCH,$(ARCH) $(ARCHES),$(all_arches) $(more_arches))

include bases/$(BASE).mk

export BASE ARCH DEBUG BASES ARCHES KSRC
export BASE_KERNEL BASE_PACKAGE BASE_SUITE BASE_VERSION BASE_SELFTESTS
export BASE_PATCHES BASE_SERIES BASE_PLAN BASE_DEBUG_ENV BASE_CONTROL BASE_UNPLANNED

.PHONY: all help packages test guest tree export boot native check bench selftest clean distclean \
	bench-one check-patches check-objects check-arches

all: ## build, boot and test BASE (5.10) on ARCH (x86_64); the default
	@scripts/matrix test "$(BASE)" "$(ARCH)"

help: ## this list
	@scripts/help

test: ## the same for BASES and ARCHES (all of them), and the bed's own tests
	@SELFTEST=1 scripts/matrix test "$(BASES)" "$(ARCHES)"

tree: ## a git tree of BASE with its series in build/BASE/linux
	@scripts/tree command

export: ## write the commits of that tree back to series/BASE
	@scripts/export

boot: ## a shell in the guest of BASE and ARCH; the selftests are in /tests
	@scripts/matrix build "$(BASE)" "$(ARCH)"
	@scripts/boot

native: ## the selftests of BASE on the running kernel
	@scripts/native

bench: ## what userfaults cost on BASES and ARCHES: a table and a picture
	@scripts/bench

check: ## static checks of all series (BASES) and of the bed itself
	@scripts/check

selftest: ## the bed's own tests; those that boot want a guest built before
	@scripts/matrix selftest "$(BASE)" "$(ARCH)"

# One guest: kernel, selftests and initramfs, in build/BASE/ARCH.
guest:
	@scripts/tree
	@scripts/build
	@scripts/tests
	@scripts/initramfs

bench-one check-patches check-objects check-arches:
	@scripts/$@

bench-one: guest

clean: ## remove what was built, not the trees nor the cache
	@scripts/clean

distclean: ## remove build/ as a whole, trees with your commits included
	@scripts/clean all
