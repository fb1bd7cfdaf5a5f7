/* SPDX-License-Identifier: BSD-2-Clause */
/* The TSM-driver: loads both domains, and carries calls from one to the other. */
#include "firmware.h"

#include <hvrv/isa/csr_fields.h>
#include <string.h>

#define MSTATUS_MPP   HVRV_BITS(12, 11)
#define MSTATUS_S     HVRV_BIT(11)
#define MSTATUS_CLEAR (MSTATUS_MPP | HVRV_BIT(17) | HVRV_BIT(7) | HVRV_BIT(3) | HVRV_BIT(39))
#define MIE_MSIE      HVRV_BIT(3)
#define MIE_MTIE      HVRV_BIT(7)
#define MIP_SSIP      HVRV_BIT(1)
#define MIP_STIP      HVRV_BIT(5)
/*
 * Cache block instructions and Sstc, for which nothing more is to be kept apart. CBO.INVAL flushes:
 * a page that the TSM scrubbed would else be again what memory has behind the caches. Nor is there
 * Svpbmt, with which the host would read past them.
 */
#define CBIE_FLUSH HVRV_BIT(4)
#define MENVCFG    (CBIE_FLUSH | HVRV_MENVCFG_CBCFE | HVRV_MENVCFG_CBZE | HVRV_MENVCFG_STCE)
#define INTERRUPT  HVRV_BIT(63)

/* Everything but the calls to M-mode goes to HS-mode, where it is the TSM's or the host's. */
#define MEDELEG (UINT64_C(0xffffffff) & ~(HVRV_BIT(9) | HVRV_BIT(11) | HVRV_BIT(16)))
#define MIDELEG UINT64_C(0x222)

extern const char tsm_image[], tsm_image_end[], host_image[], host_image_end[];

struct firmware_hart harts[HARTS_MAX];
uint32_t hart_count;
static uint8_t stacks_of[HARTS_MAX][8192] __attribute__((aligned(16)));
static uint32_t is_loaded;

void main(uint64_t id);

static void enter(void *context, uint32_t domain)
{
    (void)context;
    protect_enter(domain);
}

/* An error of the library's, as the host's call answers it. */
static void refuse(struct firmware_hart *hart, enum hvrv_status status)
{
    struct hvrv_domain_context *context = hart->domain.current;

    context->x[10] = (uint64_t)(int64_t)(status == HVRV_ERR_STATE ? HVRV_SBI_ERR_ALREADY_STARTED
                                                                  : HVRV_SBI_ERR_NOT_SUPPORTED);
    context->x[11] = 0;
    context->pc += 4;
}

/* The TSM is ready on this hart: the host follows, at once or when it is asked for. */
static void go_on(struct firmware_hart *hart)
{
    hart->entry = (struct hvrv_domain_entry){HOST, hart->id, hart_count};
    if (hart->id != 0) {
        __atomic_store_n(&hart->state, HVRV_SBI_STOPPED, __ATOMIC_RELEASE);
        while (__atomic_load_n(&hart->state, __ATOMIC_ACQUIRE) != HVRV_SBI_START_PENDING)
            __asm__ volatile("wfi");
        clint_clear(hart->id);
    }
    __atomic_store_n(&hart->state, HVRV_SBI_STARTED, __ATOMIC_RELEASE);
    if (hvrv_domain_start(&hart->domain, 0, &hart->entry) != HVRV_OK)
        power_off(3);
}

/* A call of the TSM's. */
static void serve_tsm(struct firmware_hart *hart)
{
    struct hvrv_domain_context *context = hart->domain.current;
    uint64_t *x = context->x;

    switch (x[16]) {
    case HVRV_DOMAIN_TEERET:
        if (hvrv_domain_return(&hart->domain) != HVRV_OK)
            power_off(4);
        if (hart->domain.running == SDID)
            go_on(hart);
        return;
    case HVRV_DOMAIN_ISOLATE:
        x[10] = protect_isolate(x[10], x[11], x[12] != 0) ? HVRV_SBI_SUCCESS
                                                          : (uint64_t)(int64_t)HVRV_SBI_ERR_FAILED;
        break;
    case HVRV_DOMAIN_FENCE:
        /* The way back to the host writes this hart's entries, and fences. */
        x[10] = HVRV_SBI_SUCCESS;
        break;
    default:
        x[10] = (uint64_t)(int64_t)HVRV_SBI_ERR_NOT_SUPPORTED;
        break;
    }
    context->pc += 4;
}

/* A call of the host's to the confidential domain; the first is for a domain that it names. */
static bool is_for_tsm(const uint64_t *x)
{
    if (x[17] == HVRV_SBI_NACL)
        return true;
    return (x[17] == HVRV_COVE_COVH || x[17] == HVRV_COVE_COVI) &&
           hvrv_bits_get(x[16], HVRV_COVE_FID_SDID) == SDID;
}

/* Not inlined: handle() would save registers for it before it knows. */
__attribute__((noinline)) static void serve_ecall(struct firmware_hart *hart)
{
    const uint64_t *x = hart->domain.current->x;
    enum hvrv_status status;

    if (hart->domain.running == SDID && x[17] == HVRV_DOMAIN_EXTENSION) {
        serve_tsm(hart);
    } else if (hart->domain.running == 0 && is_for_tsm(x)) {
        status = hvrv_domain_call(&hart->domain, SDID);
        if (status != HVRV_OK)
            refuse(hart, status);
    } else if (hart->domain.running == 0 && x[17] == HVRV_DOMAIN_EXTENSION &&
               x[16] == (HVRV_DOMAIN_TEERESUME | (uint64_t)SDID << 26)) {
        status = hvrv_domain_resume(&hart->domain, SDID);
        if (status != HVRV_OK)
            refuse(hart, status);
    } else {
        sbi_serve(hart);
    }
}

