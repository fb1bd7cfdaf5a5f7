/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conformance: random two-stage tables, random accesses; what the library's walker says must
 * happen, and what the hart then does. They must agree in the value, in every bit of the trap's
 * record, and in every word of the tables afterwards.
 */
#include "deviations.h"
#include "memory.h"

#define CASES_A_SET 64
#ifndef MISMATCHES_MAX
#define MISMATCHES_MAX 8
#endif
#define CASES_VARIED   50000
#define DEVIATIONS_MAX 32
#define PSEUDO(htinst) ((htinst) == 0x3000 || (htinst) == 0x3020)

/* What to do: somebody may have written it to CONFIG_BASE. */
struct config {
    uint64_t magic;
    uint64_t seed;
    uint64_t first; /* case */
    uint64_t count;
    uint64_t qemu_version; /* 0x0a000d is 10.0.13; 0: another machine */
};

#define CONFIG_MAGIC UINT64_C(0x6d726f666e6f6376) /* "vconform" */

static struct run {
    struct config config;
    struct abilities abilities;
    struct tables tables;
    uint64_t set;        /* that the tables are of, plus 1 */
    bool set_is_strayed; /* after a deviation nobody knows what the hart wrote */
    uint64_t accesses;
    uint64_t mismatches;
    uint64_t known;
    uint64_t through;
    uint64_t by_guest;
    uint64_t by_cause[24];
    uint64_t implicit;
    uint64_t by_deviation[DEVIATIONS_MAX];
    uint64_t first_of_deviation[DEVIATIONS_MAX]; /* case */
} run;

int main(void);

static void print_outcome(const char *who, const struct outcome *outcome)
{
    printf("    %s: ", who);
    if (outcome->trapped)
        printf("scause %lu, stval 0x%lx, htval 0x%lx, htinst 0x%lx, GVA %u, sepc 0x%lx\n",
               outcome->scause, outcome->stval, outcome->htval, outcome->htinst,
               (unsigned)outcome->gva, outcome->sepc);
    else
        printf("done, value 0x%lx\n", outcome->value);
}

static void print_csrs(const struct trial *trial)
{
    printf("    vsatp 0x%lx, hgatp 0x%lx, satp 0x%lx, vsstatus 0x%lx, sstatus 0x%lx, "
           "henvcfg 0x%lx, menvcfg 0x%lx\n",
           trial->vsatp, run.tables.hgatp, run.tables.satp, trial->vsstatus, trial->sstatus,
           trial->henvcfg, trial->menvcfg);
}

static void print_memory(void)
{
    for (uint64_t hpa = memory_next_difference(0); hpa; hpa = memory_next_difference(hpa))
        printf("    the word at 0x%lx: hart 0x%lx, walker 0x%lx\n", hpa, memory_real(hpa),
               memory_shadow(hpa));
}

static void report(const char *what, uint64_t number, const struct verdict *verdict)
{
    const struct trial *trial = verdict->trial;
    const struct expectation *expected = verdict->expected;

    printf("%s: seed %lu, case %lu: %s at 0x%lx by %s\n", what, run.config.seed, number,
           trial->instruction->name, trial->gva,
           trial->privilege == HVRV_WALK_VS ? "VS-mode" : "VU-mode");
    print_csrs(trial);
    if (expected->walk.faulted) {
        char text[400];
        hvrv_fault_explain(&expected->walk.fault, text, sizeof(text));
        printf("    %s%s\n", expected->is_of_code ? "the guest's code: " : "", text);
    } else {
        printf("    walker: GPA 0x%lx, HPA 0x%lx\n", expected->walk.page.gpa.v,
               expected->walk.page.hpa.v);
    }
    print_outcome("walker", &expected->outcome);
    print_outcome("  hart", verdict->actual);
    print_memory();
    memory_restart();
    printf("    the tables as the walk sees them, now:\n");
    trial_print_path(trial);
    printf("    replay: ./run conformance --seed %lu --case %lu", run.config.seed, number);
    if (run.abilities.machine.version)
        printf(" --machine qemu%u", run.abilities.machine.version >> 16);
    printf("\n");
}

/* htinst of an explicit access may be 0 or the instruction; of an implicit one it is fixed. */
static bool is_htinst_right(const struct trial *trial, const struct expectation *expected,
                            const struct outcome *actual)
{
    if (PSEUDO(expected->outcome.htinst))
        return actual->htinst == expected->outcome.htinst;
    if (actual->htinst == 0)
        return true;
    return !expected->is_of_code && actual->trapped &&
           actual->htinst == trial->instruction->transformed;
}

static bool is_right(const struct verdict *verdict)
{
    const struct outcome *expected = &verdict->expected->outcome, *actual = verdict->actual;

    return actual->trapped == expected->trapped && actual->value == expected->value &&
           actual->scause == expected->scause && actual->stval == expected->stval &&
           actual->htval == expected->htval && actual->gva == expected->gva &&
           actual->sepc == expected->sepc && verdict->is_htinst_right && verdict->is_memory_same;
}

