// SPDX-License-Identifier: GPL-2.0
/*
 * plan FILE: runs the programs that FILE lists, one line each
 *
 *	NAME KIND SECONDS [VARIABLE=VALUE...] COMMAND [ARGUMENT...]
 *
 * and reports on file descriptor 3, line by line:
 *
 *	program NAME KIND
 *	|what the program writes
 *	leak NAME ok | leak NAME not ok: what it left behind
 *	exit NAME exit N SECONDS | exit NAME signal N SECONDS | exit NAME limit SECONDS
 *
 * A program gets a session of its own; whatever of it still runs when it ends
 * is killed and counts as left behind, as do huge pages in use or reserved.
 * With /dev/kmsg at hand the output is copied there, so that a kernel message
 * is seen beside the test that caused it.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RESULT_FD	3
#define MAX_WORDS	64
#define MAX_SIZES	8
#define LINE_SIZE	900
#define REAP_SECONDS	10
#define HUGE_DIR	"/sys/kernel/mm/hugepages"

struct huge_size {
	char dir[96];
	long total, used, reserved;
};

struct program {
	char *name, *kind;
	long limit;
	char *words[MAX_WORDS];		/* variables, then the command */
};

static int kmsg = -1;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void report(const char *fmt, ...)
{
	char text[LINE_SIZE + 640];
	va_list args;
	int len, done = 0, n;

	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text) - 1, fmt, args);
	va_end(args);
	if (len > (int)sizeof(text) - 2)
		len = sizeof(text) - 2;
	text[len++] = '\n';
	while (done < len) {
		n = write(RESULT_FD, text + done, len - done);
		if (n < 0 && errno != EINTR)
			exit(2);
		if (n > 0)
			done += n;
	}
	if (kmsg >= 0) {
		char record[sizeof(text) + 16];

		n = snprintf(record, sizeof(record), "guest: %.*s", len - 1, text);
		if (write(kmsg, record, n) < 0)
			return;
	}
}

static long read_long(const char *dir, const char *file)
{
	char path[200];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "re");
	if (!f)
		return -1;
	if (fscanf(f, "%ld", &value) != 1)
		value = -1;
	fclose(f);
	return value;
}

static int read_huge(struct huge_size *size)
{
	struct dirent *entry;
	DIR *dir = opendir(HUGE_DIR);
	int n = 0;

	if (!dir)
		return 0;
	while (n < MAX_SIZES && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "hugepages-", 10))
			continue;
		snprintf(size[n].dir, sizeof(size[n].dir), HUGE_DIR "/%.40s", entry->d_name);
		size[n].total = read_long(size[n].dir, "nr_hugepages");
		size[n].used = size[n].total - read_long(size[n].dir, "free_hugepages");
		size[n].reserved = read_long(size[n].dir, "resv_hugepages");
		n++;
	}
	closedir(dir);
	return n;
}

/* The number of pages whose memory has failed; a huge page counts as one. */
static long poisoned_pages(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	char line[128];
	long kb = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "HardwareCorrupted: %ld kB", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb / (sysconf(_SC_PAGESIZE) / 1024);
}

/*
 * Freeing may be deferred to a kernel thread: give it some seconds. A huge page
 * that was poisoned, of which there are up to @poisoned, never gets free again.
 */
static int huge_left(const struct huge_size *before, int n, long poisoned,
		     char *text, size_t len)
{
	struct huge_size after[MAX_SIZES];
	double end = now() + REAP_SECONDS;
	int i, left;

	do {
		left = 0;
		if (read_huge(after) != n)
			return 0;
		for (i = 0; i < n; i++) {
			if (after[i].used >= before[i].used &&
			    after[i].used <= before[i].used + poisoned &&
			    after[i].reserved == before[i].reserved)
				continue;
			left = 1;
			snprintf(text, len, "%s: %ld in use (%ld before), %ld reserved (%ld before)",
				 after[i].dir, after[i].used, before[i].used,
				 after[i].reserved, before[i].reserved);
		}
		if (left)
			usleep(200000);
	} while (left && now() < end);
	return left;
}

/* A test that changed the number of huge pages must not starve the next. */
static void restore_huge(const struct huge_size *before, int n)
{
	char path[200];
	FILE *f;
	int i;

	for (i = 0; i < n; i++) {
		if (read_long(before[i].dir, "nr_hugepages") == before[i].total)
			continue;
		snprintf(path, sizeof(path), "%s/nr_hugepages", before[i].dir);
		f = fopen(path, "we");
		if (f) {
			fprintf(f, "%ld\n", before[i].total);
			fclose(f);
		}
	}
}

static char *read_line(const char *path, char *text, size_t size)
{
	FILE *f = fopen(path, "re");
	char *p;

	if (!f)
		return NULL;
	p = fgets(text, size, f);
	fclose(f);
	return p;
}

/*
 * The live tasks of a session, and what was orphaned by it: those come to us,
 * their subreaper. Signals and shows them as asked; returns how many they are.
 */
static int tasks_left(pid_t session, int sig, int show)
{
	char path[64], text[512], wchan[64];
	struct dirent *entry;
	int pid, parent, sid, count = 0;
	DIR *dir;
	char state;
	char *p;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	dir = opendir("/proc");
	while (dir && (entry = readdir(dir))) {
		pid = atoi(entry->d_name);
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		if (pid <= 0 || !read_line(path, text, sizeof(text)))
			continue;
		p = strrchr(text, ')');
		if (!p || sscanf(p, ") %c %d %*d %d", &state, &parent, &sid) != 3)
			continue;
		if ((sid != session && parent != getpid()) || state == 'Z')
			continue;
		count++;
		if (sig)
			kill(pid, sig);
		if (!show)
			continue;
		p[1] = '\0';
		snprintf(path, sizeof(path), "/proc/%d/wchan", pid);
		if (!read_line(path, wchan, sizeof(wchan)))
			strcpy(wchan, "?");
		report("|# left: %s state %c in %s", text, state, wchan);
	}
	if (dir)
		closedir(dir);
	return count;
}