/* A trap to M-mode, from either domain or from a guest of one. */
static void handle(struct hvrv_domain_hart *domain)
{
    struct firmware_hart *hart = (struct firmware_hart *)domain;
    uint64_t cause = hvrv_hart_read_mcause(&hart->port);

    if (cause == 9) {
        serve_ecall(hart);
        return;
    }
    switch (cause) {
    case INTERRUPT | 3:
        clint_clear(hart->id);
        if (__atomic_exchange_n(&hart->has_ipi, 0, __ATOMIC_ACQUIRE))
            hvrv_hart_set_mip(&hart->port, MIP_SSIP);
        break;
    case INTERRUPT | 7:
        hvrv_hart_clear_mie(&hart->port, MIE_MTIE);
        hvrv_hart_set_mip(&hart->port, MIP_STIP);
        break;
    default:
        console_print("firmware: a trap that it does not know\n");
        power_off(5);
    }
}

/* Whether the hart has a register: if it has not, the access traps to behind itself. */
#define EXISTS(name, number)                         \
    static bool has_##name(void)                     \
    {                                                \
        uint64_t is_there;                           \
        __asm__ volatile("la      t0, 1f\n"          \
                         "csrrw   t0, mtvec, t0\n"   \
                         "li      %0, 0\n"           \
                         "csrr    t1, " #number "\n" \
                         "li      %0, 1\n"           \
                         ".balign 4\n"               \
                         "1: csrw mtvec, t0\n"       \
                         : "=&r"(is_there)           \
                         :                           \
                         : "t0", "t1", "memory");    \
        return is_there;                             \
    }
EXISTS(menvcfg, 0x30a)
EXISTS(mstateen0, 0x30c)
EXISTS(vstimecmp, 0x24d)
EXISTS(scontext, 0x5a8)
EXISTS(hcontext, 0x6a8)
EXISTS(scountinhibit, 0x120)

/*
 * What the harts have: M-mode opens what the domains have for themselves, and with mstateen0 only
 * that. QEMU 7 has menvcfg.STCE even without Sstc, so it is the register that tells.
 */
static uint32_t open_extensions(struct firmware_hart *hart)
{
    uint32_t has = (has_scontext() ? HVRV_DOMAIN_HAS_SCONTEXT : 0) |
                   (has_hcontext() ? HVRV_DOMAIN_HAS_HCONTEXT : 0) |
                   (has_scountinhibit() ? HVRV_DOMAIN_HAS_SCOUNTINHIBIT : 0);

    if (has_mstateen0()) {
        hvrv_hart_write_mstateen0(&hart->port, HVRV_MSTATEEN0_SE0 | HVRV_MSTATEEN0_ENVCFG);
        has |= HVRV_DOMAIN_HAS_STATEEN;
    }
    if (!has_menvcfg())
        return has;
    hvrv_hart_write_menvcfg(&hart->port, MENVCFG);
    if (has_vstimecmp())
        has |= HVRV_DOMAIN_HAS_SSTC;
    return has | HVRV_DOMAIN_HAS_ENVCFG;
}

static void open_hart(struct firmware_hart *hart)
{
    struct hvrv_hart *port = &hart->port;

    hvrv_hart_write_mtvec(port, (uint64_t)hvrv_domain_vector);
    hvrv_hart_write_medeleg(port, MEDELEG);
    hvrv_hart_write_mideleg(port, MIDELEG);
    hvrv_hart_write_mcounteren(port, ~UINT64_C(0));
    hvrv_hart_write_mie(port, MIE_MSIE);
    hvrv_hart_clear_mstatus(port, MSTATUS_CLEAR);
    hvrv_hart_set_mstatus(port, MSTATUS_S);
}

static void load(void)
{
    hart_count = *(const volatile uint32_t *)CONFIG;
    if (hart_count == 0 || hart_count > HARTS_MAX)
        hart_count = 1;
    memcpy((void *)TSM, tsm_image, (size_t)(tsm_image_end - tsm_image));
    memcpy((void *)HOST, host_image, (size_t)(host_image_end - host_image));
    if (!protect_begin(&harts[0].port))
        power_off(7);
    __atomic_store_n(&is_loaded, 1, __ATOMIC_RELEASE);
}

void main(uint64_t id)
{
    struct firmware_hart *hart = &harts[id];
    struct hvrv_domain_config config = {
        .hart = &hart->port,
        .stack = stacks_of[id] + sizeof(stacks_of[id]),
        .handler = handle,
        .enter = enter,
    };
    struct hvrv_domain_entry entry = {TSM, id, 0};

    if (id == 0)
        load();
    while (!__atomic_load_n(&is_loaded, __ATOMIC_ACQUIRE))
        continue;
    __asm__ volatile("fence.i" ::: "memory");
    hart->id = (uint32_t)id;
    hart->state = HVRV_SBI_START_PENDING;
    entry.a1 = hart_count;
    config.has = open_extensions(hart);
    open_hart(hart); /* after the traps of the line before, which mstatus tells of */
    if (hvrv_domain_init(&hart->domain, &config) != HVRV_OK ||
        hvrv_domain_start(&hart->domain, SDID, &entry) != HVRV_OK)
        power_off(6);
    hvrv_domain_leave(&hart->domain);
}