static void count(const struct verdict *verdict)
{
    const struct outcome *expected = &verdict->expected->outcome;

    run.accesses++;
    run.by_guest += verdict->trial->instruction->by_guest;
    run.through += !expected->trapped;
    run.implicit += PSEUDO(expected->htinst);
    if (expected->trapped)
        run.by_cause[expected->scause]++;
}

/* True if all is as it must be. */
static bool judge(uint64_t number, const struct verdict *verdict)
{
    count(verdict);
    if (is_right(verdict))
        return true;
    unsigned row = deviation_find(&run.abilities.machine, verdict);
    if (row == deviation_count) {
        run.mismatches++;
        report("mismatch", number, verdict);
        return false;
    }
    run.known++;
    if (run.by_deviation[row]++ == 0)
        run.first_of_deviation[row] = number;
    if (run.config.count == 1)
        report("deviation", number, verdict);
    return false;
}

static void begin_set(uint64_t number)
{
    run.set = number / CASES_A_SET + 1;
    run.set_is_strayed = false;
    tables_build(&run.tables, &run.abilities, run.config.seed, run.set);
}

/* No word but those that the cases knew of has changed. */
static void end_set(uint64_t number)
{
    run.set = 0;
    if (memory_is_same())
        return;
    if (!run.set_is_strayed) {
        printf("mismatch: seed %lu, set of case %lu: a word that no access was to change\n",
               run.config.seed, number);
        run.mismatches++;
    }
    memory_repair();
}

/* Draws until there is one that does this program no harm; the first does but once in a million. */
static void draw_case(uint64_t number, struct trial *trial, struct expectation *expectation)
{
    struct random random = random_at(run.config.seed, number);

    for (;;) {
        trial_draw(trial, &run.tables, &run.abilities, random);
        if (trial_expect(trial, expectation))
            return;
        memory_rewind();
        random.state = random_draw(&random);
    }
}

static void do_case(uint64_t number)
{
    struct trial trial;
    struct expectation expectation;
    struct outcome actual;

    if (run.set != number / CASES_A_SET + 1)
        begin_set(number);
    draw_case(number, &trial, &expectation);
    perform(&trial, &actual);
    struct verdict verdict = {&trial, &expectation, &actual,
                              is_htinst_right(&trial, &expectation, &actual),
                              memory_next_difference(0) == 0};
    bool is_good = judge(number, &verdict);
    memory_rewind();
    if (!is_good) {
        run.set_is_strayed = true;
        /* A store that should not have been went who knows where. */
        if (trial.instruction->access == HVRV_ACCESS_STORE)
            memory_repair();
    }
    if (number % CASES_A_SET == CASES_A_SET - 1)
        end_set(number);
}

static void summarise(void)
{
    printf("conformance: seed %lu: %lu went through; ", run.config.seed, run.through);
    for (unsigned cause = 0; cause < 24; cause++) {
        if (run.by_cause[cause])
            printf("cause %u: %lu; ", cause, run.by_cause[cause]);
    }
    printf("of implicit accesses: %lu; by a guest: %lu; mode pairs: %u\n", run.implicit,
           run.by_guest, tables_pairs(&run.abilities));
    for (unsigned i = 0; i < deviation_count; i++) {
        if (run.by_deviation[i])
            printf("deviation: %lu times, first in case %lu: %s (%s)\n", run.by_deviation[i],
                   run.first_of_deviation[i], deviations[i].what, deviations[i].rule);
    }
    printf("conformance: ");
    machine_print_name(&run.abilities.machine);
    printf(": %lu accesses, %lu mismatches, %lu known deviations\n", run.accesses, run.mismatches,
           run.known);
}

/* A long run that met only some of what there is would prove little. */
static bool is_varied(void)
{
    static const uint8_t causes[] = {1, 5, 7, 12, 13, 15, 20, 21, 23};
    bool is_varied = run.through > run.accesses / 5 && run.by_guest > run.accesses / 5 &&
                     run.implicit > run.accesses / 20;

    for (unsigned i = 0; i < sizeof(causes); i++)
        is_varied = is_varied && run.by_cause[causes[i]] > run.accesses / 500;
    return is_varied || run.config.count < CASES_VARIED;
}

int main(void)
{
    run.config = *(const volatile struct config *)(uintptr_t)CONFIG_BASE;
    if (run.config.magic != CONFIG_MAGIC)
        run.config = (struct config){.seed = 1, .count = 100000};
    memory_init();
    abilities_find(&run.abilities, run.config.qemu_version);
    abilities_print(&run.abilities);
    uint64_t end = run.config.first + run.config.count;
    for (uint64_t n = run.config.first; n < end && run.mismatches < MISMATCHES_MAX; n++)
        do_case(n);
    end_set(end);
    summarise();
    if (!is_varied()) {
        printf("conformance: too much of one kind\n");
        return 1;
    }
    return run.mismatches != 0;
}
