/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a Linux guest does to show that it runs well. Each test knows its own
 * right answer; the first wrong one ends the program.
 *
 *     workload VHARTS [MINUTES]    all tests once, or again and again for so long
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS      UINT64_C(1000000) /* in nanoseconds */
#define MEMORY  (64 << 20)
#define THREADS 16     /* at most */
#define HOLD    200000 /* turns of a loop for which registers are held */
#define NUMBERS 4096

uint64_t hold_integers(uint64_t seed, uint64_t turns);
uint64_t hold_floats(uint64_t seed, uint64_t turns);
uint64_t hold_vectors(uint64_t seed, uint64_t turns);
uint64_t sum_vectors(const uint64_t *numbers, uint64_t count);

static long vharts;
static bool has_vector;
static uint64_t rounds;

static void fail(const char *test, const char *what, uint64_t value)
{
    printf("workload: FAILED: %s: %s (%#lx), round %lu\n", test, what, value, rounds);
    fflush(stdout);
    _exit(1);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 * MS + (uint64_t)time.tv_nsec;
}

static void pin(long vhart)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((unsigned)vhart, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        fail("pin", "sched_setaffinity", (uint64_t)vhart);
}

static uint64_t mix(uint64_t value)
{
    value = (value ^ value >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    return value ^ value >> 29;
}

/* /proc/cpuinfo lists every vHart, and says whether it has vectors. */
static void test_cpuinfo(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[1024];
    long found = 0;
    if (!file)
        fail("cpuinfo", "it cannot be read", 0);
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "processor", 9) == 0)
            found++;
        char *isa = strncmp(line, "isa", 3) == 0 ? strstr(line, "rv64") : NULL;
        if (isa) {
            isa[strcspn(isa, "_\n")] = 0;
            has_vector = strchr(isa + 4, 'v') != NULL;
        }
    }
    fclose(file);
    if (found != vharts || sysconf(_SC_NPROCESSORS_ONLN) != vharts)
        fail("cpuinfo", "another number of vHarts", (uint64_t)found);
}

/* A child gets numbers by one pipe and sends their sum by another, from another vHart. */
static void run_child(int from, int to, long vhart)
{
    uint64_t number, sum = 0;
    pin(vhart);
    while (read(from, &number, sizeof number) == sizeof number)
        sum += mix(number);
    if (write(to, &sum, sizeof sum) != sizeof sum)
        _exit(2);
    _exit((int)(sum & 0x7f));
}

static void test_pipe(void)
{
    for (long child = 0; child < 2 * vharts; child++) {
        int there[2], back[2], status;
        uint64_t sum = 0, answer;
        if (pipe(there) != 0 || pipe(back) != 0)
            fail("pipe", "there is none", 0);
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            close(there[1]);
            run_child(there[0], back[1], child % vharts);
        }
        close(there[0]);
        for (uint64_t number = 0; number < 500; number++) {
            sum += mix(number + rounds);
            number += rounds;
            if (write(there[1], &number, sizeof number) != sizeof number)
                fail("pipe", "write", number);
            number -= rounds;
        }
        close(there[1]);
        if (read(back[0], &answer, sizeof answer) != sizeof answer || answer != sum)
            fail("pipe", "a child's sum is wrong", answer);
        if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
            WEXITSTATUS(status) != (int)(sum & 0x7f))
            fail("pipe", "a child ended otherwise", (uint64_t)status);
        close(back[0]);
        close(back[1]);
    }
}

/* The series for pi, summed in a fixed order, has one right bit pattern. */
static double series(void)
{
    volatile double sum = 0;
    for (unsigned i = 0; i < 100000; i++)
        sum = sum + (i % 2 ? -4.0 : 4.0) / (2.0 * i + 1.0);
    return sum;
}

static void check_vectors(uint64_t seed)
{
    static _Thread_local uint64_t numbers[NUMBERS];
    uint64_t sum = 0;
    for (unsigned i = 0; i < NUMBERS; i++)
        sum += numbers[i] = mix(seed + i);
    if (sum_vectors(numbers, NUMBERS) != sum)
        fail("vector", "a sum is wrong", seed);
    if (hold_vectors(mix(seed), HOLD) != 0)
        fail("vector", "a register was lost", seed);
}

/* Two of these on each vHart, so that Linux switches between them, too. */
static void *hold(void *argument)
{
    uint64_t number = (uint64_t)argument, lost;
    static const double pi = 0x1.921f61616ca3ap+1; /* of 100000 terms */
    pin((long)number % vharts);
    for (unsigned i = 0; i < 8; i++) {
        uint64_t seed = mix(number * 1000 + i + rounds);
        if ((lost = hold_integers(seed, HOLD)) != 0)
            fail("registers", "an integer register was lost", lost);
        if ((lost = hold_floats(seed, HOLD)) != 0)
            fail("registers", "a floating-point register was lost", lost);
        if (has_vector)
            check_vectors(seed);
    }
    double sum = series();
    if (memcmp(&sum, &pi, sizeof sum) != 0) {
        uint64_t bits;
        memcpy(&bits, &sum, sizeof bits);
        fail("floating point", "a sum is wrong", bits);
    }
    return NULL;
}