/* True when something of the session survives SIGKILL. */
static int end_session(pid_t session)
{
	double end = now() + REAP_SECONDS;

	while (tasks_left(session, SIGKILL, 0)) {
		if (now() > end)
			return 1;
		usleep(50000);
	}
	return 0;
}

static void show_output(char *line, size_t *len, const char *in, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = in[i];

		if (c == '\n' || *len == LINE_SIZE - 1) {
			line[*len] = '\0';
			report("|%s", line);
			*len = 0;
			if (c == '\n')
				continue;
		}
		if (c == '\r' || !c)
			continue;
		line[(*len)++] = isprint(c) || c == '\t' || c >= 0x80 ? c : '?';
	}
}

static void __attribute__((noreturn)) become(struct program *prog, int out)
{
	int null = open("/dev/null", O_RDONLY);
	char **word = prog->words;

	setsid();
	dup2(null, 0);
	dup2(out, 1);
	dup2(out, 2);
	close(RESULT_FD);
	signal(SIGPIPE, SIG_DFL);
	for (; *word && strchr(*word, '='); word++)
		putenv(*word);
	if (*word)
		execvp(*word, word);
	printf("# cannot run %s: %s\n", *word ? *word : "nothing", strerror(errno));
	fflush(stdout);
	_exit(127);
}

static void run_program(struct program *prog)
{
	struct huge_size before[MAX_SIZES];
	char buf[4096], line[LINE_SIZE], left[512] = "";
	size_t len = 0;
	double began = now(), end = began + prog->limit, grace = 0;
	long poisoned = poisoned_pages();
	int sizes = read_huge(before);
	int fds[2], status = 0, ended = 0, limit = 0, waits = 0;
	struct pollfd pfd;
	ssize_t n;
	pid_t pid;

	report("program %s %s", prog->name, prog->kind);
	if (pipe2(fds, O_CLOEXEC)) {
		report("|# pipe: %s", strerror(errno));
		exit(2);
	}
	pid = fork();
	if (pid < 0) {
		report("|# fork: %s", strerror(errno));
		exit(2);
	}
	if (!pid)
		become(prog, fds[1]);
	close(fds[1]);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	pfd = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	for (;;) {
		n = 0;
		if (poll(&pfd, 1, 100) > 0) {
			n = read(fds[0], buf, sizeof(buf));
			if (n > 0)
				show_output(line, &len, buf, n);
		}
		if (!ended && waitpid(pid, &status, WNOHANG) == pid) {
			ended = 1;
			grace = now() + 1;
		}
		/* A child that lives on may keep the pipe open. */
		if (ended && (n <= 0 || now() > grace))
			break;
		if (!ended && now() > end) {
			limit = 1;
			tasks_left(pid, SIGKILL, 1);
			break;
		}
	}
	while ((n = read(fds[0], buf, sizeof(buf))) > 0)
		show_output(line, &len, buf, n);
	if (len)
		show_output(line, &len, "\n", 1);
	close(fds[0]);

	/* What ends by itself at once was only late. */
	while (!limit && tasks_left(pid, 0, 0) && waits++ < 20)
		usleep(50000);
	if (!limit && tasks_left(pid, 0, 1))
		strcpy(left, "processes");
	if (end_session(pid)) {
		tasks_left(pid, 0, 1);
		strcpy(left, "processes that cannot be killed");
	}
	if (!*left)
		huge_left(before, sizes, poisoned_pages() - poisoned, left, sizeof(left));
	if (getuid() == 0 && kmsg >= 0)
		restore_huge(before, sizes);
	if (*left)
		report("leak %s not ok: %s", prog->name, left);
	else
		report("leak %s ok", prog->name);
	if (limit)
		report("exit %s limit %.0f", prog->name, now() - began);
	else if (WIFSIGNALED(status))
		report("exit %s signal %d %.0f", prog->name, WTERMSIG(status), now() - began);
	else
		report("exit %s exit %d %.0f", prog->name, WEXITSTATUS(status), now() - began);
}

/* 0 for a program, 1 for an empty line. */
static int parse(char *text, struct program *prog)
{
	char *word = strtok(text, " \t\n");
	int n = 0;

	if (!word || *word == '#')
		return 1;
	prog->name = word;
	prog->kind = strtok(NULL, " \t\n");
	word = strtok(NULL, " \t\n");
	prog->limit = word ? atol(word) : 0;
	while (n < MAX_WORDS - 1 && (word = strtok(NULL, " \t\n")))
		prog->words[n++] = word;
	prog->words[n] = NULL;
	if (!n || prog->limit <= 0) {
		fprintf(stderr, "plan: bad line for %s\n", prog->name);
		exit(2);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct program prog;
	char text[4096];
	FILE *f;

	if (argc != 2 || fcntl(RESULT_FD, F_GETFD) < 0) {
		fprintf(stderr, "usage: plan FILE 3>RESULT\n");
		return 2;
	}
	fcntl(RESULT_FD, F_SETFD, FD_CLOEXEC);
	f = fopen(argv[1], "re");
	if (!f) {
		perror(argv[1]);
		return 2;
	}
	if (getppid() == 1)
		kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	while (fgets(text, sizeof(text), f))
		if (!parse(text, &prog))
			run_program(&prog);
	fclose(f);
	report("plan end");
	return 0;
}
