// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the guest: sets up what the tests need, runs the plan, looks for
 * leaks and taints, and tells the outcome on the result channel, a port of its
 * own that no kernel message can reach. The last line there, "guest end", is
 * written only when everything before it went well.
 *
 * Nothing here writes to the console: what is to be read among the kernel's
 * messages goes to /dev/kmsg, where a record is never torn.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define RESULT_FD	3

static char cmdline[4096];

static void note(const char *fmt, ...)
{
	char text[512];
	va_list args;
	int fd, len;

	len = snprintf(text, sizeof(text), "guest: ");
	va_start(args, fmt);
	len += vsnprintf(text + len, sizeof(text) - len, fmt, args);
	va_end(args);
	if (len > (int)sizeof(text) - 1)
		len = sizeof(text) - 1;
	fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, text, len) < 0)
		perror("/dev/kmsg");
	close(fd);
}

static void result(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vdprintf(RESULT_FD, fmt, args);
	va_end(args);
	tcdrain(RESULT_FD);
}

static void __attribute__((noreturn)) stop(void)
{
	sync();
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

static void __attribute__((noreturn)) fail(const char *what)
{
	note("cannot go on: %s: %s", what, strerror(errno));
	stop();
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -1;
	if (write(fd, text, strlen(text)) < 0)
		ret = -1;
	close(fd);
	return ret;
}

static ssize_t get(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -1;
	len = read(fd, text, size - 1);
	close(fd);
	if (len < 0)
		return -1;
	text[len] = '\0';
	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	return len;
}

/* The value of NAME=VALUE on the kernel's command line, or "". */
static const char *option(const char *name)
{
	static char value[256];
	size_t len = strlen(name);
	const char *p = cmdline;
	size_t n;

	while (*p) {
		p += strspn(p, " ");
		n = strcspn(p, " ");
		if (n > len && !strncmp(p, name, len) && p[len] == '=') {
			n -= len + 1;
			if (n > sizeof(value) - 1)
				n = sizeof(value) - 1;
			memcpy(value, p + len + 1, n);
			value[n] = '\0';
			return value;
		}
		p += n;
	}
	return "";
}

static void try_mount(const char *type, const char *dir, const char *data)
{
	mkdir(dir, 0755);
	if (mount(type, dir, type, 0, data) && errno != EBUSY)
		note("no %s on %s: %s", type, dir, strerror(errno));
}

/* Runs a command with its output thrown away. */
static int run(const char *const argv[])
{
	int status, null;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (!pid) {
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	if (status)
		note("%s %s: status %#x", argv[0], argv[1], status);
	return status;
}

static void set_up_swap(void)
{
	char path[64], dev[32];
	int i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/sys/block/zram%d/disksize", i);
		snprintf(dev, sizeof(dev), "/dev/zram%d", i);
		if (put(path, "256M")) {
			note("no %s: %s", dev, strerror(errno));
			return;
		}
		run((const char *[]){ "/bin/busybox", "mkswap", dev, NULL });
		run((const char *[]){ "/bin/busybox", "swapon", dev, NULL });
	}
	/* The third disk carries a file system that knows O_DIRECT. */
	if (put("/sys/block/zram2/disksize", "64M"))
		return;
	run((const char *[]){ "/bin/busybox", "mke2fs", "-b", "4096", "/dev/zram2", NULL });
	mkdir("/mnt/ext2", 0755);
	if (mount("/dev/zram2", "/mnt/ext2", "ext2", 0, NULL))
		note("no ext2: %s", strerror(errno));
	else
		chmod("/mnt/ext2", 01777);
}

static void set_up_memory(void)
{
	/* 1G pages come from the command line, before memory is fragmented. */
	if (put("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "256"))
		put("/sys/kernel/mm/hugepages/hugepages-1024kB/nr_hugepages", "512");
	try_mount("hugetlbfs", "/dev/hugepages", "mode=1777");
	if (!access("/sys/kernel/mm/hugepages/hugepages-1048576kB", F_OK))
		try_mount("hugetlbfs", "/dev/hugepages-1G", "mode=1777,pagesize=1G");
	try_mount("cgroup2", "/sys/fs/cgroup", NULL);
	if (put("/sys/fs/cgroup/cgroup.subtree_control", "+memory"))
		note("no memory controller: %s", strerror(errno));
	set_up_swap();
}

static void set_up(void)
{
	umask(0);
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir("/mnt", 0755);
	if (mount("proc", "/proc", "proc", 0, NULL))
		fail("/proc");
	if (mount("sysfs", "/sys", "sysfs", 0, NULL))
		fail("/sys");
	if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL) && errno != EBUSY)
		fail("/dev");
	try_mount("debugfs", "/sys/kernel/debug", NULL);
	try_mount("tmpfs", "/dev/shm", "mode=1777");
	try_mount("tmpfs", "/tmp", "mode=1777");
	try_mount("ramfs", "/mnt/ramfs", "mode=1777");
	symlink("/proc/self/fd", "/dev/fd");
	umask(022);
	if (get("/proc/cmdline", cmdline, sizeof(cmdline)) < 0)
		fail("/proc/cmdline");
	/* Guests under emulation are slow; what hangs for good still shows. */
	put("/proc/sys/kernel/hung_task_timeout_secs", "300");
	put("/proc/sys/kernel/printk_ratelimit", "0");
}

static void open_result(void)
{
	char path[300];
	struct termios tio;
	int fd, i;

	snprintf(path, sizeof(path), "/dev/%s", option("guest.result"));
	for (i = 0; i < 100; i++) {
		fd = open(path, O_WRONLY | O_NOCTTY);
		if (fd >= 0)
			break;
		usleep(100000);
	}
	if (fd < 0)
		fail(path);
	if (fd != RESULT_FD) {
		if (dup2(fd, RESULT_FD) < 0)
			fail("dup2");
		close(fd);
	}
	if (!tcgetattr(RESULT_FD, &tio)) {
		cfmakeraw(&tio);
		tcsetattr(RESULT_FD, TCSANOW, &tio);
	}
}

static pid_t start(const char *path, char *const argv[], char *const envp[])
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid) {
		execve(path, argv, envp);
		_exit(127);
	}
	return pid;
}

