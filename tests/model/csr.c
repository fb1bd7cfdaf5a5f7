/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a read and a write of the model hart's registers do. The masks come from HVRV_CSR_LIST;
 * everything else here is written from the manual with literals, so that a slip in the library's
 * fields does not repeat itself.
 */
#include "hart.h"

#define BIT(n) (UINT64_C(1) << (n))

/* Bits of hideleg, hip and hie at VS level, and LCOFI. */
#define VS_INTERRUPTS UINT64_C(0x444)
#define SGEI          UINT64_C(0x1000)
#define LCOFI         UINT64_C(0x2000)
#define S_INTERRUPTS  UINT64_C(0x2222)

#define STATUS_SIE BIT(1)
#define STATUS_SDT BIT(24)
#define STATUS_SD  BIT(63)
/* What sstatus shows of mstatus: all that it can change, UBE, XS, UXL and SD. */
#define SSTATUS_SHOWS UINT64_C(0x80000003018de762)

struct row {
    uint64_t mask;
    uint16_t number;
    uint8_t extension;
};

static const struct row rows[] = {
#define ROW(id, name, number, access, extension, mask) \
    {mask, number, HVRV_CSR_EXTENSION_##extension},
    HVRV_CSR_LIST(ROW)
#undef ROW
};

static const struct row *row_of(uint32_t number)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].number == number)
            return &rows[i];
    }
    return NULL;
}

static uint64_t list_mask(uint32_t number)
{
    const struct row *row = row_of(number);
    return row ? row->mask : 0;
}

static bool has(const struct model_hart *model, unsigned extension)
{
    return model->config.extensions >> extension & 1;
}

bool model_csr_is_listed(uint32_t number)
{
    return row_of(number) != NULL;
}

bool model_csr_exists(const struct model_hart *model, uint32_t number)
{
    const struct row *row = row_of(number);
    return row && has(model, row->extension);
}

/* Gates: bits that read zero while a register above has them zero ---------------------- */

static uint64_t henvcfg_mask(const struct model_hart *model)
{
    return list_mask(HVRV_CSR_HENVCFG) & model->config.envcfg &
           (model->csr[HVRV_CSR_MENVCFG] | ~UINT64_C(0xe800000000000008));
}

static uint64_t henvcfg(const struct model_hart *model)
{
    return model->csr[HVRV_CSR_HENVCFG] & henvcfg_mask(model);
}

static uint64_t hstateen_mask(const struct model_hart *model, unsigned index)
{
    uint64_t mask = list_mask(HVRV_CSR_HSTATEEN0 + index);
    if (has(model, HVRV_CSR_EXTENSION_SMSTATEEN))
        mask &= model->csr[HVRV_CSR_MSTATEEN0 + index];
    return mask;
}

static uint64_t hstateen(const struct model_hart *model, unsigned index)
{
    return model->csr[HVRV_CSR_HSTATEEN0 + index] & hstateen_mask(model, index);
}

static uint64_t sstateen0_mask(const struct model_hart *model)
{
    uint64_t mask = list_mask(HVRV_CSR_SSTATEEN0);
    if (has(model, HVRV_CSR_EXTENSION_SMSTATEEN))
        mask &= model->csr[HVRV_CSR_MSTATEEN0];
    return model->v ? mask & hstateen(model, 0) : mask;
}

static uint64_t senvcfg_mask(const struct model_hart *model)
{
    return list_mask(HVRV_CSR_SENVCFG) & model->config.envcfg &
           (model->csr[HVRV_CSR_MENVCFG] | ~BIT(3)) &
           (model->v ? henvcfg(model) | ~BIT(3) : ~UINT64_C(0));
}

/* Masks -------------------------------------------------------------------------------- */

static uint64_t low_bits(unsigned count)
{
    return BIT(count) - 1;
}

static uint64_t status_mask(const struct model_hart *model, uint64_t mask)
{
    if (!has(model, HVRV_CSR_EXTENSION_F))
        mask &= ~UINT64_C(0x6000);
    if (!has(model, HVRV_CSR_EXTENSION_V))
        mask &= ~UINT64_C(0x600);
    if (!(model->csr[HVRV_CSR_MENVCFG] & BIT(59)))
        mask &= ~STATUS_SDT;
    return mask;
}

