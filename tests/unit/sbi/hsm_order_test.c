/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every order in which harts start, stop and interrupt one hart (model/interleave.h): one that
 * starts it succeeds, its registers are that one's, and no IPI is lost that was sent to it since.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/sbi/server.h>
#include <hvrv/vhart/bind.h>

#define HARTS   4
#define TARGET  3
#define MEMORY  UINT64_C(0x80000000)
#define HSM     UINT64_C(0x48534d)
#define IPI     UINT64_C(0x735049)
#define VSSIP   UINT64_C(0x4)
#define SUCCESS 0
#define FAILED  (-1)
#define ALREADY (-6)

static struct hvrv_vm vm;
static struct hvrv_vhart vharts[HARTS];
static struct hvrv_sbi_hart harts[HARTS];
static struct hvrv_sbi sbi;
static struct hvrv_walk walk;
static struct hvrv_phys phys;
static uint64_t page[512] __attribute__((aligned(4096)));
static uint64_t starts; /* how often ops.start was called */
static uint64_t wins;   /* a bit each party whose hart_start succeeded */
static uint64_t kicks;

static void kick(void *context, uint32_t hart)
{
    (void)context;
    interleave_require(hart == TARGET, "somebody else is kicked");
    interleave_simple(&kicks, INTERLEAVE_OR, 1);
}

static void start(void *context, uint32_t hart)
{
    (void)context;
    interleave_require(hart == TARGET, "somebody else is started");
    interleave_require(interleave_simple(&starts, INTERLEAVE_ADD, 1) == 0, "started twice");
}

static const struct hvrv_sbi_ops ops = {kick, NULL, start, NULL, NULL, NULL, NULL};

static void begin(enum hvrv_sbi_state target)
{
    struct hvrv_phys_config memory = {
        .window = page, .window_base = {MEMORY}, .window_size = sizeof(page)};
    struct hvrv_sbi_config config = {.harts = harts, .hart_count = HARTS, .ops = &ops};
    struct hvrv_walk_regime bare = {0};

    interleave_begin();
    assert_int_equal(hvrv_phys_init(&phys, &memory), HVRV_OK);
    assert_int_equal(hvrv_walk_init(&walk, &bare, &phys), HVRV_OK);
    config.walk = &walk;
    for (unsigned i = 0; i < HARTS; i++) {
        assert_int_equal(hvrv_vhart_init(&vharts[i], &vm), HVRV_OK);
        harts[i] = (struct hvrv_sbi_hart){&vharts[i], i, NULL, 0};
    }
    assert_int_equal(hvrv_sbi_init(&sbi, &config), HVRV_OK);
    for (unsigned i = 0; i < HARTS; i++)
        harts[i].state = HVRV_SBI_STARTED;
    harts[TARGET].state = (uint32_t)target;
    starts = wins = kicks = 0;
    interleave_share(&harts[TARGET].state, sizeof(harts[TARGET].state));
    interleave_share(&vharts[TARGET].irq, sizeof(vharts[TARGET].irq));
    interleave_share(&starts, sizeof(starts));
    interleave_share(&wins, sizeof(wins));
    interleave_share(&kicks, sizeof(kicks));
}

static int64_t ask(unsigned self, const uint64_t *arguments, uint64_t extension)
{
    uint64_t *gpr = vharts[self].gpr;
    enum hvrv_sbi_action action;

    memcpy(&gpr[10], arguments, 3 * sizeof(*arguments));
    gpr[16] = 0;
    gpr[17] = extension;
    interleave_require(hvrv_sbi_serve(&sbi, self, &action) == HVRV_OK, "not served");
    return (int64_t)gpr[10];
}

/* hart_start, with an address and an opaque value of the party's own. */
static int64_t start_target(unsigned self)
{
    const uint64_t arguments[] = {TARGET, MEMORY + 0x100 * (self + 1), 1000 + self};
    int64_t error = ask(self, arguments, HSM);

    if (error == SUCCESS)
        interleave_simple(&wins, INTERLEAVE_OR, UINT64_C(1) << self);
    return error;
}