static int finish(pid_t pid)
{
	int status = 0;
	pid_t got;

	do {
		got = wait(&status);
	} while (got != pid && (got > 0 || errno == EINTR));
	return status;
}

static const char kmemleak[] = "/sys/kernel/debug/kmemleak";

/* kmemleak reports what it found in two scans only: new memory is too young. */
static void scan_for_leaks(void)
{
	sleep(6);
	put(kmemleak, "scan");
	sleep(6);
	put(kmemleak, "scan");
}

/* What seems lost before the first test is the boot's: ACPI's caches, say. */
static void forget_leaks(void)
{
	if (access(kmemleak, F_OK))
		return;
	scan_for_leaks();
	put(kmemleak, "clear");
}

static void check_leaks(void)
{
	char line[256];
	int leaks = 0;
	FILE *f;

	if (access(kmemleak, F_OK)) {
		result("guest kmemleak absent\n");
		return;
	}
	scan_for_leaks();
	f = fopen(kmemleak, "re");
	if (!f)
		fail(kmemleak);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "unreferenced object", 19))
			leaks++;
		note("kmemleak| %s", line);
	}
	fclose(f);
	result("guest kmemleak %d\n", leaks);
}

static void check_taint(void)
{
	char taint[32];

	if (get("/proc/sys/kernel/tainted", taint, sizeof(taint)) < 0)
		fail("tainted");
	result("guest taint %s\n", taint);
}

static char *const env[] = {
	"PATH=/tests:/bin", "HOME=/root", "TERM=linux", "UFFD_TEST_HWPOISON=1", NULL
};

static void run_shell(void)
{
	char *const argv[] = { "-sh", NULL };
	int fd = open("/dev/console", O_RDWR);

	dup2(fd, 0);
	dup2(fd, 1);
	dup2(fd, 2);
	run((const char *[]){ "/bin/busybox", "--install", "-s", "/bin", NULL });
	setsid();
	if (chdir("/tests"))
		fail("/tests");
	finish(start("/bin/busybox", argv, env));
	stop();
}

/* What the bed's own tests ask for, to see each of it fail a run. */
static void misbehave(const char *mode)
{
	if (!strcmp(mode, "hang"))
		for (;;)
			pause();
	if (!strcmp(mode, "panic"))
		exit(1);
	if (!strcmp(mode, "exit"))
		stop();
	if (!strcmp(mode, "warn")) {
		int fd = open("/dev/kmsg", O_WRONLY);

		if (fd >= 0) {
			if (write(fd, "WARNING: asked for by guest.mode=warn", 37) < 0)
				note("kmsg: %s", strerror(errno));
			close(fd);
		}
	}
}

int main(void)
{
	char *const argv[] = { "plan", "/etc/plan", NULL };
	const char *mode;
	int null, status;

	null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
	}
	set_up();
	mode = strdup(option("guest.mode"));
	if (!strcmp(mode, "shell")) {
		set_up_memory();
		run_shell();
	}
	open_result();
	result("guest start\n");
	if (!strcmp(mode, "probe")) {
		result("guest end\n");
		stop();
	}
	set_up_memory();
	if (chdir("/tests"))
		fail("/tests");
	run((const char *[]){ "/bin/busybox", "--install", "-s", "/bin", NULL });
	misbehave(mode);
	forget_leaks();
	status = finish(start("/bin/plan", argv, env));
	if (status) {
		note("the plan ended with status %#x", status);
		stop();
	}
	check_leaks();
	check_taint();
	result("guest end\n");
	stop();
}