/* The bits of a register that a write can change now; what gates have closed reads zero. */
static uint64_t mask_of(const struct model_hart *model, uint32_t number)
{
    uint64_t mask = list_mask(number);
    switch (number) {
    case HVRV_CSR_MSTATUS:
    case HVRV_CSR_SSTATUS:
        return status_mask(model, mask);
    case HVRV_CSR_VSSTATUS:
        return status_mask(model, mask) & (henvcfg(model) & BIT(59) ? ~UINT64_C(0) : ~STATUS_SDT);
    case HVRV_CSR_MENVCFG:
        return mask & model->config.envcfg;
    case HVRV_CSR_SENVCFG:
        return senvcfg_mask(model);
    case HVRV_CSR_HENVCFG:
        return henvcfg_mask(model);
    case HVRV_CSR_HGEIE:
        return low_bits(model->config.geilen) << 1;
    case HVRV_CSR_HIDELEG:
        return mask & (model->config.shlcofideleg ? ~UINT64_C(0) : ~LCOFI);
    case HVRV_CSR_SATP:
    case HVRV_CSR_VSATP:
        return mask & ~(UINT64_C(0xffff) << 44 & ~(low_bits(model->config.asidlen) << 44));
    case HVRV_CSR_HGATP:
        return mask & ~(UINT64_C(0x3fff) << 44 & ~(low_bits(model->config.vmidlen) << 44));
    case HVRV_CSR_SSTATEEN0:
        return sstateen0_mask(model);
    case HVRV_CSR_HSTATEEN0:
    case HVRV_CSR_HSTATEEN1:
    case HVRV_CSR_HSTATEEN2:
    case HVRV_CSR_HSTATEEN3:
        return hstateen_mask(model, number - HVRV_CSR_HSTATEEN0);
    default:
        return mask;
    }
}

/* Reading ------------------------------------------------------------------------------ */

static uint64_t with_sd(uint64_t status)
{
    bool dirty =
        (status & 0x6000) == 0x6000 || (status & 0x600) == 0x600 || (status & 0x18000) == 0x18000;
    return (status & ~STATUS_SD) | (dirty ? STATUS_SD : 0);
}

static uint64_t mideleg(const struct model_hart *model)
{
    if (!has(model, HVRV_CSR_EXTENSION_H))
        return model->csr[HVRV_CSR_MIDELEG];
    return model->csr[HVRV_CSR_MIDELEG] | VS_INTERRUPTS | (model->config.geilen ? SGEI : 0);
}

static uint64_t hip(const struct model_hart *model)
{
    uint64_t pending = model->csr[HVRV_CSR_HVIP] & VS_INTERRUPTS;
    uint64_t hgeip = model->csr[HVRV_CSR_HGEIP] & low_bits(model->config.geilen) << 1;
    uint64_t guest_time = model->csr[HVRV_CSR_TIME] + model->csr[HVRV_CSR_HTIMEDELTA];
    if (hgeip >> (model->csr[HVRV_CSR_HSTATUS] >> 12 & 63) & 1)
        pending |= BIT(10);
    if (hgeip & model->csr[HVRV_CSR_HGEIE])
        pending |= SGEI;
    if ((henvcfg(model) & BIT(63)) && guest_time >= model->csr[HVRV_CSR_VSTIMECMP])
        pending |= BIT(6);
    return pending;
}

static uint64_t mip(const struct model_hart *model)
{
    uint64_t pending = model->csr[HVRV_CSR_MIP];
    if (has(model, HVRV_CSR_EXTENSION_SSTC) && (model->csr[HVRV_CSR_MENVCFG] & BIT(63))) {
        pending &= ~BIT(5);
        if (model->csr[HVRV_CSR_TIME] >= model->csr[HVRV_CSR_STIMECMP])
            pending |= BIT(5);
    }
    return has(model, HVRV_CSR_EXTENSION_H) ? pending | hip(model) : pending;
}

/* The guest's view of interrupt bits: the delegated ones, moved to the S-level numbers. */
static uint64_t guest_view(const struct model_hart *model, uint64_t bits)
{
    uint64_t delegated = bits & model->csr[HVRV_CSR_HIDELEG];
    return (delegated & VS_INTERRUPTS) >> 1 | (delegated & LCOFI);
}

