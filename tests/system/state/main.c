/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests that share a hart, and fill its floating-point and vector registers: one whose registers
 * are stored when it changed them, one whose are always, and cleared; one that begins with both
 * turned off; and one that may use neither. Each finds its own, or none.
 */
#include <stdio.h>
#include <string.h>

#include <hvrv/hvrv.h>

#include "layout.h"
#include "machine.h"

#define ROUNDS    300
#define VLENB_MAX 1024
#define DIRTY     3
#define ILLEGAL   2
#define ECALL     10

enum { LAZY, EAGER, LATE, STRANGER, GUESTS };

void state_guest(void);
void state_stranger(void);
int main(void);

struct guest {
    struct hvrv_vhart vhart;
    _Alignas(16) uint8_t registers[32 * VLENB_MAX];
    uint64_t scratch[VLENB_MAX];
};

static struct world {
    struct hvrv_hart hart;
    struct hvrv_probe probe;
    struct hvrv_vm vm;
    struct hvrv_vm_slot slot;
    struct hvrv_bind bind;
    struct guest guest[GUESTS];
    bool redirects; /* illegal instructions of a guest come to HS-mode */
    bool has_fs;    /* sstatus.FS is there, with F or without */
    unsigned turns, enabled, refused, cleared, mismatches;
} w;

static void complain(const char *what, uint64_t a, uint64_t b)
{
    if (w.mismatches++ < 8)
        printf("mismatch: %s: %lx %lx\n", what, a, b);
}

static unsigned fs_of(uint64_t sstatus)
{
    return sstatus >> 13 & 3;
}

static unsigned vs_of(uint64_t sstatus)
{
    return sstatus >> 9 & 3;
}

/* No second-stage tables, so that a guest's program is where it is linked. */
static bool prepare_guest(unsigned number)
{
    struct guest *guest = &w.guest[number];
    struct hvrv_vhart *vhart = &guest->vhart;
    if (hvrv_vhart_init(vhart, &w.vm) != HVRV_OK)
        return false;
    if (w.probe.vector && number != STRANGER &&
        hvrv_vhart_set_vector(vhart, guest->registers, sizeof(guest->registers), &w.probe) !=
            HVRV_OK)
        return false;
    /* FS and VS Initial: the hypervisor's decide. QEMU 7 confuses an FS that the hart has not. */
    vhart->csr.vsstatus |= w.has_fs ? 0x2200 : 0x200;
    vhart->csr.hedeleg &= ~(uint64_t)HVRV_HEDELEG_ILLEGAL;
    vhart->policy = number == EAGER ? HVRV_VHART_EAGER : HVRV_VHART_LAZY;
    if (number >= LATE)
        vhart->sstatus &= ~(uint64_t)0x6600;
    if (number == STRANGER && !w.probe.fp)
        vhart->sstatus |= 0x2000; /* FS Initial, which a hart with F alone must not take */
    vhart->sepc = (uint64_t)(number == STRANGER ? state_stranger : state_guest);
    vhart->gpr[GPR_HAS] = (w.probe.fp ? HAS_FP : 0) | (w.probe.vector ? HAS_VECTOR : 0);
    vhart->gpr[GPR_SCRATCH] = (uint64_t)guest->scratch;
    vhart->gpr[GPR_STEP] = 0x9e3779b97f4a7c15 * (number + 1);
    return true;
}

/* What a guest may not use yet is turned on; what it may not at all, passed over. */
static void serve_illegal(struct hvrv_vhart *vhart)
{
    uint64_t sstatus = vhart->sstatus;
    bool is_stranger = vhart == &w.guest[STRANGER].vhart;
    if (!is_stranger && fs_of(sstatus) == 0 && hvrv_bind_enable_fp(&w.bind) == HVRV_OK) {
        w.enabled++;
    } else if (!is_stranger && vs_of(sstatus) == 0 && hvrv_bind_enable_vector(&w.bind) == HVRV_OK) {
        w.enabled++;
    } else {
        if (!is_stranger)
            complain("an illegal instruction", vhart->sepc, sstatus);
        w.refused++;
        vhart->sepc += 4;
    }
}

/* The guest that may use all, but not yet, does so for the first time. */
static void turn_on(void)
{
    if (w.probe.fp && hvrv_bind_enable_fp(&w.bind) != HVRV_OK)
        complain("fp cannot be turned on", 0, 0);
    if (w.probe.vector && hvrv_bind_enable_vector(&w.bind) != HVRV_OK)
        complain("V cannot be turned on", 0, 0);
    w.enabled++;
}