static void run_threads(void *(*run)(void *), long count)
{
    pthread_t threads[THREADS];
    if (count > THREADS)
        count = THREADS;
    for (long i = 0; i < count; i++) {
        if (pthread_create(&threads[i], NULL, run, (void *)i) != 0)
            fail("threads", "there is none", (uint64_t)i);
    }
    for (long i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

/* A sleep ends after its time, and not long after it; the clock never goes back. */
static void *sleep_often(void *argument)
{
    pin((long)argument % vharts);
    for (unsigned i = 1; i <= 5; i++) {
        struct timespec time = {0, (long)(i * 3 * MS)};
        uint64_t start = now();
        nanosleep(&time, NULL);
        uint64_t taken = now() - start;
        if (taken < i * 3 * MS)
            fail("timer", "a sleep was too short", taken);
        if (taken > 10000 * MS)
            fail("timer", "a sleep was much too long", taken);
    }
    return NULL;
}

static volatile sig_atomic_t ticks;

static void tick(int number)
{
    (void)number;
    ticks++;
}

static void test_interval(void)
{
    struct itimerval every = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};
    uint64_t start = now(), spins = 0;
    ticks = 0;
    signal(SIGALRM, tick);
    setitimer(ITIMER_REAL, &every, NULL);
    while (ticks < 10 && now() - start < 30000 * MS)
        spins++;
    setitimer(ITIMER_REAL, &never, NULL);
    if (ticks < 10)
        fail("timer", "an interval timer rings too seldom", (uint64_t)ticks);
    if (now() - start < 99 * MS)
        fail("timer", "an interval timer rings too often", now() - start);
}

/* One clock for all: what one vHart saw, another that sees it later does not see before. */
static void test_clock(void)
{
    uint64_t last = now();
    for (long i = 0; i < 4 * vharts; i++) {
        pin(i % vharts);
        uint64_t time = now();
        if (time < last)
            fail("clock", "it went back", last - time);
        last = time;
    }
}

static void test_memory(void)
{
    uint64_t *memory =
        mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        fail("memory", "there is none", MEMORY);
    for (uint64_t i = 0; i < MEMORY / 8; i += 8)
        memory[i] = mix(i + rounds);
    for (uint64_t i = 0; i < MEMORY / 8; i += 8) {
        if (memory[i] != mix(i + rounds))
            fail("memory", "a word is wrong", i * 8);
    }
    munmap(memory, MEMORY);
}

/*
 * A page that all threads write, one at a time, while it changes from one piece
 * of memory to another: who still writes to the old one is found out.
 */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static uint64_t *volatile shared;
static uint64_t written;

static void *remap(void *argument)
{
    pin((long)argument % vharts);
    for (unsigned i = 0; i < 20; i++) {
        pthread_mutex_lock(&turn);
        if (*shared != written)
            fail("shootdown", "a page is not what it was", *shared);
        if (mmap((void *)shared, 4096, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != shared)
            fail("shootdown", "mmap", i);
        if (*shared != 0)
            fail("shootdown", "a new page is not empty", *shared);
        *shared = written = mix(written + i + 1);
        pthread_mutex_unlock(&turn);
        sched_yield();
    }
    return NULL;
}

static void test_shootdown(void)
{
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        fail("shootdown", "there is no page", 0);
    written = 0;
    run_threads(remap, 2 * vharts);
    munmap((void *)shared, 4096);
}

static void run_all(void)
{
    test_cpuinfo();
    test_pipe();
    run_threads(hold, 2 * vharts);
    run_threads(sleep_often, vharts);
    test_interval();
    test_clock();
    test_memory();
    test_shootdown();
    rounds++;
}

int main(int count, char **arguments)
{
    uint64_t start = now(), minutes = count > 2 ? strtoul(arguments[2], NULL, 10) : 0;
    vharts = count > 1 ? strtol(arguments[1], NULL, 10) : 1;
    if (vharts < 1 || vharts > THREADS / 2)
        fail("main", "so many vHarts are not served", (uint64_t)vharts);
    do {
        run_all();
        printf("workload: round %lu, %lu s\n", rounds, (now() - start) / (1000 * MS));
        fflush(stdout);
    } while (now() - start < minutes * 60 * 1000 * MS);
    printf("workload: passed, %ld vHarts%s, %lu rounds\n", vharts, has_vector ? ", vectors" : "",
           rounds);
    return 0;
}
