/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/context.h>

#include <stddef.h>

#include <hvrv/vhart/offsets.h>

#define ASSERT_OFFSET(field, offset)                               \
    _Static_assert(offsetof(struct hvrv_vhart, field) == (offset), \
                   "offsets.h and struct hvrv_vhart disagree about " #field)

#define ASSERT_FP_OFFSET(field, offset)                               \
    _Static_assert(offsetof(struct hvrv_vhart_fp, field) == (offset), \
                   "offsets.h and struct hvrv_vhart_fp disagree about " #field)

#define ASSERT_VECTOR_OFFSET(field, offset)                               \
    _Static_assert(offsetof(struct hvrv_vhart_vector, field) == (offset), \
                   "offsets.h and struct hvrv_vhart_vector disagree about " #field)

ASSERT_OFFSET(gpr[0], HVRV_VHART_GPR(0));
ASSERT_OFFSET(gpr[1], HVRV_VHART_GPR(1));
ASSERT_OFFSET(gpr[31], HVRV_VHART_GPR(31));
ASSERT_OFFSET(sepc, HVRV_VHART_SEPC);
ASSERT_OFFSET(sstatus, HVRV_VHART_SSTATUS);
ASSERT_OFFSET(hstatus, HVRV_VHART_HSTATUS);
ASSERT_OFFSET(host.s[0], HVRV_VHART_HOST_S(0));
ASSERT_OFFSET(host.s[11], HVRV_VHART_HOST_S(11));
ASSERT_OFFSET(host.ra, HVRV_VHART_HOST_RA);
ASSERT_OFFSET(host.sp, HVRV_VHART_HOST_SP);
ASSERT_OFFSET(host.gp, HVRV_VHART_HOST_GP);
ASSERT_OFFSET(host.tp, HVRV_VHART_HOST_TP);
ASSERT_OFFSET(host.sstatus, HVRV_VHART_HOST_SSTATUS);
ASSERT_OFFSET(host.stvec, HVRV_VHART_HOST_STVEC);
ASSERT_OFFSET(host.sscratch, HVRV_VHART_HOST_SSCRATCH);
ASSERT_OFFSET(host.vector, HVRV_VHART_HOST_VECTOR);
ASSERT_FP_OFFSET(f[0], HVRV_VHART_FP_F(0));
ASSERT_FP_OFFSET(f[31], HVRV_VHART_FP_F(31));
ASSERT_FP_OFFSET(fcsr, HVRV_VHART_FP_FCSR);
ASSERT_VECTOR_OFFSET(vstart, HVRV_VHART_VECTOR_VSTART);
ASSERT_VECTOR_OFFSET(vcsr, HVRV_VHART_VECTOR_VCSR);
ASSERT_VECTOR_OFFSET(vl, HVRV_VHART_VECTOR_VL);
ASSERT_VECTOR_OFFSET(vtype, HVRV_VHART_VECTOR_VTYPE);
ASSERT_VECTOR_OFFSET(registers, HVRV_VHART_VECTOR_REGISTERS);
_Static_assert(HVRV_VHART_CSR_HSTATUS == HVRV_CSR_HSTATUS, "offsets.h: hstatus");

#define FP_COUNT     32
#define VECTOR_COUNT 32
#define VLENB_MAX    8192 /* VLEN is at most 2^16 */
#define VTYPE_VILL   HVRV_BIT(63)
#define VS_INITIAL   1

static void reset_csrs(struct hvrv_vhart_csrs *csr)
{
#define RESET(name, value) csr->name = (value);
    HVRV_VHART_CSR_LIST(RESET)
#undef RESET
}

enum hvrv_status hvrv_vhart_init(struct hvrv_vhart *vhart, struct hvrv_vm *vm)
{
    if (!vhart || !vm)
        return HVRV_ERR_NULL;
    if ((uintptr_t)vhart % sizeof(uint64_t) != 0)
        return HVRV_ERR_ALIGN;
    *vhart = (struct hvrv_vhart){0};
    vhart->sstatus = HVRV_VHART_SSTATUS_DEFAULT;
    vhart->hstatus = HVRV_VHART_HSTATUS_DEFAULT;
    reset_csrs(&vhart->csr);
    vhart->vm = vm;
    vhart->last_hart = HVRV_VHART_NO_HART;
    vhart->timecmp = UINT64_MAX;
    return HVRV_OK;
}

static bool is_length(uint64_t vlenb)
{
    return vlenb != 0 && vlenb <= VLENB_MAX && (vlenb & (vlenb - 1)) == 0;
}

enum hvrv_status hvrv_vhart_set_vector(struct hvrv_vhart *vhart, void *memory, uint64_t size,
                                       const struct hvrv_probe *probe)
{
    if (!vhart || !memory || !probe)
        return HVRV_ERR_NULL;
    if (vhart->bind)
        return HVRV_ERR_STATE;
    if (!probe->vector || !is_length(probe->vlenb))
        return HVRV_ERR_UNSUPPORTED;
    if ((uintptr_t)memory % sizeof(uint64_t) != 0)
        return HVRV_ERR_ALIGN;
    uint64_t bytes = (uint64_t)VECTOR_COUNT * probe->vlenb;
    if (size < bytes)
        return HVRV_ERR_RANGE;
    for (uint64_t i = 0; i < bytes; i++)
        ((uint8_t *)memory)[i] = 0;
    vhart->vector =
        (struct hvrv_vhart_vector){.vtype = VTYPE_VILL, .vlenb = probe->vlenb, .registers = memory};
    vhart->sstatus = hvrv_bits_set(vhart->sstatus, HVRV_SSTATUS_VS, VS_INITIAL);
    return HVRV_OK;
}

#if defined(__riscv) && __riscv_xlen == 64

/* fp.S: a register of the hart. */
uint64_t hvrv_vhart_fp_get(unsigned number);
void hvrv_vhart_fp_set(unsigned number, uint64_t value);

static uint64_t get_f(const struct hvrv_vhart *vhart, unsigned number)
{
    (void)vhart;
    return hvrv_vhart_fp_get(number);
}

static void set_f(struct hvrv_vhart *vhart, unsigned number, uint64_t value)
{
    (void)vhart;
    hvrv_vhart_fp_set(number, value);
}

#else

/* A model of a hart has none: those of a loaded vHart stay in memory. */
static uint64_t get_f(const struct hvrv_vhart *vhart, unsigned number)
{
    return vhart->fp.f[number % FP_COUNT];
}

static void set_f(struct hvrv_vhart *vhart, unsigned number, uint64_t value)
{
    vhart->fp.f[number % FP_COUNT] = value;
}

#endif

/* With FS Off the hart has somebody else's registers. */
static bool is_fp_in_hart(const struct hvrv_vhart *vhart)
{
    return vhart->bind && (vhart->sstatus & HVRV_SSTATUS_FS);
}

uint64_t hvrv_vhart_read_f(const struct hvrv_vhart *vhart, unsigned number)
{
    return is_fp_in_hart(vhart) ? get_f(vhart, number) : vhart->fp.f[number % FP_COUNT];
}

void hvrv_vhart_write_f(struct hvrv_vhart *vhart, unsigned number, uint64_t value)
{
    if (is_fp_in_hart(vhart)) {
        set_f(vhart, number, value);
        vhart->sstatus |= HVRV_SSTATUS_FS; /* Dirty */
    } else {
        vhart->fp.f[number % FP_COUNT] = value;
    }
}

#if !defined(__riscv) || __riscv_xlen != 64

/*
 * enter.S, fp.S and vector.S for a model of a hart, which runs no guest and has no
 * registers but CSRs: nothing to capture, save, load or order.
 */
void hvrv_vhart_capture(struct hvrv_vhart *vhart)
{
    (void)vhart;
}

void hvrv_vhart_fp_save(struct hvrv_vhart_fp *fp)
{
    (void)fp;
}

void hvrv_vhart_fp_load(const struct hvrv_vhart_fp *fp)
{
    (void)fp;
}

void hvrv_vhart_fp_clear(void)
{
}

void hvrv_vhart_vector_save(struct hvrv_vhart_vector *vector)
{
    (void)vector;
}

void hvrv_vhart_vector_load(const struct hvrv_vhart_vector *vector)
{
    (void)vector;
}

void hvrv_vhart_vector_clear(void)
{
}

void hvrv_vhart_drop_reservation(void)
{
}

void hvrv_vhart_sync_fetch(void)
{
}

#endif