/* Until the guest calls. */
static void enter(struct hvrv_vhart *vhart)
{
    if (!w.redirects && vhart == &w.guest[LATE].vhart && !w.enabled)
        turn_on();
    uint64_t scause = hvrv_vhart_enter(vhart);
    while (scause == ILLEGAL && w.mismatches == 0) {
        serve_illegal(vhart);
        scause = hvrv_vhart_enter(vhart);
    }
    if (scause != ECALL)
        complain("an exit that nobody serves", scause, vhart->sepc);
    vhart->sepc += 4;
    if (vhart->gpr[GPR_CALL] == CALL_WRONG)
        complain("a register", vhart->gpr[GPR_FOUND], vhart->gpr[GPR_WANTED]);
}

/* Registers that were filled are told as Dirty, and what nobody touched is not. */
static void judge_status(const struct hvrv_vhart *vhart)
{
    uint64_t sstatus = vhart->sstatus, call = vhart->gpr[GPR_CALL];
    bool changed = call == CALL_CHANGED;
    if (vhart == &w.guest[STRANGER].vhart) {
        if (fs_of(sstatus) || vs_of(sstatus))
            complain("the stranger has something", sstatus, 0);
        return;
    }
    if (call != CALL_CHANGED && call != CALL_SAME)
        return;
    if (w.probe.fp && (fs_of(sstatus) == DIRTY) != changed)
        complain("FS", sstatus, changed);
    if (w.probe.vector && (vs_of(sstatus) == DIRTY) != changed)
        complain("VS", sstatus, changed);
}

/* After an eager put. */
static void judge_hart(void)
{
    static struct hvrv_vhart_fp fp;
    static uint64_t registers[32 * VLENB_MAX / 8];
    struct hvrv_vhart_vector vector = {.vlenb = w.probe.vlenb, .registers = registers};
    uint64_t bits = 0;
    if (w.probe.fp) {
        memset(&fp, 0xff, sizeof(fp));
        hvrv_vhart_fp_save(&fp);
        for (unsigned i = 0; i < 32; i++)
            bits |= fp.f[i];
        bits |= fp.fcsr;
    }
    if (w.probe.vector) {
        memset(registers, 0xff, sizeof(registers));
        hvrv_vhart_vector_save(&vector);
        for (unsigned i = 0; i < 32U * w.probe.vlenb / 8; i++)
            bits |= registers[i];
        bits |= vector.vl | vector.vstart | vector.vcsr;
    }
    if (bits)
        complain("something of a guest stays", bits, 0);
    w.cleared++;
}

static void take_turn(struct guest *guest)
{
    uint64_t sstatus = hvrv_hart_read_sstatus(&w.hart);
    enum hvrv_status status = hvrv_bind_load(&w.bind, &guest->vhart);
    if (status != HVRV_OK) {
        complain("load", (uint64_t)status, guest->vhart.sstatus);
        return;
    }
    enter(&guest->vhart);
    judge_status(&guest->vhart);
    if (hvrv_bind_put(&w.bind) != HVRV_OK)
        complain("put", 0, 0);
    if (guest->vhart.policy == HVRV_VHART_EAGER)
        judge_hart();
    if (hvrv_hart_read_sstatus(&w.hart) != sstatus)
        complain("the host's sstatus", hvrv_hart_read_sstatus(&w.hart), sstatus);
    w.turns++;
}

int main(void)
{
    uint64_t compared = 0;
    bool is_ready = hvrv_probe_hart(&w.probe, &w.hart) == HVRV_OK &&
                    hvrv_vm_init(&w.vm, 0, &w.slot, 1) == HVRV_OK &&
                    hvrv_bind_init(&w.bind, &w.hart, &w.probe, 0) == HVRV_OK;
    w.redirects = *(const volatile uint64_t *)HPA_NO_REDIRECT == 0;
    hvrv_hart_set_sstatus(&w.hart, 0x6000);
    w.has_fs = fs_of(hvrv_hart_read_sstatus(&w.hart)) != 0;
    hvrv_hart_clear_sstatus(&w.hart, 0x6600); /* whatever the firmware left there */
    for (unsigned i = 0; is_ready && i < GUESTS; i++)
        is_ready = prepare_guest(i);
    if (!is_ready) {
        printf("state: the hart or a guest could not be prepared\n");
        return 2;
    }
    /* An odd number of turns each, so that every call of one meets every call of another. */
    unsigned guests = w.redirects ? GUESTS : STRANGER;
    for (unsigned i = 0; i < 3 * ROUNDS && w.mismatches == 0; i++) {
        for (unsigned number = 0; number < guests && w.mismatches == 0; number++) {
            for (unsigned turns = 1 + (i + number) % 3; turns > 0; turns--)
                take_turn(&w.guest[number]);
        }
    }
    for (unsigned i = 0; i < GUESTS; i++)
        compared += w.guest[i].vhart.gpr[GPR_COUNT];
    printf("state: fp %u, vlenb %u, %u turns, %u cleared, %u turned on, %u refused\n", w.probe.fp,
           w.probe.vlenb, w.turns, w.cleared, w.enabled, w.refused);
    printf("state: %lu registers compared, %u mismatches\n", compared, w.mismatches);
    return w.mismatches != 0;
}