uint64_t model_csr_load(const struct model_hart *model, uint32_t number)
{
    const uint64_t *csr = model->csr;
    switch (number) {
    case HVRV_CSR_FFLAGS:
        return csr[HVRV_CSR_FCSR] & 0x1f;
    case HVRV_CSR_FRM:
        return csr[HVRV_CSR_FCSR] >> 5;
    case HVRV_CSR_VXSAT:
        return csr[HVRV_CSR_VCSR] & 1;
    case HVRV_CSR_VXRM:
        return csr[HVRV_CSR_VCSR] >> 1;
    case HVRV_CSR_CYCLE:
        return csr[HVRV_CSR_MCYCLE];
    case HVRV_CSR_INSTRET:
        return csr[HVRV_CSR_MINSTRET];
    case HVRV_CSR_TIME:
        return csr[HVRV_CSR_TIME] + (model->v ? csr[HVRV_CSR_HTIMEDELTA] : 0);
    case HVRV_CSR_SSTATUS:
        return with_sd(csr[HVRV_CSR_MSTATUS]) & SSTATUS_SHOWS;
    case HVRV_CSR_MSTATUS:
    case HVRV_CSR_VSSTATUS:
        return with_sd(csr[number]);
    case HVRV_CSR_SIE:
        return csr[HVRV_CSR_MIE] & mideleg(model) & S_INTERRUPTS;
    case HVRV_CSR_SIP:
        return mip(model) & mideleg(model) & S_INTERRUPTS;
    case HVRV_CSR_HIE:
        return csr[HVRV_CSR_MIE] & (VS_INTERRUPTS | SGEI);
    case HVRV_CSR_HIP:
        return hip(model);
    case HVRV_CSR_MIP:
        return mip(model);
    case HVRV_CSR_VSIE:
        return guest_view(model, csr[HVRV_CSR_MIE]);
    case HVRV_CSR_VSIP:
        return guest_view(model, mip(model));
    case HVRV_CSR_MIDELEG:
        return mideleg(model);
    case HVRV_CSR_SENVCFG:
    case HVRV_CSR_HENVCFG:
    case HVRV_CSR_SSTATEEN0:
    case HVRV_CSR_HSTATEEN0:
    case HVRV_CSR_HSTATEEN1:
    case HVRV_CSR_HSTATEEN2:
    case HVRV_CSR_HSTATEEN3:
        return csr[number] & mask_of(model, number);
    default:
        if (number >= HVRV_CSR_PMPADDR0 && number <= HVRV_CSR_PMPADDR63)
            return model_pmp_load_address(model, number);
        return csr[number];
    }
}

/* Writing ------------------------------------------------------------------------------ */

static uint64_t merge(uint64_t old, uint64_t value, uint64_t mask)
{
    return (old & ~mask) | (value & mask);
}

/* A field whose new value is reserved keeps its old one. */
static uint64_t keep(uint64_t old, uint64_t value, uint64_t field, uint64_t reserved)
{
    return (value & field) == reserved ? merge(value, old, field) : value;
}

static uint64_t keep_reserved(const struct model_hart *model, uint32_t number, uint64_t value)
{
    uint64_t old = model->csr[number];
    switch (number) {
    case HVRV_CSR_SENVCFG:
    case HVRV_CSR_HENVCFG:
    case HVRV_CSR_MENVCFG:
        value = keep(old, value, 0x30, 0x20);
        return keep(old, value, 0x300000000, 0x100000000);
    case HVRV_CSR_MSECCFG:
        if (!(old & 4) && model_pmp_any_locked(model))
            value &= ~UINT64_C(4); /* RLB, as long as nothing is locked */
        return keep(old, value, 0x300000000, 0x100000000) | (old & 3);
    case HVRV_CSR_MMPT:
        if (!(model->config.mmpt_modes >> (value >> 60) & 1))
            value = merge(value, old, UINT64_C(15) << 60);
        value &= ~(UINT64_C(63) << 52) | ((UINT64_C(1) << model->config.sdidlen) - 1) << 52;
        return value >> 60 == 3 ? value & ~UINT64_C(7) : value;
    case HVRV_CSR_HSTATUS:
        if ((value >> 12 & 63) > model->config.geilen)
            value = merge(value, old, 0x3f000);
        return keep(old, value, 0x3000000000000, 0x1000000000000);
    case HVRV_CSR_MSTATUS:
        value = keep(old, value, 0x1800, 0x1000);
        return value & STATUS_SDT ? value & ~STATUS_SIE : value;
    case HVRV_CSR_VSSTATUS:
        return value & STATUS_SDT ? value & ~STATUS_SIE : value;
    default:
        return value;
    }
}

