/*
 * The floor under every TCP round trip: two processes over loopback that spin on recv(2) and send(2).
 *
 *   tcp_pingpong SIZE MILLIS [CPU-OF-NEAR-END CPU-OF-ECHO]
 *
 * Prints one line of name=value pairs: the round trips' count, percentiles and mean, and the elapsed time, in ns.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_SAMPLES = 8 << 20, WARM_UP_MILLIS = 50 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Returns 0 when the other end is gone. */
static int transfer(int fd, char *buf, size_t size, int sending)
{
	size_t done = 0;
	while (done < size) {
		ssize_t n = sending ? send(fd, buf + done, size - done, MSG_DONTWAIT | MSG_NOSIGNAL)
				    : recv(fd, buf + done, size - done, MSG_DONTWAIT);
		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			return 0;
	}
	return 1;
}

static void no_delay(int fd)
{
	int one = 1;
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0)
		fail("TCP_NODELAY");
}

static void run_on(const char *cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(strtoul(cpu, NULL, 10), &set);
	if (sched_setaffinity(0, sizeof set, &set) != 0)
		fail("sched_setaffinity");
}

static void echo(const struct sockaddr_in *address, char *buf, size_t size)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) != 0)
		fail("connect");
	no_delay(fd);
	while (transfer(fd, buf, size, 0) && transfer(fd, buf, size, 1))
		;
	_exit(0);
}

/* Runs for the time given; returns how many round trips it recorded. */
static size_t ping(int fd, char *buf, size_t size, int64_t millis, int64_t *samples, int64_t *elapsed)
{
	int64_t start = now(), last = start;
	size_t count = 0;
	while (count < MAX_SAMPLES && last - start < millis * 1000000) {
		if (!transfer(fd, buf, size, 1) || !transfer(fd, buf, size, 0)) {
			fprintf(stderr, "the echo is gone\n");
			exit(1);
		}
		int64_t t = now();
		samples[count++] = t - last;
		last = t;
	}
	*elapsed = last - start;
	return count;
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static long long rank(const int64_t *sorted, size_t count, double p)
{
	size_t i = (size_t)(p * (double)count);
	return (long long)sorted[i < count ? i : count - 1];
}

int main(int argc, char **argv)
{
	int pinned = argc == 5;
	size_t size = argc == 3 || pinned ? strtoul(argv[1], NULL, 10) : 0;
	int64_t millis = size ? strtol(argv[2], NULL, 10) : 0;
	if (size < 1 || millis < 1) {
		fprintf(stderr, "usage: tcp_pingpong SIZE MILLIS [CPU-OF-NEAR-END CPU-OF-ECHO]\n");
		return 2;
	}
	char *buf = calloc(1, size);
	int64_t *samples = malloc(MAX_SAMPLES * sizeof *samples), elapsed;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	if (!buf || !samples || listener < 0)
		fail("set-up");
	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &length) != 0)
		fail("listen");
	pid_t child = fork();
	if (child < 0)
		fail("fork");
	if (pinned)
		run_on(argv[child == 0 ? 4 : 3]);
	if (child == 0)
		echo(&address, buf, size);
	int fd = accept(listener, NULL, NULL);
	if (fd < 0)
		fail("accept");
	no_delay(fd);
	ping(fd, buf, size, WARM_UP_MILLIS, samples, &elapsed);
	size_t count = ping(fd, buf, size, millis, samples, &elapsed);
	close(fd);
	waitpid(child, NULL, 0);
	qsort(samples, count, sizeof *samples, ascending);
	printf("count=%zu min=%lld p50=%lld p90=%lld p99=%lld p999=%lld max=%lld mean=%.1f elapsed=%lld\n", count,
	       rank(samples, count, 0), rank(samples, count, 0.5), rank(samples, count, 0.9), rank(samples, count, 0.99),
	       rank(samples, count, 0.999), rank(samples, count, 1), (double)elapsed / (double)count,
	       (long long)elapsed);
	return 0;
}