static unsigned starter(unsigned self, unsigned stage)
{
    int64_t error = start_target(self);

    (void)stage;
    interleave_require(error == SUCCESS || error == ALREADY, "another answer");
    return INTERLEAVE_END;
}

/* While the target stops, starting it may also fail. */
static unsigned patient_starter(unsigned self, unsigned stage)
{
    int64_t error = start_target(self);

    (void)stage;
    interleave_require(error == SUCCESS || error == ALREADY || error == FAILED, "another answer");
    return INTERLEAVE_END;
}

/* Sends an IPI to the one that it started. */
static unsigned starter_and_sender(unsigned self, unsigned stage)
{
    const uint64_t mask[] = {UINT64_C(1) << TARGET, 0, 0};

    if (stage == 0)
        return start_target(self) == SUCCESS ? 1 : INTERLEAVE_END;
    interleave_require(ask(self, mask, IPI) == SUCCESS, "not sent");
    return INTERLEAVE_END;
}

static unsigned sender(unsigned self, unsigned stage)
{
    const uint64_t mask[] = {UINT64_C(1) << TARGET, 0, 0};

    (void)stage;
    interleave_require(ask(self, mask, IPI) == SUCCESS, "not sent");
    return INTERLEAVE_END;
}

/* The hypervisor's hart that has just put the target. */
static unsigned rester(unsigned self, unsigned stage)
{
    (void)self, (void)stage;
    interleave_require(hvrv_sbi_rest(&sbi, TARGET) == HVRV_OK, "cannot rest");
    return INTERLEAVE_END;
}

static void is_one_partys(void)
{
    unsigned self = wins == 1 ? 0 : wins == 2 ? 1 : 2;

    interleave_require(wins == 1 || wins == 2 || wins == 4, "not one has succeeded");
    interleave_require(starts == 1, "not started once");
    interleave_require(harts[TARGET].state == HVRV_SBI_START_PENDING, "in another state");
    interleave_require(vharts[TARGET].sepc == MEMORY + 0x100 * (self + 1), "another's address");
    interleave_require(vharts[TARGET].gpr[11] == 1000 + self, "another's value");
}

static void of_harts_that_start_one_hart_one_succeeds(void **state)
{
    (void)state;
    begin(HVRV_SBI_STOPPED);
    interleave_party(starter);
    interleave_party(starter);
    interleave_party(starter);
    assert_null(interleave_run(is_one_partys));
    assert_true(interleave_count() > 10);
}

static void is_one_partys_or_stopped(void)
{
    if (wins != 0)
        is_one_partys();
    else
        interleave_require(harts[TARGET].state == HVRV_SBI_STOPPED && starts == 0, "not stopped");
}

static void a_hart_that_stops_is_started_after_or_not_at_all(void **state)
{
    (void)state;
    begin(HVRV_SBI_STOP_PENDING);
    interleave_party(patient_starter);
    interleave_party(patient_starter);
    interleave_party(rester);
    assert_null(interleave_run(is_one_partys_or_stopped));
    assert_true(interleave_count() > 10);
}

static void has_its_ipi_if_it_was_started(void)
{
    if (wins == 1)
        interleave_require(kicks == 1 && (vharts[TARGET].irq & VSSIP) != 0, "an IPI is lost");
}

static void an_ipi_to_a_hart_that_was_started_is_never_lost(void **state)
{
    (void)state;
    begin(HVRV_SBI_STOP_PENDING);
    interleave_party(starter_and_sender);
    interleave_party(sender);
    interleave_party(rester);
    assert_null(interleave_run(has_its_ipi_if_it_was_started));
    begin(HVRV_SBI_STOPPED);
    interleave_party(starter_and_sender);
    interleave_party(starter);
    interleave_party(sender);
    assert_null(interleave_run(has_its_ipi_if_it_was_started));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_harts_that_start_one_hart_one_succeeds),
        cmocka_unit_test(a_hart_that_stops_is_started_after_or_not_at_all),
        cmocka_unit_test(an_ipi_to_a_hart_that_was_started_is_never_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