static void store_masked(struct model_hart *model, uint32_t number, uint64_t value, uint64_t mask)
{
    uint64_t merged = merge(model->csr[number], value, mask);
    model->csr[number] = keep_reserved(model, number, merged);
}

/* satp, vsatp and hgatp: what an unsupported MODE does differs. */
static void store_atp(struct model_hart *model, uint32_t number, uint64_t value)
{
    uint64_t mode = value >> 60;
    uint16_t modes =
        number == HVRV_CSR_HGATP ? model->config.hgatp_modes : model->config.satp_modes;
    if (mode == 0 && value != 0)
        model_hart_complain(model, "MODE = Bare with other fields that are not zero", number);
    if (!(modes >> mode & 1)) {
        bool ignores = number == HVRV_CSR_SATP ||
                       (number == HVRV_CSR_VSATP && (model->v || model->config.vsatp_ignores));
        if (ignores)
            return;
        value = merge(value, model->csr[number], UINT64_C(15) << 60);
    }
    if (value >> 60 == 0)
        value = 0; /* Bare has no other fields */
    store_masked(model, number, value, mask_of(model, number));
}

/* Registers that are windows on others. False: the register is none. */
static bool store_window(struct model_hart *model, uint32_t number, uint64_t value)
{
    uint64_t hideleg = model->csr[HVRV_CSR_HIDELEG];
    switch (number) {
    case HVRV_CSR_FFLAGS:
        store_masked(model, HVRV_CSR_FCSR, value, 0x1f);
        return true;
    case HVRV_CSR_FRM:
        store_masked(model, HVRV_CSR_FCSR, value << 5, 0xe0);
        return true;
    case HVRV_CSR_VXSAT:
        store_masked(model, HVRV_CSR_VCSR, value, 1);
        return true;
    case HVRV_CSR_VXRM:
        store_masked(model, HVRV_CSR_VCSR, value << 1, 6);
        return true;
    case HVRV_CSR_SSTATUS:
        store_masked(model, HVRV_CSR_MSTATUS, value, mask_of(model, HVRV_CSR_SSTATUS));
        return true;
    case HVRV_CSR_SIE:
        store_masked(model, HVRV_CSR_MIE, value, mideleg(model) & S_INTERRUPTS);
        return true;
    case HVRV_CSR_HIE:
        store_masked(model, HVRV_CSR_MIE, value, VS_INTERRUPTS | SGEI);
        return true;
    case HVRV_CSR_VSIE:
        store_masked(model, HVRV_CSR_MIE, (value << 1 & VS_INTERRUPTS) | (value & LCOFI),
                     hideleg & (VS_INTERRUPTS | LCOFI));
        return true;
    case HVRV_CSR_SIP:
        store_masked(model, HVRV_CSR_MIP, value, mideleg(model) & (BIT(1) | LCOFI));
        return true;
    case HVRV_CSR_HIP:
        store_masked(model, HVRV_CSR_HVIP, value, BIT(2));
        return true;
    case HVRV_CSR_VSIP:
        store_masked(model, HVRV_CSR_HVIP, value << 1, hideleg & BIT(2));
        store_masked(model, HVRV_CSR_MIP, value, hideleg & LCOFI);
        return true;
    case HVRV_CSR_MIP:
        store_masked(model, HVRV_CSR_HVIP, value, BIT(2));
        store_masked(model, HVRV_CSR_MIP, value, S_INTERRUPTS);
        return true;
    default:
        return false;
    }
}

void model_csr_store(struct model_hart *model, uint32_t number, uint64_t value)
{
    if (store_window(model, number, value))
        return;
    if (number == HVRV_CSR_SATP || number == HVRV_CSR_VSATP || number == HVRV_CSR_HGATP)
        store_atp(model, number, value);
    else if (number >= HVRV_CSR_PMPCFG0 && number <= HVRV_CSR_PMPCFG14)
        model_pmp_store_config(model, number, value);
    else if (number >= HVRV_CSR_PMPADDR0 && number <= HVRV_CSR_PMPADDR63)
        model_pmp_store_address(model, number, value);
    else
        store_masked(model, number, value, mask_of(model, number));
}
